/**
 * @file test_compat_call.c  Tests of compat/call.c, as for 1.0.0
 * links: compat/call.c fake_uag.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "fake_uag.h"


static unsigned closed;
static uint16_t replied;
static char header[128];


/* libre: instead of its own, which would need a SIP stack */
int sip_replyf(struct sip *sip, const struct sip_msg *msg, uint16_t scode,
	       const char *reason, const char *fmt, ...)
{
	va_list ap;
	(void)sip;
	(void)msg;
	(void)reason;

	assert_int_equal(0, closed);
	replied = scode;

	va_start(ap, fmt);
	(void)re_vsnprintf(header, sizeof(header), fmt, ap);
	va_end(ap);

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	fake_uag_reset();

	return 0;
}


static void event_handler(struct ua *ua, enum ua_event ev, struct call *call,
			  const char *prm, void *arg)
{
	(void)call;
	(void)prm;
	(void)arg;

	/* While its end is told, the call is still there */
	if (ev == UA_EVENT_CALL_CLOSED) {
		++closed;
		assert_int_equal(2, list_count(ua_calls(ua)));
	}
}


static void test_end(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct call *held = fake_uag_call(ua);
	struct call *call = fake_uag_call(ua);
	(void)state;

	closed = 0;
	assert_int_equal(0, uag_event_register(event_handler, NULL));

	compat_call_end(call, 486, NULL);

	assert_int_equal(1, closed);
	assert_int_equal(1, fake_uag.hangups);
	assert_int_equal(0, fake_uag.resumes);
	assert_int_equal(1, list_count(ua_calls(ua)));
	assert_ptr_equal(held, ua_call(ua));
}


static void test_redirect(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct call *call;
	struct sip_msg msg;
	(void)state;

	(void)fake_uag_call(ua);
	call = fake_uag_call(ua);

	closed = 0;
	assert_int_equal(0, uag_event_register(event_handler, NULL));

	/* The 302 is out before the call says 486 */
	compat_call_redirect(call, &msg, "sip:2@a.example");
	assert_int_equal(302, replied);
	assert_string_equal("Contact: <sip:2@a.example>\r\n"
			    "Content-Length: 0\r\n\r\n", header);
	assert_int_equal(1, closed);
	assert_int_equal(1, fake_uag.hangups);
}


static void test_keep(void **state)
{
	struct call *call;
	(void)state;

	call = fake_uag_call(fake_uag_add("sip:1@a.example", "1-x", 60));

	/* What baresip takes away after the event */
	compat_call_keep(call);
	mem_deref(call);
	assert_int_equal(1, mem_nrefs(call));
}


static void test_park(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct ua *other = fake_uag_add("sip:2@a.example", "2-x", 60);
	struct call *a = fake_uag_call(ua), *b = fake_uag_call(ua);
	struct call *c = fake_uag_call(ua), *d = fake_uag_call(ua);
	struct call *e = fake_uag_call(other);
	(void)state;

	a->onhold = b->onhold = d->onhold = e->onhold = true;
	compat_calls_unpark(NULL);

	/* All held ones but itself, of its own account */
	compat_calls_park(d);
	assert_int_equal(2, list_count(ua_calls(ua)));
	assert_ptr_equal(d, ua_call(ua));
	assert_int_equal(1, list_count(ua_calls(other)));

	/* One may end meanwhile */
	mem_deref(a);

	/* Who looks finds the rest; the one that is not held stays current */
	assert_int_equal(3, list_count(compat_ua_calls(ua)));
	assert_int_equal(3, list_count(compat_ua_calls(ua)));
	assert_ptr_equal(b, list_ledata(list_head(ua_calls(ua))));
	assert_ptr_equal(d, ua_call(ua));
	mem_deref(d);
	assert_ptr_equal(c, ua_call(ua));
}


/* They keep their order */
static void test_park_order(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct call *a = fake_uag_call(ua), *b = fake_uag_call(ua);
	struct call *c = fake_uag_call(ua);
	(void)state;

	a->onhold = b->onhold = true;
	compat_calls_park(c);
	mem_deref(c);
	compat_calls_unpark(NULL);
	assert_ptr_equal(a, list_ledata(list_head(ua_calls(ua))));
	assert_ptr_equal(b, ua_call(ua));
}


/* An account takes its calls along when it ends */
static void test_park_shutdown(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct call *held = fake_uag_call(ua), *call = fake_uag_call(ua);
	(void)state;

	held->onhold = true;
	compat_calls_park(call);
	list_unlink(&ua->le);
	compat_calls_unpark(ua);
	assert_ptr_equal(held, list_ledata(list_head(ua_calls(ua))));
	mem_deref(ua);
}


/* ... also where nobody is told of that */
static void test_park_gone(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct call *held = fake_uag_call(ua), *call = fake_uag_call(ua);
	(void)state;

	held->onhold = true;
	mem_ref(held);
	compat_calls_park(call);
	list_unlink(&ua->le);
	compat_calls_unpark(NULL);
	assert_int_equal(1, mem_nrefs(held));
	mem_deref(held);
	mem_deref(ua);
}


/* What is parked at the end of a call is back at once */
static void park_handler(struct ua *ua, enum ua_event ev, struct call *call,
			 const char *prm, void *arg)
{
	(void)ua;
	(void)prm;
	(void)arg;

	if (ev == UA_EVENT_CALL_CLOSED)
		compat_calls_park(call);
}


static void test_end_parks(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct call *held = fake_uag_call(ua), *call = fake_uag_call(ua);
	(void)state;

	held->onhold = true;
	assert_int_equal(0, uag_event_register(park_handler, NULL));

	compat_call_end(call, 0, NULL);
	assert_ptr_equal(held, ua_call(ua));
}


static void test_replace(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct call *a = fake_uag_call(ua), *b = fake_uag_call(ua);
	(void)state;

	assert_int_equal(0, compat_call_replace(a, b, "o;u", "t%20"));
	assert_string_equal("<sip:3@a.example?Replaces=call%40host"
			    "%3Bto-tag%3Dt%2520%3Bfrom-tag%3Do%3Bu>",
			    a->refer);

	assert_int_equal(EINVAL, compat_call_replace(a, b, NULL, "t"));
	assert_int_equal(EINVAL, compat_call_replace(a, b, "o", NULL));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_end, teardown),
		cmocka_unit_test_teardown(test_redirect, teardown),
		cmocka_unit_test_teardown(test_keep, teardown),
		cmocka_unit_test_teardown(test_park, teardown),
		cmocka_unit_test_teardown(test_park_order, teardown),
		cmocka_unit_test_teardown(test_park_shutdown, teardown),
		cmocka_unit_test_teardown(test_park_gone, teardown),
		cmocka_unit_test_teardown(test_end_parks, teardown),
		cmocka_unit_test_teardown(test_replace, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
