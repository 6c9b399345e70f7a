/**
 * @file test_handover.c  Tests of handover.c: what is handed over
 * links: restart/handover.c request.c fake_handover.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "restart/restart.h"
#include "fake_handover.h"


static void test_arguments(void **state)
{
	(void)state;

	assert_int_equal(EINVAL, handover_write(NULL, done_handler));
	assert_int_equal(EINVAL, handover_write(req, NULL));
	assert_null(handover_get());
}


static void test_handed_over(void **state)
{
	const struct handover *ho;
	(void)state;

	order();
	assert_int_equal(0, fake.done_err);
	assert_null(strstr(fake.handover.text, "nonce"));

	/* The next process */
	fake.now += 5 * 1000;
	assert_int_equal(0, handover_init());
	assert_false(fake.handover.there);

	ho = handover_get();
	assert_non_null(ho);
	assert_string_equal("20261121-42", ho->serial);
	assert_int_equal(DOOR_NOTIFY, ho->door);
	assert_int_equal(ACTION_RESTART, ho->action);
	assert_int_equal(req->token, ho->token);
	assert_int_equal(200, ho->answer.scode);
	assert_string_equal("OK", ho->answer.reason);
	assert_string_equal("taken: as it is, or so", ho->answer.warning);
	assert_string_equal("", ho->answer.challenge);

	/* and the one after that, which nobody ordered */
	assert_int_equal(0, handover_init());
	assert_null(handover_get());
}


static void assert_token(uint64_t token)
{
	const struct handover *ho;

	assert_int_equal(0, handover_init());

	ho = handover_get();
	assert_non_null(ho);
	assert_string_equal("20261121-42", ho->serial);
	assert_int_equal(token, ho->token);
}


/* After 32 s no retransmission comes any more; the journal waits longer */
static void test_token_age(void **state)
{
	(void)state;

	order();
	fake.now += 32 * 1000;
	assert_token(req->token);

	order();
	fake.now += 32 * 1000 + 1;
	assert_token(0);
}


/* The machine was started anew, and its clock with it */
static void test_token_boot(void **state)
{
	(void)state;

	order();
	fake.boot = boot_b;
	fake.now = 20 * 1000;
	assert_token(0);

	/* Even where both clocks show the same */
	fake.boot = boot_a;
	assert_int_equal(0, handover_init());
	order();
	fake.boot = boot_b;
	assert_token(0);
}


static void test_write_fails(void **state)
{
	(void)state;

	fake.write_err = ENOSPC;
	order();
	assert_int_not_equal(0, fake.done_err);

	assert_int_equal(0, handover_init());
	assert_null(handover_get());

	fake.worker_err = ESHUTDOWN;
	assert_int_equal(ESHUTDOWN, handover_write(req, done_handler));
}


/* The restart does not happen after all, and the write waits in the queue */
static void test_drop(void **state)
{
	(void)state;

	assert_int_equal(0, handover_write(req, done_handler));
	handover_drop();
	work();

	assert_int_equal(0, handover_init());
	assert_null(handover_get());

	/* Those that were ordered count nevertheless */
	assert_true(fake.restarts.there);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, handover_setup, \
						   handover_teardown)


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arguments),
		TEST(test_handed_over),
		TEST(test_token_age),
		TEST(test_token_boot),
		TEST(test_write_fails),
		TEST(test_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
