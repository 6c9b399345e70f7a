"""Hostile input, one table over both doors: 400, and nothing happens.

Each row is the body of an ACTION-URI NOTIFY, byte for byte; over HTTP the same
bytes are the query, percent-encoded. No row may make a call, run a command of
baresip's, change anything, or be written anywhere as more than a field.
"""
import json
import urllib.parse

import pytest

from loopback import free_port
from sip import target, token
from web import Link


def controls():
    """Line ends, NUL and the rest, in all places where a value goes"""
    for code in [*range(0x20), 0x7f]:
        char = bytes([code])
        if char != b"\t":
            yield b"key=OK" + char + b"X"
            yield b"key=number=300" + char + b"Route: <sip:evil.example>"
            yield b"number=300&outgoing_uri=alice" + char + b"BOOM"
            yield b"key=BOOM" + char + b"/quit"


def punctuation():
    """What would end a URI, begin a parameter, a header, another command"""
    for char in b" \t!\"$%&'(),/:<=>?[\\]^`{|}":
        char = bytes([char])
        yield b"key=number=3" + char + b"00"
        yield b"number=300@evil" + char + b".example"
        yield b"key=BTrans=3" + char + b"00"
        yield b"key=AlwaysFwdOn=3" + char + b"00"
        if char not in b"=":
            yield b"key=BOOM" + char + b"999"


NOT_UTF8 = [b"\xff", b"\xc0\xaf", b"\xc0\x80", b"\xed\xa0\x80", b"\x80",
            b"\xf5\x80\x80\x80", b"\xe2\x28\xa1", b"\xc3", b"\xfe\xff",
            "３００".encode(), "ОК".encode(), "\u202eKO".encode(),
            "OK\u200b".encode(), "\ufeffOK".encode(), "é".encode()]


def encodings():
    """Not UTF-8, UTF-8 that is no key, and percent signs twice over"""
    for text in NOT_UTF8:
        yield b"key=" + text
        yield b"key=number=" + text
        yield b"key=BOOM;" + text
    for text in (b"%4f%4b", b"%254f%254b", b"OK%0d%0aX", b"OK%00", b"%3b",
                 b"number=%33", b"number=300%0aBOOM", b"%s%s%n", b"%1$n",
                 b"number=300%3Btransport=tcp", b"%u004f", b"%"):
        yield b"key=" + text


COMMANDS = [
    "/quit", "quit", "q", "/", "dial 300", "/dial 300", "d 300", "uadelall",
    "/uadelall", "reginfo", "insmod evil", "HELLO /quit", "HELLO;/quit",
    "BOOM 999", "BOOM:1", "BOOM=300", "BOOM;quit", "quit;BOOM", "BOOM|quit",
    "BOOM&&quit", "BOOM`quit`", "BOOM$(quit)", "$(reboot)", "`reboot`",
    "../../etc/passwd", "file:///etc/passwd", "http://evil.example/x",
    "sip:300@evil.example", "<sip:300@evil.example>", "<script>", "provnotify",
    "remote_allow", "provcheck /etc/passwd", "key OK", "key=OK", "key=key=OK"]

ARGUMENTS = [
    "CANCEL:", "CANCEL:x", "CANCEL:-1", "CANCEL:1x", "CANCEL:1:2", "CANCEL=1",
    "ASW:0x1", "HOLD:1 2", "UNHOLD:*", "OK:1", "OK=1", "X=1", "1=2", "12",
    "L0", "L", "L100", "L-1", "L1x", "L 1", "D0", "D11", "D", "F0", "F5",
    "number=", "number", "number:300", "number=@evil.example", "number=300@",
    "number=300@@evil", "number=300@evil@evil", "number=sip:", "number=tel:1",
    "number=sip:300@evil:x", "number=sip:300@evil:70000", "number=300@[::1",
    "number=javascript:x", "number=" + "1" * 65, "number=300&x=y",
    "number=300&outgoing_uri=a&outgoing_uri=b", "number=300?Replaces=x",
    "number=300;transport=tcp", "number=300;BOOM x", "number=300,301",
    "number=300&outgoing_uri=a b", "number=300&outgoing_uri=<sip:a@b>",
    'number=300&outgoing_uri="a"', "number=300&outgoing_uri=a:b@c",
    "ATrans=", "ATrans", "BTrans=<sip:x>", "AlwaysFwdOn=", "BusyFwdOn=x y",
    "NoAnswFwdOn=300", "NoAnswFwdOn=300=", "NoAnswFwdOn=300=x",
    "NoAnswFwdOn=300=0", "NoAnswFwdOn=300=601", "NoAnswFwdOn=300=-6",
    "NoAnswFwdOn==6", "phonecfg=set", "phonecfg=set&account.1.label=x",
    "phonecfg=get&x=/etc/passwd", "phonecfg=get;phonecfg=set", "phonecfg",
    "NOSUCHKEY", "OKOK", "O K", "OK,X", "OK;;X", "OK;", ";OK", ";", "", " ",
    "BOOM;", "BOOM;NOSUCHKEY", ";".join(["BOOM"] * 33), "OK&", "OK#",
    'OK","verdict":"accepted', 'OK"}\\n{"door":"console', "\\u0000",
    "A" * 257, "A" * 2000, ";".join(["UP"] * 500)]

BODIES = ["", "=", "key", "key:OK", "OK", "keys=OK", "kéy=OK", "event=OK",
          "number", "xkey=OK", "&key=OK", "?key=OK", "key;OK", "{\"key\":1}",
          "<key>OK</key>", "number:300", "outgoing_uri=alice&number=300"]

TABLE = sorted({*controls(), *punctuation(), *encodings(),
                *(b"key=" + text.encode() for text in COMMANDS + ARGUMENTS),
                *(text.encode() for text in BODIES)})


@pytest.fixture
def prey(alice, peer, net):
    """A phone that obeys both doors, with a key that would call somebody"""
    alice.web = [(alice.host, free_port(alice.host))] * 2
    alice.friend = net.host()
    alice.settings.update(
        remote_control="allow", at_boot="no", quota=100000,
        http_listen="{}:{}".format(*alice.web[0]), http_from=alice.friend,
        key=[f"BOOM dial 999@{peer.address}", "HELLO listcalls"])
    alice.start()
    peer.wait_registered("alice")
    # The peer has seen it before the phone says so
    alice.process.wait_log(r"1 binding\]")
    alice.before = (alice.process.mark(), alice.command("reginfo")[1],
                    len(peer.registers))
    return alice


def nothing_happened(phone, peer, requests):
    """No command ran, no call was made, and each request has been counted"""
    def counted():
        return sum(line.get("count", 1) for line in phone.journal()
                   if line.get("verdict") == "refused")

    mark, reginfo, registers = phone.before
    assert phone.command("listcalls")[1].count("sip:") == 0
    assert phone.command("reginfo")[1] == reginfo
    assert peer.inbox == [] and len(peer.registers) == registers
    assert [event for event in phone.events
            if event.get("class") == "call"] == []
    # What commands print, they print into the log; these are not from us
    assert [line for line in phone.process.lines[mark:]
            if not line.startswith("ctrl_tcp")] == []
    phone.stop()
    assert counted() == requests
    for line in phone.journal():
        assert line.get("door", "http") in ("notify", "http")
        assert "action" not in line and line["verdict"] == "refused"
        assert all(ord(char) >= 0x20 for char in json.dumps(
            line, ensure_ascii=False))


def test_table():
    """It is as long as was asked for"""
    assert len(TABLE) >= 200


def test_would_be_seen(prey, peer):
    """The key that no row may press does call, and that is noticed"""
    link = Link(prey, prey.friend)
    assert link.ask("/servlet?key=BOOM").status == 200
    link.close()
    invite = peer.wait_request("INVITE")
    with pytest.raises(AssertionError):
        nothing_happened(prey, peer, 0)
    peer.reply(invite, 404, "Not Found", "there")
    peer.wait_request("ACK")


def test_over_notify(prey, peer):
    """400 with a reason"""
    uri = peer.contact("alice")
    for body in TABLE:
        branch = f"z9hG4bK{token()}"
        head = peer.compose("NOTIFY", uri, [
            "Event: ACTION-URI", "Subscription-State: terminated",
            "Content-Type: message/sipfrag"], branch=branch,
            length=len(body))
        peer.send(head.encode() + body, target(uri))
        answer = peer.wait_response(branch)
        assert answer.status == 400, (body, answer)
        assert answer.reason and len(answer.raw) < 1000
    nothing_happened(prey, peer, len(TABLE))


def test_over_http(prey, peer):
    """The same bytes, percent-encoded"""
    link = Link(prey, prey.friend)
    rows = [body for body in TABLE if len(urllib.parse.quote(body)) < 8000]
    for body in rows:
        answer = link.ask("/servlet?" + urllib.parse.quote(body, safe="="))
        assert answer.status == 400, (body, answer)
        assert len(answer.text) < 200
    link.close()
    nothing_happened(prey, peer, len(rows))


def test_over_http_as_it_is(prey, peer):
    """The same bytes, raw: they may end the request, but begin none"""
    # What reads as an encoded key is that key: it is decoded once
    rows = [body for body in TABLE if b"%" not in body or
            urllib.parse.unquote_to_bytes(body) == body]
    for body in rows:
        link = Link(prey, prey.friend)
        link.send(b"GET /servlet?" + body + b" HTTP/1.0\r\n\r\n")
        answer = link.answer()
        assert answer.status == 400, (body, answer)
        link.close()
    nothing_happened(prey, peer, len(rows))


def test_a_megabyte(prey, peer):
    """A key that long, and a chain of a thousand keys"""
    uri = peer.contact("alice")
    for body in ("key=" + "A" * 1000000, "key=" + ";".join(["BOOM"] * 1000),
                 "key=" + "BOOM;" * 200000):
        link = Link(prey, prey.friend)
        try:
            link.send(f"GET /servlet?{body} HTTP/1.1\r\n\r\n")
        except ConnectionError:
            pass
        answer = link.answer()
        assert answer is None or answer.status in (400, 414)
        link.close()
        branch = f"z9hG4bK{token()}"
        text = peer.compose("NOTIFY", uri, ["Event: ACTION-URI"], body,
                            branch=branch)
        if len(text) < 65000:
            peer.send(text, target(uri))
            assert peer.wait_response(branch).status == 400
        else:
            other = peer.connect((prey.host, prey.port))
            try:
                peer.send(text, None, other)
            except ConnectionError:
                pass
    assert peer.key(uri, "key=NOSUCHKEY").status == 400
    peer.inbox.clear()
    assert prey.command("listcalls")[1].count("sip:") == 0
    assert not [line for line in prey.journal() if "action" in line]
