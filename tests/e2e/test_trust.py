"""The trusted server: when it moves, when it fails, over TCP and TLS, and
when it hands on what somebody else sends."""
import pytest

from loopback import free_port
from names import Names
from process import Process
from web import certificate


@pytest.fixture
def names(phone, net, tmp_path, closing):
    """Makes the phone's name server"""
    def make(*srv):
        server = Names(tmp_path / "dns", net.host(), *srv)
        closing.append(server)
        phone.extra.append(f"dns_server {server.host}:{server.port}")
        return server

    return make


def statuses(uri, *peers):
    """What the phone answers to each of them over UDP"""
    return [peer.notify(uri, "check-sync").status for peer in peers]


def test_name_that_moves(phone, names, new_peer):
    """The server is where the last REGISTER was answered, whatever the name
    says since"""
    here = new_peer()
    there = new_peer(here.port)
    dns = names()
    dns.move(sip=here.host)
    phone.settings.update(at_boot="no", quota=1000)
    phone.accounts = [f"<sip:alice@sip.pbx.test:{here.port}>;regint=2"]
    phone.start()
    uri = here.contact("alice")
    assert statuses(uri, here, there) == [200, 403]
    dns.move(sip=there.host)
    uri = there.contact("alice")
    phone.process.wait_log(r"alice@sip.pbx.test: .* 200 OK")
    assert statuses(uri, here, there) == [403, 200]


def test_failover(phone, names, new_peer):
    """The second server of the domain, when the first one is gone"""
    first, second = new_peer(), new_peer()
    names(f"_sip._tcp.pbx.test,one.pbx.test,{first.port},1",
          f"_sip._tcp.pbx.test,two.pbx.test,{second.port},2").move(
              one=first.host, two=second.host)
    phone.settings.update(at_boot="no", quota=1000, remote_control="allow")
    phone.accounts = ["<sip:alice@pbx.test;transport=tcp>;regint=2"]
    phone.start()
    uri = first.contact("alice")
    link = first.wait_registered("alice").link
    assert first.notify(uri, "check-sync", link=link).status == 200
    other = second.connect((phone.host, phone.port))
    assert second.notify(uri, "check-sync", link=other).status == 403
    first.close()
    uri = second.contact("alice")
    link = second.wait_registered("alice").link
    assert second.key(uri, "key=UP", link=link).status == 200
    assert second.notify(uri, "check-sync", link=other).status == 403


@pytest.mark.valgrind
def test_udp_is_not_the_server_of_tcp(alice, peer):
    """Who registers over TCP is not told anything over UDP, where everybody
    can write the server's address on a packet; a list may say otherwise"""
    alice.accounts = [alice.accounts[0].replace(">", ";transport=tcp>")]
    alice.settings.update(at_boot="no", remote_control="allow")
    alice.start()
    link = peer.wait_registered("alice").link
    uri = peer.contact("alice")
    assert peer.notify(uri, "check-sync", link=link).status == 200
    assert statuses(uri, peer) == [403]
    assert peer.key(uri, "key=UP").status == 403
    assert peer.notify(f"sip:{alice.host}:{alice.port}",
                       "check-sync").status == 403


@pytest.mark.valgrind
def test_tls(alice, peer, tmp_path, closing):
    """The connection of the REGISTER, and no other of that address"""
    host, port = peer.host, free_port(peer.host)
    certificate(str(tmp_path / "sip.pem"), host)
    front = Process("socat", [
        "socat", "-d", "-d", f"OPENSSL-LISTEN:{port},bind={host},fork,"
        f"cert={tmp_path}/sip.pem,verify=0", f"TCP4:{peer.address}"],
        str(tmp_path))
    closing.append(type("Front", (), {"close": front.kill}))
    front.wait_log("listening on")
    alice.accounts = [f"<sip:alice@{host}:{port};transport=tls>;regint=3600"]
    alice.settings.update(at_boot="no", remote_control="allow", quota=1000)
    alice.start()
    link = peer.wait_registered("alice").link
    uri = peer.contact("alice")
    assert peer.key(uri, "key=UP", link=link, transport="TLS").status == 200
    line = alice.wait_journal(verdict="accepted")
    assert line["source"] == f"tls:{host}:{port}"
    # The connection is trusted, so the user need not be
    aor = f"sip:alice@{alice.host}:{alice.port}"
    assert peer.key(aor, "key=UP", link=link, transport="TLS").status == 200
    # From the same address: another connection, and UDP
    other = peer.connect((alice.host, alice.port))
    assert peer.notify(uri, "check-sync", link=other).status == 403
    assert statuses(aor, peer) == [403]


def test_accounts_that_come_and_go(alice, peer):
    """The user's own accounts are found at once, and no longer than they are
    there: baresip tells nobody"""
    alice.settings.update(at_boot="no", jitter=60)
    alice.start()
    peer.wait_registered("alice")

    def addressed(user):
        since = len(alice.journal())
        peer.notify(f"sip:{user}@{alice.host}:{alice.port}", "check-sync")
        return alice.wait_journal(since, door="notify").get("account")

    aor = f"sip:carol@{peer.address}"
    for _ in range(2):
        assert addressed("carol") is None
        assert alice.command("uanew", f"<{aor}>;regint=0")[0]
        assert addressed("carol") == aor
        assert alice.command("uadel", aor)[0]
