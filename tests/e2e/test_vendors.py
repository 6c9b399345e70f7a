"""The files of four vendors, from nginx to a real Kamailio."""
import os
import re
from collections import Counter

import pytest

from vendors import AGENTS, MAC, VENDORS


@pytest.fixture(params=VENDORS)
def vendor(request, phone, nginx):
    """One vendor, whose phone this one is; not yet started"""
    phone.settings.update(vendor=request.param, mac=MAC, url=nginx.url(),
                          confirm=30)
    phone.extra.append("module g722.so")
    return VENDORS[request.param]


def resync(phone, **expected):
    """A resync from the console, and the line that says how it ended"""
    since = len(phone.journal())
    assert phone.command("resync")[0]
    return phone.wait_journal(since, action="resync", **expected)


def offered(invite):
    """Codecs of an INVITE, in the order offered"""
    names = dict(re.findall(r"a=rtpmap:(\d+) ([\w-]+)/", invite.body))
    names.update({"0": "PCMU", "8": "PCMA", "9": "G722"})
    kinds = re.search(r"m=audio \d+ RTP/AVP ([\d ]+)", invite.body)
    return [names[kind] for kind in kinds.group(1).split()
            if names[kind] != "telephone-event"]


@pytest.mark.valgrind
def test_says(vendor, phone, kamailio, nginx, peer):
    """Accounts register with what the files say, and call so"""
    vendor.put(nginx, kamailio)
    phone.start()
    for user, (transport, expires, domain) in vendor.says.items():
        assert kamailio.wait_registered(user) == (
            transport, domain or kamailio.host, expires)
    end = phone.wait_journal(action="resync", result="ok")
    assert "2 accounts added" in end["detail"]
    # asked for in the vendor's own name, each file once
    agents = {r["agent"] for r in nginx.requests()}
    assert len(agents) == 1
    assert re.fullmatch(AGENTS[phone.settings["vendor"]], agents.pop())
    asked = Counter(r["uri"] for r in nginx.requests() if r["status"] == 200)
    assert asked == {f"/{name}": 1 for name in vendor.files}
    # a call, with the codecs in order
    kamailio.bind("dave", f"sip:dave@{peer.address}")
    assert phone.command("key", "number=dave&outgoing_uri=bob")[0]
    invite = peer.wait_request("INVITE")
    peer.reply(invite, 486, "Busy Here")
    phone.wait_event("CALL_CLOSED")
    assert "sip:bob@" in invite.get("from")
    if vendor.codecs:
        assert offered(invite) == vendor.codecs


def test_changes(vendor, phone, kamailio, nginx):
    """A removed line, an added one, a changed password, rubbish, a file that
    is gone, a server that is dead"""
    vendor.put(nginx, kamailio)
    phone.start()
    kamailio.wait_registered("bob")
    kamailio.wait_registered("carol")
    phone.wait_journal(action="resync", result="ok")

    vendor.put(nginx, kamailio, vendor.without_carol)
    assert "1 removed" in resync(phone, result="ok")["detail"]
    kamailio.wait_unregistered("carol")
    assert kamailio.registers("bob") == 1

    vendor.put(nginx, kamailio)
    mark = kamailio.process.mark()
    assert "1 account added" in resync(phone, result="ok")["detail"]
    kamailio.wait_registered("carol", mark)
    assert kamailio.registers("bob") == 1

    count = kamailio.registers("carol")
    kamailio.set_password("bob", "another-one")
    vendor.put(nginx, kamailio,
               lambda text: text.replace("bob-secret", "another-one"))
    mark = kamailio.process.mark()
    assert "1 changed" in resync(phone, result="ok")["detail"]
    kamailio.wait_registered("bob", mark)
    assert kamailio.registers("carol") == count

    # from here on nothing may change: all of it stands as it was
    count, before = kamailio.registers(), len(nginx.requests())
    resync(phone, result="unchanged")
    assert len(nginx.requests()) >= before + len(vendor.files)
    for broken in (vendor.cut_short,
                   lambda text: text.replace("bob-secret", "b\0b"),
                   lambda text: "<html><body>not here</body></html>"):
        vendor.put(nginx, kamailio, broken)
        assert resync(phone, result="failed")["detail"]
    os.unlink(nginx.path("root", vendor.main))
    resync(phone, result="failed")
    nginx.close()
    resync(phone, result="failed")
    assert kamailio.registers() == count
    told = phone.command("provnotify")[1]
    assert "bob@" in told and "carol@" in told


def provcheck(phone, url):
    """The report, which is in the log too"""
    mark = phone.process.mark()
    ok, answer = phone.command("provcheck", url)
    assert ok and "provcheck.txt" in answer
    phone.process.wait_log("provcheck: ", mark)
    with open(os.path.join(phone.state_dir, "provcheck.txt"),
              encoding="utf-8") as report:
        text = report.read()
    for line in text.splitlines()[:30]:
        phone.process.wait_log(re.escape(line), mark)
    return text


def test_provcheck(vendor, phone, kamailio, nginx):
    """provcheck of a URL: accounts, unknown keys, what would change; the
    running phone stays as it is"""
    vendor.put(nginx, kamailio)
    phone.settings["at_boot"] = "no"
    phone.start()
    text = provcheck(phone, nginx.url())
    assert text.startswith("provcheck: fine\n")
    assert re.search(r"add +bob@", text) and re.search(r"add +carol@", text)
    unknown = re.search(rf"(?m)^ +(\S+), line (\d+): \S*{vendor.unknown}",
                        text)
    name, number = unknown.group(1), int(unknown.group(2))
    line = vendor.text(name, kamailio).splitlines()[number - 1]
    assert vendor.unknown in line
    assert "secret" not in text + phone.process.log()
    assert kamailio.registers() == 0
    assert not os.path.exists(os.path.join(phone.state_dir, "current"))


def test_provcheck_tells_what_would_change(vendor, phone, kamailio, nginx):
    """Account by account and what of it, and all else that is taken over"""
    vendor.put(nginx, kamailio)
    phone.start()
    phone.wait_journal(action="resync", result="ok")
    text = provcheck(phone, nginx.url())
    assert "a resync would\n      change nothing\n" in text
    for line in vendor.policy:
        assert f"      {line}\n" in text

    vendor.put(nginx, kamailio, lambda text: vendor.without_carol(
        text.replace("bob-secret", "another-one")))
    text = provcheck(phone, nginx.url())
    assert re.search(r"change bob@\S+: password\n +remove carol@", text)

    if vendor.policy:
        vendor.put(nginx, kamailio, vendor.without_policy)
        text = provcheck(phone, nginx.url())
        assert "a resync would\n      change policy" in text


@pytest.mark.parametrize("vendor", VENDORS, indirect=True)
def test_any_dialect(vendor, phone, kamailio, nginx):
    """Whatever provnotify_vendor says: a file is known by its content"""
    vendor.put(nginx, kamailio)
    phone.settings.update(vendor="native", url=nginx.url(
        list(vendor.files)[0]))
    phone.start()
    kamailio.wait_registered("bob")
    kamailio.wait_registered("carol")


def test_yealink_without_a_boot_file(phone, kamailio, nginx):
    """The common file, then the MAC's own, which is optional"""
    files = VENDORS["yealink"]
    files.put(nginx, kamailio)
    os.unlink(nginx.path("root", f"{MAC}.boot"))
    phone.settings.update(vendor="yealink", mac=MAC, url=nginx.url())
    phone.start()
    kamailio.wait_registered("bob")
    assert [(r["uri"], r["status"]) for r in nginx.requests()] == [
        (f"/{MAC}.boot", 404), ("/y000000000000.boot", 404),
        ("/y000000000066.cfg", 200), (f"/{MAC}.cfg", 200)]


@pytest.mark.parametrize("name, other", [(MAC.upper(), MAC), (MAC, None)])
def test_audiocodes_names(phone, kamailio, nginx, name, other):
    """The first of two names that exists, and not both"""
    files = VENDORS["audiocodes"]
    text = files.text(files.main, kamailio)
    nginx.put(f"{name}.cfg", text)
    if other:
        nginx.put(f"{other}.cfg", files.without_carol(text))
    phone.settings.update(vendor="audiocodes", mac=MAC, url=nginx.url())
    phone.start()
    kamailio.wait_registered("carol")
    assert nginx.requests()[-1]["uri"] == f"/{name}.cfg"


@pytest.mark.parametrize("url", ["{mac}/{MAC}/{model}/{vendor}/",
                                 "$MAC/$mac/x/yealink/", "%MACD/%MACD/x/y/"])
def test_replacements(phone, nginx, url):
    """What stands for the phone in a URL, in each vendor's way"""
    phone.settings.update(vendor="yealink", mac=MAC, model="x",
                          url=nginx.url(url))
    phone.start()
    asked = nginx.wait_requests(1)[0]["uri"]
    wanted = {"{mac}": MAC, "{MAC}": MAC.upper(), "{model}": "x",
              "{vendor}": "yealink", "$MAC": MAC.upper(), "$mac": MAC,
              "%MACD": MAC.upper()}
    for word, value in wanted.items():
        url = url.replace(word, value)
    assert asked == f"/{url}{MAC}.boot"


def test_provcheck_of_a_misspelt_key(phone):
    """What was meant is said"""
    phone.start()
    phone.write("a.cfg", "#!version:1.0.0.1\naccount.1.enable = 1\n"
                "account.1.user_name = 201\naccount.1.pasword = x\n"
                "account.1.sip_server.1.address = pbx.example.net\n")
    text = provcheck(phone, phone.path("a.cfg"))
    assert ("      a.cfg, line 4: account.1.pasword: is account.#.password "
            "meant?\n") in text
