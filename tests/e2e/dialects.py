"""The messages of tests/sip/messages: each sender's own way to say it.

In a file, [user] is the user that the phone is addressed by, [phone] its
address and port, [pbx] the address of the sender, [branch] a branch of its
own, [lf] a bare line feed. [event], [header] and [body] are filled in by the
test. Lines end in LF in the file and in CRLF on the wire; the body ends before
the last line end of the file.
"""
import os
import re

from sip import token

FOLDER = os.path.join(os.path.dirname(__file__), "..", "sip", "messages")

# What must have happened in the end
NOTHING, RESYNC, RESTART, KEY = "nothing", "resync", "restart", "key"

# File: status (None: no answer), what follows, a part of the Warning
MESSAGES = {
    "audiocodes-pnp-notify": (481, NOTHING, ""),
    "broadworks-check-sync-reboot": (200, RESTART, ""),
    "freeswitch-check-sync": (200, RESYNC, ""),
    "gigaset-check-sync": (200, RESYNC, ""),
    "gigaset-check-sync-reboot": (200, RESTART, ""),
    "kamailio-action-uri": (200, KEY, ""),
    "kamailio-proxied": (200, RESTART, ""),
    "kamailio-relayed": (403, NOTHING, "provnotify_notify_from"),
    "kamailio-uac-authorization": (200, RESYNC, ""),
    "kamailio-uac-check-sync": (200, RESYNC, ""),
    "kamctl-check-sync": (200, RESYNC, ""),
    "manual-check-sync-placeholders": (None, NOTHING, ""),
    "mikopbx-check-sync-reboot": (200, RESTART, ""),
    "mitel-check-sync-anonymous": (200, RESYNC, "account"),
    "sipsak-check-sync": (200, RESYNC, ""),
    "snom-pnp-notify-no-branch": (None, NOTHING, ""),
    "snom-xml": (481, NOTHING, ""),
    "talk": (481, NOTHING, ""),
    "xivo-check-sync-no-branch": (None, NOTHING, ""),
    "yealink-action-uri-bad-length": (400, NOTHING, ""),
    "yealink-action-uri-ok": (200, KEY, "call"),
    "yealink-pnp-notify": (481, NOTHING, ""),
    "yealink-xml": (481, NOTHING, ""),
}


def read(name):
    """Text of one file, without the line end behind its body"""
    with open(os.path.join(FOLDER, f"{name}.sip"), encoding="utf-8") as text:
        head, blank, body = text.read().partition("\n\n")
    return head + blank + body.removesuffix("\n")


def names():
    """All files"""
    return sorted(name[:-4] for name in os.listdir(FOLDER))


def port(name):
    """The port that the sender's Via says, to which the answer goes"""
    found = re.search(r"Via:.*\[pbx\](?::(\d+))?", read(name))
    return int(found and found.group(1) or 5060)


def expand(text, **values):
    """A text as it goes over the wire, with what stands for [names]"""
    for key, value in values.items():
        text = text.replace(f"[{key}]", value)
    return text.replace("\n", "\r\n").replace("[lf]\r\n", "\n")


def fill(name, user, phone, pbx, event="", header="", body=""):
    """A message, ready to be sent, and its branch"""
    branch = f"z9hG4bK{token()}"
    text = read(name).replace("[body]", "")
    if not header:
        text = text.replace("[header]\n", "")
    wire = expand(text, user=user, phone=phone, pbx=pbx, branch=branch,
                  event=event, header=header, length=str(len(body)))
    return (wire + body).encode(), branch
