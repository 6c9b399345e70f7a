"""How long the main loop is held: by a thousand accounts, with a call up."""
import mmap
import os
import struct
import threading
import time

from stage import Row, pair
from wire import receive, stamped

MANY = 1000
SECONDS = 3             # of a sample: the slow file takes two of them


def config(users, address):
    """A Yealink's file, ten lines an account"""
    host, _, port = address.partition(":")
    lines = ["#!version:1.0.0.1"]
    for number, (user, secret) in enumerate(users.items(), 1):
        lines += [f"account.{number}.{key} = {value}" for key, value in (
            ("enable", 1), ("label", user), ("display_name", user),
            ("auth_name", user), ("user_name", user), ("password", secret),
            ("sip_server.1.address", host), ("sip_server.1.port", port),
            ("sip_server.1.transport_type", 0),
            ("sip_server.1.expires", 3600))]
    return "\n".join(lines) + "\n"


class Arrivals(threading.Thread):
    """When the packets of a call came"""

    def __init__(self, sock):
        super().__init__(daemon=True)
        self.sock = sock
        self.times = []
        stamped(sock)
        self.start()

    def run(self):
        while True:
            try:
                self.times.append(receive(self.sock)[1])
            except OSError:
                return

    def widest(self):
        """The widest gap between two of them [ms]"""
        times = self.times[:]
        return max(b - a for a, b in zip(times, times[1:])) * 1000


class Held:
    """A phone that tells how long its main loop is held"""

    def __init__(self, stage, count):
        self.registrar = stage.registrar()
        self.nginx = stage.nginx()
        self.phone = stage.phone()
        path = os.path.join(stage.folder("holds"), "holds")
        with open(path, "wb+") as file:
            file.write(bytes(8))
            file.flush()
            self.longest = mmap.mmap(file.fileno(), 8)
        self.phone.environment.update(LD_PRELOAD=stage.tool("holds"),
                                      HOLDS=path)
        self.users = {f"u{n}": "secret" for n in range(MANY)}
        self.turn = 0
        self.phone.accounts = [f"<sip:alice@{self.registrar.address}>;"
                               "regint=3600;answermode=auto"]
        self.phone.settings.update(url=self.nginx.url("trickle/phone.cfg"))
        self.put(count)
        self.phone.start()
        self.phone.wait_journal(action="resync", result="ok", timeout=60)

    def put(self, count=MANY):
        """What the server has: so many accounts"""
        users = dict(list(self.users.items())[:count])
        self.nginx.put("phone.cfg", config(users, self.registrar.address))

    def held(self):
        """The longest since it was asked last [ms], of the CPU's time"""
        longest = struct.unpack("Q", self.longest[:])[0] / 1e6
        self.longest[:] = bytes(8)
        return longest

    def resync(self, count=MANY):
        """Fetch a version with so many accounts, one of them changed"""
        self.turn += 1
        self.users["u0"] = f"secret-{self.turn}"
        self.put(count)
        since = len(self.phone.journal())
        assert self.phone.command("resync")[0]
        self.phone.wait_journal(since, action="resync", result="ok",
                                timeout=60)

    def call(self):
        """Call it: the dialog"""
        dialog = self.registrar.invite(self.registrar.contacts["alice"])
        dialog.wait_final()
        return dialog

    def start(self):
        """A start till all is registered"""
        self.phone.process.kill()
        since = len(self.registrar.seen)
        self.phone.spawn(prepare=False)
        self.phone.wait_ready()
        self.held()
        self.registrar.wait_all(["alice", *list(self.users)[:self.count()]],
                                since)
        return self.held()

    def count(self):
        """How many accounts the server has"""
        with open(self.nginx.path("root", "phone.cfg"),
                  encoding="ascii") as file:
            return file.read().count(".user_name")


def row_call(stage):
    """A call is up while accounts change, and while they do not"""
    phone = Held(stage, MANY)

    def during(what):
        def sample():
            dialog = phone.call()
            arrivals = Arrivals(dialog.rtp)
            until = time.monotonic() + SECONDS
            phone.held()
            what()
            time.sleep(max(0, until - time.monotonic()))
            held = phone.held()
            dialog.bye()
            return held, arrivals.widest()
        return sample

    sides = pair(*map(during, (
        lambda: None, phone.resync, lambda: phone.resync(1), phone.resync)))
    nothing = list(zip(*sides[0]))
    for what, side in zip(("1 of 1,000 accounts changes", "999 accounts go",
                           "999 accounts come"), sides[1:]):
        held, gaps = zip(*side)
        yield Row("longest hold of the main loop (time of the CPU) in a call,"
                  f" while {what}, by 10,000 lines from a slow server",
                  "the same call without", "ms", list(held),
                  list(nothing[0]), more=5)
        yield Row("widest gap between two RTP packets meanwhile", "the same "
                  "call without", "ms", list(gaps), list(nothing[1]), more=5)


def row_start(stage):
    """The stored generation is applied"""
    stored, none = Held(stage, MANY), Held(stage, 1)
    ours, theirs = pair(stored.start, none.start)
    yield Row("longest hold of the main loop (time of the CPU) at a start "
              "with 1,000 accounts stored", "a start with one", "ms", ours,
              theirs, more=5)
