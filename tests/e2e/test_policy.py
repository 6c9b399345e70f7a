"""Provisioned policy: it holds with its generation, and under the config."""
import pytest


def file_of(peer, user="bob", password="bob-secret", **policy):
    """A Yealink's file: one account, and what it says of policy"""
    return "#!version:1.0.0.1\n" + "".join(
        f"{key} = {value}\n" for key, value in {
            "account.1.enable": 1, "account.1.user_name": user,
            "account.1.auth_name": user, "account.1.password": password,
            "account.1.sip_server.1.address": peer.host,
            "account.1.sip_server.1.port": peer.port,
            **{k.replace("_", ".", 1): v for k, v in policy.items()},
        }.items())


IGNORE = {"sip_notify_reboot_enable": 2}


def resync(phone, **expected):
    """A resync from the console, and the line that says how it ended"""
    since = len(phone.journal())
    assert phone.command("resync")[0]
    return phone.wait_journal(since, action="resync", **expected)


def is_ignored(phone, peer):
    """Is a check-sync answered 200, and nothing done?"""
    since = len(phone.journal())
    answer = peer.notify(peer.contact("alice"), "check-sync")
    assert answer.status == 200
    line = phone.wait_journal(since, event="check-sync", status=200)
    ignored = "ignored" in line.get("why", "")
    assert bool(answer.all("warning")) == ignored
    if not ignored:
        phone.wait_journal(since, id=line["id"], action="resync")
    return ignored


@pytest.fixture
def managed(alice, peer, nginx):
    """A phone that is to take what /a.cfg says; not yet started"""
    peer.passwords = {"bob": "bob-secret"}
    nginx.put("a.cfg", file_of(peer))
    alice.settings.update(url=nginx.url("a.cfg"), confirm=1)
    return alice


def test_policy_of_a_generation(managed, peer, nginx):
    """It comes with one and goes with the next"""
    managed.start()
    managed.wait_journal(action="resync", result="ok")
    assert not is_ignored(managed, peer)
    nginx.put("a.cfg", file_of(peer, **IGNORE))
    resync(managed, result="ok")
    assert is_ignored(managed, peer)
    managed.stop()
    managed.start(prepare=False)
    assert is_ignored(managed, peer)
    nginx.put("a.cfg", file_of(peer))
    resync(managed, result="ok")
    assert not is_ignored(managed, peer)


def test_policy_goes_back(managed, peer, nginx):
    """A generation that is rolled back takes its policy along"""
    managed.start()
    managed.wait_journal(action="resync", result="ok")
    nginx.put("a.cfg", file_of(peer, password="wrong", **IGNORE))
    resync(managed, result="rolled-back")
    assert not is_ignored(managed, peer)


def test_config_wins(managed, peer, nginx):
    """What stands in config is not changed by a server"""
    managed.settings["checksync"] = "header"
    nginx.put("a.cfg", file_of(peer, **IGNORE))
    managed.start()
    managed.wait_journal(action="resync", result="ok")
    assert not is_ignored(managed, peer)


@pytest.mark.parametrize("listed, trusted", [("any", 403), (None, 403),
                                             ("{host}", 200)])
def test_narrow(managed, peer, new_peer, nginx, listed, trusted):
    """Whom the config trusts may become fewer, never more: trust_ctrl takes
    the list down to the server, but not from a list to the server"""
    other = new_peer()
    if listed:
        managed.settings["notify_from"] = listed.format(host=other.host)
    nginx.put("a.cfg", file_of(peer, sip_trust_ctrl=1))
    managed.start()
    managed.wait_journal(action="resync", result="ok")
    uri = peer.contact("alice")
    assert other.notify(uri, "check-sync").status == trusted
    assert peer.notify(uri, "check-sync").status == (
        403 if trusted == 200 else 200)


def test_what_no_server_may_say(managed, peer, nginx, tmp_path):
    """Lines of baresip's own config, and settings, are not taken"""
    nginx.put("a.cfg", file_of(peer, restart="x") +
              "provnotify_restart = touch " + str(tmp_path / "hit") +
              "\nprovnotify_factory_reset = yes\nmodule = evil.so\n")
    managed.start()
    end = managed.wait_journal(action="resync", result="ok")
    assert "unknown" in end["detail"]
    nginx.put("a.cfg", "provnotify_restart exit\nmodule evil.so\n")
    resync(managed, result="failed")
    assert not (tmp_path / "hit").exists()
