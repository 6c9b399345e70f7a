/**
 * @file test_run.c  Tests of phone/run.c: chains that are run
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


static struct ua *ua;
static struct ending ending;


static int setup(void **state)
{
	(void)state;

	fake_clock_reset();
	fake_open();
	ua = fake_ua("100", "example.com");

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


static void check_print(const char *body, const char *printed)
{
	struct chain *chain = decode(body);
	char *str = NULL;

	assert_int_equal(0, re_sdprintf(&str, "%H", chain_print, chain));
	assert_string_equal(str, printed);

	mem_deref(str);
	mem_deref(chain);
}


static enum action action(const char *body)
{
	struct chain *chain = decode(body);
	const enum action is = chain_action(chain);

	assert_int_equal(chain_restarts(chain), is >= ACTION_RESTART);
	mem_deref(chain);

	return is;
}


static void test_order(void **state)
{
	(void)state;

	run("key=OFFHOOK;2;0;0;OK");
	assert_string_equal(fake.uri, "sip:200@example.com");
	assert_int_equal(ending.result, RESULT_OK);
	assert_string_equal(ending.detail, "OK: call 1");
	assert_int_equal(ending.then, ACTION_NONE);
}


/* As in Yealink's own example: the ACK has not come yet */
static void test_answer_and_mute(void **state)
{
	struct call *call = fake_call(ua, CALL_STATE_INCOMING, false);
	(void)state;

	fake_event(COMPAT_CALL_INCOMING, call);

	run("key=ASW;MUTE;5");
	assert_int_equal(ending.result, RESULT_OK);
	assert_string_equal(ending.detail, "");
	assert_true(call->answered);
	assert_true(call->muted);
	assert_string_equal(call->digits, "5_");

	run("key=MUTE");
	assert_false(call->muted);
}


static void test_no_effect(void **state)
{
	(void)state;

	run("key=MUTE");
	assert_int_equal(ending.result, RESULT_NO_EFFECT);
	assert_string_equal(ending.detail, "MUTE: no call is up");

	/* Nothing is no failure: the chain goes on */
	run("key=MUTE;1");
	assert_int_equal(ending.result, RESULT_OK);
	assert_string_equal(ending.detail, "MUTE: no call is up");
	assert_true(dialer_typed());
}


static void test_first_failure(void **state)
{
	(void)state;

	fake.connect_err = ENOTCONN;
	run("key=number=200;1;2");
	assert_int_equal(ending.result, RESULT_FAILED);
	assert_non_null(strstr(ending.detail, "number=200: "));
	assert_non_null(strstr(ending.detail, "2 of 3 keys were not"));
	assert_false(dialer_typed());
}


static void test_no_account(void **state)
{
	(void)state;

	mem_deref(ua);
	run("number=200");
	assert_int_equal(ending.result, RESULT_FAILED);
	assert_string_equal(ending.detail, "number=200: no account");
}


static void test_long_detail(void **state)
{
	char body[256] = "key=MUTE";
	int i;
	(void)state;

	for (i=1; i<CHAIN_MAX; i++)
		strncat(body, ";UNHOLD", sizeof(body) - strlen(body) - 1);

	run(body);
	assert_int_equal(ending.result, RESULT_NO_EFFECT);
	assert_int_equal(strlen(ending.detail), sizeof(ending.detail) - 1);
}


static void test_handed_back(void **state)
{
	(void)state;

	run("key=AutoP");
	assert_int_equal(ending.then, ACTION_RESYNC);
	assert_string_equal(ending.detail, "");

	/* Off, and so nothing */
	run("key=Reset;1");
	assert_int_equal(ending.then, ACTION_NONE);
	assert_int_equal(ending.result, RESULT_OK);

	/* What stands behind it is pressed all the same */
	run("key=AutoP;2");
	assert_int_equal(ending.result, RESULT_OK);
	assert_int_equal(ending.then, ACTION_RESYNC);
	assert_string_equal(ending.detail, "");

	run("key=Reboot;OK;AutoP");
	assert_int_equal(ending.then, ACTION_RESTART);
	assert_string_equal(fake.uri, "sip:12@example.com");
	assert_string_equal(ending.detail, "OK: call 1");
}


static void test_action(void **state)
{
	(void)state;

	fake_key("Door", "dial 700");

	assert_int_equal(action("key=OK"), ACTION_KEY);
	assert_int_equal(action("key=AutoP"), ACTION_KEY);
	assert_int_equal(action("key=OK;reboot;X"), ACTION_RESTART);
	assert_int_equal(action("key=Reset;Reboot"), ACTION_RESET);
	assert_int_equal(action("key=Door;Door"), ACTION_COMMAND);
	assert_int_equal(action("key=Door;OK"), ACTION_KEY);
	assert_int_equal(action("key=Door;Reboot"), ACTION_RESTART);
}


static void test_call_number(void **state)
{
	struct chain *hold = decode("key=HOLD"), *ok = decode("key=OK");
	struct call *call;
	(void)state;

	assert_int_equal(chain_call(hold), 0);
	assert_int_equal(chain_call(NULL), 0);

	call = fake_call(ua, CALL_STATE_ESTABLISHED, false);
	fake_event(COMPAT_CALL_ESTABLISHED, call);

	assert_int_equal(chain_call(hold), 1);
	assert_int_equal(chain_call(ok), 0);

	mem_deref(hold);
	mem_deref(ok);
}


/* A PIN must not stand in the journal */
static void test_digits(void **state)
{
	struct call *call;
	(void)state;

	check_print("key=1;2;3", "1;2;3");
	check_print("key=OFFHOOK;L1;2;OK;4;5", "OFFHOOK;L1;2;OK;digit;digit");
	check_print("key=ASW;1;2;#", "ASW;digit;digit;digit");
	check_print("number=200;1;POUND", "number=200;digit;digit");

	call = fake_call(ua, CALL_STATE_INCOMING, false);
	fake_event(COMPAT_CALL_INCOMING, call);
	check_print("key=1;STAR", "digit;digit");

	call->state = CALL_STATE_ESTABLISHED;
	check_print("key=1;HOLD:1", "digit;HOLD:1");

	call->onhold = true;
	run("key=7");
	assert_string_equal(ending.detail, "digit: the call is held");

	call->onhold = false;
	fake.digit_err = EINVAL;
	run("key=7");
	assert_int_equal(ending.result, RESULT_FAILED);
	assert_null(strchr(ending.detail, '7'));
	assert_int_equal(0, strncmp(ending.detail, "digit: ", 7));
}


static void test_talk(void **state)
{
	const struct pl talk = PL("talk"), hold = PL("hold");
	struct call *a = fake_call(ua, CALL_STATE_INCOMING, false);
	struct call *b = fake_call(ua, CALL_STATE_ESTABLISHED, true);
	struct chain *chain = NULL;
	struct pl id;
	(void)state;

	/* The dialog decides, not what rings */
	pl_set_str(&id, b->id);
	assert_int_equal(0, chain_talk(&chain, event_find(&hold), &id));
	chain_run(chain, &ending);
	assert_true(b->onhold);
	chain_run(chain, &ending);
	assert_int_equal(ending.result, RESULT_NO_EFFECT);
	assert_true(b->onhold);
	mem_deref(chain);

	assert_int_equal(0, chain_talk(&chain, event_find(&talk), &id));
	chain_run(chain, &ending);
	assert_false(b->onhold);
	assert_false(a->answered);
	chain_run(chain, &ending);
	assert_int_equal(ending.result, RESULT_NO_EFFECT);
	mem_deref(chain);

	pl_set_str(&id, a->id);
	assert_int_equal(0, chain_talk(&chain, event_find(&talk), &id));
	chain_run(chain, &ending);
	assert_true(a->answered);
	assert_true(b->onhold);
	mem_deref(chain);

	pl_set_str(&id, "gone");
	assert_int_equal(0, chain_talk(&chain, event_find(&talk), &id));
	chain_run(chain, &ending);
	assert_string_equal(ending.detail, "talk: there is no such call");
	mem_deref(chain);
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_order),
		TEST(test_answer_and_mute),
		TEST(test_no_effect),
		TEST(test_first_failure),
		TEST(test_no_account),
		TEST(test_long_detail),
		TEST(test_handed_back),
		TEST(test_action),
		TEST(test_call_number),
		TEST(test_digits),
		TEST(test_talk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
