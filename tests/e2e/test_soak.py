"""Soak: requests, resyncs, calls and consents in an order that follows from a
seed, with all faults that servers have. In the end nothing is left of it."""
import os
import random
import re
from collections import Counter

import pytest

from faulty import FAULTS, Faulty, whole
from loopback import free_port
from process import until
from sip import Peer, target, token
from web import Link
import process

SHORT = 400             # Steps where no number is given
SOURCES = 40            # Addresses that ask to press keys

# Keys that start no call, whatever was typed before
KEYS = ["UP", "VOLUME_UP", "VOLUME_DOWN", "F1", "1", "2", "*", "#", "X",
        "CANCEL", "CANCEL:7", "ONHOOK", "MUTE", "F_HOLD", "UNHOLD:3", "SWAP",
        "DNDOff", "AlwaysFwdOff", "CallWaitingOn", "1;2;X", "UP;DOWN", "L1;X",
        "NOSUCHKEY", "number=", "MSG", "D9", "F_TRANSFER", "BTrans=5"]

SYNCS = ["check-sync", "check-sync;reboot=false", "check-sync;reboot=true",
         "resync", "reboot", "Check-Sync ; reboot=false"]

USERS = ["bob", "carol", "dave", "erin"]


class Soak:
    """The phone, and all that happens to it"""

    def __init__(self, phone, peer, server, sources, seed):
        self.phone, self.peer, self.server = phone, peer, server
        self.sources = sources
        self.rng = random.Random(seed)
        self.did = Counter()

    @property
    def uri(self):
        """The phone, as its server addresses it"""
        return self.peer.contact("alice")

    # What happens

    def press(self):
        """A key of the server, which is allowed"""
        answer = self.peer.key(self.uri, "key=" + self.rng.choice(KEYS))
        assert answer.status in (200, 400), answer

    def sync(self):
        """A check-sync; no restart comes of it here"""
        assert self.peer.notify(self.uri, self.rng.choice(SYNCS)).status == 200

    def stranger(self):
        """Someone whom nobody knows"""
        stranger = self.sources[0]
        for event in ("check-sync", "ACTION-URI", "ua-profile"):
            assert stranger.notify(self.uri, event).status in (403, 481)

    def retransmission(self):
        """The same packet over and over"""
        branch = f"z9hG4bK{token()}"
        text = self.peer.compose("NOTIFY", self.uri, ["Event: ACTION-URI"],
                                 "key=UP", branch=branch)
        for _ in range(5):
            self.peer.send(text, target(self.uri))
        tags = {self.peer.wait_response(branch).get("to") for _ in range(5)}
        assert len(tags) == 1

    def over_tcp(self):
        """A NOTIFY over a connection of its own, which then is closed, at
        times in the middle of a message"""
        link = self.peer.connect(target(self.uri))
        if self.rng.random() < 0.3:
            link.sendall(b"NOTIFY sip:alice SIP/2.0\r\nEvent: ch")
        else:
            answer = self.peer.notify(self.uri, "check-sync", link=link)
            assert answer.status in (200, 403)
        self.peer.drop(link)

    def web(self):
        """Requests over HTTP: right, wrong, and half"""
        link = Link(self.phone, self.rng.choice(self.sources[1:]).host)
        kind = self.rng.randrange(5)
        if kind == 0:
            link.send("GET /servlet?key=UP HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
            assert {link.answer().status for _ in range(20)} == {403}
        elif kind == 1:
            link.send("GET /servlet?key=U")
        else:
            target_, status = self.rng.choice((
                ("/servlet?key=NOSUCHKEY", 400), ("/nowhere", 404),
                ("/servlet?phonecfg=get", 200), ("/servlet?key=UP", 200)))
            answer = link.ask(target_)
            assert answer.status in (status, 202, 403), (target_, answer)
        link.close()

    def consent(self):
        """Somebody asks to press a key; a person allows, denies, or does not
        look"""
        source = self.rng.choice(self.sources[1:])
        answer = source.key(self.uri, "key=UP")
        assert answer.status in (200, 202, 403), answer
        what = self.rng.choice(("remote_allow", "remote_deny", None))
        if what:
            # Without a source, the one that asked last
            last = answer.status == 202 and self.rng.random() < 0.5
            self.phone.command(what, None if last else source.host)

    def resync(self):
        """A resync, with or without a fault of the server"""
        name = self.rng.choice([*FAULTS, "refused", None, None])
        # Those that hold it up are rare
        if name in ("silent", "slow") and self.rng.random() < 0.8:
            name = "busy"
        if name == "refused":
            self.server.close()
        else:
            self.server.fault = FAULTS.get(name, whole)
        assert self.phone.command("resync")[0]
        if self.rng.random() < 0.3:     # one more while it fetches
            self.phone.command("resync")
        self.wait_idle()
        if name == "refused":
            self.server.open()
        self.server.fault = whole
        self.did[f"  {name or 'whole'}"] += 1

    def change(self):
        """Another file: accounts come, change and go"""
        users = self.rng.sample(USERS, self.rng.randrange(len(USERS) + 1))
        self.server.put(file_of(self.peer, users, self.rng.randrange(3)))
        assert self.phone.command("resync")[0]
        self.wait_idle()

    def registrar(self):
        """A file whose accounts the registrar refuses: it is rolled back"""
        if self.rng.random() < 0.9:
            return
        self.rest()
        self.peer.refused = {user: 403 for user in USERS}
        self.server.put(file_of(self.peer, USERS, self.rng.randrange(3, 999)))
        assert self.phone.command("resync")[0]
        until("rollback", lambda: "refused for" in self.status())
        self.peer.refused = {}
        self.did["  rollback"] += 1
        # What was refused would ask again in a minute: have it made anew
        self.server.put(file_of(self.peer, USERS[:2], 999))
        assert self.phone.command("resync")[0]
        self.wait_idle()
        self.rest()

    def check(self):
        """provcheck changes nothing"""
        mark = self.phone.process.mark()
        done = self.phone.command("provcheck", self.server.url)
        assert done[0] and "checking" in done[1], done
        self.phone.process.wait_log("^provcheck: ", mark)

    def account(self):
        """An account of the user's own comes, and goes"""
        self.phone.command("uanew", f"<sip:zoe@{self.peer.address}>;regint=60")
        self.peer.wait_registered("zoe")
        self.phone.command("uadel", f"sip:zoe@{self.peer.address}")
        self.peer.wait_unregistered("zoe")

    def called(self):
        """A call comes in: it is answered, rejected, or given up"""
        call = self.peer.invite(self.uri)
        call.wait_ringing()
        kind = self.rng.randrange(3)
        if kind == 0:
            call.cancel()
        elif kind == 1:
            assert self.peer.key(self.uri, "key=X").status == 200
            assert call.wait_final().status == 486
        else:
            assert self.peer.key(self.uri, "key=OK").status == 200
            assert call.wait_final().status == 200
            self.talk(call)

    def calls(self):
        """The phone calls, by key: it is answered, or not"""
        number = self.rng.randrange(100, 999)
        assert self.peer.key(self.uri, "key=X").status == 200
        assert self.peer.key(self.uri, f"key=number={number}").status == 200
        invite = self.peer.wait_request("INVITE")
        if self.rng.random() < 0.5:
            self.peer.reply(invite, 486, "Busy Here", token())
            self.peer.wait_request("ACK")
        else:
            self.talk(self.peer.accept(invite))

    def talk(self, call):
        """In a call: hold, digits, then somebody hangs up"""
        if self.rng.random() < 0.3:
            for direction in ("sendonly", "sendrecv"):
                assert self.peer.key(self.uri, "key=F_HOLD").status == 200
                assert call.wait_reinvite() == direction
        self.peer.key(self.uri, "key=5;MUTE;MUTE")
        if self.rng.random() < 0.5:
            assert call.bye().status == 200
        else:
            assert self.peer.key(self.uri, "key=X").status == 200
            call.wait_bye()
        self.no_calls()

    # In between

    def status(self):
        """What `provnotify` says"""
        return self.phone.command("provnotify")[1]

    def no_calls(self):
        """Wait till no call is left"""
        until("no call", lambda: "sip:" not in
              self.phone.command("listcalls")[1])

    def wait_idle(self):
        """Wait till no resync goes on"""
        def idle():
            status = self.status()
            return "resync: none" in status or "resync: waiting" in status

        until("an end of the resync", idle, context=self.status)

    def rest(self):
        """Back to how it was in the beginning"""
        self.no_calls()
        self.server.put(file_of(self.peer, USERS[:2], 0))

        def settled():
            self.phone.command("resync")
            self.wait_idle()
            status = self.status()
            return ", proved" in status and "resync: none" in status and \
                "not registered" not in status

        until("rest", settled, 4 * process.PATIENCE, self.status)
        for source in self.sources:
            self.phone.command("remote_deny", source.host)

    STEPS = [(press, 300), (sync, 100), (stranger, 60), (retransmission, 40),
             (over_tcp, 40), (web, 160), (consent, 100), (resync, 40),
             (change, 20), (registrar, 10), (check, 10), (account, 10),
             (called, 20), (calls, 20)]

    def step(self):
        """One of all that, by chance"""
        what, = self.rng.choices(*zip(*self.STEPS))
        self.did[what.__name__] += 1
        try:
            what(self)
        except (AssertionError, OSError) as error:
            raise AssertionError(f"{what.__name__}: {error}") from error
        for peer in (self.peer, *self.sources):
            peer.inbox.clear()
        del self.peer.registers[:-1]
        self.phone.events.clear()


def file_of(peer, users, version):
    """A file with some accounts"""
    return "".join(f"<sip:{user}@{peer.address}>;auth_pass=secret-{version}"
                   ";regint=3600\n" for user in users)


def left(phone):
    """What a phone has at rest: descriptors by kind, threads, accounts, files
    of the state dir"""
    kinds = Counter()
    for fd in os.listdir(f"/proc/{phone.pid}/fd"):
        try:
            kind = os.readlink(f"/proc/{phone.pid}/fd/{fd}")
        except FileNotFoundError:
            continue
        kinds[re.sub(r"\d+", "", kind)] += 1
    accounts = re.findall(r"(sip:\S+)  (.*), server",
                          phone.command("provnotify")[1])
    return {"descriptors": kinds, "accounts": sorted(accounts),
            "threads": len(os.listdir(f"/proc/{phone.pid}/task")),
            "files": sorted(
                re.sub(r"\d+", "N", name) for folder in ("", "generations")
                for name in os.listdir(os.path.join(phone.state_dir, folder))
                if not name.startswith("journal"))}


def at_rest(phone):
    """The same, unless something was being written just then, or the last
    generation but one is still to go"""
    found = left(phone)
    writes = any(".tmp" in name for name in found["files"]) or found[
        "files"].count("N") > 1 or any(
        "provnotify" in kind and not kind.endswith("lock")
        for kind in found["descriptors"])
    return None if writes else found


def timers(phone):
    """How many timers of libre's run"""
    return int(re.search(r"Timers \((\d+)\)",
                         phone.command("timers")[1]).group(1))


@pytest.fixture
def soak(request, alice, peer, net, closing):
    """The phone, started, with everything switched on"""
    server = Faulty(net.host())
    closing.append(server)
    sources = []
    for _ in range(SOURCES):
        host = net.host()
        sources.append(Peer(host, free_port(host)))
        closing.append(sources[-1])
    alice.web = [(alice.host, free_port(alice.host))] * 2
    alice.apps = ["debug_cmd.so"]
    alice.settings.update(
        url=server.url, timeout=1, confirm=1, quota=100000,
        checksync_reboot="no", notify_from=["server " + " ".join(
            [peer.host, *(source.host for source in sources[1:])])],
        http_from=f"{net.net}.0/24",
        http_listen="{}:{}".format(*alice.web[0]))
    alice.asan += ":quarantine_size_mb=1:thread_local_quarantine_size_kb=64"
    server.put(file_of(peer, USERS[:2], 0))
    alice.start()
    peer.wait_registered("alice")
    assert peer.key(peer.contact("alice"), "key=UP").status == 202
    assert alice.command("remote_allow")[0]
    return Soak(alice, peer, server, sources,
                request.config.getoption("--seed"))


def test_soak(request, soak):
    """All of it: no memory, descriptor, thread, timer or account is left"""
    option = request.config.getoption
    count, phone = option("--number") or SHORT, soak.phone
    soak.rest()
    quiet = timers(phone)
    for number in range(count):
        try:
            soak.step()
        except (AssertionError, OSError) as error:
            raise AssertionError(f"seed {option('--seed')}, step {number}, "
                                 f"{error}") from error
        if option("--number") and number % (count // 20 or 1) == 0:
            print(f"step {number}: {phone.rss()} KiB", flush=True)
        if number == count // 5:
            soak.check()
            soak.rest()
            before, memory = until("rest", lambda: at_rest(phone)), phone.rss()
    soak.rest()
    until("rest", lambda: left(phone) == before, context=lambda:
          f"{left(phone)}\n{before}")
    if option("--number"):
        # Transactions last 32 seconds
        until("no timers", lambda: timers(phone) <= quiet, 60)
    print(f"seed {option('--seed')}: {count} steps, {phone.rss() - memory} "
          f"KiB more\n{dict(soak.did)}\n{left(phone)}")
    assert phone.rss() - memory < 8192
    phone.stop()
