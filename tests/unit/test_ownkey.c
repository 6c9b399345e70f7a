/**
 * @file test_ownkey.c  Tests of phone/ownkey.c: the user's own keys
 * links: phone/call.c phone/chain.c phone/deed.c phone/deed_feature.c
 * links: phone/deed_transfer.c phone/dialer.c phone/event.c phone/feature.c
 * links: phone/feature_file.c phone/feature_given.c phone/incoming.c
 * links: phone/key.c phone/number.c phone/ownkey.c phone/phone.c phone/plan.c
 * links: phone/run.c phone/slot.c
 * links: phone/speed.c phone/talk.c phone/transfer.c phone/volume.c
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
#include "fake_clock.h"
#include "fake_phone.h"


extern unsigned stub_warnings;

static struct ending ending;


static int setup(void **state)
{
	(void)state;

	fake_clock_reset();
	fake_open();
	(void)fake_ua("100", "example.com");

	return calls_init();
}


static int teardown(void **state)
{
	(void)state;

	dialer_close();
	calls_close();
	fake_close();

	return 0;
}


static struct chain *decode(const char *body)
{
	struct chain *chain = NULL;
	struct fault fault = {NULL};
	struct pl pl;

	pl_set_str(&pl, body);
	if (chain_decode(&chain, &pl, &fault))
		fail_msg("%s: %s", body, fault.reason);

	return chain;
}


static void run(const char *body)
{
	struct chain *chain = decode(body);

	memset(&ending, 0xff, sizeof(ending));
	chain_run(chain, &ending);
	mem_deref(chain);
}


static void test_own(void **state)
{
	(void)state;

	fake_key("Door", "dial 700");
	fake_key("Stop", "/hangup");

	run("key=door");
	assert_int_equal(ending.result, RESULT_OK);
	assert_string_equal(ending.detail, "");
	assert_string_equal(fake.command, "dial 700");

	run("key=STOP");
	assert_string_equal(fake.command, "hangup");
}


static void test_own_fails(void **state)
{
	char reply[8192];
	(void)state;

	fake_key("Door", "dail 700");

	fake.command_err = ENOTSUP;
	fake.command_reply = "\n\x1b[1mcommand not found (dail)\nmore\n";
	run("key=Door;1");
	assert_int_equal(ending.result, RESULT_FAILED);
	assert_int_equal(0, strncmp(ending.detail, "Door: [1mcommand not found"
				    " (dail): ", 35));
	assert_null(strstr(ending.detail, "more"));
	assert_false(dialer_typed());

	fake.command_reply = NULL;
	run("key=Door");
	assert_int_equal(0, strncmp(ending.detail, "Door: ", 6));

	memset(reply, 'x', sizeof(reply));
	reply[sizeof(reply)-1] = '\0';
	fake.command_reply = reply;
	run("key=Door");
	assert_int_equal(ending.result, RESULT_FAILED);
}


static struct ending inner;


static void press_again(void)
{
	struct chain *chain = decode("key=Door");

	chain_run(chain, &inner);
	mem_deref(chain);
}


static void test_own_within_own(void **state)
{
	(void)state;

	fake_key("Door", "key Door");
	fake.commandh = press_again;

	run("key=Door");
	assert_int_equal(inner.result, RESULT_FAILED);
	assert_int_equal(ending.result, RESULT_OK);
}


static void test_own_names(void **state)
{
	(void)state;

	stub_warnings = 0;
	assert_int_equal(0, phone_check_keys());
	ownkey_init();
	fake_clock_advance(1);
	assert_int_equal(stub_warnings, 0);

	fake_key("Door", "dial 700");
	assert_int_equal(0, phone_check_keys());
	ownkey_init();
	fake_clock_advance(1);
	assert_int_equal(stub_warnings, 0);

	fake.menu = false;
	assert_int_equal(0, phone_check_keys());
	ownkey_init();
	assert_int_equal(stub_warnings, 0);
	fake_clock_advance(1);
	assert_int_equal(stub_warnings, 1);

	fake_key("l3", "dial 700");
	assert_int_equal(EINVAL, phone_check_keys());
	assert_int_equal(stub_warnings, 2);

	ownkey_close();
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_own),
		TEST(test_own_fails),
		TEST(test_own_within_own),
		TEST(test_own_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
