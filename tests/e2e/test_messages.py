"""Every request that real servers send to a phone, and its answer.

Each message goes to a phone of its own that is registered with the sender, to
the user of its contact, as servers do.
"""
import pytest

import dialects
from dialects import KEY, MESSAGES, NOTHING, RESTART, RESYNC
from process import Gone
from sip import target

MWI = ("Messages-Waiting: no\r\nMessage-Account: sip:asterisk@192.0.2.1\r\n"
       "Voice-Message: 0/0 (0/0)\r\n")
MWI_TYPE = "Content-Type: application/simple-message-summary"

# Asterisk's own categories: event, header, body, status, what follows
ASTERISK = {
    "aastra-check-cfg": ("check-sync", "", "", 200, RESYNC),
    "aastra-xml": ("aastra-xml", "", "", 481, NOTHING),
    "ami-action-uri": ("ACTION-URI", "Content-Type: message/sipfrag",
                       "key=SPEAKER", 200, KEY),
    "cisco-check-cfg": ("check-sync", "", "", 200, RESYNC),
    "clear-mwi": ("message-summary", MWI_TYPE, MWI, 481, NOTHING),
    "custom-notify-1": ("custom", "Content-Type: application/voicemail",
                        "check-messages\r\n", 481, NOTHING),
    "custom-notify-2": ("custom", "X-Data: force-hangup", "", 481, NOTHING),
    "digium-check-cfg": ("check-sync", "", "", 200, RESYNC),
    "linksys-cold-restart": ("reboot_now", "", "", 200, RESTART),
    "linksys-warm-restart": ("restart_now", "", "", 200, RESTART),
    "polycom-check-cfg": ("check-sync", "", "", 200, RESYNC),
    "sipura-check-cfg": ("resync", "", "", 200, RESYNC),
    "sipura-get-report": ("report", "", "", 481, NOTHING),
    "snom-check-cfg": ("check-sync;reboot=false", "", "", 200, RESYNC),
    "snom-reboot": ("check-sync;reboot=true", "", "", 200, RESTART),
    "fusionpbx-linksys": ("reboot=true", "", "", 200, RESTART),
    "snom-old-reboot": ("reboot", "", "", 200, RESTART),
    "two-lengths": ("check-sync", "Content-Length: 0", "", 200, RESYNC),
    "two-states": ("check-sync", "Subscription-State: active", "", 200,
                   RESYNC),
    "wazo-service-control": ("service-control", "Content-Type: text/plain",
                             "action=restart\r\nRegisterCallId={}\r\n", 481,
                             NOTHING),
}


def test_every_message_has_its_row():
    """A file without an expectation would not be sent"""
    assert {*dialects.names()} == {*MESSAGES, "asterisk"}


def follows(phone, peer, effect, marks):
    """What the phone did after it had answered"""
    pid, registers, lines = marks
    if effect == RESTART:
        phone.wait_ready()
        assert phone.pid == pid
        peer.wait_registered("alice", registers)
        phone.wait_journal(lines, action="restart", result="ok")
    elif effect == RESYNC:
        phone.wait_journal(lines, action="resync", result="unchanged")
    elif effect == KEY:
        phone.wait_journal(lines, action="key")
    else:
        assert not any(line.get("action") for line in phone.journal()[lines:])
    if effect != RESTART:
        assert phone.process.running()
        assert len(peer.registers) == registers


def start(phone, transport="udp"):
    """A phone that trusts its server with everything"""
    phone.settings["remote_control"] = "allow"
    phone.settings["at_boot"] = "no"
    if transport != "udp":
        phone.accounts = [phone.accounts[0].replace(
            ">", f";transport={transport}>")]
    phone.start()


@pytest.mark.parametrize("name", MESSAGES)
def test_message(phone, new_peer, name):
    """A message as its sender writes it, over UDP"""
    status, effect, warning = MESSAGES[name]
    peer = new_peer(dialects.port(name))
    phone.accounts = [f"<sip:alice@{peer.address}>;regint=3600"]
    start(phone)
    contact = peer.contact("alice")
    user = contact.split(":")[1].split("@")[0]
    host, port = target(contact)
    wire, branch = dialects.fill(name, user, f"{host}:{port}", peer.host)
    marks = phone.pid, len(peer.registers), len(phone.journal())
    peer.send(wire, (host, port))
    if status is None:
        # What comes next is answered, and this was not
        assert peer.notify(contact, "no-such-event").status == 481
        with pytest.raises(Gone):
            peer.wait_response(branch, timeout=0.01)
    else:
        answer = peer.wait_response(branch)
        assert answer.status == status, answer
        assert warning in answer.get("warning")
        if status == 200:
            assert f"{host}:{port}" in answer.contact
    follows(phone, peer, effect, marks)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("name", ASTERISK)
def test_asterisk(phone, new_peer, name, transport):
    """Asterisk's categories, as it sends them"""
    event, header, body, status, effect = ASTERISK[name]
    peer = new_peer(5060)
    phone.accounts = [f"<sip:alice@{peer.address}>;regint=3600"]
    start(phone, transport)
    register = peer.wait_registered("alice")
    contact = register.contact
    user = contact.split(":")[1].split("@")[0]
    host, port = target(contact)
    wire, branch = dialects.fill("asterisk", user, f"{host}:{port}",
                                 peer.host, event, header, body)
    if transport == "tcp":
        wire = wire.replace(b"SIP/2.0/UDP", b"SIP/2.0/TCP")
    marks = phone.pid, len(peer.registers), len(phone.journal())
    peer.send(wire, (host, port), register.link)
    assert peer.wait_response(branch).status == status
    follows(phone, peer, effect, marks)


def test_user_with_a_dot(phone, peer):
    """Gigaset's providers have users such as 1011.DE900IP"""
    phone.accounts = [f"<sip:1011.DE900IP@{peer.address}>;regint=3600"]
    phone.start()
    peer.wait_registered("1011.DE900IP")
    uri = f"sip:1011.DE900IP@{phone.host}:{phone.port}"
    assert peer.notify(uri, "check-sync;reboot=false").status == 200
    phone.wait_journal(account=f"sip:1011.DE900IP@{peer.address}",
                       action="resync", result="unchanged")
