"""A /24 of 127.0.0.0/8 for each test, so that no two tests ever meet."""
import random
import socket


class Loopback:
    """Addresses and ports that nobody else uses, here or in another run.

    The claim is an abstract Unix socket, which the kernel takes back when
    this process ends, however it ends.
    """

    def __init__(self):
        while True:
            self.net = "127.{}.{}".format(random.randint(16, 250),
                                          random.randint(0, 255))
            self._claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self._claim.bind(f"\0provnotify-test-{self.net}")
                break
            except OSError:
                self._claim.close()
        self._last = 0

    def host(self):
        """An address that was not given out before"""
        self._last += 1
        return f"{self.net}.{self._last}"

    def close(self):
        """Give all of it back"""
        self._claim.close()


def _is_free(kind, host, port):
    with socket.socket(socket.AF_INET, kind) as sock:
        try:
            sock.bind((host, port))
        except OSError:
            return False
    return True


_given = set()


def free_port(host):
    """A port of an address that neither UDP nor TCP uses, nor TLS the next.

    Below the range that the kernel takes ports for connections from, so that
    none of them gets in between.
    """
    while True:
        port = 2 * random.randint(5000, 15000)
        if (host, port) in _given:
            continue
        if all(_is_free(socket.SOCK_STREAM, host, port + i) and
               _is_free(socket.SOCK_DGRAM, host, port + i) for i in (0, 1)):
            _given.add((host, port))
            return port
