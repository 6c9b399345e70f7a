"""The life of a phone: a resync, a restart, and its memory at rest."""
import os
import time

from stage import Row, pair

MANY = 1000
REST = 0.2      # before a sample, so that all has come to rest [s]


class Many:
    """A phone with a thousand provisioned accounts, all of them registered"""

    def __init__(self, stage):
        self.registrar = stage.registrar()
        self.nginx = stage.nginx()
        self.users = [f"u{n}" for n in range(MANY)]
        self.secrets = dict.fromkeys(self.users, "secret")
        self.turn = 0
        self.put()
        self.phone = stage.phone()
        self.phone.settings.update(url=self.nginx.url("accounts"))
        self.start()
        self.wait_end(0, "ok")

    def put(self):
        """What the server has"""
        address = self.registrar.address
        self.nginx.put("accounts", "".join(
            f"<sip:{user}@{address}>;auth_pass={secret};regint=3600\n"
            for user, secret in self.secrets.items()))

    def start(self):
        """Start it: how long till all of them have registered [ms]"""
        since = len(self.registrar.seen)
        started = time.time()
        self.phone.spawn(prepare=not self.turn)
        self.turn += 1
        last = self.registrar.wait_all(self.users, since)
        self.phone.wait_ready()
        return (last - started) * 1000

    def wait_end(self, since, result):
        """Wait for the end of a resync"""
        self.phone.wait_journal(since, action="resync", result=result,
                                timeout=60)

    def cold(self):
        """End it and start it anew"""
        self.phone.process.kill()
        time.sleep(REST)
        return self.start()

    def change(self):
        """One of them changes: check-sync till it has registered [ms]"""
        self.turn += 1
        user = self.users[self.turn % MANY]
        self.secrets[user] += "x"
        self.put()
        time.sleep(REST)
        since = len(self.registrar.seen), len(self.phone.journal())
        sent = self.registrar.order("u0", "check-sync;reboot=false")
        when = self.registrar.wait_all([user], since[0])
        self.wait_end(since[1], "ok")
        assert {u for _, u, _ in self.registrar.seen[since[0]:]} == {user}
        return (when - sent) * 1000

    def restart(self):
        """An ordered restart, till all have registered [ms]"""
        since = len(self.registrar.seen)
        sent = self.registrar.order("u0", "check-sync;reboot=true")
        last = self.registrar.wait_all(self.users, since)
        self.phone.wait_ready()
        return (last - sent) * 1000


class Restarts:
    """Ordered restarts, of which one phone does three in ten minutes"""

    def __init__(self, stage, make):
        self.stage = stage
        self.make = make
        self.turn = 0
        self.phone = None

    def sample(self):
        """One of them [ms]"""
        if self.turn % 3 == 0:
            if self.phone:
                self.phone.phone.process.kill()
            self.phone = self.make(self.stage)
        self.turn += 1
        time.sleep(REST)
        return self.phone.restart()


def row_resync(stage):
    """One of a thousand accounts changes, against a start of all"""
    phone, stored = Many(stage), Many(stage)
    change, ordered, cold = pair(
        phone.change, Restarts(stage, Many).sample, stored.cold)
    what = "check-sync to the REGISTER of the one account of 1,000 that " \
        "has changed"
    yield Row(what, "check-sync with reboot=true to the last REGISTER", "ms",
              change, ordered, times=1 / 20)
    yield Row(what, "a start of the program to the last REGISTER", "ms",
              change, cold)
    yield from unchanged(phone)


def files(folder):
    """All in a state dir but the journal: name to time, inode and size"""
    found = {}
    for path, _, names in os.walk(folder):
        for name in [path, *(os.path.join(path, n) for n in names)]:
            if "journal" not in name:
                stat = os.stat(name)
                found[name] = stat.st_mtime_ns, stat.st_ino, stat.st_size
    return found


def unchanged(many):
    """What a resync of a thousand accounts does when nothing has changed"""
    before = files(many.phone.state_dir)
    asked = len(many.nginx.requests())
    count, lines = len(many.registrar.seen), len(many.phone.journal())
    many.registrar.order("u0", "check-sync;reboot=false")
    many.wait_end(lines, "unchanged")
    after = files(many.phone.state_dir)
    asked = many.nginx.wait_requests(asked + 1)[asked:]
    assert all(r["status"] == 304 and r["etag"] for r in asked), asked
    written = sum(after.get(name) != stat for name, stat in before.items())
    written += len(set(after) - set(before))
    what = "{} of a check-sync when nothing has changed"
    yield Row(what.format("conditional requests"), "one file", "",
              [len(asked)], [1], more=0)
    yield Row(what.format("REGISTERs"), "none", "",
              [len(many.registrar.seen) - count], [0], more=0)
    yield Row(what.format("files written, the journal apart,"), "none", "",
              [written], [0], more=0)


class One:
    """A phone with one account"""

    def __init__(self, stage, module=True):
        self.registrar = stage.registrar()
        self.phone = stage.phone(module)
        self.phone.accounts = [f"<sip:alice@{self.registrar.address}>;"
                               "regint=3600"]
        self.phone.start()
        self.registrar.wait_all(["alice"])

    def cold(self):
        """A start of the program to its REGISTER [ms]"""
        self.phone.process.kill()
        time.sleep(REST)
        since = len(self.registrar.seen)
        started = time.time()
        self.phone.spawn(prepare=False)
        when = self.registrar.wait_all(["alice"], since)
        self.phone.wait_ready()
        return (when - started) * 1000

    def restart(self):
        """check-sync to its REGISTER [ms]"""
        since = len(self.registrar.seen)
        sent = self.registrar.order("alice", "check-sync;reboot=true")
        when = self.registrar.wait_all(["alice"], since)
        self.phone.wait_ready()
        return (when - sent) * 1000

    def memory(self, field):
        """Memory that it has for itself [MB]"""
        with open(f"/proc/{self.phone.pid}/smaps_rollup",
                  encoding="ascii") as sizes:
            return sum(int(line.split()[1]) for line in sizes
                       if line.startswith(field)) / 1000


def row_restart(stage):
    """check-sync with reboot=true, against a start of the same program"""
    ordered, cold = pair(Restarts(stage, One).sample, One(stage).cold,
                         repeats=11)
    yield Row("check-sync with reboot=true to REGISTER", "a start of the same"
              " baresip to REGISTER", "ms", ordered, cold, times=1.5)


def row_rest(stage):
    """What the module takes while nothing happens"""
    for name, field, more in (("memory of its own (private dirty)",
                               "Private_Dirty:", 3),
                              ("memory by PSS", "Pss:", None)):
        ours, theirs = pair(lambda: One(stage).memory(field),
                            lambda: One(stage, False).memory(field),
                            repeats=3)
        yield Row(f"{name} at rest", "the same baresip without the module",
                  "MB", ours, theirs, more=more)
