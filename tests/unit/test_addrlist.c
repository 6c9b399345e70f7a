/**
 * @file test_addrlist.c  Tests of addrlist.c
 * links: addrlist/addrlist.c addrlist/subnet.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "addrlist/addrlist.h"


static struct addrlist *list(const char *str)
{
	struct addrlist *al = NULL;
	struct pl pl, bad;

	pl_set_str(&pl, str);

	if (addrlist_decode(&al, &pl, true, &bad))
		fail_msg("\"%s\" was refused", str);

	assert_false(pl_isset(&bad));

	return al;
}


static bool match(const struct addrlist *al, const char *addr)
{
	struct sa sa;

	sa_init(&sa, AF_INET6);

	/* sa_set_str() would make IPv4 of a mapped address */
	if (!strncmp(addr, "::ffff:", 7)) {
		const uint32_t v4 = (assert_int_equal(0,
			sa_set_str(&sa, addr + 7, 5060)), sa_in(&sa));
		uint8_t v6[16] = {[10] = 0xff, [11] = 0xff, v4 >> 24,
				  v4 >> 16 & 0xff, v4 >> 8 & 0xff, v4 & 0xff};

		sa_set_in6(&sa, v6, 5060);
		assert_int_equal(AF_INET6, sa_af(&sa));
	}
	else {
		assert_int_equal(0, sa_set_str(&sa, addr, 5060));
	}

	return addrlist_match(al, &sa);
}


static bool matches(const char *str, const char *addr)
{
	struct addrlist *al = list(str);
	const bool yes = match(al, addr);

	mem_deref(al);

	return yes;
}


static bool subset(const char *a, const char *b)
{
	struct addrlist *al = list(a), *of = list(b);
	const bool yes = addrlist_subset(al, of);

	mem_deref(al);
	mem_deref(of);

	return yes;
}


static void match_table(void **state)
{
	static const struct {
		const char *list;
		const char *addr;
		bool yes;
	} testv[] = {
		{"any",              "203.0.113.9",        true},
		{"ANY",              "2001:db8::1",        true},
		{"",                 "203.0.113.9",        false},
		{" , ,",             "203.0.113.9",        false},
		{"192.0.2.0/24 ::1", "192.0.2.255",        true},
		{"192.0.2.0/24 ::1", "::1",                true},
		{"192.0.2.0/24 ::1", "192.0.3.0",          false},
		{"10.10.*.*",        "::ffff:10.10.3.4",   true},
		{"server [2001:db8::1]", "2001:db8::1",    true},
		{"server [2001:db8::1]", "2001:db8::2",    false},
		{"server",           "203.0.113.9",        false},
		{"192.0.2.1,192.0.2.2",   "192.0.2.2",     true},
		{"192.0.2.1 \t192.0.2.2", "192.0.2.2",     true},
		{",server, 192.0.2.1 ,",  "192.0.2.1",     true},
		{"pbx.example.com",       "192.0.2.1",     false},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		if (testv[i].yes != matches(testv[i].list, testv[i].addr))
			fail_msg("%s in \"%s\"", testv[i].addr,
				 testv[i].list);
	}
}


static void bad_words(void **state)
{
	static const struct {
		const char *list;
		const char *bad;
	} testv[] = {
		{"192.0.2.1 10.10.10",       "10.10.10"},
		{"192.0.2.1,, 192.0.2.256 ", "192.0.2.256"},
		{"192.0.2.1 ,pbx!",          "pbx!"},
		{"192.0.2.1/ 8",             "192.0.2.1/"},
		{"pbx.*",                    "pbx.*"},
		{"any [server]",             "[server]"},
		{"[192.0.2.1]",              "[192.0.2.1]"},
		{"[2001:db8::/32]",          "[2001:db8::/32]"},
		{"[::1",                     "[::1"},
		{"[]",                       "[]"},
		{"1234",                     "1234"},
		{"0x7f000001",               "0x7f000001"},
		{"pbx.0x1",                  "pbx.0x1"},
		{"-pbx.example",             "-pbx.example"},
		{"pbx-.example",             "pbx-.example"},
		{"pbx..example",             "pbx..example"},
		{".example",                 ".example"},
		{"\"any\"",                  "\"any\""},
		{"any;192.0.2.1",            "any;192.0.2.1"},
		{"any\n192.0.2.1",           "any\n192.0.2.1"},
		{"sip:pbx",                  "sip:pbx"},
		{"b\xc3\xbc" "cher.example", "b\xc3\xbc" "cher.example"},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {
		struct addrlist *al = NULL;
		struct pl pl, bad;

		pl_set_str(&pl, testv[i].list);

		if (EBADMSG != addrlist_decode(&al, &pl, true, &bad) ||
		    pl_strcmp(&bad, testv[i].bad))
			fail_msg("\"%s\" passed", testv[i].list);

		assert_null(al);
		assert_true(bad.p >= pl.p && bad.p + bad.l <= pl.p + pl.l);
	}
}


static void long_words(void **state)
{
	char buf[300];
	struct addrlist *al = NULL;
	struct pl pl = {buf, 0}, bad;
	size_t i;
	(void)state;

	/* labels of 63 and a name of 253 just fit */
	for (i=0; i<sizeof(buf); i++)
		buf[i] = i % 64 == 63 ? '.' : 'a';

	pl.l = 253;
	assert_int_equal(0, addrlist_decode(&al, &pl, false, &bad));
	al = mem_deref(al);

	pl.l = 254;
	assert_int_equal(EBADMSG, addrlist_decode(&al, &pl, false, &bad));

	memset(buf, 'a', sizeof(buf));
	pl.l = 64;
	assert_int_equal(EBADMSG, addrlist_decode(&al, &pl, false, &bad));

	memset(buf, '1', sizeof(buf));
	pl.l = sizeof(buf);
	assert_int_equal(EBADMSG, addrlist_decode(&al, &pl, false, &bad));

	/* a NUL ends no word */
	memcpy(buf, "any\0any", 7);
	pl.l = 7;
	assert_int_equal(EBADMSG, addrlist_decode(&al, &pl, false, &bad));
	assert_int_equal(7, bad.l);
	assert_null(al);
}


static void server_word(void **state)
{
	struct addrlist *al = NULL;
	struct pl pl, bad;
	(void)state;

	pl_set_str(&pl, "192.0.2.1, Server");

	assert_int_equal(EBADMSG, addrlist_decode(&al, &pl, false, &bad));
	assert_int_equal(0, pl_strcmp(&bad, "Server"));
	assert_null(al);

	assert_int_equal(0, addrlist_decode(&al, &pl, true, &bad));
	assert_true(addrlist_has(al, ADDR_SERVER));
	mem_deref(al);
}


static void arguments(void **state)
{
	struct addrlist *al = NULL;
	struct pl pl = PL("any"), bad;
	struct sa sa;
	(void)state;

	assert_int_equal(EINVAL, addrlist_decode(NULL, &pl, true, &bad));
	assert_int_equal(EINVAL, addrlist_decode(&al, NULL, true, &bad));
	assert_int_equal(EINVAL, addrlist_decode(&al, &pl, true, NULL));

	assert_int_equal(0, addrlist_decode(&al, &pl_null, true, &bad));
	assert_true(addrlist_isempty(al));
	al = mem_deref(al);

	/* this phone itself has no address */
	al = list("any");
	sa_init(&sa, AF_UNSPEC);
	assert_false(addrlist_match(al, &sa));
	assert_false(addrlist_match(al, NULL));
	assert_false(addrlist_match_name(al, NULL));
	mem_deref(al);

	sa_set_in(&sa, 1, 1);
	assert_false(addrlist_match(NULL, &sa));
	assert_false(addrlist_match_name(NULL, &pl));
	assert_false(addrlist_has(NULL, ADDR_ANY));
	assert_true(addrlist_isempty(NULL));
}


static void kinds(void **state)
{
	static const struct {
		const char *list;
		bool server, any, net, name;
	} testv[] = {
		{"",                false, false, false, false},
		{"server",          true,  false, false, false},
		{"any",             false, true,  false, false},
		{"192.0.2.*",       false, false, true,  false},
		{"pbx",             false, false, false, true},
		{"pbx ::1 server",  true,  false, true,  true},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {
		struct addrlist *al = list(testv[i].list);

		assert_int_equal(testv[i].server,
				 addrlist_has(al, ADDR_SERVER));
		assert_int_equal(testv[i].any, addrlist_has(al, ADDR_ANY));
		assert_int_equal(testv[i].net, addrlist_has(al, ADDR_NET));
		assert_int_equal(testv[i].name, addrlist_has(al, ADDR_NAME));
		assert_int_equal(i == 0, addrlist_isempty(al));
		mem_deref(al);
	}
}


static void match_name(void **state)
{
	struct addrlist *al = list("PBX.example.com, server, 192.0.2.1");
	struct pl host = PL("pbx.EXAMPLE.com");
	(void)state;

	assert_true(addrlist_match_name(al, &host));

	pl_set_str(&host, "example.com");
	assert_false(addrlist_match_name(al, &host));

	pl_set_str(&host, "server");
	assert_false(addrlist_match_name(al, &host));
	mem_deref(al);

	al = list("any");
	assert_true(addrlist_match_name(al, &host));
	mem_deref(al);
}


static void subset_table(void **state)
{
	static const struct {
		const char *al;
		const char *of;
		bool yes;
	} testv[] = {
		{"",               "",                    true},
		{"",               "server",              true},
		{"server",         "",                    false},
		{"any",            "any",                 true},
		{"any",            "0.0.0.0/0 ::/0",      false},
		{"server",         "any",                 true},
		{"server",         "server 192.0.2.1",    true},
		{"server",         "192.0.2.1",           false},
		{"192.0.2.1",      "server",              false},
		{"192.0.2.1",      "any",                 true},
		{"192.0.2.1",      "192.0.2.0/24",        true},
		{"192.0.2.0/24",   "192.0.2.1",           false},
		{"192.0.2.0/24",   "192.0.2.0/24",        true},
		{"192.0.2.0/23",   "192.0.2.0/24",        false},
		{"192.0.2.128/25", "192.0.2.0/24",        true},
		{"192.0.3.0/25",   "192.0.2.0/24",        false},
		{"192.0.2.*",      "192.0.2.0/24",        true},
		{"10.1.10.*",      "10.*.10.*",           true},
		{"10.1.*.*",       "10.*.10.*",           false},
		{"10.*.10.*",      "10.0.0.0/8",          true},
		{"0.0.0.0/0",      "::/0",                false},
		{"2001:db8::1",    "::/0",                true},
		{"::/0",           "2001:db8::1",         false},
		{"192.0.2.1 192.0.2.2", "192.0.2.0/30",   true},
		{"192.0.2.1 192.0.2.9", "192.0.2.0/30",   false},
		{"192.0.2.9",      "192.0.2.1 192.0.2.9", true},
		{"pbx",            "PBX",                 true},
		{"pbx",            "192.0.2.0/24",        false},
		{"pbx",            "server",              false},
		{"pbx",            "any",                 true},
		{"pbx, any",       "pbx",                 false},
		{"192.0.2.1",      "pbx",                 false},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		if (testv[i].yes != subset(testv[i].al, testv[i].of))
			fail_msg("\"%s\" of \"%s\"", testv[i].al,
				 testv[i].of);
	}

	assert_true(addrlist_subset(NULL, NULL));
}


static void no_subset_of_nobody(void **state)
{
	struct addrlist *al = list("192.0.2.1");
	(void)state;

	assert_false(addrlist_subset(al, NULL));
	mem_deref(al);
}


static void print(void **state)
{
	struct addrlist *al = list("server, 10.10.*.*  PBX");
	char *str = NULL;
	(void)state;

	assert_int_equal(0, re_sdprintf(&str, "%H", addrlist_print, al));
	assert_string_equal("server, 10.10.*.*  PBX", str);
	str = mem_deref(str);
	mem_deref(al);

	al = list(" ");
	assert_int_equal(0, re_sdprintf(&str, "%H", addrlist_print, al));
	assert_string_equal("nobody", str);
	str = mem_deref(str);
	mem_deref(al);

	assert_int_equal(0, re_sdprintf(&str, "%H", addrlist_print, NULL));
	assert_string_equal("nobody", str);
	mem_deref(str);
}


int main(void)
{
	const struct CMUnitTest testv[] = {
		cmocka_unit_test(match_table),
		cmocka_unit_test(bad_words),
		cmocka_unit_test(long_words),
		cmocka_unit_test(server_word),
		cmocka_unit_test(arguments),
		cmocka_unit_test(kinds),
		cmocka_unit_test(match_name),
		cmocka_unit_test(subset_table),
		cmocka_unit_test(no_subset_of_nobody),
		cmocka_unit_test(print),
	};

	return cmocka_run_group_tests(testv, NULL, NULL);
}
