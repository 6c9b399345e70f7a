"""Two network namespaces with a cable between them: a network of our own.

A namespace is held by a process, and goes with it, however the test ends. What
runs inside is started from a thread that has entered it: sockets, threads and
programs of that thread belong there.
"""
import concurrent.futures
import ctypes
import os
import subprocess

from process import until

CLONE_NEWNET = 0x40000000
SERVER, PHONE = "10.79.0.1", "10.79.0.2"
MAC = "00:15:65:12:34:56"


class Unavailable(Exception):
    """Namespaces are not allowed here, and why"""


class Namespace:
    """One network namespace"""

    def __init__(self):
        self.holder = subprocess.Popen(
            ["unshare", "--net", "sleep", "infinity"],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        path = f"/proc/{self.holder.pid}/ns/net"

        def entered():
            if self.holder.poll() is not None:
                raise Unavailable(self.holder.stderr.read().strip())
            return os.readlink(path) != os.readlink("/proc/self/ns/net")

        until("namespace", entered)
        self.fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    @property
    def pid(self):
        """Process id of what holds it"""
        return self.holder.pid

    def enter(self):
        """Take this thread into it, for good"""
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(self.fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")

    def run(self, function, *args):
        """Call a function inside"""
        with concurrent.futures.ThreadPoolExecutor(
                1, initializer=self.enter) as pool:
            return pool.submit(function, *args).result()

    # What a program inside sees of its interfaces in /sys is those of whoever
    # mounted that: it needs a mount of its own
    PREFIX = ["unshare", "--mount", "sh", "-c",
              'mount -t sysfs sysfs /sys && exec "$@"', "sh"]

    def command(self, *argv):
        """Run a program inside"""
        done = self.run(lambda: subprocess.run(
            argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False))
        if done.returncode:
            raise Unavailable(f"{' '.join(argv)}: {done.stdout.strip()}")

    def close(self):
        """End it"""
        os.close(self.fd)
        self.holder.kill()
        self.holder.wait()


class Cable:
    """Server and phone, each in a namespace, and the cable between them"""

    def __init__(self):
        self.server = Namespace()
        try:
            self.phone = Namespace()
        except Unavailable:
            self.server.close()
            raise
        try:
            self._connect()
        except Unavailable:
            self.close()
            raise

    def _connect(self):
        self.phone.command(*Namespace.PREFIX, "true")
        self.server.command("ip", "link", "add", "lan", "type", "veth", "peer",
                            "name", "eth0", "netns", str(self.phone.pid))
        self.phone.command("ip", "link", "set", "eth0", "address", MAC)
        for space, link, host in ((self.server, "lan", SERVER),
                                  (self.phone, "eth0", PHONE)):
            space.command("ip", "address", "add", f"{host}/24", "dev", link)
            space.command("ip", "link", "set", "lo", "up")
            space.command("ip", "link", "set", link, "up")
        self.phone.command("ip", "route", "add", "default", "via", SERVER)

    def close(self):
        """Tear all of it down"""
        self.phone.close()
        self.server.close()
