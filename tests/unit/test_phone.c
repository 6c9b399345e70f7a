/**
 * @file test_phone.c  Tests of phone/phone.c
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
#include "settings/settings.h"
#include "phone/phone.h"
#include "phone/room.h"
#include "fake_clock.h"
#include "fake_phone.h"


static struct ua *ua;


static int setup(void **state)
{
	(void)state;

	fake_clock_reset();
	fake_open();
	ua = fake_ua("100", "example.com");

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	phone_close();
	fake_close();

	return 0;
}


static void test_announce(void **state)
{
	struct ua *next;
	(void)state;

	/* Those that are there, and those that are made */
	assert_int_equal(0, phone_init());
	assert_string_equal(ua->announced, "Allow-Events: talk, hold");
	next = fake_ua("200", "example.com");
	fake_settings()->remote_control = CONSENT_DENY;
	phone_announce(next);
	assert_string_equal(next->announced, "");
	fake_settings()->remote_control = CONSENT_ASK;
	phone_announce(next);
	assert_string_equal(next->announced, "Allow-Events: talk, hold");
}


static void check_print(const char *line)
{
	char *str = NULL;

	assert_int_equal(0, re_sdprintf(&str, "%H", phone_print, NULL));
	assert_string_equal(str, line);
	mem_deref(str);
}


static void test_print(void **state)
{
	struct call *a, *b;
	(void)state;

	assert_int_equal(0, phone_init());
	check_print("idle");

	dialer_type('1');
	check_print("dialling");

	a = fake_call(ua, CALL_STATE_RINGING, true);
	fake_event(COMPAT_CALL_RINGING, a);
	check_print("calling, call 1 calling");

	a->state = CALL_STATE_ESTABLISHED;
	check_print("talking, call 1 talking");

	feature_set(FEATURE_DND, true, NULL, 0);
	assert_int_equal(0, talk_hold(a));
	check_print("held, do not disturb, call 1 held");

	b = fake_call(ua, CALL_STATE_INCOMING, false);
	fake_event(COMPAT_CALL_INCOMING, b);
	check_print("ringing, do not disturb, call 1 held, call 2 ringing");

	fake_hangup(a);
	mem_deref(b);
	feature_set(FEATURE_DND, false, NULL, 0);
	check_print("idle");
}


static void test_dialog(void **state)
{
	struct call *call;
	struct pl id;
	(void)state;

	assert_int_equal(0, phone_init());

	call = fake_call(ua, CALL_STATE_ESTABLISHED, true);
	pl_set_str(&id, call->id);
	assert_true(phone_dialog(&id));

	call->state = CALL_STATE_TERMINATED;
	assert_false(phone_dialog(&id));
	assert_false(phone_dialog(&pl_null));
}


static void test_own_key(void **state)
{
	(void)state;

	fake_key("Reboot", "quit");
	assert_int_equal(EINVAL, phone_check_keys());
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_announce),
		TEST(test_print),
		TEST(test_dialog),
		TEST(test_own_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
