"""End to end: the real baresip of Debian with the module, on real parts.

How the tests are made
----------------------
- Each test has a /24 of 127.0.0.0/8 to itself (loopback.py), a scratch folder
  and its own servers on free ports. Nothing is shared, nothing is left over,
  and several runs may go on at once.
- phone.py is the phone, sip.py a scripted SIP server and other party,
  kamailio.py and nginx.py the real servers. Each starts what it is about and
  ends it by its pid.
- No test sleeps for luck. All waits are for an event: a line of output, a line
  of the journal, an event of baresip's ctrl_tcp, a SIP message. A wait that is
  in vain ends after process.PATIENCE seconds and shows the log of the phone.
- A phone that a test started must end with status 0, and neither sanitizer nor
  valgrind may have said a word. Debian builds libre without its own count of
  memory, so leaks are found by LeakSanitizer (make asan) and valgrind.

How they are run
----------------
make e2e, make asan, make tsan and make valgrind; `make e2e T=name` runs some
of them. Under --valgrind and --tsan only the tests that are marked so run, and
PN_PATIENCE is the number of seconds for a wait.
BARESIP=PROGRAM MODULE_DIR=FOLDER is a baresip elsewhere.
"""
import os
import shutil

import pytest

import process
from kamailio import Kamailio
from loopback import Loopback, free_port
from nginx import Nginx
from phone import Phone
from sip import Peer


def pytest_addoption(parser):
    """What mk/test.mk gives"""
    parser.addoption("--module", default="build/provnotify.so")
    parser.addoption("--baresip", default=Phone.program, help="another one")
    parser.addoption("--modules", default=Phone.modules, help="its folder")
    parser.addoption("--results", help="file for tests/tally")
    parser.addoption("--asan", action="store_true")
    parser.addoption("--tsan", action="store_true")
    parser.addoption("--valgrind", action="store_true")
    parser.addoption("--asterisk", help="chroot that has one")
    parser.addoption("--seed", default="1", help="of torture and soak")
    parser.addoption("--number", type=int, help="how much of these")


def pytest_configure(config):
    """Slow tools need more patience"""
    config.addinivalue_line("markers", "valgrind: runs there, with --tsan too")
    config.addinivalue_line("markers", "asterisk: make check-asterisk alone")
    Phone.use(config.getoption("--baresip"), config.getoption("--modules"))
    if config.getoption("--asan") or config.getoption("--tsan"):
        process.PATIENCE *= 2
    if config.getoption("--valgrind"):
        process.PATIENCE *= 4


def pytest_collection_modifyitems(config, items):
    """With valgrind and ThreadSanitizer only what is marked so; with Asterisk
    all of that, and without it nothing"""
    if config.getoption("--valgrind") or config.getoption("--tsan"):
        items[:] = [i for i in items if i.get_closest_marker("valgrind")]
    there = bool(config.getoption("--asterisk"))
    items[:] = [i for i in items
                if bool(i.get_closest_marker("asterisk")) == there]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Show the log and the journal of each phone of a test that failed"""
    report = (yield).get_result()
    if report.failed:
        for phone in getattr(item, "phones", []):
            journal = "\n".join(map(str, phone.journal()[-500:]))
            report.sections.append((f"phone {phone.host}", (
                phone.process.log(500) if phone.process else "not started") +
                f"\n--- journal\n{journal}"))


def pytest_runtest_logreport(report):
    """One line for each test, for tests/tally"""
    if report.when == "call" or report.outcome != "passed":
        verdict = {"passed": "PASS", "failed": "FAIL",
                   "skipped": "SKIP"}[report.outcome]
        reason = ""
        if report.skipped and isinstance(report.longrepr, tuple):
            reason = f": {report.longrepr[2]}"
        RESULTS.append(f"{verdict} {report.nodeid}{reason}\n")


def pytest_warning_recorded(warning_message, nodeid):
    """A check that could not be made is skipped, and said to be"""
    if "not looked for" in str(warning_message.message):
        RESULTS.append(f"SKIP {nodeid}: {warning_message.message}\n")


def pytest_sessionfinish(session):
    """Hand the lines over"""
    path = session.config.getoption("--results")
    if path:
        with open(path, "a", encoding="utf-8") as out:
            out.writelines(RESULTS)


RESULTS = []


def wrapping(config):
    """What the phones run under"""
    for wrap in ("asan", "tsan", "valgrind"):
        if config.getoption("--" + wrap):
            return wrap
    return None


@pytest.fixture(scope="session", autouse=True)
def loads(request, tmp_path_factory):
    """Without a module that loads there is nothing to test"""
    loopback = Loopback()
    phone = Phone(tmp_path_factory.mktemp("loads"), loopback.host(),
                  request.config.getoption("--module"),
                  wrapping(request.config))
    try:
        phone.start()
        loaded = phone.command("provnotify")[0]
    finally:
        phone.close()
        loopback.close()
    if not loaded:
        pytest.exit(f"the module does not load\n{phone.process.log()}", 3)


@pytest.fixture
def net():
    """Addresses of this test"""
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture
def closing():
    """Things to close at the end, last first"""
    things = []
    yield things
    for thing in reversed(things):
        thing.close()


@pytest.fixture
def new_phone(request, net, tmp_path, closing):
    """Makes phones; those whose end no test has awaited are ended and checked,
    also where they are gone by themselves"""
    option = request.config.getoption
    phones = request.node.phones = []

    def make(**kwargs):
        folder = tmp_path / f"phone{len(phones)}"
        folder.mkdir()
        phone = Phone(folder, net.host(), option("--module"),
                      wrapping(request.config), **kwargs)
        phones.append(phone)
        closing.append(phone)
        return phone

    yield make
    for phone in phones:
        if phone.process and not phone.process.awaited:
            phone.stop()


@pytest.fixture
def phone(new_phone):
    """A phone, not yet started"""
    return new_phone()


@pytest.fixture
def new_peer(net, closing):
    """Makes scripted SIP servers"""
    def make(port=None):
        host = net.host()
        peer = Peer(host, port or free_port(host))
        closing.append(peer)
        return peer

    return make


@pytest.fixture
def peer(new_peer):
    """A scripted SIP server"""
    return new_peer()


@pytest.fixture
def alice(phone, peer):
    """The phone with one account at the peer, not yet started"""
    phone.accounts = [f"<sip:alice@{peer.address}>;auth_pass=alice-secret"
                      ";regint=3600"]
    return phone


@pytest.fixture
def kamailio(net, tmp_path, closing):
    """A Kamailio that knows alice, bob and carol"""
    server = Kamailio(tmp_path / "kamailio", net.host(), {
        user: f"{user}-secret" for user in ("alice", "bob", "carol")})
    closing.append(server)
    return server


@pytest.fixture
def party(new_phone, server):
    """Makes a phone at the server of the file that the test is in"""
    def make(user, *params, **settings):
        phone = new_phone()
        phone.settings.update(remote_control="allow", at_boot="no",
                              quota=1000, **settings)
        phone.accounts = [f"<sip:{user}@{server.address}>;regint=3600"
                          f";auth_pass={user}-secret" + "".join(params)]
        if user in ("200", "300"):
            phone.module = None
        phone.start()
        server.wait_registered(user)
        return phone

    return make


@pytest.fixture
def trio(party):
    """100 has the keys; 200 and 300 answer by themselves"""
    return [party("100"), party("200", ";answermode=auto"),
            party("300", ";answermode=auto")]


@pytest.fixture
def nginx(net, tmp_path, closing):
    """A provisioning server"""
    server = Nginx(tmp_path / "nginx", net.host())
    closing.append(server)
    return server


@pytest.fixture(autouse=True)
def scratch(tmp_path):
    """Scratch folders do not pile up"""
    yield
    if not os.environ.get("PN_KEEP"):
        shutil.rmtree(tmp_path, ignore_errors=True)
