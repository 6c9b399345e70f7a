"""A provisioning server that fails in every way that one can.

Of HTTP itself it knows what a phone asks for: GET and If-None-Match. It closes
each connection, so that a phone is left with none.
"""
import hashlib
import socket
import struct
import threading
import time

from loopback import free_port


def head(status, length, *lines):
    """Status and headers of an answer"""
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {length}",
                        "Connection: close", *lines, "", ""]).encode()


def whole(server, link, asked):
    """As it should be: the file, or that it is the same"""
    etag = '"' + hashlib.sha1(server.data).hexdigest() + '"'
    if f"If-None-Match: {etag}".encode() in asked:
        link.sendall(head("304 Not Modified", 0, f"ETag: {etag}"))
    else:
        link.sendall(head("200 OK", len(server.data), f"ETag: {etag}") +
                     server.data)


def text(status, *lines, body=b""):
    """An answer that is always the same"""
    def fault(server, link, asked):
        link.sendall(head(status, len(body), *lines) + body)

    return fault


def short(server, link, asked):
    """Fewer bytes than announced"""
    link.sendall(head("200 OK", len(server.data) + 1) + server.data)


def half(server, link, asked):
    """The end within the headers"""
    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")


def slow(server, link, asked):
    """Whole, but in its own time"""
    data = head("200 OK", len(server.data)) + server.data
    for start in range(0, len(data), 64):
        link.sendall(data[start:start + 64])
        time.sleep(0.005)


def reset(server, link, asked):
    """A connection that breaks"""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))


def silent(server, link, asked):
    """No answer, till the phone has had enough"""
    link.recv(1)


FAULTS = {
    "busy": text("503 Service Unavailable"),
    "later": text("503 Service Unavailable", "Retry-After: 3600"),
    "error": text("500 Internal Server Error"),
    "locked": text("401 Unauthorized", 'WWW-Authenticate: Basic realm="x"'),
    "gone": text("404 Not Found"),
    "loop": text("302 Found", "Location: /accounts"),
    "empty": text("200 OK"),
    "broken": text("200 OK", body=b"<sip:alice@\xff x>;auth_pass=\r\n"),
    "no file": text("200 OK", body=b"<html>It works!</html>"),
    "huge": text("200 OK", body=b"# much\n" * 300000),
    "no http": lambda server, link, asked: link.sendall(b"\0\r\n" * 99),
    "short": short, "half": half, "slow": slow, "reset": reset,
    "silent": silent,
}


class Faulty:
    """One server with one file; fault is what it does to it"""

    def __init__(self, host):
        self.host = host
        self.port = free_port(host)
        self.data = b""
        self.fault = whole
        self.asked = 0
        self.sock = None
        self.open()

    @property
    def url(self):
        """Where the file is"""
        return f"http://{self.host}:{self.port}/accounts"

    def put(self, data):
        """Another file"""
        self.data = data.encode()

    def open(self):
        """Listen"""
        self.sock = socket.create_server((self.host, self.port), backlog=64)
        threading.Thread(target=self._serve, args=(self.sock,),
                         daemon=True).start()

    def close(self):
        """Refuse all connections"""
        if self.sock:
            self.sock.shutdown(socket.SHUT_RDWR)
            self.sock.close()
            self.sock = None

    def _serve(self, sock):
        while True:
            try:
                link = sock.accept()[0]
            except OSError:
                return
            # One at a time is enough for one phone
            with link:
                try:
                    self._answer(link)
                except OSError:
                    pass

    def _answer(self, link):
        asked = b""
        while b"\r\n\r\n" not in asked:
            chunk = link.recv(65536)
            if not chunk:
                return
            asked += chunk
        self.asked += 1
        self.fault(self, link, asked)
