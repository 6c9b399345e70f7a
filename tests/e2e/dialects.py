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


def read(name):
    """Text of one file"""
    with open(os.path.join(FOLDER, f"{name}.sip"), encoding="utf-8") as text:
        return text.read()


def names():
    """All files"""
    return sorted(name[:-4] for name in os.listdir(FOLDER))


def port(name):
    """The port that the sender's Via says, to which the answer goes"""
    found = re.search(r"Via:.*\[pbx\](?::(\d+))?", read(name))
    return int(found and found.group(1) or 5060)


def fill(name, user, phone, pbx, event="", header="", body=""):
    """A message, ready to be sent, and its branch"""
    branch = f"z9hG4bK{token()}"
    text = read(name)
    if not header:
        text = text.replace("[header]\n", "")
    for key, value in {"user": user, "phone": phone, "pbx": pbx,
                       "branch": branch, "event": event, "header": header,
                       "length": str(len(body))}.items():
        text = text.replace(f"[{key}]", value)
    head, blank, content = text.partition("\n\n")
    wire = head if blank else head.removesuffix("\n") + "\n"
    if blank:
        wire += "\n\n" + content.removesuffix("\n").replace("[body]", "")
    wire = wire.replace("\n", "\r\n").replace("[lf]\r\n", "\n")
    return (wire + body).encode(), branch
