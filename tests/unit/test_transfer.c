/**
 * @file test_transfer.c  Tests of phone/transfer.c and deed_transfer.c
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

	return phone_init();
}


static int teardown(void **state)
{
	(void)state;

	phone_close();
	fake_close();

	return 0;
}


static void run(const char *body, enum result result, const char *detail)
{
	struct chain *chain = NULL;
	struct fault fault = {NULL};
	struct pl pl;

	pl_set_str(&pl, body);
	assert_int_equal(0, chain_decode(&chain, &pl, &fault));

	chain_run(chain, &ending);
	mem_deref(chain);

	assert_int_equal(ending.result, result);
	assert_string_equal(ending.detail, detail);
}


static void ok(const char *body)
{
	run(body, RESULT_OK, "");
}


static struct call *talking(void)
{
	struct call *call = fake_call(ua, CALL_STATE_ESTABLISHED, false);

	fake_event(COMPAT_CALL_ESTABLISHED, call);

	return call;
}


/* The newest call is answered by its other party */
static struct call *answered(const char *to_tag)
{
	struct call *call = list_ledata(list_tail(&ua->calls));

	fake_answer(call, 183, "early");
	fake_answer(call, 200, to_tag);
	call->state = CALL_STATE_ESTABLISHED;
	fake_event(COMPAT_CALL_ESTABLISHED, call);

	return call;
}


static void assert_phone(const char *text)
{
	char *str = NULL;

	assert_int_equal(0, re_sdprintf(&str, "%H", phone_print, NULL));
	assert_string_equal(str, text);
	mem_deref(str);
}


static void test_blind(void **state)
{
	struct call *call = talking();
	(void)state;

	ok("key=F_TRANSFER");
	assert_true(call->onhold);
	assert_phone("transferring, call 1 transferring");
	run("key=F_TRANSFER", RESULT_NO_EFFECT,
	    "F_TRANSFER: nothing was typed");
	run("key=OK", RESULT_NO_EFFECT, "OK: nothing was typed");

	ok("key=3;0;0");
	assert_string_equal(call->digits, "");
	ok("key=F_TRANSFER");
	assert_string_equal(call->refer, "<sip:300@example.com>");
	assert_phone("held, call 1 held");
}


static void test_btrans(void **state)
{
	struct call *call = talking();
	(void)state;

	ok("key=BTrans=sip:300@10.0.0.1:5070");
	assert_string_equal(call->refer, "<sip:300@10.0.0.1:5070>");
	assert_false(call->onhold);

	fake.transfer_err = EPROTO;
	run("key=BTrans=300", RESULT_FAILED, "BTrans=300: Protocol error");

	pl_set_str(&ua->luri.params, ";transport=udp");
	run("key=BTrans=sips:300", RESULT_FAILED,
	    "BTrans=sips:300: Protocol not supported");

	mem_deref(call);
	run("key=BTrans=300", RESULT_NO_EFFECT,
	    "BTrans=300: no call is up");
}


static void test_typing_ends(void **state)
{
	struct call *call = talking();
	(void)state;

	ok("key=F_TRANSFER;3;X");
	assert_phone("held, call 1 held");
	assert_int_equal(fake.ends, 0);

	/* Resumed: no transfer any more */
	ok("key=F_TRANSFER;3;F_HOLD");
	assert_phone("talking, call 1 talking");
	ok("key=3");
	assert_string_equal(call->digits, "3_");

	/* It lapses */
	ok("key=F_TRANSFER;3");
	fake_clock_advance(30000);
	assert_phone("held, call 1 held");

	/* Its call ends */
	ok("key=F_TRANSFER;3");
	fake_hangup(call);
	assert_phone("idle");

	call = mem_ref(talking());
	ok("key=F_TRANSFER;3;CANCEL:2");
	assert_int_equal(call->state, CALL_STATE_TERMINATED);
	mem_deref(call);
	assert_phone("idle");

	call = mem_ref(talking());
	ok("key=F_TRANSFER;3;CALLEND");
	assert_int_equal(call->state, CALL_STATE_TERMINATED);
	mem_deref(call);
	assert_phone("idle");
}


static void test_hold_fails(void **state)
{
	(void)state;

	(void)talking();
	fake.hold_err = EPROTO;
	run("key=F_TRANSFER", RESULT_FAILED, "F_TRANSFER: Protocol error");
	assert_phone("talking, call 1 talking");
}


static void test_complete(void **state)
{
	struct call *first = talking(), *second;
	(void)state;

	run("key=F_TRANSFER;3;0;0;OK", RESULT_OK, "OK: call 2");
	assert_string_equal(fake.uri, "sip:300@example.com");
	assert_phone("calling, call 1 held, call 2 calling");

	/* Nothing while it rings */
	run("key=F_TRANSFER", RESULT_NO_EFFECT,
	    "F_TRANSFER: a call of our own rings there");

	second = answered("theirs");
	assert_phone("consulting, call 1 held, call 2 consulting");
	ok("key=5");
	assert_string_equal(second->digits, "5_");

	ok("key=F_TRANSFER");
	assert_string_equal(first->refer, "call-id-2 ours theirs");

	/* Its parties are connected */
	mem_ref(second);
	fake.eventh(COMPAT_CALL_CLOSED, ua, first, "Call transfered", NULL);
	assert_int_equal(second->state, CALL_STATE_TERMINATED);
	mem_deref(second);
}


/* After SWAP too it is the first that is told to call the second */
static void test_complete_swapped(void **state)
{
	struct call *first = talking(), *second;
	(void)state;

	run("key=ATrans=300", RESULT_OK, "ATrans=300: call 2");
	second = answered("theirs");
	ok("key=SWAP");
	assert_false(first->onhold);
	assert_true(second->onhold);
	assert_phone("consulting, call 1 consulting, call 2 held");

	ok("key=F_TRANSFER");
	assert_string_equal(first->refer, "call-id-2 ours theirs");
	assert_string_equal(second->refer, "");

	/* He has hung up meanwhile: nobody was connected */
	fake_hangup(first);
	assert_int_equal(second->state, CALL_STATE_ESTABLISHED);
	assert_phone("held, call 2 held");
}


static void test_late_id(void **state)
{
	struct call *second;
	(void)state;

	(void)talking();
	fake.late_id = true;
	ok("key=ATrans=300");
	second = list_ledata(list_tail(&ua->calls));
	(void)re_snprintf(second->id, sizeof(second->id), "late");
	(void)answered("theirs");
	assert_phone("consulting, call 1 held, call 2 consulting");
}


static void test_dropped(void **state)
{
	struct call *first = talking(), *second;
	(void)state;

	run("key=ATrans=300", RESULT_OK, "ATrans=300: call 2");
	(void)answered("theirs");
	ok("key=X");
	assert_int_equal(fake.ends, 1);
	assert_phone("held, call 1 held");
	assert_false(slot_partner(first));

	/* By the other party: baresip must not resume the first */
	run("key=ATrans=300", RESULT_OK, "ATrans=300: call 3");
	second = answered("theirs");
	fake_event(COMPAT_CALL_CLOSED, second);
	assert_true(first->parked);
	fake_clock_advance(0);
	assert_false(first->parked);

	/* A call that is none of a consultation is left alone */
	second->state = CALL_STATE_TERMINATED;
	fake_event(COMPAT_CALL_CLOSED, talking());
	assert_false(first->parked);
}


static void test_consult_fails(void **state)
{
	struct call *call = talking(), *other;
	(void)state;

	fake.connect_err = ENODEV;
	run("key=ATrans=300", RESULT_FAILED, "ATrans=300: no account");
	assert_false(call->onhold);

	/* The next call is no consultation */
	fake.connect_err = 0;
	run("number=400", RESULT_OK, "number=400: call 2");
	other = answered("theirs");
	assert_null(slot_partner(other));
}


static void test_failed(void **state)
{
	struct call *call = talking();
	(void)state;

	/* baresip's own transfers are its own business */
	fake_event(COMPAT_CALL_TRANSFER_FAILED, call);
	assert_false(call->kept);

	ok("key=BTrans=300");
	fake_event(COMPAT_CALL_TRANSFER_FAILED, call);
	assert_true(call->kept);

	run("key=ATrans=300", RESULT_OK, "ATrans=300: call 2");
	(void)answered("theirs");
	fake.transfer_err = EPROTO;
	run("key=F_TRANSFER", RESULT_FAILED, "F_TRANSFER: Protocol error");
}


/* What answers a re-INVITE, or somebody else's INVITE */
static void test_tags(void **state)
{
	struct call *call;
	(void)state;

	(void)talking();
	run("key=ATrans=300", RESULT_OK, "ATrans=300: call 2");
	call = answered("theirs");
	fake_answer(call, 200, "other");
	assert_string_equal(slot_find(call)->rtag, "theirs");

	call->id[0] = 'X';
	fake_answer(call, 200, "other");
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_blind),
		TEST(test_btrans),
		TEST(test_typing_ends),
		TEST(test_hold_fails),
		TEST(test_complete),
		TEST(test_complete_swapped),
		TEST(test_late_id),
		TEST(test_dropped),
		TEST(test_consult_fails),
		TEST(test_failed),
		TEST(test_tags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
