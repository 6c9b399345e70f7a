"""Four ways to say the same: bob and carol, as each vendor's server would.

The files are in configs/. [host] and [port] are the address of the registrar.
"""
import os
import re

FOLDER = os.path.join(os.path.dirname(__file__), "configs")

MAC = "02aabbccddee"


class Vendor:
    """One vendor. files: what the server calls a file, and which one it is;
    says: transport, expiry and domain of each account; codecs: bob's, in
    the order offered; unknown: what provcheck must name; carol: the lines
    that are hers; end: where a broken file breaks off; policy: what the
    key that has POLICY in it comes to"""

    def __init__(self, files, says, codecs, unknown, carol, end, policy=()):
        self.files = files
        self.main = list(files)[-1]
        self.says = says
        self.codecs = codecs
        self.unknown = unknown
        self.carol = carol
        self.end = end
        self.policy = policy

    def text(self, name, registrar):
        """A file with the addresses of the test"""
        with open(os.path.join(FOLDER, self.files[name]),
                  encoding="utf-8") as text:
            return text.read().replace("[host]", registrar.host).replace(
                "[port]", str(registrar.port))

    def put(self, server, registrar, change=None):
        """Put all files on a server, the last one changed by a function"""
        for name in self.files:
            text = self.text(name, registrar)
            if change and name == self.main:
                changed = change(text)
                assert changed != text
                text = changed
            server.put(name, text)

    def without_carol(self, text):
        """The file without one account"""
        return re.sub(rf"(?m)^.*{self.carol}.*\n", "", text)

    def without_policy(self, text):
        """The file without what is said of check-sync"""
        return re.sub("(?mi)^.*(check_?sync|reboot_in_talk).*\n", "",
                      text)

    def cut_short(self, text):
        """The file up to the middle of a word"""
        return text[:text.index(self.end) + len(self.end)]


HOUSE = "pbx.example.net"

# How each vendor's phone calls itself
AGENTS = {
    "native": r"baresip/\S+ \(provnotify\)",
    "yealink": r"Yealink SIP-T\d+\w* [\d.]+ 02:aa:bb:cc:dd:ee",
    "gigaset": rf"Gigaset N\d+ IP PRO/\S+;{MAC.upper()}",
    "audiocodes": r"AUDC/[\d.]+ AUDC-IPPhone-4\d+HD_UC_[\d.]+/\S+",
}

VENDORS = {
    "native": Vendor(
        {f"{MAC}.accounts": "native.accounts"},
        {"bob": ("udp", 700, None), "carol": ("tcp", 350, HOUSE)},
        ["PCMA", "G722"], "sipnat", "carol", "<sip:car"),
    "yealink": Vendor(
        {f"{MAC}.boot": "yealink.boot",
         "y000000000066.cfg": "yealink_common.cfg",
         f"{MAC}.cfg": "yealink.cfg"},
        {"bob": ("udp", 600, None), "carol": ("tcp", 300, HOUSE)},
        ["PCMA", "G722", "PCMU"], "house.no_such_key", r"account\.2\.",
        "account.2.us", ["provnotify_notify_from server",
                         "provnotify_checksync header",
                         "provnotify_reboot_in_call yes"]),
    "gigaset": Vendor(
        {f"{MAC.upper()}.xml": "gigaset.xml"},
        {"bob": ("udp", 180, HOUSE), "carol": ("tcp", 240, HOUSE)},
        None, "NoSuchThing", r"SipAccount\.00002", "SipAccount.00002.Us",
        ["provnotify_checksync_reboot no"]),
    "audiocodes": Vendor(
        {f"{MAC.upper()}.cfg": "audiocodes.cfg"},
        {"bob": ("tcp", 400, HOUSE), "carol": ("tcp", 400, HOUSE)},
        ["G722", "PCMA"], "house/no_such_key", "voip/line/1/",
        "voip/line/1/auth_n", ["provnotify_checksync header"]),
}
