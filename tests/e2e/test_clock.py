"""The wall clock jumps by a year, forward or back, in the middle of all that
waits for something: nothing is over too early, nothing waits for ever.

shift.c moves the clock of one phone. libfaketime would move CLOCK_MONOTONIC
and all timerfds too, which no step of a clock does.
"""
import os
import re
import subprocess
import threading

import pytest

from faulty import FAULTS, Faulty, text, whole
from process import until
from sip import target, token

SOURCE = os.path.join(os.path.dirname(__file__), "shift.c")
YEAR = 365 * 86400

PHASES = {}


def phase(function):
    """Register a phase: what stands before its yield happens before the step,
    what stands behind it, after"""
    PHASES[function.__name__] = function
    return function


class Clock:
    """A phone whose clock can be set, and its servers"""

    def __init__(self, phone, peer, server, shim):
        self.phone, self.peer, self.server = phone, peer, server
        self.settings = phone.settings
        phone.settings.update(at_boot="no", url=server.url,
                              remote_control="allow")
        self.shift = phone.path("shift")
        phone.environment = {"LD_PRELOAD": shim, "SHIFT": self.shift}
        phone.write("shift", "0")
        os.mkfifo(self.shift + ".step")

    @property
    def uri(self):
        """The phone, as its server addresses it"""
        return self.peer.contact("alice")

    def step(self, seconds):
        """Set the clock. All accounts register anew."""
        before = len(self.peer.registers)
        self.phone.write("shift~", str(seconds))
        os.rename(self.shift + "~", self.shift)
        with open(self.shift + ".step", "w", encoding="ascii") as fifo:
            fifo.write("!")
        self.peer.wait_registers(before + 1)

    def hold(self, what):
        """Keep the phone from a file"""
        self.phone.write("shift.hold", what)

    def release(self):
        """Let it have the file"""
        os.unlink(self.shift + ".hold")

    def start(self, **settings):
        """Start the phone, and wait till alice is registered"""
        self.phone.settings.update(settings)
        self.phone.start()
        self.peer.wait_registered("alice")

    def put(self, *users, word="secret"):
        """A file with some accounts"""
        self.server.put("".join(
            f"<sip:{user}@{self.peer.address}>;auth_pass={word};regint=3600\n"
            for user in users))

    def status(self):
        """What `provnotify` says"""
        return self.phone.command("provnotify")[1]

    def wait_status(self, what):
        """Wait till it says something; the number in it"""
        return until(what, lambda: re.search(what, self.status()),
                     context=self.status)

    def order(self):
        """A resync of a person; the journal's lines so far"""
        since = len(self.phone.journal())
        assert self.phone.command("resync")[0]
        return since

    def sync(self):
        """A resync of the server; the journal's lines so far"""
        since = len(self.phone.journal())
        assert self.peer.notify(self.uri, "check-sync").status == 200
        return since

    def ended(self, since, result):
        """Wait for the end of a resync"""
        return self.phone.wait_journal(since, action="resync", result=result)

    def prove(self, *users):
        """A generation that is proved"""
        self.put(*users)
        self.ended(self.order(), "ok")

    def talk(self):
        """A call that is up"""
        call = self.peer.invite(self.uri)
        call.wait_ringing()
        self.phone.command("accept")
        assert call.wait_final().status == 200
        self.phone.wait_event("CALL_ESTABLISHED")
        return call


# A resync

@phase
def waiting(clock):
    """For the time that the server said"""
    clock.start()
    clock.put("bob")
    clock.server.fault = text("503 Busy", "Retry-After: 2")
    clock.ended(clock.order(), "failed")
    since = clock.sync()
    assert "resync: waiting" in clock.status()
    clock.server.fault = whole
    yield
    assert "resync: waiting" in clock.status()
    clock.ended(since, "ok")


@phase
def fetching(clock):
    """A file that is on its way"""
    there = threading.Event()

    def held(*args):
        there.wait()
        whole(*args)

    clock.start()
    clock.put("bob")
    clock.server.fault = held
    since = clock.sync()
    clock.wait_status("resync: fetching")
    yield
    assert "resync: fetching" in clock.status()
    there.set()
    clock.ended(since, "ok")


@phase
def committing(clock):
    """A generation that is being written"""
    clock.start()
    clock.put("bob")
    clock.hold("/current")
    since = clock.sync()
    clock.wait_status("resync: writing")
    yield
    assert "resync: writing" in clock.status()
    clock.release()
    clock.ended(since, "ok")


@phase
def trial(clock):
    """Its proof is still to come: it is not over, and comes"""
    clock.start(confirm=60)
    clock.prove("bob")
    clock.peer.silent = True
    clock.put("carol")
    since = clock.order()
    clock.wait_status("on trial for")
    yield
    assert 30 < int(clock.wait_status(r"on trial for (\d+)").group(1)) <= 60
    clock.peer.silent = False
    clock.ended(since, "ok")
    # What was on its way when the clock went back waits for the old time
    clock.phone.process.kill()


@phase
def lost_trial(clock):
    """It fails when its time is over"""
    clock.start(confirm=3)
    clock.prove("bob")
    clock.peer.refused["bob"] = 403
    clock.put("bob", word="wrong")
    since = clock.order()
    clock.wait_status("on trial for")
    yield
    assert "on trial for" in clock.status()
    clock.ended(since, "rolled-back")


@phase
def refusal(clock):
    """A version that was refused stays so, for an hour"""
    clock.start(confirm=1)
    clock.prove("bob")
    clock.peer.refused["bob"] = 403
    clock.put("bob", word="wrong")
    clock.ended(clock.order(), "rolled-back")
    clock.peer.refused.clear()
    yield
    left = clock.wait_status(r"refused for (\d+) s more")
    assert 3000 < int(left.group(1)) <= 3600
    assert "refused" in clock.ended(clock.sync(), "failed")["detail"]


@phase
def back_off(clock):
    """After a failure: not at once, and not in a year"""
    clock.start()
    clock.put("bob")
    clock.server.fault = FAULTS["busy"]
    clock.ended(clock.order(), "failed")
    asked = clock.server.asked
    yield
    left = clock.wait_status(r"asking again in (\d+) s")
    assert 10 < int(left.group(1)) <= 36
    assert clock.server.asked == asked
    clock.server.fault = whole
    clock.ended(clock.sync(), "ok")


@phase
def own(clock):
    """The user's own files are being read"""
    del clock.settings["url"]
    clock.start()
    clock.phone.accounts.append(f"<sip:carol@{clock.peer.address}>")
    clock.phone.write_accounts()
    clock.hold("/accounts")
    since = clock.sync()
    clock.wait_status("resync: reading your own files")
    yield
    assert "reading your own files" in clock.status()
    clock.release()
    clock.ended(since, "ok")
    clock.peer.wait_registered("carol")


# A restart

@phase
def restart(clock):
    """It waits for the end of a call, which goes on"""
    clock.start()
    call, pid = clock.talk(), clock.phone.pid
    assert clock.peer.notify(clock.uri, "reboot").status == 200
    clock.wait_status("restart: waits for the last call")
    yield
    assert "restart: waits for the last call" in clock.status()
    assert call.send("OPTIONS").status == 200
    assert call.bye().status == 200
    clock.phone.wait_ready()
    clock.phone.wait_journal(action="restart", result="ok")
    assert clock.phone.pid == pid


@phase
def restarts(clock):
    """Three in ten minutes, of which two stay two"""
    clock.start()
    for _ in range(2):
        since = len(clock.peer.registers)
        assert clock.peer.notify(clock.uri, "reboot").status == 200
        clock.phone.wait_ready()
        clock.peer.wait_registered("alice", since)
    yield
    since = len(clock.peer.registers)
    assert not clock.peer.notify(clock.uri, "reboot").get("warning")
    clock.phone.wait_ready()
    clock.peer.wait_registered("alice", since)
    answer = clock.peer.notify(clock.uri, "reboot")
    assert "three restarts" in answer.get("warning")


# Who may

@phase
def consent(clock):
    """A key waits for a person"""
    clock.start(remote_control="ask")
    assert clock.peer.key(clock.uri, "key=UP").status == 202
    yield
    assert "waits for remote_allow" in clock.status()
    assert clock.peer.key(clock.uri, "key=UP").status == 403
    assert clock.phone.command("remote_allow")[0]
    clock.phone.wait_journal(action="key", result="no-effect")


@phase
def nonce(clock):
    """It is as fresh as it was"""
    clock.start(digest="all")
    uri = clock.uri
    asked = clock.peer.notify(uri, "check-sync")
    assert asked.status == 401
    right = clock.peer.authorize(asked, uri, "alice", "alice-secret")
    yield
    assert clock.peer.notify(uri, "check-sync", [right]).status == 200
    again = clock.peer.notify(uri, "check-sync", [right])
    assert again.status == 401
    right = clock.peer.authorize(again, uri, "alice", "alice-secret")
    assert clock.peer.notify(uri, "check-sync", [right]).status == 200


@phase
def quota(clock):
    """What is used up comes back, in its time"""
    clock.start(quota=1)

    def status():
        return clock.peer.key(clock.uri, "key=UP").status

    for _ in range(5):
        assert status() == 200
    until("quota used up", lambda: status() == 480)
    yield
    assert clock.peer.key(clock.uri, "key=UP").get("retry-after") in (
        "", "1")
    until("quota", lambda: status() == 200)


@phase
def ring(clock):
    """A retransmission is one, and orders nothing"""
    clock.start()
    branch = f"z9hG4bK{token()}"
    packet = clock.peer.compose("NOTIFY", clock.uri, ["Event: ACTION-URI"],
                                "key=VOLUME_DOWN", branch=branch)
    clock.peer.send(packet, target(clock.uri))
    first = clock.peer.wait_response(branch)
    clock.phone.wait_journal(action="key", result="ok")
    since = len(clock.phone.journal())
    yield
    clock.peer.send(packet, target(clock.uri))
    again = clock.peer.wait_response(branch)
    assert (again.status, again.get("to")) == (200, first.get("to"))
    assert clock.peer.key(clock.uri, "key=UP", call_id="next").status == 200
    clock.phone.wait_journal(since, call_id="next")
    assert not [line for line in clock.phone.journal()[since:]
                if line.get("key") == "VOLUME_DOWN"]


@phase
def journal(clock):
    """Refusals are counted for a second, and then written"""
    clock.start()
    for _ in range(4):
        assert clock.peer.key(clock.uri, "key=NOSUCHKEY").status == 400
    yield
    clock.phone.wait_journal(verdict="refused", count=3)


@phase
def typed(clock):
    """A number that is being typed"""
    clock.start()
    assert clock.peer.key(clock.uri, "key=OFFHOOK;3;0").status == 200
    yield
    assert clock.peer.key(clock.uri, "key=0;OK").status == 200
    invite = clock.peer.wait_request("INVITE")
    assert invite.uri.startswith("sip:300@")
    clock.peer.reply(invite, 404, "Not Found", token())
    clock.peer.wait_request("ACK")


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    """shift.c, built"""
    path = str(tmp_path_factory.mktemp("shim") / "shift.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra",
                    "-o", path, SOURCE, "-ldl"], check=True)
    return path


@pytest.fixture
def clock(alice, peer, net, closing, shim):
    """A phone whose clock can be set, not yet started"""
    server = Faulty(net.host())
    closing.append(server)
    return Clock(alice, peer, server, shim)


@pytest.mark.parametrize("seconds", [YEAR, -YEAR], ids=["forward", "back"])
@pytest.mark.parametrize("name", PHASES)
def test_step(clock, name, seconds):
    """In each phase; and after it all goes on as ever"""
    story = PHASES[name](clock)
    next(story)
    clock.step(seconds)
    assert next(story, "over") == "over"
    if clock.phone.process.running():
        since = clock.order()
        clock.phone.wait_journal(since, door="console", action="resync")
    assert {line["result"] for line in clock.phone.journal()
            if "result" in line} <= {
                "ok", "unchanged", "no-effect", "failed", "lapsed",
                "rolled-back"}
    if name not in ("lost_trial", "refusal"):
        assert "rolled-back" not in str(clock.phone.journal())
    if clock.phone.process.running():
        clock.phone.stop()
