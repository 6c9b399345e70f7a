"""Torture: the messages of RFC 4475, and mutations of what real servers
send. The phone lives, and does nothing that it was not asked for."""
import pytest

import dialects
from rfc4475 import DROPPED, KEY, LEFT, REFUSED, RESYNC, TABLE
from sip import target, token

VERDICTS = {DROPPED: [], LEFT: [], REFUSED: ["refused"],
            RESYNC: ["accepted"], KEY: ["accepted"]}


def judge(phone, peer, name, status):
    """Send one message of the RFC, and see that what the table says comes of
    it"""
    row, uri, mark = TABLE[name], peer.contact("alice"), len(phone.journal())
    branch, fence = f"z9hG4bK{token()}", token()
    peer.send(dialects.expand(
        row.text, user=uri[4:].split("@")[0], pbx=peer.address,
        phone="{}:{}".format(*target(uri)), branch=branch, id=token()
        ).encode("latin-1"), target(uri))
    # What is sent behind it is answered and written down behind it
    assert peer.key(uri, "key=UP", call_id=fence).status == 200
    end = phone.wait_journal(mark, call_id=fence)
    came = [message.status for message in peer.inbox]
    peer.inbox.clear()
    assert came == ([status] if status else []), name
    lines = [line for line in phone.journal()[mark:]
             if "verdict" in line and "count" not in line]
    assert lines.pop() == end
    effect = REFUSED if status == 400 else row.effect
    assert [li["verdict"] for li in lines] == VERDICTS[effect], (name, lines)
    if effect == KEY:
        assert lines[0]["key"].startswith("VOLUME_UP"), name
        phone.wait_journal(mark, id=lines[0]["id"], action="key")
    if effect == RESYNC:
        phone.wait_journal(mark, id=lines[0]["id"], action="resync",
                           result="unchanged")


@pytest.mark.parametrize("strict", ["no", "yes"])
def test_rfc4475(alice, peer, strict):
    """Each message is answered, refused or dropped as its row says"""
    alice.settings.update(at_boot="no", quota=1000, remote_control="allow",
                          strict=strict)
    alice.start()
    peer.wait_registered("alice")
    for name, row in TABLE.items():
        judge(alice, peer, name, row.strict if strict == "yes" else
              row.status)
    assert len(peer.registers) == 1
