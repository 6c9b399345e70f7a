/**
 * @file test_ua.c  Tests of compat/ua.c
 * links: compat/ua.c fake_uag.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "compat/compat.h"
#include "fake_uag.h"


static int teardown(void **state)
{
	(void)state;

	fake_uag_reset();

	return 0;
}


static void test_current(void **state)
{
	struct ua *a = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct ua *b = fake_uag_add("sip:2@a.example", "2-x", 60);
	struct ua *c = fake_uag_add("sip:3@a.example", "3-x", 60);
	(void)state;

	/* Another one stays the current one */
	fake_uag.current = b;
	compat_ua_destroy(a);
	assert_ptr_equal(b, fake_uag.current);

	/* The current one hands over */
	compat_ua_destroy(b);
	assert_ptr_equal(c, fake_uag.current);

	/* The last one leaves none */
	compat_ua_destroy(c);
	assert_null(fake_uag.current);
	assert_true(list_isempty(uag_list()));

	compat_ua_destroy(NULL);
}


static void test_select(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	(void)state;

	compat_ua_select(ua);
	assert_ptr_equal(ua, fake_uag.current);
}


static void test_announce(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	(void)state;

	assert_int_equal(0, compat_ua_announce(ua, "Allow-Events", "talk"));
	assert_string_equal("Allow-Events: talk", ua->header);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_current, teardown),
		cmocka_unit_test_teardown(test_select, teardown),
		cmocka_unit_test_teardown(test_announce, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
