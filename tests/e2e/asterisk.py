"""A real Asterisk 22, in a chroot that mk/debian has made.

Debian 12 has none. Its network is ours, its files are not. The categories of
its pjsip_notify.conf are our own recipe, conf/pbx/asterisk-pjsip_notify.conf.
"""
import os
import signal
import socket
import uuid

from loopback import free_port
from process import Process, until
import process

HERE = os.path.dirname(__file__)
RECIPE = os.path.join(HERE, "..", "..", "conf", "pbx",
                      "asterisk-pjsip_notify.conf")
DEBIAN = os.path.join(HERE, "..", "..", "mk", "debian")

CONFIG = {
    "asterisk.conf": """\
[directories]
astetcdir => {dir}
astrundir => {dir}
astlogdir => {dir}
astspooldir => {dir}
astdbdir => {dir}
""",
    "modules.conf": """\
[modules]
autoload = yes
noload = chan_iax2.so
noload = chan_unistim.so
noload = chan_skinny.so
noload = chan_mgcp.so
noload = pbx_dundi.so
noload = res_hep.so
""",
    "logger.conf": """\
[logfiles]
console = notice,warning,error,verbose
""",
    "manager.conf": """\
[general]
enabled = yes
bindaddr = {host}
port = {ami}

[test]
secret = test
read = all
write = all
""",
    "extensions.conf": """\
[phones]
exten => _X.,1,Dial(PJSIP/${{EXTEN}},30)
""",
    "rtp.conf": """\
[general]
rtpstart = 20000
rtpend = 29998
""",
    "pjsip.conf": """\
[udp]
type = transport
protocol = udp
bind = {host}:{port}

[tcp]
type = transport
protocol = tcp
bind = {host}:{port}
""",
}

PHONE = """
[{user}]
type = endpoint
context = phones
disallow = all
allow = ulaw
direct_media = no
rtp_symmetric = yes
auth = {user}
outbound_auth = {user}-out
aors = {user}

[{user}]
type = auth
auth_type = userpass
username = {user}
password = {password}

[{user}-out]
type = auth
auth_type = userpass
username = {user}
password = {outbound}

[{user}]
type = aor
max_contacts = 1
remove_existing = yes
"""


class Asterisk:
    """One server. root: where mk/debian has made it; passwords: user to
    password; outbound: what it answers a 401 with, where not so"""

    def __init__(self, root, host, passwords, outbound):
        self.host = host
        self.port = free_port(host)
        self.ami = free_port(host)
        self.root = root
        name = f"asterisk-{uuid.uuid4().hex[:8]}"
        self.dir = os.path.join(root, "build", name)
        os.makedirs(self.dir)
        with open(RECIPE, encoding="utf-8") as recipe:
            self._write("pjsip_notify.conf", recipe.read())
        for file, text in CONFIG.items():
            text = text.format(host=host, port=self.port, ami=self.ami,
                               dir=f"/mnt/build/{name}")
            if file == "pjsip.conf":
                text += "".join(PHONE.format(
                    user=u, password=p, outbound=outbound.get(u, p))
                                for u, p in passwords.items())
            self._write(file, text)
        self.process = Process(f"asterisk {host}", [
            DEBIAN, "run", root, "/usr/sbin/asterisk", "-f", "-n", "-vvv",
            "-C", f"/mnt/build/{name}/asterisk.conf"],
            os.path.join(HERE, "..", ".."))
        self._ami = None
        self._rest = b""
        self.process.wait_log("Asterisk Ready", timeout=4 * process.PATIENCE)
        until("manager", self._login, context=self.process.log)

    def _write(self, name, text):
        with open(os.path.join(self.dir, name), "w",
                  encoding="utf-8") as out:
            out.write(text)

    def _login(self):
        try:
            self._ami = socket.create_connection((self.host, self.ami),
                                                 process.PATIENCE)
        except OSError:
            return False
        self._line()
        return "Success" in self.action("Login", Username="test",
                                        Secret="test", Events="off")

    def _line(self):
        while b"\r\n" not in self._rest:
            chunk = self._ami.recv(65536)
            assert chunk, self.process.log()
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\r\n")
        return line.decode("utf-8", "replace")

    def action(self, name, *variables, **fields):
        """An action of its manager interface: the answer as text"""
        lines = [f"Action: {name}"]
        lines += [f"{key}: {value}" for key, value in fields.items()]
        lines += [f"Variable: {variable}" for variable in variables]
        self._ami.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = []
        while True:
            line = self._line()
            if not line and answer:
                return "\n".join(answer)
            answer += [line]

    def command(self, text):
        """A command of its console: what it prints"""
        return self.action("Command", Command=text)

    @property
    def address(self):
        """host:port"""
        return f"{self.host}:{self.port}"

    def wait_registered(self, user):
        """Wait till a user has registered"""
        until(f"contact of {user}", lambda: f"{user}/sip:" in self.command(
            "pjsip show contacts"), context=self.process.log)

    def notify(self, category, user):
        """A category of pjsip_notify.conf to a user"""
        answer = self.command(
            f"pjsip send notify {category} endpoint {user}")
        assert "Sending NOTIFY" in answer, answer

    def key(self, user, body):
        """A key to a user, over the manager interface"""
        answer = self.action(
            "PJSIPNotify", "Event=ACTION-URI",
            "Content-type=message/sipfrag", f"Content={body}", Endpoint=user)
        assert "Success" in answer, answer

    def close(self):
        """End it, and all that came with it"""
        if self.process.running():
            try:
                self._ami.sendall(b"Action: Command\r\n"
                                  b"Command: core stop now\r\n\r\n")
                self.process.wait()
            except (OSError, AttributeError, AssertionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        if self._ami:
            self._ami.close()
