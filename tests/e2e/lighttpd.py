"""A real lighttpd as provisioning server, for what nginx has not: Digest."""
import hashlib
import os
import socket

from loopback import free_port
from process import Process, until

CONFIG = """\
server.document-root = "{dir}/root"
server.bind = "{host}"
server.port = {port}
server.modules = ("mod_auth", "mod_authn_file", "mod_accesslog")
server.errorlog = "{dir}/error.log"
accesslog.filename = "{dir}/access.log"
accesslog.format = "%s %r %{{Authorization}}i"
auth.backend = "htdigest"
auth.backend.htdigest.userfile = "{dir}/htdigest"
auth.require = ("/" => ("method" => "digest", "realm" => "provisioning",
	"require" => "valid-user", "algorithm" => "{algorithm}"))
"""


class Lighttpd:
    """One server; its files are in root"""

    user = "phone"
    password = "prov-secret"

    def __init__(self, folder, host, algorithm):
        self.dir = str(folder)
        self.host = host
        self.port = free_port(host)
        os.makedirs(os.path.join(self.dir, "root"))
        lines = "".join(":".join((self.user, "provisioning", hashlib.new(
            name, f"{self.user}:provisioning:{self.password}".encode()
        ).hexdigest())) + "\n" for name in ("md5", "sha256"))
        self._write("htdigest", lines)
        self._write("lighttpd.conf", CONFIG.format(
            dir=self.dir, host=host, port=self.port, algorithm=algorithm))
        self.process = Process(f"lighttpd {host}", [
            "/usr/sbin/lighttpd", "-D", "-f",
            os.path.join(self.dir, "lighttpd.conf")], self.dir)
        until("lighttpd", self._answers, context=self.process.log)

    def _write(self, name, text):
        with open(os.path.join(self.dir, name), "w",
                  encoding="utf-8") as out:
            out.write(text)

    def _answers(self):
        assert self.process.running(), self.process.log()
        try:
            socket.create_connection((self.host, self.port), 1).close()
        except OSError:
            return False
        return True

    def put(self, name, text):
        """A file"""
        self._write(os.path.join("root", name), text)

    def url(self, path=""):
        """URL of a file or a folder"""
        return f"http://{self.host}:{self.port}/{path}"

    def close(self):
        """End it"""
        if self.process.running():
            self.process.stop()
