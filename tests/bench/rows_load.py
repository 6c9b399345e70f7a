"""Load over SIP: what a NOTIFY costs, and what a flood of them leaves."""
import os

from process import until
from stage import Row, children, cpu_ns, free_port, memory_kb, pair

COUNT = 5000            # NOTIFYs of one sample
TURNS = 3               # in a round
ROUNDS = 5              # each with processes of its own
FLOOD = 200000          # NOTIFYs of a flood
MANY = 10000            # accounts of a large phone

JITTER = 86400          # a check-sync waits that long, and the next ones join

HERE = os.path.dirname(os.path.abspath(__file__))


class Target:
    """What answers NOTIFYs: a process, and how they get to it"""

    def __init__(self, stage, pid, source, to, *uris):
        self.stage = stage
        self.pid = pid
        self.source = source
        self.to = to
        self.uris = uris

    def send(self, status, *options, count=COUNT):
        """NOTIFYs that must all be answered so"""
        out = self.stage.run(
            self.stage.tool("notify_load"), *options, "-n", str(count),
            self.source, self.to.host, str(self.to.port), *self.uris)
        assert out.split() == [str(status), str(count)], \
            f"not all are answered {status}: {out}"

    def cost(self, status, *options):
        """A function that tells the CPU time for each of them, in µs"""
        def sample():
            before = sum(map(cpu_ns, children(self.pid)))
            self.send(status, *options)
            after = sum(map(cpu_ns, children(self.pid)))
            return (after - before) / 1000 / COUNT

        return sample


class At:
    """An address"""

    def __init__(self, stage):
        self.host = stage.net.host()
        self.port = free_port(self.host)


def alice(stage, module=True):
    """A phone that has registered, as a target for its server. A check-sync
    waits already"""
    peer = stage.peer()
    phone = stage.phone(module)
    phone.accounts = [f"<sip:alice@{peer.address}>;regint=3600"]
    if module:
        phone.settings.update(at_boot="no", jitter=JITTER, quota=1000000,
                              remote_control="allow")
    phone.start()
    target = Target(stage, phone.pid, peer.host, phone, peer.contact("alice"))
    if module:
        target.send(200, count=1)
    return target


def stranger(target):
    """The same, but nobody that it trusts"""
    return Target(target.stage, target.pid, target.stage.net.host(),
                  target.to, *target.uris)


KEY = ("-e", "ACTION-URI", "-b", "key=OK")      # no effect while idle


def floor(stage):
    """A 200 in C, that is not even parsed"""
    at = At(stage)
    process = stage.process("udp_floor", stage.tool("udp_floor"), at.host,
                            str(at.port))
    process.wait_log("ready")
    return Target(stage, process.pid, stage.net.host(), at,
                  f"sip:alice@{at.host}")


def kamailio(stage):
    """sl_send_reply(), for a user that it does not know"""
    server = stage.kamailio({"alice": "alice-secret"})
    return Target(stage, server.process.pid, stage.net.host(), server,
                  f"sip:nobody@{server.address}")


def sipp(stage):
    """sipp as UAS"""
    at = At(stage)
    process = stage.process(
        "sipp", "sipp", "-sf", os.path.join(HERE, "uas.xml"), "-i", at.host,
        "-p", str(at.port), "-nostdin", "-trace_err")
    port = f"{at.port:04X}"

    def listens():
        with open("/proc/net/udp", encoding="ascii") as sockets:
            return any(line.split()[1].endswith(f":{port}")
                       for line in sockets.readlines()[1:])

    until("sipp", listens, context=process.log)
    return Target(stage, process.pid, stage.net.host(), at,
                  f"sip:alice@{at.host}")


def rounds(make):
    """As pair(), over some rounds: where a process happens to lie in memory
    makes it a bit slower or faster for all of its life. make() starts the
    processes of a round and returns its sides"""
    samples = [pair(*make(), repeats=TURNS) for _ in range(ROUNDS)]
    return [sum(side, []) for side in zip(*samples)]


def row_cost(stage):
    """A check-sync that joins one that waits, a refused one, and a key:
    against the same baresip without the module, and others that answer SIP"""
    whats = [("CPU per check-sync accepted and joined", 1.3),
             ("CPU per NOTIFY refused (403)", 1.1),
             ("CPU per ACTION-URI key, done and written down", None)]
    names = ["the same baresip without the module (481)",
             "a 200 sent back by a loop in C",
             "Kamailio, a 404 by `sl_send_reply()`", "sipp as UAS"]
    others = [floor(stage).cost(200), kamailio(stage).cost(404),
              sipp(stage).cost(200)]

    def make():
        phone = alice(stage)
        return [phone.cost(200), stranger(phone).cost(403),
                phone.cost(200, *KEY),
                alice(stage, module=False).cost(481), *others]

    samples = rounds(make)
    for number, name in enumerate(names):
        for (what, times), ours in zip(whats, samples):
            yield Row(what, name, "µs", ours, samples[len(whats) + number],
                      times=None if number else times)


def row_memory(stage):
    """What a flood leaves in memory"""
    for what, status in [("that join", 200), ("from a stranger", 403)]:
        phone = alice(stage)
        before = memory_kb(phone.pid) / 1000
        (phone if status == 200 else stranger(phone)).send(status, count=FLOOD)
        yield Row(f"memory after {FLOOD:,} NOTIFYs {what}", "before them",
                  "MB", [memory_kb(phone.pid) / 1000], [before], more=2)


def large(stage, count):
    """A phone with so many provisioned accounts. One in a hundred registers:
    more at once would be a bench of REGISTERs"""
    peer = stage.peer()
    phone = stage.phone()
    registers = range(0, count, 100)
    phone.write("many.accounts", "".join(
        f"<sip:u{n}@{peer.address}>;regint={3600 * (n in registers)}\n"
        for n in range(count)))
    phone.settings.update(url=f"file://{phone.path('many.accounts')}",
                          jitter=JITTER)
    phone.start()
    phone.command("resync")
    phone.wait_journal(action="resync", result="ok", timeout=60)
    target = Target(stage, phone.pid, peer.host, phone,
                    *(peer.contact(f"u{n}") for n in registers))
    target.send(200, count=1)
    return target


def to(target, *users):
    """The same, to other users"""
    return Target(target.stage, target.pid, target.source, target.to, *(
        f"sip:{user}{target.to.host}:{target.to.port}" for user in users))


def records(target, count):
    """The same, to the users of its addresses of record"""
    return to(target, *(f"u{n}@" for n in range(count)))


def row_accounts(stage):
    """With many accounts as with one"""
    kinds = [
        ("check-sync to a contact, joined", lambda t, n: t, 200),
        ("check-sync to an address of record, joined", records, 200),
        ("check-sync to nobody, joined", lambda t, n: to(t, "nobody@"), 200),
        ("NOTIFY refused (403)",
         lambda t, n: stranger(records(t, n)), 403),
        ("NOTIFY to nobody, refused (403)",
         lambda t, n: stranger(to(t, "nobody@")), 403),
    ]

    def make():
        few, many = large(stage, 1), large(stage, MANY)
        return [shape(target, count).cost(status)
                for _, shape, status in kinds
                for target, count in [(many, MANY), (few, 1)]]

    samples = rounds(make)
    for number, (name, _, _) in enumerate(kinds):
        yield Row(f"CPU per {name}, with {MANY:,} accounts", "with 1", "µs",
                  *samples[2 * number:2 * number + 2], times=1.2)
