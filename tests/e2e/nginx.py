"""A real nginx as provisioning server, with all the ways to be a bad one."""
import hashlib
import base64
import json
import os
import socket
import subprocess
import time
import urllib.request

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
		'"since":"$http_if_modified_since","user":"$remote_user",'
		'"auth":"$http_authorization"}}';
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
		{more}
		root root;
		location /auth/ {{
			auth_basic "provisioning";
			auth_basic_user_file htpasswd;
			alias root/;
		}}
		location /redirect/ {{ rewrite ^/redirect(/.*)$ $1 redirect; }}
		location /to/ {{ return 302 $arg_url; }}
		location /loop/ {{ return 302 /loop/; }}
		location /hop/ {{ rewrite ^/hop/.(.*)$ /hop/$1 redirect; }}
		location = /hop/ {{ rewrite ^ /accounts redirect; }}
		location /slow/ {{ limit_rate 10; alias root/; }}
		location /trickle/ {{ limit_rate 200k; alias root/; }}
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
		location = /logged {{
			access_log off;
			return 204;
		}}
	}}
}}
"""

AUTHORITY = """\
[ca]
default_ca = ours
[ours]
certificate = ca.pem
private_key = ca.key
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = names
[names]
commonName = supplied
"""

CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


class Nginx:
    """One server; put() makes its files. tls: its ssl_ lines; names: what
    its certificate is for; days: how long, -1 = till yesterday"""

    user = "phone"
    password = "prov-secret"

    def __init__(self, folder, host, tls="ssl_protocols TLSv1.2 TLSv1.3;",
                 names=None, days=2):
        self.dir = str(folder)
        self.host = host
        self.port = free_port(host)
        self.tls = free_port(host)
        for name in ("root", "tmp"):
            os.makedirs(os.path.join(self.dir, name), exist_ok=True)
        self._authority()
        self._issue("server", f"subjectAltName={names or f'IP:{host}'}",
                    days)
        with open(self.path("htpasswd"), "w", encoding="ascii") as out:
            word = base64.b64encode(hashlib.sha1(
                self.password.encode()).digest())
            out.write(f"{self.user}:{{SHA}}{word.decode()}\n")
        with open(self.path("nginx.conf"), "w", encoding="utf-8") as out:
            out.write(CONFIG.format(host=host, port=self.port, tls=self.tls,
                                    more=tls))
        self.process = None
        self.start()

    def path(self, *names):
        """Path of a file in its folder"""
        return os.path.join(self.dir, *names)

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.dir, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _authority(self):
        """A certificate authority of our own"""
        self._openssl("req", "-x509", *CURVE, "-subj", "/CN=test CA", "-days",
                      "2", "-keyout", "ca.key", "-out", "ca.pem")

    def _issue(self, name, extension, days):
        """A certificate from it, and its key"""
        self._openssl("req", *CURVE, "-subj", f"/CN={name}", "-keyout",
                      f"{name}.key", "-out", f"{name}.csr")
        with open(self.path(f"{name}.ext"), "w", encoding="ascii") as out:
            out.write(f"{extension}\n")
        # by "openssl ca": x509 of Debian 13 issues nothing that is over
        with open(self.path("index.txt"), "w", encoding="ascii"):
            pass
        with open(self.path("ca.cnf"), "w", encoding="ascii") as out:
            out.write(AUTHORITY)
        end = time.time() + days * 86400
        start, end = (time.strftime("%Y%m%d%H%M%SZ", time.gmtime(when))
                      for when in (end - 7 * 86400, end))
        self._openssl("ca", "-batch", "-config", "ca.cnf", "-in",
                      f"{name}.csr", "-startdate", start, "-enddate", end,
                      "-extfile", f"{name}.ext", "-out", f"{name}.pem")

    def client_cert(self):
        """A certificate for a phone, with its key, in one file"""
        self._issue("client", "extendedKeyUsage=clientAuth", 2)
        with open(self.path("both.pem"), "w", encoding="ascii") as out:
            for part in ("client.pem", "client.key"):
                with open(self.path(part), encoding="ascii") as text:
                    out.write(text.read())
        return self.path("both.pem")

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
        # It logs after it has answered, and is of one thread: once it has
        # answered us too, all before us is in the log
        if self.process.running():
            urllib.request.urlopen(self.url("logged")).close()
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
