"""Real servers without HTTP: tftpd-hpa, and vsftpd for anybody."""
import os
import socket

from loopback import free_port
from process import Process, until

VSFTPD = """\
listen=YES
listen_ipv6=NO
background=NO
listen_address={host}
listen_port={port}
run_as_launching_user=YES
anonymous_enable=YES
no_anon_password=YES
local_enable=NO
anon_root={root}
seccomp_sandbox=NO
xferlog_enable=NO
"""


class Plain:
    """What the two have in common: a folder, an address, an end"""

    scheme = ""

    def __init__(self, folder, host, port=None):
        self.dir = str(folder)
        self.root = os.path.join(self.dir, "root")
        self.host = host
        self.port = port or free_port(host)
        os.makedirs(self.root)
        # tftpd-hpa serves as nobody: all above must let it through
        for path in (self.root, self.dir, *self._above()):
            os.chmod(path, 0o755)
        self.process = Process(f"{self.scheme} {host}", self.argv(),
                               self.dir)
        until(self.scheme, self.answers, context=self.process.log)

    def _above(self):
        path = os.path.dirname(self.dir)
        while os.stat(path).st_uid == os.geteuid() and len(path) > 4:
            yield path
            path = os.path.dirname(path)

    def argv(self):
        """How it is started"""
        raise NotImplementedError

    def answers(self):
        """Is it there?"""
        raise NotImplementedError

    def put(self, name, text):
        """A file"""
        with open(os.path.join(self.root, name), "w",
                  encoding="utf-8") as out:
            out.write(text)

    def url(self, path=""):
        """URL of a file or a folder"""
        return f"{self.scheme}://{self.host}:{self.port}/{path}"

    def close(self):
        """End it"""
        if self.process.running():
            self.process.stop()


class Tftpd(Plain):
    """tftpd-hpa, which needs root"""

    scheme = "tftp"

    def argv(self):
        return ["/usr/sbin/in.tftpd", "--foreground", "--address",
                f"{self.host}:{self.port}", "--secure", self.root]

    def answers(self):
        # Debian 13's loses the first request that it gets
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(0.1)
            asking.sendto(b"\0\1nothing\0octet\0", (self.host, self.port))
            try:
                return asking.recv(512)
            except TimeoutError:
                return None


class Ftpd(Plain):
    """vsftpd, under our own user"""

    scheme = "ftp"

    def argv(self):
        config = os.path.join(self.dir, "vsftpd.conf")
        with open(config, "w", encoding="utf-8") as out:
            out.write(VSFTPD.format(host=self.host, port=self.port,
                                    root=self.root))
        return ["/usr/sbin/vsftpd", config]

    def answers(self):
        try:
            socket.create_connection((self.host, self.port), 1).close()
        except OSError:
            return False
        return True
