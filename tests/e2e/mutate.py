"""Mutations of the messages of tests/sip/messages, and what they still order.

A mutation is gentle or hostile. A gentle one says the same in other words: it
must be answered as the message that it was made of. A hostile one may say
anything; what the phone does for it must stand in it, by a reading of its own
that is as wide as any parser may be. All of it follows from a seed.
"""
from collections import namedtuple
import random
import re

import dialects

COMPACT = {"Via": "v", "From": "f", "To": "t", "Call-ID": "i", "Contact": "m",
           "Content-Length": "l", "Content-Type": "c", "Event": "o",
           "Allow-Events": "u", "Supported": "k"}

# Headers that decide nothing, and what else they may say
IDLE = {"User-Agent": "\u0421\u043e\u0444\u0442 \"1.0\" ;;,",
        "Allow": "NOTIFY", "Supported": "100rel", "Max-Forwards": "0",
        "CSeq": "4294967295 NOTIFY",
        "Subscription-State": "active;expires=3600"}

# What hostile bytes are made of
WORDS = [
    b"", b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\0", b"\xff", b"\x80", b" ",
    b"\t", b";", b":", b",", b"=", b"@", b"<", b">", b'"', b"\\", b"%00",
    b"%s%n", b"[::1]", b"255.255.255.255", b"0.0.0.0", b"-1", b"0",
    b"4294967296", b"18446744073709551616", b"9" * 40, b"A" * 300,
    b"\xe2\x80\xae", b"\xc0\x80", b"\r\nEvent: check-sync;reboot=true\r\n",
    b"\r\nEvent: ACTION-URI\r\n", b"\r\nContent-Length: 5\r\n",
    b"\r\nVia: SIP/2.0/UDP 192.0.2.66;branch=z9hG4bKx\r\n",
    b"\r\nContent-Type: text/plain\r\n", b"check-sync", b"check-sync;reboot=",
    b"true", b";reboot=true", b"ACTION-URI", b"ua-profile", b"talk", b"reboot",
    b"key=", b"key=OK", b"key=X", b"key=1", b"key=SPEAKER", b"number=300",
    b"key=Reboot", b"key=Reset", b"key=DNDOn", b"key=quit", b"OK;OK;",
    b"NOTIFY", b"INVITE", b"SUBSCRIBE", b"REGISTER", b"ACK", b"CANCEL",
    b"SIP/2.0", b"SIP/2.0 200 OK\r\n", b";tag=x", b";received=192.0.2.66",
    b";maddr=192.0.2.66", b";rport=1", b";branch=z9hG4bK", b"sip:", b"tel:1",
    b"application/url", b"http://192.0.2.66/", b"alice", b"anonymous"]

EVENTS = {b"check-sync": None, b"resync": False, b"reboot": True,
          b"reboot_now": True, b"restart_now": True, b"reboot=true": True,
          b"action-uri": False}

# gentle: the status that it must get, None = no answer; else 0
Mutant = namedtuple("Mutant", "number name gentle status branch wire")


class Mutator:
    """Makes the n-th mutant of a seed"""

    def __init__(self, seed, pbx):
        self.seed = seed
        self.pbx = pbx
        self.names = [name for name in dialects.names() if name in
                      dialects.MESSAGES]
        self.texts = {name: dialects.read(name) for name in self.names}

    def make(self, number, user, phone):
        """The n-th mutant, addressed to a user of a phone"""
        rng = random.Random(f"{self.seed}/{number}")
        name = rng.choice(self.names)
        branch = f"z9hG4bK{rng.getrandbits(64):x}"
        text = dialects.expand(self.texts[name], user=user, phone=phone,
                               pbx=self.pbx, branch=branch)
        gentle = rng.random() < 0.25
        if gentle:
            wire = rephrase(rng, text).encode()
        else:
            wire = text.encode()
            for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
                wire = rng.choice(HOSTILE)(rng, wire)
        return Mutant(number, name, gentle, dialects.MESSAGES[name][0],
                      branch.encode(), wire[:60000])


def rephrase(rng, text):
    """The same in other words"""
    head, blank, body = text.partition("\r\n\r\n")
    start, *lines = head.split("\r\n")
    if not blank:
        return text
    headers = [line.partition(":")[::2] for line in lines if ":" in line]
    headers = [(name, IDLE.get(name, value.strip())
                if rng.random() < 0.3 else value.strip())
               for name, value in headers]
    headers += [(f"X-{rng.getrandbits(32):x}", "".join(
        chr(rng.randrange(0x20, 0x7f)) for _ in range(rng.randrange(60))))
        for _ in range(rng.randrange(4))]
    vias = [pair for pair in headers if pair[0] == "Via"]
    rng.shuffle(headers)
    # Vias may stand anywhere, in their order
    headers = [vias.pop(0) if pair[0] == "Via" else pair for pair in headers]
    for name, value in headers:
        if rng.random() < 0.3:
            name = COMPACT.get(name, name)
        if rng.random() < 0.3:
            name = rng.choice((name.lower(), name.upper(), name.swapcase()))
        start += "\r\n" + name + rng.choice(
            (":", ": ", " : ", ":\t ", ": \r\n ", " :\r\n\t")) + value + \
            rng.choice(("", "", " ", "\t"))
    return start + blank + body


def span(rng, wire):
    """A part of a message, most often a short one"""
    start = rng.randrange(len(wire) + 1)
    return start, min(len(wire), start + int(rng.expovariate(0.1)))


def flip(rng, wire):
    """One bit"""
    if not wire:
        return wire
    at = rng.randrange(len(wire))
    return wire[:at] + bytes([wire[at] ^ 1 << rng.randrange(8)]) + \
        wire[at + 1:]


def junk(rng, wire):
    """Bytes of any kind"""
    start, end = span(rng, wire)
    return wire[:start] + rng.randbytes(end - start) + wire[end:]


def cut(rng, wire):
    """A part goes"""
    start, end = span(rng, wire)
    return wire[:start] + wire[end:]


def truncate(rng, wire):
    """The end goes"""
    return wire[:rng.randrange(len(wire) + 1)]


def double(rng, wire):
    """A part comes many times"""
    start, end = span(rng, wire)
    return wire[:end] + wire[start:end] * rng.choice((1, 2, 9, 300)) + \
        wire[end:]


def insert(rng, wire):
    """A word comes in"""
    start, _ = span(rng, wire)
    return wire[:start] + rng.choice(WORDS) + wire[start:]


def replace(rng, wire):
    """A word for another"""
    start, end = span(rng, wire)
    return wire[:start] + rng.choice(WORDS) + wire[end:]


def value(rng, wire):
    """Another value for a header"""
    lines = wire.split(b"\r\n")
    at = rng.randrange(len(lines))
    name, colon, rest = lines[at].partition(b":")
    if colon:
        rest = rng.choice((b" ", b"", rest, rest + b";")) + rng.choice(WORDS)
        lines[at] = name + colon + rest
    return b"\r\n".join(lines)


def number(rng, wire):
    """Another number for one"""
    found = list(re.finditer(rb"\d+", wire))
    if not found:
        return wire
    one = rng.choice(found)
    return wire[:one.start()] + rng.choice(
        (b"0", b"-1", b"65536", b"4294967295", b"9" * 30)) + wire[one.end():]


def swap(rng, wire):
    """Lines change places, double or go"""
    lines = wire.split(b"\r\n")
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.randrange(3)
    if kind == 0:
        lines[a], lines[b] = lines[b], lines[a]
    elif kind == 1:
        lines.insert(a, lines[b])
    else:
        del lines[a]
    return b"\r\n".join(lines)


HOSTILE = [flip, junk, cut, truncate, double, insert, replace, value, number,
           swap]


# What a message may be read as

def reboots(event, params):
    """Does an event with its parameters ask for a restart?"""
    if EVENTS.get(event) is not None:
        return EVENTS[event]
    for param in params.lower().split(b";"):
        name, _, what = param.partition(b"=")
        if name.strip() == b"reboot":
            return what.strip() == b"true"
    return False


class Reading:
    """One message, read as widely as it can be"""

    def __init__(self, wire, pbx):
        found = re.search(rb"(?:^|[ \t\r\n])NOTIFY ([^ \t\r\n]+) SIP/2\.0\r*"
                          rb"\n", wire)
        self.ruri = found.group(1).lower() if found else None
        if not found:
            return
        head = wire[found.end() - 1:]
        # A header part that is not ended, no message
        end = re.search(rb"\n\r*\n", head)
        self.body = head[end.end():].lower() if end else b""
        head = head[:end.start() if end else None]
        self.headers = []
        for line in re.sub(rb"\r*\n\r*[ \t]+", b" ", head).split(b"\n"):
            name, _, rest = line.partition(b":")
            self.headers.append((name.strip().lower(), rest.strip()))
        hops = b",".join(self.all(b"via", b"v")).split(b",")
        self.trusted = all(pbx.encode() in hop for hop in hops[1:])

    def all(self, *names):
        """All values of a header"""
        return [rest for name, rest in self.headers if name in names]

    def orders(self, line, user):
        """May a line of the journal have come of this message?"""
        event = line["event"].lower().encode()
        params = line.get("params", "").encode()
        if self.ruri is None or not self.trusted:
            return False
        said = [(rest.partition(b";")[0].strip().lower(),
                 reboots(rest.partition(b";")[0].strip().lower(),
                         rest.partition(b";")[2]))
                for rest in self.all(b"event", b"o")]
        restart = reboots(event, params)
        if (event, restart) not in said:
            return False
        if "key" not in line:
            return True
        if user.lower().encode() not in self.ruri or not self.taken():
            return False
        return all(part == "digit" or re.split("[:=]", part)[0].lower(
            ).encode() in self.body for part in line["key"].split(";"))

    def taken(self):
        """Is its Content-Type one that keys may have?"""
        kinds = [kind.lower() for kind in self.all(b"content-type", b"c")]
        return not kinds or any(
            not kind or b"message/sipfrag" in kind or b"text/plain" in kind
            for kind in kinds)
