"""Where a row of the table is measured, and what a row is.

A Stage is what a fixture is to the tests in tests/e2e: it starts phones and
servers in a scratch folder, on addresses of their own, and ends them.
"""
import dataclasses
import glob
import os
import shutil
import statistics
import subprocess
import tempfile
import time

from kamailio import Kamailio
from loopback import Loopback, free_port
from nginx import Nginx
from phone import Phone
from process import Process
from sip import Peer
from wire import Registrar

# How often each side of a pair is measured. Odd, so that the median is one
REPEATS = 5


@dataclasses.dataclass
class Row:
    """One line of the table, with the samples of both sides"""

    what: str           # what is measured
    against: str        # what it is compared with
    unit: str           # of the samples
    ours: list          # samples of what is measured
    theirs: list        # samples of what it is compared with
    times: float = None     # at most so many times the other, or
    more: float = None      # at most so much more than it; else stated
    chance: float = 0       # how far the other is from itself, as a ratio

    @property
    def medians(self):
        """Of both sides, ours first"""
        return statistics.median(self.ours), statistics.median(self.theirs)

    @property
    def ratio(self):
        """How many times the other: the median of the turns, so that what
        slows a whole turn down does not count"""
        return statistics.median(
            ours / theirs for ours, theirs in zip(self.ours, self.theirs))

    @property
    def difference(self):
        """How much more than the other"""
        ours, theirs = self.medians
        return ours - theirs

    @property
    def reached(self):
        """Is it as good as it must be?"""
        return (self.times is None or
                self.ratio <= self.times + self.chance) and \
            (self.more is None or self.difference <= self.more)


def cpu_ns(pid):
    """CPU time that a process has used so far, all its threads, in ns: its
    CPU clock, as clock_getcpuclockid(3) numbers it"""
    return time.clock_gettime_ns(~pid << 3 | 2)


def children(pid):
    """A process and those that it forked"""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        pids = [int(p) for p in file.read().split()]
    return [pid] + [p for child in pids for p in children(child)]


def memory_kb(pid, field="VmRSS"):
    """A size from /proc/PID/status, in kB"""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith(f"{field}:"):
                return int(line.split()[1])
    raise KeyError(field)


def pair(*sides, repeats=REPEATS):
    """Measure two or more things in turns, A B A B, and once for nothing, to
    warm up. Each is a function that returns a sample; a list of samples for
    each comes back"""
    for side in sides:
        side()
    samples = [[side() for side in sides] for _ in range(repeats)]
    return [list(side) for side in zip(*samples)]


class Stage:
    """Addresses, a scratch folder, and what runs there"""

    def __init__(self, module, tools):
        self.module = module
        self.tools = tools
        self.net = Loopback()
        self.dir = tempfile.mkdtemp(prefix="provnotify-bench-")
        self._closing = []

    def _keep(self, thing):
        self._closing.append(thing)
        return thing

    def folder(self, name):
        """A new folder"""
        path = os.path.join(self.dir, f"{name}{len(os.listdir(self.dir))}")
        os.mkdir(path)
        return path

    def tool(self, name):
        """A program that mk/bench.mk built from tests/bench/NAME.c"""
        return os.path.abspath(os.path.join(self.tools, name))

    def phone(self, module=True):
        """A phone, not yet started; without the module if so said"""
        return self._keep(Phone(self.folder("phone"), self.net.host(),
                                self.module if module else None))

    def peer(self):
        """A scripted registrar"""
        host = self.net.host()
        return self._keep(Peer(host, free_port(host)))

    def registrar(self):
        """A registrar that notes when a REGISTER came"""
        host = self.net.host()
        return self._keep(Registrar(host, free_port(host)))

    def kamailio(self, passwords=()):
        """A Kamailio. passwords: user to password"""
        return self._keep(Kamailio(self.folder("kamailio"), self.net.host(),
                                   dict(passwords)))

    def nginx(self):
        """A provisioning server"""
        return self._keep(Nginx(self.folder("nginx"), self.net.host()))

    def process(self, name, *argv):
        """Any other program"""
        process = Process(name, argv, self.dir)
        process.close = process.kill
        return self._keep(process)

    def run(self, *argv, timeout=120):
        """A program to its end, which must be a good one: its output"""
        return subprocess.run(argv, stdout=subprocess.PIPE, text=True,
                              cwd=self.dir, timeout=timeout, check=True).stdout

    def close(self):
        """End all of it"""
        for thing in reversed(self._closing):
            thing.close()
        self.net.close()
        if not os.environ.get("PN_KEEP"):
            shutil.rmtree(self.dir, ignore_errors=True)


def groups(folder):
    """The names of all groups of rows"""
    return sorted(os.path.basename(path)[:-3]
                  for path in glob.glob(os.path.join(folder, "rows_*.py")))
