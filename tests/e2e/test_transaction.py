"""Trial, proof, rollback, refusal and rescue; calls, disks and secrets."""
import json
import os

import pytest

from process import until

WRONG = "not-the-password"


def file_of(registrar, **users):
    """A provisioned file: user=password"""
    return "".join(f"<sip:{user}@{registrar.address}>;auth_pass={word};"
                   "regint=3600\n" for user, word in users.items())


GOOD = {"bob": "bob-secret", "carol": "carol-secret"}
BAD = {"bob": WRONG, "carol": WRONG}


def order(phone, number=1):
    """Journal lines so far, then that many resyncs from the console"""
    since = len(phone.journal())
    for _ in range(number):
        assert phone.command("resync")[0]
    return since


def resync(phone, **expected):
    """A resync from the console, and the line that says how it ended"""
    return phone.wait_journal(order(phone), action="resync", **expected)


def standing(phone):
    """What `current` says"""
    with open(os.path.join(phone.state_dir, "current"),
              encoding="utf-8") as current:
        return json.load(current)


def wait_refused(phone):
    """Wait till the server has refused both accounts of BAD"""
    for user in BAD:
        phone.process.wait_log(f"reg: sip:{user}@.* 401 ")


@pytest.fixture
def proved(phone, kamailio, nginx):
    """A phone with GOOD, proved, that gives the next one a second"""
    nginx.put("accounts", file_of(kamailio, **GOOD))
    phone.accounts = [f"<sip:alice@{kamailio.address}>;auth_pass=alice-secret"
                      ";regint=3600"]
    phone.settings.update(url=nginx.url(), confirm=1)
    phone.start()
    for user in ("alice", *GOOD):
        kamailio.wait_registered(user)
    phone.wait_journal(action="resync", result="ok")
    return phone


def test_rollback_and_refusal(proved, kamailio, nginx):
    """A bad version goes back, is not tried again, but by a person; another
    one is"""
    nginx.put("accounts", file_of(kamailio, **BAD))
    mark = kamailio.process.mark()
    end = resync(proved, result="rolled-back")
    assert "generation 1" in end["detail"]
    for user in GOOD:
        kamailio.wait_registered(user, mark)
    assert standing(proved)["running"] == standing(proved)["proved"] == 1

    def told():
        status = proved.command("provnotify")[1]
        return status if "when its version is no longer" in status else None

    # none of them was registered for a moment: rescue began, and is over
    status = until("status", told, context=proved.process.log)
    assert "a version is refused for" in status
    assert "the last one: accounts that were registered were not" in status

    since = len(proved.journal())
    assert kamailio.notify("alice", "check-sync") == 200
    end = proved.wait_journal(since, action="resync", result="failed")
    assert "refused" in end["detail"]
    # a person may; it fails again, and the hour has become two
    first = standing(proved)["wait"]
    resync(proved, result="rolled-back")
    assert standing(proved)["wait"] == 2 * first == 7200

    nginx.put("accounts", file_of(kamailio, bob="bob-secret"))
    since = len(proved.journal())
    assert kamailio.notify("alice", "check-sync") == 200
    proved.wait_journal(since, action="resync", result="ok")
    assert "wait" not in standing(proved)
    assert kamailio.registers("alice") == 1


def test_refusal_over_a_restart(proved, kamailio, nginx):
    """What is refused stays so in the next process"""
    nginx.put("accounts", file_of(kamailio, **BAD))
    resync(proved, result="rolled-back")
    since = len(proved.journal())
    assert kamailio.notify("alice", "check-sync;reboot=true") == 200
    proved.wait_ready()
    end = proved.wait_journal(since, action="resync", result="failed")
    assert "refused" in end["detail"]
    assert standing(proved)["running"] == 1


def test_partly_worse_is_worse(proved, kamailio, nginx):
    """One that was registered and is not ends the trial; the new one that
    registers does not save it"""
    kamailio.set_password("dora", "dora-secret")
    nginx.put("accounts", file_of(kamailio, bob=WRONG, carol="carol-secret",
                                  dora="dora-secret"))
    resync(proved, result="rolled-back")
    kamailio.wait_unregistered("dora")


def test_new_one_that_fails_is_no_reason(proved, kamailio, nginx):
    """A new account that does not register spoils nothing: proved at its
    end"""
    nginx.put("accounts", file_of(kamailio, **GOOD, dora=WRONG))
    resync(proved, result="ok")
    assert standing(proved)["proved"] == 2


def test_trial_over_a_restart(proved, kamailio, nginx):
    """A trial begins anew after a restart, against the same last proved"""
    proved.stop()
    proved.settings["confirm"] = 30
    proved.start()
    nginx.put("accounts", file_of(kamailio, **BAD))
    order(proved)
    wait_refused(proved)
    proved.stop()
    assert standing(proved)["proved"] == 1
    nginx.close()
    proved.settings["confirm"] = 1
    mark = kamailio.process.mark()
    proved.start()
    for user in GOOD:
        kamailio.wait_registered(user, mark)
    assert standing(proved)["running"] == 1


def test_three_bad_starts(proved, kamailio, nginx):
    """An unproved generation that never lives to its end: the fourth start
    is one of the last proved"""
    proved.stop()
    proved.settings.update(confirm=30)
    proved.start()
    nginx.put("accounts", file_of(kamailio, **BAD))
    order(proved)
    wait_refused(proved)
    proved.process.kill()
    nginx.close()
    for number in (1, 2, 3):
        proved.start()
        assert standing(proved)["starts"] == number
        assert "generation 2" in proved.command("provnotify")[1]
        proved.process.kill()
    mark = kamailio.process.mark()
    proved.start()
    assert "generation 1" in proved.command("provnotify")[1]
    for user in GOOD:
        kamailio.wait_registered(user, mark)


def test_ends_in_order_do_not_count(proved, kamailio, nginx):
    """TERM is no bad start"""
    proved.stop()
    proved.settings.update(confirm=30)
    proved.start()
    nginx.put("accounts", file_of(kamailio, **BAD))
    order(proved)
    wait_refused(proved)
    nginx.close()
    for _ in range(4):
        proved.stop()
        assert standing(proved)["starts"] == 0
        proved.start()
        wait_refused(proved)
    assert "generation 2" in proved.command("provnotify")[1]


def test_rescue(proved, kamailio):
    """None of the provisioned is registered: the way back stays open"""
    assert "asking again" not in proved.command("provnotify")[1]
    proved.stop()
    kamailio.close()
    proved.start()
    until("a second attempt", lambda: "asking again" in
          proved.command("provnotify")[1], context=proved.process.log)
    assert "no provisioned account is registered" in proved.command(
        "provnotify")[1]
    proved.process.kill()       # it would wait for the dead server


def test_a_call_survives(proved, kamailio, nginx, peer):
    """Each account is changed or gone, and the call goes on till it ends"""
    kamailio.bind("dave", f"sip:dave@{peer.address}")
    assert proved.command("key", "number=dave&outgoing_uri=bob")[0]
    call = peer.accept(peer.wait_request("INVITE"))
    proved.wait_event("CALL_ESTABLISHED")
    count = kamailio.registers("bob")
    kamailio.set_password("carol", "another-one")
    for text in (file_of(kamailio, bob="bob-secret", carol="another-one"),
                 file_of(kamailio, bob="changed", carol="another-one"),
                 file_of(kamailio, carol="another-one")):
        nginx.put("accounts", text)
        order(proved)
        until("a generation", lambda: "resync: none going on" in
              proved.command("provnotify")[1])
    assert kamailio.registers("bob") == count
    assert call.send("OPTIONS").status == 200
    assert call.bye().status == 200
    kamailio.wait_unregistered("bob")


def _scribble(path):
    with open(path, "r+b") as damaged:
        damaged.write(b"\xff\0{")


DAMAGE = {
    "gone": os.unlink,
    "empty": lambda path: os.truncate(path, 0),
    "half": lambda path: os.truncate(path, os.stat(path).st_size // 2),
    "rubbish": _scribble,
}


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("name", ["current", "generations/1/manifest.json",
                                  "generations/1/00-accounts"])
def test_damaged_state(proved, kamailio, name, how):
    """What the disk has lost is noticed, and fetched again"""
    proved.stop()
    DAMAGE[how](os.path.join(proved.state_dir, name))
    mark, since = kamailio.process.mark(), len(proved.journal())
    proved.start(prepare=False)
    for user in GOOD:
        kamailio.wait_registered(user, mark)
    proved.wait_journal(since, action="resync", result="ok")
    if (name, how) != ("current", "gone"):
        proved.process.wait_log("damaged|cannot be used")
    now = standing(proved)
    assert now["running"] == now["proved"]
    resync(proved, result="unchanged")


SECRETS = ("bob-secret", "carol-secret", "prov-secret", WRONG)


def test_secrets(phone, kamailio, nginx):
    """Modes, and no password in log, journal, report, status or `ps`"""
    nginx.put("accounts", file_of(kamailio, **GOOD))
    phone.settings.update(url=nginx.url("auth/", "https"), confirm=1,
                          ca_file=nginx.ca_file, user=nginx.user,
                          password=nginx.password)
    phone.start()
    phone.wait_journal(action="resync", result="ok")
    nginx.put("accounts", file_of(kamailio, **BAD))
    resync(phone, result="rolled-back")
    nginx.put("accounts", f"<sip:bob@ x>;auth_pass={WRONG}\n")
    resync(phone, result="failed")
    nginx.put("accounts", file_of(kamailio, **BAD) + "<sip:")
    resync(phone, result="failed")
    phone.command("provcheck", nginx.url("auth/", "https"))
    phone.process.wait_log("provcheck: ")
    told = [phone.process.log(), json.dumps(phone.journal()),
            phone.command("provnotify")[1]]
    for name in ("cmdline", "environ", "comm"):
        with open(f"/proc/{phone.pid}/{name}", encoding="utf-8") as text:
            told.append(text.read())
    with open(os.path.join(phone.state_dir, "provcheck.txt"),
              encoding="utf-8") as text:
        told.append(text.read())
    for secret in SECRETS:
        assert secret not in "\n".join(told)
    for folder, folders, files in os.walk(phone.state_dir):
        assert os.stat(folder).st_mode & 0o777 == 0o700, (folder, folders)
        for name in files:
            path = os.path.join(folder, name)
            assert os.stat(path).st_mode & 0o777 == 0o600, path


@pytest.mark.parametrize("mask", [0, 0o777])
def test_modes_under_any_umask(phone, kamailio, nginx, mask):
    """A wide umask opens nothing, a narrow one shuts nobody out"""
    nginx.put("accounts", file_of(kamailio, **GOOD))
    phone.settings["url"] = nginx.url()
    phone.prefix = ["sh", "-c", f'umask {mask:o}; exec "$@"', "sh"]
    phone.start()
    phone.wait_journal(action="resync", result="ok")
    nginx.put("accounts", file_of(kamailio, bob="bob-secret"))
    resync(phone, result="ok")
    phone.stop()
    for folder, _, files in os.walk(phone.state_dir):
        assert os.stat(folder).st_mode & 0o777 == 0o700, folder
        for name in files:
            path = os.path.join(folder, name)
            assert os.stat(path).st_mode & 0o777 == 0o600, path
