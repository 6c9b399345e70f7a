"""Transfers by keys: three real phones at a real Kamailio, and scripted
parties where a real one would not show what arrives."""
import re
import urllib.parse

import pytest

from kamailio import Kamailio
from process import until


def reinvites(phone):
    """How many re-INVITEs it has got; 4.x says INVITE"""
    return len(re.findall("got (?:re-)?INVITE", phone.process.log()))


def wait_reinvites(phone, count):
    """Wait till it has got so many"""
    until("re-INVITE", lambda: reinvites(phone) >= count,
          context=phone.process.log)


@pytest.fixture
def server(net, tmp_path, closing):
    """A Kamailio whose users can be typed"""
    server = Kamailio(tmp_path / "kamailio", net.host(), {
        user: f"{user}-secret" for user in ("100", "200", "300")})
    closing.append(server)
    return server


def calls(phone):
    """How many calls a phone has"""
    return phone.command("listcalls")[1].count("sip:")


def call(phone, server, other):
    """100 calls 200"""
    assert server.key("100", "number=200") == 200
    other.wait_event("CALL_ESTABLISHED")
    phone.wait_event("CALL_ESTABLISHED")


@pytest.mark.parametrize("keys", [
    ["key=BTrans=300"], ["key=F_TRANSFER", "key=3;0;0", "key=F_TRANSFER"],
    ["key=F_TRANSFER;3;0;0;F_TRANSFER"]])
def test_blind(trio, server, keys):
    """200 talks to 300, and 100 is out of it"""
    one, two, three = trio
    call(one, server, two)
    for key in keys:
        assert server.key("100", key) == 200
    three.wait_event("CALL_ESTABLISHED")
    two.wait_event("CALL_ESTABLISHED")
    one.wait_event("CALL_CLOSED")
    two.wait_event("CALL_CLOSED")
    assert calls(one) == 0
    assert calls(two) == calls(three) == 1


@pytest.mark.valgrind
def test_failed(party, server):
    """300 is busy: 100 and 200 are still connected, as often as it is
    tried"""
    one, two = party("100"), party("200", ";answermode=auto")
    three = party("300")
    call(one, server, two)
    for _ in range(2):
        mark = one.process.mark()
        assert server.key("100", "key=F_TRANSFER;3;0;0;F_TRANSFER") == 200
        three.wait_event("CALL_INCOMING")
        assert three.command("hangup")[0]
        one.process.wait_log("could not be transferred: 486", mark)
        two.wait_event("CALL_CLOSED")
    # From 2.0 on baresip's menu resumes the call by itself
    if one.release() < (2, 0, 0):
        assert "held" in one.command("provnotify")[1]
    assert server.key("100", "key=UNHOLD") == 200
    one.wait_journal(key="UNHOLD", status=200)
    assert "call 1 talking" in one.command("provnotify")[1]
    assert server.key("100", "key=X") == 200
    two.wait_event("CALL_CLOSED")


@pytest.mark.parametrize("keys", [
    ["key=ATrans=300"], ["key=F_TRANSFER", "key=3;0;0", "key=OK"]])
def test_consultation_dropped(trio, server, keys):
    """X ends the consultation, and the first call stays held"""
    one, two, three = trio
    call(one, server, two)
    for key in keys:
        assert server.key("100", key) == 200
    three.wait_event("CALL_ESTABLISHED")
    one.wait_event("CALL_ESTABLISHED")
    assert "consulting" in one.command("provnotify")[1]
    assert server.key("100", "key=X") == 200
    three.wait_event("CALL_CLOSED")
    one.wait_event("CALL_CLOSED")
    assert calls(one) == calls(two) == 1
    assert "call 1 held" in one.command("provnotify")[1]


@pytest.mark.valgrind
def test_consultation_ended(trio, server):
    """The other one ends it: the first call stays held, without a moment's
    resume"""
    one, two, three = trio
    call(one, server, two)
    assert server.key("100", "key=ATrans=300") == 200
    three.wait_event("CALL_ESTABLISHED")
    one.wait_event("CALL_ESTABLISHED")
    assert three.command("hangup")[0]
    one.wait_event("CALL_CLOSED")
    assert server.key("100", "key=HOLD:1") == 200
    wait_reinvites(two, 2)
    assert "call 1 talking" in one.command("provnotify")[1]
    assert reinvites(two) == 2


@pytest.mark.parametrize("key", ["X", "CANCEL", "CANCEL:2", "ONHOOK",
                                 "CALLEND", "SPEAKER"])
@pytest.mark.parametrize("answers", [True, False])
def test_consultation_hung_up(party, server, key, answers):
    """By whatever key, before 300 answers and after: that leg alone"""
    one, two = party("100"), party("200", ";answermode=auto")
    three = party("300", ";answermode=auto" if answers else "")
    call(one, server, two)
    assert server.key("100", "key=ATrans=300") == 200
    if answers:
        one.wait_event("CALL_ESTABLISHED")
        three.wait_event("CALL_ESTABLISHED")
    else:
        one.wait_event("CALL_RINGING")
        three.wait_event("CALL_INCOMING")
    assert server.key("100", f"key={key}") == 200
    one.wait_event("CALL_CLOSED")
    three.wait_event("CALL_CLOSED")
    assert one.command("provnotify")[1].count("call 1 held") == 1
    # The second re-INVITE is that which is asked for
    assert server.key("100", "key=UNHOLD") == 200
    one.wait_journal(key="UNHOLD", status=200)
    wait_reinvites(two, 2)
    assert "call 1 talking" in one.command("provnotify")[1]
    assert reinvites(two) == 2


@pytest.mark.valgrind
def test_first_call_ended(trio, server):
    """200 hangs up while it is held: 100 and 300 go on talking"""
    one, two, three = trio
    call(one, server, two)
    assert server.key("100", "key=ATrans=300") == 200
    three.wait_event("CALL_ESTABLISHED")
    one.wait_event("CALL_ESTABLISHED")
    assert two.command("hangup")[0]
    one.wait_event("CALL_CLOSED")
    assert calls(one) == calls(three) == 1
    assert "call 2 talking" in one.command("provnotify")[1]
    # It is a call like any other now: X ends the typing, then the call
    assert server.key("100", "key=F_TRANSFER") == 200
    assert "call 2 transferring" in one.command("provnotify")[1]
    assert server.key("100", "key=X;X") == 200
    three.wait_event("CALL_CLOSED")


@pytest.mark.valgrind
def test_restart_waits_for_a_held_call(trio, server):
    """A consultation ends, and the call that is still held counts"""
    one, two, three = trio
    call(one, server, two)
    assert server.key("100", "key=ATrans=300") == 200
    three.wait_event("CALL_ESTABLISHED")
    one.wait_event("CALL_ESTABLISHED")
    assert server.notify("100", "check-sync;reboot=true") == 200
    assert three.command("hangup")[0]
    one.wait_event("CALL_CLOSED")
    assert server.key("100", "key=UNHOLD") == 200
    one.wait_journal(key="UNHOLD", result="ok")
    assert calls(one) == calls(two) == 1
    assert two.command("hangup")[0]
    one.wait_ready()
    one.wait_journal(action="restart", result="ok")


def test_consultation_refused(party, server):
    """300 does not want to talk: the first call stays held"""
    one, two = party("100"), party("200", ";answermode=auto")
    three = party("300")
    call(one, server, two)
    assert server.key("100", "key=ATrans=300") == 200
    three.wait_event("CALL_INCOMING")
    assert "calling" in one.command("provnotify")[1]
    assert three.command("hangup")[0]
    one.wait_event("CALL_CLOSED")
    assert "call 1 held" in one.command("provnotify")[1]
    assert server.key("100", "key=F_TRANSFER;2;X;UNHOLD") == 200
    one.wait_journal(key="F_TRANSFER;digit;X;UNHOLD", result="ok")
    assert "call 1 talking" in one.command("provnotify")[1]


@pytest.fixture
def line(alice, peer):
    """A phone whose other parties are all scripted; its contact"""
    alice.settings.update(remote_control="allow", at_boot="no", quota=1000)
    alice.start()
    return peer.contact("alice")


def dial(phone, peer, line, keys):
    """A call that keys make, and that is answered"""
    assert peer.key(line, keys).status == 200
    there = peer.accept(peer.wait_request("INVITE"))
    phone.wait_event("CALL_ESTABLISHED")
    return there


def refer_to(refer):
    """Who is to be called, and the dialog that he is to take over"""
    found = re.fullmatch(r"<(sip:[^?>]+)\?Replaces=([^>]+)>",
                         refer.get("refer-to"))
    replaces = urllib.parse.unquote(found.group(2)).split(";")
    return found.group(1), replaces[0], set(replaces[1:])


def test_complete(alice, peer, line):
    """F_TRANSFER in a consultation: REFER with Replaces (RFC 5589 7.1)"""
    first = dial(alice, peer, line, "key=number=200")
    assert peer.key(line, "key=F_TRANSFER;3;0;0;OK").status == 200
    assert first.wait_reinvite() == "sendonly"
    second = peer.accept(peer.wait_request("INVITE"))
    alice.wait_event("CALL_ESTABLISHED")
    tag = second.request.tag("from")

    assert peer.key(line, "key=F_TRANSFER").status == 200
    refer = peer.wait_request("REFER", call_id=first.call_id)
    assert refer_to(refer) == (
        f"sip:300@{peer.address}", second.call_id,
        {f"to-tag={second.local_tag}", f"from-tag={tag}"})

    peer.reply(refer, 202, "Accepted", headers=[
        f"Contact: <sip:pbx@{peer.address}>"])
    assert first.notify("refer", ["Content-Type: message/sipfrag"],
                        "SIP/2.0 200 OK", "terminated").status == 200
    first.wait_bye()
    second.wait_bye()
    alice.wait_event("CALL_CLOSED")
    alice.wait_event("CALL_CLOSED")
    assert "idle" in alice.command("provnotify")[1]


def test_complete_refused(alice, peer, line):
    """He does not do that: both calls are as before"""
    first = dial(alice, peer, line, "key=number=200")
    assert peer.key(line, "key=ATrans=300").status == 200
    assert first.wait_reinvite() == "sendonly"
    second = peer.accept(peer.wait_request("INVITE"))
    alice.wait_event("CALL_ESTABLISHED")
    for _ in range(2):
        assert peer.key(line, "key=F_TRANSFER").status == 200
        refer = peer.wait_request("REFER", call_id=first.call_id)
        peer.reply(refer, 603, "Decline")
        alice.process.wait_log("call 1 could not be transferred: 603")
    if alice.release() < (2, 0, 0):
        assert "call 1 held, call 2 consulting" in alice.command(
            "provnotify")[1]
    assert peer.key(line, "key=CALLEND").status == 200
    second.wait_bye()
    assert peer.key(line, "key=CALLEND").status == 200
    first.wait_bye()


def test_replaces(alice, peer, line, new_peer):
    """What the REFER asks for, done: an INVITE whose Replaces names the
    dialog of the one who was consulted (RFC 3891 3)"""
    target = new_peer()
    first = dial(alice, peer, line, "key=number=200")
    assert peer.key(line, f"key=ATrans=300@{target.address}").status == 200
    assert first.wait_reinvite() == "sendonly"
    second = target.accept(target.wait_request("INVITE"))
    alice.wait_event("CALL_ESTABLISHED")
    assert peer.key(line, "key=F_TRANSFER").status == 200

    refer = peer.wait_request("REFER")
    peer.reply(refer, 202, "Accepted", headers=[
        f"Contact: <sip:pbx@{peer.address}>"])
    uri, *replaces = refer_to(refer)
    peer.send(peer.compose("INVITE", uri, [
        "Replaces: " + ";".join([replaces[0], *replaces[1]]),
        "Content-Type: application/sdp"], first.sdp()),
        (target.host, target.port))

    invite = target.wait_request("INVITE")
    call_id, *tags = invite.get("replaces").split(";")
    assert call_id == second.call_id
    assert f"to-tag={second.local_tag}" in tags
    assert f"from-tag={second.request.tag('from')}" in tags
    assert second.bye().status == 200
    assert first.notify("refer", ["Content-Type: message/sipfrag"],
                        "SIP/2.0 200 OK", "terminated").status == 200
    first.wait_bye()


def test_three_phones(trio, server):
    """Phones that know nothing of Replaces: 200 and 300 still are connected,
    by a new call"""
    one, two, three = trio
    call(one, server, two)
    assert server.key("100", "key=ATrans=300") == 200
    three.wait_event("CALL_ESTABLISHED")
    one.wait_event("CALL_ESTABLISHED")
    assert server.key("100", "key=F_TRANSFER") == 200
    two.wait_event("CALL_ESTABLISHED")
    three.wait_event("CALL_CLOSED")
    two.wait_event("CALL_CLOSED")
    assert calls(one) == 0
    assert calls(two) == calls(three) == 1
