/**
 * @file test_dialer.c  Tests of phone/dialer.c
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


static void type(const char *digits)
{
	while (*digits)
		dialer_type(*digits++);
}


static void test_type(void **state)
{
	uint32_t no = 0;
	(void)state;

	assert_false(dialer_active());
	assert_int_equal(ENOENT, dialer_dial(&no));

	type("*43#");
	assert_true(dialer_active());
	assert_true(dialer_typed());

	assert_int_equal(0, dialer_dial(&no));
	assert_string_equal(fake.uri, "sip:*43%23@example.com");
	assert_int_equal(no, 1);

	assert_false(dialer_active());
	assert_false(dialer_typed());
}


static void test_full(void **state)
{
	uint32_t no;
	int i;
	(void)state;

	for (i=0; i<64; i++) {
		assert_false(dialer_full());
		dialer_type('7');
	}

	assert_true(dialer_full());
	dialer_type('8');
	dialer_type('\0');

	assert_int_equal(0, dialer_dial(&no));
	assert_null(strchr(fake.uri, '8'));
	assert_int_equal(strspn(fake.uri + 4, "7"), 64);
}


static void test_lapse(void **state)
{
	(void)state;

	type("1");
	fake_clock_advance(29000);
	type("2");
	fake_clock_advance(29999);
	assert_true(dialer_typed());

	fake_clock_advance(1);
	assert_false(dialer_typed());
	assert_false(dialer_active());

	dialer_open(0);
	assert_true(dialer_active());
	fake_clock_advance(30000);
	assert_false(dialer_active());
}


static void test_call_starts(void **state)
{
	struct call *call;
	(void)state;

	type("12");
	call = fake_call(ua, CALL_STATE_INCOMING, false);
	fake_event(COMPAT_CALL_INCOMING, call);

	assert_false(dialer_active());
	assert_false(dialer_typed());
}


static void test_account(void **state)
{
	struct ua *ua2 = fake_ua("200", "two.example");
	uint32_t no;
	(void)state;

	type("12");
	dialer_open(2);
	type("3");
	assert_int_equal(0, dialer_dial(&no));
	assert_ptr_equal(fake.from, ua2);
	assert_string_equal(fake.uri, "sip:123@two.example");

	/* The choice holds once */
	type("4");
	assert_int_equal(0, dialer_dial(&no));
	assert_ptr_equal(fake.from, ua);

	/* The account has gone */
	type("5");
	dialer_open(3);
	assert_int_equal(ENODEV, dialer_dial(&no));
}


static void test_redial(void **state)
{
	struct ua *ua2 = fake_ua("200", "two.example");
	struct pl number = PL("sip:+49123@far.example");
	uint32_t no;
	(void)state;

	assert_false(dialer_can_redial());
	assert_int_equal(ENOENT, dialer_redial(&no));

	assert_int_equal(0, dialer_call(ua2, &number, &no));
	assert_true(dialer_can_redial());

	fake.uri[0] = '\0';
	assert_int_equal(0, dialer_redial(&no));
	assert_string_equal(fake.uri, "sip:+49123@far.example");
	assert_ptr_equal(fake.from, ua2);
	assert_int_equal(no, 2);

	/* From the default account when that one has gone */
	mem_deref(ua2);
	assert_int_equal(0, dialer_redial(&no));
	assert_ptr_equal(fake.from, ua);
}


static void test_fail(void **state)
{
	struct pl good = PL("200"), bad = PL("2;3");
	uint32_t no;
	(void)state;

	assert_int_equal(ENODEV, dialer_call(NULL, &good, &no));
	assert_int_equal(EBADMSG, dialer_call(ua, &bad, &no));

	fake.connect_err = ENOTCONN;
	assert_int_equal(ENOTCONN, dialer_call(ua, &good, &no));

	assert_false(dialer_can_redial());
	assert_int_equal(fake.connects, 0);

	/* What was typed can be tried again */
	type("12");
	assert_int_equal(ENOTCONN, dialer_dial(&no));
	assert_true(dialer_typed());
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_type, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lapse, setup, teardown),
		cmocka_unit_test_setup_teardown(test_call_starts, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_account, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_redial, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fail, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
