"""From power-on to registered, over a network of our own.

Two network namespaces with a cable between them: real multicast, a real
Kamailio, nginx and tftpd-hpa on one side, and on the other a phone that has
no settings but `provnotify_pnp yes`, or none at all. Where namespaces are not
allowed the tests are skipped, and test_pnp.py has the same over loopback.
"""
import pytest

import netns
import pnp
from kamailio import Kamailio
from nginx import Nginx
from phone import Phone
from plain import Tftpd

# What baresip needs to be a phone without a sound card. No sip_listen: it
# finds its address, as on any machine.
CONFIG = """\
poll_method epoll
module_path {dir}/modules
module g711.so
module aufile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {host}:{ctrl}
"""


class NewPhone(Phone):
    """A phone at the far end of the cable, as it comes out of the box"""

    config = CONFIG

    def __init__(self, cable, *args):
        self.cable = cable
        super().__init__(*args, port=5060)
        self.prefix = cable.phone.PREFIX

    def spawn(self, *arguments, prepare=True):
        return self.cable.phone.run(
            lambda: super(NewPhone, self).spawn(*arguments, prepare=prepare))


@pytest.fixture
def cable(closing):
    """The two namespaces"""
    try:
        found = netns.Cable()
    except (netns.Unavailable, OSError) as error:
        pytest.skip(f"no network namespaces here: {error}")
    closing.append(found)
    return found


@pytest.fixture
def new(request, cable, tmp_path, closing):
    """The phone, not yet started"""
    option = request.config.getoption
    folder = tmp_path / "phone"
    folder.mkdir()
    wrap = "asan" if option("--asan") else None
    phone = cable.phone.run(lambda: NewPhone(
        cable, folder, netns.PHONE, option("--module"), wrap))
    request.node.phones = [phone]
    closing.append(phone)
    return phone


class Servers:
    """All that a phone needs, in the server's namespace"""

    def __init__(self, folder, dialect, scheme):
        self.kamailio = Kamailio(folder / "kamailio", netns.SERVER,
                                 {"alice": "alice-secret"})
        self.files = self.offer = None
        account = pnp.account("alice", self.kamailio)
        if scheme == "tftp":
            self.files = Tftpd(folder / "tftp", netns.SERVER, 69)
            self.files.put("accounts", account)
            url = f"tftp://{netns.SERVER}"
        else:
            self.files = Nginx(folder / "nginx", netns.SERVER)
            self.files.put("001565123456/accounts", account)
            url = self.files.url("{mac}/")
        # As the programs do: the answer comes from a port of its own
        self.offer = pnp.Responder(
            pnp.join("224.0.1.75", 5060, netns.SERVER), url, dialect,
            out=pnp.listen(netns.SERVER))

    def close(self):
        """End them"""
        for part in (self.offer, self.files, self.kamailio):
            part.close()


@pytest.fixture
def servers(cable, tmp_path, closing):
    """Makes the servers"""
    def make(dialect=pnp.swapped, scheme="tftp"):
        made = cable.server.run(Servers, tmp_path, dialect, scheme)
        closing.append(made)
        return made

    return make


def from_power_on(cable, new, servers, consent=False):
    """Start the phone, and wait till it is registered"""
    def story():
        new.start()
        assert servers.offer.wait_answer().status == 200
        if consent:
            new.wait_journal(verdict="asked", door="pnp")
            new.command("remote_allow")
        servers.kamailio.wait_registered("alice")
        new.wait_journal(door="pnp", action="pnp", result="ok")
        assert netns.PHONE in servers.kamailio.contact("alice")
        mark = servers.kamailio.process.mark()
        assert servers.kamailio.notify("alice", "check-sync") == 200
        new.wait_journal(door="notify", action="resync", result="unchanged")
        new.stop()
        new.start(prepare=False)
        servers.kamailio.wait_registered("alice", mark)
        new.wait_journal(door="boot", action="resync", result="unchanged")
        new.stop()

    cable.server.run(story)
    assert len({m.get("call-id") for m in servers.offer.asked}) == 1


@pytest.mark.parametrize("scheme", ["tftp", "http"])
@pytest.mark.parametrize("dialect", [pnp.swapped, pnp.copied, pnp.snom,
                                     pnp.without_rport],
                         ids=lambda dialect: dialect.__name__)
def test_power_on(cable, new, servers, dialect, scheme):
    """provnotify_pnp yes, and nothing else"""
    new.settings["pnp"] = "yes"
    from_power_on(cable, new, servers(dialect, scheme))


def test_one_consent(cable, new, servers):
    """No setting at all, and one remote_allow"""
    from_power_on(cable, new, servers(), consent=True)
