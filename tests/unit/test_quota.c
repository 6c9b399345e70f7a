/**
 * @file test_quota.c  Tests of quota.c
 * links: guard/quota.c request.c fake_guard.c
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


static struct sa address(unsigned n)
{
	struct sa sa;

	sa_set_in(&sa, 0x0a000000 + n, 5060);

	return sa;
}


/* How many are accepted at once? */
static unsigned burst(const struct sa *sa)
{
	unsigned n = 0;

	while (!quota_wait(sa) && n < 100000) {
		quota_take(sa);
		++n;
	}

	return n;
}


static int setup(void **state)
{
	(void)state;

	fake_reset();
	quota_close();

	return 0;
}


static void test_burst(void **state)
{
	const struct sa sa = address(1);
	(void)state;

	assert_int_equal(burst(&sa), 50);
	assert_int_equal(quota_wait(&sa), 1);

	fake_advance(99);
	assert_int_equal(burst(&sa), 0);

	fake_advance(1);
	assert_int_equal(burst(&sa), 1);

	fake_advance(1000);
	assert_int_equal(burst(&sa), 10);

	/* However long it was silent, it gets no more than a burst */
	fake_advance(3600 * 1000);
	assert_int_equal(burst(&sa), 50);
}


static void test_rates(void **state)
{
	const struct sa sa = address(1);
	(void)state;

	fake.settings.quota = 1;
	assert_int_equal(burst(&sa), 5);

	quota_close();
	fake.settings.quota = 1000;
	assert_int_equal(burst(&sa), 5000);
}


static void test_wait_is_enough(void **state)
{
	const struct sa sa = address(1);
	uint32_t wait;
	(void)state;

	fake.settings.quota = 1;
	(void)burst(&sa);

	fake_advance(300);

	wait = quota_wait(&sa);
	assert_int_equal(wait, 1);

	fake_advance(wait * 1000);
	assert_int_equal(quota_wait(&sa), 0);
}


static void test_asking_is_free(void **state)
{
	const struct sa sa = address(1);
	unsigned i;
	(void)state;

	for (i=0; i<1000; i++)
		assert_int_equal(quota_wait(&sa), 0);

	assert_int_equal(burst(&sa), 50);
}


static void test_sources(void **state)
{
	struct sa a = address(1), b = address(2), v6;
	(void)state;

	assert_int_equal(burst(&a), 50);
	assert_int_equal(burst(&b), 50);

	/* Another port is no other source */
	sa_set_port(&a, 1024);
	assert_int_equal(burst(&a), 0);

	assert_int_equal(sa_set_str(&v6, "2001:db8::1", 5060), 0);
	assert_int_equal(burst(&v6), 50);
	assert_int_equal(burst(&v6), 0);
}


/* The table is bounded; those who ask most stay in it */
static void test_many_sources(void **state)
{
	const struct sa busy = address(1);
	unsigned i;
	(void)state;

	assert_int_equal(burst(&busy), 50);

	for (i=2; i<=256; i++) {
		const struct sa sa = address(i);

		assert_int_equal(quota_wait(&sa), 0);
		quota_take(&sa);
	}

	assert_int_equal(quota_wait(&busy), 1);

	fake_advance(100);
	assert_int_equal(burst(&busy), 1);

	for (i=1000; i<1255; i++) {
		const struct sa sa = address(i);

		quota_take(&sa);
	}

	assert_int_equal(quota_wait(&busy), 1);

	/* The 256th other one takes its place */
	for (; i<1256; i++) {
		const struct sa sa = address(i);

		quota_take(&sa);
	}

	assert_int_equal(quota_wait(&busy), 0);
}


/* Who takes another's place does not take his debts */
static void test_place_taken(void **state)
{
	struct sa sa;
	unsigned i;
	(void)state;

	for (i=0; i<256; i++) {
		sa = address(i);
		assert_int_equal(burst(&sa), 50);
	}

	sa = address(i);
	assert_int_equal(burst(&sa), 50);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_burst, setup),
		cmocka_unit_test_setup(test_rates, setup),
		cmocka_unit_test_setup(test_wait_is_enough, setup),
		cmocka_unit_test_setup(test_asking_is_free, setup),
		cmocka_unit_test_setup(test_sources, setup),
		cmocka_unit_test_setup(test_many_sources, setup),
		cmocka_unit_test_setup(test_place_taken, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
