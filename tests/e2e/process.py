"""A program under test: started, watched by its output, ended by its pid."""
import os
import re
import signal
import subprocess
import threading
import time

# Seconds that anything may take before a test gives up. It is never waited
# out when all is well: every wait ends with the event that it is for.
PATIENCE = float(os.environ.get("PN_PATIENCE", "15"))


class Gone(AssertionError):
    """What was waited for did not come"""


def until(what, condition, timeout=None, context=None):
    """Wait for a condition of the file system, and return its value"""
    deadline = time.monotonic() + (timeout or PATIENCE)
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Gone(f"no {what}\n{context() if context else ''}")
        time.sleep(0.005)


class Process:
    """One program with its output, line by line"""

    def __init__(self, name, argv, cwd, env=None):
        self.name = name
        self.lines = []
        self.awaited = False    # its end, by a test
        self._news = threading.Condition()
        self._ended = False
        self.popen = subprocess.Popen(
            argv, cwd=cwd, env=dict(os.environ, **(env or {})),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self):
        """Its process id"""
        return self.popen.pid

    def _read(self):
        rest = b""
        while True:
            chunk = os.read(self.popen.stdout.fileno(), 65536)
            parts = re.split(rb"[\r\n]+", rest + chunk)
            rest = parts.pop() if chunk else b""
            with self._news:
                self.lines += [part.decode("utf-8", "replace")
                               for part in parts if part]
                self._ended = not chunk
                self._news.notify_all()
            if not chunk:
                self.popen.stdout.close()
                return

    def log(self, last=0):
        """All of its output, or the last lines"""
        return f"--- {self.name}\n" + "\n".join(self.lines[-last:])

    def mark(self):
        """Where its output stands now, for wait_log()"""
        return len(self.lines)

    def wait_log(self, pattern, since=0, timeout=None):
        """Wait for a line that matches, and return the match"""
        deadline = time.monotonic() + (timeout or PATIENCE)
        regex = re.compile(pattern)
        with self._news:
            while True:
                for line in self.lines[since:]:
                    found = regex.search(line)
                    if found:
                        return found
                since = len(self.lines)
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    raise Gone(f"no '{pattern}' in the output of "
                               f"{self.name}\n{self.log()}")
                self._news.wait(left)

    def signal(self, number):
        """Send it a signal"""
        os.kill(self.pid, number)

    def wait(self, timeout=None):
        """Wait for its end; its status, negative for a signal"""
        self.awaited = True
        try:
            status = self.popen.wait(timeout or PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Gone(f"{self.name} does not end\n{self.log()}") from None
        self._reader.join(1)
        return status

    def running(self):
        """Is it there still?"""
        return self.popen.poll() is None

    def stop(self, timeout=None):
        """TERM, and wait"""
        if self.running():
            self.signal(signal.SIGTERM)
        return self.wait(timeout)

    def kill(self):
        """The end without a word"""
        self.awaited = True
        if self.running():
            self.signal(signal.SIGKILL)
        self.popen.wait()
        self._reader.join(1)
