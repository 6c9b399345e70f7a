/**
 * @file test_speed.c  Tests of phone/speed.c and deed_feature.c
 * links: phone/call.c phone/chain.c phone/deed.c phone/deed_feature.c
 * links: phone/deed_transfer.c phone/dialer.c phone/event.c phone/feature.c
 * links: phone/feature_file.c phone/feature_given.c phone/incoming.c
 * links: phone/key.c phone/number.c phone/ownkey.c phone/phone.c phone/plan.c
 * links: phone/run.c phone/slot.c
 * links: phone/speed.c phone/talk.c phone/transfer.c phone/volume.c
 * links: request.c grammar.c fake_phone.c fake_calls.c fake_clock.c
 * links: stub_baresip.c
 * links: profile/profile.c profile/account.c profile/note.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "profile/profile.h"
#include "phone/phone.h"
#include "phone/room.h"
#include "fake_clock.h"
#include "fake_phone.h"


static struct ua *ua, *ua2;
static struct profile *prof;
static struct ending ending;


static int setup(void **state)
{
	(void)state;

	fake_clock_reset();
	fake_open();
	ua = fake_ua("100", "example.com");
	ua2 = fake_ua("200", "example.net");

	if (phone_init() || profile_alloc(&prof))
		return -1;

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	mem_deref(prof);
	phone_close();
	fake_close();

	return 0;
}


static void key(bool memory, unsigned n, enum profile_key_kind kind,
		int32_t line, const char *value)
{
	struct profile_key *k;

	assert_int_equal(0, profile_key_add(prof, memory, n, &k));
	k->kind = kind;
	k->line = line;
	if (value)
		assert_int_equal(0, str_dup(&k->value, value));
}


static void account(unsigned line, const char *voicemail)
{
	struct profile_account *acc;

	assert_int_equal(0, profile_account_add(prof, line, &acc));
	if (voicemail)
		assert_int_equal(0, str_dup(&acc->voicemail, voicemail));
}


static void run(const char *body)
{
	struct chain *chain = NULL;
	struct fault fault = {NULL};
	struct pl pl;

	pl_set_str(&pl, body);
	assert_int_equal(0, chain_decode(&chain, &pl, &fault));

	fake.uri[0] = '\0';
	chain_run(chain, &ending);
	mem_deref(chain);

	if (fake.uri[0])
		list_flush(&fake.from->calls);
}


static void test_speed_dial(void **state)
{
	(void)state;

	run("key=D1");
	assert_int_equal(ending.result, RESULT_NO_EFFECT);

	key(true, 1, PROFILE_KEY_DIAL, -1, "301");
	key(true, 2, PROFILE_KEY_DIAL, 2, "302");
	key(true, 3, PROFILE_KEY_LINE, 2, NULL);
	key(false, 7, PROFILE_KEY_DIAL, 1, "305");
	key(true, 4, PROFILE_KEY_DIAL, 9, "304");
	phone_features_set(prof);

	run("key=D1");
	assert_string_equal(fake.uri, "sip:301@example.com");
	run("key=D2");
	assert_string_equal(fake.uri, "sip:302@example.net");
	run("key=D3");
	assert_string_equal(fake.uri, "sip:304@example.com");
	run("key=D4");
	assert_string_equal(fake.uri, "sip:305@example.com");
	run("key=D5");
	assert_string_equal(ending.detail,
			    "D5: no speed dial was provisioned for it");

	/* The one before it comes back */
	phone_features_set(NULL);
	run("key=D1");
	assert_int_equal(ending.result, RESULT_NO_EFFECT);
}


static void test_lines(void **state)
{
	(void)state;

	key(false, 1, PROFILE_KEY_LINE, 2, NULL);
	key(false, 2, PROFILE_KEY_DIAL, 1, "300");
	key(false, 3, PROFILE_KEY_LINE, 9, NULL);
	phone_features_set(prof);

	run("key=L1;5;OK");
	assert_string_equal(fake.uri, "sip:5@example.net");
	run("key=L2");
	assert_string_equal(fake.uri, "sip:300@example.com");
	run("key=L3");
	assert_string_equal(ending.detail, "L3: there is no such account");
	run("key=L4");
	assert_string_equal(ending.detail, "L4: there is no such account");
}


/* After a line key that dials, digits are DTMF */
static void test_print(void **state)
{
	struct chain *chain = NULL;
	struct fault fault = {NULL};
	const struct pl pl = PL("key=L2;1;L1");
	char *str = NULL;
	(void)state;

	key(false, 2, PROFILE_KEY_DIAL, 1, "300");
	phone_features_set(prof);

	assert_int_equal(0, chain_decode(&chain, &pl, &fault));
	assert_int_equal(0, re_sdprintf(&str, "%H", chain_print, chain));
	assert_string_equal(str, "L2;digit;L1");
	mem_deref(str);
	mem_deref(chain);
}


static void test_voicemail(void **state)
{
	(void)state;

	run("key=MSG");
	assert_string_equal(ending.detail,
			    "MSG: no voice mail was provisioned");

	account(2, "*98");
	phone_features_set(prof);
	run("key=MSG");
	assert_string_equal(fake.uri, "sip:*98@example.net");

	account(1, "*97");
	run("key=MSG");
	assert_string_equal(fake.uri, "sip:*97@example.com");
}


static void test_no_account(void **state)
{
	(void)state;

	key(true, 1, PROFILE_KEY_DIAL, -1, "301");
	phone_features_set(prof);

	mem_deref(ua);
	mem_deref(ua2);
	run("key=D1");
	assert_string_equal(ending.detail, "D1: no account");
}


static void test_switches(void **state)
{
	(void)state;

	run("key=AlwaysFwdOn=300;NoAnswFwdOn=400=24;CallWaitingOff;DNDOn");
	assert_int_equal(ending.result, RESULT_OK);
	assert_string_equal(feature_get(FEATURE_ALWAYS, NULL)->target, "300");
	assert_int_equal(feature_get(FEATURE_NO_ANSWER, NULL)->seconds, 24);
	assert_false(feature_on(FEATURE_CALL_WAITING, NULL));
	assert_true(feature_on(FEATURE_DND, NULL));

	run("key=AlwaysFwdOff;NoAnswFwdOff;CallWaitingOn;DNDOff;BusyFwdOn=5");
	assert_false(feature_on(FEATURE_ALWAYS, NULL));
	assert_false(feature_on(FEATURE_NO_ANSWER, NULL));
	assert_true(feature_on(FEATURE_CALL_WAITING, NULL));
	assert_false(feature_on(FEATURE_DND, NULL));
	assert_string_equal(feature_get(FEATURE_BUSY, NULL)->target, "5");
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_speed_dial),
		TEST(test_lines),
		TEST(test_print),
		TEST(test_voicemail),
		TEST(test_no_account),
		TEST(test_switches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
