"""From a key to what it does: a call is answered, by the same command."""
import json
import os
import socket
import time

from loopback import free_port
from stage import Row, pair
from wire import step_back

SHOTS = 50              # keys of one sample


class Doors:
    """A phone that can be told in four ways to answer a call"""

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
        """A NOTIFY: when it was sent [s]"""
        return self.registrar.order(
            "alice", "ACTION-URI", ["Content-Type: message/sipfrag"],
            "key=OK")

    def _get(self, port, path):
        sent = time.time()
        with socket.create_connection((self.phone.host, port)) as link:
            link.sendall(f"GET {path} HTTP/1.1\r\nHost: {self.phone.host}:"
                         f"{port}\r\n\r\n".encode())
            link.recv(65536)
        return sent

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
        return sent

    def took(self, door):
        """Till the call is answered [ms]"""
        dialog = self.registrar.invite(self.registrar.contacts["alice"])
        dialog.wait_ringing()
        self.settle()
        sent = door()
        answer = dialog.wait_final()
        assert answer.status == 200, answer
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


def row_key(stage):
    """Four ways to have the same command run"""
    doors = Doors(stage)
    ways = (doors.notify, doors.ctrl_tcp, doors.http, doors.httpd)

    step_back()
    try:
        samples = pair(lambda: [[doors.took(way) for way in ways]
                                for _ in range(SHOTS)])[0]
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    shots = [sorted(took) for took in zip(*sum(samples, []))]
    for what, against, at in (("NOTIFY", "ctrl_tcp.so", 0),
                              ("HTTP", "httpd.so", 2)):
        other = f"{against} doing the same (`accept`)"
        ours, theirs = shots[at:at + 2]
        yield Row(f"key=OK by {what} to the call answered, median", other,
                  "ms", ours, theirs, times=1)
        worst = len(ours) * 99 // 100
        yield Row(f"key=OK by {what} to the call answered, 99th percentile",
                  other, "ms", [ours[worst]], [theirs[worst]], times=1)
