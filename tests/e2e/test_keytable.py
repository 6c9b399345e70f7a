"""Every key in every state of the phone, as the contract has it, over NOTIFY
and over HTTP.

What is expected stands here and not in the code under test. For each key and
state the phone is brought into that state, the key is pressed, what it did is
seen at the other parties of the calls, and all calls are ended again.
"""
import os
import re
import urllib.parse

import pytest

from loopback import free_port
from process import until
from web import Link

STATES = ("idle", "ringing", "dialling", "calling", "talking", "held",
          "transferring", "consulting", "offhook", "waiting")

# What each key does in each of them; "all" is the same in all of them. - is no
# effect; {id} is the number of the call that the key is about, or of none. In
# dialling and transferring 5 was typed, in offhook nothing; waiting is a call
# that rings while another is talking. What is read can be read over HTTP.
TABLE = """
OK ENTER           : - answer dial - - - consult=5 - - take
0 1 2 3 4 5 6 7    : type - type - dtmf - more dtmf type dtmf
8 9 * # STAR POUND : type - type - dtmf - more dtmf type dtmf
SPEAKER            : typing answer dial stop hangup hangup hangup hangup
                     onhook hangup
HEADSET OFFHOOK    : typing answer dial - - - - - onhook -
X CANCEL           : - reject onhook stop hangup hangup untype hangup onhook
                     turn
CANCEL:{id}        : - reject - stop hangup hangup hangup hangup - turn
ONHOOK CALLEND     : - reject onhook stop hangup hangup hangup hangup onhook
                     hangup
ANSWER ASW         : - answer - - - - - - - take
ASW:{id}           : - answer - - - - - - - take
F_HOLD HOLD        : - - - - hold resume resume hold - hold
HOLD:{id}          : - - - - hold resume resume hold - -
UNHOLD SWAP        : - - - - - resume resume swap - -
UNHOLD:{id}        : - - - - - resume resume - - -
MUTE               : - - - - nothing nothing nothing nothing - nothing
VOLUME_UP          : all nothing
VOLUME_DOWN        : all nothing
F_TRANSFER         : - - - - begin begun blind=5 complete - begin
ATrans=300         : - - - - consult consult consult consult - consult
BTrans=300         : - - - - blind blind blind blind - blind
F_CONFERENCE SPLIT : all -
L1                 : typing answer typing - hold resume resume hold typing
                     take
L2                 : typing - typing - - - - - typing -
L9                 : all -
D1                 : dial=301 - - - - - - - - -
D2                 : all -
RD                 : dialled - - - - - - - - -
MSG                : dial=*98 - - - - - - - - -
number=300         : dial=300 - - - consult consult consult consult - consult
DNDOn              : all kept=dnd.on
DNDOff             : all kept=dnd.off
AlwaysFwdOn=300    : all kept=always_forward.on.300
AlwaysFwdOff       : all kept=always_forward.off
BusyFwdOn=300      : all kept=busy_forward.on.300
BusyFwdOff         : all kept=busy_forward.off
NoAnswFwdOn=300=99 : all kept=no_answer_forward.on.300.99
NoAnswFwdOff       : all kept=no_answer_forward.off
CallWaitingOff     : all kept=call_waiting.off
CallWaitingOn      : all kept=call_waiting.on
AutoP Reboot       : all resync
Reset              : all -
UP DOWN LEFT RIGHT : all -
F1 F4 BACK_IDLE    : all -
phonecfg=get       : all read
HELLO              : all nothing
"""

# How the phone calls a state, where not so
NAMES = {"offhook": "dialling", "waiting": "ringing"}

CONFIG = """\
#!version:1.0.0.1
account.1.enable = 1
account.1.user_name = alice
account.1.sip_server.1.address = {host}
account.1.sip_server.1.port = {port}
voice_mail.number.1 = *98
account.2.enable = 1
account.2.user_name = bob
account.2.sip_server.1.address = {host}
account.2.sip_server.1.port = {port}
memorykey.1.type = 13
memorykey.1.value = 301
"""


def table():
    """What each key does, by state"""
    rows = {}
    for line in re.split(r"\n(?! )", TABLE.strip()):
        keys, deeds = line.split(" : ")
        deeds = deeds.split()
        if deeds[0] == "all":
            deeds = deeds[1:] * len(STATES)
        for key in keys.split():
            rows[key] = dict(zip(STATES, deeds, strict=True))
    return rows


class Scene:
    """The phone, the calls that it has, and what a key did to them"""

    def __init__(self, phone, peer, door):
        self.phone = phone
        self.peer = peer
        self.send = getattr(self, f"send_{door}")
        self.uri = peer.contact("alice")
        self.calls = []         # dialogs that are up, the first one first
        self.state = ""
        self.answered = None    # how the last key was
        self.digit = ""         # what the key would type
        self.since = 0          # where the journal stood before it

    def status(self):
        """What the phone does, in its own words"""
        text = self.phone.command("provnotify")[1]
        return re.search(r"^phone: (.*)$", text, re.M).group(1)

    def send_notify(self, key):
        """A key by NOTIFY; its answer"""
        return self.peer.key(self.uri, f"key={key}")

    def send_http(self, key):
        """A key by HTTP, no more encoded than has to be; its answer"""
        link = Link(self.phone, self.phone.host)
        try:
            return link.ask("/servlet?key=" + urllib.parse.quote(
                key, safe="=;:*"))
        finally:
            link.close()

    def press(self, key):
        """A key is taken; the Warning of its answer, if it has one"""
        answer = self.send(key)
        assert answer.status == 200, answer
        self.answered = answer
        return answer.get("warning")

    # States

    def idle(self):
        """Nothing"""

    def dialling(self):
        """A digit was typed"""
        self.press("OFFHOOK;5")

    def offhook(self):
        """Nothing was typed yet"""
        self.press("OFFHOOK")

    def ringing(self):
        """A call comes in"""
        call = self.peer.invite(self.uri)
        call.wait_ringing()
        self.calls.append(call)
        until("ringing", lambda: "ringing" in self.status())

    def talking(self):
        """It was answered"""
        self.ringing()
        self.press("OK")
        self.answer()

    def waiting(self):
        """And another one comes in"""
        self.talking()
        call = self.peer.invite(self.uri)
        call.wait_ringing()
        self.calls.insert(0, call)

    def held(self):
        """And held"""
        self.talking()
        self.press("F_HOLD")
        self.hold()

    def transferring(self):
        """And is to be transferred, to where is being typed"""
        self.talking()
        self.press("F_TRANSFER;5")
        self.hold()

    def consulting(self):
        """Somebody is asked first"""
        self.talking()
        self.press("ATrans=300")
        self.consult()

    def calling(self):
        """A call of our own rings there"""
        self.press("number=300")
        invite = self.peer.wait_request("INVITE")
        self.peer.reply(invite, 180, "Ringing", "there")
        self.calls.append(invite)
        until("calling", lambda: "calling" in self.status())

    def enter(self, state):
        """Come into a state; the number of the call that is then meant"""
        self.state = state
        getattr(self, state)()
        until(state, lambda: self.status().startswith(
            NAMES.get(state, state)))
        return (["99"] + re.findall(r"call (\d+)", self.status()))[-1]

    # What keys do

    @property
    def active(self):
        """The call that is up, or the only one"""
        return self.calls[-1]

    def answer(self):
        """The call that rings"""
        assert self.active.wait_final().status == 200
        until("talking", lambda: "talking" in self.status())

    def reject(self):
        """The call that rings"""
        assert self.calls.pop().wait_final().status == 486

    def take(self):
        """The call that waits is answered, and the one that was up held"""
        self.hold()
        self.calls.append(self.calls.pop(0))
        self.answer()

    def turn(self):
        """The call that waits is turned away"""
        assert self.calls.pop(0).wait_final().status == 486

    def stop(self):
        """The call of our own"""
        invite = self.calls.pop()
        self.peer.reply(self.peer.wait_request("CANCEL"), 200, "OK")
        self.peer.reply(invite, 487, "Request Terminated", "there")
        self.peer.wait_request("ACK")

    def hangup(self):
        """The active call; one that is held stays so, and one rings on"""
        self.calls.pop().wait_bye()
        if self.calls:
            assert re.match("held|ringing", self.status())

    def hold(self):
        """The active call"""
        assert self.active.wait_reinvite() == "sendonly"

    def resume(self):
        """The held call"""
        assert self.active.wait_reinvite() == "sendrecv"
        assert self.status().startswith("talking")

    def swap(self):
        """The active call and the held one"""
        assert self.calls[1].wait_reinvite() == "sendonly"
        assert self.calls[0].wait_reinvite() == "sendrecv"

    def nothing(self):
        """Nothing that others could see"""

    def dtmf(self):
        """A digit arrives"""
        assert self.active.digits(1) == self.digit

    def dialled(self):
        """A call is made: whom"""
        invite = self.peer.wait_request("INVITE")
        self.peer.reply(invite, 404, "Not Found", "there")
        self.peer.wait_request("ACK", call_id=invite.get("call-id"))
        return re.search("sip:([^@]+)", invite.uri).group(1)

    def dial(self, number="5"):
        """This number is called"""
        assert self.dialled().replace("%23", "#") == number

    def type(self):
        """The digit is part of the number"""
        assert self.status() == "dialling"
        before = "5" if self.state == "dialling" else ""
        self.press("OK")
        self.dial(before + self.digit)

    def more(self):
        """The digit is part of the number to which it is transferred"""
        assert self.status().startswith("transferring")
        self.press("F_TRANSFER")
        self.blind("5" + self.digit)

    def untype(self):
        """It is no longer to be transferred, but still held"""
        assert self.status().startswith("held")

    def typing(self):
        """A number may be typed"""
        assert self.status() == "dialling"

    def onhook(self):
        """Nothing is typed"""
        assert self.status() == "idle"

    def begin(self):
        """Hold, and wait for digits"""
        self.hold()
        self.begun()

    def begun(self):
        """Wait for digits: it is held already"""
        assert "transferring" in self.status()

    def consult(self, number="300"):
        """Hold, and call"""
        if self.state in ("talking", "consulting", "waiting"):
            self.hold()
        invite = self.peer.wait_request("INVITE")
        assert f"sip:{number}@" in invite.uri
        self.calls.append(self.peer.accept(invite))
        until("a second call", lambda: re.search(
            "talking|consulting", self.status()))

    def refer(self, call):
        """A call is to be transferred: the Refer-To. It is refused."""
        refer = self.peer.wait_request("REFER", call_id=call.call_id)
        self.peer.reply(refer, 603, "Decline")
        return refer.get("refer-to")

    def blind(self, number="300"):
        """Transferred without asking"""
        target = self.refer(self.active).replace("%23", "#")
        assert target == f"<sip:{number}@{self.peer.address}>"

    def complete(self):
        """The two others are connected"""
        assert f"?Replaces={self.calls[1].call_id}" in \
            self.refer(self.calls[0])

    def resync(self):
        """The files are compared"""
        self.phone.wait_journal(self.since, action="resync",
                                result="unchanged")

    def kept(self, text):
        """Kept for the next start; and all is as it was before"""
        def look():
            try:
                with open(path, encoding="utf-8") as lines:
                    return any(line.startswith(text.replace(".", " "))
                               for line in lines)
            except FileNotFoundError:
                return False

        path = os.path.join(self.phone.state_dir, "features")
        until(text, look)
        self.press("DNDOff;AlwaysFwdOff;BusyFwdOff;NoAnswFwdOff;"
                   "CallWaitingOn")

    # One cell of the table

    def run(self, key, state, deed):
        """Come into the state, press the key, look, and end all calls"""
        self.digit = {"STAR": "*", "POUND": "#"}.get(key, key)
        self.since = len(self.phone.journal()) if deed == "resync" else 0
        number = self.enter(state)
        before = self.status()
        warning = self.press(key.format(id=number))
        if deed == "read" and self.send == self.send_http:
            assert not warning
            assert self.answered.text.startswith("Firmware=")
            assert self.status() == before
        elif deed in ("-", "read"):
            assert warning.startswith("399 provnotify")
            assert self.status() == before
        else:
            assert not warning or key == "Reboot"
            name, _, argument = deed.partition("=")
            getattr(self, name)(*filter(None, [argument]))
        self.end()

    def end(self):
        """Back to idle"""
        while self.calls:
            ringing = not re.search("talking|held|transferring|consulting",
                                    self.status())
            self.press("CALLEND")
            if self.state == "calling":
                self.stop()
            elif ringing:
                self.reject()
            else:
                bye = self.peer.wait_request("BYE")
                self.peer.reply(bye, 200, "OK")
                self.calls.pop()
        if self.status() == "dialling":
            self.press("X")
        until("idle", lambda: self.status() == "idle")
        self.peer.inbox.clear()


@pytest.fixture
def provisioned(phone, peer):
    """A provisioned phone with both doors open"""
    phone.web = [(phone.host, free_port(phone.host))]
    phone.settings.update(remote_control="allow", quota=1000, confirm=30,
                          checksync_reboot="no", key=["HELLO listcalls"],
                          http_listen="{}:{}".format(*phone.web[0]),
                          http_from=phone.host,
                          url=f"file://{phone.path('phone.cfg')}")
    phone.write("phone.cfg", CONFIG.format(host=peer.host, port=peer.port))
    phone.start()
    peer.wait_registered("alice")
    peer.wait_registered("bob")
    phone.wait_journal(action="resync", result="ok")
    return phone


@pytest.mark.parametrize("door", ["notify", "http"])
@pytest.mark.parametrize("state", STATES)
def test_state(provisioned, peer, state, door):
    """All keys in one state, over one door"""
    scene = Scene(provisioned, peer, door)
    scene.run("number=300", "idle", "dial=300")
    for key, deeds in table().items():
        try:
            scene.run(key, state, deeds[state])
        except Exception as error:
            raise AssertionError(f"{key} while {state}: {error}") from error
    provisioned.wait_journal(door=door, key="HELLO", status=200)


def test_complete():
    """No key of the README, which the code prints, is missing here"""
    path = os.path.join(os.path.dirname(__file__), "..", "..", "README.md")
    with open(path, encoding="utf-8") as readme:
        part = readme.read().split("<!-- keys -->")[1].split("<!-- /keys")[0]
    names = {re.match(r"[^=:{\d]*", key).group(0) or key for key in table()}
    for row in part.strip().split("\n")[2:]:
        name = re.match(r"\| `([^`]+)`", row).group(1)
        assert (re.match(r"[^=:\[\d]*", name).group(0) or name) in names
