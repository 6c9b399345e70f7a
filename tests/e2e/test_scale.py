"""A thousand accounts: what has not changed is not touched."""
import os

import pytest

from process import until

MANY = 1000


def file_of(peer, changed=None):
    """All accounts, one of them with another password"""
    return "".join(
        f"<sip:u{n}@{peer.address}>;auth_pass="
        f"{'other' if n == changed else 'secret'}-{n};regint=3600\n"
        for n in range(MANY))


def resync(phone, **expected):
    """A resync from the console, and the line that says how it ended"""
    since = len(phone.journal())
    assert phone.command("resync")[0]
    return phone.wait_journal(since, action="resync", **expected)


def stored(phone):
    """All files but the journal: name to time and inode"""
    found = {}
    for folder, _, files in os.walk(phone.state_dir):
        for path in [folder, *(os.path.join(folder, f) for f in files)]:
            if "journal" not in path:
                stat = os.stat(path)
                found[path] = stat.st_mtime_ns, stat.st_ino
    return found


@pytest.fixture
def many(phone, peer, nginx):
    """A phone with a thousand accounts, all registered"""
    nginx.put("accounts", file_of(peer))
    phone.settings.update(url=nginx.url(), confirm=60)
    phone.start()
    until("all of them", lambda: len(peer.bindings) == MANY, 60)
    phone.wait_journal(action="resync", result="ok", timeout=60)
    return phone


def test_one_of_many(many, peer, nginx):
    """Unchanged: one conditional request a file, no REGISTER, no write; one
    changed: its REGISTER, and nobody else's"""
    count, asked, before = len(peer.registers), len(nginx.requests()), \
        stored(many)
    resync(many, result="unchanged")
    assert [(r["uri"], r["status"], bool(r["etag"]))
            for r in nginx.requests()[asked:] if r["status"] != 404] == [
                ("/accounts", 304, True)]
    assert len(peer.registers) == count
    assert stored(many) == before

    nginx.put("accounts", file_of(peer, changed=500))
    end = resync(many, result="ok")
    assert "1 changed" in end["detail"]
    users = {r.get("to").split("@")[0].rpartition(":")[2]
             for r in peer.registers[count:]}
    assert users == {"u500"}    # its old binding goes last
    assert len(peer.bindings) >= MANY - 1
    many.process.kill()         # a thousand un-REGISTERs prove nothing
