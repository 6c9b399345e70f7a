/**
 * @file test_call.c  Tests of phone/call.c, slot.c and talk.c
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


static struct ua *ua, *ua2;


static int setup(void **state)
{
	(void)state;

	fake_clock_reset();
	fake_open();
	ua = fake_ua("100", "example.com");
	ua2 = fake_ua("200", "example.com");

	return calls_init();
}


static int teardown(void **state)
{
	(void)state;

	calls_close();
	fake_close();

	return 0;
}


static struct call *incoming(struct ua *to)
{
	struct call *call = fake_call(to, CALL_STATE_INCOMING, false);

	fake_event(COMPAT_CALL_INCOMING, call);

	return call;
}


static struct call *talking(struct ua *to)
{
	struct call *call = fake_call(to, CALL_STATE_ESTABLISHED, false);

	fake_event(COMPAT_CALL_ESTABLISHED, call);

	return call;
}


static void test_phase(void **state)
{
	static const struct {
		enum call_state state;
		bool outgoing;
		enum phase phase;
	} rowv[] = {
		{CALL_STATE_IDLE,        true,  PHASE_IDLE},
		{CALL_STATE_INCOMING,    false, PHASE_RINGING},
		{CALL_STATE_EARLY,       false, PHASE_RINGING},
		{CALL_STATE_OUTGOING,    true,  PHASE_CALLING},
		{CALL_STATE_RINGING,     true,  PHASE_CALLING},
		{CALL_STATE_EARLY,       true,  PHASE_CALLING},
		{CALL_STATE_ESTABLISHED, true,  PHASE_CALL},
		{CALL_STATE_ESTABLISHED, false, PHASE_CALL},
		{CALL_STATE_TERMINATED,  false, PHASE_IDLE},
		{CALL_STATE_UNKNOWN,     false, PHASE_IDLE},
	};
	struct call *call;
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(rowv); i++) {
		call = fake_call(ua, rowv[i].state, rowv[i].outgoing);
		assert_int_equal(calls_phase(call), rowv[i].phase);
		mem_deref(call);
	}

	assert_int_equal(calls_phase(NULL), PHASE_IDLE);
}


static void test_numbers(void **state)
{
	struct call *a, *b, *c;
	struct pl id;
	(void)state;

	a = incoming(ua2);
	b = incoming(ua);
	assert_int_equal(calls_number(a), 1);
	assert_int_equal(calls_number(b), 2);

	assert_ptr_equal(calls_nth(1), a);
	assert_ptr_equal(calls_nth(2), b);
	assert_null(calls_nth(0));
	assert_null(calls_nth(3));

	pl_set_str(&id, b->id);
	assert_ptr_equal(calls_dialog(&id), b);
	pl_set_str(&id, "call-id-9");
	assert_null(calls_dialog(&id));
	assert_null(calls_dialog(NULL));

	/* A number is never given twice */
	fake_hangup(b);
	assert_null(calls_nth(2));

	c = incoming(ua);
	assert_int_equal(calls_number(c), 3);
	assert_int_equal(calls_number(a), 1);
	assert_int_equal(calls_number(NULL), 0);
}


static void test_no_id(void **state)
{
	struct call *call = fake_call(ua, CALL_STATE_OUTGOING, true);
	(void)state;

	/* With STUN the INVITE, and so the Call-ID, comes later */
	call->id[0] = '\0';
	assert_int_equal(calls_number(call), 0);
	assert_ptr_equal(calls_up(NULL), call);

	(void)re_snprintf(call->id, sizeof(call->id), "late");
	assert_int_equal(calls_number(call), 1);
}


static void test_bounded(void **state)
{
	int i;
	(void)state;

	/* Calls of an account that is destroyed go without an event */
	for (i=0; i<100; i++)
		mem_deref(incoming(ua));

	(void)incoming(ua);
	assert_int_equal(list_count(slot_list()), 1);
}


static void test_which(void **state)
{
	struct call *held1, *held2, *active, *ring1, *ring2, *own;
	(void)state;

	assert_null(calls_up(NULL));
	assert_null(calls_held());

	ring1 = incoming(ua2);
	ring2 = incoming(ua);
	assert_ptr_equal(calls_ringing(NULL), ring1);
	assert_ptr_equal(calls_ringing(ua), ring2);
	assert_null(calls_up(NULL));

	held1 = talking(ua);
	held2 = talking(ua);
	assert_int_equal(0, talk_hold(held2));
	assert_int_equal(0, talk_hold(held1));
	assert_ptr_equal(calls_up(NULL), held1);
	assert_ptr_equal(calls_held(), held1);
	assert_null(calls_active(NULL));

	active = talking(ua2);
	assert_ptr_equal(calls_up(NULL), active);
	assert_ptr_equal(calls_active(NULL), active);
	assert_null(calls_active(active));
	assert_ptr_equal(calls_up(ua), held1);

	own = fake_call(ua, CALL_STATE_RINGING, true);
	assert_ptr_equal(calls_up(NULL), own);
	assert_ptr_equal(calls_calling(), own);
}


static void test_held_elsewhere(void **state)
{
	struct call *a = talking(ua), *b = talking(ua2);
	(void)state;

	/* Held on the console: the newest is taken for the last */
	a->onhold = b->onhold = true;
	assert_ptr_equal(calls_held(), b);
}


static void test_answer(void **state)
{
	struct call *active = talking(ua), *ring = incoming(ua2);
	(void)state;

	assert_int_equal(0, talk_take(ring));
	assert_true(ring->answered);
	assert_true(active->onhold);
	assert_ptr_equal(fake.selected, ua2);

	/* The ACK has not come yet */
	assert_int_equal(ring->state, CALL_STATE_INCOMING);
	assert_int_equal(calls_phase(ring), PHASE_CALL);
	assert_null(calls_ringing(NULL));
	assert_ptr_equal(calls_up(NULL), ring);
}


static void test_answer_fails(void **state)
{
	struct call *active = talking(ua), *ring = incoming(ua2);
	(void)state;

	fake.answer_err = ENODEV;
	assert_int_equal(ENODEV, talk_take(ring));
	assert_int_equal(calls_phase(ring), PHASE_RINGING);

	active->onhold = false;
	fake.hold_err = EPROTO;
	fake.answer_err = 0;
	assert_int_equal(EPROTO, talk_take(ring));
	assert_false(ring->answered);

	assert_int_equal(EINVAL, talk_take(NULL));
}


static void test_answer_while_calling(void **state)
{
	struct call *own = fake_call(ua, CALL_STATE_RINGING, true);
	struct call *ring = incoming(ua2);
	(void)state;

	mem_ref(own);
	assert_int_equal(0, talk_take(ring));
	assert_int_equal(own->state, CALL_STATE_TERMINATED);
	assert_int_equal(fake.ended, 0);
	assert_true(ring->answered);
	mem_deref(own);
}


static void test_resume(void **state)
{
	struct call *a = talking(ua), *b = talking(ua2);
	(void)state;

	a->onhold = true;
	assert_int_equal(0, talk_take(a));
	assert_false(a->onhold);
	assert_true(b->onhold);
	assert_false(a->answered);
	assert_ptr_equal(calls_held(), b);
}


static void test_end(void **state)
{
	(void)state;

	talk_end(incoming(ua));
	assert_int_equal(fake.ended, 486);

	talk_end(talking(ua));
	assert_int_equal(fake.ended, 0);
	assert_int_equal(fake.ends, 2);

	assert_int_equal(list_count(slot_list()), 0);
}


static void test_connect(void **state)
{
	struct call *active = talking(ua);
	uint32_t no = 0;
	(void)state;

	assert_int_equal(0, talk_connect(ua2, "sip:1@x", &no));
	assert_int_equal(no, 2);
	assert_true(active->onhold);
	assert_ptr_equal(fake.selected, ua2);

	assert_int_equal(EINVAL, talk_connect(NULL, "sip:1@x", &no));
	assert_int_equal(EINVAL, talk_connect(ua, NULL, &no));
}


static void test_connect_fails(void **state)
{
	struct call *active = talking(ua);
	uint32_t no = 0;
	(void)state;

	fake.connect_err = EADDRNOTAVAIL;
	assert_int_equal(EADDRNOTAVAIL, talk_connect(ua2, "sip:1@x", &no));
	assert_false(active->onhold);

	fake.connect_err = 0;
	fake.hold_err = EPROTO;
	assert_int_equal(EPROTO, talk_connect(ua2, "sip:1@x", &no));
	assert_int_equal(fake.connects, 0);
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_phase),
		TEST(test_numbers),
		TEST(test_no_id),
		TEST(test_bounded),
		TEST(test_which),
		TEST(test_held_elsewhere),
		TEST(test_answer),
		TEST(test_answer_fails),
		TEST(test_answer_while_calling),
		TEST(test_resume),
		TEST(test_end),
		TEST(test_connect),
		TEST(test_connect_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
