/**
 * @file test_renew.c  Tests of renew.c
 * links: renew.c fake_uag.c fake_clock.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts.h"
#include "fake_clock.h"
#include "fake_uag.h"


static int setup(void **state)
{
	(void)state;

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

	accounts_renew();
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

	accounts_renew();
	fake_clock_advance(1000);

	assert_int_equal(0, registered());
}


static void test_closed(void **state)
{
	(void)state;

	add(1, 3600);

	accounts_renew();
	renew_close();
	fake_clock_advance(1000);

	assert_int_equal(0, registered());
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_slices),
		TEST(test_that_do_not_register),
		TEST(test_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
