"""make run: what it starts, and that the commands it prints do what it says.

Its script is given our own module and, for a console, a terminal.
"""
import os
import pty
import re
import subprocess
import threading

import pytest

from phone import Phone
from process import until

TOP = os.path.join(os.path.dirname(__file__), "..", "..")


class Screen:
    """A terminal, and a program that runs on it"""

    def __init__(self, *argv):
        self._master, slave = pty.openpty()
        self._shown = bytearray()
        self.popen = subprocess.Popen(argv, cwd=TOP, stdin=slave,
                                      stdout=slave, stderr=slave)
        os.close(slave)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            while chunk := os.read(self._master, 4096):
                self._shown.extend(chunk)
        except OSError:
            pass

    def text(self):
        """What was printed"""
        return self._shown.decode("utf-8", "replace").replace("\r", "")

    def wait(self, text, times=1):
        """Wait till it was printed so many times"""
        until(text, lambda: self.text().count(text) >= times,
              context=self.text)

    def type(self, key):
        """Press a key"""
        os.write(self._master, key.encode())

    def close(self):
        """Make sure that it is gone"""
        self.popen.kill()
        self.popen.wait()


def test_run(request, tmp_path, closing):
    """A resync, a reboot and a call by key, as they are printed"""
    if request.config.getoption("--asan"):
        pytest.skip("make run starts the plain module")
    module = os.path.abspath(request.config.getoption("--module"))
    screen = Screen("mk/run", tmp_path / "run", module, Phone.modules,
                    Phone.program)
    closing.append(screen)
    screen.wait("generation 1 is proved")
    commands = re.findall(r"#[^\n]*\n((?: {4,}\S[^\n]*\n)+)",
                          screen.text().split("baresip v", maxsplit=1)[0])
    expected = [("generation 2 is proved", 1), ("baresip is ready", 2),
                ("alice@127.0.0.1: Call established", 1)]
    for command, (seen, times) in zip(commands, expected, strict=True):
        done = subprocess.run(command, shell=True, cwd=TOP, check=False,
                              stdout=subprocess.PIPE, text=True)
        assert done.stdout.startswith("SIP/2.0 200"), command
        screen.wait(seen, times)
    # The console of the process that was started again
    screen.type("q")
    assert screen.popen.wait(10) == 0
