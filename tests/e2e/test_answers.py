"""The exact words of an answer: status, phrase, Warning and what belongs to
it. That an answer is given at all is told by the other tests."""
import pytest

KEY = ["Content-Type: message/sipfrag"]
FROM = "provnotify_notify_from"

# name: settings, user (None = contact), event, headers, body, status, phrase,
# Warning. Of keys UP never does anything, so that the phone stays as it was.
ANSWERS = {
    "taken": ({}, None, "check-sync", [], "", 200, "OK", None),
    "ignored": (
        {"checksync": "ignore"}, None, "check-sync;reboot=true", [], "",
        200, "OK", "check-sync is ignored: provnotify_checksync"),
    "no effect": (
        {"remote_control": "allow"}, None, "ACTION-URI", KEY, "key=UP",
        200, "OK", "there is no screen"),
    "anonymous": (
        {}, "", "check-sync;reboot=true", [], "", 200, "OK",
        "taken as a resync, a restart must go to an account"),
    "address of record": (
        {}, "alice", "check-sync;reboot=true", [], "", 200, "OK",
        f"taken as a resync, over UDP a restart must go to the contact: "
        f"{FROM}"),
    "not searched": (
        {}, None, "ua-profile", ["Content-Type: application/url"],
        "http://192.0.2.1/", 481, "Subscription Does Not Exist",
        "not searched for: provnotify_pnp"),
    "not the server": (
        {"notify_from": "192.0.2.1"}, None, "check-sync", [], "",
        403, "Forbidden", f"not from this account's server: {FROM}"),
    "not the contact": (
        {}, "alice", "ACTION-URI", KEY, "key=UP", 403, "Not the Contact",
        f"over UDP keys must go to the contact: {FROM}"),
    "no account": (
        {}, "nobody", "ACTION-URI", KEY, "key=UP", 404, "Not Found",
        "no such account"),
    "no dialog": (
        {}, None, "talk", [], "", 481, "Call Does Not Exist",
        "not inside the dialog of a call"),
    "challenged": (
        {"digest": "all"}, None, "check-sync", [], "", 401, "Unauthorized",
        "the account's credentials are asked for: provnotify_digest"),
    "no password": (
        {"digest": "all"}, "", "check-sync", [], "", 403, "Forbidden",
        "no account with a password to prove it by: provnotify_digest"),
    "content type": (
        {}, None, "ACTION-URI", ["Content-Type: text/html"], "key=UP",
        415, "Unsupported Media Type",
        "not message/sipfrag or text/plain"),
    "unknown key": (
        {}, None, "ACTION-URI", KEY, "key=UP;NOSUCHKEY", 400, "Unknown Key",
        "Unknown Key"),
    "asked": (
        {}, None, "ACTION-URI", KEY, "key=UP", 202, "Accepted",
        "waits for a person: remote_allow"),
    "switched off": (
        {"remote_control": "deny"}, None, "ACTION-URI", KEY, "key=UP",
        403, "Remote Control Denied", "off: provnotify_remote_control"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answer(alice, peer, name):
    """What stands in the contract, to the letter"""
    settings, user, event, headers, body, status, phrase, warning = \
        ANSWERS[name]
    alice.settings.update(at_boot="no", **settings)
    alice.start()
    uri = contact = peer.contact("alice")
    if user is not None:
        uri = f"sip:{user}{'@' if user else ''}{alice.host}:{alice.port}"
    answer = peer.notify(uri, event, headers, body)
    assert (answer.status, answer.reason) == (status, phrase)
    assert answer.all("warning") == (
        [f'399 provnotify "{warning}"'] if warning else [])
    assert bool(answer.get("contact")) == (status < 300)
    assert bool(answer.get("accept")) == (status == 415)
    assert bool(answer.get("www-authenticate")) == (status == 401)
    assert answer.get("retry-after") == ""
    if status < 300 and user is None:
        assert answer.contact == contact


def test_joined_costs_nothing(alice, peer):
    """What joins comes before the quota, and does not count in it"""
    alice.settings.update(at_boot="no", quota=1, remote_control="allow")
    alice.start()
    uri = peer.contact("alice")
    call = peer.invite(uri)
    call.wait_ringing()
    alice.command("accept")
    assert call.wait_final().status == 200
    answers = [peer.notify(uri, "reboot").status for _ in range(20)]
    assert answers == [200] * 20
    answers = [peer.key(uri, "key=UP") for _ in range(10)]
    assert [a.status for a in answers[:4]] == [200] * 4
    assert answers[-1].status == 480
    assert answers[-1].reason == "Temporarily Unavailable"
    assert answers[-1].get("retry-after") == "1"
    assert peer.notify(uri, "reboot").status == 200
    assert peer.notify(uri, "check-sync").status == 480
    alice.wait_journal(event="check-sync", status=480)
    accepted = [line for line in alice.journal()
                if line.get("event") == "reboot" and
                line["verdict"] == "accepted"]
    assert len(accepted) == 1
    assert call.bye().status == 200
    alice.wait_ready()
