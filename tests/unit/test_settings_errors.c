/**
 * @file test_settings_errors.c  Tests of settings/parse.c: errors, and what
 *                               they do not show
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
#include "settings/settings.h"
#include "config_text.h"


static void unknown_keys(void **state)
{
	char *errors = NULL;
	(void)state;

	assert_null(text_parse("\nprovnotify_urll http://x\n", &errors));
	assert_int_equal(0, strncmp(errors, TEXT_FILE ":2: "
				    "\"provnotify_urll\" is unknown; keys are"
				    " provnotify_vendor, _model, ", 70));
	assert_non_null(strstr(errors, ", _key\n"));
	errors = mem_deref(errors);

	/* joined by other than a blank; no key at all; the bare word */
	assert_null(text_parse("provnotify_password=hunter2", &errors));
	assert_non_null(strstr(errors, "\"provnotify_password\" is unknown"));
	assert_null(strstr(errors, "hunter2"));
	errors = mem_deref(errors);

	assert_null(text_parse("provnotify_notify-from any", &errors));
	assert_non_null(strstr(errors, "\"provnotify_notify-from\" is"));
	errors = mem_deref(errors);

	assert_null(text_parse("provnotify_ hunter2", &errors));
	assert_null(strstr(errors, "hunter2"));
	errors = mem_deref(errors);

	assert_null(text_parse("provnotify", &errors));
	mem_deref(errors);
}


static void duplicates(void **state)
{
	(void)state;

	text_errors("provnotify_quota 5\n\nProvnotify_QUOTA 5\n",
		      TEXT_FILE ":3: provnotify_quota stands twice, first in"
		      " line 1\n");

	/* also where the first one was wrong */
	text_errors("provnotify_strict x\nprovnotify_strict no\n",
		      TEXT_FILE ":1: provnotify_strict: \"x\" is wrong,"
		      " accepted is yes, no\n"
		      TEXT_FILE ":2: provnotify_strict stands twice, first in"
		      " line 1\n");

	text_errors("provnotify_key A dial 1\nprovnotify_key B dial 1\n"
		      "provnotify_key a dial 2\n",
		      TEXT_FILE ":3: provnotify_key \"a\" stands twice, first"
		      " in line 1\n");
}


/* All of them, each with its line, however a line ends */
static void all_errors(void **state)
{
	(void)state;

	text_errors("\xef\xbb\xbfprovnotify_quota x\r\n"
		      "provnotify_url https://u:secret@:x\r\n"
		      "\r\n"
		      "provnotify_strict \"\"\n",
		      TEXT_FILE ":1: provnotify_quota: \"x\" is wrong,"
		      " accepted is a number from 1 to 1000000\n"
		      TEXT_FILE ":2: provnotify_url: accepted is https://,"
		      " http://, tftp://, ftp:// or file:/// and what belongs"
		      " behind it (a blank is %20), with {mac} {MAC} {model}"
		      " {vendor} $MAC %MACD in it at will\n"
		      TEXT_FILE ":4: provnotify_strict: \"\" is wrong,"
		      " accepted is yes, no\n");
}


static void quoting(void **state)
{
	(void)state;

	text_errors("provnotify_strict a\x1b[2J\"\\\xc3\xa4",
		      TEXT_FILE ":1: provnotify_strict:"
		      " \"a\\x1b[2J\\x22\\x5c\\xc3\\xa4\" is wrong, accepted"
		      " is yes, no\n");

	text_errors("provnotify_strict 0123456789012345678901234567890123"
		      "4567890123456789012345678901234",
		      TEXT_FILE ":1: provnotify_strict: \"01234567890123456789"
		      "01234567890123456789012345678901234567890123...\" is"
		      " wrong, accepted is yes, no\n");
}


static void secrets(void **state)
{
	static const char *keyv[] = {
		"password", "http_password", "url",
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(keyv); i++) {
		char text[64];
		char *errors = NULL;

		(void)re_snprintf(text, sizeof(text),
				  "provnotify_%s hun\x01ter2\n"
				  "provnotify_%s hunter2\n",
				  keyv[i], keyv[i]);
		assert_null(text_parse(text, &errors));
		assert_null(strstr(errors, "hun"));
		assert_non_null(strstr(errors, "accepted is "));
		assert_non_null(strstr(errors, ":2: "));
		mem_deref(errors);
	}
}


/* What would end a quoted parameter of a SIP header */
static void quotes(void **state)
{
	static const char *linev[] = {
		"provnotify_model a\"b", "provnotify_firmware a\\b",
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(linev); i++) {
		char *errors = NULL;

		assert_null(text_parse(linev[i], &errors));
		mem_deref(errors);
	}
}


/* No control character gets into a header, a path or a command */
static void controls(void **state)
{
	static const char *keyv[] = {
		"model", "firmware", "state_dir", "ca_file", "user",
		"http_user", "restart", "http_host", "http_from",
	};
	char text[64];
	char *errors;
	struct pl pl = {text, 0};
	struct mbuf *mb = mbuf_alloc(64);
	struct settings *s = NULL;
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(keyv); i++) {

		(void)re_snprintf(text, sizeof(text),
				  "provnotify_%s a\rb\n", keyv[i]);
		assert_null(text_parse(text, &errors));
		mem_deref(errors);

		/* a NUL ends nothing */
		pl.l = re_snprintf(text, sizeof(text), "provnotify_%s aXb",
				   keyv[i]);
		*strrchr(text, 'X') = '\0';
		assert_int_equal(EINVAL, settings_parse(&s, "f", &pl, "/c",
							mb));
		assert_null(s);
	}

	mem_deref(mb);
}


int main(void)
{
	const struct CMUnitTest testv[] = {
		cmocka_unit_test(unknown_keys),
		cmocka_unit_test(duplicates),
		cmocka_unit_test(all_errors),
		cmocka_unit_test(quoting),
		cmocka_unit_test(secrets),
		cmocka_unit_test(quotes),
		cmocka_unit_test(controls),
	};

	return cmocka_run_group_tests(testv, NULL, NULL);
}
