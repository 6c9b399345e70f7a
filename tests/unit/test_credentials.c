/**
 * @file test_credentials.c  Tests of credentials.c
 * links: guard/credentials.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "guard/guard.h"
#include "guard/room.h"


#define REST ", realm=\"r\", nonce=\"n\", uri=\"sip:u\", response=\"0\""

static int decode(struct credentials *cred, const char *text)
{
	struct pl pl;

	pl_set_str(&pl, text);

	return credentials_decode(cred, &pl);
}


static void check_algorithm(const char *text, const char *expected)
{
	struct credentials cred;

	assert_int_equal(decode(&cred, text), 0);

	if (expected)
		assert_int_equal(pl_strcmp(&cred.algorithm, expected), 0);
	else
		assert_false(pl_isset(&cred.algorithm));
}


static void test_all(void **state)
{
	struct credentials cred;
	(void)state;

	assert_int_equal(decode(&cred,
		"Digest username=\"alice\", realm=\"provnotify\","
		" nonce=\"0123\", uri=\"sip:alice@192.0.2.9:5060\","
		" qop=auth, nc=00000001, cnonce=\"a,b\","
		" response=\"abcd\", algorithm=MD5"), 0);

	assert_int_equal(pl_strcmp(&cred.resp.username, "alice"), 0);
	assert_int_equal(pl_strcmp(&cred.resp.realm, "provnotify"), 0);
	assert_int_equal(pl_strcmp(&cred.resp.nonce, "0123"), 0);
	assert_int_equal(pl_strcmp(&cred.resp.uri,
				   "sip:alice@192.0.2.9:5060"), 0);
	assert_int_equal(pl_strcmp(&cred.resp.qop, "auth"), 0);
	assert_int_equal(pl_strcmp(&cred.resp.nc, "00000001"), 0);
	assert_int_equal(pl_strcmp(&cred.resp.cnonce, "a,b"), 0);
	assert_int_equal(pl_strcmp(&cred.resp.response, "abcd"), 0);
	assert_int_equal(pl_strcmp(&cred.algorithm, "MD5"), 0);
}


static void test_algorithm(void **state)
{
	(void)state;

	check_algorithm("Digest username=\"u\"" REST, NULL);
	check_algorithm("Digest username=\"u\"" REST ",algorithm=SHA-256",
			"SHA-256");
	check_algorithm("Digest algorithm=\"MD5\",username=\"u\"" REST,
			"MD5");
	check_algorithm("Digest username=\"u\"" REST ", Algorithm = md5 ",
			"md5");
	check_algorithm("Digest username=\"u\"" REST ", algorithm=", NULL);
}


static void test_bad(void **state)
{
	struct credentials cred;
	char text[4096];
	(void)state;

	assert_int_not_equal(decode(&cred, ""), 0);
	assert_int_not_equal(decode(&cred, "Basic YWxpY2U6c2VjcmV0"), 0);
	assert_int_not_equal(decode(&cred, "Digest"), 0);
	assert_int_not_equal(decode(&cred, "Digest username=\"u\""), 0);
	assert_int_not_equal(decode(&cred, "Digest username" REST), 0);

	assert_true(re_snprintf(text, sizeof(text),
				"Digest username=\"u\"" REST) > 0);
	assert_int_equal(decode(&cred, text), 0);

	memset(text + strlen(text), ' ', 1024);
	text[1024] = '\0';
	assert_int_equal(decode(&cred, text), 0);

	text[1024] = ' ';
	text[2049] = '\0';
	assert_int_equal(decode(&cred, text), EMSGSIZE);

	assert_int_equal(credentials_decode(&cred, NULL), EINVAL);
	assert_int_equal(credentials_decode(NULL, &pl_null), EINVAL);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_algorithm),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
