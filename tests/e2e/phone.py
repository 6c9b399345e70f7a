"""A real baresip with the module, in a folder of its own.

It has no sound card: it plays a file of silence and bridges what it hears to
nowhere. It is driven by ctrl_tcp, whose events are also what tests wait for.
"""
import functools
import glob
import json
import os
import re
import shutil
import socket
import subprocess
import time
import warnings
import wave

from loopback import free_port
from process import Gone, Process, until
import process

CONFIG = """\
poll_method epoll
sip_listen {host}:{port}
call_max_calls 8
audio_source aufile,{dir}/silence.wav
audio_player aubridge,player
audio_alert aubridge,alert
module_path {dir}/modules
module g711.so
module aufile.so
module aubridge.so
module_tmp account.so
module_app contact.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {host}:{ctrl}
"""

SUPPRESSIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                            "asan.supp")

# A line of the journal, in this order
FIELDS = ["time", "id", "door", "source", "account", "ruri", "from", "call_id",
          "cseq", "event", "params", "key", "call", "verdict", "status", "why",
          "notes", "ms", "action", "result", "detail", "count"]

# The passwords that the tests give to accounts
SECRETS = ("alice-secret", "bob-secret", "carol-secret")

# What no run of any test may print
TRACER_DIED = "LeakSanitizer has encountered a fatal error"
FAULTS = ("AddressSanitizer", "LeakSanitizer", "ThreadSanitizer",
          "runtime error:", "Memory leaks", "Invalid read", "Invalid write")


class Phone:
    """One phone. Change config, accounts and settings before start()"""

    config = CONFIG
    program = "/usr/bin/baresip"
    modules = "/usr/lib/baresip/modules"

    def __init__(self, folder, host, module, wrap=None, port=None):
        self.dir = str(folder)
        self.host = host
        self.port = port or free_port(host)
        self.ctrl_port = free_port(host)
        self.module = module
        self.wrap = wrap
        self.accounts = []
        self.contacts = []
        self.settings = {}      # provnotify_<name>: value, or list of values
        self.extra = []         # further lines of config
        self.apps = []          # further application modules
        self.environment = {}   # more of it; LD_PRELOAD stands behind asan's
        self.asan = f"detect_leaks=1:exitcode=99:suppressions={SUPPRESSIONS}"
        self.prefix = []        # what starts it, if not we
        self.cwd = self.dir     # where baresip is started, and what it is
        self.folder = self.dir  # told to be its folder
        self.process = None
        self.events = []
        self._ctrl = None
        self._rest = b""
        self._seen = 0
        self._lent = None       # set if its address is one we gave to lo

    # Its files

    def path(self, *names):
        """Path of a file in its folder"""
        return os.path.join(self.dir, *names)

    def write(self, name, text):
        """Write one of its files"""
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)

    def write_accounts(self):
        """The accounts file, as self.accounts has it"""
        self.write("accounts", "".join(f"{a}\n" for a in self.accounts))

    def _prepare(self):
        os.makedirs(self.path("modules"), exist_ok=True)
        ours = [os.path.abspath(self.module)] if self.module else []
        assert all(map(os.path.exists, ours)), f"no {self.module}"
        for path in glob.glob(f"{self.modules}/*.so") + ours:
            link = self.path("modules", os.path.basename(path))
            if os.path.lexists(link):
                os.unlink(link)
            os.symlink(path, link)

        with wave.open(self.path("silence.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(bytes(16000 * 60))

        config = self.config.format(host=self.host, port=self.port,
                                    dir=self.dir, ctrl=self.ctrl_port)
        if self.release() >= (2, 0, 0):
            config = config.replace("module_tmp", "module_app")
        # As the README recommends, and as it was before 4.0
        lines = [config, "sip_cuser_random yes\n", *self._on_lo()]
        lines += [f"{line}\n" for line in self.extra]
        for name, value in self.settings.items():
            values = value if isinstance(value, list) else [value]
            lines += [f"provnotify_{name} {v}\n" for v in values]
        lines += [f"module_app {app}\n" for app in self.apps]
        if self.module:
            lines.append("module_app provnotify.so\n")
        self.write("config", "".join(lines))
        self.write_accounts()
        self.write("contacts", "".join(f"{c}\n" for c in self.contacts))

    @classmethod
    def use(cls, program, modules):
        """Have another baresip than that of Debian"""
        cls.program = shutil.which(program) or program
        cls.modules = modules

    @classmethod
    @functools.cache
    def release(cls):
        """Its release: (1, 0, 0)"""
        told = subprocess.run([cls.program, "-h"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True,
                              check=False).stdout
        return tuple(map(int, re.match(
            r"baresip v(\d+)\.(\d+)\.(\d+)", told).groups()))

    def _on_lo(self):
        """From 2.0 on baresip takes an address of lo only if it is told to,
        if lo has it, which needs root, and if it would send from there"""
        if self.release() < (2, 0, 0) or not self.host.startswith("127."):
            return []
        if not self._lent:
            self._address("add")
            self._lent = self._compile("source")
        return [f"net_interface {self.host}\n"]

    def _address(self, verb):
        subprocess.run(["ip", "address", verb, f"{self.host}/32", "dev", "lo"],
                       check=True)

    def _compile(self, source):
        """A library of ours, from a source beside this file"""
        shim = self.path(f"{source}.so")
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", shim, os.path.join(
            os.path.dirname(__file__), f"{source}.c")], check=True)
        return shim

    def preload(self, source, **environment):
        """Start it with a library of ours"""
        self.environment = {"LD_PRELOAD": self._compile(source), **environment}

    # Its life

    def _environment(self):
        environment = dict(self.environment)
        preload = [self.environment.get("LD_PRELOAD")]
        if self._lent:
            environment["SOURCE"] = self.host
            preload.append(self._lent)
        if self.wrap in ("asan", "tsan"):
            preload.insert(0, subprocess.check_output(
                ["gcc", f"-print-file-name=lib{self.wrap}.so"],
                text=True).strip())
            environment["TSAN_OPTIONS"] = "exitcode=99"
            environment["ASAN_OPTIONS"] = self.asan
            environment["UBSAN_OPTIONS"] = \
                "print_stacktrace=1:halt_on_error=1"
        environment["LD_PRELOAD"] = " ".join(filter(None, preload))
        return environment

    def spawn(self, *arguments, prepare=True):
        """Start it and do not wait for anything"""
        if prepare:
            self._prepare()
        argv = [*self.prefix, self.program, "-f", self.folder, *arguments]
        if self.wrap == "valgrind":
            argv = ["valgrind", "-q", "--leak-check=full",
                    "--errors-for-leak-kinds=definite,indirect,possible",
                    "--trace-children=yes", "--error-exitcode=99"] + argv
        self.process = Process(f"baresip {self.host}:{self.port}", argv,
                               self.cwd, self._environment())
        self._seen = 0
        return self

    def start(self, *arguments, prepare=True):
        """Start it, and wait till it is ready"""
        self.spawn(*arguments, prepare=prepare)
        self.wait_ready()
        return self

    def wait_ready(self):
        """Wait till it is ready, for the first time or once more"""
        deadline = time.monotonic() + process.PATIENCE
        mark = self._seen
        self.process.wait_log(r"^baresip is ready", mark)
        for index in range(mark, self.process.mark()):
            if self.process.lines[index].startswith("baresip is ready"):
                self._seen = index + 1
                break
        if self._ctrl:
            self._ctrl.close()
        self._rest = b""
        self._ctrl = socket.create_connection(
            (self.host, self.ctrl_port), deadline - time.monotonic())
        # Its main loop runs, and only now it would take a signal as one
        self.command("listcalls")

    def stop(self, status=0):
        """End it as an administrator would, and look at how it went"""
        self.process.stop()
        self.check(status)

    def _check_journal(self):
        """Keys in the order of the contract; a line at the answer, and one
        at the end"""
        for line in self.journal():
            assert list(line) == [k for k in FIELDS if k in line], line
            assert "verdict" in line or "result" in line, line

    def check(self, status=0):
        """After its end: is its status right, and is nothing leaked?"""
        self._check_journal()
        code = self.process.wait()
        log = self.process.log()
        if code == 99 and TRACER_DIED in log:
            warnings.warn("LeakSanitizer itself crashed: leaks not looked for")
            log = log.replace("LeakSanitizer", "")
            code = status
        assert code == status, f"status {code}, not {status}\n{log}"
        for fault in FAULTS:
            assert fault not in log, f"{fault}\n{log}"
        for secret in SECRETS:
            assert secret not in log + str(self.journal()), secret

    def close(self):
        """Make sure that it is gone"""
        if self._ctrl:
            self._ctrl.close()
        if self.process:
            self.process.kill()
        if self._lent:
            self._address("del")
            self._lent = None

    @property
    def pid(self):
        """Its process id"""
        return self.process.pid

    def rss(self):
        """Its memory in KiB"""
        with open(f"/proc/{self.pid}/status", encoding="utf-8") as status:
            return int(re.search(r"VmRSS:\s*(\d+)", status.read()).group(1))

    # Its console

    def _receive(self, deadline):
        """One JSON object from ctrl_tcp: a netstring"""
        while True:
            head, colon, rest = self._rest.partition(b":")
            if colon and len(rest) > int(head):
                self._rest = rest[int(head) + 1:]
                return json.loads(rest[:int(head)].decode("utf-8", "replace"))
            self._ctrl.settimeout(max(0.001, deadline - time.monotonic()))
            # baresip sends its next message when this one is acknowledged
            self._ctrl.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            try:
                chunk = self._ctrl.recv(65536)
            except TimeoutError:
                chunk = b""
            if not chunk:
                raise Gone(f"nothing from ctrl_tcp\n{self.events}\n"
                           f"{self.process.log()}")
            self._rest += chunk

    def command(self, name, params=None, token="t"):
        """Run one of its commands: whether it went well, and its answer"""
        what = {"command": name, "token": token}
        if params:
            what["params"] = params
        text = json.dumps(what).encode()
        self._ctrl.sendall(b"%d:%s," % (len(text), text))
        deadline = time.monotonic() + process.PATIENCE
        while True:
            message = self._receive(deadline)
            if message.get("response"):
                return message["ok"], message["data"]
            self.events.append(message)

    def wait_event(self, kind, **fields):
        """Wait for an event, and forget it and all before it"""
        deadline = time.monotonic() + process.PATIENCE
        while True:
            while self.events:
                event = self.events.pop(0)
                if event["type"] == kind and all(
                        event.get(k) == v for k, v in fields.items()):
                    return event
            self.events.append(self._receive(deadline))

    # Its journal

    @property
    def state_dir(self):
        """Where the module keeps what it keeps"""
        return self.settings.get("state_dir", self.path("provnotify"))

    def journal(self):
        """All lines of the journal"""
        try:
            with open(os.path.join(self.state_dir, "journal.jsonl"),
                      encoding="utf-8") as lines:
                return [json.loads(line) for line in lines
                        if line.endswith("\n")]
        except FileNotFoundError:
            return []

    def wait_journal(self, since=0, timeout=None, **fields):
        """Wait for a line of the journal that has these fields"""
        def look():
            for line in self.journal()[since:]:
                if all(line.get(k) == v for k, v in fields.items()):
                    return line
            return None

        return until(f"line with {fields}", look, timeout,
                     lambda: "\n".join(map(json.dumps, self.journal())) +
                     "\n" + self.process.log())


class Tail:
    """The journal of a phone that writes too much to be read anew each time;
    follows it over its rotation"""

    def __init__(self, phone):
        self.path = os.path.join(phone.state_dir, "journal.jsonl")
        self.file = None
        self.rest = ""

    def _open(self):
        try:
            return open(self.path, encoding="utf-8")
        except FileNotFoundError:
            return None

    def lines(self):
        """What came since the last time"""
        found = []
        while True:
            self.file = self.file or self._open()
            if not self.file:
                return found
            # Looked at before the end is: what is rotated away is whole
            try:
                here = os.stat(self.path).st_ino
            except FileNotFoundError:
                here = None
            *lines, self.rest = (self.rest + self.file.read()).split("\n")
            found += map(json.loads, lines)
            if here in (None, os.fstat(self.file.fileno()).st_ino):
                return found
            self.file.close()
            self.file = None

    def close(self):
        """Close it"""
        if self.file:
            self.file.close()
