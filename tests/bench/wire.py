"""The SIP side of the bench: a registrar that says when a packet came.

The kernel stamps each packet as it comes in, so that what this program does
meanwhile is no part of the numbers.
"""
import os
import re
import socket
import struct
import time

from process import Gone
from sip import Message, Peer, target, token

SO_TIMESTAMPNS = 35
SO_RCVBUFFORCE = 33
BUFFER = 64 << 20

USER = re.compile(rb"\r\nTo: [^\r]*<sips?:([^@>;]+)@", re.IGNORECASE)
CONTACT = re.compile(rb"\r\nContact: <([^>]+)>", re.IGNORECASE)
EXPIRES = re.compile(rb";expires=(\d+)")
KEPT = re.compile(rb"\r\n((?:Via|From|To|Call-ID|CSeq|Contact): [^\r]*)",
                  re.IGNORECASE)


def stamped(sock):
    """Have the packets of a socket carry the time that they came at"""
    try:
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
    except PermissionError:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)


def receive(sock):
    """A packet, when it came [s], and from whom"""
    data, more, _, source = sock.recvmsg(65536, 64)
    if not more:                # it came before stamped()
        return data, time.time(), source
    seconds, nanoseconds = struct.unpack("qq", more[0][2])
    return data, seconds + nanoseconds / 1e9, source


def step_back():
    """Let this thread not take the CPU from a phone that has just woken it,
    with a 200 that goes out before what is measured"""
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


class Registrar(Peer):
    """A Peer that takes each REGISTER, and says of all when it came"""

    def __init__(self, host, port):
        self.seen = []              # (when, user, expires) of each REGISTER
        self.contacts = {}
        super().__init__(host, port)

    def _read_udp(self):
        step_back()
        stamped(self.udp)
        while not self._closing:
            try:
                data, when, source = receive(self.udp)
            except OSError:
                continue
            if data.startswith(b"REGISTER "):
                self.udp.sendto(b"\r\n".join([
                    b"SIP/2.0 200 OK", *KEPT.findall(data),
                    b"Content-Length: 0", b"", b""]), source)
                self._note(data, when)
            elif data.strip():
                message = Message(data, source)
                message.when = when
                self._handle(message)

    def _note(self, data, when):
        user = USER.search(data).group(1).decode()
        expires = int(EXPIRES.search(data).group(1))
        with self._news:
            self.seen.append((when, user, expires))
            if expires:
                self.contacts[user] = CONTACT.search(data).group(1).decode()
            self._news.notify_all()

    def wait_all(self, users, since=0, timeout=60):
        """Wait till all of these users have registered, after so many
        REGISTERs: when the last of them did [s]"""
        left = set(users)
        deadline = time.monotonic() + timeout
        with self._news:
            while True:
                for when, user, expires in self.seen[since:]:
                    if expires:
                        left.discard(user)
                    if not left:
                        return when
                since = len(self.seen)
                if time.monotonic() > deadline:
                    raise Gone(f"{len(left)} have not registered")
                self._news.wait(1)

    def order(self, user, event, headers=(), body="", link=None):
        """Send a NOTIFY, by a socket of the caller's if there is one, and do
        not wait for its answer: when it went [s]"""
        uri = self.contacts[user]
        text = self.compose("NOTIFY", uri, [
            f"Event: {event}", "Subscription-State: terminated", *headers],
            body, branch=f"z9hG4bK{token()}").encode()
        to = target(uri)
        sent = time.time()
        (link or self.udp).sendto(text, to)
        return sent
