/**
 * @file test_origin.c  Tests of origin.c
 * links: guard/origin.c request.c fake_guard.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <re.h>
#include "request.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"
#include "fake_guard.h"


#define TOP "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
#define VIA(host) "Via: SIP/2.0/UDP " host ";branch=z9hG4bK2\r\n"

static const char trusted[] = "";


static struct request *notify(const char *source, const char *vias)
{
	struct request *req;
	char *sip;

	assert_int_equal(re_sdprintf(&sip,
		"NOTIFY sip:alice-0x1@192.0.2.9:5060 SIP/2.0\r\n"
		"%s"
		"To: <sip:alice@pbx.example>\r\n"
		"From: <sip:pbx@pbx.example>;tag=1\r\n"
		"Event: check-sync\r\n"
		"\r\n", vias), 0);

	assert_int_equal(fake_request(&req, source, sip), 0);
	mem_deref(sip);

	return req;
}


/* Who is not trusted of these, if any */
static void check_vias(const char *vias, const char *expected)
{
	struct request *req = notify("udp:192.0.2.1:5060", vias);
	char who[64] = "";

	assert_int_equal(origin_vias(req, who, sizeof(who)),
			 expected == trusted);
	assert_string_equal(who, expected);

	mem_deref(req);
}


static void check_source(const char *source, enum addressed addressed,
			 enum trust expected)
{
	struct request *req = notify(source, TOP);

	req->addressed = addressed;

	assert_int_equal(origin_trust(req), expected);

	mem_deref(req);
}


static int setup(void **state)
{
	(void)state;

	fake_reset();

	return 0;
}


static void test_server(void **state)
{
	(void)state;

	check_source("udp:192.0.2.1:5060", ADDRESSED_CONTACT, TRUST_ALL);
	check_source("udp:192.0.2.1:9999", ADDRESSED_CONTACT, TRUST_ALL);
	check_source("udp:192.0.2.1:5060", ADDRESSED_AOR, TRUST_RESYNC);
	check_source("udp:192.0.2.1:5060", ADDRESSED_NONE, TRUST_ALL);
	check_source("udp:192.0.2.2:5060", ADDRESSED_CONTACT, TRUST_NONE);

	check_source("tcp:192.0.2.1:5060", ADDRESSED_AOR, TRUST_ALL);
	check_source("tcp:192.0.2.1:9999", ADDRESSED_AOR, TRUST_NONE);

	fake.server = NULL;
	check_source("udp:192.0.2.1:5060", ADDRESSED_CONTACT, TRUST_NONE);
}


static void test_list(void **state)
{
	(void)state;

	/* An address of the list may do everything, over UDP too */
	fake.notify_from.words = "server 192.0.2.2";
	check_source("udp:192.0.2.2:1", ADDRESSED_AOR, TRUST_ALL);
	check_source("udp:192.0.2.1:1", ADDRESSED_AOR, TRUST_RESYNC);
	check_source("udp:192.0.2.3:1", ADDRESSED_CONTACT, TRUST_NONE);

	/* Without the word the server is nobody */
	fake.notify_from.words = "192.0.2.2";
	check_source("udp:192.0.2.1:5060", ADDRESSED_CONTACT, TRUST_NONE);

	fake.notify_from.words = "any";
	check_source("udp:198.51.100.1:1", ADDRESSED_AOR, TRUST_ALL);
}


static void test_vias(void **state)
{
	(void)state;

	check_vias(TOP, trusted);

	/* What the top one says does not matter */
	check_vias(VIA("198.51.100.1"), trusted);
	check_vias(VIA("192.0.2.1;maddr=198.51.100.1"), trusted);

	check_vias(TOP VIA("192.0.2.1:5070"), trusted);
	check_vias(TOP VIA("198.51.100.1:5060"), "198.51.100.1");
	check_vias(TOP VIA("192.0.2.1") VIA("198.51.100.7"), "198.51.100.7");
	check_vias(TOP VIA("192.0.2.1;maddr=198.51.100.1"), trusted);

	/* Several in one header */
	check_vias("Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1,"
		   " SIP/2.0/UDP 198.51.100.1;branch=z9hG4bK2\r\n",
		   "198.51.100.1");
	check_vias(TOP "v: SIP/2.0/UDP 198.51.100.1;branch=z9hG4bK2\r\n",
		   "198.51.100.1");

	fake.notify_from.words = "server 198.51.100.1";
	check_vias(TOP VIA("198.51.100.1:5060"), trusted);

	/* Only who is listed counts where the server is not */
	fake.notify_from.words = "198.51.100.1";
	check_vias(TOP VIA("192.0.2.1"), "192.0.2.1");
}


static void test_received(void **state)
{
	(void)state;

	check_vias(TOP VIA("10.0.0.1;received=192.0.2.1"), trusted);
	check_vias(TOP VIA("192.0.2.1;received=198.51.100.1"),
		   "198.51.100.1");
	check_vias(TOP VIA("pbx.example;rport=5;received=198.51.100.1"),
		   "198.51.100.1");

	/* One that the sender wrote itself does not outweigh the proxy's */
	check_vias(TOP VIA("192.0.2.1;received=192.0.2.1"
			   ";received=198.51.100.1"), "198.51.100.1");
	check_vias(TOP VIA("192.0.2.1;received=198.51.100.1"
			   ";received=192.0.2.1"), "198.51.100.1");

	check_vias(TOP VIA("192.0.2.1;received=pbx.example"), "pbx.example");
	check_vias(TOP VIA("192.0.2.1;received=<script>"),
		   "an unreadable Via");
}


static void test_names(void **state)
{
	(void)state;

	check_vias(TOP VIA("pbx.example"), trusted);
	check_vias(TOP VIA("PBX.example:5060"), trusted);
	check_vias(TOP VIA("stranger.example:5060"), "stranger.example");

	fake.notify_from.words = "stranger.example";
	check_vias(TOP VIA("stranger.example:5060"), trusted);
	check_vias(TOP VIA("pbx.example"), "pbx.example");
}


static void test_ipv6(void **state)
{
	(void)state;

	fake.notify_from.words = "server 2001:db8::1";

	check_vias(TOP VIA("[2001:db8::1]:5060"), trusted);
	check_vias(TOP VIA("[2001:db8::2]:5060"), "2001:db8::2");
	check_vias(TOP VIA("[2001:db8::2];received=2001:db8::1"), trusted);
	check_vias(TOP VIA("[2001:db8::2];received=[2001:db8::1]"), trusted);
	check_vias(TOP VIA("[2001:db8::1];received=2001:db8::2"),
		   "2001:db8::2");
}


static void test_unreadable(void **state)
{
	(void)state;

	check_vias(TOP "Via: rubbish\r\n", "an unreadable Via");
	check_vias(TOP "Via: \r\n", "an unreadable Via");
	check_vias(TOP VIA("\"quoted\""), "an unreadable Via");
	check_vias(TOP VIA("e\x1b[31mvil.example"), "an unreadable Via");
	check_vias(TOP VIA("a.very.long.name.that.goes.on.and.on.and.on."
			   "and.on.and.on.example"), "an unreadable Via");
	check_vias(TOP VIA("ec2-203-0-113-25.eu-central-1.compute.cloud"
			   ".example"),
		   "ec2-203-0-113-25.eu-central-1.compute.cloud.example");

	/* No branch: a stack from before RFC 3261, or a forger */
	check_vias(TOP "Via: SIP/2.0/UDP 192.0.2.1\r\n",
		   "an unreadable Via");
}


static void test_many_vias(void **state)
{
	struct mbuf *mb = mbuf_alloc(2048);
	char *vias;
	unsigned i;
	(void)state;

	assert_non_null(mb);

	for (i=0; i<16; i++)
		assert_int_equal(mbuf_write_str(mb, TOP), 0);

	mb->pos = 0;
	assert_int_equal(mbuf_strdup(mb, &vias, mb->end), 0);
	check_vias(vias, trusted);
	mem_deref(vias);

	assert_int_equal(mbuf_write_str(mb, TOP), 0);

	mb->pos = 0;
	assert_int_equal(mbuf_strdup(mb, &vias, mb->end), 0);
	check_vias(vias, "an unreadable Via");
	mem_deref(vias);

	mem_deref(mb);
}


static void test_http(void **state)
{
	struct sa sa;
	(void)state;

	assert_int_equal(sa_set_str(&sa, "192.0.2.1", 80), 0);

	/* Nobody, not the server either */
	assert_false(guard_trusts_addr(&sa));
	assert_false(guard_trusts_addr(NULL));

	fake.http_from.words = "192.0.2.1";
	assert_true(guard_trusts_addr(&sa));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_server, setup),
		cmocka_unit_test_setup(test_list, setup),
		cmocka_unit_test_setup(test_vias, setup),
		cmocka_unit_test_setup(test_received, setup),
		cmocka_unit_test_setup(test_names, setup),
		cmocka_unit_test_setup(test_ipv6, setup),
		cmocka_unit_test_setup(test_unreadable, setup),
		cmocka_unit_test_setup(test_many_vias, setup),
		cmocka_unit_test_setup(test_http, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
