"""The other side of the wire: a scripted SIP server and phone.

A Peer owns one address and port, over UDP and TCP. It answers REGISTER on its
own, as a registrar would, and a SUBSCRIBE that goes on or ends; it keeps all
else for the test. What it
sends is text that the test may shape as it likes.
"""
import hashlib
import random
import re
import socket
import threading
import time

from process import Gone
import process

COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact",
           "l": "content-length", "c": "content-type", "o": "event",
           "s": "subject", "e": "content-encoding", "k": "supported"}


def token(length=12):
    """A word that was not there before"""
    return "".join(random.choices("0123456789abcdef", k=length))


def digest(username, realm, password, method, uri, nonce, **more):
    """The response of RFC 2617, with qop=auth where nc is given"""
    def md5(*parts):
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    ha1 = md5(username, realm, password)
    ha2 = md5(method, uri)
    if more:
        return md5(ha1, nonce, more["nc"], more["cnonce"], "auth", ha2)
    return md5(ha1, nonce, ha2)


def parameters(value):
    """Parameters of an authentication header"""
    return {k.lower(): v.strip('"') for k, v in
            re.findall(r'(\w+)=("[^"]*"|[^,\s]+)', value)}


class Message:
    """A parsed message: start line, headers in order, body"""

    def __init__(self, data, source=None, link=None):
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("utf-8", "replace").split("\r\n")
        self.raw = data
        self.source = source
        self.link = link            # TCP connection that it came over
        self.start = lines[0]
        self.headers = []
        for line in lines[1:]:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            self.headers.append((COMPACT.get(name, name), value.strip()))
        self.body = body.decode("utf-8", "replace")

    def __repr__(self):
        return self.raw.decode("utf-8", "replace")

    @property
    def method(self):
        """Method of a request, empty for a response"""
        return "" if self.start.startswith("SIP/") else \
            self.start.split(" ")[0]

    @property
    def uri(self):
        """Request-URI"""
        return self.start.split(" ")[1]

    @property
    def status(self):
        """Status of a response"""
        return int(self.start.split(" ")[1])

    @property
    def reason(self):
        """Phrase of a response"""
        return self.start.split(" ", 2)[2]

    def all(self, name):
        """All values of a header"""
        return [v for n, v in self.headers if n == name.lower()]

    def get(self, name, default=""):
        """First value of a header"""
        return (self.all(name) or [default])[0]

    def tag(self, name):
        """Tag of From or To"""
        found = re.search(r";\s*tag=([^;>\s]+)", self.get(name))
        return found.group(1) if found else None

    @property
    def branch(self):
        """Branch of the top Via"""
        found = re.search(r"branch=([^;,\s]+)", self.get("via"))
        return found.group(1) if found else None

    @property
    def contact(self):
        """URI of the Contact"""
        found = re.search(r"<([^>]+)>", self.get("contact"))
        return found.group(1) if found else self.get("contact")


def response(request, status, reason, to_tag=None, headers=(), body=""):
    """An answer to a request"""
    lines = [f"SIP/2.0 {status} {reason}"]
    for name in ("via", "from", "to", "call-id", "cseq"):
        for value in request.all(name):
            if name == "to" and to_tag and "tag=" not in value:
                value += f";tag={to_tag}"
            lines.append(f"{name.title()}: {value}")
    lines += headers
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines) + "\r\n\r\n" + body


class Peer:
    """Registrar, NOTIFY sender and other party of a call"""

    def __init__(self, host, port=5060):
        self.host = host
        self.port = port
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((host, port))
        self.tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.tcp.bind((host, port))
        self.tcp.listen()
        self.passwords = {}         # user: password; challenged if there
        self.refused = {}           # user: status that a REGISTER gets
        self.silent = False         # a registrar that does not answer
        self.bindings = {}          # user: Message of the REGISTER
        self.registers = []         # every REGISTER, in order
        self.inbox = []
        self._links = []
        self._dialogs = []
        self._news = threading.Condition()
        self._closing = False
        for target in (self._read_udp, self._accept):
            threading.Thread(target=target, daemon=True).start()

    def close(self):
        """Free the port"""
        self._closing = True
        for sock in [self.udp, self.tcp, *self._links,
                     *(dialog.rtp for dialog in self._dialogs)]:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()

    @property
    def address(self):
        """host:port"""
        return f"{self.host}:{self.port}"

    # What comes in

    def _read_udp(self):
        while not self._closing:
            try:
                data, source = self.udp.recvfrom(65536)
            except OSError:
                continue
            if data.strip():
                self._handle(Message(data, source))

    def _accept(self):
        while not self._closing:
            try:
                link, source = self.tcp.accept()
            except OSError:
                continue
            self.adopt(link, source)

    def adopt(self, link, source):
        """Read from a TCP connection"""
        self._links.append(link)
        threading.Thread(target=self._read_tcp, args=(link, source),
                         daemon=True).start()

    def _read_tcp(self, link, source):
        data = b""
        while True:
            head, blank, rest = data.partition(b"\r\n\r\n")
            if blank and head.strip():
                found = re.search(rb"(?im)^(?:content-length|l)\s*:\s*(\d+)",
                                  head)
                length = int(found.group(1)) if found else 0
                if len(rest) >= length:
                    self._handle(Message(head.lstrip() + blank +
                                         rest[:length], source, link))
                    data = rest[length:]
                    continue
            elif blank:
                data = rest
                continue
            try:
                chunk = link.recv(65536)
            except OSError:
                chunk = b""
            if not chunk:
                return
            data += chunk

    def _handle(self, message):
        if message.method == "REGISTER":
            self._register(message)
        elif message.method == "SUBSCRIBE" and message.tag("to"):
            self.reply(message, 200, "OK", headers=[
                f"Contact: <sip:pbx@{self.address}>",
                f"Expires: {message.get('expires')}"])
        with self._news:
            if message.method == "REGISTER":
                self.registers.append(message)
            else:
                self.inbox.append(message)
            self._news.notify_all()

    def _register(self, message):
        if self.silent:
            return
        user = re.search(r"sips?:([^@>;]+)", message.get("to")).group(1)
        contact = message.get("contact")
        expires = re.search(r"expires=(\d+)", contact)
        expires = int(expires.group(1) if expires
                      else message.get("expires", "3600"))
        if user in self.refused:
            self.reply(message, self.refused[user], "Refused")
        elif not self._authorized(user, message):
            self.reply(message, 401, "Unauthorized", headers=[
                f'WWW-Authenticate: Digest realm="test", nonce="{token()}", '
                'algorithm=MD5, qop="auth"'])
        else:
            # Before the answer: who sees the 200 may ask for the binding
            with self._news:
                if expires:
                    self.bindings[user] = message
                else:
                    self.bindings.pop(user, None)
            # rport, so that what the phone sends next finds its way
            self.reply(message, 200, "OK", token(), [
                f"Contact: <{message.contact}>;expires={expires}"]
                if expires else ())

    def _authorized(self, user, message):
        if user not in self.passwords:
            return True
        given = parameters(message.get("authorization"))
        if not given:
            return False
        more = {k: given[k] for k in ("nc", "cnonce") if k in given}
        return given["response"] == digest(
            given["username"], given["realm"], self.passwords[user],
            "REGISTER", given["uri"], given["nonce"], **more)

    def _wait(self, what, look, timeout=None):
        deadline = time.monotonic() + (timeout or process.PATIENCE)
        with self._news:
            while True:
                found = look()
                if found:
                    return found
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Gone(f"no {what} at {self.address}; came: "
                               f"{[m.start for m in self.inbox]} "
                               f"{[m.start for m in self.registers]}")
                self._news.wait(left)

    def _take(self, what, wanted, timeout=None):
        def look():
            for message in self.inbox:
                if wanted(message):
                    self.inbox.remove(message)
                    return message
            return None

        return self._wait(what, look, timeout)

    def wait_request(self, method, timeout=None, **headers):
        """Wait for a request; headers as call_id="...", a value or a part"""
        return self._take(method, lambda m: m.method == method and all(
            v in m.get(k.replace("_", "-")) for k, v in headers.items()),
            timeout)

    def wait_response(self, branch, final=True, timeout=None, method=""):
        """Wait for the answer of a transaction. A CANCEL shares its branch
        with what it cancels: the method tells their answers apart."""
        return self._take(f"answer to {branch}", lambda m: not m.method and
                          m.branch == branch and method in m.get("cseq") and
                          (m.status >= 200 or not final), timeout)

    def wait_registered(self, user, since=0):
        """Wait till a user has registered; the REGISTER"""
        return self._wait(f"REGISTER of {user}", lambda: (
            self.bindings.get(user)
            if self.bindings.get(user) in self.registers[since:] else None))

    def wait_registers(self, count):
        """Wait till so many REGISTERs have come"""
        self._wait(f"{count} REGISTERs", lambda: len(self.registers) >= count)

    def wait_unregistered(self, user):
        """Wait till a user has no binding any more"""
        self._wait(f"un-REGISTER of {user}",
                   lambda: user not in self.bindings)

    def contact(self, user):
        """Contact URI of a registered user"""
        return self._wait(f"binding of {user}",
                          lambda: self.bindings.get(user)).contact

    # What goes out

    def send(self, text, to, link=None):
        """Send text or bytes to (host, port), or over a connection"""
        data = text if isinstance(text, bytes) else text.encode()
        if link:
            link.sendall(data)
        else:
            self.udp.sendto(data, to)

    def reply(self, message, *args, **kwargs):
        """Answer a request on the way that it came"""
        self.send(response(message, *args, **kwargs), message.source,
                  message.link)

    def connect(self, to):
        """Open a TCP connection to a phone"""
        link = socket.create_connection(to, process.PATIENCE,
                                        (self.host, 0))
        link.settimeout(None)
        self.adopt(link, to)
        return link

    def drop(self, link):
        """Close a TCP connection"""
        self._links.remove(link)
        link.shutdown(socket.SHUT_RDWR)
        link.close()

    def compose(self, method, uri, headers=(), body="", **over):
        """A request. over: branch, via (whole lines), from_, to, call_id,
        cseq, transport; a None leaves the header out"""
        branch = over.get("branch") or f"z9hG4bK{token()}"
        transport = over.get("transport", "UDP")
        fields = {
            "From": over.get("from_", f"<sip:pbx@{self.host}>;tag={token()}"),
            "To": over.get("to", f"<{uri.split(';')[0]}>"),
            "Call-ID": over.get("call_id", f"{token()}@{self.host}"),
            "CSeq": over.get("cseq", f"1 {method}"),
            "Max-Forwards": "70",
            "Contact": f"<sip:pbx@{self.address}>",
        }
        lines = [f"{method} {uri} SIP/2.0"]
        lines += over.get("via", [f"Via: SIP/2.0/{transport} {self.address}"
                                  f";rport;branch={branch}"])
        lines += [f"{k}: {v}" for k, v in fields.items() if v is not None]
        lines += headers
        length = over.get("length", len(body.encode()))
        if length is not None:
            lines.append(f"Content-Length: {length}")
        return "\r\n".join(lines) + "\r\n\r\n" + body

    def notify(self, uri, event, headers=(), body="", link=None,
               state="terminated", **over):
        """Send a NOTIFY to a phone and return its answer"""
        branch = over.setdefault("branch", f"z9hG4bK{token()}")
        if link:
            over.setdefault("transport", "TCP")
        text = self.compose("NOTIFY", uri, [f"Event: {event}",
                            f"Subscription-State: {state}", *headers],
                            body, **over)
        self.send(text, target(uri), link)
        return self.wait_response(branch)

    def key(self, uri, body, **over):
        """Send an ACTION-URI NOTIFY and return its answer"""
        return self.notify(uri, "ACTION-URI",
                           ["Content-Type: message/sipfrag"], body, **over)

    def authorize(self, challenge, uri, user, password, **over):
        """An Authorization header for a 401, as servers send it"""
        asked = parameters(challenge.get("www-authenticate"))
        more = {"nc": over.get("nc", "00000001"), "cnonce": token(8)}
        answer = digest(user, asked["realm"], password, "NOTIFY", uri,
                        asked["nonce"], **more)
        return (f'Authorization: Digest username="{user}", '
                f'realm="{asked["realm"]}", nonce="{asked["nonce"]}", '
                f'uri="{uri}", qop=auth, nc={more["nc"]}, '
                f'cnonce="{more["cnonce"]}", response="{answer}", '
                'algorithm=MD5')

    # Calls

    def keep(self, dialog):
        """Close it when all is over"""
        self._dialogs.append(dialog)

    def invite(self, uri):
        """Call a phone: the dialog, which rings or is answered later"""
        return Dialog(self, uri=uri)

    def accept(self, invite):
        """Answer a call of a phone: the dialog"""
        dialog = Dialog(self, request=invite)
        dialog.answer()
        return dialog


def target(uri):
    """Address and port of a SIP URI"""
    found = re.match(r"sips?:(?:[^@]*@)?([^:;>?]+)(?::(\d+))?", uri)
    return found.group(1), int(found.group(2) or 5060)


SDP = """\
v=0\r
o=- 1 {version} IN IP4 {host}\r
s=-\r
c=IN IP4 {host}\r
t=0 0\r
m=audio {port} RTP/AVP 0 101\r
a=rtpmap:0 PCMU/8000\r
a=rtpmap:101 telephone-event/8000\r
a={direction}\r
"""


class Dialog:
    """One call of a peer"""

    def __init__(self, peer, uri=None, request=None):
        self.peer = peer
        self.version = 1
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp.bind((peer.host, 0))
        peer.keep(self)
        self.local_tag = token()
        self.cseq = 1
        if request:
            self.request = request
            self.call_id = request.get("call-id")
            self.remote = request.get("from")
            self.local = f"{request.get('to')};tag={self.local_tag}"
            self.uri = request.contact
        else:
            self.call_id = f"{token()}@{peer.host}"
            self.local = f"<sip:caller@{peer.host}>;tag={self.local_tag}"
            self.remote = f"<{uri}>"
            self.uri = uri
            self.branch = self._send("INVITE", ["Content-Type: "
                                     "application/sdp"], self.sdp())

    def sdp(self, direction="sendrecv"):
        """Our session description"""
        self.version += 1
        return SDP.format(host=self.peer.host, version=self.version,
                          port=self.rtp.getsockname()[1], direction=direction)

    def _send(self, method, headers=(), body="", cseq=None, branch=None):
        branch = branch or f"z9hG4bK{token()}"
        self.peer.send(self.peer.compose(
            method, self.uri, headers, body, branch=branch, from_=self.local,
            to=self.remote, call_id=self.call_id,
            cseq=f"{cseq or self.cseq} {method}"), target(self.uri))
        if not cseq:
            self.cseq += 1
        return branch

    def send(self, method, headers=(), body=""):
        """A request in the dialog, and its answer"""
        return self.peer.wait_response(self._send(method, headers, body))

    def notify(self, event, headers=(), body="", state="active"):
        """A NOTIFY in the dialog, and its answer"""
        return self.send("NOTIFY", [f"Event: {event}", "Subscription-State: "
                                    f"{state}", *headers], body)

    def wait_ringing(self):
        """Wait for the 180 to our INVITE"""
        answer = self.peer.wait_response(self.branch, final=False)
        while answer.status < 180:
            answer = self.peer.wait_response(self.branch, final=False)
        self.remote = answer.get("to")
        return answer

    def wait_final(self):
        """Wait for the final answer to our INVITE, and acknowledge it"""
        answer = self.peer.wait_response(self.branch)
        self.remote = answer.get("to")
        if answer.status < 300:
            self.uri = answer.contact
            self._send("ACK", cseq=1)
        else:
            self._send("ACK", cseq=1, branch=self.branch)
        return answer

    def answer(self, status=200, reason="OK", request=None,
               direction="sendrecv"):
        """Answer the phone's INVITE, or one inside the dialog"""
        ok = status < 300
        self.peer.reply(request or self.request, status, reason,
                        self.local_tag,
                        [f"Contact: <sip:pbx@{self.peer.address}>"] +
                        (["Content-Type: application/sdp"] if ok else []),
                        self.sdp(direction) if ok else "")
        self.peer.wait_request("ACK", call_id=self.call_id)

    def wait_reinvite(self):
        """Wait for a re-INVITE, answer it, and return its direction"""
        again = self.peer.wait_request("INVITE", call_id=self.call_id)
        found = re.search(r"a=(sendrecv|sendonly|recvonly|inactive)",
                          again.body)
        direction = found.group(1) if found else "sendrecv"
        self.answer(request=again, direction={
            "sendonly": "recvonly"}.get(direction, direction))
        return direction

    def wait_bye(self):
        """Wait till the phone hangs up"""
        bye = self.peer.wait_request("BYE", call_id=self.call_id)
        self.peer.reply(bye, 200, "OK")

    def bye(self):
        """Hang up"""
        return self.send("BYE")

    def cancel(self):
        """Give up before an answer"""
        self.peer.send(self.peer.compose(
            "CANCEL", self.uri, branch=self.branch, from_=self.local,
            to=f"<{self.uri}>", call_id=self.call_id, cseq="1 CANCEL"),
            target(self.uri))
        answer = self.peer.wait_response(self.branch, method="CANCEL")
        assert answer.status == 200
        assert self.wait_final().status == 487

    def digits(self, count):
        """The next digits that come as RFC 4733 events"""
        found, last = "", None
        self.rtp.settimeout(process.PATIENCE)
        while len(found) < count:
            data = self.rtp.recv(2048)
            if data[1] & 0x7f != 101:
                continue
            stamp = data[4:8]
            if stamp != last:
                found += "0123456789*#ABCD"[data[12]]
                last = stamp
        return found
