"""On a real Asterisk 22: what it sends, how it answers a 401, and calls and
transfers between three phones. make check-asterisk."""
import os
import shutil

import pytest

from asterisk import Asterisk
from process import until

pytestmark = pytest.mark.asterisk

USERS = ("100", "200", "300", "400")


@pytest.fixture
def server(request, net, closing):
    """It knows four users, and of one a wrong password too"""
    server = Asterisk(os.path.abspath(request.config.getoption("--asterisk")),
                      net.host(), {u: f"{u}-secret" for u in USERS},
                      {"400": "wrong"})
    closing.append(server)
    yield server
    if not os.environ.get("PN_KEEP"):
        shutil.rmtree(server.dir, ignore_errors=True)


def test_resync_and_reboot(party, server):
    """Of the command line; the phone is back under its pid, registered"""
    phone = party("100")
    pid = phone.pid
    server.notify("phone-resync", "100")
    phone.wait_journal(verdict="accepted", status=200)
    phone.wait_journal(action="resync", result="unchanged")
    mark, since = phone.process.mark(), len(phone.journal())
    server.notify("phone-reboot", "100")
    phone.wait_ready()
    phone.wait_journal(action="restart", result="ok")
    phone.process.wait_log("100@.* 200 OK", mark)
    assert phone.pid == pid
    server.notify("phone-resync", "100")
    phone.wait_journal(since, action="resync", result="unchanged")


@pytest.mark.parametrize("digest", ["all", "reboot"])
def test_digest(party, server, digest):
    """It answers the 401 by the endpoint's outbound_auth"""
    phone = party("100", digest=digest)
    server.notify("phone-reboot", "100")
    phone.wait_journal(verdict="refused", status=401)
    phone.wait_journal(verdict="accepted", status=200)
    phone.wait_ready()
    phone.wait_journal(action="restart", result="ok")


def test_wrong_password(party, server):
    """And that is no use with another one"""
    phone = party("400", digest="all")
    server.notify("phone-reboot", "400")
    until("answer to a 401", lambda: sum(
        line.get("count", 1) for line in phone.journal()
        if line.get("status") == 401) > 1)
    assert not [li for li in phone.journal() if li["verdict"] == "accepted"]


def test_keys(party, server):
    """Of the command line, and of the manager interface"""
    phone = party("100")
    server.notify("phone-dnd-on", "100")
    phone.wait_journal(key="DNDOn", status=200)
    phone.wait_journal(action="key", result="ok")
    assert "do not disturb" in phone.command("provnotify")[1]
    server.key("100", "key=DNDOff")
    phone.wait_journal(key="DNDOff", status=200)
    server.key("100", "key=NOSUCHKEY")
    phone.wait_journal(status=400)


def call(phone, server, other):
    """100 calls 200"""
    server.key("100", "number=200")
    other.wait_event("CALL_ESTABLISHED")
    phone.wait_event("CALL_ESTABLISHED")


def bridged(server, *users):
    """Which users are in one call at the server"""
    text = server.command("core show channels concise")
    lines = [line.split("!") for line in text.split("\n") if "!" in line]
    bridges = {}
    for fields in lines:
        user = fields[0].rpartition("/")[2].partition("-")[0]
        bridges.setdefault(fields[-2], set()).add(user)
    return set(users) in bridges.values()


def until_bridged(server, *users):
    """Wait till these talk to each other"""
    until(f"call of {users}", lambda: bridged(server, *users),
          context=server.process.log)


def test_call(trio, server):
    """Placed, held, resumed and ended by keys"""
    one, two, _ = trio
    call(one, server, two)
    for key, state in (("F_HOLD", "held"), ("F_HOLD", "talking")):
        since = len(one.journal())
        server.key("100", f"key={key}")
        one.wait_journal(since, action="key", result="ok")
        assert f"call 1 {state}" in one.command("provnotify")[1]
    server.key("100", "key=X")
    two.wait_event("CALL_CLOSED")


@pytest.mark.parametrize("keys", ["BTrans=300",
                                  "F_TRANSFER;3;0;0;F_TRANSFER"])
def test_blind(trio, server, keys):
    """200 talks to 300, and 100 is out of it"""
    one, two, three = trio
    call(one, server, two)
    server.key("100", f"key={keys}")
    three.wait_event("CALL_ESTABLISHED")
    one.wait_event("CALL_CLOSED")
    assert "phone: idle" in one.command("provnotify")[1]
    until_bridged(server, "200", "300")
    assert two.command("listcalls")[1].count("sip:") == 1


@pytest.mark.parametrize("keys", [["ATrans=300"],
                                  ["F_TRANSFER;3;0;0;OK"]])
def test_attended(trio, server, keys):
    """REFER with Replaces, which Asterisk understands: the calls of 200 and
    300 go on, as one"""
    one, two, three = trio
    call(one, server, two)
    for key in keys:
        server.key("100", f"key={key}")
    three.wait_event("CALL_ESTABLISHED")
    one.wait_event("CALL_ESTABLISHED")
    assert "consulting" in one.command("provnotify")[1]
    server.key("100", "key=F_TRANSFER")
    one.wait_event("CALL_CLOSED")
    one.wait_event("CALL_CLOSED")
    assert "phone: idle" in one.command("provnotify")[1]
    until_bridged(server, "200", "300")
    # No new call: each has the one that it had
    for phone in (two, three):
        assert phone.command("listcalls")[1].count("sip:") == 1
        assert phone.process.log().count("Call established") == 1


def test_consultation_ends(trio, server):
    """X ends the consultation; the first call is still held, and resumed"""
    one, two, three = trio
    call(one, server, two)
    server.key("100", "key=ATrans=300")
    three.wait_event("CALL_ESTABLISHED")
    one.wait_event("CALL_ESTABLISHED")
    server.key("100", "key=X")
    three.wait_event("CALL_CLOSED")
    one.wait_event("CALL_CLOSED")
    assert "call 1 held" in one.command("provnotify")[1]
    server.key("100", "key=UNHOLD;X")
    two.wait_event("CALL_CLOSED")


def test_forward_and_dnd(party, server):
    """200 calls 100: it is sent on to 300; and it is turned away"""
    one = party("100")
    two = party("200")
    three = party("300", ";answermode=auto")
    server.key("100", "key=AlwaysFwdOn=300")
    one.wait_journal(action="key", result="ok")
    assert two.command("dial", "100")[0]
    three.wait_event("CALL_ESTABLISHED")
    assert two.command("hangup")[0]
    three.wait_event("CALL_CLOSED")
    since = len(one.journal())
    server.key("100", "key=AlwaysFwdOff;DNDOn")
    one.wait_journal(since, action="key", result="ok")
    mark = two.process.mark()
    assert two.command("dial", "100")[0]
    two.process.wait_log("session closed: (480|486|603)", mark)
