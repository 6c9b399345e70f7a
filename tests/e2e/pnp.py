"""PnP servers as they really are: each answers a SUBSCRIBE in its own way.

A responder owns a socket and sends what its dialect makes of the SUBSCRIBE,
from the socket of the port that it was asked at, or from another one. What it
got, and what the phone answered, is kept for the test.
"""
import socket
import struct
import threading

from process import Gone
from sip import Message, response, token
import process


def swapped(asked, url, host, port):
    """As the RFCs have it: a dialog of the server's own"""
    return "\r\n".join([
        f"NOTIFY {asked.contact} SIP/2.0",
        f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{token()}",
        "Max-Forwards: 70",
        f"From: <sip:pnp@{host}:{port}>;tag={token()}",
        f"To: {asked.get('from')}",
        f"Call-ID: {asked.get('call-id')}",
        "CSeq: 1 NOTIFY",
        f"Contact: <sip:pnp@{host}:{port}>",
        "Event: ua-profile;effective-by=0",
        "Subscription-State: terminated;reason=timeout",
        "Content-Type: application/url",
        f"Content-Length: {len(url)}"]) + "\r\n\r\n" + url


def copied(asked, url, host, port, cseq="1 NOTIFY"):
    """AudioCodes' manual, snom's pnpserv and their clones: the phone's own
    Via, From and tag, and To, unswapped"""
    return "\r\n".join([
        f"NOTIFY {asked.contact} SIP/2.0",
        f"Via: {asked.get('via')}",
        "Max-Forwards: 20",
        f"Contact: <sip:{host}:{port};transport=TCP;handler=dum>",
        f"To: {asked.get('to')}",
        f"From: {asked.get('from')}",
        f"Call-ID: {asked.get('call-id')}",
        f"CSeq: {cseq}",
        "Content-Type: application/url",
        "Subscription-State: terminated;reason=timeout",
        f"Event: {asked.get('event')}",
        f"Content-Length: {len(url)}"]) + "\r\n\r\n" + url


def without_rport(asked, url, host, port):
    """The same, with an older phone's Via in mind: no rport"""
    return copied(asked, url, host, port).replace(";rport", "")


def snom(asked, url, host, port):
    """Constant Event parameters, and a CSeq of its own"""
    text = copied(asked, url, host, port, "3 NOTIFY")
    return text.replace(asked.get("event"), 'ua-profile;profile-type="device"'
                        ';vendor="OEM";model="OEM";version="7.1.19"')


def long_length(asked, url, host, port):
    """Content-Length counts a line end that is not there"""
    return swapped(asked, url, host, port).replace(
        f"Content-Length: {len(url)}", f"Content-Length: {len(url) + 2}")


def line_ends(asked, url, host, port):
    """A body with blanks and a line end around the URL"""
    return swapped(asked, f" {url} \r\n", host, port)


def untyped(asked, url, host, port):
    """No Content-Type at all"""
    return swapped(asked, url, host, port).replace(
        "Content-Type: application/url\r\n", "")


def grandstream(asked, url, host, port):
    """A type of its own"""
    return swapped(asked, url, host, port).replace(
        "application/url", "application/x-gs-ucm-url")


DIALECTS = [swapped, copied, without_rport, snom, long_length, line_ends,
            untyped, grandstream]


def account(user, server):
    """One account of a provisioned file, in baresip's own format"""
    return (f"<sip:{user}@{server.address}>;auth_pass={user}-secret;"
            "regint=3600\n")


class Responder:
    """One PnP server

    url: what it offers, {mac} stays as it is; None: nothing
    dialect: one of the functions above
    status: of its answer to the SUBSCRIBE; None: it does not answer
    notify_first: the NOTIFY comes before the answer
    cut: the answer ends without its blank line
    other_port: both come from another port than the one that was asked
    """

    def __init__(self, sock, url=None, dialect=swapped, **ways):
        self.sock = sock
        self.url = url
        self.dialect = dialect
        self.status = ways.get("status", 200)
        self.notify_first = ways.get("notify_first", False)
        self.cut = ways.get("cut", False)
        self.out = ways.get("out", sock)
        self.asked = []             # every SUBSCRIBE, with when it came
        self.answers = []           # what the phone answered
        self._news = threading.Condition()
        for one in {sock, self.out}:
            threading.Thread(target=self._read, args=(one,),
                             daemon=True).start()

    def close(self):
        """Free the port"""
        for one in {self.sock, self.out}:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def _read(self, sock):
        while True:
            try:
                data, source = sock.recvfrom(65536)
            except OSError:
                return
            if not data:
                return
            message = Message(data, source)
            message.to = sock
            if message.method == "SUBSCRIBE":
                self._answer(message)
            with self._news:
                (self.asked if message.method else self.answers).append(
                    message)
                self._news.notify_all()

    def _answer(self, asked):
        replies = []
        if self.status:
            text = response(asked, self.status, "OK")
            replies.append(text[:-2] if self.cut else text)
        if self.url:
            text = self.notify(asked)
            replies.insert(0 if self.notify_first else len(replies), text)
        for text in replies:
            self.send(text, asked.source)

    def notify(self, asked, url=None):
        """The NOTIFY, as this server makes it"""
        host, port = self.out.getsockname()
        return self.dialect(asked, url or self.url, host, port)

    def send(self, text, to):
        """Send a packet to a phone"""
        self.out.sendto(text.encode(), to)

    def _wait(self, what, messages, count):
        with self._news:
            if not self._news.wait_for(lambda: len(messages) >= count,
                                       process.PATIENCE):
                raise Gone(f"no {what} {count}; came: {messages}")
            return messages[count - 1]

    def wait_asked(self, count=1):
        """Wait till so many SUBSCRIBEs have come; the last of them"""
        return self._wait("SUBSCRIBE", self.asked, count)

    def wait_answer(self, count=1):
        """Wait till the phone has answered so many NOTIFYs; the last one"""
        return self._wait("answer", self.answers, count)


def listen(host, port=0):
    """A UDP socket"""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, port))
    return sock


def join(group, port, host):
    """A UDP socket that hears a multicast group on the interface of a host"""
    sock = listen(group, port)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                    struct.pack("4s4s", socket.inet_aton(group),
                                socket.inet_aton(host)))
    return sock
