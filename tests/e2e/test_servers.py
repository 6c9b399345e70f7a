"""The ways of a provisioning server to be reached, and to be a bad one."""
import os
import socket
import threading

import pytest

from lighttpd import Lighttpd
from loopback import Loopback, free_port
from nginx import Nginx
from phone import Phone
from plain import Ftpd, Tftpd
from vendors import MAC, VENDORS


@pytest.fixture(params=[Tftpd, Ftpd])
def plain(request, net, tmp_path, closing):
    """A server without HTTP"""
    if request.param is Tftpd and os.geteuid():
        pytest.skip("tftpd-hpa needs root")
    server = request.param(tmp_path / "plain", net.host())
    closing.append(server)
    return server


def resync(phone, **expected):
    """A resync from the console, and the line that says how it ended"""
    since = len(phone.journal())
    assert phone.command("resync")[0]
    return phone.wait_journal(since, action="resync", **expected)


@pytest.mark.parametrize("vendor", ["native", "yealink"])
def test_plain(plain, phone, kamailio, vendor):
    """TFTP and FTP: files that may be absent, includes, a change, and what
    has gone"""
    files = VENDORS[vendor]
    files.put(plain, kamailio)
    phone.settings.update(vendor=vendor, mac=MAC, url=plain.url(), timeout=1)
    phone.extra.append("module g722.so")
    phone.start()
    kamailio.wait_registered("bob")
    kamailio.wait_registered("carol")
    phone.wait_journal(action="resync", result="ok")
    count = kamailio.registers()
    resync(phone, result="unchanged")
    assert kamailio.registers() == count
    files.put(plain, kamailio, files.without_carol)
    resync(phone, result="ok")
    kamailio.wait_unregistered("carol")
    os.unlink(os.path.join(plain.root, files.main))
    assert files.main in resync(phone, result="failed")["detail"]
    plain.close()
    resync(phone, result="failed")
    assert kamailio.registers("bob") == 1


def test_plain_without_a_file(plain, phone):
    """Nothing there for this phone"""
    phone.settings.update(url=plain.url(), at_boot="no")
    phone.start()
    assert "none of the files" in resync(phone, result="failed")["detail"]


def test_tftp_by_its_host(phone, peer, net, tmp_path, closing):
    """As DHCP's option 66 names a server: no port, no path"""
    if os.geteuid():
        pytest.skip("tftpd-hpa and port 69 need root")
    server = Tftpd(tmp_path / "plain", net.host(), 69)
    closing.append(server)
    server.put("accounts", f"<sip:bob@{peer.address}>;regint=3600\n")
    phone.settings["url"] = f"tftp://{server.host}"
    phone.start()
    peer.wait_registered("bob")


def test_plain_without_a_folder(plain, phone):
    """Not even the folder is there: the file is absent, not the server bad"""
    phone.settings.update(url=plain.url("nowhere/"), at_boot="no")
    phone.start()
    assert "none of the files" in resync(phone, result="failed")["detail"]


@pytest.mark.parametrize("password, result", [("prov-secret", "ok"),
                                              ("wrong", "failed")])
@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_digest(alice, peer, net, tmp_path, closing, algorithm, password,
                result):
    """Digest: the password itself never goes over the wire"""
    server = Lighttpd(tmp_path / "lighttpd", net.host(), algorithm)
    closing.append(server)
    server.put("accounts", f"<sip:bob@{peer.address}>;regint=3600\n")
    alice.settings.update(url=server.url(), at_boot="no", user=server.user,
                          password=password)
    alice.start()
    end = resync(alice, result=result)
    assert result == "ok" or "provnotify_user" in end["detail"]
    server.close()
    with open(os.path.join(server.dir, "access.log"),
              encoding="utf-8") as lines:
        log = lines.read()
    assert f'algorithm={algorithm}' in log and "Basic" not in log
    assert password not in alice.process.log()


# The phone's OpenSSL must not be what refuses an old TLS
OPENSSL_CNF = """\
openssl_conf = init
[init]
ssl_conf = ssl
[ssl]
system_default = all
[all]
MinProtocol = TLSv1
CipherString = DEFAULT:@SECLEVEL=0
"""

# How the server is, and what the phone says
TLS = {
    "another name": ({"names": "DNS:elsewhere.example.net"},
                     "another name"),
    "expired": ({"days": -1}, "expired"),
    "old TLS": ({"tls": "ssl_protocols TLSv1 TLSv1.1; "
                        "ssl_ciphers DEFAULT:@SECLEVEL=0;"}, "TLS 1.2"),
    "client certificate": (
        {"tls": "ssl_verify_client on; ssl_client_certificate ca.pem;"},
        "provnotify_client_cert"),
}


@pytest.fixture
def trusting(alice, net, tmp_path, closing, peer):
    """Makes a phone and a server whose authority it knows"""
    def make(**kwargs):
        server = Nginx(tmp_path / "nginx", net.host(), **kwargs)
        closing.append(server)
        server.put("accounts", f"<sip:bob@{peer.address}>;regint=3600\n")
        alice.write("openssl.cnf", OPENSSL_CNF)
        alice.environment["OPENSSL_CONF"] = alice.path("openssl.cnf")
        alice.settings.update(url=server.url("", "https"), at_boot="no",
                              ca_file=server.ca_file)
        return alice, server

    return make


@pytest.mark.parametrize("how", TLS)
def test_bad_tls(trusting, how):
    """Not a byte is asked for, and the reason is said with its remedy"""
    kwargs, word = TLS[how]
    phone, server = trusting(**kwargs)
    phone.start()
    assert word in resync(phone, result="failed")["detail"]
    assert not [r for r in server.requests() if r["status"] < 400]


def test_another_authority(trusting, tmp_path, net, closing):
    """Signed by one that provnotify_ca_file does not name"""
    phone, server = trusting()
    other = Nginx(tmp_path / "other", net.host())
    closing.append(other)
    phone.settings["ca_file"] = other.ca_file
    phone.start()
    end = resync(phone, result="failed")
    assert "signed by nobody" in end["detail"]
    assert "provnotify_ca_file" in end["detail"]
    assert not server.requests()


def test_client_certificate(trusting):
    """provnotify_client_cert: certificate and key in one file"""
    phone, server = trusting(
        tls="ssl_verify_client on; ssl_client_certificate ca.pem;")
    phone.settings["client_cert"] = server.client_cert()
    phone.start()
    resync(phone, result="ok")


def test_files_of_tls_that_are_not_there(trusting):
    """A wrong path is named by its setting"""
    phone, server = trusting()
    for name in ("ca_file", "client_cert"):
        phone.settings["ca_file"] = server.ca_file
        phone.settings[name] = phone.path("nothing")
        phone.start()
        phone.process.wait_log(f"provnotify_{name} .*/nothing: No such file")
        assert f"provnotify_{name}" in resync(phone,
                                              result="failed")["detail"]
        phone.stop()


@pytest.mark.parametrize("to", ["http", "file", "ftp", "tftp"])
def test_redirect_that_is_refused(alice, peer, nginx, to):
    """Never from https to http, nor to what is not http at all"""
    nginx.put("accounts", f"<sip:bob@{peer.address}>;regint=3600\n")
    there = {"http": nginx.url("accounts"),
             "file": f"file://{nginx.path('root', 'accounts')}",
             "ftp": f"ftp://{nginx.host}/accounts",
             "tftp": f"tftp://{nginx.host}/accounts"}[to]
    scheme = "https" if to == "http" else "http"
    alice.settings.update(url=nginx.url(f"to/?url={there}", scheme),
                          at_boot="no", ca_file=nginx.ca_file)
    alice.start()
    assert "redirects" in resync(alice, result="failed")["detail"]
    assert [r["status"] for r in nginx.requests()] == [302]
    assert "bob" not in peer.bindings


@pytest.mark.parametrize("hops, result", [(4, "ok"), (5, "failed")])
def test_five_redirects(alice, peer, nginx, hops, result):
    """Each of them is followed, but not a sixth"""
    nginx.put("accounts", f"<sip:bob@{peer.address}>;regint=3600\n")
    alice.settings.update(url=nginx.url("hop/" + "x" * hops), at_boot="no")
    alice.start()
    resync(alice, result=result)
    assert len(nginx.requests()) == 6


@pytest.mark.parametrize("other", ["host", "port", "scheme", "none"])
def test_password_stays_at_home(alice, peer, nginx, net, tmp_path, closing,
                                other):
    """The password is for that scheme, host and port alone"""
    there = nginx
    if other in ("host", "port"):
        there = Nginx(tmp_path / "there",
                      net.host() if other == "host" else nginx.host)
        closing.append(there)
    there.put("accounts", f"<sip:bob@{peer.address}>;regint=3600\n")
    url = there.url("auth/accounts",
                    "https" if other == "scheme" else "http")
    alice.settings.update(url=nginx.url(f"to/?url={url}"), at_boot="no",
                          ca_file=nginx.ca_file, user=nginx.user,
                          password=nginx.password)
    alice.start()
    if other == "none":
        resync(alice, result="ok")
        return
    assert "provnotify_user" in resync(alice, result="failed")["detail"]
    asked = [r for r in there.requests() if r["uri"] == "/auth/accounts"]
    assert [(r["status"], r["auth"]) for r in asked] == [(401, "")]


@pytest.mark.parametrize("size, result", [(1 << 20, "ok"),
                                          ((1 << 20) + 1, "failed")])
def test_huge(alice, peer, nginx, size, result):
    """1 MiB, and not a byte more"""
    account = f"<sip:bob@{peer.address}>;regint=3600\n"
    nginx.put("accounts", account + "#" * (size - len(account) - 1) + "\n")
    alice.settings.update(url=nginx.url("accounts"), at_boot="no")
    alice.start()
    end = resync(alice, result=result)
    assert result == "ok" or "1 MiB" in end["detail"]


def test_retry_after(alice, peer, nginx):
    """Who says when to come back is left alone till then"""
    alice.settings.update(url=nginx.url("later/"), at_boot="no")
    alice.start()
    resync(alice, result="failed")
    count = len(nginx.requests())
    uri = peer.contact("alice")
    assert peer.notify(uri, "check-sync").status == 200
    assert "resync: waiting" in alice.command("provnotify")[1]
    assert peer.notify(uri, "check-sync").status == 200
    alice.wait_journal(verdict="joined")
    assert len(nginx.requests()) == count


def test_cut_short(alice, peer, net, closing):
    """Fewer bytes than announced"""
    host = net.host()
    server = socket.create_server((host, 0))
    closing.append(server)
    body = f"<sip:bob@{peer.address}>;regint=3600\n"

    def serve():
        link = server.accept()[0]
        link.recv(4096)
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (
            len(body) + 1, body.encode()))
        link.close()

    threading.Thread(target=serve, daemon=True).start()
    alice.settings.update(
        url=f"http://{host}:{server.getsockname()[1]}/accounts", at_boot="no")
    alice.start()
    assert "short" in resync(alice, result="failed")["detail"]
    assert "bob" not in peer.bindings


# What is wrong, and what provcheck says: the reason and its remedy
CHECKS = {
    "no file": ("none.cfg", "does not have none.cfg"),
    "no folder": ("none/", "none of the files of this phone: "),
    "a folder": ("root", "the URL of a folder ends in /"),
    "unknown authority": ("https", "provnotify_ca_file"),
    "no answer": ("silent", "provnotify_timeout"),
    "nobody there": ("dead", "whether the server runs"),
    "TLS to http": ("http as https", "is that port https"),
    "http to TLS": ("https as http", "is that port https"),
    "a page": ("page.html", "page.html, line 1: no known format"),
    "cut short": ("cut.xml", "cut.xml, line 2: the XML is cut short"),
    "no domain": ("account.cfg", "account.cfg, line 2: an account has no"),
    "a bad port": ("port.cfg", "port.cfg, line 3: account.1.sip_server.1.port:"
                   " not a port: 1 to 65535"),
    "a login": ("auth/", "provnotify_user"),
    "an error": ("error/", "HTTP 500"),
    "redirects": ("loop/", "more than five times"),
    "no name": ("unknown", "DNS"),
    "a scheme": ("gopher", "https, http, tftp and ftp are accepted"),
    "no URL": ("nothing", "no such file"),
}


@pytest.fixture(scope="module")
def checking(request, tmp_path_factory):
    """A phone and a server for all checks"""
    loopback, folder = Loopback(), tmp_path_factory.mktemp("checks")
    server = Nginx(folder / "nginx", loopback.host())
    silent = socket.create_server((loopback.host(), 0))
    option = request.config.getoption
    phone = Phone(folder, loopback.host(), option("--module"),
                  "asan" if option("--asan") else None)
    phone.settings.update(timeout=1, at_boot="no")
    phone.start()
    request.node.phones = [phone]
    server.put("page.html", "<html><body>here is nothing</body></html>\n")
    server.put("root/x", "")
    server.put("cut.xml", "<?xml version='1.0'?>\n<provisioning><nvm><para")
    server.put("account.cfg", "#!version:1.0.0.1\naccount.1.enable = 1\n"
               "account.1.user_name = bob\n")
    server.put("port.cfg", "#!version:1.0.0.1\naccount.1.enable = 1\n"
               "account.1.sip_server.1.port = 65536\n")
    host = loopback.host()
    yield phone, {
        "https": server.url("", "https"),
        "silent": "http://{}:{}/".format(*silent.getsockname()),
        "dead": f"http://{host}:{free_port(host)}/",
        "http as https": server.url().replace("http:", "https:"),
        "https as http": server.url("", "https").replace("https:", "http:"),
        "unknown": "http://no-such-host.invalid/",
        "gopher": "gopher://127.0.0.1/",
        "nothing": "no-such-file",
    }, server
    phone.stop()
    for thing in (phone, server, silent, loopback):
        thing.close()


@pytest.mark.parametrize("what", CHECKS)
def test_provcheck_tells_what_is_wrong(checking, what):
    """And what to do about it, before a resync is tried"""
    phone, urls, server = checking
    path, word = CHECKS[what]
    mark = phone.process.mark()
    ok, answer = phone.command("provcheck", urls.get(path) or
                               server.url(path))
    assert ok
    if "report" in answer:
        answer = phone.process.wait_log("^provcheck: refused", mark).string
        with open(os.path.join(phone.state_dir, "provcheck.txt"),
                  encoding="utf-8") as report:
            assert answer == report.read().rstrip()
    assert word in answer
