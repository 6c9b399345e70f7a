"""A real name server, whose answers a test can change."""
import getpass
import os
import socket
import struct

from loopback import free_port
from process import Process, until

DOMAIN = "pbx.test"


class Names:
    """dnsmasq. Names are those of the zone pbx.test"""

    def __init__(self, folder, host, *srv):
        self.dir = str(folder)
        os.makedirs(self.dir, exist_ok=True)
        self.host = host
        self.port = free_port(host)
        self._hosts = os.path.join(self.dir, "hosts")
        self.set()
        self.process = Process(f"dnsmasq {host}", [
            "/usr/sbin/dnsmasq", "-k", "-C", "/dev/null", "--no-resolv",
            "--no-hosts", "--pid-file=", f"--user={getpass.getuser()}",
            f"--port={self.port}", f"--listen-address={host}",
            "--bind-interfaces", f"--local=/{DOMAIN}/", "--log-facility=-",
            "--log-queries", f"--addn-hosts={self._hosts}",
            *[f"--srv-host={one}" for one in srv]], self.dir)
        until("dnsmasq", lambda: self.ask("up") is not None,
              context=self.process.log)

    def set(self, **hosts):
        """From now on these are the names: name=address"""
        text = "".join(f"{address} {name}.{DOMAIN}\n"
                       for name, address in hosts.items())
        with open(self._hosts + ".new", "w", encoding="utf-8") as out:
            out.write(text + f"192.0.2.1 up.{DOMAIN}\n")
        os.rename(self._hosts + ".new", self._hosts)

    def move(self, **hosts):
        """As set(), and wait till it is so"""
        self.set(**hosts)
        self.process.signal(1)
        for name, address in hosts.items():
            until(f"{name} at {address}", lambda n=name, a=address:
                  self.ask(n) == a, context=self.process.log)

    def ask(self, name):
        """The address of a name, None if there is no answer"""
        question = b"".join(bytes([len(part)]) + part.encode()
                            for part in f"{name}.{DOMAIN}".split("."))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(1)
            sock.connect((self.host, self.port))
            try:
                sock.send(struct.pack("!6H", 1, 0x100, 1, 0, 0, 0) +
                          question + b"\0\0\1\0\1")
                answer = sock.recv(512)
            except OSError:
                return None
        return ".".join(map(str, answer[-4:])) if answer[7] else None

    def close(self):
        """End it"""
        if self.process.running():
            self.process.stop()
