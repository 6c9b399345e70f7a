"""A thousand accounts: what has not changed is not touched."""
import os
import re

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


def long_file(registrar):
    """A real installation's: 3,000 lines, of which a softphone needs few"""
    lines = ["#!version:1.0.0.1", "# all of it, for every model"]
    lines += [f"account.1.{key} = {value}" for key, value in {
        "enable": 1, "user_name": "bob", "auth_name": "bob",
        "password": "bob-secret", "sip_server.1.address": registrar.host,
        "sip_server.1.port": registrar.port}.items()]
    lines += [f"account.{n}.{key} = %NULL%" for n in range(2, 17)
              for key in ("label", "user_name", "auth_name", "password",
                          "cid_source", "ringtone.ring_type")]
    lines += [f"{kind}.{n}.{key} = {value}"
              for kind, count in (("linekey", 130), ("programablekey", 60),
                                  ("expansion_module.1.key", 300))
              for n in range(1, count)
              for key, value in (("type", 0), ("line", 1), ("value", "%NULL%"),
                                 ("label", "A label of a key"),
                                 ("pickup_value", "%NULL%"))]
    lines += [f"local_time.dst_{n} = {n}" for n in range(200)]
    lines += [f"a_key.of_the_next_firmware.{n} = {n}" for n in range(300)]
    return "\n".join(lines) + "\n"


def test_long_file(phone, kamailio, nginx):
    """It registers, and every key that had no effect is named with its line;
    a person sees the sums first"""
    text = long_file(kamailio)
    assert len(text) > 90_000 and text.count("\n") > 3000
    nginx.put("a.cfg", text)
    phone.settings.update(url=nginx.url("a.cfg"))
    phone.start()
    kamailio.wait_registered("bob")
    end = phone.wait_journal(action="resync", result="ok")
    unknown = "300 unknown: a_key.of_the_next_firmware.0 (a.cfg, line "
    assert unknown in end["detail"]
    told = phone.command("provnotify")[1]
    assert unknown in told and "a_key.of_the_next_firmware.19 (" in told
    mark = phone.process.mark()
    assert phone.command("provcheck", nginx.url("a.cfg"))[0]
    phone.process.wait_log("the rest is in provcheck.txt", mark)
    assert phone.process.mark() - mark < 70
    with open(os.path.join(phone.state_dir, "provcheck.txt"),
              encoding="utf-8") as report:
        report = report.read().splitlines()
    assert " 300 unknown" in report[3]
    lines = text.splitlines()
    named = [re.fullmatch(r" +a\.cfg, line (\d+): ([^ :]+)(: .+)?", line)
             for line in report]
    named = [found for found in named if found]
    for found in named:
        assert lines[int(found.group(1)) - 1].startswith(found.group(2))
    assert len(named) > 2000
    assert len({found.group(1) for found in named}) == len(named)
    assert "     300  a_key.of_the_next_firmware.#" in report
    counted = [re.fullmatch(r" +(\d+)  [^@]+", line) for line in report]
    assert sum(int(found.group(1)) for found in counted if found) == \
        len(named)
