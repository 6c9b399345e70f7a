/**
 * @file test_nonce.c  Tests of nonce.c
 * links: guard/nonce.c request.c fake_guard.c
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


static struct request *req;


static struct pl issue(char *buf)
{
	struct pl pl;

	assert_int_equal(nonce_issue(buf, req), 0);
	assert_int_equal(strlen(buf), NONCE_LEN);

	pl_set_str(&pl, buf);

	return pl;
}


static int setup(void **state)
{
	(void)state;

	fake_reset();

	if (fake_request(&req, "udp:192.0.2.1:5060", NULL))
		return -1;

	return nonce_init();
}


static int teardown(void **state)
{
	(void)state;

	req = mem_deref(req);

	return 0;
}


static void test_fresh(void **state)
{
	char buf[NONCE_LEN + 1];
	const struct pl nonce = issue(buf);
	(void)state;

	assert_true(nonce_valid(&nonce, req));

	fake_advance(59999);
	assert_true(nonce_valid(&nonce, req));

	fake_advance(1);
	assert_false(nonce_valid(&nonce, req));
}


static void test_unique(void **state)
{
	char a[NONCE_LEN + 1], b[NONCE_LEN + 1];
	const struct pl first = issue(a), second = issue(b);
	(void)state;

	/* Issued in the same microsecond */
	assert_string_not_equal(a, b);

	nonce_spend(&first);
	assert_false(nonce_valid(&first, req));
	assert_true(nonce_valid(&second, req));
}


static void test_bound(void **state)
{
	char buf[NONCE_LEN + 1];
	const struct pl nonce = issue(buf);
	const struct sa addr = req->source.addr;
	(void)state;

	assert_int_equal(sa_set_str(&req->source.addr, "192.0.2.2", 5060), 0);
	assert_false(nonce_valid(&nonce, req));

	/* The port does not count: TCP may come from another one */
	req->source.addr = addr;
	sa_set_port(&req->source.addr, 1024);
	assert_true(nonce_valid(&nonce, req));

	req->account = mem_deref(req->account);
	assert_false(nonce_valid(&nonce, req));

	assert_int_equal(str_dup(&req->account, "sip:bob@pbx.example"), 0);
	assert_false(nonce_valid(&nonce, req));
}


static void test_forged(void **state)
{
	char buf[NONCE_LEN + 1];
	struct pl nonce = issue(buf);
	size_t i;
	(void)state;

	for (i=0; i<NONCE_LEN; i++) {
		const char c = buf[i];

		buf[i] = c == '0' ? '1' : '0';
		assert_false(nonce_valid(&nonce, req));
		buf[i] = c;
	}

	assert_true(nonce_valid(&nonce, req));

	--nonce.l;
	assert_false(nonce_valid(&nonce, req));

	nonce.l = 0;
	assert_false(nonce_valid(&nonce, req));

	memset(buf, 'z', NONCE_LEN);
	nonce.l = NONCE_LEN;
	assert_false(nonce_valid(&nonce, req));
}


/* Nothing from before a restart is good after it */
static void test_restart(void **state)
{
	char buf[NONCE_LEN + 1];
	const struct pl nonce = issue(buf);
	(void)state;

	assert_int_equal(nonce_init(), 0);
	assert_false(nonce_valid(&nonce, req));
}


/* None is good twice, however many are used */
static void test_many_used(void **state)
{
	static char bufv[1000][NONCE_LEN + 1];
	struct pl nonce;
	size_t i;
	(void)state;

	for (i=0; i<1000; i++) {
		nonce = issue(bufv[i]);
		fake_advance(1);
	}

	/* In another order than they were issued */
	for (i=0; i<1000; i++) {
		pl_set_str(&nonce, bufv[(i * 7) % 1000]);

		if (nonce_valid(&nonce, req))
			nonce_spend(&nonce);
	}

	for (i=0; i<1000; i++) {
		pl_set_str(&nonce, bufv[i]);
		assert_false(nonce_valid(&nonce, req));
	}

	nonce = issue(bufv[0]);
	assert_true(nonce_valid(&nonce, req));
}


static void test_arguments(void **state)
{
	char buf[NONCE_LEN + 1];
	const struct pl nonce = issue(buf);
	(void)state;

	assert_int_equal(nonce_issue(NULL, req), EINVAL);
	assert_int_equal(nonce_issue(buf, NULL), EINVAL);
	assert_false(nonce_valid(NULL, req));
	assert_false(nonce_valid(&nonce, NULL));

	nonce_spend(NULL);
	nonce_spend(&pl_null);
	assert_true(nonce_valid(&nonce, req));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fresh, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unique, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bound, setup, teardown),
		cmocka_unit_test_setup_teardown(test_forged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_restart, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_used, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_arguments, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
