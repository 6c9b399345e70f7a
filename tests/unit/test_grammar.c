/**
 * @file test_grammar.c  What may stand in a SIP message
 * links: grammar.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "grammar.h"


#define LONG21 "aaaaaaaaaaaaaaaaaaaaa"
#define LONG63 LONG21 LONG21 LONG21


static void assert_all(bool (*h)(const struct pl *pl), const char **v,
		       bool accepted)
{
	for (; *v; v++) {

		char *copy = NULL;
		struct pl pl;

		/* Without a NUL, so that reading past the end is seen */
		pl.l = strlen(*v);
		copy = mem_alloc(pl.l ? pl.l : 1, NULL);
		assert_non_null(copy);
		memcpy(copy, *v, pl.l);
		pl.p = copy;

		if (h(&pl) != accepted)
			fail_msg("%s", *v);

		mem_deref(copy);
	}

	assert_false(h(NULL));
	assert_false(h(&pl_null));
}


static void test_host(void **state)
{
	static const char *goodv[] = {
		"a", "example.net", "x-1.example.net.", "1a.b2", "a--b.c",
		"192.0.2.1", "[2001:db8::1]", "[::]", LONG63 ".de", NULL
	};
	static const char *badv[] = {
		"", ".", "a..b", ".a", "-a", "a-", "a.-b", "a_b", "a b", "a;b",
		"a>b", "a\nb", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4.",
		"a.1", "2001:db8::1", "[2001:db8::1", "[]", "[", "[1.2.3.4]",
		"[::1%eth0]", "[::1]x", "a@b", "a:1", "a/b", "\xc3\xa4.de",
		"a" LONG63 ".de", NULL
	};
	(void)state;

	assert_all(grammar_host, goodv, true);
	assert_all(grammar_host, badv, false);
}


static void test_user(void **state)
{
	static const char *goodv[] = {
		"1", "alice", "+49-89(1)", "a.b_c!~*'x", "a=b&c$d", LONG63,
		LONG63 LONG63, NULL
	};
	static const char *badv[] = {
		"", "a b", "a;b", "a@b", "a:b", "a,b", "a/b", "a?b", "a%20b",
		"a\"b", "a<b", "a>b", "a\\b", "a\tb", "a\r", "\xc3\xa4",
		LONG63 LONG63 "xyz", NULL
	};
	(void)state;

	assert_all(grammar_user, goodv, true);
	assert_all(grammar_user, badv, false);
}


static void test_number(void **state)
{
	static const char *goodv[] = {
		"1", "*98", "#31#", "+4989", "sip:100", "SIPS:100@x.de:5061",
		"a.b@[::1]", "bob@127.0.0.1:5060", "sip", NULL
	};
	static const char *badv[] = {
		"", "sip:", "sip:@x", "@x", "1@", "1@x:0", "1@x:99999", "1 2",
		"1;phone-context=x", "1@x;transport=tcp", "1?a=b", "tel:1",
		"1,2", "1@x@y", "(0)1", "1\n", "1@x:", LONG63 "xy", NULL
	};
	(void)state;

	assert_all(grammar_number, goodv, true);
	assert_all(grammar_number, badv, false);
}


static void test_text(void **state)
{
	static const char *goodv[] = {
		"a", "A B <c>", "J\xc3\xb6rg", "';=,@:/?", NULL
	};
	static const char *badv[] = {
		"a\"b", "a\\b", "a\nb", "a\tb", "\x7f", NULL
	};
	static const char *secretv[] = {"a\"b\\c", "p;w", NULL};
	static const char *no_secretv[] = {"a\nb", "\x01", "\t", NULL};
	(void)state;

	assert_all(grammar_text, goodv, true);
	assert_all(grammar_text, badv, false);
	assert_all(grammar_secret, goodv, true);
	assert_all(grammar_secret, secretv, true);
	assert_all(grammar_secret, no_secretv, false);
}


static void test_proxy_uri(void **state)
{
	static const char *goodv[] = {
		"sip:x", "sip:x.de:5070", "sip:[::1]:5070;transport=tcp",
		"sip:x;lr", "sip:x;lr;transport=tls", NULL
	};
	static const char *badv[] = {
		"", "x", "sip:", "sip:;lr", "sips:x", "sip:u@x", "sip:x;",
		"sip:x;=1", "sip:x;a=", "sip:x;a==b", "sip:x;a=b c",
		"sip:x;a=\"b\"", "sip:x?a=b", "sip:x>;y", "sip:x:0",
		" sip:x", "xsip:x", "sip:x\n", NULL
	};
	static const char *wordv[] = {"srtp-mand", "a.b_c", NULL};
	static const char *no_wordv[] = {"", "a b", "a;b", "a=b", "a\n", NULL};
	(void)state;

	assert_all(grammar_proxy_uri, goodv, true);
	assert_all(grammar_proxy_uri, badv, false);
	assert_all(grammar_word, wordv, true);
	assert_all(grammar_word, no_wordv, false);
}


static void assert_port(const char *str, bool accepted, uint16_t expected)
{
	uint16_t port = 0;
	struct pl pl;

	pl_set_str(&pl, str);
	assert_int_equal(grammar_port(&pl, &port), accepted);
	assert_int_equal(port, expected);
}


static void test_port(void **state)
{
	(void)state;

	assert_port("1", true, 1);
	assert_port("65535", true, 65535);
	assert_port("0", false, 0);
	assert_port("65536", false, 0);
	assert_port("4294967297", false, 0);
	assert_port("-1", false, 0);
	assert_port("1x", false, 0);
	assert_port(" 1", false, 0);
}


static void test_hostport(void **state)
{
	struct pl pl, host;
	uint16_t port;
	(void)state;

	pl_set_str(&pl, "[2001:db8::1]:5070");
	assert_true(grammar_hostport(&pl, &host, &port));
	assert_int_equal(pl_strcmp(&host, "[2001:db8::1]"), 0);
	assert_int_equal(port, 5070);

	pl_set_str(&pl, "a.b");
	assert_true(grammar_hostport(&pl, &host, &port));
	assert_int_equal(port, 0);

	pl_set_str(&pl, "a:");
	assert_false(grammar_hostport(&pl, &host, &port));
	pl_set_str(&pl, "[::1]5070");
	assert_false(grammar_hostport(&pl, &host, &port));
	pl_set_str(&pl, "[::1");
	assert_false(grammar_hostport(&pl, &host, &port));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_user),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_proxy_uri),
		cmocka_unit_test(test_port),
		cmocka_unit_test(test_hostport),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
