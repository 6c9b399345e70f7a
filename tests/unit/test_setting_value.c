/**
 * @file test_setting_value.c  Tests of settings/value.c, settings/net.c and
 *                             settings/key.c: what each key takes
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
#include "config_text.h"


static void wrong_values(void **state)
{
	static const char bools[] = "yes, no\n";
	static const char quota[] = "a number from 1 to 1000000\n";
	static const char path[] =
		"a path, absolute or relative to the config folder\n";
	static const char text[] =
		"up to 64 printable ASCII characters but \" and \\\n";
	static const char listen[] =
		"off, a port, or address:port in numbers\n";
	static const struct {
		const char *key;
		const char *value;
		const char *accepted;
	} testv[] = {
		{"vendor",   "snom", "native, yealink, gigaset, audiocodes\n"},
		{"model",    "",     text},
		{"mac",      "00:15:65", "twelve hex digits"},
		{"state_dir", "",    path},
		{"state_dir", "~/x", path},
		{"journal",  "",     "off, or a path, absolute"},
		{"client_cert", "",  "none, or a path, absolute"},
		{"notify_from", "",  "server, any, addresses"},
		{"notify_from", ", ,", "server, any, addresses"},
		{"http_from", "server", "any, addresses"},
		{"digest",   "yes",  "none, reboot, all\n"},
		{"digest",   "",     "none, reboot, all\n"},
		{"remote_control", "no", "ask, allow, deny\n"},
		{"quota",    "0",    quota},
		{"quota",    "1000001", quota},
		{"quota",    "-1",   quota},
		{"quota",    "+5",   quota},
		{"quota",    "5x",   quota},
		{"quota",    "0x10", quota},
		{"quota",    "5 6",  quota},
		{"quota",    "4294967306", quota},
		{"quota",    "18446744073709551626", quota},
		{"strict",   "true", bools},
		{"strict",   "1",    bools},
		{"strict",   "yes # really", bools},
		{"checksync", "Never", "header, always, ignore\n"},
		{"reboot_wait", "8761", "a number from 0 to 8760\n"},
		{"restart",  "",     "exec, exit, or a command line\n"},
		{"jitter",   "86401", "a number from 0 to 86400\n"},
		{"timeout",  "0",    "a number from 1 to 3600\n"},
		{"confirm",  "0",    "a number from 1 to 86400\n"},
		{"interval", "525601", "a number from 0 to 525600\n"},
		{"pnp",      "maybe", "auto, yes, no\n"},
		{"pnp_address", "224.0.1.75", "address:port, in numbers\n"},
		{"pnp_address", "off",  "address:port, in numbers\n"},
		{"pnp_address", "pbx:5060", "address:port, in numbers\n"},
		{"pnp_address", ":5060", "address:port, in numbers\n"},
		{"http_listen", "0", listen},
		{"http_listen", "65536", listen},
		{"http_listen", "999999", listen},
		{"http_listen", "192.0.2.1", listen},
		{"http_listen", "192.0.2.1:", listen},
		{"http_listen", "192.0.2.1:80x", listen},
		{"http_listen", "192.0.2.256:80", listen},
		{"http_listen", "[192.0.2.1]:80", listen},
		{"http_listen", "2001:db8::1:80", listen},
		{"http_listen", "[2001:db8::1]", listen},
		{"http_host", "a/b", "host names and addresses"},
		{"key",      "",     "NAME and a command"},
		{"key",      "DOOR", "NAME and a command"},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++)
		text_refused(testv[i].key, testv[i].value, true,
			       testv[i].accepted);
}


/* The word, not the list; the name, not the command */
static void wrong_words(void **state)
{
	(void)state;

	text_errors("provnotify_notify_from server, 10.0.0.0/33 any",
		      TEXT_FILE ":1: provnotify_notify_from: \"10.0.0.0/33\""
		      " is wrong, accepted is server, any, addresses, CIDR,"
		      " 10.10.*.*, host names; separated by blanks or"
		      " commas\n");
	text_errors("provnotify_key A/B dial 1",
		      TEXT_FILE ":1: provnotify_key: \"A/B\" is wrong,"
		      " accepted is NAME and a command line of baresip; NAME"
		      " is up to 32 of letters, digits, _ and -\n");
	text_errors("provnotify_key A23456789012345678901234567890123 x",
		      TEXT_FILE ":1: provnotify_key:"
		      " \"A23456789012345678901234567890123\" is wrong,"
		      " accepted is NAME and a command line of baresip; NAME"
		      " is up to 32 of letters, digits, _ and -\n");
}


static void urls(void **state)
{
	static const char *goodv[] = {
		"", "\"\"", "https://h", "https://h/", "HTTP://h:8080/a/b.cfg",
		"http://192.0.2.1/{mac}.cfg", "http://[2001:db8::1]:80/x",
		"tftp://10.13.4.121", "ftp://u:p@h/dir/", "file:///srv/prov/",
		"https://h/{MAC}/{model}-{vendor}/$MAC$mac?x=1&y=2",
		"https://h/xml/%MACD.xml", "https://h/a%20b/",
	};
	static const char *badv[] = {
		"h", "h/x", "/srv/prov/", "://h", "https:", "https://",
		"https:///h", "https:/h", "https://h:99999/", "https://h:x/",
		"sftp://h/", "gopher://h/", "file://h/x", "file:/x",
		"javascript:x", "https://h/ # mine", "https://h/#x",
		"https://h/{serial}", "https://h/}", "https://h/a b",
		"https://secret@", "https://u:secret@/x",
	};
	struct settings *s;
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(goodv); i++) {

		s = text_parse_one("url", goodv[i]);
		if (i < 2)
			assert_null(s->url);
		else
			assert_string_equal(goodv[i], s->url);
		mem_deref(s);
	}

	for (i=0; i<RE_ARRAY_SIZE(badv); i++)
		text_refused("url", badv[i], false, "https://, http://");
}


static void good_values(void **state)
{
	const struct own_key *key;
	struct settings *s;
	(void)state;

	s = text_parse_one("journal", "OFF");
	assert_null(s->journal);
	mem_deref(s);

	s = text_parse_one("http_from", "");
	assert_true(addrlist_isempty(s->http_from));
	mem_deref(s);

	s = text_parse_one("password", "");
	assert_null(s->password);
	mem_deref(s);

	s = text_parse_one("restart", "Exit");
	assert_int_equal(RESTART_EXIT, s->restart);
	assert_null(s->restart_command);
	mem_deref(s);

	/* quotes that do not hold the whole */
	s = text_parse_one("restart", "\"/opt/my prog\" \"an arg\"");
	assert_string_equal("\"/opt/my prog\" \"an arg\"",
			    s->restart_command);
	mem_deref(s);

	s = text_parse_one("key", "\" DOOR  say  hi \"");
	key = list_ledata(list_head(&s->keyl));
	assert_string_equal("DOOR", key->name);
	assert_string_equal("say  hi", key->command);
	mem_deref(s);

	s = text_parse_one("http_listen", "off");
	assert_false(sa_isset(&s->http_listen, SA_PORT));
	mem_deref(s);

	s = text_parse_one("quota", "0000000007");
	assert_int_equal(7, s->quota);
	mem_deref(s);
}


int main(void)
{
	const struct CMUnitTest testv[] = {
		cmocka_unit_test(wrong_values),
		cmocka_unit_test(wrong_words),
		cmocka_unit_test(urls),
		cmocka_unit_test(good_values),
	};

	return cmocka_run_group_tests(testv, NULL, NULL);
}
