/**
 * @file test_feature.c  Tests of phone/feature.c
 * links: phone/call.c phone/chain.c phone/deed.c phone/dialer.c phone/event.c
 * links: phone/feature.c phone/key.c phone/number.c phone/ownkey.c
 * links: phone/phone.c phone/plan.c phone/run.c phone/slot.c phone/talk.c
 * links: request.c grammar.c fake_phone.c fake_calls.c fake_clock.c
 * links: stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "phone/phone.h"
#include "phone/room.h"
#include "fake_phone.h"


extern unsigned stub_warnings;


static int setup(void **state)
{
	(void)state;

	stub_warnings = 0;
	fake_open();

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	feature_close();
	fake_close();

	return 0;
}


static void test_refuse(void **state)
{
	(void)state;

	assert_int_equal(0, feature_init());
	assert_false(feature_dnd());
	assert_false(fake_request("INVITE", ""));

	feature_dnd_set(true);
	assert_true(fake_request("INVITE", ""));
	assert_int_equal(fake.replied, 480);

	/* A call that is up goes on */
	fake.replied = 0;
	assert_false(fake_request("INVITE", "tag"));
	assert_false(fake_request("BYE", "tag"));
	assert_false(fake_request("OPTIONS", ""));
	assert_false(fake_request("NOTIFY", ""));
	assert_int_equal(fake.replied, 0);

	feature_dnd_set(false);
	assert_false(fake_request("INVITE", ""));
	assert_int_equal(fake.replied, 0);
}


static void test_kept(void **state)
{
	(void)state;

	assert_int_equal(0, feature_init());
	feature_dnd_set(true);
	feature_dnd_set(true);
	assert_int_equal(fake.writes, 1);

	feature_close();
	assert_false(feature_dnd());
	assert_int_equal(0, feature_init());
	assert_true(feature_dnd());
	assert_true(fake_request("INVITE", ""));

	feature_dnd_set(false);
	feature_close();
	assert_int_equal(0, feature_init());
	assert_false(feature_dnd());
	assert_int_equal(stub_warnings, 0);
}


static void test_damaged(void **state)
{
	static const char *textv[] = {"", "\n", "dnd", "xyz\n", "dnd \xff"};
	size_t i;
	(void)state;

	fake.has_file = true;

	for (i=0; i<RE_ARRAY_SIZE(textv); i++) {

		(void)re_snprintf(fake.file, sizeof(fake.file), "%s",
				  textv[i]);

		assert_int_equal(0, feature_init());
		assert_false(feature_dnd());
		assert_int_equal(stub_warnings, i + 1);
		feature_close();
	}
}


static void test_full_disk(void **state)
{
	(void)state;

	assert_int_equal(0, feature_init());

	fake.write_err = ENOSPC;
	feature_dnd_set(true);
	assert_true(feature_dnd());
	assert_int_equal(stub_warnings, 1);

	fake.worker_err = ENOMEM;
	feature_dnd_set(false);
	assert_false(feature_dnd());
	assert_int_equal(stub_warnings, 2);
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_refuse),
		TEST(test_kept),
		TEST(test_damaged),
		TEST(test_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
