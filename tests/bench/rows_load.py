"""Load over SIP: what a NOTIFY costs, and what a flood of them leaves."""
from stage import Row, cpu_ns, pair

COUNT = 20000           # NOTIFYs of one sample

JITTER = 86400          # a check-sync waits that long, and the next ones join


class Target:
    """What answers NOTIFYs: a process, and how they get to it"""

    def __init__(self, stage, pid, source, to, *uris):
        self.stage = stage
        self.pid = pid
        self.to = [source, to.host, str(to.port), *uris]

    def send(self, status, *options, count=COUNT):
        """NOTIFYs that must all be answered so"""
        out = self.stage.run(self.stage.tool("notify_load"), *options,
                             "-n", str(count), *self.to)
        assert out.split() == [str(status), str(count)], \
            f"not all are answered {status}: {out}"

    def cost(self, status, *options):
        """A function that tells the CPU time for each of them, in µs"""
        def sample():
            before = cpu_ns(self.pid)
            self.send(status, *options)
            return (cpu_ns(self.pid) - before) / 1000 / COUNT

        return sample


def alice(stage, module=True, stranger=False, **settings):
    """A phone that has registered, as a target for its server"""
    peer = stage.peer()
    phone = stage.phone(module)
    phone.accounts = [f"<sip:alice@{peer.address}>;regint=3600"]
    if module:
        phone.settings.update(at_boot="no", jitter=JITTER, **settings)
    phone.start()
    source = stage.net.host() if stranger else peer.host
    return Target(stage, phone.pid, source, phone, peer.contact("alice"))


def row_joined(stage):
    """A check-sync that joins one that waits"""
    ours = alice(stage)
    ours.send(200, count=1)
    plain = alice(stage, module=False)
    yield Row("CPU per check-sync accepted and joined",
              "the same baresip without the module, which refuses it", "µs",
              *pair(ours.cost(200), plain.cost(481)), times=1.3)
