"""A commit that is ended anywhere: the old generation or the new, whole.

kill.c is preloaded and sends the process a SIGKILL at one step; the next
start has no such thing in it, and no server to ask.
"""
import json
import os
import shutil
import signal
import subprocess

import pytest

from process import until

SOURCE = os.path.join(os.path.dirname(__file__), "kill.c")

OLD, NEW, NEXT = {"bob", "carol"}, {"carol", "dora"}, {"dora", "emil"}


@pytest.fixture
def shim(tmp_path):
    """kill.c, built"""
    path = str(tmp_path / "kill.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", path, SOURCE,
                    "-ldl"], check=True)
    return path


def lines(peer, users):
    """Accounts of a file"""
    return "".join(f"<sip:{user}@{peer.address}>;auth_pass={user}-secret;"
                   "regint=3600\n" for user in sorted(users))


def standing(phone):
    """What `current` says"""
    with open(os.path.join(phone.state_dir, "current"),
              encoding="utf-8") as current:
        return json.load(current)


def registered(peer, since):
    """Who has registered since"""
    return {r.get("to").split("@")[0].rpartition(":")[2]
            for r in peer.registers[since:]
            if "expires=0" not in r.get("contact") + r.get("expires")}


def generations(phone):
    """Folders of generations"""
    return sorted(os.listdir(os.path.join(phone.state_dir, "generations")))


def prepare(phone, peer, source, shim):
    """A phone that runs OLD, proved, and its state dir put aside"""
    source.parent.mkdir()
    source.write_text(lines(peer, OLD))
    phone.settings.update(url=f"file://{source}", journal="off")
    phone.start()
    until("proof", lambda: os.path.exists(f"{phone.state_dir}/current") and
          standing(phone)["proved"] == 1)
    phone.stop()
    shutil.copytree(phone.state_dir, phone.path("aside"))
    phone.environment.update(LD_PRELOAD=shim, PN_KILL_DIR=phone.state_dir)


def settled(phone):
    """Is what runs proved, and all else gone?"""
    now = standing(phone)
    return now["proved"] == now["running"] and \
        generations(phone) == [str(now["running"])]


def kill_at(phone, number):
    """Commit with one step that ends it; was there one?"""
    shutil.rmtree(phone.state_dir)
    shutil.copytree(phone.path("aside"), phone.state_dir)
    phone.environment["PN_KILL_AT"] = str(number)
    phone.settings["at_boot"] = "yes"
    phone.spawn()

    def over():
        if not phone.process.running():
            return "killed"
        done = standing(phone)["proved"] == 2 and settled(phone)
        return "done" if done else None

    if until("end of a commit", over, context=phone.process.log) == "done":
        phone.process.kill()
        return False
    assert phone.process.wait() == -signal.SIGKILL, phone.process.log()
    return True


@pytest.mark.parametrize("first", [1, 2])
def test_kill_anywhere(phone, peer, tmp_path, shim, first):
    """Each step once: what is there afterwards is whole, and goes on"""
    peer.passwords = {user: f"{user}-secret" for user in OLD | NEXT}
    source = tmp_path / "prov" / "accounts"
    prepare(phone, peer, source, shim)
    number, seen = first, set()
    while source.write_text(lines(peer, NEW)) and kill_at(phone, number):
        running = standing(phone)["running"]
        seen.add(running)
        del phone.environment["PN_KILL_AT"]
        phone.settings["at_boot"] = "no"
        since, expected = len(peer.registers), OLD if running == 1 else NEW
        phone.start()
        until("accounts", lambda: registered(peer, since) >= expected,
              context=phone.process.log)
        assert registered(peer, since) == expected
        assert "cannot be used" not in phone.process.log()
        assert "damaged" not in phone.process.log()
        # and what is left over does not stand in the way of the next one
        source.write_text(lines(peer, NEXT))
        phone.command("resync")
        until("the next one", lambda: settled(phone) and
              registered(peer, since) == expected | NEXT,
              context=phone.process.log)
        phone.process.kill()
        number += 2
    assert seen == {1, 2}
    assert number > 25


def test_kill_a_rollback(phone, peer, tmp_path, shim):
    """Each step from the start of a trial to its end: the way back is found
    whatever was written of it"""
    peer.passwords = {user: f"{user}-secret" for user in OLD}
    source = tmp_path / "prov" / "accounts"
    prepare(phone, peer, source, shim)
    phone.environment.clear()
    # a trial that will be lost, and has just begun
    source.write_text(lines(peer, OLD).replace("-secret", "-wrong"))
    phone.start()
    until("a trial", lambda: standing(phone)["running"] == 2)
    phone.process.kill()
    shutil.rmtree(phone.path("aside"))
    shutil.copytree(phone.state_dir, phone.path("aside"))

    phone.settings.update(at_boot="no", confirm=1)
    number, seen = 0, set()
    while True:
        number += 1
        shutil.rmtree(phone.state_dir)
        shutil.copytree(phone.path("aside"), phone.state_dir)
        phone.environment.update(LD_PRELOAD=shim, PN_KILL_AT=str(number),
                                 PN_KILL_DIR=phone.state_dir)
        phone.spawn()
        until("its end", lambda: not phone.process.running() or
              settled(phone), context=phone.process.log)
        if phone.process.running():
            phone.process.kill()
            break
        assert phone.process.wait() == -signal.SIGKILL, phone.process.log()
        seen.add(standing(phone)["running"])
        phone.environment.clear()
        peer.bindings.clear()
        phone.start()
        until("the old one", lambda: standing(phone)["running"] == 1 and
              set(peer.bindings) == OLD, context=phone.process.log)
        assert "damaged" not in phone.process.log()
        phone.process.kill()
    assert seen == {1, 2}
    assert number > 10
