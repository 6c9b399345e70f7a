/**
 * @file test_digest.c  Tests of digest.c
 * links: guard/digest.c guard/nonce.c guard/credentials.c request.c
 * links: fake_guard.c sender.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"
#include "fake_guard.h"
#include "sender.h"


#define RURI "sip:alice-0x1@192.0.2.9:5060"

static const struct sender good = {
	.user = "alice", .pass = "secret", .realm = "provnotify", .uri = RURI,
	.qop = "auth", .nc = "00000001", .cnonce = "0a4f113b",
	.algorithm = "MD5",
};


static struct request *notify(const char *headers)
{
	struct request *req;
	char *sip;

	assert_int_equal(re_sdprintf(&sip,
		"NOTIFY " RURI " SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
		"To: <sip:alice@pbx.example>\r\n"
		"From: <sip:pbx@pbx.example>;tag=1\r\n"
		"Event: check-sync;reboot=true\r\n"
		"%s"
		"\r\n", headers), 0);

	assert_int_equal(fake_request(&req, "udp:192.0.2.1:5060", sip), 0);
	mem_deref(sip);

	return req;
}


/* Challenge a request, and give the nonce */
static char *challenge(bool stale)
{
	struct request *req = notify("");
	struct answer answer;

	answer_set(&answer, 401, "Unauthorized");
	digest_challenge(&answer, req, stale);
	mem_deref(req);

	return sender_challenged(answer.challenge, stale);
}


static void check_headers(const char *headers, enum proof expected)
{
	struct request *req = notify(headers);

	assert_int_equal(digest_check(req), expected);
	assert_int_equal(req->authentic, expected == PROOF_GOOD);

	mem_deref(req);
}


static void check_nonce(const struct sender *s, const char *nonce,
			enum proof expected)
{
	char *header = sender_answer(s, nonce);

	check_headers(header, expected);

	mem_deref(header);
}


static void check(const struct sender *s, enum proof expected)
{
	char *nonce = challenge(false);

	check_nonce(s, nonce, expected);

	mem_deref(nonce);
}


static int setup(void **state)
{
	(void)state;

	fake_reset();

	return nonce_init();
}


static void test_good(void **state)
{
	struct sender s = good;
	(void)state;

	check(&s, PROOF_GOOD);

	s.algorithm = NULL;
	check(&s, PROOF_GOOD);

	s.algorithm = "md5";
	s.nc = "0000002a";
	check(&s, PROOF_GOOD);

	s.algorithm = "SHA-256";
	s.sha256 = true;
	check(&s, PROOF_GOOD);

	/* As RFC 2069 */
	s.qop = NULL;
	check(&s, PROOF_GOOD);
}


static void test_user(void **state)
{
	struct sender s = good;
	(void)state;

	s.user = "bob";
	check(&s, PROOF_NONE);

	fake.auth_user = "bob";
	check(&s, PROOF_GOOD);
	check(&good, PROOF_NONE);

	fake.auth_user = "";
	check(&good, PROOF_GOOD);
}


static void test_wrong(void **state)
{
	struct sender s;
	(void)state;

	check_headers("", PROOF_NONE);
	check_headers("Authorization: rubbish\r\n", PROOF_NONE);
	check_headers("Authorization: Basic YWxpY2U6c2VjcmV0\r\n",
		      PROOF_NONE);

	s = good;
	s.pass = "Secret";
	check(&s, PROOF_NONE);

	s.pass = "";
	check(&s, PROOF_NONE);

	s = good;
	s.realm = "pbx.example";
	check(&s, PROOF_NONE);

	s = good;
	s.upper = true;
	check(&s, PROOF_NONE);

	s = good;
	s.cut = 1;
	check(&s, PROOF_NONE);
}


static void test_algorithms(void **state)
{
	struct sender s = good;
	(void)state;

	/* Says one, uses the other */
	s.sha256 = true;
	check(&s, PROOF_NONE);

	s.algorithm = NULL;
	check(&s, PROOF_NONE);

	s = good;
	s.algorithm = "SHA-256";
	check(&s, PROOF_NONE);

	/* Not offered */
	s.algorithm = "MD5-sess";
	check(&s, PROOF_NONE);

	s.algorithm = "AKAv1-MD5";
	check(&s, PROOF_NONE);
}


static void test_qop(void **state)
{
	struct sender s = good;
	(void)state;

	s.qop = "auth-int";
	check(&s, PROOF_NONE);

	s = good;
	s.nc = "00000000";
	check(&s, PROOF_NONE);

	s.nc = "1";
	check(&s, PROOF_NONE);

	s = good;
	s.cnonce = "";
	check(&s, PROOF_NONE);
}


static void test_uri(void **state)
{
	struct sender s = good;
	(void)state;

	s.uri = "sip:mallory@192.0.2.9:5060";
	check(&s, PROOF_NONE);

	s.uri = "sip:alice-0x1@192.0.2.8:5060";
	check(&s, PROOF_NONE);

	s.uri = "";
	check(&s, PROOF_NONE);

	s.uri = "/servlet";
	check(&s, PROOF_NONE);

	s.uri = RURI ";transport=udp";
	check(&s, PROOF_GOOD);

	/* What a proxy has replaced by the contact */
	s.uri = "sip:alice@PBX.example";
	check(&s, PROOF_GOOD);

	s.uri = "sip:bob@pbx.example";
	check(&s, PROOF_NONE);
}


static void test_once(void **state)
{
	struct sender s = good;
	char *nonce = challenge(false);
	(void)state;

	check_nonce(&s, nonce, PROOF_GOOD);
	check_nonce(&s, nonce, PROOF_STALE);

	/* A higher count makes it no better */
	s.nc = "00000002";
	check_nonce(&s, nonce, PROOF_STALE);

	/* Who does not know the password learns nothing of the nonce */
	s.pass = "wrong";
	check_nonce(&s, nonce, PROOF_NONE);

	mem_deref(nonce);
}


/* Wrong credentials do not use a nonce up */
static void test_retry(void **state)
{
	struct sender s = good;
	char *nonce = challenge(false);
	(void)state;

	s.pass = "wrong";
	check_nonce(&s, nonce, PROOF_NONE);
	check_nonce(&good, nonce, PROOF_GOOD);

	mem_deref(nonce);
}


static void test_stale(void **state)
{
	char *nonce = challenge(false);
	(void)state;

	fake_advance(60000);
	check_nonce(&good, nonce, PROOF_STALE);
	mem_deref(nonce);

	/* One that is none of ours */
	check_nonce(&good, "0123456789", PROOF_STALE);

	nonce = challenge(true);
	check_nonce(&good, nonce, PROOF_GOOD);
	mem_deref(nonce);
}


/* Some answers of another sender, and then a good one */
static void check_several(const struct sender *other, unsigned n,
			  enum proof expected)
{
	struct mbuf *mb = mbuf_alloc(512);
	char *nonce = challenge(false);
	char *first = sender_answer(other, nonce);
	char *last = sender_answer(&good, nonce);
	char *headers;

	assert_non_null(mb);

	while (n--)
		assert_int_equal(mbuf_write_str(mb, first), 0);

	assert_int_equal(mbuf_write_str(mb, last), 0);

	mb->pos = 0;
	assert_int_equal(mbuf_strdup(mb, &headers, mb->end), 0);

	check_headers(headers, expected);

	if (expected == PROOF_GOOD)
		check_headers(headers, PROOF_STALE);

	mem_deref(headers);
	mem_deref(last);
	mem_deref(first);
	mem_deref(nonce);
	mem_deref(mb);
}


static void test_several(void **state)
{
	struct sender other = good, sha256 = good;
	(void)state;

	other.realm = "elsewhere";
	check_several(&other, 1, PROOF_GOOD);

	/* One for each challenge */
	sha256.sha256 = true;
	sha256.algorithm = "SHA-256";
	check_several(&sha256, 1, PROOF_GOOD);

	/* Not for ever */
	check_several(&other, 3, PROOF_GOOD);
	check_several(&other, 4, PROOF_NONE);
}


static void test_possible(void **state)
{
	struct request *req = notify("");
	(void)state;

	assert_true(digest_possible(req));

	fake.auth_pass = "";
	assert_false(digest_possible(req));

	fake.auth_pass = NULL;
	assert_false(digest_possible(req));

	fake.auth_pass = "secret";
	req->ua = NULL;
	assert_false(digest_possible(req));

	mem_deref(req);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_good, setup),
		cmocka_unit_test_setup(test_user, setup),
		cmocka_unit_test_setup(test_wrong, setup),
		cmocka_unit_test_setup(test_algorithms, setup),
		cmocka_unit_test_setup(test_qop, setup),
		cmocka_unit_test_setup(test_uri, setup),
		cmocka_unit_test_setup(test_once, setup),
		cmocka_unit_test_setup(test_retry, setup),
		cmocka_unit_test_setup(test_stale, setup),
		cmocka_unit_test_setup(test_several, setup),
		cmocka_unit_test_setup(test_possible, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
