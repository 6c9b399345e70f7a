"""Clients of the action-URI server: as plain as sockets, as real as curl."""
import re
import socket
import ssl
import subprocess

import process


class Answer:
    """One answer: status, headers by lower-case name (lists), text"""

    def __init__(self, head, text):
        lines = head.decode("latin-1").split("\r\n")
        self.version, status, self.reason = lines[0].split(" ", 2)
        self.status = int(status)
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers.setdefault(name.lower(), []).append(value.strip())
        self.text = text.decode("utf-8")

    def __repr__(self):
        return f"{self.status} {self.reason} {self.headers} {self.text!r}"

    def get(self, name):
        """First value of a header, empty if there is none"""
        return self.headers.get(name, [""])[0]


class Link:
    """One connection, over which bytes go as the test likes"""

    def __init__(self, phone, source=None, tls=None):
        self.phone = phone
        host, port = phone.web[1 if tls else 0]
        self.sock = socket.create_connection(
            (host, port), process.PATIENCE,
            (source, 0) if source else None)
        if tls:
            self.sock = tls.wrap_socket(self.sock, server_hostname=host)
        self.rest = b""

    def send(self, data):
        """Send text or bytes"""
        self.sock.sendall(data.encode("latin-1")
                          if isinstance(data, str) else data)

    def answer(self):
        """The next answer, None if the connection is closed before it"""
        while True:
            head, blank, rest = self.rest.partition(b"\r\n\r\n")
            if blank:
                length = int(re.search(rb"(?i)content-length: (\d+)",
                                       head).group(1))
                if len(rest) >= length:
                    self.rest = rest[length:]
                    return Answer(head, rest[:length])
            try:
                chunk = self.sock.recv(65536)
            except (ConnectionError, ssl.SSLError):
                chunk = b""
            if not chunk:
                return None
            self.rest += chunk

    def ask(self, target, *headers, method="GET", host=True):
        """A whole request, and its answer"""
        lines = [f"{method} {target} HTTP/1.1"]
        if host:
            lines.append("Host: {}:{}".format(*self.phone.web[0]))
        self.send("\r\n".join([*lines, *headers, "", ""]))
        return self.answer()

    def close(self):
        """Close it"""
        self.sock.close()


def certificate(path, host):
    """A certificate for a host, and its key, in one file"""
    key, cert = f"{path}.key", f"{path}.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
         "30", "-subj", "/CN=phone", "-addext", f"subjectAltName=IP:{host}",
         "-keyout", key, "-out", cert], check=True, capture_output=True)
    with open(path, "w", encoding="utf-8") as out:
        for part in (cert, key):
            with open(part, encoding="utf-8") as text:
                out.write(text.read())
    return cert


def curl(*arguments):
    """Run curl; status of the answer, and what else it printed"""
    done = subprocess.run(
        ["curl", "-sS", "--max-time", str(process.PATIENCE), "-w",
         "\n%{http_code}", *arguments], capture_output=True, text=True,
        check=False)
    text, _, status = done.stdout.rpartition("\n")
    return int(status), text + done.stderr
