"""check-sync: its shapes, what it comes to, and what stands in its way."""
import os
import re
import signal

import pytest

from sip import target, token

TRUE = ["check-sync;reboot=true", "check-sync; reboot=true",
        "check-sync ;reboot=true", "check-sync;reboot = true",
        "CHECK-SYNC;Reboot=TRUE", "check-sync;id=4;reboot=true",
        "reboot", "reboot_now", "restart_now", "reboot=true"]
FALSE = ["check-sync", "check-sync;reboot=false", "check-sync; reboot=false",
         "check-sync;reboot=maybe", "check-sync;reboot", "resync",
         "Check-Sync ; reboot=false"]


def restarted(phone, peer, pid, registers):
    """Wait till the phone is back, and that it is the same process"""
    phone.wait_ready()
    assert phone.pid == pid
    with open(f"/proc/{pid}/comm", encoding="ascii") as name:
        assert name.read().strip() in ("baresip", "memcheck-amd64-")
    peer.wait_registered("alice", registers)


@pytest.mark.parametrize("event", TRUE)
def test_restart(alice, peer, event):
    """Every way to say reboot=true starts baresip again, under its pid"""
    alice.start()
    uri, pid = peer.contact("alice"), alice.pid
    registers = len(peer.registers)
    answer = peer.notify(uri, event)
    assert answer.status == 200
    assert answer.contact == uri
    restarted(alice, peer, pid, registers)
    line = alice.wait_journal(door="notify", event=re.split(
        "[ ;]", event)[0], verdict="accepted", status=200)
    end = alice.wait_journal(id=line["id"], action="restart", result="ok")
    assert line["source"] == f"udp:{peer.address}"
    assert line["account"] == f"sip:alice@{peer.address}"
    assert end["time"] > line["time"]


@pytest.mark.parametrize("event", FALSE)
def test_resync(alice, peer, event):
    """Every other way does not, and without a URL nothing has changed"""
    alice.settings["at_boot"] = "no"
    alice.start()
    uri = peer.contact("alice")
    answer = peer.notify(uri, event)
    assert answer.status == 200
    line = alice.wait_journal(verdict="accepted", status=200)
    alice.wait_journal(id=line["id"], action="resync", result="unchanged")
    assert len(peer.registers) == 1


@pytest.mark.valgrind
def test_order_of_a_restart(alice, peer):
    """200 first, then un-REGISTER, then REGISTER"""
    alice.start()
    uri, pid = peer.contact("alice"), alice.pid
    branch = f"z9hG4bK{token()}"
    peer.send(peer.compose("NOTIFY", uri, ["Event: check-sync;reboot=true"],
                           branch=branch), target(uri))
    answer = peer.wait_response(branch)
    assert answer.status == 200
    restarted(alice, peer, pid, 1)
    assert ["expires=0" in r.get("contact") or r.get("expires") == "0"
            for r in peer.registers] == [False, True, False]
    # Nothing of the old process stays open
    fds = os.listdir(f"/proc/{pid}/fd")
    assert len(fds) < 30, fds


def test_no_second_restart_by_retransmission(alice, peer):
    """A retransmission gets the same answer, before the restart and after"""
    alice.start()
    uri, pid = peer.contact("alice"), alice.pid
    branch = f"z9hG4bK{token()}"
    text = peer.compose("NOTIFY", uri, ["Event: check-sync;reboot=true"],
                        branch=branch)
    peer.send(text, target(uri))
    first = peer.wait_response(branch)
    restarted(alice, peer, pid, 1)
    registers = len(peer.registers)
    peer.send(text, target(uri))
    again = peer.wait_response(branch)
    assert (again.status, again.get("to")) == (200, first.get("to"))
    # and the next request finds a phone that was not started again
    assert peer.notify(peer.contact("alice"), "check-sync").status == 200
    assert len(peer.registers) == registers


@pytest.mark.parametrize("event, status", [
    ("check-sync;reboot=false", 200), ("ACTION-URI", 400)])
def test_retransmission(alice, peer, event, status):
    """The same answer with the same To tag, and the deed is done once"""
    alice.settings["at_boot"] = "no"
    alice.start()
    uri = peer.contact("alice")
    branch = f"z9hG4bK{token()}"
    text = peer.compose("NOTIFY", uri, [f"Event: {event}"], branch=branch)
    answers = []
    for _ in range(3):
        peer.send(text, target(uri))
        answers.append(peer.wait_response(branch))
    assert {a.status for a in answers} == {status}
    assert len({a.get("to") for a in answers}) == 1
    other = peer.notify(uri, event, call_id=answers[0].get("call-id"))
    assert other.status == status
    assert other.tag("to") != answers[0].tag("to")


def test_same_call_id_and_cseq(alice, peer):
    """Only the branch tells two requests apart: FreeSWITCH repeats the rest"""
    alice.settings["at_boot"] = "no"
    alice.start()
    uri = peer.contact("alice")
    same = {"call_id": "same@pbx", "cseq": "7 NOTIFY",
            "from_": "<sip:pbx@pbx>;tag=same"}
    for _ in range(3):
        assert peer.notify(uri, "check-sync", **same).status == 200


def test_anonymous_never_restarts(alice, peer):
    """A check-sync to no account is a resync at most"""
    alice.settings["at_boot"] = "no"
    alice.start()
    peer.wait_registered("alice")
    for user in ("", "anonymous@", "nobody@"):
        answer = peer.notify(f"sip:{user}{alice.host}:{alice.port}",
                             "check-sync;reboot=true")
        assert answer.status == 200
        assert "provnotify" in answer.get("warning")
    alice.wait_journal(action="resync", result="unchanged")
    assert len(peer.registers) == 1


def test_address_of_record_is_a_resync_at_most(alice, peer):
    """Over UDP a source is easily forged, and the user is no secret"""
    alice.settings["at_boot"] = "no"
    alice.start()
    peer.wait_registered("alice")
    uri = f"sip:alice@{alice.host}:{alice.port}"
    answer = peer.notify(uri, "check-sync;reboot=true")
    assert answer.status == 200
    assert "provnotify" in answer.get("warning")
    alice.wait_journal(action="resync", result="unchanged")
    assert len(peer.registers) == 1


@pytest.mark.parametrize("policy, event, action", [
    ("always", "check-sync;reboot=false", "restart"),
    ("ignore", "check-sync;reboot=true", None)])
def test_policy(alice, peer, policy, event, action):
    """provnotify_checksync"""
    alice.settings.update(checksync=policy, at_boot="no")
    alice.start()
    answer = peer.notify(peer.contact("alice"), event)
    assert answer.status == 200
    if action:
        alice.wait_ready()
        alice.wait_journal(action=action, result="ok")
    else:
        assert "provnotify_checksync" in answer.get("warning")
        alice.wait_journal(status=200)
        assert not any(line.get("action") for line in alice.journal())


def test_no_restart_from_the_network(alice, peer):
    """provnotify_checksync_reboot no: a resync, and the sender is told"""
    alice.settings.update(checksync_reboot="no", at_boot="no")
    alice.start()
    answer = peer.notify(peer.contact("alice"), "check-sync;reboot=true")
    assert answer.status == 200
    assert "provnotify_checksync_reboot" in answer.get("warning")
    alice.wait_journal(action="resync", result="unchanged")


def test_gigaset_does_not_restart_by_default(alice, peer):
    """The vendor sets the default, the setting stands above it"""
    alice.settings.update(vendor="gigaset", at_boot="no")
    alice.start()
    answer = peer.notify(peer.contact("alice"), "check-sync;reboot=true")
    assert answer.status == 200
    alice.wait_journal(action="resync", result="unchanged")


def test_three_restarts_in_ten_minutes(alice, peer):
    """The fourth is a resync"""
    alice.settings["at_boot"] = "no"
    alice.start()
    for _ in range(3):
        registers, pid = len(peer.registers), alice.pid
        assert peer.notify(peer.contact("alice"), "reboot").status == 200
        restarted(alice, peer, pid, registers)
    lines = len(alice.journal())
    answer = peer.notify(peer.contact("alice"), "reboot")
    assert answer.status == 200
    assert "three" in answer.get("warning")
    alice.wait_journal(lines, action="resync")


def test_restart_waits_for_the_call(alice, peer):
    """And a second order for the same joins the first"""
    alice.start()
    uri, pid = peer.contact("alice"), alice.pid
    call = peer.invite(uri)
    call.wait_ringing()
    alice.command("accept")
    assert call.wait_final().status == 200
    alice.wait_event("CALL_ESTABLISHED")
    assert peer.notify(uri, "reboot").status == 200
    assert peer.notify(uri, "reboot").status == 200
    alice.wait_journal(verdict="joined", status=200)
    assert alice.command("callstat")[0]
    assert call.bye().status == 200
    restarted(alice, peer, pid, 1)


def test_restart_in_a_call(alice, peer):
    """provnotify_reboot_in_call yes: BYE first"""
    alice.settings["reboot_in_call"] = "yes"
    alice.start()
    uri, pid = peer.contact("alice"), alice.pid
    call = peer.invite(uri)
    call.wait_ringing()
    alice.command("accept")
    call.wait_final()
    alice.wait_event("CALL_ESTABLISHED")
    assert peer.notify(uri, "reboot").status == 200
    call.wait_bye()
    restarted(alice, peer, pid, 1)


def test_term_while_a_restart_waits(alice, peer):
    """It ends the phone"""
    alice.start()
    uri = peer.contact("alice")
    call = peer.invite(uri)
    call.wait_ringing()
    alice.command("accept")
    call.wait_final()
    alice.wait_event("CALL_ESTABLISHED")
    assert peer.notify(uri, "reboot").status == 200
    alice.process.signal(signal.SIGTERM)
    call.wait_bye()
    alice.check()
    alice.wait_journal(action="restart", result="failed",
                       detail="the phone was ended")
    assert not os.path.exists(os.path.join(alice.state_dir, "handover"))


def test_restart_with_a_dead_registrar(alice, peer):
    """Un-REGISTER gets two seconds, not libre's 32"""
    alice.start()
    uri, pid = peer.contact("alice"), alice.pid
    assert peer.notify(uri, "reboot").status == 200
    peer.silent = True
    alice.wait_ready()
    assert alice.pid == pid
    peer.silent = False
    peer.wait_registered("alice", 2)


def test_restart_is_left_to_the_supervisor(alice, peer):
    """provnotify_restart exit: status 75"""
    alice.settings["restart"] = "exit"
    alice.start()
    assert peer.notify(peer.contact("alice"), "reboot").status == 200
    alice.check(75)
    alice.start(prepare=False)
    alice.wait_journal(action="restart", result="ok")


def test_restart_by_a_command(alice, peer):
    """provnotify_restart with a command line; one that fails is told"""
    alice.settings["restart"] = "/bin/false"
    alice.start()
    assert peer.notify(peer.contact("alice"), "reboot").status == 200
    alice.wait_journal(action="restart", result="failed")
    peer.wait_registered("alice", 2)


def test_joined_while_the_phone_is_away(alice, peer):
    """Its server is its server, also while a command is to restart it"""
    alice.settings["restart"] = "sleep 1; false"
    alice.start()
    uri = peer.contact("alice")
    assert peer.notify(uri, "reboot").status == 200
    peer.wait_unregistered("alice")
    assert peer.notify(uri, "reboot").status == 200
    alice.wait_journal(event="reboot", verdict="joined")
    alice.wait_journal(action="restart", result="failed")
    peer.wait_registered("alice", 2)


def test_restart_keeps_arguments_and_folder(alice, peer):
    """-f may be relative, and is where it was after the restart too"""
    alice.cwd, alice.folder = os.path.split(alice.dir)
    alice.start()
    pid, registers = alice.pid, len(peer.registers)
    assert peer.notify(peer.contact("alice"), "reboot").status == 200
    restarted(alice, peer, pid, registers)
    with open(f"/proc/{pid}/cmdline", "rb") as line:
        assert alice.dir.encode() in line.read()
    assert os.readlink(f"/proc/{pid}/cwd") == alice.cwd


def test_own_accounts_are_read_again(alice, peer):
    """A resync without a URL applies what differs in accounts, only that"""
    alice.settings["at_boot"] = "no"
    alice.accounts.append(f"<sip:bob@{peer.address}>;regint=3600")
    alice.start()
    uri = peer.contact("alice")
    peer.wait_registered("bob")
    alice.accounts[1] = f"<sip:carol@{peer.address}>;regint=3600"
    alice.write_accounts()
    assert peer.notify(uri, "check-sync").status == 200
    peer.wait_registered("carol")
    peer.wait_unregistered("bob")
    alice.wait_journal(action="resync", result="ok")
    assert [r.get("to") for r in peer.registers
            if "alice" in r.get("to")] == [peer.registers[0].get("to")]
    lines = len(alice.journal())
    assert peer.notify(uri, "check-sync").status == 200
    alice.wait_journal(lines, action="resync", result="unchanged")


def test_own_contacts_are_read_again(alice, peer):
    """Contacts too"""
    alice.settings["at_boot"] = "no"
    alice.contacts = ['"Zoe" <sip:zoe@example.net>']
    alice.start()
    uri = peer.contact("alice")
    alice.write("contacts", '"Yan" <sip:yan@example.net>\n')
    assert peer.notify(uri, "check-sync").status == 200
    alice.wait_journal(action="resync", result="ok")
    listed = alice.command("contacts")[1]
    assert "yan" in listed and "zoe" not in listed


def test_changed_config_restarts(alice, peer):
    """Settings do not change while the phone runs"""
    alice.settings["at_boot"] = "no"
    alice.start()
    uri, pid = peer.contact("alice"), alice.pid
    with open(alice.path("config"), "a", encoding="utf-8") as config:
        config.write("provnotify_jitter 0\n")
    assert peer.notify(uri, "check-sync").status == 200
    restarted(alice, peer, pid, 1)


def test_no_restart_into_a_broken_config(alice, peer):
    """What the next process would refuse: it would be a phone without us"""
    alice.start()
    uri = peer.contact("alice")
    with open(alice.path("config"), encoding="utf-8") as config:
        text = config.read()
    alice.write("config", text + "provnotify_typo yes\n")
    wrong = text.count("\n") + 1
    for event in ("check-sync", "reboot"):
        assert peer.notify(uri, event).status == 200
        line = alice.wait_journal(event=event, verdict="accepted")
        end = alice.wait_journal(id=line["id"], result="failed")
        assert f"config:{wrong}: \"provnotify_typo\"" in end["detail"]
    assert len(peer.registers) == 1
    alice.write("config", text + "# mended\n")
    pid = alice.pid
    assert peer.notify(uri, "reboot").status == 200
    restarted(alice, peer, pid, 1)


def test_user_accounts_survive_resync_of_other_means(alice, peer):
    """An account made by a command is left alone"""
    alice.settings["at_boot"] = "no"
    alice.start()
    uri = peer.contact("alice")
    alice.command("uanew", f"<sip:dora@{peer.address}>;regint=3600")
    peer.wait_registered("dora")
    assert peer.notify(uri, "check-sync").status == 200
    alice.wait_journal(action="resync", result="unchanged")
    assert "dora" in peer.bindings


def test_resync_and_reboot_commands(alice, peer):
    """The console says the same"""
    alice.settings["at_boot"] = "no"
    alice.start()
    peer.wait_registered("alice")
    assert alice.command("resync")[0]
    alice.wait_journal(door="console", action="resync", result="unchanged")
    pid = alice.pid
    assert alice.command("reboot")[0]
    restarted(alice, peer, pid, 1)
    alice.wait_journal(action="restart", result="ok")
