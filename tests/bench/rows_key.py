"""From a key to what it does: a call is answered, by the same command."""
import json
import os
import socket
import time

from loopback import free_port
from process import PATIENCE
from stage import Row, pair
from wire import step_back

SHOTS = 100             # keys of one sample


class Doors:
    """A phone that can be told in four ways to answer a call.

    Each way returns when it was taken [s], and a socket whose answer nobody
    has read yet: some come before the call is answered, some after, and whom
    they wake up takes time from the phone, here on one machine.
    """

    def __init__(self, stage):
        self.registrar = stage.registrar()
        self.phone = phone = stage.phone()
        self.theirs, self.ours = free_port(phone.host), free_port(phone.host)
        phone.accounts = [f"<sip:alice@{self.registrar.address}>;regint=3600"]
        phone.apps = ["httpd.so"]
        phone.extra = [f"http_listen {phone.host}:{self.theirs}"]
        phone.settings.update(
            remote_control="allow", quota=1000000, http_from="127.0.0.0/8",
            http_listen=f"{phone.host}:{self.ours}")
        phone.start()
        self.registrar.wait_all(["alice"])
        self.ctrl = socket.create_connection((phone.host, phone.ctrl_port))

    def notify(self):
        """A NOTIFY"""
        link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        link.bind((self.registrar.host, 0))
        sent = self.registrar.order(
            "alice", "ACTION-URI", ["Content-Type: message/sipfrag"],
            "key=OK", link)
        return sent, link

    def _get(self, port, path):
        sent = time.time()
        link = socket.create_connection((self.phone.host, port))
        link.sendall(f"GET {path} HTTP/1.1\r\nHost: {self.phone.host}:"
                     f"{port}\r\n\r\n".encode())
        return sent, link

    def http(self):
        """An action URI"""
        return self._get(self.ours, "/servlet?key=OK")

    def httpd(self):
        """`accept` by its letter, to httpd.so"""
        return self._get(self.theirs, "/raw/?a")

    def ctrl_tcp(self):
        """`accept` to ctrl_tcp.so"""
        text = json.dumps({"command": "accept", "token": "t"}).encode()
        sent = time.time()
        self.ctrl.sendall(b"%d:%s," % (len(text), text))
        return sent, self.ctrl

    def took(self, door):
        """Till the call is answered [ms]"""
        dialog = self.registrar.invite(self.registrar.contacts["alice"])
        dialog.wait_ringing()
        self.settle()
        sent, link = door()
        answer = dialog.wait_final()
        assert answer.status == 200, answer
        link.settimeout(PATIENCE)
        assert link.recv(65536)
        if link is not self.ctrl:
            link.close()
        dialog.bye()
        dialog.rtp.close()
        return (answer.when - sent) * 1000

    def settle(self):
        """Read what ctrl_tcp.so tells of the call, till it says no more: it
        sends its next message when the one before is acknowledged"""
        self.ctrl.settimeout(0.02)
        try:
            while True:
                self.ctrl.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK,
                                     1)
                assert self.ctrl.recv(65536)
        except TimeoutError:
            pass


def quantiles(shots):
    """Median, and 99th percentile, each with its name"""
    shots = sorted(shots)
    yield "median", shots[len(shots) // 2]
    yield "99th percentile", shots[len(shots) * 99 // 100]


def row_key(stage):
    """Four ways to have the same command run. What ours are compared with is
    measured twice: so far from itself it is by chance alone"""
    doors = Doors(stage)
    pairs = [("NOTIFY", doors.notify, "ctrl_tcp.so", doors.ctrl_tcp),
             ("HTTP", doors.http, "httpd.so", doors.httpd)]
    ways = [way for _, ours, _, theirs in pairs
            for way in (theirs, ours, theirs)]

    step_back()
    try:
        samples = pair(lambda: [[doors.took(way) for way in ways]
                                for _ in range(SHOTS)])[0]
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    shots = iter(zip(*sum(samples, [])))
    for what, _, against, _ in pairs:
        before, ours, after = next(shots), next(shots), next(shots)
        for (name, it), (_, other), (_, first), (_, second) in zip(
                *map(quantiles, (ours, before + after, before, after))):
            yield Row(f"key=OK by {what} to the call answered, {name}",
                      f"{against} doing the same (`accept`)", "ms", [it],
                      [other], times=1, chance=abs(first - second) / other)
