"""baresip's own users of NOTIFY work as if the module were not there."""
import re
import signal

import pytest


MWI = ("Messages-Waiting: yes\r\nMessage-Account: sip:alice@pbx\r\n"
       "Voice-Message: 2/8 (0/2)\r\n")


def subscription(peer):
    """Accept the phone's SUBSCRIBE; what its NOTIFYs must carry"""
    subscribe = peer.wait_request("SUBSCRIBE", event="message-summary")
    peer.reply(subscribe, 200, "OK", "there", [
        f"Contact: <sip:mwi@{peer.address}>", "Expires: 600"])
    return subscribe


def test_mwi(alice, peer):
    """mwi.so subscribes, and the server's NOTIFY reaches it"""
    alice.accounts = [f"<sip:alice@{peer.address}>;regint=3600;mwi=yes"]
    alice.apps = ["mwi.so"]
    # mwi.so of 1.0.0 subscribes for ever if an account is registered before
    # its first timer has run, one millisecond after the start: the answer is
    # for the REGISTER's retransmission
    peer.silent = True
    alice.start()
    peer.silent = False
    uri = peer.contact("alice")
    subscribe = subscription(peer)
    dialog = {"from_": f"{subscribe.get('to')};tag=there",
              "to": subscribe.get("from"),
              "call_id": subscribe.get("call-id"), "cseq": "1 NOTIFY"}
    answer = peer.notify(subscribe.contact, "message-summary", [
        "Content-Type: application/simple-message-summary"], MWI,
        state="active;expires=600", **dialog)
    dialog["cseq"] = "2 NOTIFY"
    assert answer.status == 200
    assert "2/8" in alice.wait_event("MWI_NOTIFY")["param"]
    # Ours goes on beside it, and one without a subscription is not taken
    assert peer.notify(uri, "check-sync").status == 200
    assert peer.notify(uri, "message-summary", [
        "Content-Type: application/simple-message-summary"], MWI
        ).status == 481
    # At the end an un-SUBSCRIBE, whose NOTIFY baresip waits for
    alice.process.signal(signal.SIGTERM)
    peer.wait_request("SUBSCRIBE", expires="0")
    answer = peer.notify(subscribe.contact, "message-summary",
                         state="terminated;reason=timeout", **dialog)
    assert answer.status == 200
    alice.check()


@pytest.mark.valgrind
def test_refer(alice, peer):
    """A transfer: the NOTIFYs of its implicit subscription come through"""
    alice.start()
    uri = peer.contact("alice")
    call = peer.invite(uri)
    call.wait_ringing()
    alice.command("accept")
    assert call.wait_final().status == 200
    alice.wait_event("CALL_ESTABLISHED")
    alice.command("hold")
    assert call.wait_reinvite() == "sendonly"
    alice.command("transfer", f"sip:carol@{peer.address}")
    refer = peer.wait_request("REFER")
    assert "carol" in refer.get("refer-to")
    peer.reply(refer, 202, "Accepted", headers=[
        f"Contact: <sip:caller@{peer.address}>"])
    answer = call.notify("refer", ["Content-Type: message/sipfrag"],
                         "SIP/2.0 200 OK\r\n",
                         "terminated;reason=noresource")
    assert answer.status == 200
    call.wait_bye()
    assert re.search("transfer", alice.wait_event("CALL_CLOSED")["param"])


def test_unknown_events(alice, peer):
    """What is not ours is answered as baresip answers it"""
    alice.start()
    uri = peer.contact("alice")
    assert peer.notify(uri, "presence").status == 481
    text = peer.compose("NOTIFY", uri, branch="z9hG4bKnoevent")
    peer.send(text, (alice.host, alice.port))
    assert peer.wait_response("z9hG4bKnoevent").status == 489
    text = peer.compose("NOTIFY", uri, ["Event: presence"],
                        branch="z9hG4bKnostate")
    peer.send(text, (alice.host, alice.port))
    assert peer.wait_response("z9hG4bKnostate").status == 400
    assert not [e for e in alice.journal() if e.get("door") == "notify"]
