/**
 * @file test_ring.c  Tests of doors/ring.c
 * links: doors/ring.c fake_clock.c sip_peer.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "state/state.h"
#include "doors/ring.h"
#include "fake_clock.h"
#include "sip_peer.h"


static uint8_t secret[STATE_SECRET_LEN];


const uint8_t *state_secret(void)
{
	return secret;
}


static int setup(void **state)
{
	(void)state;

	memset(secret, 7, sizeof(secret));
	fake_clock_reset();

	return ring_init();
}


static int teardown(void **state)
{
	(void)state;

	ring_close();

	return 0;
}


static uint64_t token(const char *sentby, const char *branch, const char *src,
		      uint16_t port)
{
	struct sip_msg *msg;
	uint64_t tok;

	msg = sip_peer_msg("NOTIFY sip:x@192.0.2.9 SIP/2.0\r\n"
			   "Via: SIP/2.0/UDP %s;branch=%s;rport\r\n"
			   "From: <sip:a@192.0.2.1>;tag=%llu\r\n"
			   "To: <sip:x@192.0.2.9>\r\n"
			   "Call-ID: %llu\r\nCSeq: 1 NOTIFY\r\n"
			   "Content-Length: 0\r\n\r\n", sentby, branch,
			   rand_u64(), rand_u64());
	assert_non_null(msg);
	assert_int_equal(0, sa_set_str(&msg->src, src, port));

	tok = ring_token(msg);
	assert_int_not_equal(0, tok);

	mem_deref(msg);

	return tok;
}


/* Branch, sent-by and source tell a transaction, and nothing else does */
static void test_token(void **state)
{
	const uint64_t tok = token("192.0.2.1", "z9hG4bK1", "192.0.2.1", 5060);
	(void)state;

	assert_true(tok == token("192.0.2.1", "z9hG4bK1", "192.0.2.1", 5060));

	assert_false(tok == token("192.0.2.1", "z9hG4bK2", "192.0.2.1", 5060));
	assert_false(tok == token("192.0.2.2", "z9hG4bK1", "192.0.2.1", 5060));
	assert_false(tok == token("192.0.2.1:5060", "z9hG4bK1", "192.0.2.1",
				  5060));
	assert_false(tok == token("192.0.2.1", "z9hG4bK1", "192.0.2.2", 5060));
	assert_false(tok == token("192.0.2.1", "z9hG4bK1", "192.0.2.1", 5061));

	/* What ends in one does not begin in the other */
	assert_false(token("a1", "1b", "192.0.2.1", 5060) ==
		     token("1b", "a1", "192.0.2.1", 5060));
	assert_false(token("ab", "c", "192.0.2.1", 5060) ==
		     token("b", "ca", "192.0.2.1", 5060));
}


static void test_token_ipv6(void **state)
{
	const uint64_t tok = token("[2001:db8::1]", "z9hG4bK1", "2001:db8::1",
				   5060);
	(void)state;

	assert_true(tok == token("[2001:db8::1]", "z9hG4bK1", "2001:db8::1",
				 5060));
	assert_false(tok == token("[2001:db8::1]", "z9hG4bK1", "2001:db8::2",
				  5060));
}


/* A long branch counts to its end */
static void test_token_long(void **state)
{
	char branch[1024];
	uint64_t tok;
	(void)state;

	memset(branch, 'x', sizeof(branch));
	branch[sizeof(branch) - 1] = '\0';

	tok = token("192.0.2.1", branch, "192.0.2.1", 5060);
	assert_true(tok == token("192.0.2.1", branch, "192.0.2.1", 5060));

	branch[sizeof(branch) - 2] = 'y';
	assert_false(tok == token("192.0.2.1", branch, "192.0.2.1", 5060));
}


/* Nobody can foresee a To tag without the secret of the phone */
static void test_token_secret(void **state)
{
	const uint64_t tok = token("192.0.2.1", "z9hG4bK1", "192.0.2.1", 5060);
	(void)state;

	/* A restarted phone answers a retransmission as before */
	ring_close();
	assert_int_equal(0, ring_init());
	assert_true(tok == token("192.0.2.1", "z9hG4bK1", "192.0.2.1", 5060));

	ring_close();
	secret[0] ^= 1;
	assert_int_equal(0, ring_init());
	assert_false(tok == token("192.0.2.1", "z9hG4bK1", "192.0.2.1", 5060));
}


static void add(uint64_t tok, uint16_t scode)
{
	struct answer answer;

	answer_set(&answer, scode, "Phrase");
	ring_add(tok, &answer);
}


void answer_set(struct answer *answer, uint16_t scode, const char *reason)
{
	memset(answer, 0, sizeof(*answer));
	answer->scode = scode;
	str_ncpy(answer->reason, reason, sizeof(answer->reason));
}


static void test_find(void **state)
{
	(void)state;

	assert_null(ring_find(1));

	add(1, 200);
	add(2, 202);

	assert_int_equal(200, ring_find(1)->scode);
	assert_string_equal("Phrase", ring_find(1)->reason);
	assert_int_equal(202, ring_find(2)->scode);
	assert_null(ring_find(3));

	/* 0 is none */
	add(0, 200);
	ring_add(3, NULL);
	assert_null(ring_find(0));
	assert_null(ring_find(3));
}


/* Timer J: no retransmission comes after 32 s */
static void test_age(void **state)
{
	(void)state;

	add(1, 200);
	fake_clock_advance(31999);
	assert_non_null(ring_find(1));
	fake_clock_advance(1);
	assert_null(ring_find(1));

	/* The same branch again is a new request, and is remembered anew */
	add(1, 202);
	assert_int_equal(202, ring_find(1)->scode);
}


static void test_full(void **state)
{
	uint64_t i;
	(void)state;

	for (i=1; i<=256; i++)
		add(i, 200);

	for (i=1; i<=256; i++)
		assert_non_null(ring_find(i));

	/* The oldest one goes */
	add(257, 200);
	assert_null(ring_find(1));
	assert_non_null(ring_find(2));
	assert_non_null(ring_find(257));

	ring_close();
	assert_int_equal(0, ring_init());
	assert_null(ring_find(257));
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_token),
		TEST(test_token_ipv6),
		TEST(test_token_long),
		TEST(test_token_secret),
		TEST(test_find),
		TEST(test_age),
		TEST(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
