/**
 * @file test_login.c  Tests of guard/login.c
 * links: guard/login.c guard/digest.c guard/nonce.c guard/credentials.c
 * links: guard/refusal.c request.c fake_guard.c getter.c sender.c
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
#include "getter.h"
#include "sender.h"


#define TARGET "/servlet?key=OK"

static char admin[] = "admin", secret[] = "s:cret";

static const struct sender good = {
	.method    = "GET",
	.user      = "admin",
	.pass      = "s:cret",
	.realm     = "provnotify",
	.uri       = TARGET,
	.qop       = "auth",
	.nc        = "00000001",
	.cnonce    = "0a4f113b",
	.algorithm = "MD5",
};

static struct answer answer;


static int setup(void **state)
{
	(void)state;

	fake_reset();
	login_close();
	fake.settings.http_user = admin;
	fake.settings.http_password = secret;

	return nonce_init();
}


static uint16_t ask_from(const char *source, const char *headers)
{
	struct request *req = getter_make(source, TARGET, headers);
	bool refused;

	answer_set(&answer, 200, "OK");
	refused = login_refused(req, &answer);
	mem_deref(req);

	assert_true(refused == (answer.scode != 200));

	return answer.scode;
}


static uint16_t ask(const char *headers)
{
	return ask_from("192.0.2.1", headers);
}


static void basic(char *buf, size_t size, const char *login)
{
	char b64[512];
	size_t len = sizeof(b64);

	assert_int_equal(base64_encode((const uint8_t *)login, strlen(login),
				       b64, &len), 0);
	assert_true(re_snprintf(buf, size, "Authorization: Basic %b\r\n",
				b64, len) > 0);
}


static uint16_t ask_basic(const char *login)
{
	char buf[768];

	basic(buf, sizeof(buf), login);

	return ask(buf);
}


static void test_none(void **state)
{
	char *nonce;
	int i;
	(void)state;

	/* To ask is no guess */
	for (i=0; i<10; i++)
		assert_int_equal(ask(""), 401);

	nonce = sender_challenged(answer.challenge, false);
	mem_deref(nonce);

	fake.settings.http_user = NULL;
	assert_int_equal(ask(""), 200);
	assert_int_equal(ask_basic("any:body"), 200);
}


static void test_basic(void **state)
{
	static const char *badv[] = {
		"admin:wrong", "admin:", "admin", ":s:cret", "Admin:s:cret",
		"admin:s:cret ", "admin:s:cre", "", "admin:s", ":", "s:cret",
	};
	size_t i;
	(void)state;

	assert_int_equal(ask_basic("admin:s:cret"), 200);
	assert_int_equal(ask("authorization: BASIC YWRtaW46czpjcmV0\r\n"),
			 200);

	for (i=0; i<sizeof(badv)/sizeof(badv[0]); i++) {

		login_close();

		if (ask_basic(badv[i]) != 401)
			fail_msg("%s", badv[i]);
	}

	fake.settings.http_password = NULL;
	assert_int_equal(ask_basic("admin:"), 200);
	assert_int_equal(ask_basic("admin:s:cret"), 401);
}


static void test_rubbish(void **state)
{
	static const char *badv[] = {
		"", "Basic", "Basic ", "Basic ====", "Basic !", "Bearer x",
		"Basic YWRtaW46czpjcmV", "BasicYWRtaW46czpjcmV0", "Digest",
		"Digest username=\"admin\"",
	};
	char buf[4096];
	size_t i;
	(void)state;

	for (i=0; i<sizeof(badv)/sizeof(badv[0]); i++) {

		login_close();

		(void)re_snprintf(buf, sizeof(buf), "Authorization: %s\r\n",
				  badv[i]);
		if (ask(buf) != 401)
			fail_msg("%s", badv[i]);
	}

	(void)re_snprintf(buf, sizeof(buf),
			  "Authorization: Basic %02000u\r\n", 0);
	assert_int_equal(ask(buf), 401);
}


/* The first header counts: with several one could guess several times */
static void test_several(void **state)
{
	char buf[256];
	(void)state;

	(void)re_snprintf(buf, sizeof(buf), "Authorization: Basic x\r\n"
			  "Authorization: Basic YWRtaW46czpjcmV0\r\n");
	assert_int_equal(ask(buf), 401);
}


static void test_query(void **state)
{
	struct request *req = getter_make("192.0.2.1", TARGET, "");
	struct http_get *get = (struct http_get *)req->get;
	(void)state;

	pl_set_str(&get->user, admin);
	pl_set_str(&get->password, secret);
	assert_false(login_refused(req, &answer));

	pl_set_str(&get->password, "wrong");
	assert_true(login_refused(req, &answer));
	assert_int_equal(answer.scode, 401);

	get->password = pl_null;
	assert_true(login_refused(req, &answer));

	mem_deref(req);
}


static uint16_t ask_digest(const struct sender *s, const char *nonce)
{
	char *header = sender_answer(s, nonce);
	const uint16_t scode = ask(header);

	mem_deref(header);

	return scode;
}


static char *challenge(void)
{
	assert_int_equal(ask(""), 401);

	return sender_challenged(answer.challenge, false);
}


static void check_digest(const struct sender *s, uint16_t scode)
{
	char *nonce = challenge();

	login_close();
	assert_int_equal(ask_digest(s, nonce), scode);
	mem_deref(nonce);
}


static void test_digest(void **state)
{
	struct sender s = good;
	(void)state;

	check_digest(&s, 200);

	s.algorithm = "SHA-256";
	s.sha256 = true;
	check_digest(&s, 200);

	s = good;
	s.qop = NULL;
	check_digest(&s, 200);

	s = good;
	s.uri = "/servlet?key=X";
	check_digest(&s, 401);

	s = good;
	s.method = "POST";
	check_digest(&s, 401);

	s = good;
	s.user = "root";
	check_digest(&s, 401);

	s = good;
	s.pass = "wrong";
	check_digest(&s, 401);

	s = good;
	s.realm = "other";
	check_digest(&s, 401);
}


/* A nonce that is over is no guess: nobody could know without the password */
static void test_stale(void **state)
{
	char *nonce = challenge();
	char *again;
	int i;
	(void)state;

	assert_int_equal(ask_digest(&good, nonce), 200);

	for (i=0; i<10; i++)
		assert_int_equal(ask_digest(&good, nonce), 401);

	again = sender_challenged(answer.challenge, true);
	assert_int_equal(ask_digest(&good, again), 200);
	mem_deref(nonce);
	mem_deref(again);

	nonce = challenge();
	fake_advance(61 * 1000);
	assert_int_equal(ask_digest(&good, nonce), 401);
	mem_deref(nonce);
}


static void test_locked_out(void **state)
{
	int i;
	(void)state;

	for (i=0; i<5; i++) {
		assert_int_equal(ask_basic("admin:wrong"), 401);
		fake_advance(10 * 1000);
	}

	assert_int_equal(ask_basic("admin:s:cret"), 429);
	assert_int_equal(answer.retry_after, 10);
	assert_int_equal(ask(""), 429);

	/* Only that one */
	assert_int_equal(ask_from("192.0.2.2", "Authorization: Basic"
				  " YWRtaW46czpjcmV0\r\n"), 200);

	/* What is not even looked at is no guess */
	assert_int_equal(ask_basic("admin:wrong"), 429);
	fake_advance(10 * 1000);
	assert_int_equal(ask_basic("admin:s:cret"), 200);

	/* Four of them are within a minute still */
	assert_int_equal(ask_basic("admin:wrong"), 401);
	assert_int_equal(ask_basic("admin:s:cret"), 429);
	fake_advance(60 * 1000);
	assert_int_equal(ask_basic("admin:s:cret"), 200);
}


/* However many there are: the table is full, the quietest one goes */
static void test_many(void **state)
{
	char source[32];
	int i, k;
	(void)state;

	for (i=0; i<200; i++) {

		(void)re_snprintf(source, sizeof(source), "198.51.100.%d", i);

		for (k=0; k<5; k++) {
			assert_int_equal(ask_from(source, "Authorization:"
						  " Basic x\r\n"), 401);
			fake_advance(1);
		}

		assert_int_equal(ask_from(source, ""), 429);
	}

	assert_int_equal(ask_from("198.51.100.199", ""), 429);
	assert_int_equal(ask_from("198.51.100.0", ""), 401);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_none, setup),
		cmocka_unit_test_setup(test_basic, setup),
		cmocka_unit_test_setup(test_rubbish, setup),
		cmocka_unit_test_setup(test_several, setup),
		cmocka_unit_test_setup(test_query, setup),
		cmocka_unit_test_setup(test_digest, setup),
		cmocka_unit_test_setup(test_stale, setup),
		cmocka_unit_test_setup(test_locked_out, setup),
		cmocka_unit_test_setup(test_many, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
