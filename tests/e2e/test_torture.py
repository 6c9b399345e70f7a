"""Torture: the messages of RFC 4475, and mutations of what real servers
send. The phone lives, and does nothing that it was not asked for."""
import re
import select
import socket
import time

import pytest

import dialects
import mutate
from phone import Tail
from process import Gone, until
from rfc4475 import DROPPED, KEY, LEFT, REFUSED, RESYNC, TABLE
from sip import target, token
import process

VERDICTS = {DROPPED: [], LEFT: [], REFUSED: ["refused"],
            RESYNC: ["accepted"], KEY: ["accepted"]}


def judge(phone, peer, name, status):
    """Send one message of the RFC, and see that what the table says comes of
    it"""
    row, uri, mark = TABLE[name], peer.contact("alice"), len(phone.journal())
    branch, fence = f"z9hG4bK{token()}", token()
    peer.send(dialects.expand(
        row.text, user=uri[4:].split("@")[0], pbx=peer.address,
        phone="{}:{}".format(*target(uri)), branch=branch, id=token()
        ).encode("latin-1"), target(uri))
    # What is sent behind it is answered and written down behind it
    assert peer.key(uri, "key=UP", call_id=fence).status == 200
    end = phone.wait_journal(mark, call_id=fence)
    came = [message.status for message in peer.inbox]
    peer.inbox.clear()
    assert came == ([status] if status else []), name
    lines = [line for line in phone.journal()[mark:]
             if "verdict" in line and "count" not in line]
    assert lines.pop() == end
    effect = REFUSED if status == 400 else row.effect
    # Of refusals twenty a second are written
    assert [li["verdict"] for li in lines] in (
        VERDICTS[effect], [] if effect == REFUSED else None), (name, lines)
    if effect == KEY:
        assert lines[0]["key"].startswith("VOLUME_UP"), name
        phone.wait_journal(mark, id=lines[0]["id"], action="key")
    if effect == RESYNC:
        phone.wait_journal(mark, id=lines[0]["id"], action="resync",
                           result="unchanged")


@pytest.mark.parametrize("strict", ["no", "yes"])
def test_rfc4475(alice, peer, strict):
    """Each message is answered, refused or dropped as its row says"""
    alice.settings.update(at_boot="no", quota=1000, remote_control="allow",
                          strict=strict)
    alice.start()
    peer.wait_registered("alice")
    for name, row in TABLE.items():
        judge(alice, peer, name, row.strict if strict == "yes" else
              row.status)
    assert len(peer.registers) == 1


WINDOW = 40             # Mutants on the way at once: a socket's buffer full
SHORT = 3000            # Mutants where no number is given


class Torturer:
    """The account's server, sending mutants from the ports that their Vias
    name"""

    def __init__(self, phone, registrar, mutator):
        self.phone = phone
        self.registrar = registrar
        self.mutator = mutator
        self.journal = Tail(phone)
        self.socks = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                      for _ in (5060, 5063)]
        for sock, port in zip(self.socks, (5060, 5063)):
            sock.bind((registrar.host, port))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.restarts = self.obeyed = self.missed = 0
        self.digits = ""            # typed, of all accepted keys
        self.numbers = set()        # that a key named
        self.restarting = set()     # ids of the journal
        self.uri = None

    def close(self):
        """Close what it has open"""
        self.journal.close()
        for sock in self.socks:
            sock.close()

    def answers(self, branch, timeout):
        """Statuses of what is answered till a branch is; None if it is not"""
        found = {}
        deadline = time.monotonic() + timeout
        while branch not in found:
            left = max(0, deadline - time.monotonic())
            if not select.select(self.socks, [], [], left)[0]:
                return None, found
            # What was sent before the fence's answer has come before it
            for sock in self.socks:
                self.receive(sock, found)
        return found[branch], found

    def receive(self, sock, found):
        """Take all that has come"""
        while True:
            try:
                data = sock.recv(65536, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            status = re.match(rb"SIP/2\.0 (\d+) ", data)
            branch = re.search(rb"z9hG4bK\w+", data)
            if status and branch:
                found[branch.group()] = int(status.group(1))

    def fence(self):
        """A key behind the window that is answered and written: all of it
        has been seen. The answers to it, and its lines"""
        found, lines = {}, []
        deadline = time.monotonic() + process.PATIENCE
        while time.monotonic() < deadline:
            self.uri = self.registrar.contact("alice")
            branch, call_id = f"z9hG4bKf{token()}", f"fence-{token()}"
            self.socks[0].sendto(self.registrar.compose(
                "NOTIFY", self.uri, ["Event: ACTION-URI"], "key=UP",
                call_id=call_id, via=[
                    f"Via: SIP/2.0/UDP {self.registrar.host}:5060;"
                    f"branch={branch}"]).encode(), target(self.uri))
            status, more = self.answers(branch.encode(), 0.5)
            found.update(more)
            if status == 200:
                break
        else:
            raise Gone(f"no fence\n{self.phone.process.log()}")
        while not any(li.get("call_id") == call_id for li in lines):
            more = self.journal.lines()
            if not more:
                assert time.monotonic() < deadline, "no line of the fence"
                time.sleep(0.001)
            lines += more
        return found, [li for li in lines if not
                       li.get("call_id", "").startswith("fence")]

    def window(self, first, last):
        """Send some mutants, and judge what came of them"""
        user = self.uri[4:].split("@")[0]
        host, port = target(self.uri)
        before = len(self.registrar.registers)
        mutants = [self.mutator.make(n, user, f"{host}:{port}")
                   for n in range(first, last)]
        for mutant in mutants:
            self.socks[0].sendto(mutant.wire, (host, port))
        found, lines = self.fence()
        readings = [mutate.Reading(m.wire, self.registrar.host)
                    for m in mutants]
        for line in lines:
            self.judge(line, readings, user)
        self.calls()
        # A phone that starts again is not there for a while
        if len(self.registrar.registers) != before:
            self.missed += 1
            return
        for mutant in mutants:
            if mutant.gentle:
                assert found.get(mutant.branch) == mutant.status, mutant

    def judge(self, line, readings, user):
        """A line of the journal: is it of something that was sent?"""
        if line.get("action") == "restart" and line["result"] == "ok":
            self.restarts += 1
            self.phone.wait_ready()
            assert line["id"] in self.restarting, line
        if line.get("verdict") not in ("accepted", "asked") or \
                line["door"] != "notify":
            return
        assert line["verdict"] == "accepted", line
        assert any(r.orders(line, user) for r in readings), line
        self.obeyed += 1
        if mutate.reboots(line["event"].lower().encode(),
                          line.get("params", "").encode()):
            self.restarting.add(line["id"])
        for key in line.get("key", "").split(";"):
            name, _, argument = key.partition("=")
            if name == "number":
                self.numbers.add(argument.partition("&")[0])
            elif len(key) == 1 and key in "0123456789*#":
                self.digits += key
            elif name.lower() in ("reboot", "reset"):
                self.restarting.add(line["id"])

    def calls(self):
        """Refuse what it calls, which must have been asked for"""
        for message in list(self.registrar.inbox):
            if message.method == "INVITE":
                number = re.match("sip:([^@]*)@", message.uri).group(1)
                number = number.replace("%23", "#")
                assert number in self.numbers or number in self.digits, number
                self.registrar.reply(message, 404, "Not Found", token())
        self.registrar.inbox.clear()


@pytest.fixture
def torturer(request, alice, new_peer, closing):
    """A phone, and who tortures it"""
    seed = request.config.getoption("--seed")
    peer = new_peer()
    alice.accounts = [f"<sip:alice@{peer.address}>;regint=3600"]
    alice.settings.update(at_boot="no", quota=1000000,
                          remote_control="allow")
    # What is freed is not kept for long, to see whether memory comes back
    alice.asan += ":quarantine_size_mb=1:thread_local_quarantine_size_kb=64"
    alice.start()
    made = Torturer(alice, peer, mutate.Mutator(seed, peer.host))
    closing.append(made)
    return made


def test_mutations(request, torturer):
    """Of what real servers send: it lives, what is said in other words is
    done, and nothing that was not said. Memory comes back."""
    count = request.config.getoption("--number") or SHORT
    phone, before = torturer.phone, 0
    torturer.fence()
    for first in range(0, count, WINDOW):
        last = min(count, first + WINDOW)
        try:
            torturer.window(first, last)
        except (AssertionError, OSError) as error:
            raise AssertionError(
                f"seed {torturer.mutator.seed}, mutants {first} to {last - 1}"
                f": {error}") from error
        if first <= count // 5:
            before = phone.rss()
    until("no call", lambda: "0" in phone.command("listcalls")[1])
    assert torturer.restarts <= 3 and torturer.missed <= 2 * torturer.restarts
    assert len(torturer.registrar.registers) == 1 + 2 * torturer.restarts
    after = phone.rss()
    print(f"seed {torturer.mutator.seed}: {count} mutants, "
          f"{torturer.obeyed} obeyed, {torturer.restarts} restarts, "
          f"{after - before} KiB more")
    assert after - before < 8192
    phone.stop()
