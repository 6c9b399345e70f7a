"""Action URIs over HTTP and HTTPS: real clients, and bad ones."""
import base64
import hashlib
import http.client
import json
import os
import re
import resource
import select
import socket
import ssl
import urllib.request

import pytest

from loopback import free_port
from process import until
from web import Link, certificate, curl
import process


@pytest.fixture
def listening(alice, net):
    """A phone with a port for HTTP that takes all from this host; not yet
    started"""
    alice.web = [(alice.host, free_port(alice.host)),
                 (alice.host, free_port(alice.host))]
    alice.friend, alice.other = net.host(), net.host()
    alice.settings.update(
        at_boot="no", quota=1000, remote_control="allow",
        http_listen="{}:{}".format(*alice.web[0]),
        http_from=f"{alice.host} {alice.friend} {alice.other}",
        key=["HELLO listcalls"])
    return alice


@pytest.fixture
def new_link(closing):
    """Makes connections"""
    def make(phone, source=None, tls=None):
        link = Link(phone, source or phone.friend, tls)
        closing.append(link)
        return link

    return make


@pytest.fixture
def web(listening, peer):
    """The phone, started and registered"""
    listening.start()
    peer.wait_registered("alice")
    return listening


@pytest.fixture
def link(web, new_link):
    """A connection to it"""
    return new_link(web)


def url(phone, target, scheme="http"):
    """URL of a target"""
    host, port = phone.web[scheme == "https"]
    return f"{scheme}://{host}:{port}{target}"


PATHS = ["/servlet", "/cgi-bin/ConfigManApp.com", "/cgi-bin/cgiServer.exx"]


@pytest.mark.valgrind
@pytest.mark.parametrize("path", PATHS)
def test_answers_a_call(web, peer, link, path):
    """Three forms of the URL"""
    call = peer.invite(peer.contact("alice"))
    call.wait_ringing()
    answer = link.ask(f"{path}?key=OK")
    assert answer.status == 200, answer
    assert call.wait_final().status == 200
    line = web.wait_journal(door="http", verdict="accepted")
    assert line["source"].startswith(f"http:{web.friend}:")
    assert line["key"] == "OK" and line["status"] == 200
    web.wait_journal(action="key", result="ok")
    assert link.ask(f"{path}?key=X").status == 200
    call.wait_bye()


@pytest.mark.parametrize("target, number", [
    ("/servlet?number=300&outgoing_uri=alice", "300"),
    ("/servlet?key=number=300", "300"),
    ("/cgi-bin/ConfigManApp.com?number=%2B49+30", "+49+30"),
    ("/cgi-bin/ConfigManApp.com?number=%252B4930", None),
    ("/cgi-bin/ConfigManApp.com?number=%2B4930", "+4930"),
    ("/servlet?number=+4930", "+4930"),
    ("/servlet?key=OFFHOOK;1;%23;POUND;2;OK", "1##2"),
    ("/cgi-bin/cgiServer.exx?p=login&q=login&username=a&pwd=b%26c&jumpto=URI"
     "&key=number=300", "300")])
def test_calls_a_number(peer, link, target, number):
    """number= with and without key=; percent-decoded once, + stays +"""
    answer = link.ask(target)
    assert answer.status == (200 if number else 400), answer
    if number:
        invite = peer.wait_request("INVITE")
        user = re.match(r"sip:([^@]*)@", invite.uri).group(1)
        assert user.replace("%23", "#").replace("%2B", "+") == number
        peer.reply(invite, 404, "Not Found", "there")
        peer.wait_request("ACK")


@pytest.mark.parametrize("query, has, lacks", [
    ("phonecfg=get", "Account1|DND=0", ""),
    ("phonecfg=get&accounts=1&dnd=1&fw=1", "Account1|DND=0", ""),
    ("phonecfg=get[&accounts=1]", "Account1", ""),
    ("phonecfg=get&accounts=0&dnd=1", "DND=0", "Account"),
    ("phonecfg=get[&accounts=1][&dnd=0][&fw=1]", "Account1|AlwaysFwd=0",
     "DND"),
    ("phonecfg=get&accounts%3D0", "DND=0|NoAnswFwd=0", "Account"),
    ("phonecfg=get&fw=0", "Account1|DND=0", "AlwaysFwd"),
    ("key=phonecfg=get&dnd=0", "Account1", "DND")])
def test_reads_out(link, query, has, lacks):
    """phonecfg=get: a line for each account, in seven fields"""
    answer = link.ask(f"/servlet?{query}")
    assert answer.status == 200
    assert answer.get("content-type").startswith("text/plain")
    lines = answer.text.splitlines()
    for start in has.split("|"):
        assert [line for line in lines if line.startswith(start)], lines
    assert not lacks or not [li for li in lines if li.startswith(lacks)]
    for line in lines:
        if line.startswith("Account"):
            fields = line.split("|")
            assert len(fields) == 7 and fields[2] == "alice"
            assert fields[5].startswith("alice@")
            assert fields[4] == "Enabled" and fields[6] == "Registered"


def test_reads_features_out(link):
    """What was switched on"""
    assert link.ask("/servlet?key=DNDOn;BusyFwdOn=300;NoAnswFwdOn=sip:400@"
                    "192.0.2.1=24").status == 200
    lines = link.ask("/servlet?phonecfg=get&accounts=0").text.splitlines()
    assert lines[2:] == [
        "DND=1", "AlwaysFwd=0", "AlwaysFwdTarget=", "BusyFwd=1",
        "BusyFwdTarget=300", "NoAnswFwd=1",
        "NoAnswFwdTarget=sip:400@192.0.2.1", "NoAnswFwdSeconds=24"]


@pytest.mark.parametrize("method, target, status", [
    ("GET", "/", 404), ("GET", "/servlet/", 404), ("GET", "/screencapture",
                                                    404),
    ("GET", "/cgi-bin/../servlet?key=UP", 404), ("GET", "/servlet", 400),
    ("GET", "/servlet?", 400), ("GET", "/servlet?command=screenshot", 400),
    ("GET", "/servlet?key=NOSUCHKEY", 400), ("GET", "/servlet?key=UP%", 400),
    ("GET", "/servlet?key=UP%0", 400), ("GET", "/servlet?key=%zz", 400),
    ("GET", "/servlet?phonecfg=set&account.1.label=x", 400),
    ("GET", "/servlet?p=login&q=login&username=a&pwd=b", 400),
    ("POST", "/servlet?key=UP", 405), ("HEAD", "/servlet?key=UP", 405),
    ("OPTIONS", "/servlet?key=UP", 405), ("PUT", "/servlet?key=UP", 405),
    ("DELETE", "/servlet?key=UP", 405), ("get", "/servlet?key=UP", 400),
    ("GET", "http://phone/servlet?key=UP", 400), ("GET", "*", 400),
    ("GET", "?key=UP", 400), ("GET", "/servlet?key=U P", 400),
    ("GET", "/servlet?key=\tUP", 400)])
def test_refused(web, link, method, target, status):
    """Each with its status, and nothing happens"""
    answer = link.ask(target, method=method)
    assert answer.status == status, answer
    assert len(answer.text) < 200
    if status == 405:
        assert answer.get("allow") == "GET"
    web.wait_journal(door="http", verdict="refused", status=status)
    assert not any("action" in line for line in web.journal())


def test_off_until_asked_for(alice, peer):
    """Without settings nobody listens"""
    alice.settings["at_boot"] = "no"
    alice.start()
    peer.wait_registered("alice")
    with open(f"/proc/{alice.pid}/net/tcp", encoding="utf-8") as table:
        inodes = [line.split()[9] for line in table
                  if line.split()[3] == "0A"]
    mine = [os.readlink(f"/proc/{alice.pid}/fd/{fd}")
            for fd in os.listdir(f"/proc/{alice.pid}/fd")]
    listening = [n for n in inodes if f"socket:[{n}]" in mine]
    assert len(listening) == 3      # SIP over TCP and TLS, and ctrl_tcp


@pytest.mark.parametrize("rule, status", [
    (None, 403), ("192.0.2.1", 403), ("10.10.*.*", 403), ("any", 200),
    ("{friend}", 200), ("{net}.0/24", 200), ("{net}.*", 200)])
def test_who_may(listening, peer, new_link, net, rule, status):
    """provnotify_http_from; empty is nobody"""
    del listening.settings["http_from"]
    if rule:
        listening.settings["http_from"] = rule.format(
            friend=listening.friend, net=net.net)
    listening.start()
    peer.wait_registered("alice")
    link = new_link(listening)
    if status == 403:
        # Before a byte of it is read
        answer = link.answer()
        assert answer.status == 403 and "Forbidden" in answer.text
        assert link.answer() is None
        line = listening.wait_journal(door="http", status=403)
        assert "provnotify_http_from" in line["why"]
    else:
        assert link.ask("/servlet?key=UP").status == 200


def test_names_in_the_list(listening, peer, new_link):
    """A host name, looked up by the worker"""
    port = free_port("0.0.0.0")
    listening.settings["http_from"] = "localhost"
    listening.settings["http_listen"] = port
    listening.web[0] = ("127.0.0.1", port)
    listening.start()
    peer.wait_registered("alice")

    def status():
        link = new_link(listening, "127.0.0.1")
        answer = link.ask("/servlet?key=UP")
        return answer and answer.status == 200

    until("200 for localhost", status)


def test_403_to_real_clients(listening):
    """Those read the answer although their request was not"""
    listening.settings["http_from"] = "192.0.2.1"
    listening.start()
    for _ in range(20):
        status, text = curl(url(listening, "/servlet?key=UP"))
        assert status == 403 and "Forbidden" in text
        client = http.client.HTTPConnection(*listening.web[0])
        client.request("GET", "/servlet?key=UP")
        assert client.getresponse().status == 403


def test_curl(web, peer):
    """curl, with HTTP/1.1 and 1.0"""
    for version in ("--http1.1", "--http1.0"):
        status, _ = curl(version, "--interface", web.friend,
                         url(web, "/servlet?key=UP"))
        assert status == 200
    assert peer.inbox == []


def test_keep_alive(web, link):
    """Many requests over one connection; 1.0 and close end it"""
    for _ in range(40):
        answer = link.ask("/servlet?key=UP")
        assert answer.status == 200
        assert answer.get("connection") == "keep-alive"
    assert link.ask("/servlet?key=UP", "Connection: close").get(
        "connection") == "close"
    assert link.answer() is None
    web.wait_journal(door="http", status=200)


def test_pipelining(web, new_link):
    """Requests one behind the other, in pieces that fit nothing"""
    link = new_link(web)
    text = "".join(f"GET /servlet?key={key} HTTP/1.1\r\nHost: {web.host}"
                   "\r\n\r\n" for key in ["UP", "NOSUCHKEY"] * 200)
    link.send(text[:1000])
    link.send(text[1000:])
    assert [link.answer().status for _ in range(400)] == [200, 400] * 200
    for char in text[:140]:
        link.send(char)
    assert link.answer().status == 200


def test_body_is_no_request(web, link):
    """What a page posts must not be read as the next request"""
    hidden = f"GET /servlet?key=DNDOn HTTP/1.1\r\nHost: {web.host}\r\n\r\n"
    for method, status in (("POST", 405), ("GET", 200)):
        link = Link(web, web.friend)
        link.send(f"{method} /servlet?key=UP HTTP/1.1\r\nHost: {web.host}\r\n"
                  f"Content-Length: {len(hidden)}\r\n\r\n{hidden}")
        assert link.answer().status == status
        assert link.answer() is None
        link.close()
    link = Link(web, web.friend)
    link.send(f"GET /servlet?key=UP HTTP/1.1\r\nHost: {web.host}\r\n"
              f"Transfer-Encoding: chunked\r\n\r\n{hidden}")
    assert link.answer().status == 200
    assert link.answer() is None
    link.close()
    assert not [li for li in web.journal() if li.get("key") == "DNDOn"]


@pytest.mark.parametrize("text, status", [
    ("GET /servlet?key=" + "A" * 9000, 414),
    ("A" * 9000, 414),
    ("GET /servlet?key=UP HTTP/1.1\r\nX: " + "A" * 9000, 414),
    ("GET /servlet?key=UP HTTP/1.1\r\n" + "X: y\r\n" * 2000, 414),
    ("GET /servlet?key=UP HTTP/1.1 " + "A" * 8000 + "\r\n\r\n", 400),
    ("A" * 8000 + "\r\n\r\n", 400), (" " * 8000 + "\r\n\r\n", 400),
    ("GET /servlet?" + "key=" * 2000 + " HTTP/1.1\r\n\r\n", 400),
    ("GET /servlet?" + "a" * 8000 + " HTTP/1.1\r\n\r\n", 400),
    ("GET /servlet?key=UP HTTP/1.1\r\n" + "a:\r\n" * 2000 + "\r\n", 200),
    ("GET /servlet?key=UP HTTP/1.1\r\n:\r\n\r\n", 400),
    ("GET /servlet?key=UP HTTP/9.1\r\n\r\n", 400),
    ("GET /servlet?key=UP\r\n\r\n", 400), ("\x16\x03\x01\x02\n\n", 400)])
def test_long_lines(web, new_link, text, status):
    """8 KiB for a request, and no line of them keeps the phone busy"""
    link = new_link(web)
    link.send(text)
    assert link.answer().status == status
    assert new_link(web).ask("/servlet?key=UP").status == 200


def test_slow_and_silent_clients(web, new_link):
    """They hold no place that others need"""
    slow = [new_link(web) for _ in range(32)]
    for number, link in enumerate(slow):
        if number % 2:
            link.send("GET /servlet?key=UP HTT")
    # The address that has all of them gets no more, others do
    answer = new_link(web).answer()
    assert answer.status == 503 and answer.reason == "Too Many Connections"
    others = [new_link(web, web.other) for _ in range(10)]
    for link in others:
        assert link.ask("/servlet?key=UP").status == 200
    # Those that were quiet for longest had to go
    assert slow[0].answer() is None
    slow[31].send("P/1.1\r\n\r\n")
    assert slow[31].answer().status == 200


def drip(link):
    """Send a request byte by byte, till the other side has had enough"""
    try:
        for char in "GET /servlet?key=UP HTTP/1.1\r\nX: " + "A" * 9000:
            link.send(char)
            if select.select([link.sock], [], [], 0.05)[0]:
                return
    except OSError:
        pass


def test_ten_seconds(web, new_link):
    """For a request to arrive, however it comes; then its connection is
    closed"""
    silent, slow, dripping, served = (new_link(web) for _ in range(4))
    slow.send("GET /serv")
    assert served.ask("/servlet?key=UP").status == 200
    drip(dripping)
    for link in (silent, slow, dripping, served):
        link.sock.settimeout(max(15, process.PATIENCE))
        assert link.answer() is None


def bound(phone):
    """What it may grow by in KiB; the sanitizer keeps freed memory a while"""
    return 8192 if phone.wrap != "asan" else 65536


def test_thousand_connections(web, new_link):
    """Of friends and of strangers: others are served, memory is bounded"""
    before = web.rss()
    for source in (web.friend, "127.0.0.9"):
        links = [new_link(web, source) for _ in range(1000)]
        for link in links[::7]:
            try:
                link.send("GET /servlet?key=UP HTTP/1.1\r\n" + "A" * 4000)
            except ConnectionError:
                pass
        assert new_link(web, web.other).ask("/servlet?key=UP").status == 200
        for link in links:
            link.close()
    assert len([line for line in web.journal()
                if line.get("verdict") == "refused"]) < 100
    assert web.rss() - before < bound(web)


def descriptors(phone):
    """How many it has open"""
    return len(os.listdir(f"/proc/{phone.pid}/fd"))


@pytest.fixture
def crowd(listening, net, peer):
    """A phone that lets a whole /24 ask, and two hundred addresses of it"""
    listening.settings["http_from"] = f"{net.net}.0/24"
    listening.addresses = [f"{net.net}.{n}" for n in range(50, 250)]
    return listening


def all_served(peer, link):
    """Others are served, over HTTP and SIP"""
    assert link.ask("/servlet?key=UP").status == 200
    link.close()
    assert peer.key(peer.contact("alice"), "key=UP").status == 200


def test_thousand_of_many_addresses(crowd, peer, new_link):
    """Each with few, silent or with half a request, all of them at once"""
    crowd.start()
    peer.wait_registered("alice")
    before, memory = descriptors(crowd), crowd.rss()
    links = []
    for number in range(1000):
        link = new_link(crowd, crowd.addresses[number % 200])
        links.append(link)
        if number % 3:
            try:
                link.send("GET /servlet?key=UP HTTP/1.1\r\nX: " + "A" * 8000)
            except ConnectionError:
                pass
        if number % 100 == 99:
            all_served(peer, new_link(crowd, crowd.other))
            assert descriptors(crowd) - before <= 2 * 32 + 2
    for link in links:
        link.close()
    until("all closed", lambda: descriptors(crowd) == before)
    assert crowd.rss() - memory < bound(crowd)


def test_tls_thousand(crowd, tls, peer, new_link):
    """Over TLS: silent ones, halves of handshakes, and what is none"""
    before, memory = descriptors(crowd), crowd.rss()
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    links = []
    for number in range(1000):
        link = socket.create_connection(
            crowd.web[1], process.PATIENCE,
            (crowd.addresses[number % 200], 0))
        links.append(link)
        try:
            link.sendall([b"", hello, b"GET / HTTP/1.1\r\n\r\n"][number % 3])
        except ConnectionError:
            pass
        if number % 200 == 199:
            all_served(peer, new_link(crowd, crowd.other, tls))
            assert descriptors(crowd) - before <= 2 * 32 + 2
    for link in links:
        link.close()
    until("all closed", lambda: descriptors(crowd) == before)
    assert crowd.rss() - memory < bound(crowd)


def test_eight_kibibytes(web, new_link):
    """To the byte, alone and in a row"""
    head = "GET /servlet?key=UP HTTP/1.1\r\nX: "
    whole = head + "A" * (8192 - len(head) - 4) + "\r\n\r\n"
    link = new_link(web)
    for _ in range(3):
        link.send(whole * 20)
        assert [link.answer().status for _ in range(20)] == [200] * 20
    link.send(whole[:-4] + "A\r\n\r\n")
    assert link.answer().status == 414
    assert link.answer() is None


def test_answers_that_nobody_reads(web, new_link):
    """They are not kept without end"""
    link = new_link(web)
    before = web.rss()
    request = f"GET /servlet?phonecfg=get HTTP/1.1\r\nHost: {web.host}\r\n\r\n"
    try:
        for _ in range(200):
            link.send(request * 200)
    except OSError:
        pass
    assert new_link(web, web.other).ask("/servlet?key=UP").status == 200
    assert web.rss() - before < bound(web)


HOSTS = [
    ([], 200), (["Host: {host}"], 200), (["Host: {host}:{port}"], 200),
    (["Host: {host}:1"], 200), (["Host: PHONE.lan"], 200),
    (["Host: phone.lan:8080"], 200), (["Host: localhost"], 200),
    (["Host: evil.example"], 403), (["Host: {host}.evil.example"], 403),
    (["Host: evil.example:{port}"], 403), (["Host: "], 403),
    (["Host: {host}", "Host: evil.example"], 403), (["Host: 127.0.0.1"], 403),
    (["Host: phone.lan.evil.example"], 403), (["Host: [::1]"], 403),
    (["Host: " + "a" * 5000], 403),
    (["Host: {host}", "Origin: http://{host}"], 200),
    (["Host: {host}", "Origin: http://phone.lan:81"], 200),
    (["Host: {host}", "Origin: http://evil.example"], 403),
    (["Host: {host}", "Origin: null"], 403),
    (["Host: {host}", "Origin: http://{host}@evil.example"], 403),
    (["Host: {host}", "Referer: http://{host}/page?x=http://evil.example"],
     200),
    (["Host: {host}", "Referer: https://evil.example/{host}"], 403),
    (["Host: {host}", "Referer: about:blank"], 403),
    (["Host: {host}", "Sec-Fetch-Site: cross-site"], 403),
    (["Host: {host}", "Sec-Fetch-Site: same-site"], 403),
    (["Host: {host}", "sec-fetch-site: Cross-Site"], 403),
    (["Host: {host}", "Sec-Fetch-Site: none"], 200),
    (["Host: {host}", "Sec-Fetch-Site: same-origin"], 200)]


def test_both_ip_versions(listening, peer, new_link):
    """A socket for both sees IPv4 addresses as what they are"""
    listening.settings["http_listen"] = f"[::]:{listening.web[0][1]}"
    listening.settings["http_from"] = listening.friend + " ::1"
    listening.start()
    peer.wait_registered("alice")
    assert new_link(listening).ask("/servlet?key=UP").status == 200
    assert new_link(listening, listening.other).answer().status == 403
    line = listening.wait_journal(door="http", status=200)
    assert line["source"].startswith(f"http:{listening.friend}:")
    listening.web[0] = ("::1", listening.web[0][1])
    link = new_link(listening, "::1")
    assert link.ask("/servlet?key=UP", f"Host: [::1]:{listening.web[0][1]}",
                    host=False).status == 200


def test_foreign_pages(listening, peer, new_link):
    """Origin, Referer, Sec-Fetch-Site; and names that are not ours"""
    listening.settings["http_host"] = "phone.lan door.lan"
    listening.start()
    peer.wait_registered("alice")
    where = {"host": listening.host, "port": listening.web[0][1]}
    for headers, status in HOSTS:
        link = new_link(listening)
        answer = link.ask("/servlet?key=UP", *[
            h.format(**where) for h in headers], host=False)
        assert answer.status == status, (headers, answer)
        link.close()


@pytest.fixture
def tls(listening, tmp_path, peer):
    """A phone that listens for HTTPS too; a client's context"""
    listening.settings.update(
        https_listen="{}:{}".format(*listening.web[1]),
        https_cert=str(tmp_path / "web.pem"))
    trust = certificate(listening.settings["https_cert"], listening.host)
    listening.start()
    peer.wait_registered("alice")
    context = ssl.create_default_context(cafile=trust)
    context.trust = trust
    return context


@pytest.mark.valgrind
def test_https(listening, tls, new_link, peer):
    """The same over TLS"""
    link = new_link(listening, tls=tls)
    assert link.sock.version() == "TLSv1.3"
    call = peer.invite(peer.contact("alice"))
    call.wait_ringing()
    assert link.ask("/servlet?key=OK").status == 200
    assert call.wait_final().status == 200
    line = listening.wait_journal(door="http", verdict="accepted")
    assert line["source"].startswith(f"https:{listening.friend}:")
    assert link.ask("/servlet?key=X").status == 200
    call.wait_bye()
    status, text = curl("--cacert", tls.trust, "--interface",
                        listening.friend,
                        url(listening, "/servlet?phonecfg=get", "https"))
    assert status == 200 and "Account1|" in text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tls_versions(listening, tls, new_link):
    """1.2 is enough, 1.1 is not"""
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    assert new_link(listening, tls=tls).ask("/servlet?key=UP").status == 200
    tls.set_ciphers("DEFAULT@SECLEVEL=0")
    tls.minimum_version = ssl.TLSVersion.TLSv1
    tls.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        new_link(listening, tls=tls)
    # no TLS at all, and half of a handshake
    plain = Link.__new__(Link)
    plain.sock = socket.create_connection(listening.web[1])
    plain.rest = b""
    plain.send("GET /servlet?key=UP HTTP/1.1\r\n\r\n")
    assert plain.answer() is None
    plain.close()


def test_tls_strangers_are_closed(listening, tls, new_link):
    """Over https there is no 403, just a closed connection"""
    with pytest.raises((ssl.SSLError, ConnectionError)):
        new_link(listening, "127.0.0.9", tls)
    line = listening.wait_journal(door="http", status=403)
    assert line["source"].startswith("https:127.0.0.9:")


def test_tls_pipelining_and_long_lines(listening, tls, new_link):
    """As without"""
    link = new_link(listening, tls=tls)
    link.send("GET /servlet?key=UP HTTP/1.1\r\n\r\n" * 300)
    assert [link.answer().status for _ in range(300)] == [200] * 300
    link.send("GET /servlet?key=" + "A" * 30000)
    assert link.answer().status == 414


def test_https_without_certificate(listening):
    """An error with a word about it, and the module does not load"""
    listening.settings["https_listen"] = "{}:{}".format(*listening.web[1])
    listening.spawn()
    listening.process.wait_log("provnotify_https_cert")
    listening.process.wait_log("not loaded")
    listening.wait_ready()


def login(*pair):
    """Basic"""
    return "Authorization: Basic " + base64.b64encode(
        ":".join(pair).encode()).decode()


@pytest.fixture
def locked(listening, peer):
    """A phone that asks for a login"""
    listening.settings.update(http_user="admin", http_password="s e:cret",
                              http_from="any")
    listening.start()
    peer.wait_registered("alice")
    return listening


def test_basic(locked, new_link):
    """Basic, and the login of older firmware"""
    link = new_link(locked)
    target = "/servlet?key=UP"
    answer = link.ask(target)
    assert answer.status == 401
    kinds = [h.split(" ")[0] for h in answer.headers["www-authenticate"]]
    assert sorted(kinds) == ["Basic", "Digest", "Digest"]
    assert link.ask(target, login("admin", "s e:cret")).status == 200
    assert link.ask(target, login("admin", "s e:cret").replace(
        "Basic", "basic")).status == 200
    prefix = "p=login&q=login&username=admin&pwd={}&jumpto=URI&key=UP"
    assert link.ask("/cgi-bin/ConfigManApp.com?" + prefix.format(
        "s%20e:cret")).status == 200
    assert link.ask("/nosuchpath", login("admin", "s e:cret")).status == 404
    assert link.ask("/nosuchpath").status == 401
    assert link.ask("/servlet?" + prefix.format("wrong")).status == 401
    locked.wait_journal(status=404)
    log = json.dumps(locked.journal())
    assert "cret" not in log and "wrong&" not in log and "pwd" not in log


@pytest.mark.parametrize("header", [
    login("admin", "wrong"), login("Admin", "s e:cret"), login("admin", ""),
    login("admin"), "Authorization: Basic", "Authorization: Basic !!!!",
    "Authorization: Basic " + "A" * 4000, "Authorization: Bearer x",
    "Authorization: ", 'Authorization: Digest username="admin"'])
def test_wrong_login(locked, new_link, header):
    """401, and after five in a minute 429, even with the right one"""
    link = new_link(locked)
    for _ in range(5):
        assert link.ask("/servlet?key=UP").status == 401
        assert link.ask("/servlet?key=UP", header).status == 401
    answer = link.ask("/servlet?key=UP", login("admin", "s e:cret"))
    assert answer.status == 429
    assert 0 < int(answer.get("retry-after")) <= 60
    # Nobody else has to wait for it
    other = new_link(locked, locked.other)
    assert other.ask("/servlet?key=UP",
                     login("admin", "s e:cret")).status == 200


def test_wrong_login_in_the_query(locked, new_link):
    """That of older firmware counts as the others do"""
    target = ("/servlet?p=login&q=login&username=admin&pwd={}&jumpto=URI"
              "&key=UP")
    link = new_link(locked)
    for _ in range(5):
        assert link.ask(target.format("wrong")).status == 401
    assert link.ask(target.format("s%20e:cret")).status == 429
    assert link.ask("/servlet?key=UP", login("admin", "s e:cret")
                    ).status == 429
    other = new_link(locked, locked.other)
    assert other.ask(target.format("s%20e:cret")).status == 200


def digest(answer, algorithm, target, password="s e:cret", method="GET"):
    """The header that answers a challenge, RFC 7616"""
    for header in answer.headers["www-authenticate"]:
        given = dict(re.findall(r'(\w+)="?([^",]*)"?', header))
        if given.get("algorithm") == algorithm:
            break
    md = hashlib.md5 if algorithm == "MD5" else hashlib.sha256

    def h(text):
        return md(text.encode()).hexdigest()

    ha1 = h(f"admin:{given['realm']}:{password}")
    ha2 = h(f"{method}:{target}")
    response = h(f"{ha1}:{given['nonce']}:00000001:abc:auth:{ha2}")
    return (f'Authorization: Digest username="admin", realm="'
            f'{given["realm"]}", nonce="{given["nonce"]}", uri="{target}", '
            f'qop=auth, nc=00000001, cnonce="abc", response="{response}", '
            f'algorithm={algorithm}')


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_digest(locked, new_link, algorithm):
    """Fresh, bound to its URI, used once"""
    link = new_link(locked)
    target = "/servlet?key=UP"
    asked = link.ask(target)
    right = digest(asked, algorithm, target)
    assert link.ask("/servlet?key=DNDOn", right).status == 401
    assert link.ask(target, right).status == 200
    again = link.ask(target, right)
    assert again.status == 401
    assert "stale=true" in again.get("www-authenticate")
    assert link.ask(target, digest(again, algorithm, target, "wrong")
                    ).status == 401
    assert link.ask(target, digest(again, algorithm, target)).status == 200
    asked = link.ask(target)
    stolen = new_link(locked, locked.other)
    assert stolen.ask(target, digest(asked, algorithm, target)).status == 401


def test_digest_of_real_clients(locked):
    """curl and urllib"""
    locked_url = url(locked, "/servlet?key=UP")
    for kind in ("--digest", "--basic", "--anyauth"):
        for _ in range(3):
            assert curl(kind, "-u", "admin:s e:cret", "--interface",
                        locked.friend, locked_url)[0] == 200
    manager = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    manager.add_password(None, locked_url, "admin", "s e:cret")
    for handler in (urllib.request.HTTPDigestAuthHandler,
                    urllib.request.HTTPBasicAuthHandler):
        opener = urllib.request.build_opener(handler(manager))
        with opener.open(locked_url, timeout=process.PATIENCE) as answer:
            assert answer.status == 200


def test_quota(listening, peer, new_link):
    """429 with Retry-After, for that source alone"""
    listening.settings["quota"] = 2
    listening.start()
    peer.wait_registered("alice")
    link = new_link(listening)
    answers = [link.ask("/servlet?key=UP") for _ in range(30)]
    assert [a.status for a in answers[:10]] == [200] * 10
    over = [a for a in answers if a.status == 429]
    assert over and int(over[0].get("retry-after")) >= 1
    other = new_link(listening, listening.other)
    assert other.ask("/servlet?key=UP").status == 200


def test_consent(listening, peer, new_link):
    """Asked for each source, and for each door"""
    listening.settings["remote_control"] = "ask"
    listening.start()
    contact = peer.contact("alice")
    call = peer.invite(contact)
    call.wait_ringing()
    link = new_link(listening)
    answer = link.ask("/servlet?key=OK")
    assert answer.status == 202 and "remote_allow" in answer.text
    listening.process.wait_log(rf"http {listening.friend}.*remote_allow")
    again = link.ask("/servlet?key=OK")
    assert (again.status, again.reason) == (403, "Consent Pending")
    link.close()
    assert listening.command("remote_allow", f"http {listening.friend}")[0]
    assert call.wait_final().status == 200
    listening.wait_journal(door="http", action="key", result="ok")
    link = new_link(listening)
    assert link.ask("/servlet?key=X").status == 200
    call.wait_bye()
    assert new_link(listening, listening.other).ask(
        "/servlet?key=UP").status == 202
    assert peer.key(contact, "key=UP").status == 202
    assert listening.command("remote_deny", listening.friend)[0]
    answer = link.ask("/servlet?key=UP")
    assert (answer.status, answer.reason) == (403, "Remote Control Denied")


def test_waits_while_the_client_is_gone(listening, peer, new_link):
    """It may close its connection, and lapse or be denied after that"""
    listening.settings["remote_control"] = "ask"
    listening.start()
    peer.wait_registered("alice")
    link = new_link(listening)
    assert link.ask("/servlet?key=UP").status == 202
    link.close()
    assert listening.command("remote_deny")[0]
    listening.wait_journal(door="http", result="denied")


@pytest.mark.parametrize("key", ["Reboot", "AutoP"])
def test_restart(listening, peer, new_link, key):
    """The answer goes out first; then the server is there again"""
    listening.start()
    peer.wait_registered("alice")
    pid = listening.pid
    assert new_link(listening).ask(f"/servlet?key={key}").status == 200
    if key == "Reboot":
        listening.wait_ready()
    listening.wait_journal(
        action="restart" if key == "Reboot" else "resync")
    assert new_link(listening).ask("/servlet?key=UP").status == 200
    assert listening.pid == pid


def test_without_descriptors(listening, peer, new_link):
    """accept() fails: the phone must not turn in circles for it"""
    listening.start()
    peer.wait_registered("alice")
    used = len(os.listdir(f"/proc/{listening.pid}/fd"))
    limits = resource.prlimit(listening.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(listening.pid, resource.RLIMIT_NOFILE,
                     (used, limits[1]))
    mark = listening.process.mark()
    try:
        assert new_link(listening).answer() is None
    except ConnectionError:
        pass
    listening.process.wait_log("cannot listen .* will try again")
    resource.prlimit(listening.pid, resource.RLIMIT_NOFILE, limits)
    listening.process.wait_log("http server: listening on", mark)
    assert new_link(listening).ask("/servlet?key=UP").status == 200


def test_port_in_use(listening, peer, closing, new_link):
    """The phone works, and the server follows when it can"""
    taken = socket.create_server(listening.web[0])
    closing.append(taken)
    listening.start()
    listening.process.wait_log("cannot listen .* will try again")
    assert peer.notify(peer.contact("alice"), "check-sync").status == 200
    taken.close()
    listening.process.wait_log("http server: listening on")
    assert new_link(listening).ask("/servlet?key=UP").status == 200
