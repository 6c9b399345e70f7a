/**
 * @file test_events.c  Tests of compat/events.c
 * links: compat/events.c fake_uag.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "fake_uag.h"


/** What one listener has heard */
struct ear {
	struct compat_listener *listener;
	enum compat_event ev;
	struct ua *ua;
	struct call *call;
	unsigned n;
	bool leaves;            /**< Stops to listen at the first event     */
};


static void handler(enum compat_event ev, struct ua *ua, struct call *call,
		    const char *text, void *arg)
{
	struct ear *ear = arg;

	assert_string_equal("text", text);

	ear->ev = ev;
	ear->ua = ua;
	ear->call = call;
	++ear->n;

	if (ear->leaves)
		ear->listener = mem_deref(ear->listener);
}


static void emit(enum ua_event ev)
{
	if (fake_uag.eh)
		fake_uag.eh((struct ua *)8, ev, (struct call *)16, "text",
			    fake_uag.eh_arg);
}


static int reset(void **state)
{
	(void)state;

	fake_uag_reset();

	return 0;
}


static void test_arguments(void **state)
{
	struct ear ear;
	(void)state;

	memset(&ear, 0, sizeof(ear));

	assert_int_equal(EINVAL, compat_listen(NULL, handler, NULL));
	assert_int_equal(EINVAL, compat_listen(&ear.listener, NULL, NULL));

	fake_uag.event_err = ENOMEM;
	assert_int_equal(ENOMEM, compat_listen(&ear.listener, handler, &ear));
	assert_null(ear.listener);
}


static void test_names(void **state)
{
	static const struct {
		enum ua_event ev;
		enum compat_event common;
	} testv[] = {
		{UA_EVENT_REGISTER_OK,          COMPAT_REGISTER_OK},
		{UA_EVENT_REGISTER_FAIL,        COMPAT_REGISTER_FAIL},
		{UA_EVENT_UNREGISTERING,        COMPAT_UNREGISTERING},
		{UA_EVENT_SHUTDOWN,             COMPAT_SHUTDOWN},
		{UA_EVENT_EXIT,                 COMPAT_EXIT},
		{UA_EVENT_CALL_INCOMING,        COMPAT_CALL_INCOMING},
		{UA_EVENT_CALL_RINGING,         COMPAT_CALL_RINGING},
		{UA_EVENT_CALL_PROGRESS,        COMPAT_CALL_PROGRESS},
		{UA_EVENT_CALL_ESTABLISHED,     COMPAT_CALL_ESTABLISHED},
		{UA_EVENT_CALL_CLOSED,          COMPAT_CALL_CLOSED},
		{UA_EVENT_CALL_TRANSFER_FAILED, COMPAT_CALL_TRANSFER_FAILED},
	};
	struct ear ear;
	size_t i;
	(void)state;

	memset(&ear, 0, sizeof(ear));
	assert_int_equal(0, compat_listen(&ear.listener, handler, &ear));

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		emit(testv[i].ev);

		assert_int_equal(testv[i].common, ear.ev);
		assert_int_equal(i + 1, ear.n);
		assert_ptr_equal(8, ear.ua);
		assert_ptr_equal(16, ear.call);
	}

	/* Of no use to the module: not passed on */
	emit(UA_EVENT_REGISTERING);
	emit(UA_EVENT_MWI_NOTIFY);
	assert_int_equal(i, ear.n);

	mem_deref(ear.listener);
}


static void test_many(void **state)
{
	struct ear earv[3];
	size_t i;
	(void)state;

	memset(earv, 0, sizeof(earv));

	for (i=0; i<RE_ARRAY_SIZE(earv); i++)
		assert_int_equal(0, compat_listen(&earv[i].listener, handler,
						  &earv[i]));

	/* One that leaves while it listens is not called again */
	earv[1].leaves = true;

	emit(UA_EVENT_CALL_CLOSED);
	emit(UA_EVENT_CALL_CLOSED);

	assert_int_equal(2, earv[0].n);
	assert_int_equal(1, earv[1].n);
	assert_int_equal(2, earv[2].n);

	/* baresip knows one handler, till the last listener has left */
	mem_deref(earv[0].listener);
	assert_non_null(fake_uag.eh);
	mem_deref(earv[2].listener);
	assert_null(fake_uag.eh);

	/* and again */
	assert_int_equal(0, compat_listen(&earv[0].listener, handler,
					  &earv[0]));
	emit(UA_EVENT_EXIT);
	assert_int_equal(3, earv[0].n);
	mem_deref(earv[0].listener);
	assert_null(fake_uag.eh);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_arguments, reset),
		cmocka_unit_test_setup(test_names, reset),
		cmocka_unit_test_setup(test_many, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
