"""Provisioning in baresip's native format, from nginx and from a folder."""
import os
import socket
import threading

import pytest

from loopback import free_port
from process import until


def line(user, peer, more=""):
    """One account of a provisioned file"""
    return (f"<sip:{user}@{peer.address}>;auth_pass={user}-secret;"
            f"regint=3600{more}\n")


@pytest.fixture
def served(alice, peer, nginx):
    """A phone that is provisioned with bob and carol beside its own alice"""
    nginx.put("phones/accounts", line("bob", peer) + line("carol", peer))
    alice.settings.update(url=nginx.url("phones/"), confirm=30)
    alice.start()
    peer.wait_registered("bob")
    peer.wait_registered("carol")
    alice.wait_journal(action="resync", result="ok")
    return alice


def resync(phone, peer, **expected):
    """A check-sync, and the line that says how it ended"""
    since = len(phone.journal())
    assert peer.notify(peer.contact("alice"), "check-sync").status == 200
    return phone.wait_journal(since, action="resync", **expected)


def registers(peer, user):
    """How often a user has registered or un-registered"""
    return len([r for r in peer.registers if f"sip:{user}@" in r.get("to")])


def test_at_boot(served, peer, nginx):
    """What the server has is registered, with the secrets it says"""
    peer.passwords = {"bob": "bob-secret"}
    names = [r["uri"] for r in nginx.requests()]
    assert names[-1] == "/phones/accounts"
    assert names[0].endswith(".accounts")
    told = served.command("provnotify")[1]
    assert f"bob@{peer.address}" in told
    assert "secret" not in told


def test_own_files_are_never_written(served, peer, nginx):
    """config, accounts and contacts stay as they are, whatever comes"""
    def own():
        return [(os.stat(served.path(name)).st_ino,
                 os.stat(served.path(name)).st_mtime_ns)
                for name in ("config", "accounts", "contacts")]

    before, names = own(), set(os.listdir(served.dir))
    nginx.put("phones/accounts", line("dora", peer))
    resync(served, peer, result="ok")
    nginx.put("phones/accounts", "rubbish")
    resync(served, peer, result="failed")
    served.stop()
    assert own() == before
    assert set(os.listdir(served.dir)) == names


@pytest.mark.valgrind
def test_only_what_differs(served, peer, nginx):
    """A new line, a gone line, and the others do not blink"""
    nginx.put("phones/accounts", line("carol", peer) + line("dora", peer))
    resync(served, peer, result="ok")
    peer.wait_registered("dora")
    peer.wait_unregistered("bob")
    assert registers(peer, "alice") == 1
    assert registers(peer, "carol") == 1


def test_unchanged(served, peer, nginx):
    """One conditional request for each file, no REGISTER"""
    before = len(nginx.requests())
    count = len(peer.registers)
    resync(served, peer, result="unchanged")
    asked = nginx.requests()[before:]
    assert [r["status"] for r in asked if r["etag"]] == [304]
    assert len(peer.registers) == count


def test_changed_account(served, peer, nginx):
    """A changed account is replaced: registered anew, with the new secret"""
    peer.passwords = {"bob": "new-secret"}
    nginx.put("phones/accounts",
              line("bob", peer).replace("bob-secret", "new-secret") +
              line("carol", peer))
    count = registers(peer, "bob")
    resync(served, peer, result="ok")
    assert registers(peer, "bob") > count
    assert "bob" in peer.bindings
    assert registers(peer, "carol") == 1


def test_over_a_restart(served, peer, nginx):
    """The stored generation is there at once, though the server is down"""
    nginx.close()
    assert peer.notify(peer.contact("alice"), "reboot").status == 200
    served.wait_ready()
    since = [r.get("to") for r in peer.registers]
    peer.wait_registered("bob", len(since) - 2)
    peer.wait_registered("carol", len(since) - 2)


def test_a_call_survives(served, peer, nginx):
    """An account with a call is changed when that call ends"""
    call = peer.invite(peer.contact("bob"))
    call.wait_ringing()
    served.wait_event("CALL_INCOMING")
    served.command("accept")
    assert call.wait_final().status == 200
    served.wait_event("CALL_ESTABLISHED")
    nginx.put("phones/accounts", line("carol", peer))
    assert peer.notify(peer.contact("alice"), "check-sync").status == 200
    nginx.wait_requests(3)
    assert call.send("OPTIONS").status == 200
    assert "bob" in peer.bindings
    assert call.bye().status == 200
    peer.wait_unregistered("bob")


def provcheck(phone, what):
    """The report of the console's provcheck"""
    ok, answer = phone.command("provcheck", what)
    assert ok and "provcheck.txt" in answer
    phone.process.wait_log("provcheck: ")
    with open(os.path.join(phone.state_dir, "provcheck.txt"),
              encoding="utf-8") as report:
        return report.read()


RUBBISH = {
    "not a format": "hello world\n",
    "a page": "<html><body>404 but 200</body></html>",
    "cut": "<sip:bob@192.0.2.1>;regint=3600\n<sip:car",
    "not UTF-8": b"<sip:b\xff\xfeb@192.0.2.1>\n",
    "no user": "<sip:192.0.2.1>;regint=3600\n",
    "bad host": "<sip:bob@192.0.2.1 /quit>;regint=0\n",
    "huge": "#" * (1 << 20) + "\n<sip:bob@192.0.2.1>\n",
    "nothing": "",
    "baresip's config": "module_path /tmp\nmodule evil.so\n",
}


@pytest.mark.parametrize("what", RUBBISH)
def test_rubbish(served, peer, nginx, what):
    """Refused whole, and nothing changes"""
    nginx.put("phones/accounts", RUBBISH[what])
    end = resync(served, peer, result="failed")
    assert end["detail"]
    assert {"alice", "bob", "carol"} == {*peer.bindings}
    assert registers(peer, "bob") == registers(peer, "carol") == 1
    # the next good file is taken
    nginx.put("phones/accounts", line("bob", peer))
    served.command("resync")
    peer.wait_unregistered("carol")


def test_parameters_that_are_not_taken(served, peer, nginx):
    """Reported, and without effect"""
    nginx.put("phones/accounts", line("bob", peer, ";sipnat=outbound;"
              "extra=quit") + line("carol", peer))
    end = resync(served, peer, result="ok")
    assert "2 keys" in end["detail"]
    text = provcheck(served, nginx.url("phones/"))
    assert "sipnat" in text and "extra" in text and "line 1" in text


BAD = ["error/", "busy/", "empty/", "drop/", "loop/", "nowhere/"]


@pytest.mark.parametrize("folder", BAD)
def test_bad_server(alice, peer, nginx, folder):
    """An error, an empty answer, none, a loop, nothing there: failed, and
    the phone is as before"""
    alice.settings.update(url=nginx.url(folder), at_boot="no")
    alice.start()
    resync(alice, peer, result="failed")
    assert registers(peer, "alice") == 1
    assert peer.notify(peer.contact("alice"), "check-sync").status == 200


def test_dead_server(alice, peer, net):
    """Nobody listens there"""
    host = net.host()
    alice.settings.update(url=f"http://{host}:{free_port(host)}/",
                          at_boot="no")
    alice.start()
    resync(alice, peer, result="failed")
    assert peer.notify(peer.contact("alice"), "check-sync").status == 200


def test_slow_server(alice, peer, nginx):
    """The phone answers meanwhile, and gives up after the timeout"""
    nginx.put("accounts", line("bob", peer) + "#" * 500 + "\n")
    alice.settings.update(url=nginx.url("slow/"), at_boot="no", timeout=1)
    alice.start()
    uri = peer.contact("alice")
    since = len(alice.journal())
    assert peer.notify(uri, "check-sync").status == 200
    for _ in range(20):
        assert peer.notify(uri, "no-such-event").status == 481
    alice.wait_journal(since, action="resync", result="failed")


def test_server_that_never_answers(alice, peer, net, closing):
    """It accepts the connection, and that is all: one resync fetches, one
    waits, more join it; a phone that is ended meanwhile ends at once"""
    host = net.host()
    listener = socket.create_server((host, 0))
    closing.append(listener)
    threading.Thread(target=lambda: closing.append(listener.accept()[0]),
                     daemon=True).start()
    port = listener.getsockname()[1]
    alice.settings.update(url=f"http://{host}:{port}/accounts",
                          at_boot="no")
    alice.start()
    for _ in range(4):
        assert peer.notify(peer.contact("alice"), "check-sync").status == 200
    until("four lines", lambda: len(alice.journal()) == 4)
    verdicts = [entry["verdict"] for entry in alice.journal()]
    assert (verdicts[0], verdicts[3]) == ("accepted", "joined")
    assert verdicts.count("accepted") <= 2
    alice.stop()


def test_redirect(alice, peer, nginx):
    """To http it is followed"""
    nginx.put("accounts", line("bob", peer))
    alice.settings.update(url=nginx.url("redirect/"), at_boot="no")
    alice.start()
    resync(alice, peer, result="ok")
    assert "bob" in peer.bindings


@pytest.mark.parametrize("password, result", [("prov-secret", "ok"),
                                              ("wrong", "failed")])
def test_password(alice, peer, nginx, password, result):
    """Basic; it is never printed"""
    nginx.put("accounts", line("bob", peer))
    alice.settings.update(url=nginx.url("auth/"), at_boot="no",
                          user=nginx.user, password=password)
    alice.start()
    resync(alice, peer, result=result)
    assert password not in alice.process.log()
    assert password not in str(alice.journal())


def test_login_in_the_url(alice, peer, nginx):
    """It is used, and shown nowhere"""
    nginx.put("accounts", line("bob", peer))
    alice.settings["url"] = nginx.url("auth/").replace(
        "http://", f"http://{nginx.user}:{nginx.password}@")
    alice.start()
    alice.wait_journal(action="resync", result="ok")
    provcheck(alice, alice.settings["url"])
    nginx.put("accounts", "rubbish")
    resync(alice, peer, result="failed")
    told = alice.process.log() + str(alice.journal()) + \
        alice.command("provnotify")[1]
    assert nginx.password not in told


@pytest.mark.parametrize("ca_file, verify, result", [
    (True, "yes", "ok"), (False, "yes", "failed"), (False, "no", "ok")])
def test_https(alice, peer, nginx, ca_file, verify, result):
    """provnotify_ca_file and _verify; `no` warns"""
    nginx.put("accounts", line("bob", peer))
    alice.settings.update(url=nginx.url("", "https"), at_boot="no",
                          verify=verify)
    if ca_file:
        alice.settings["ca_file"] = nginx.ca_file
    alice.start()
    resync(alice, peer, result=result)
    if verify == "no":
        assert "provnotify_verify" in alice.process.log()


def test_folder(alice, peer, tmp_path):
    """file: and its changes"""
    folder = tmp_path / "prov"
    folder.mkdir()
    (folder / "accounts").write_text(line("bob", peer))
    alice.settings["url"] = f"file://{folder}/"
    alice.start()
    peer.wait_registered("bob")
    alice.wait_journal(action="resync", result="ok")
    (folder / "accounts").write_text(line("carol", peer))
    resync(alice, peer, result="ok")
    assert "carol" in peer.bindings
    peer.wait_unregistered("bob")
    resync(alice, peer, result="unchanged")
    (folder / "accounts").unlink()
    resync(alice, peer, result="failed")
    assert "carol" in peer.bindings


def test_own_account_stands(alice, peer, nginx):
    """Of two with the same address the user's stands"""
    nginx.put("accounts", line("alice", peer, ";answermode=auto") +
              line("bob", peer))
    alice.settings.update(url=nginx.url(), at_boot="no")
    alice.start()
    resync(alice, peer, result="ok")
    assert registers(peer, "alice") == 1
    call = peer.invite(peer.contact("alice"))
    assert call.wait_ringing().status == 180
    call.cancel()


def test_refused_account_rolls_back(served, peer, nginx):
    """A generation whose accounts do not register is taken back"""
    served.stop()
    served.settings["confirm"] = 1
    served.start()
    served.wait_journal(door="boot", action="resync", result="unchanged")
    peer.passwords = {"bob": "bob-secret", "carol": "carol-secret"}
    nginx.put("phones/accounts",
              line("bob", peer).replace("bob-secret", "wrong") +
              line("carol", peer).replace("carol-secret", "wrong"))
    resync(served, peer, result="rolled-back")
    peer.wait_registered("bob")
    peer.wait_registered("carol")


def test_provcheck(served, peer, nginx):
    """What a file would change, and nothing is changed"""
    served.write("new.accounts", line("carol", peer) + line("dora", peer))
    count = len(peer.registers)
    text = provcheck(served, served.path("new.accounts"))
    assert "dora" in text and "bob" in text
    assert "secret" not in text
    assert len(peer.registers) == count


def test_interval_and_jitter(alice, peer, nginx):
    """A resync from the console does not wait for the jitter"""
    nginx.put("accounts", line("bob", peer))
    alice.settings.update(url=nginx.url(), at_boot="no", jitter=3600)
    alice.start()
    peer.wait_registered("alice")
    alice.command("resync")
    peer.wait_registered("bob")


def test_source_in_the_journal_has_no_path(alice, peer, nginx):
    """A URL is shown without userinfo, path and query"""
    alice.settings.update(url=nginx.url("nowhere/token-1234/"), at_boot="no")
    alice.start()
    end = resync(alice, peer, result="failed")
    assert "token-1234" not in str(end)
    assert "token-1234" not in str(alice.journal())
