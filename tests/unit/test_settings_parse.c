/**
 * @file test_settings_parse.c  Tests of settings/parse.c and settings/table.c
 * links: settings/parse.c settings/table.c settings/value.c settings/net.c
 * settings/key.c mac.c vendor.c addrlist/addrlist.c addrlist/subnet.c
 * config_text.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "addrlist/addrlist.h"
#include "settings/settings.h"
#include "vendor.h"
#include "config_text.h"


static char *printed(const struct addrlist *al)
{
	static char buf[256];

	(void)re_snprintf(buf, sizeof(buf), "%H", addrlist_print, al);

	return buf;
}


static char *address(const struct sa *sa)
{
	static char buf[64];

	(void)re_snprintf(buf, sizeof(buf), "%J", sa);

	return buf;
}


static void defaults(void **state)
{
	struct settings *s = text_parse(MAC_LINE, NULL);
	(void)state;

	assert_ptr_equal(vendor_native(), s->vendor);
	assert_string_equal("baresip", s->model);
	assert_true(str_isset(s->firmware));
	assert_string_equal("001565000001", s->mac);
	assert_string_equal("/etc/bs/provnotify", s->state_dir);
	assert_string_equal("/etc/bs/provnotify/journal.jsonl", s->journal);
	assert_string_equal("server", printed(s->notify_from));
	assert_true(addrlist_isempty(s->http_from));
	assert_int_equal(CHALLENGE_NONE, s->digest);
	assert_int_equal(CONSENT_ASK, s->remote_control);
	assert_int_equal(10, s->quota);
	assert_false(s->strict);
	assert_int_equal(CHECKSYNC_HEADER, s->checksync);
	assert_true(s->checksync_reboot);
	assert_false(s->reboot_in_call);
	assert_int_equal(24, s->reboot_wait);
	assert_int_equal(RESTART_EXEC, s->restart);
	assert_null(s->restart_command);
	assert_null(s->url);
	assert_null(s->user);
	assert_null(s->password);
	assert_null(s->ca_file);
	assert_null(s->client_cert);
	assert_true(s->verify);
	assert_true(s->at_boot);
	assert_int_equal(0, s->interval);
	assert_int_equal(0, s->jitter);
	assert_int_equal(30, s->timeout);
	assert_int_equal(180, s->confirm);
	assert_int_equal(PNP_AUTO, s->pnp);
	assert_string_equal("224.0.1.75:5060", address(&s->pnp_address));
	assert_false(sa_isset(&s->http_listen, SA_ADDR));
	assert_false(sa_isset(&s->https_listen, SA_ADDR));
	assert_null(s->https_cert);
	assert_null(s->http_user);
	assert_null(s->http_password);
	assert_null(s->http_host);
	assert_false(s->factory_reset);
	assert_true(list_isempty(&s->keyl));

	mem_deref(s);
}


static const char whole[] =
	"# a comment\n"
	"module_app provnotify.so\r\n"
	"\n"
	"   \t\n"
	"audio_player alsa,default\n"
	"PROVNOTIFY_Vendor \t Yealink  \r\n"
	"provnotify_model T54W\n"
	"provnotify_firmware\t96.86.0.20\n"
	"provnotify_mac 00:15:65:AB:CD:EF\n"
	"provnotify_state_dir /var/lib/bs\n"
	"provnotify_journal log/j.jsonl\n"
	"provnotify_notify_from server, 10.10.*.* pbx.example.com\n"
	"provnotify_http_from \"192.0.2.0/24 any\"\n"
	"provnotify_digest reboot\n"
	"provnotify_remote_control allow\n"
	"provnotify_quota 1000000\n"
	"provnotify_strict yes\n"
	"provnotify_checksync always\n"
	"provnotify_checksync_reboot no\n"
	"provnotify_reboot_in_call yes\n"
	"provnotify_reboot_wait 0\n"
	"provnotify_restart systemctl reboot\n"
	"provnotify_url https://u:p@prov.example.com:8443/{mac}/%MACD.xml\n"
	"provnotify_user me\n"
	"provnotify_password # not a \"comment\n"
	"provnotify_ca_file ca.pem\n"
	"provnotify_client_cert /c.pem\n"
	"provnotify_verify no\n"
	"provnotify_at_boot no\n"
	"provnotify_interval 1440\n"
	"provnotify_jitter 86400\n"
	"provnotify_timeout 3600\n"
	"provnotify_confirm 1\n"
	"provnotify_pnp yes\n"
	"provnotify_pnp_address [2001:db8::1]:5061\n"
	"provnotify_http_listen 8080\n"
	"provnotify_https_listen 127.0.0.1:8443\n"
	"provnotify_https_cert cert.pem\n"
	"provnotify_http_user hu\n"
	"provnotify_http_password \" hp \"\n"
	"provnotify_http_host phone.example.com, phone:8080\n"
	"provnotify_factory_reset yes\n"
	"  provnotify_key DOOR dial *77 now\n"
	"provnotify_key door-2 \"dial 78\"";


static void every_key(void **state)
{
	struct settings *s = text_parse(whole, NULL);
	const struct own_key *key;
	(void)state;

	assert_string_equal("yealink", s->vendor->name);
	assert_string_equal("T54W", s->model);
	assert_string_equal("96.86.0.20", s->firmware);
	assert_string_equal("001565abcdef", s->mac);
	assert_string_equal("/var/lib/bs", s->state_dir);
	assert_string_equal("/etc/bs/log/j.jsonl", s->journal);
	assert_string_equal("server, 10.10.*.* pbx.example.com",
			    printed(s->notify_from));
	assert_string_equal("192.0.2.0/24 any", printed(s->http_from));
	assert_int_equal(CHALLENGE_REBOOT, s->digest);
	assert_int_equal(CONSENT_ALLOW, s->remote_control);
	assert_int_equal(1000000, s->quota);
	assert_true(s->strict);
	assert_int_equal(CHECKSYNC_ALWAYS, s->checksync);
	assert_false(s->checksync_reboot);
	assert_true(s->reboot_in_call);
	assert_int_equal(0, s->reboot_wait);
	assert_int_equal(RESTART_COMMAND, s->restart);
	assert_string_equal("systemctl reboot", s->restart_command);
	assert_string_equal("https://u:p@prov.example.com:8443/{mac}/%MACD"
			    ".xml", s->url);
	assert_string_equal("me", s->user);
	assert_string_equal("# not a \"comment", s->password);
	assert_string_equal("/etc/bs/ca.pem", s->ca_file);
	assert_string_equal("/c.pem", s->client_cert);
	assert_false(s->verify);
	assert_false(s->at_boot);
	assert_int_equal(1440, s->interval);
	assert_int_equal(86400, s->jitter);
	assert_int_equal(3600, s->timeout);
	assert_int_equal(1, s->confirm);
	assert_int_equal(PNP_YES, s->pnp);
	assert_string_equal("[2001:db8::1]:5061", address(&s->pnp_address));
	assert_string_equal("0.0.0.0:8080", address(&s->http_listen));
	assert_string_equal("127.0.0.1:8443", address(&s->https_listen));
	assert_string_equal("/etc/bs/cert.pem", s->https_cert);
	assert_string_equal("hu", s->http_user);
	assert_string_equal(" hp ", s->http_password);
	assert_string_equal("phone.example.com, phone:8080", s->http_host);
	assert_true(s->factory_reset);

	assert_int_equal(2, list_count(&s->keyl));
	key = list_ledata(list_head(&s->keyl));
	assert_string_equal("DOOR", key->name);
	assert_string_equal("dial *77 now", key->command);
	assert_int_equal(43, key->lineno);
	key = list_ledata(list_tail(&s->keyl));
	assert_string_equal("door-2", key->name);
	assert_string_equal("dial 78", key->command);

	/* all 38 rows, so no key of the contract is missing above */
	assert_true(s->given == ((uint64_t)1 << 38) - 1);

	mem_deref(s);
}


static void by_vendor(void **state)
{
	static const struct {
		const char *name;
		const char *model;
		const char *firmware;
		bool reboot;
	} testv[] = {
		{"yealink",    "T46S",        "66.86.0.15", true},
		{"gigaset",    "N870 IP PRO", "83.V2.11.0+build.a546b91",
		 false},
		{"audiocodes", "445HD",       "3.4.6.604",  true},
	};
	struct settings *s;
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		s = text_parse_one("vendor", testv[i].name);
		assert_string_equal(testv[i].name, s->vendor->name);
		assert_string_equal(testv[i].model, s->model);
		assert_string_equal(testv[i].firmware, s->firmware);
		assert_int_equal(testv[i].reboot, s->checksync_reboot);
		mem_deref(s);
	}

	/* also where it stands in front of the vendor */
	s = text_parse(MAC_LINE "provnotify_checksync_reboot yes\n"
		  "provnotify_vendor gigaset", NULL);
	assert_true(s->checksync_reboot);
	mem_deref(s);
}


static void words_for_no_path(void **state)
{
	struct settings *s = text_parse("provnotify_client_cert None\n"
		"provnotify_https_cert off\nprovnotify_journal OFF\n"
		"provnotify_ca_file none\n" MAC_LINE, NULL);
	(void)state;

	assert_null(s->client_cert);
	assert_null(s->https_cert);
	assert_null(s->journal);
	assert_string_equal("/etc/bs/none", s->ca_file);

	mem_deref(s);
}


static void given(void **state)
{
	struct settings *s = text_parse(MAC_LINE "provnotify_Quota 10", NULL);
	(void)state;

	assert_true(settings_given(s, "provnotify_quota"));
	assert_true(settings_given(s, "provnotify_mac"));
	assert_false(settings_given(s, "provnotify_strict"));
	assert_false(settings_given(s, "provnotify_none"));
	assert_false(settings_given(s, "quota"));
	assert_false(settings_given(s, NULL));
	assert_false(settings_given(NULL, "provnotify_quota"));

	mem_deref(s);
}


static void not_ours(void **state)
{
	struct settings *s = text_parse(
		MAC_LINE
		"#provnotify_urll x\n"
		"  # provnotify_urll x\n"
		"module provnotify_urll\n"
		"prov x\n"
		"\x01\xff\n"
		"sip_listen 127.0.0.1:5060", NULL);
	(void)state;

	assert_true(settings_given(s, "provnotify_mac"));
	mem_deref(s);
}


static void arguments(void **state)
{
	struct mbuf *mb = mbuf_alloc(64);
	struct settings *s = NULL;
	struct pl pl = PL(MAC_LINE);
	(void)state;

	assert_int_equal(EINVAL, settings_parse(NULL, "f", &pl, "/", mb));
	assert_int_equal(EINVAL, settings_parse(&s, NULL, &pl, "/", mb));
	assert_int_equal(EINVAL, settings_parse(&s, "f", NULL, "/", mb));
	assert_int_equal(EINVAL, settings_parse(&s, "f", &pl, NULL, mb));
	assert_int_equal(EINVAL, settings_parse(&s, "f", &pl, "/", NULL));

	/* an empty file, with or without a pointer */
	assert_int_equal(0, settings_parse(&s, "f", &pl_null, "/", mb));
	s = mem_deref(s);
	pl.l = 0;
	assert_int_equal(0, settings_parse(&s, "f", &pl, "/", mb));
	mem_deref(s);
	mem_deref(mb);
}


int main(void)
{
	const struct CMUnitTest testv[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(every_key),
		cmocka_unit_test(by_vendor),
		cmocka_unit_test(words_for_no_path),
		cmocka_unit_test(given),
		cmocka_unit_test(not_ours),
		cmocka_unit_test(arguments),
	};

	return cmocka_run_group_tests(testv, NULL, NULL);
}
