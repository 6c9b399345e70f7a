#!/usr/bin/python3
"""demo MODULE: the whole story, on real parts, told as it comes true.

A phone out of its box asks who provisions it, and is registered at a Kamailio.
From then on everything that happens to it, and to another one, comes from
servers: a check-sync from Kamailio, a new account from nginx, a call by
number= that key=OK answers at the second phone, keys that hold, resume and end
it, and a restart. Each step is told in a line with its time, and the status is
0 only if all of them came true.
"""
import os
import sys
import tempfile
import time

import pnp
from kamailio import Kamailio
from loopback import Loopback
from nginx import Nginx
from phone import Phone

USERS = ("alice", "bob", "carol")


class Story:
    """The servers, the phones, and what happens to them"""

    def __init__(self, folder, net, module, wrap=None):
        self.started = time.monotonic()
        self.kamailio = Kamailio(os.path.join(folder, "kamailio"), net.host(),
                                 {user: f"{user}-secret" for user in USERS})
        self.nginx = Nginx(os.path.join(folder, "nginx"), net.host())
        self.desk = self._phone(folder, net, module, wrap, "alice")
        self.other = self._phone(folder, net, module, wrap, "bob")
        self.pnp = pnp.Responder(pnp.listen(net.host()),
                                 self.nginx.url("{mac}/"))
        self.desk.accounts = []
        self.desk.settings.update(pnp="yes", mac="00:15:65:12:34:56",
                                  pnp_address="{}:{}".format(
                                      *self.pnp.sock.getsockname()))
        self._provision("alice")

    def _phone(self, folder, net, module, wrap, user):
        path = os.path.join(folder, user)
        os.makedirs(path)
        phone = Phone(path, net.host(), module, wrap)
        phone.accounts = [self._account(user)]
        phone.settings["remote_control"] = "allow"
        return phone

    def _account(self, user):
        return (f"<sip:{user}@{self.kamailio.address}>;"
                f"auth_pass={user}-secret;regint=3600")

    def _provision(self, *users):
        self.nginx.put("001565123456/accounts", "".join(
            f"{self._account(user)}\n" for user in users))

    def say(self, what):
        """One line of the story"""
        passed = time.monotonic() - self.started
        print(f"{passed:6.2f} s  {what}", flush=True)

    def _key(self, user, body):
        status = self.kamailio.key(user, body)
        assert status == 200, f"{body} was answered {status}"

    def tell(self):
        """All of it"""
        kamailio = self.kamailio
        self.say(f"Kamailio at {kamailio.address}, "
                 f"nginx at {self.nginx.host}:{self.nginx.port}")
        self.other.start()
        kamailio.wait_registered("bob")
        self.say(f"bob is registered from {self.other.host}")

        self.desk.start()
        self.pnp.wait_asked()
        self.say("a phone without an account or a URL asks who provisions it")
        assert self.pnp.wait_answer().status == 200
        self.say("a PnP server has told it where nginx is: 200")
        kamailio.wait_registered("alice")
        self.desk.wait_journal(action="pnp", result="ok")
        self.say("the phone has fetched its accounts, and alice is registered")

        self._provision("alice", "carol")
        self.say("nginx has a new account for alice's phone: carol")
        status = kamailio.notify("alice", "check-sync;reboot=false")
        assert status == 200, f"check-sync was answered {status}"
        self.say("Kamailio has sent check-sync;reboot=false: 200")
        kamailio.wait_registered("carol")
        self.desk.wait_journal(action="resync", result="ok")
        self.say("the phone has fetched it, and carol is registered")

        self._key("alice", f"number=bob@{kamailio.address}"
                  "&outgoing_uri=carol")
        self.other.wait_event("CALL_INCOMING")
        self.say("number=bob: carol calls bob, and bob's phone rings")
        self._key("bob", "key=OK")
        self.desk.wait_event("CALL_ESTABLISHED")
        self.say("key=OK at bob's phone: answered")
        self._key("alice", "key=F_HOLD")
        self._wait_offer()
        self.say("key=F_HOLD: held")
        self._key("alice", "key=F_HOLD")
        self._wait_offer()
        self.say("key=F_HOLD: resumed")
        self._key("alice", "key=X")
        self.other.wait_event("CALL_CLOSED")
        self.say("key=X: ended")

        pid, mark = self.desk.pid, kamailio.process.mark()
        status = kamailio.notify("alice", "check-sync;reboot=true")
        assert status == 200, f"check-sync was answered {status}"
        self.say("Kamailio has sent check-sync;reboot=true: 200")
        self.desk.wait_ready()
        assert self.desk.pid == pid, "it is another process"
        for user in ("alice", "carol"):
            kamailio.wait_registered(user, mark)
        self.desk.wait_journal(action="restart", result="ok")
        self.say(f"baresip was started again under its pid {pid}; alice and "
                 "carol are registered")
        self.desk.stop()
        self.other.stop()

    def _wait_offer(self):
        """Wait for a re-INVITE at the other phone"""
        self.other.wait_event("CALL_REMOTE_SDP", param="offer")

    def close(self):
        """End what runs"""
        for part in (self.desk, self.other, self.pnp, self.nginx,
                     self.kamailio):
            part.close()


def main(module):
    """On the command line"""
    net = Loopback()
    with tempfile.TemporaryDirectory(prefix="provnotify-demo-") as folder:
        story = Story(folder, net, os.path.abspath(module))
        try:
            story.tell()
        except Exception as error:      # whatever it was, the story is over
            story.say("This did not come true:")
            print(error)
            return 1
        finally:
            story.close()
    story.say("All of it came true.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
