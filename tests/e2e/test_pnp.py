"""PnP: a phone out of the box asks the network who provisions it.

Here over loopback unicast; test_network.py has a network of its own, with
multicast.
"""
import json
import os

import pytest

import pnp
from sip import Message, token

MAC = "001565123456"


@pytest.fixture
def responder(net, closing):
    """A PnP server at a loopback address, which offers nothing yet"""
    host = net.host()
    server = pnp.Responder(pnp.listen(host), out=pnp.listen(host))
    closing.append(server)
    return server


@pytest.fixture
def fresh(phone, responder):
    """A phone without a URL and without an account, not yet started"""
    phone.settings.update(pnp="yes", pnp_address="{}:{}".format(
        *responder.sock.getsockname()), mac="00:15:65:12:34:56")
    return phone


@pytest.fixture
def offered(peer, nginx, responder):
    """The responder offers a folder that has bob's account"""
    nginx.put(f"{MAC}/accounts", pnp.account("bob", peer))
    responder.url = nginx.url("{mac}/")
    return responder


def is_set_up(phone, peer):
    """The phone has fetched, registered, and written it all down"""
    peer.wait_registered("bob")
    ended = phone.wait_journal(action="pnp", result="ok")
    assert ended["door"] == "pnp"
    assert MAC not in ended["detail"]
    answered = phone.wait_journal(id=ended["id"], status=200)
    assert answered["source"].startswith("udp:127.")
    assert "nhandled" not in phone.process.log()


@pytest.mark.parametrize("dialect", pnp.DIALECTS,
                         ids=lambda dialect: dialect.__name__)
def test_dialect(fresh, offered, peer, dialect):
    """From power-on to registered, however the server words its answer"""
    offered.dialect = dialect
    fresh.start()
    assert offered.wait_answer().status == 200
    is_set_up(fresh, peer)


WAYS = {
    "no answer but the NOTIFY": {"status": None},
    "NOTIFY first": {"notify_first": True},
    "202": {"status": 202},
    "no blank line": {"cut": True},
    "another server has none": {"status": 489},
}


@pytest.mark.parametrize("way", WAYS)
def test_answer_to_subscribe(fresh, offered, peer, way):
    """With or without a 2xx, before or after it, well made or not"""
    for name, value in WAYS[way].items():
        setattr(offered, name, value)
    fresh.start()
    assert offered.wait_answer().status == 200
    is_set_up(fresh, peer)


SUBSCRIBES = {
    "native": (f"sip:MAC%3A{MAC}@224.0.1.75", "device", "baresip"),
    "yealink": (f"sip:MAC%3A{MAC}@224.0.1.75", "device", "Yealink"),
    "gigaset": (f"sip:MAC%3A{MAC.upper()}@224.0.1.75", "device", "Gigaset"),
    "audiocodes": ("sip:224.0.1.75:5060", "application", ""),
}


@pytest.mark.parametrize("vendor", SUBSCRIBES)
def test_subscribe(fresh, responder, vendor):
    """Each vendor's way to ask, sent again with the same branch"""
    uri, kind, name = SUBSCRIBES[vendor]
    responder.status = None
    fresh.settings["vendor"] = vendor
    fresh.start()
    asked = responder.wait_asked(4)
    assert len({m.raw for m in responder.asked}) == 1
    assert asked.uri == uri
    assert asked.get("to") == f"<{uri}>"
    assert asked.get("event").startswith(
        f'ua-profile;profile-type="{kind}";')
    assert (f'vendor="{name}"' in asked.get("event")) == bool(name)
    assert asked.get("expires") == "0"
    assert asked.get("accept") == "application/url"
    assert asked.contact == f"sip:{fresh.host}:{fresh.port}"


@pytest.mark.valgrind
def test_next_start(fresh, offered, peer, nginx):
    """The URL is kept: the next start goes straight to it"""
    fresh.start()
    is_set_up(fresh, peer)
    told = fresh.command("provnotify")[1]
    assert "adopted" in told and "not searching" in told
    assert MAC not in told.split("provisioning:")[1]
    fresh.stop()
    offered.url = None
    asked, fetched = len(offered.asked), len(nginx.requests())
    fresh.start(prepare=False)
    fresh.wait_journal(door="boot", action="resync", result="unchanged")
    assert len(nginx.requests()) > fetched
    assert len(offered.asked) == asked


def test_file(fresh, offered, peer, nginx):
    """The URL of a file rather than of a folder"""
    offered.url = nginx.url("$MAC/accounts?mac={mac}&x=1")
    fresh.start()
    is_set_up(fresh, peer)
    assert nginx.requests()[-1]["uri"].endswith(f"accounts?mac={MAC}&x=1")


def test_check_sync_asks_the_found_server(fresh, offered, peer, nginx):
    """It is the phone's provisioning server from now on"""
    fresh.start()
    is_set_up(fresh, peer)
    nginx.put(f"{MAC}/accounts",
              pnp.account("bob", peer) + pnp.account("carol", peer))
    assert peer.notify(peer.contact("bob"), "check-sync").status == 200
    peer.wait_registered("carol")


# What a stranger can do: nothing


def refused(phone, responder, text, why):
    """Send a NOTIFY: 481, a line in the journal"""
    since, count = len(phone.journal()), len(responder.answers)
    responder.send(text, (phone.host, phone.port))
    assert responder.wait_answer(count + 1).status == 481
    found = phone.wait_journal(since, verdict="refused", status=481)
    assert why in found["why"]
    assert "secret" not in json.dumps(found)
    return found


@pytest.fixture
def stranger(fresh, responder, nginx):
    """A phone that searches, and the SUBSCRIBE that it sent"""
    nginx.put("secret", "never to be fetched")
    fresh.settings["quota"] = 1000
    fresh.start()
    yield responder.wait_asked()
    fresh.stop()
    assert not nginx.requests()


def test_foreign_call_id(stranger, fresh, responder, nginx):
    """No search of ours"""
    text = responder.notify(stranger, nginx.url("secret"))
    line = refused(fresh, responder, text.replace(
        stranger.get("call-id"), token()), "provnotify_pnp")
    assert line["door"] == "notify"


URLS = {
    "file": ("file:///etc/passwd", "scheme"),
    "scp": ("scp://host/secret", "scheme"),
    "no URL": ("secret", "scheme"),
    "two": ("http://a/secret http://b/secret", "not a URL"),
    "line": ("http://a/secret\r\nX: y", "not a URL"),
    "empty": ("", "not a URL"),
    "long": ("http://a/" + "secret" * 8000, "long"),
    "credentials": ("ftp://admin:secret@192.0.2.1/", "credentials"),
}


@pytest.mark.parametrize("name", URLS)
def test_bad_url(stranger, fresh, responder, name):
    """A URL that may not be used, though it is the answer to the search"""
    url, why = URLS[name]
    responder.url = url
    line = refused(fresh, responder, responder.notify(stranger), why)
    assert line["door"] == "pnp"


def test_second_answer(fresh, offered, peer, nginx):
    """The first that is taken ends the search; a refused one does not"""
    first, offered.url = offered.url, None
    fresh.start()
    asked = offered.wait_asked()
    refused(fresh, offered, offered.notify(asked, "file:///etc/passwd"),
            "scheme")
    taken = offered.notify(asked, first)
    for count in (2, 3):
        # Sent again it is answered again
        offered.send(taken, asked.source)
        assert offered.wait_answer(count).status == 200
    refused(fresh, offered, offered.notify(asked, nginx.url("secret")),
            "provnotify_pnp")
    is_set_up(fresh, peer)
    assert "/secret" not in [r["uri"] for r in nginx.requests()]


def test_not_pnp(stranger, fresh, responder):
    """The event with a profile as XML is somebody else's: left alone"""
    lines = len(fresh.journal())
    text = responder.notify(
        stranger, '<simservs xmlns="http://uri.etsi.org/ngn/"/>').replace(
            "application/url", "application/simservs+xml")
    responder.send(text, (fresh.host, fresh.port))
    assert responder.wait_answer().status == 481
    assert len(fresh.journal()) == lines


def test_answer_goes_to_the_vias_port(stranger, fresh, responder):
    """A Via that names the packet's source is believed, with its port"""
    host, port = responder.sock.getsockname()
    text = responder.notify(stranger, "file:///")
    via = f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{token()}"
    text = "\r\n".join(via if line.startswith("Via:") else line
                       for line in text.split("\r\n"))
    responder.send(text, (fresh.host, fresh.port))
    assert responder.wait_answer().to == responder.sock


# auto: a phone that is new, and a person who consents


@pytest.fixture
def new(fresh):
    """As it comes out of the box, not yet started"""
    del fresh.settings["pnp"]
    return fresh


def test_consent(new, offered, peer, nginx):
    """What is offered waits, and one remote_allow sets the phone up"""
    new.start()
    assert offered.wait_answer().status == 200
    asked = new.wait_journal(verdict="asked", status=200)
    prompt = new.process.wait_log("pnp .* offers .*remote_allow").group(0)
    assert nginx.host in prompt and "mac" not in prompt
    assert "waits for remote_allow" in new.command("provnotify")[1]
    assert not nginx.requests()
    assert "pnp" in new.command("remote_allow")[1]
    is_set_up(new, peer)
    new.wait_journal(id=asked["id"], action="pnp", result="ok")
    # It was for this offer: nothing of it is kept
    consent = os.path.join(new.state_dir, "consent")
    if os.path.exists(consent):
        with open(consent, encoding="ascii") as lines:
            assert "pnp" not in lines.read()


def test_no_consent(new, offered, nginx):
    """A laptop in a cafe is nobody's phone"""
    new.start()
    new.wait_journal(verdict="asked")
    new.command("remote_deny")
    new.wait_journal(action="pnp", result="denied")
    new.stop()
    assert not nginx.requests()


def test_phone_with_an_account(new, offered, peer):
    """auto: a phone that somebody set up asks nobody"""
    new.accounts = [f"<sip:alice@{peer.address}>;regint=3600"]
    new.start()
    peer.wait_registered("alice")
    assert "pnp: not searching" in new.command("provnotify")[1]
    assert not offered.asked


@pytest.mark.parametrize("name, value", [("pnp", "no"), ("url", "nginx")])
def test_off(fresh, offered, nginx, name, value):
    """pnp no, or a URL in the config: no search at all"""
    fresh.settings[name] = nginx.url() if value == "nginx" else value
    fresh.start()
    assert "pnp: not searching" in fresh.command("provnotify")[1]
    assert not offered.asked
    asked = Message(b"SUBSCRIBE sip:a SIP/2.0\r\nFrom: <sip:a>;tag=1\r\n"
                    b"Call-ID: 1\r\nContact: <sip:a@b>\r\n\r\n")
    refused(fresh, offered, offered.notify(asked), "provnotify_pnp")


def yealink_account(user, peer):
    """One account in Yealink's format"""
    return "".join(f"account.1.{key} = {value}\n" for key, value in {
        "enable": 1, "user_name": user, "auth_name": user,
        "password": f"{user}-secret", "sip_server.1.address": peer.host,
        "sip_server.1.port": peer.port}.items())


@pytest.mark.parametrize("prefix", ["static.", ""])
def test_next_server(fresh, offered, peer, nginx, prefix):
    """What PnP found names the server of the house, with a login for it
    alone: it is asked from the proof on, and over a restart"""
    server = f"{prefix}auto_provision.server."
    nginx.put("first.cfg", "#!version:1.0.0.1\n" + yealink_account(
        "bob", peer) + f"{server}url = {nginx.url('auth/next.cfg')}\n"
        f"{server}username = {nginx.user}\n"
        f"{server}password = {nginx.password}\n")
    nginx.put("next.cfg", "#!version:1.0.0.1\n" + yealink_account(
        "carol", peer) + f"{server}username = {nginx.user}\n"
        f"{server}password = {nginx.password}\n")
    offered.url = nginx.url("first.cfg")
    fresh.start()
    is_set_up(fresh, peer)
    assert not [r for r in nginx.requests() if "next" in r["uri"]]
    fresh.command("resync")
    peer.wait_registered("carol")
    since = len(fresh.journal())
    fresh.command("resync")
    fresh.wait_journal(since, action="resync", result="unchanged")
    assert nginx.requests()[-1]["uri"] == "/auth/next.cfg"
    assert not [r for r in nginx.requests()
                if "first" in r["uri"] and r["auth"]]
    fresh.stop()
    fresh.start(prepare=False)
    fresh.wait_journal(door="boot", action="resync", result="unchanged")
    assert nginx.requests()[-1]["uri"] == "/auth/next.cfg"
    # provcheck has the login too, and reports on what runs already
    fresh.command("provcheck", nginx.url("auth/next.cfg"))
    fresh.process.wait_log("provcheck: fine")
    fresh.process.wait_log("change nothing")
    told = "\n".join([fresh.process.log(), json.dumps(fresh.journal()),
                      fresh.command("provnotify")[1]])
    assert nginx.password not in told


def test_no_password_of_ours(fresh, peer, nginx, offered):
    """provnotify_user is for provnotify_url, not for whom PnP finds"""
    nginx.put("accounts", pnp.account("bob", peer))
    offered.url = nginx.url("auth/accounts")
    fresh.settings.update(user=nginx.user, password=nginx.password)
    fresh.start()
    fresh.wait_journal(action="pnp", result="failed")
    assert [(r["status"], r["auth"]) for r in nginx.requests()] == [(401, "")]
