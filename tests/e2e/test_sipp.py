"""sipp as the sender: its scenarios stand in tests/sip."""
import os
import subprocess

import pytest

SCENARIOS = os.path.join(os.path.dirname(__file__), "..", "sip")


def sipp(name, phone, uri, host, *more):
    """Run a scenario against the phone"""
    user = uri.split(":")[1].split("@")[0]
    done = subprocess.run(
        ["sipp", f"{phone.host}:{phone.port}", "-sf",
         os.path.abspath(f"{SCENARIOS}/{name}.xml"), "-i", host, "-s", user,
         "-nostdin", "-timeout", "20s", "-timeout_error", *more],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=phone.dir,
        text=True, check=False, errors="replace")
    assert done.returncode == 0, \
        f"{done.stdout[-3000:]}\n{phone.process.log()}"


@pytest.mark.parametrize("transport", ["u1", "t1"])
def test_check_sync(alice, peer, transport):
    """A hundred of them, over UDP and TCP"""
    alice.settings.update(at_boot="no", quota=1000,
                          notify_from=f"server {peer.host}")
    alice.start()
    sipp("check_sync", alice, peer.contact("alice"), peer.host, "-m", "100",
         "-r", "200", "-t", transport)
    alice.wait_journal(action="resync", result="unchanged")
    assert alice.process.running()


def test_refused(alice, peer, net):
    """A flood from a stranger; the phone goes on"""
    alice.settings["at_boot"] = "no"
    alice.start()
    uri = peer.contact("alice")
    sipp("refused", alice, uri, net.host(), "-m", "1000", "-r", "2000")
    assert peer.notify(uri, "check-sync").status == 200
    assert len(alice.journal()) < 60


def test_challenged(alice, peer):
    """sipp answers the 401"""
    alice.settings.update(at_boot="no", digest="all")
    alice.start()
    uri = peer.contact("alice")
    sipp("challenged", alice, uri, peer.host, "-m", "5", "-auth_uri",
         uri.removeprefix("sip:"))
    alice.wait_journal(action="resync", result="unchanged")
