"""Calls that are sent on or refused, by keys and as provisioned."""
import re

import pytest

from process import until


@pytest.fixture
def line(alice, peer):
    """A registered phone that takes keys; its contact"""
    alice.settings.update(remote_control="allow", at_boot="no", quota=1000)
    alice.start()
    return peer.contact("alice")


def press(peer, uri, keys):
    """Keys by NOTIFY"""
    assert peer.key(uri, f"key={keys}").status == 200


def answer(peer, uri):
    """What a call is answered"""
    return peer.invite(uri).wait_final()


def restarted(phone, peer):
    """Its contact after a restart"""
    since = len(peer.registers)
    press(peer, peer.contact("alice"), "Reboot")
    phone.wait_ready()
    return peer.wait_registered("alice", since).contact


@pytest.mark.parametrize("number, uri", [
    ("300", "sip:300@{pbx}"), ("sip:bob@192.0.2.1:5070",
                               "sip:bob@192.0.2.1:5070")])
def test_always(alice, peer, line, number, uri):
    """302 with the target, over a restart too"""
    press(peer, line, f"AlwaysFwdOn={number}")
    for _ in range(2):
        moved = answer(peer, line)
        assert moved.status == 302
        assert moved.contact == uri.format(pbx=peer.address)
        line = restarted(alice, peer)
    press(peer, line, "AlwaysFwdOff")
    call = peer.invite(line)
    call.wait_ringing()
    call.cancel()


def test_call_waiting(alice, peer, line):
    """Without it a second call gets 486, or goes where BusyFwdOn says"""
    press(peer, line, "CallWaitingOff;BusyFwdOn=300")
    call = peer.invite(line)
    call.wait_ringing()
    alice.wait_event("CALL_INCOMING")
    press(peer, line, "OK")
    assert call.wait_final().status == 200
    alice.wait_event("CALL_ESTABLISHED")

    moved = answer(peer, line)
    assert moved.status == 302
    assert moved.contact == f"sip:300@{peer.address}"
    press(peer, line, "BusyFwdOff")
    assert answer(peer, line).status == 486
    press(peer, line, "CallWaitingOn")
    second = peer.invite(line)
    second.wait_ringing()
    second.cancel()
    assert call.bye().status == 200


@pytest.mark.valgrind
def test_no_answer(alice, peer, line):
    """It rings first, and then it is 302 in the same dialog"""
    press(peer, line, "NoAnswFwdOn=300=1")
    call = peer.invite(line)
    ringing = call.wait_ringing()
    moved = call.wait_final()
    assert moved.status == 302
    assert moved.contact == f"sip:300@{peer.address}"
    assert moved.tag("to") == ringing.tag("to")
    alice.wait_event("CALL_CLOSED")
    assert "idle" in alice.command("provnotify")[1]


def test_answered_in_time(alice, peer, line):
    """Then it stays"""
    press(peer, line, "NoAnswFwdOn=300=1")
    call = peer.invite(line)
    call.wait_ringing()
    alice.wait_event("CALL_INCOMING")
    press(peer, line, "OK")
    assert call.wait_final().status == 200
    alice.wait_event("CALL_ESTABLISHED")

    # a second one is sent on a second later, and this one is still up
    second = peer.invite(line)
    second.wait_ringing()
    assert second.wait_final().status == 302
    assert "call 1 talking" in alice.command("provnotify")[1]
    assert call.bye().status == 200


@pytest.mark.parametrize("key", ["AlwaysFwdOn=300", "NoAnswFwdOn=300=1"])
def test_real_caller(new_phone, alice, peer, line, key):
    """A real phone that calls follows"""
    target = new_phone()
    target.module = None
    # One that registers, called at its contact: to others 1.1.0 and 4.x take
    # no call on 127/8
    target.accounts = [f"<sip:300@{peer.address}>;answermode=auto"]
    target.start()
    caller = new_phone()
    caller.module = None
    caller.accounts = [f"<sip:200@{peer.address}>;regint=0"
                       ";sip_autoredirect=yes"]
    caller.start()
    there = peer.contact("300")
    press(peer, line, re.sub("300", there, key))
    assert caller.command("dial", line)[0]
    target.wait_event("CALL_ESTABLISHED")
    caller.wait_event("CALL_ESTABLISHED")
    until("idle", lambda: "idle" in alice.command("provnotify")[1])


@pytest.mark.parametrize("key", [
    "AlwaysFwdOn", "AlwaysFwdOn=", "AlwaysFwdOn=1;x=y=", "BusyFwdOn=<sip:1>",
    "NoAnswFwdOn=300", "NoAnswFwdOn=300=0", "NoAnswFwdOn=300=601",
    "NoAnswFwdOn=300=1x", "AlwaysFwdOff=1", "AlwaysFwdOn=1?Replaces=x"])
def test_bad(alice, peer, line, key):
    """No number, no forward"""
    assert peer.key(line, f"key={key}").status == 400
    call = peer.invite(line)
    call.wait_ringing()
    call.cancel()


CONFIG = """\
#!version:1.0.0.1
account.1.enable = 1
account.1.user_name = alice
account.1.auth_name = alice
account.1.password = alice-secret
account.1.sip_server.1.address = {host}
account.1.sip_server.1.port = {port}
account.2.enable = 1
account.2.user_name = bob
account.2.auth_name = bob
account.2.password = bob-secret
account.2.sip_server.1.address = {host}
account.2.sip_server.1.port = {port}
voice_mail.number.2 = *98
memorykey.1.type = 13
memorykey.1.value = 301
memorykey.1.line = 2
linekey.1.type = 15
linekey.1.line = 2
"""


class Provisioned:
    """A phone with a file of settings"""

    def __init__(self, phone, peer):
        self.phone = phone
        self.peer = peer

    def put(self, *lines):
        """What the file says"""
        text = CONFIG.format(host=self.peer.host, port=self.peer.port)
        self.phone.write("phone.cfg", text + "\n".join([*lines, ""]))

    def resync(self, *lines, result="ok"):
        """The file is another one"""
        self.put(*lines)
        since = len(self.phone.journal())
        assert self.phone.command("resync")[0]
        self.phone.wait_journal(since, action="resync", result=result)

    def dial(self, keys):
        """The call that keys make, refused: whom, and from which account"""
        press(self.peer, self.peer.contact("alice"), keys)
        invite = self.peer.wait_request("INVITE")
        self.peer.reply(invite, 404, "Not Found", "there")
        self.peer.wait_request("ACK")
        self.phone.wait_event("CALL_CLOSED")
        return (re.search("sip:([^@]+)", invite.uri).group(1),
                re.search("sip:([^@]+)", invite.get("from")).group(1))

    def call(self, user="alice"):
        """What a call is answered"""
        return answer(self.peer, self.peer.contact(user))

    def rings(self, user="alice"):
        """A call rings"""
        call = self.peer.invite(self.peer.contact(user))
        call.wait_ringing()
        call.cancel()
        self.phone.wait_event("CALL_CLOSED")


@pytest.fixture
def given(phone, peer):
    """A provisioned phone"""
    phone.settings.update(remote_control="allow", quota=1000, confirm=30,
                          url=f"file://{phone.path('phone.cfg')}")
    there = Provisioned(phone, peer)
    there.put()
    phone.start()
    peer.wait_registered("alice")
    peer.wait_registered("bob")
    phone.wait_journal(action="resync", result="ok")
    return there


def test_provisioned_keys(given):
    """Speed dial, line key and voice mail"""
    assert given.dial("D1") == ("301", "bob")
    assert given.dial("MSG") == ("*98", "bob")
    assert given.dial("L1;5;OK") == ("5", "bob")
    given.resync("memorykey.1.value = 302")
    assert given.dial("D1") == ("302", "bob")


def test_provisioned_forward(given, peer):
    """What is provisioned holds; a key wins till that changes"""
    given.resync("forward.always.enable = 1", "forward.always.target = 300")
    assert given.call().contact == f"sip:300@{peer.address}"
    press(peer, peer.contact("alice"), "AlwaysFwdOff")
    given.rings()
    given.resync("forward.always.enable = 1", "forward.always.target = 300",
                 "features.dnd.enable = 1")
    assert given.call().status == 480
    press(peer, peer.contact("alice"), "DNDOff")
    given.rings()
    given.resync("forward.always.enable = 1", "forward.always.target = 400")
    assert given.call().contact == f"sip:400@{peer.address}"
    given.resync()
    given.rings()


@pytest.mark.parametrize("code, status, reason", [
    ("404", 404, "Not Found"), ("486", 486, "Busy Here"),
    ("603", 603, "Decline"), ("", 480, "Temporarily Unavailable"),
    ("302", 480, "Temporarily Unavailable")])
def test_dnd_code(given, peer, code, status, reason):
    """Refused as provisioned, by whom ever it was switched on"""
    given.resync(f"features.dnd_refuse_code = {code}",
                 "account.1.dnd.enable = 1")
    refused = given.call("alice")
    assert (refused.status, refused.reason) == (status, reason)
    given.rings("bob")
    press(peer, peer.contact("alice"), "DNDOn")
    assert given.call("bob").status == status


def test_provisioned_by_account(given, phone, peer):
    """What is said of an account holds for that one, over a restart too; a
    key is for all"""
    lines = ["account.1.always_fwd.enable = 1",
             "account.1.always_fwd.target = 300", "account.2.dnd.enable = 1"]
    given.resync(*lines)
    for _ in range(2):
        assert given.call("alice").contact == f"sip:300@{peer.address}"
        assert given.call("bob").status == 480
        restarted(phone, peer)
    assert "do not disturb on account 2" in phone.command("provnotify")[1]

    press(peer, peer.contact("alice"), "DNDOff;AlwaysFwdOff")
    given.rings("alice")
    given.rings("bob")
    press(peer, peer.contact("alice"), "DNDOn")
    assert given.call("alice").status == given.call("bob").status == 480

    lines[1] = "account.1.always_fwd.target = 400"
    lines[2] = "account.2.dnd.enable = 0"
    given.resync(*lines)
    assert given.call("alice").contact == f"sip:400@{peer.address}"
    given.rings("bob")


@pytest.fixture
def hurry(phone):
    """A minute passes in a second"""
    phone.preload("hurry")


def test_no_answer_by_account(hurry, given, phone, peer):
    """For that account alone"""
    assert hurry is None
    given.resync("account.2.timeout_fwd.enable = 1",
                 "account.2.timeout_fwd.target = 300",
                 "account.2.timeout_fwd.timeout = 2")
    call = peer.invite(peer.contact("alice"))
    call.wait_ringing()
    assert given.call("bob").contact == f"sip:300@{peer.address}"
    assert "ringing, call 1 ringing" in phone.command("provnotify")[1]
    call.cancel()


def test_dtmf_by_info(given, phone, peer):
    """As the account says, where baresip can: 1.0.0 knows RFC 4733 alone"""
    given.resync("account.1.dtmf.type = 2")
    contact = peer.contact("bob")
    press(peer, contact, "number=300&outgoing_uri=alice")
    call = peer.accept(peer.wait_request("INVITE"))
    phone.wait_event("CALL_ESTABLISHED")
    press(peer, contact, "4;2;POUND")
    if "baresip v1.0." in phone.process.log():
        assert call.digits(3) == "42#"
    else:
        for digit in "42#":
            info = peer.wait_request("INFO", call_id=call.call_id)
            assert info.get("content-type") == "application/dtmf-relay"
            assert f"Signal={digit}\r\n" in info.body
            peer.reply(info, 200, "OK")
    assert call.bye().status == 200
