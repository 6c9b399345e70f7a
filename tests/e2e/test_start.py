"""Starting: wrong settings, a second process, -d, -m, disk and clock."""
import os
import subprocess

import pytest

from process import until

WRONG = [
    ("vendor", "nokia", "yealink"),
    ("nosuchkey", "1", "provnotify_nosuchkey"),
    ("digest", "maybe", "none"),
    ("quota", "many", "provnotify_quota"),
    ("quota", "-1", "provnotify_quota"),
    ("strict", "perhaps", "yes"),
    ("checksync", "reboot", "header"),
    ("notify_from", "10.0.0.0/33", "10.0.0.0/33"),
    ("notify_from", "server 10.1.1.256/33", "10.1.1.256/33"),
    ("http_from", "server", "server"),
    ("mac", "12:34", "twelve"),
    ("pnp_address", "224.0.1.75:99999", "provnotify_pnp_address"),
    ("key", "OK hangup", "OK"),
    ("key", "LONELY", "LONELY"),
    ("url", "gopher://host/", "https"),
    ("interval", "99999999999", "provnotify_interval"),
    ("verify", "no yes", "provnotify_verify"),
]


@pytest.mark.parametrize("name, value, word", WRONG)
def test_wrong_setting(phone, name, value, word):
    """The line, the key and what is accepted; the module does not load"""
    phone.settings = {"jitter": "0", name: value}
    phone.spawn()
    phone.wait_ready()
    log = phone.process.log()
    with open(phone.path("config"), encoding="utf-8") as config:
        lines = config.read().splitlines()
    number = 1 + lines.index(f"provnotify_{name} {value}")
    said = [line for line in phone.process.lines if f"{number}" in line and
            f"provnotify_{name}" in line]
    assert said, log
    assert word in log, log
    assert phone.command("provnotify")[1] != ""
    assert "provnotify: not loaded" in log or "error" in log, log
    assert not os.path.exists(phone.path("provnotify"))


def test_password_in_a_wrong_line_is_not_printed(phone):
    """No secret is ever printed"""
    phone.settings = {"password": "so secret", "vendor": "nokia"}
    phone.start()
    phone.process.wait_log("nokia")
    assert "secret" not in phone.process.log()


def test_second_process(new_phone, peer):
    """The state dir is locked: the second one's module does not load"""
    first, second = new_phone(), new_phone()
    for phone in (first, second):
        phone.accounts = [f"<sip:alice@{peer.address}>;regint=3600"]
        phone.settings["state_dir"] = first.path("state")
    first.start()
    second.start()
    second.process.wait_log("provnotify: .*(use|lock)")
    assert "alice" in first.command("provnotify")[1]
    uri = peer.wait_registered("alice").contact
    assert peer.notify(uri, "check-sync").status in (200, 400, 481)


def test_daemon(alice, peer, request):
    """baresip -d: the worker, the journal and a restart work there too"""
    if request.config.getoption("--valgrind"):
        pytest.skip("valgrind does not follow a daemon's end")
    alice.settings["at_boot"] = "no"
    alice.cwd, alice.folder = os.path.split(alice.dir)
    alice.spawn("-d")
    alice.process.wait()
    uri = peer.contact("alice")
    pid = daemon_pid(alice.folder)
    try:
        assert peer.notify(uri, "check-sync").status == 200
        alice.wait_journal(action="resync", result="unchanged")
        assert peer.notify(uri, "reboot").status == 200
        alice.wait_journal(action="restart", result="ok")
        uri = peer.wait_registered("alice", 2).contact
        assert daemon_pid(alice.dir) == pid
        assert os.readlink(f"/proc/{pid}/cwd") == alice.cwd
        assert peer.notify(uri, "check-sync").status == 200
        state = os.path.join(alice.state_dir, "journal.jsonl")
        assert os.stat(state).st_mode & 0o077 == 0
    finally:
        os.kill(pid, 15)
        until("end of the daemon", lambda: not os.path.exists(f"/proc/{pid}"))


def daemon_pid(folder):
    """Process id of the daemon that was told to use a folder"""
    found = subprocess.run(["pgrep", "-f", f"baresip -f {folder}( |$)"],
                           stdout=subprocess.PIPE, text=True, check=False)
    return int(found.stdout.split()[0])


def test_preloaded_by_mistake(phone):
    """-m loads before there is a SIP stack: a clear word, no crash. From 3.23
    on it does not"""
    phone.start("-m", "modules/provnotify.so")
    if phone.release() < (3, 23, 0):
        phone.process.wait_log("loaded too early")
    else:
        assert phone.command("provnotify")[0]


def test_without_menu(alice, peer):
    """The user's own keys need menu.so's commands: said at start"""
    alice.settings["key"] = "AWAY dial 1"
    alice.spawn()
    alice.process.kill()
    with open(alice.path("config"), encoding="utf-8") as config:
        text = config.read().replace("module_app menu.so\n", "")
    alice.write("config", text)
    alice.start(prepare=False)
    alice.process.wait_log("provnotify: .*menu")
    assert peer.notify(peer.contact("alice"), "check-sync").status == 200


def test_loads_where_debian_puts_it(alice, peer):
    """make install, into a scratch folder, and the phone loads it there"""
    target = alice.path("usr")
    subprocess.run(["make", "-s", "install", f"DESTDIR={target}",
                    "MODULE_DIR=/modules"], check=True,
                   stdout=subprocess.DEVNULL)
    assert os.listdir(f"{target}/modules") == ["provnotify.so"]
    subprocess.run(["make", "-s", "uninstall", f"DESTDIR={target}",
                    "MODULE_DIR=/modules"], check=True,
                   stdout=subprocess.DEVNULL)
    assert not os.listdir(f"{target}/modules")
    alice.start()
    assert peer.notify(peer.contact("alice"), "check-sync").status == 200


def test_module_that_is_loaded_first(alice, peer):
    """The order of modules does not matter to the NOTIFY door"""
    alice.apps = ["presence.so", "httpd.so"]
    alice.start()
    assert peer.notify(peer.contact("alice"), "check-sync").status == 200


def test_read_only_state(alice, peer):
    """A state dir that cannot be made: the module says so and does not load"""
    alice.settings["state_dir"] = "/proc/no-such-folder"
    alice.start()
    alice.process.wait_log("provnotify: .*/proc/no-such-folder")
    peer.wait_registered("alice")


def test_journal_off(alice, peer):
    """provnotify_journal off"""
    alice.settings["journal"] = "off"
    alice.start()
    assert peer.notify(peer.contact("alice"), "check-sync").status == 200
    alice.stop()
    assert not os.path.exists(os.path.join(alice.state_dir, "journal.jsonl"))


def test_status(alice, peer):
    """provnotify: the phone at a glance, without a secret"""
    alice.settings["password"] = "hidden"
    alice.start()
    peer.wait_registered("alice")
    told = alice.command("provnotify")[1]
    assert f"alice@{peer.address}" in told
    assert "secret" not in told and "hidden" not in told


def test_modes_of_files(alice, peer):
    """A phone's files are its own: modes of the state dir and in it"""
    alice.start()
    uri = peer.contact("alice")
    assert peer.notify(uri, "check-sync").status == 200
    alice.wait_journal(status=200)
    assert os.stat(alice.state_dir).st_mode & 0o777 == 0o700
    for folder, _, files in os.walk(alice.state_dir):
        for name in files:
            mode = os.stat(os.path.join(folder, name)).st_mode & 0o777
            assert mode == 0o600, name
