"""On real parts: Kamailio as registrar and sender, nginx for the files."""
import pytest

from conftest import wrapping
from demo import Story
from kamailio import Kamailio


@pytest.fixture
def line(phone, kamailio):
    """A phone at Kamailio"""
    phone.settings.update(remote_control="allow", at_boot="no")
    phone.accounts = [f"<sip:alice@{kamailio.address}>;auth_pass=alice-secret"
                      ";regint=3600"]
    phone.start()
    kamailio.wait_registered("alice")
    return phone


def test_resync(line, kamailio):
    """uac_req_send() finds the phone and gets its 200"""
    assert kamailio.notify("alice", "check-sync;reboot=false") == 200
    line.wait_journal(action="resync", result="unchanged")


def test_restart(line, kamailio):
    """The phone is back, under its pid"""
    mark, pid = kamailio.process.mark(), line.pid
    assert kamailio.notify("alice", "check-sync;reboot=true") == 200
    line.wait_ready()
    kamailio.wait_registered("alice", mark)
    assert line.pid == pid
    line.wait_journal(action="restart", result="ok")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_digest(phone, kamailio, transport):
    """Kamailio answers the phone's 401 by itself"""
    phone.settings.update(digest="all", at_boot="no")
    phone.accounts = [f"<sip:alice@{kamailio.address};transport={transport}>"
                      ";auth_pass=alice-secret;regint=3600"]
    phone.start()
    kamailio.wait_registered("alice")
    assert kamailio.notify("alice", "check-sync;reboot=false") == 200
    phone.wait_journal(status=401)
    phone.wait_journal(action="resync", result="unchanged")


def test_keys(line, kamailio):
    """tm.t_uac_wait over JSON-RPC brings the phone's own answer"""
    assert kamailio.key("alice", "key=UP") == 200
    assert kamailio.key("alice", "key=NOSUCHKEY") == 400
    assert kamailio.press("alice", "UP") == 200
    assert kamailio.press("alice", "number=bob") == 200
    assert kamailio.process.running()


def test_tcp(phone, kamailio):
    """Over the connection that the phone has opened"""
    phone.settings["at_boot"] = "no"
    phone.accounts = [f"<sip:alice@{kamailio.address};transport=tcp>"
                      ";auth_pass=alice-secret;regint=3600"]
    phone.start()
    kamailio.wait_registered("alice")
    assert kamailio.notify("alice", "check-sync") == 200
    line = phone.wait_journal(verdict="accepted")
    assert line["source"].startswith(f"tcp:{kamailio.host}:")


def test_tls(phone, net, tmp_path, closing):
    """The same over TLS, keys as well"""
    server = Kamailio(tmp_path / "kamailio", net.host(),
                      {"alice": "alice-secret"}, tls=True)
    closing.append(server)
    phone.settings.update(at_boot="no", remote_control="allow")
    phone.accounts = [f"<sip:alice@{server.host}:{server.tls};transport=tls>"
                      ";auth_pass=alice-secret;regint=3600"]
    phone.start()
    assert server.wait_registered("alice")[0] == "tls"
    assert server.notify("alice", "check-sync") == 200
    line = phone.wait_journal(verdict="accepted")
    assert line["source"] == f"tls:{server.host}:{server.tls}"
    assert server.press("alice", "UP") == 200


def test_proxied(line, kamailio, peer):
    """What somebody else sends through the server is refused, unless he is
    in the list; the answer says who it was"""
    uri = f"sip:alice@{kamailio.address}"
    answer = peer.notify(uri, "check-sync;reboot=true")
    assert answer.status == 403
    assert answer.reason == f"Relayed for {peer.host}"
    line.wait_journal(verdict="refused", status=403)


def test_story(request, tmp_path, net, closing):
    """make demo: the whole story comes true"""
    story = Story(str(tmp_path), net, request.config.getoption("--module"),
                  wrapping(request.config))
    closing.append(story)
    story.tell()
