/**
 * @file test_refusal.c  Tests of refusal.c
 * links: provision/refusal.c fake_clock.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "provision/room.h"
#include "provision/proof.h"
#include "fake_clock.h"


enum {
	HOUR = 3600,
};

static struct refusal ref;


static int setup(void **state)
{
	(void)state;

	fake_clock_reset();
	memset(&ref, 0, sizeof(ref));

	return 0;
}


static void test_left(void **state)
{
	(void)state;

	assert_int_equal(0, refusal_left(&ref, NULL));

	refusal_add(&ref, "a");
	assert_int_equal(HOUR, refusal_left(&ref, "a"));
	assert_int_equal(HOUR, refusal_left(&ref, NULL));
	assert_int_equal(0, refusal_left(&ref, "b"));

	fake_clock_advance(HOUR * 1000 - 1);
	assert_int_equal(1, refusal_left(&ref, "a"));
	fake_clock_advance(1);
	assert_int_equal(0, refusal_left(&ref, "a"));
}


/* An hour, doubling to a day; another version begins anew */
static void test_doubling(void **state)
{
	static const uint32_t hourv[] = {1, 2, 4, 8, 16, 24, 24};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(hourv); i++) {
		refusal_add(&ref, "a");
		assert_int_equal(hourv[i] * HOUR, refusal_left(&ref, "a"));
	}

	refusal_add(&ref, "b");
	assert_int_equal(HOUR, refusal_left(&ref, "b"));
	assert_int_equal(0, refusal_left(&ref, "a"));
}


/* Over a start in the same boot it goes on, over a boot it begins anew */
static void test_resume(void **state)
{
	(void)state;

	refusal_resume(&ref);
	assert_int_equal(0, refusal_left(&ref, NULL));

	refusal_add(&ref, "a");
	fake_clock_advance(1000 * 1000);
	refusal_resume(&ref);
	assert_int_equal(HOUR - 1000, refusal_left(&ref, "a"));

	str_ncpy(ref.boot, "another", sizeof(ref.boot));
	ref.until = 1;
	refusal_resume(&ref);
	assert_int_equal(HOUR, refusal_left(&ref, "a"));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_left, setup),
		cmocka_unit_test_setup(test_doubling, setup),
		cmocka_unit_test_setup(test_resume, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
