"""A real Kamailio: registrar with digest, proxy, and sender of NOTIFYs.

What sends them is our own recipe, conf/pbx/kamailio-notify.cfg, with the
addresses of the test. JSON-RPC is put in front of it.
"""
import json
import os
import re
import urllib.parse
import urllib.request

from loopback import free_port
from process import Process, until
from web import certificate

CONFIG = """\
#!KAMAILIO
debug=2
log_stderror=yes
fork=yes
children=1
tcp_children=1
auto_aliases=no
listen=udp:{host}:{port}
listen=tcp:{host}:{port}
server_header="Server: test"

loadmodule "kex.so"
loadmodule "corex.so"
loadmodule "tm.so"
loadmodule "tmx.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "xlog.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "nathelper.so"
loadmodule "auth.so"
loadmodule "htable.so"
loadmodule "jsonrpcs.so"
{tls}{recipe}

modparam("jsonrpcs", "transport", 1)
modparam("usrloc", "db_mode", 0)
modparam("usrloc", "preload", "location")
modparam("registrar", "max_expires", 3600)
modparam("nathelper|registrar", "received_avp", "$avp(RECEIVED)")
modparam("htable", "htable", "password=>size=4;")

event_route[htable:mod-init] {{
{passwords}
}}

request_route {{
	if (!mf_process_maxfwd_header("10")) {{
		sl_send_reply("483", "Too Many Hops");
		exit;
	}}
	force_rport();
	if (is_method("REGISTER")) route(REGISTRAR);
	if (has_totag()) {{
		if (loose_route()) {{ t_relay(); exit; }}
		if (is_method("ACK")) {{
			if (t_check_trans()) t_relay();
			exit;
		}}
		if (!is_method("NOTIFY")) {{ t_relay(); exit; }}
	}}
	if (is_method("CANCEL")) {{ if (t_check_trans()) t_relay(); exit; }}
	if (is_method("INVITE")) record_route();
	if (!lookup("location")) {{ sl_send_reply("404", "Not Found"); exit; }}
	t_relay();
}}

route[REGISTRAR] {{
	if (!pv_www_authenticate("$td", "$sht(password=>$tU)", "0")) {{
		auth_challenge("$td", "1");
		exit;
	}}
	if ($au != $tU) {{ sl_send_reply("403", "Forbidden"); exit; }}
	fix_nated_register();
	save("location");
	# Short: from 128 bytes on, lines of two processes may get mixed up
	xlog("L_NOTICE", "REGISTERED $tU over $pr at $rd for "
		"$(ct{{param.value,expires}})\\n");
	exit;
}}
"""


RECIPE = os.path.join(os.path.dirname(__file__), "..", "..", "conf", "pbx",
                      "kamailio-notify.cfg")

XHTTP = "event_route[xhttp:request] {\n"
RPC = '\tif ($hu =~ "^/RPC") { jsonrpc_dispatch(); exit; }\n'


TLS = """enable_tls=yes
listen=tls:{host}:{port}
loadmodule "tls.so"
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "certificate", "{cert}")
modparam("tls", "private_key", "{cert}")
"""


class Kamailio:
    """One server. passwords: user to password; tls: does it speak that, too,
    on the next port?"""

    def __init__(self, folder, host, passwords, tls=False):
        self.dir = str(folder)
        self.host = host
        self.port = free_port(host)
        self.tls = self.port + 1
        self.http = free_port(host)
        os.makedirs(self.dir, exist_ok=True)
        config = os.path.join(self.dir, "kamailio.cfg")
        with open(config, "w", encoding="utf-8") as out:
            out.write(CONFIG.format(
                host=host, port=self.port, recipe=self._recipe(),
                tls=self._secure() if tls else "",
                passwords="\n".join(f'\t$sht(password=>{u}) = "{p}";'
                                    for u, p in passwords.items())))
        self.process = Process(f"kamailio {host}", [
            "/usr/sbin/kamailio", "-f", config, "-DD", "-E", "-w", self.dir,
            "-Y", self.dir, "-m", "64" if tls else "32", "-M", "4"],
            self.dir)
        until("Kamailio", self._answers, context=self.process.log)

    def _secure(self):
        cert = os.path.join(self.dir, "tls.pem")
        certificate(cert, self.host)
        return TLS.format(host=self.host, port=self.tls, cert=cert)

    def _recipe(self):
        with open(RECIPE, encoding="utf-8") as recipe:
            text = recipe.read()
        for ours, theirs in {
                "127.0.0.1:8080": f"{self.host}:{self.http}",
                "example.net": self.host, "#digest": "",
                XHTTP: XHTTP + RPC}.items():
            assert ours in text
            text = text.replace(ours, theirs)
        return text

    def _answers(self):
        assert self.process.running(), self.process.log()
        try:
            return self.rpc("core.uptime")
        except OSError:
            return None

    @property
    def address(self):
        """host:port"""
        return f"{self.host}:{self.port}"

    def rpc(self, method, *params):
        """JSON-RPC: the result"""
        text = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method,
                           "params": params}).encode()
        url = f"http://{self.host}:{self.http}/RPC"
        with urllib.request.urlopen(url, text, 40) as answer:
            return json.load(answer)["result"]

    def contact(self, user):
        """Contact URI of a registered user, or None"""
        try:
            found = self.rpc("ul.lookup", "location", user)
        except urllib.error.HTTPError:
            return None
        return found["Contacts"][0]["Contact"]["Address"]

    def wait_registered(self, user, since=0):
        """Wait till a user has registered: over what, where, for how long"""
        found = self.process.wait_log(
            rf"REGISTERED {user} over (\w+) at (\S+) for ([1-9]\d*)$",
            since)
        return found.group(1).lower(), found.group(2), int(found.group(3))

    def wait_unregistered(self, user):
        """Wait till a user has no binding any more"""
        until(f"un-REGISTER of {user}", lambda: not self.contact(user),
              context=self.process.log)

    def registers(self, user=r"\S+"):
        """How often a user, or anybody, has registered or un-registered"""
        return len(re.findall(rf"REGISTERED {user} ", self.process.log()))

    def set_password(self, user, password):
        """From now on another one"""
        self.rpc("htable.sets", "password", user, password)

    def bind(self, user, uri):
        """A binding without a REGISTER"""
        self.rpc("ul.add", "location", user, uri, 3600, 1.0, ".", 0, 0, 0)

    def _send(self, what, user, argument):
        mark = self.process.mark()
        argument = urllib.parse.quote(argument, safe="")
        with urllib.request.urlopen(
                f"http://{self.host}:{self.http}/{what}/{user}/{argument}"):
            pass
        # uac tells of a 401 too, and then answers it
        found = self.process.wait_log(r"NOTIFY answered: (?!401)(\d+)", mark)
        return int(found.group(1))

    def notify(self, user, event):
        """An event by uac_req_send(); the status that the phone answered"""
        return self._send("notify", user, event)

    def press(self, user, key):
        """A key by uac_req_send(); the status that the phone answered"""
        return self._send("key", user, key)

    def key(self, user, body):
        """An ACTION-URI by tm.t_uac_wait; the status, as the phone gave it"""
        uri = self.contact(user)
        answer = self.rpc(
            "tm.t_uac_wait", "NOTIFY", uri, ".", ".",
            f"From: <sip:pbx@{self.host}>;tag=1\r\nTo: <{uri}>\r\n"
            "Event: ACTION-URI\r\nContent-Type: message/sipfrag\r\n"
            f"Contact: <sip:pbx@{self.address}>\r\n", body)
        return answer[0]

    def close(self):
        """End it"""
        if self.process.running():
            self.process.stop()
