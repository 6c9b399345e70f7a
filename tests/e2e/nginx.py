"""A real nginx as provisioning server, with all the ways to be a bad one."""
import hashlib
import base64
import json
import os
import socket
import subprocess

from loopback import free_port
from process import Process, until

CONFIG = """\
daemon off;
master_process off;
pid nginx.pid;
error_log stderr info;
events {{ worker_connections 64; }}
http {{
	log_format json escape=json '{{"method":"$request_method",'
		'"scheme":"$scheme","uri":"$request_uri","status":$status,'
		'"agent":"$http_user_agent","etag":"$http_if_none_match",'
		'"since":"$http_if_modified_since","user":"$remote_user"}}';
	access_log access.log json;
	client_body_temp_path tmp/b;
	proxy_temp_path tmp/p;
	fastcgi_temp_path tmp/f;
	uwsgi_temp_path tmp/u;
	scgi_temp_path tmp/s;
	default_type text/plain;
	server {{
		listen {host}:{port};
		listen {host}:{tls} ssl;
		ssl_certificate server.pem;
		ssl_certificate_key server.key;
		ssl_protocols TLSv1.2 TLSv1.3;
		root root;
		location /auth/ {{
			auth_basic "provisioning";
			auth_basic_user_file htpasswd;
			alias root/;
		}}
		location /redirect/ {{ rewrite ^/redirect(/.*)$ $1 redirect; }}
		location /tls/ {{
			rewrite ^/tls(/.*)$ https://{host}:{tls}$1 redirect;
		}}
		location /plain/ {{
			rewrite ^/plain(/.*)$ http://{host}:{port}$1 redirect;
		}}
		location /abroad/ {{
			rewrite ^/abroad(/.*)$
				https://{host}:{tls}/auth$1 redirect;
		}}
		location /loop/ {{ return 302 /loop/; }}
		location /slow/ {{ limit_rate 10; alias root/; }}
		location /busy/ {{
			add_header Retry-After 2 always;
			return 503;
		}}
		location /later/ {{
			add_header Retry-After 3600 always;
			return 503;
		}}
		location /error/ {{ return 500; }}
		location /empty/ {{ return 200 ""; }}
		location /drop/ {{ return 444; }}
	}}
}}
"""


class Nginx:
    """One server; put() makes its files"""

    def __init__(self, folder, host, user="phone", password="prov-secret"):
        self.dir = str(folder)
        self.host = host
        self.port = free_port(host)
        self.tls = free_port(host)
        self.user = user
        self.password = password
        for name in ("root", "tmp"):
            os.makedirs(os.path.join(self.dir, name), exist_ok=True)
        self._certificates()
        with open(self.path("htpasswd"), "w", encoding="ascii") as out:
            word = base64.b64encode(hashlib.sha1(password.encode()).digest())
            out.write(f"{user}:{{SHA}}{word.decode()}\n")
        with open(self.path("nginx.conf"), "w", encoding="utf-8") as out:
            out.write(CONFIG.format(host=host, port=self.port, tls=self.tls))
        self.process = None
        self.start()

    def path(self, *names):
        """Path of a file in its folder"""
        return os.path.join(self.dir, *names)

    def _certificates(self):
        """A certificate authority of our own, and a certificate from it"""
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=self.dir, check=True,
                           stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)

        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes"]
        openssl("req", "-x509", *curve, "-subj", "/CN=test CA", "-days", "2",
                "-keyout", "ca.key", "-out", "ca.pem")
        openssl("req", *curve, "-subj", "/CN=server", "-keyout",
                "server.key", "-out", "server.csr")
        with open(self.path("names"), "w", encoding="ascii") as out:
            out.write(f"subjectAltName=IP:{self.host}\n")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem",
                "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                "-extfile", "names", "-out", "server.pem")

    @property
    def ca_file(self):
        """The certificate authority that a phone must know"""
        return self.path("ca.pem")

    def start(self):
        """Start it, or start it again"""
        self.process = Process(f"nginx {self.host}", [
            "/usr/sbin/nginx", "-p", self.dir, "-c", "nginx.conf"], self.dir)

        def answers():
            assert self.process.running(), self.process.log()
            try:
                socket.create_connection((self.host, self.port), 1).close()
            except OSError:
                return False
            return True

        until("nginx", answers, context=self.process.log)

    def url(self, path="", scheme="http"):
        """URL of a file or a folder"""
        port = self.tls if scheme == "https" else self.port
        return f"{scheme}://{self.host}:{port}/{path}"

    def put(self, name, text):
        """A file, as new"""
        path = self.path("root", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        data = text if isinstance(text, bytes) else text.encode()
        with open(path + "~", "wb") as out:
            out.write(data)
        # nginx makes the ETag of time and length: never the same again
        stamp = getattr(self, "_stamp", 1_600_000_000) + 1
        self._stamp = stamp
        os.utime(path + "~", (stamp, stamp))
        os.rename(path + "~", path)

    def requests(self):
        """What was asked for, in order"""
        try:
            with open(self.path("access.log"), encoding="utf-8") as lines:
                return [json.loads(line) for line in lines]
        except FileNotFoundError:
            return []

    def wait_requests(self, count):
        """Wait till so many requests have come; all of them"""
        until(f"{count} requests", lambda: len(self.requests()) >= count,
              context=lambda: f"{self.requests()}\n{self.process.log()}")
        return self.requests()

    def close(self):
        """End it"""
        if self.process.running():
            self.process.stop()
