/**
 * @file test_subnet.c  Tests of subnet.c
 * links: addrlist/subnet.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <re.h>
#include "addrlist/subnet.h"


static struct subnet subnet(const char *str)
{
	struct subnet net;

	if (subnet_decode(&net, str))
		fail_msg("\"%s\" was refused", str);

	return net;
}


/* An address as a socket has it: an IPv4 one mapped into IPv6 stays that */
static struct subnet address(const char *str)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct subnet net;

	if (inet_pton(AF_INET, str, &in.sin_addr) == 1) {
		assert_int_equal(0, subnet_set(&net, (void *)&in));
	}
	else {
		assert_int_equal(1, inet_pton(AF_INET6, str,
					      &in6.sin6_addr));
		assert_int_equal(0, subnet_set(&net, (void *)&in6));
	}

	return net;
}


static void addresses(void **state)
{
	static const struct {
		const char *net;
		const char *addr;
		bool yes;
	} testv[] = {
		{"192.0.2.1",        "192.0.2.1",          true},
		{"192.0.2.1",        "192.0.2.2",          false},
		{"192.0.2.1",        "::ffff:192.0.2.1",   true},
		{"::ffff:192.0.2.1", "192.0.2.1",          true},
		{"::ffff:192.0.2.1", "192.0.2.2",          false},
		{"192.0.2.1",        "::192.0.2.1",        false},
		{"192.0.2.0/24",     "192.0.2.255",        true},
		{"192.0.2.0/24",     "192.0.3.0",          false},
		{"192.0.2.77/24",    "192.0.2.1",          true},
		{"192.0.2.0/25",     "192.0.2.127",        true},
		{"192.0.2.0/25",     "192.0.2.128",        false},
		{"192.0.2.1/32",     "192.0.2.1",          true},
		{"192.0.2.1/32",     "192.0.2.0",          false},
		{"0.0.0.0/0",        "203.0.113.9",        true},
		{"0.0.0.0/0",        "2001:db8::1",        false},
		{"::/0",             "2001:db8::1",        true},
		{"::/0",             "203.0.113.9",        false},
		{"::/0",             "::ffff:203.0.113.9", false},
		{"::ffff:0.0.0.0/96",  "203.0.113.9",      true},
		{"::ffff:10.0.0.0/104", "10.200.1.1",      true},
		{"::ffff:10.0.0.0/104", "11.0.0.1",        false},
		{"2001:db8::/32",    "2001:db8:ffff::1",   true},
		{"2001:db8::/32",    "2001:db9::1",        false},
		{"2001:DB8::1",      "2001:db8::1",        true},
		{"2001:db8::/33",    "2001:db8:8000::",    false},
		{"10.10.*.*",        "10.10.0.0",          true},
		{"10.10.*.*",        "10.10.255.255",      true},
		{"10.10.*.*",        "10.11.0.0",          false},
		{"10.10.*.*",        "::ffff:10.10.3.4",   true},
		{"10.*.10.*",        "10.77.10.1",         true},
		{"10.*.10.*",        "10.77.11.1",         false},
		{"*.*.*.1",          "203.0.113.1",        true},
		{"*.*.*.1",          "203.0.113.2",        false},
		{"*.*.*.*",          "203.0.113.2",        true},
		{"*.*.*.*",          "2001:db8::1",        false},
	};
	size_t i;
	(void)state;

	for (i=0; i<sizeof(testv)/sizeof(testv[0]); i++) {
		const struct subnet net = subnet(testv[i].net);
		const struct subnet addr = address(testv[i].addr);

		if (testv[i].yes != subnet_within(&addr, &net))
			fail_msg("%s in %s", testv[i].addr, testv[i].net);
	}
}


static void networks(void **state)
{
	static const struct {
		const char *net;
		const char *of;
		bool yes;
	} testv[] = {
		{"192.0.2.0/25",   "192.0.2.0/24",  true},
		{"192.0.2.0/24",   "192.0.2.0/24",  true},
		{"192.0.2.0/23",   "192.0.2.0/24",  false},
		{"2001:db8::/48",  "2001:db8::/32", true},
		{"2001::/16",      "2001::/32",     false},
		{"2001:db8::/64",  "2001:db8::/96", false},
		{"::/0",           "0.0.0.0/0",     false},
		{"0.0.0.0/0",      "::/0",          false},
		{"0.0.0.0/0",      "*.*.*.*",       true},
		{"10.1.10.*",      "10.*.10.*",     true},
		{"10.1.*.*",       "10.*.10.*",     false},
		{"::ffff:0:0/95",  "::/0",          true},
	};
	size_t i;
	(void)state;

	for (i=0; i<sizeof(testv)/sizeof(testv[0]); i++) {
		const struct subnet net = subnet(testv[i].net);
		const struct subnet of = subnet(testv[i].of);

		if (testv[i].yes != subnet_within(&net, &of))
			fail_msg("%s in %s", testv[i].net, testv[i].of);
	}
}


static void wrong(void **state)
{
	static const char *testv[] = {
		"", "*", "/", "/8", "1.2.3.4/8*", "1111:2222:3333:4444:5555:"
		"6666:7777:8888:9999:aaaa:bbbb:cccc",
		"192.0.2.1/33", "192.0.2.1/", "192.0.2.1/-1",
		"192.0.2.1/8/8", "192.0.2.1/255.0.0.0", "192.0.2.1/4294967304",
		"192.0.2.01", "192.0.2.1:5060", "192.0.2.1.",
		"2001:db8::/129", "[2001:db8::1]", "fe80::1%eth0",
		"2001:db8", "*", "10.*",
		"10.1*.*.*", "10.*1.*.*", "10.**.1.1",
		"10.10.*.*.*", "10.10.*.*/16", "300.*.*.*",
	};
	struct subnet net;
	size_t i;
	(void)state;

	for (i=0; i<sizeof(testv)/sizeof(testv[0]); i++) {

		if (EBADMSG != subnet_decode(&net, testv[i]))
			fail_msg("\"%s\" passed", testv[i]);
	}
}


static void arguments(void **state)
{
	const struct sockaddr sa = {.sa_family = AF_UNIX};
	struct subnet net;
	(void)state;

	assert_int_equal(EINVAL, subnet_decode(NULL, "::"));
	assert_int_equal(EINVAL, subnet_decode(&net, NULL));
	assert_int_equal(EINVAL, subnet_set(NULL, &sa));
	assert_int_equal(EINVAL, subnet_set(&net, NULL));
	assert_int_equal(EAFNOSUPPORT, subnet_set(&net, &sa));
}


int main(void)
{
	const struct CMUnitTest testv[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(networks),
		cmocka_unit_test(wrong),
		cmocka_unit_test(arguments),
	};

	return cmocka_run_group_tests(testv, NULL, NULL);
}
