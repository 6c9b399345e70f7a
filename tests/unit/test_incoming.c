/**
 * @file test_incoming.c  Tests of phone/incoming.c
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


static void set(enum feature_id id, const char *target, uint32_t seconds)
{
	struct pl pl;

	pl_set_str(&pl, target ? target : "");
	feature_set(id, true, &pl, seconds);
}


static void assert_forwarded(const char *uri)
{
	char contact[128];

	(void)re_snprintf(contact, sizeof(contact),
			  "Contact: <%s>\r\nContent-Length: 0\r\n\r\n", uri);

	assert_true(fake_invite("100", "x"));
	assert_int_equal(fake.replied, 302);
	assert_string_equal(fake.contact, contact);
}


/* An INVITE that rings */
static struct call *rings(void)
{
	struct call *call = fake_call(ua, CALL_STATE_INCOMING, false);

	assert_false(fake_invite("100", call->id));
	fake_event(COMPAT_CALL_INCOMING, call);

	return call;
}


static void test_dnd(void **state)
{
	(void)state;

	assert_false(fake_request("INVITE", ""));

	set(FEATURE_DND, NULL, 0);
	assert_true(fake_request("INVITE", ""));
	assert_int_equal(fake.replied, 480);

	/* A call that is up goes on */
	fake.replied = 0;
	assert_false(fake_request("INVITE", "tag"));
	assert_false(fake_request("BYE", "tag"));
	assert_false(fake_request("OPTIONS", ""));
	assert_false(fake_request("NOTIFY", ""));
	assert_int_equal(fake.replied, 0);

	feature_set(FEATURE_DND, false, NULL, 0);
	assert_false(fake_request("INVITE", ""));
	assert_int_equal(fake.replied, 0);
}


static void test_always(void **state)
{
	(void)state;

	set(FEATURE_ALWAYS, "200", 0);
	assert_forwarded("sip:200@example.com");

	/* The one who wants to be reached elsewhere is, DND or not */
	set(FEATURE_DND, NULL, 0);
	assert_forwarded("sip:200@example.com");

	set(FEATURE_ALWAYS, "sip:300@10.0.0.1:5070", 0);
	assert_forwarded("sip:300@10.0.0.1:5070");

	/* To nobody: baresip says 404, and the target is not told */
	feature_set(FEATURE_DND, false, NULL, 0);
	assert_false(fake_invite("999", "x"));
	assert_false(fake_request("INVITE", "tag"));

	/* sips: cannot be had here: it rings */
	pl_set_str(&ua->luri.params, ";transport=udp");
	set(FEATURE_ALWAYS, "sips:300", 0);
	assert_false(fake_invite("100", "x"));
}


static void test_busy(void **state)
{
	struct call *call;
	(void)state;

	set(FEATURE_BUSY, "200", 0);
	assert_false(fake_invite("100", "x"));

	call = fake_call(ua, CALL_STATE_ESTABLISHED, false);
	assert_false(fake_invite("100", "x"));

	feature_set(FEATURE_CALL_WAITING, false, NULL, 0);
	assert_forwarded("sip:200@example.com");

	feature_set(FEATURE_BUSY, false, NULL, 0);
	assert_true(fake_invite("100", "x"));
	assert_int_equal(fake.replied, 486);

	call->state = CALL_STATE_INCOMING;
	assert_true(fake_invite("100", "x"));
	assert_int_equal(fake.replied, 486);

	set(FEATURE_CALL_WAITING, NULL, 0);
	assert_false(fake_invite("100", "x"));

	feature_set(FEATURE_CALL_WAITING, false, NULL, 0);
	mem_deref(call);
	assert_false(fake_invite("100", "x"));
}


static void test_no_answer(void **state)
{
	struct call *a, *b;
	(void)state;

	set(FEATURE_NO_ANSWER, "200", 24);
	a = mem_ref(rings());
	fake_clock_advance(20000);
	b = mem_ref(rings());
	assert_int_equal(fake.ends, 0);

	fake_clock_advance(4000);
	assert_int_equal(a->state, CALL_STATE_TERMINATED);
	assert_int_equal(fake.ended, 302);
	assert_string_equal(fake.contact, "sip:200@example.com");
	assert_int_equal(b->state, CALL_STATE_INCOMING);

	fake_clock_advance(20000);
	assert_int_equal(b->state, CALL_STATE_TERMINATED);
	assert_int_equal(fake.ends, 2);

	mem_deref(a);
	mem_deref(b);
}


static void test_answered_in_time(void **state)
{
	struct call *a, *b, *c;
	(void)state;

	set(FEATURE_NO_ANSWER, "200", 24);
	a = rings();
	assert_int_equal(0, talk_take(a));

	/* Given up by the caller, and not rung at all */
	b = rings();
	fake_hangup(b);
	assert_false(fake_invite("100", "nobody"));
	c = fake_call(ua, CALL_STATE_INCOMING, false);
	fake_event(COMPAT_CALL_INCOMING, c);

	fake_clock_advance(60000);
	assert_int_equal(fake.ends, 0);

	/* Switched off: what rings then rings on */
	feature_set(FEATURE_NO_ANSWER, false, NULL, 0);
	(void)rings();
	fake_clock_advance(60000);
	assert_int_equal(fake.ends, 0);
}


static void test_closed_while_ringing(void **state)
{
	(void)state;

	set(FEATURE_NO_ANSWER, "200", 24);
	(void)rings();
	assert_false(fake_invite("100", "next"));
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_dnd),
		TEST(test_always),
		TEST(test_busy),
		TEST(test_no_answer),
		TEST(test_answered_in_time),
		TEST(test_closed_while_ringing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
