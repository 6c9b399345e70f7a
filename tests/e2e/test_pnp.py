"""PnP: a phone out of the box asks the network who provisions it."""
import re
import time

import pytest

import pnp
from process import until
from sip import token


def line(user, server):
    """One account of a provisioned file"""
    return (f"<sip:{user}@{server.address}>;auth_pass={user}-secret;"
            "regint=3600\n")


@pytest.fixture
def responder(net, closing):
    """A PnP server at a loopback address, which offers nothing yet"""
    host = net.host()
    server = pnp.Responder(pnp.listen(host), out=pnp.listen(host))
    closing.append(server)
    return server


@pytest.fixture
def fresh(phone, responder):
    """A phone without a URL and without an account, not yet started"""
    host, port = responder.sock.getsockname()
    phone.settings.update(pnp="yes", pnp_address=f"{host}:{port}",
                          mac="00:15:65:12:34:56")
    return phone


@pytest.fixture
def offered(peer, nginx, responder):
    """The responder offers a folder that has bob's account"""
    nginx.put("001565123456/accounts", line("bob", peer))
    responder.url = nginx.url("{mac}/")
    return responder


@pytest.mark.parametrize("dialect", pnp.DIALECTS,
                         ids=lambda dialect: dialect.__name__)
def test_dialect(fresh, offered, peer, dialect):
    """From power-on to registered, however the server words its answer"""
    offered.dialect = dialect
    fresh.start()
    assert offered.wait_answer().status == 200
    peer.wait_registered("bob")
    ended = fresh.wait_journal(action="pnp", result="ok")
    assert ended["door"] == "pnp"
    assert "001565" not in ended["detail"]
    answered = fresh.wait_journal(id=ended["id"], status=200)
    assert answered["source"].startswith("udp:127.")
    assert "unhandled" not in fresh.process.log()
