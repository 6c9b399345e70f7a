"""A full disk, and a read-only one: the phone goes on, and says why.

The state dir is on a small file system of its own, the journal beside it or
in it. What can be spoilt at any moment is written to: at the start, by a
commit, by the journal, by a key, by a rollback, by a restart.
"""
import json
import os
import subprocess

import pytest

REASON = {"full": "No space left", "read-only": "Read-only"}


class Disk:
    """A file system of 256 KiB"""

    def __init__(self, folder):
        self.folder = str(folder)
        self.state = os.path.join(self.folder, "state")
        os.mkdir(self.folder)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256k", "provnotify-test",
             self.folder], check=False, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            pytest.skip(f"no tmpfs here: {done.stderr.strip()}")

    def spoil(self, how):
        """Make it full; or read-only, if no phone has its lock open"""
        if how == "read-only":
            self._mount("-o", "remount,ro", self.folder)
            return
        with open(f"{self.folder}/fill", "wb", buffering=0) as fill:
            try:
                while fill.write(bytes(1024)):
                    pass
            except OSError:
                pass

    def spoil_generations(self):
        """Read-only below the lock that a phone has open"""
        path = os.path.join(self.state, "generations")
        self._mount("--bind", path, path)
        self._mount("-o", "remount,ro,bind", path)

    def mend(self):
        """Well again"""
        self._mount("-o", "remount,rw", self.folder)
        subprocess.run(["umount", os.path.join(self.state, "generations")],
                       check=False, stderr=subprocess.DEVNULL)
        if os.path.exists(f"{self.folder}/fill"):
            os.unlink(f"{self.folder}/fill")

    @staticmethod
    def _mount(*arguments):
        subprocess.run(["mount", *arguments], check=True)

    def close(self):
        """Give it back"""
        self.mend()
        subprocess.run(["umount", "--lazy", self.folder], check=True)


@pytest.fixture
def disk(tmp_path):
    """A small disk"""
    if os.geteuid():
        pytest.skip("mounting a small disk needs root")
    made = Disk(tmp_path / "disk")
    yield made
    made.close()


@pytest.fixture
def aside(alice, disk, peer, nginx, tmp_path):
    """A phone with its state there, its journal elsewhere; not yet started"""
    nginx.put("accounts", line("bob", peer))
    path = tmp_path / "journal.jsonl"
    alice.settings.update(url=nginx.url(), state_dir=disk.state, quota=1000,
                          journal=str(path), remote_control="allow")

    def journal():
        if not path.exists():
            return []
        with open(path, encoding="utf-8") as lines:
            return [json.loads(text) for text in lines]

    alice.journal = journal
    return alice


def line(user, peer, password="secret"):
    """One account of a provisioned file"""
    return (f"<sip:{user}@{peer.address}>;auth_pass={user}-{password};"
            "regint=3600\n")


def resync(phone, **expected):
    """A resync from the console, and the line that says how it ended"""
    since = len(phone.journal())
    assert phone.command("resync")[0]
    return phone.wait_journal(since, action="resync", **expected)


def works(phone, peer):
    """It answers, rejects a call by key, and keeps a forward for itself"""
    uri = peer.contact("alice")
    assert peer.notify(uri, "check-sync").status == 200
    call = peer.invite(uri)
    call.wait_ringing()
    phone.wait_event("CALL_INCOMING")
    assert peer.key(uri, "key=X").status == 200
    assert call.wait_final().status == 486
    assert peer.key(uri, "key=DNDOn").status == 200
    phone.process.wait_log("provnotify: DND and forwards are not kept")
    assert peer.invite(uri).wait_final().status == 480


@pytest.mark.parametrize("how", REASON)
def test_first_start(aside, peer, disk, how):
    """There is nothing yet, and nothing can be written"""
    os.mkdir(disk.state, 0o700)
    disk.spoil(how)
    aside.start()
    peer.wait_registered("alice")
    end = aside.wait_journal(door="boot", action="resync", result="failed")
    assert REASON[how] in end["detail"]
    works(aside, peer)
    aside.wait_journal(door="notify", action="resync", result="failed")
    assert "bob" not in peer.bindings
    disk.mend()
    resync(aside, result="ok")
    peer.wait_registered("bob")


@pytest.mark.parametrize("how", REASON)
def test_next_start(aside, peer, disk, how):
    """What is stored runs, and the server may say what it wants"""
    aside.start()
    peer.wait_registered("bob")
    aside.wait_journal(action="resync", result="ok")
    aside.stop()
    disk.spoil(how)
    aside.start(prepare=False)
    peer.wait_registered("alice", 2)
    peer.wait_registered("bob", 2)
    aside.wait_journal(2, action="resync", result="unchanged")
    works(aside, peer)


@pytest.mark.parametrize("how", REASON)
def test_commit(aside, peer, nginx, disk, how):
    """The old generation goes on, and the journal says why"""
    aside.start()
    aside.wait_journal(action="resync", result="ok")
    if how == "full":
        disk.spoil(how)
    else:
        disk.spoil_generations()
    nginx.put("accounts", line("carol", peer) + "#" * 5000 + "\n")
    assert REASON[how] in resync(aside, result="failed")["detail"]
    assert "generation 1" in aside.command("provnotify")[1]
    assert "bob" in peer.bindings and "carol" not in peer.bindings
    disk.mend()
    resync(aside, result="ok")
    peer.wait_registered("carol")


def test_rollback(aside, peer, nginx, disk):
    """A trial that fails goes back though that cannot be written down"""
    aside.settings["confirm"] = 1
    aside.start()
    aside.wait_journal(action="resync", result="ok")
    peer.passwords = {"bob": "bob-secret"}
    nginx.put("accounts", line("bob", peer, "wrong"))
    since = len(aside.journal())
    assert aside.command("resync")[0]
    aside.process.wait_log("generation 2: .* 1 changed")
    disk.spoil("full")
    aside.wait_journal(since, action="resync", result="rolled-back")
    aside.process.wait_log("provnotify: the state dir cannot be written")
    peer.wait_registered("bob", len(peer.registers) - 1)


def test_features(aside, peer, disk):
    """What could not be kept is, once there is room"""
    aside.start()
    uri = peer.contact("alice")
    disk.spoil("full")
    assert peer.key(uri, "key=DNDOn").status == 200
    aside.process.wait_log("DND and forwards are not kept")
    disk.mend()
    assert peer.key(uri, "key=DNDOn").status == 200
    aside.stop()
    aside.start(prepare=False)
    uri = peer.contact("alice")
    assert peer.invite(uri).wait_final().status == 480


@pytest.mark.parametrize("how", REASON)
def test_restart(aside, peer, disk, how):
    """An ordered restart happens all the same"""
    aside.start()
    aside.wait_journal(action="resync", result="ok")
    if how == "full":
        disk.spoil(how)
    else:
        aside.stop()
        disk.spoil(how)
        aside.start(prepare=False)
    count = len(peer.registers)
    assert peer.notify(peer.contact("alice"), "reboot").status == 200
    aside.process.wait_log("restart: the state dir cannot be written")
    aside.wait_ready()
    peer.wait_registered("alice", count)
    peer.wait_registered("bob", count)


def test_journal(alice, peer, nginx, disk):
    """Lines wait for room, and the log says so, once"""
    nginx.put("accounts", line("bob", peer))
    alice.settings.update(url=nginx.url(), at_boot="no", quota=1000,
                          state_dir=disk.state)
    alice.start()
    uri = peer.contact("alice")
    disk.spoil("full")
    for _ in range(3):
        mark = alice.process.mark()
        assert alice.command("resync")[0]
        alice.process.wait_log("resync failed", mark)
    said = alice.process.wait_log("the journal .* cannot be written")
    assert "No space left" in said.string
    disk.mend()
    assert peer.notify(uri, "check-sync").status == 200
    alice.process.wait_log("the journal is written again")
    peer.wait_registered("bob")
    alice.wait_journal(action="resync", result="failed")
    alice.wait_journal(action="resync", result="ok")
    assert alice.process.log().count("the journal ") == 2
