"""ACTION-URI: keys by NOTIFY, and what the other party of a call sees."""
import pytest

from process import until


@pytest.fixture
def line(alice, peer):
    """A registered phone that takes keys; its contact"""
    alice.settings.update(remote_control="allow", at_boot="no", quota=1000,
                          key=["HELLO listcalls", "AWAY dial 777@{}".format(
                              peer.address)])
    alice.accounts.append(f"<sip:bob@{peer.address}>;regint=3600")
    alice.start()
    peer.wait_registered("bob")
    return peer.contact("alice")


def ring(phone, peer, uri):
    """A call that rings at the phone"""
    call = peer.invite(uri)
    call.wait_ringing()
    phone.wait_event("CALL_INCOMING")
    return call


def talk(phone, peer, uri):
    """A call that is up"""
    call = ring(phone, peer, uri)
    assert peer.key(uri, "key=OK").status == 200
    assert call.wait_final().status == 200
    phone.wait_event("CALL_ESTABLISHED")
    return call


def dial(phone, peer, uri, keys):
    """A call that keys have made, and that was answered"""
    assert peer.key(uri, keys).status == 200
    call = peer.accept(peer.wait_request("INVITE"))
    phone.wait_event("CALL_ESTABLISHED")
    return call


@pytest.mark.parametrize("key", ["OK", "ENTER", "ANSWER", "ASW", "OFFHOOK",
                                 "SPEAKER", "HEADSET", "ok", "Answer"])
def test_answer(alice, peer, line, key):
    """Ringing: answered"""
    call = ring(alice, peer, line)
    assert peer.key(line, f"key={key}").status == 200
    assert call.wait_final().status == 200
    alice.wait_event("CALL_ESTABLISHED")
    alice.wait_journal(event="ACTION-URI", verdict="accepted", status=200)
    alice.wait_journal(action="key", result="ok")
    assert call.bye().status == 200


@pytest.mark.parametrize("key", ["X", "CANCEL", "ONHOOK", "CALLEND"])
def test_reject(alice, peer, line, key):
    """Ringing: rejected with 486"""
    call = ring(alice, peer, line)
    assert peer.key(line, f"key={key}").status == 200
    assert call.wait_final().status == 486


@pytest.mark.parametrize("key", ["X", "CANCEL", "ONHOOK", "CALLEND",
                                 "SPEAKER"])
def test_hang_up(alice, peer, line, key):
    """In a call: ended"""
    call = talk(alice, peer, line)
    assert peer.key(line, f"key={key}").status == 200
    call.wait_bye()
    alice.wait_event("CALL_CLOSED")


@pytest.mark.parametrize("key", ["X", "CANCEL", "ONHOOK", "CALLEND"])
def test_stop_dialling(alice, peer, line, key):
    """A call of our own that rings there: stopped"""
    assert peer.key(line, f"key=number=100@{peer.address}").status == 200
    invite = peer.wait_request("INVITE")
    peer.reply(invite, 180, "Ringing", "there")
    alice.wait_event("CALL_RINGING")
    assert peer.key(line, f"key={key}").status == 200
    cancel = peer.wait_request("CANCEL")
    peer.reply(cancel, 200, "OK")
    peer.reply(invite, 487, "Request Terminated", "there")
    peer.wait_request("ACK")


def test_dial_by_keys(alice, peer, line):
    """Digits, then OK"""
    assert peer.key(line, "key=OFFHOOK").status == 200
    assert peer.key(line, "key=1;0;STAR;POUND").status == 200
    assert peer.key(line, "key=OK").status == 200
    invite = peer.wait_request("INVITE")
    assert invite.uri.startswith("sip:10*#@") or \
        invite.uri.startswith("sip:10*%23@")
    peer.reply(invite, 404, "Not Found", "there")
    peer.wait_request("ACK")


def test_typed_lapses(alice, peer):
    """What was typed, and where to transfer to: after half a minute"""
    alice.preload("hurry")
    alice.settings.update(remote_control="allow", at_boot="no", quota=1000)
    alice.start()
    line = peer.contact("alice")

    def status():
        return alice.command("provnotify")[1]

    assert peer.key(line, "key=OFFHOOK;1").status == 200
    until("idle", lambda: "phone: idle" in status())
    call = talk(alice, peer, line)
    assert peer.key(line, "key=F_TRANSFER;3").status == 200
    assert call.wait_reinvite() == "sendonly"
    until("held", lambda: "phone: held" in status())
    assert call.bye().status == 200


def test_dial_and_speaker_in_one_chain(alice, peer, line):
    """A chain runs in order"""
    call = dial(alice, peer, line, "key=SPEAKER;4;5;6;ENTER")
    assert "456@" in call.request.uri
    assert call.bye().status == 200


@pytest.mark.parametrize("body", [
    "key=number={to}&outgoing_uri=bob", "number={to}&outgoing_uri=bob",
    "number={to}&outgoing_uri=sip:bob@{pbx}", "number={to}&outgoing_uri=2",
    "number=sip:{to}&outgoing_uri=bob@{pbx}"])
def test_number(alice, peer, line, body):
    """A call from the account that is named"""
    text = body.format(to=f"300@{peer.address}", pbx=peer.address)
    call = dial(alice, peer, line, text)
    assert "300@" in call.request.uri
    assert "sip:bob@" in call.request.get("from")
    assert call.bye().status == 200


def test_number_from_the_default_account(alice, peer, line):
    """Without outgoing_uri, or with one that is not ours, it is the first"""
    for body in ("key=number=300", "number=300&outgoing_uri=nobody",
                 "number=300&outgoing_uri=", "number=300&outgoing_uri=URI",
                 "number=300&outgoing_uri=@192.168.9.10",
                 "number=300&outgoing_uri=9"):
        call = dial(alice, peer, line, body)
        assert "sip:alice@" in call.request.get("from")
        assert f"300@{peer.address}" in call.request.uri
        assert call.bye().status == 200
        alice.wait_event("CALL_CLOSED")


def test_redial(alice, peer, line):
    """RD calls whom we have called last"""
    call = dial(alice, peer, line, "key=number=300")
    assert call.bye().status == 200
    alice.wait_event("CALL_CLOSED")
    call = dial(alice, peer, line, "key=RD")
    assert "300@" in call.request.uri
    assert call.bye().status == 200


@pytest.mark.valgrind
def test_hold_and_resume(alice, peer, line):
    """F_HOLD holds, and resumes when pressed again"""
    call = talk(alice, peer, line)
    for key, direction in (("F_HOLD", "sendonly"), ("HOLD", "sendrecv"),
                           ("F_HOLD", "sendonly"), ("UNHOLD", "sendrecv")):
        assert peer.key(line, f"key={key}").status == 200
        assert call.wait_reinvite() == direction
    assert call.bye().status == 200


def test_dtmf(alice, peer, line):
    """Digits in a call go out as RFC 4733 events, in order"""
    call = dial(alice, peer, line, "key=number=300")
    assert peer.key(line, "key=1;0;STAR;POUND;9").status == 200
    assert call.digits(5) == "10*#9"
    shown = alice.wait_journal(verdict="accepted", key="digit;digit;digit;"
                               "digit;digit")
    assert shown["event"] == "ACTION-URI"
    assert call.bye().status == 200


def test_mute(alice, peer, line):
    """MUTE toggles the microphone"""
    call = talk(alice, peer, line)
    assert peer.key(line, "key=MUTE").status == 200
    alice.wait_journal(key="MUTE", status=200)
    assert peer.key(line, "key=MUTE").status == 200
    assert call.bye().status == 200


def test_dnd(alice, peer, line):
    """DNDOn turns calls away, over a restart too; DNDOff takes them again"""
    assert peer.key(line, "key=DNDOn").status == 200
    alice.wait_journal(action="key", result="ok")
    assert peer.invite(line).wait_final().status in (480, 486)
    pid = alice.pid
    assert peer.key(line, "key=Reboot").status == 200
    alice.wait_ready()
    assert alice.pid == pid
    uri = peer.wait_registered("alice", 2).contact
    assert peer.invite(uri).wait_final().status in (480, 486)
    assert peer.key(uri, "key=DNDOff").status == 200
    ring(alice, peer, uri).cancel()


def test_autop_and_reboot(alice, peer, line):
    """Keys that are orders for the desk"""
    assert peer.key(line, "key=AutoP;DNDOn").status == 200
    alice.wait_journal(action="resync", result="unchanged")
    assert peer.invite(line).wait_final().status in (480, 486)
    assert peer.key(line, "key=reboot").status == 200
    alice.wait_ready()
    alice.wait_journal(action="restart", result="ok")


def test_own_keys(alice, peer, line):
    """provnotify_key: a command of the user's own, with its parameters"""
    assert peer.key(line, "key=hello").status == 200
    call = dial(alice, peer, line, "key=AWAY")
    assert "777@" in call.request.uri
    assert call.bye().status == 200


@pytest.mark.parametrize("key", ["UP", "DOWN", "LEFT", "RIGHT", "F1", "F4",
                                 "BACK_IDLE", "SPLIT", "MUTE", "F_HOLD", "X",
                                 "F_TRANSFER", "RD", "D1", "ASW:77"])
def test_no_effect(alice, peer, line, key):
    """Known, but nothing to do now: 200, and both are told"""
    answer = peer.key(line, f"key={key}")
    assert answer.status == 200
    assert "provnotify" in answer.get("warning")
    alice.wait_journal(action="key", result="no-effect")


@pytest.mark.parametrize("body, reason", [
    ("", ""), ("OK", ""), ("key=", ""), ("key=NOSUCHKEY", "Unknown Key"),
    ("key=OK;NOSUCHKEY;X", "Unknown Key"), ("keys=OK", ""),
    ("key=" + ";".join(["1"] * 33), ""), ("key=OK\x01", ""),
    ("number=1 2", ""), ("number=", ""), ("number=" + "1" * 65, ""),
    ("number=100@host;transport=tcp", ""), ("number=100?Replaces=x", ""),
    ("number=<sip:1@h>", ""), ("number=1\n/quit", ""),
    ("key=OK\r\nkey=X", ""), ("number=tel:100", "")])
def test_bad_body(alice, peer, line, body, reason):
    """400 with the reason, and nothing happens"""
    answer = peer.key(line, body)
    assert answer.status == 400, answer
    assert answer.reason not in ("", "Bad Request")
    assert reason in answer.reason
    alice.wait_journal(verdict="refused", status=400)
    assert not any("action" in entry for entry in alice.journal())


@pytest.mark.parametrize("kind, status", [
    ("message/sipfrag", 200), ("text/plain", 200), ("Text/Plain;charset=utf-8",
                                                    200),
    (None, 200), ("application/json", 415), ("application/xml", 415)])
def test_content_type(alice, peer, line, kind, status):
    """message/sipfrag, text/plain or none"""
    headers = [f"Content-Type: {kind}"] if kind else []
    answer = peer.notify(line, "ACTION-URI", headers, "key=UP")
    assert answer.status == status
    if status == 415:
        assert "message/sipfrag" in answer.get("accept")


@pytest.mark.parametrize("body", ["key=UP\r\n", "  key=UP  ", "KEY=up",
                                  "key = UP", "\r\nkey=UP\r\n\r\n"])
def test_tolerated_bodies(alice, peer, line, body):
    """Blanks and line ends around it"""
    assert peer.key(line, body).status == 200


def test_second_call(alice, peer, line):
    """The second call that rings is what the answering keys act on"""
    first = talk(alice, peer, line)
    second = ring(alice, peer, line)
    assert peer.key(line, "key=OK").status == 200
    assert first.wait_reinvite() == "sendonly"
    assert second.wait_final().status == 200
    alice.wait_event("CALL_ESTABLISHED")
    third = ring(alice, peer, line)
    assert peer.key(line, "key=X").status == 200
    assert third.wait_final().status == 486
    assert peer.key(line, "key=X").status == 200
    second.wait_bye()
    assert first.bye().status == 200


def test_talk_and_hold_events(alice, peer, line):
    """BroadSoft's events, inside the call's dialog"""
    call = ring(alice, peer, line)
    assert call.notify("talk").status == 200
    assert call.wait_final().status == 200
    alice.wait_event("CALL_ESTABLISHED")
    assert call.notify("hold").status == 200
    assert call.wait_reinvite() == "sendonly"
    assert call.notify("talk").status == 200
    assert call.wait_reinvite() == "sendrecv"
    assert call.bye().status == 200
    assert peer.notify(line, "talk").status == 481


def announced(peer, phone, account):
    """What the INVITE of an account says of events"""
    assert peer.key(peer.contact("alice"), "number=300&outgoing_uri="
                    f"{account}").status == 200
    invite = peer.wait_request("INVITE")
    assert f"sip:{account}@" in invite.get("from")
    peer.reply(invite, 404, "Not Found", "there")
    peer.wait_request("ACK")
    phone.wait_event("CALL_CLOSED")
    return invite.all("allow-events")


def test_talk_and_hold_announced(alice, peer):
    """In the INVITEs of accounts from the start, read anew, provisioned"""
    alice.settings.update(remote_control="allow", at_boot="no", quota=1000)
    alice.start()
    assert announced(peer, alice, "alice") == ["talk, hold"]
    alice.accounts.append(f"<sip:bob@{peer.address}>;regint=3600")
    alice.write_accounts()
    assert alice.command("resync")[0]
    peer.wait_registered("bob")
    assert announced(peer, alice, "bob") == ["talk, hold"]
    alice.stop()

    alice.write("accounts.new", f"<sip:carol@{peer.address}>;regint=3600\n")
    alice.settings.update(url=f"file://{alice.path('accounts.new')}")
    since = len(peer.registers)
    alice.start()
    assert alice.command("resync")[0]
    peer.wait_registered("alice", since)
    peer.wait_registered("carol", since)
    assert announced(peer, alice, "carol") == ["talk, hold"]


def test_talk_and_hold_denied(alice, peer):
    """Who may not press keys need not know of them"""
    alice.settings.update(remote_control="deny", at_boot="no")
    alice.start()
    peer.wait_registered("alice")
    assert alice.command("dial", f"sip:300@{peer.address}")[0]
    invite = peer.wait_request("INVITE")
    assert invite.all("allow-events") == []
    peer.reply(invite, 404, "Not Found", "there")
    peer.wait_request("ACK")


def test_key_command(alice, peer, line):
    """The console's key NAME"""
    call = ring(alice, peer, line)
    assert alice.command("key", "OK")[0]
    assert call.wait_final().status == 200
    alice.wait_event("CALL_ESTABLISHED")
    assert call.bye().status == 200
    assert alice.command("key", "NOSUCHKEY")[1] == "400 Unknown Key\n"
    assert "sa_hash" not in alice.process.log()


def test_unknown_account(alice, peer, line):
    """ACTION-URI to no account"""
    uri = f"sip:nobody@{alice.host}:{alice.port}"
    assert peer.key(uri, "key=OK").status == 404
