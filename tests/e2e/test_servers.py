"""The ways of a provisioning server to be reached, and to be a bad one."""
import os
import socket
import threading

import pytest

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


def test_tls_all_the_way(alice, peer, nginx):
    """Never from https to http, and never with the password to another
    place"""
    nginx.put("accounts", f"<sip:bob@{peer.address}>;regint=3600\n")
    alice.settings.update(url=nginx.url("plain/", "https"), at_boot="no",
                          ca_file=nginx.ca_file)
    alice.start()
    resync(alice, result="failed")
    assert {r["scheme"] for r in nginx.requests()} == {"https"}


def test_password_stays_at_home(alice, peer, nginx):
    """The password is for that scheme, host and port alone"""
    nginx.put("accounts", f"<sip:bob@{peer.address}>;regint=3600\n")
    alice.settings.update(url=nginx.url("abroad/"), at_boot="no",
                          ca_file=nginx.ca_file, user=nginx.user,
                          password=nginx.password)
    alice.start()
    resync(alice, result="failed")
    assert nginx.requests()[-1]["scheme"] == "https"
    assert nginx.requests()[-1]["status"] == 401


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
