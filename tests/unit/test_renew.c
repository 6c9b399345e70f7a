/**
 * @file test_renew.c  Tests of renew.c
 * links: accounts/renew.c fake_uag.c fake_clock.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <time.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "fake_clock.h"
#include "fake_uag.h"


static bool monotonic;          /**< libre counts in that time          */


uint64_t tmr_jiffies(void)
{
	struct timespec ts;

	(void)clock_gettime(monotonic ? CLOCK_MONOTONIC : CLOCK_REALTIME,
			    &ts);

	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}


static int setup(void **state)
{
	(void)state;

	monotonic = false;

	fake_uag_reset();
	fake_clock_reset();

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	renew_close();
	fake_uag_reset();

	return 0;
}


static void add(unsigned n, uint32_t regint)
{
	char uri[64], cuser[32];
	unsigned i;

	for (i=0; i<n; i++) {
		(void)re_snprintf(uri, sizeof(uri), "sip:%u@192.0.2.1", i);
		(void)re_snprintf(cuser, sizeof(cuser), "%u-0x%x", i, i);
		assert_non_null(fake_uag_add(uri, cuser, regint));
	}
}


/* How many have registered; none may have done so twice */
static unsigned registered(void)
{
	unsigned n = 0;
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next) {
		const struct ua *ua = le->data;

		assert_in_range(ua->registers, 0, 1);
		n += ua->registers;
	}

	return n;
}


static void test_slices(void **state)
{
	unsigned before = 0, turns = 0;
	(void)state;

	add(201, 3600);

	assert_true(accounts_renew(-3600000));
	assert_int_equal(0, registered());

	while (registered() < 201) {
		fake_clock_turn();
		assert_in_range(registered() - before, 1, 50);
		before = registered();
		++turns;
	}

	assert_int_equal(5, turns);

	fake_clock_advance(1000);
	assert_int_equal(201, registered());
}


static void test_that_do_not_register(void **state)
{
	(void)state;

	add(3, 0);

	assert_true(accounts_renew(-3600000));
	fake_clock_advance(1000);

	assert_int_equal(0, registered());
}


static void test_closed(void **state)
{
	(void)state;

	add(1, 3600);

	assert_true(accounts_renew(-3600000));
	renew_close();
	fake_clock_advance(1000);

	assert_int_equal(0, registered());
}


/* What jumps with the clock registers by itself after a step forward, or does
   not and is seen to */
static void test_which_steps(void **state)
{
	const struct {
		int64_t by;
		bool monotonic;
		bool renewed;
		unsigned later;         /**< Of two, one of them registered */
	} testv[] = {
		{-3600000, false, true,  2},
		{-2000,    false, true,  2},
		{-1999,    false, false, 0},
		{0,        false, false, 0},
		{1999,     false, false, 0},
		{2000,     false, false, 1},
		{3600000,  false, false, 1},
		{-3600000, true,  false, 0},
		{0,        true,  false, 0},
		{1999,     true,  false, 0},
		{2000,     true,  true,  2},
		{3600000,  true,  true,  2},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		monotonic = testv[i].monotonic;
		fake_uag_reset();
		add(2, 3600);
		((struct ua *)list_ledata(list_head(uag_list())))->registered =
			true;

		assert_int_equal(testv[i].renewed,
				 accounts_renew(testv[i].by));
		fake_clock_advance(1000);
		assert_int_equal(testv[i].renewed ? 2 : 0, registered());
		fake_clock_advance(5000);
		assert_int_equal(testv[i].later, registered());
	}
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_slices),
		TEST(test_that_do_not_register),
		TEST(test_closed),
		TEST(test_which_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
