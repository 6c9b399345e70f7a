/**
 * @file test_restart.c  Tests of restart.c: ordered, waited for, done
 * links: restart/restart.c compat/call.c compat/events.c compat/ua.c request.c
 * links: fake_restart.c
 *	fake_uag.c fake_clock.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "addrlist/addrlist.h"
#include "settings/settings.h"
#include "restart/restart.h"
#include "fake_clock.h"
#include "fake_restart.h"
#include "fake_uag.h"


enum {
	HOUR_MS = 3600 * 1000,
};


static void test_arguments(void **state)
{
	(void)state;

	assert_int_equal(EINVAL, restart_init(NULL));
	assert_int_equal(EINVAL, restart_order(NULL));

	fake.permits = false;
	assert_false(restart_permitted());
	fake.permits = true;
	assert_true(restart_permitted());
}


static void test_exec(void **state)
{
	(void)state;

	(void)fake_uag_add("sip:1@a.example", "1-x", 60);
	assert_status("none ordered");

	assert_int_equal(0, restart_order(req));
	assert_status("about to happen");
	assert_int_equal(1, fake.writes);
	assert_int_equal(0, fake_uag.stops);
	assert_int_equal(EALREADY, restart_order(req));

	/* The phone stops only when it is on the disk who ordered it */
	written(0);
	assert_status("about to happen");
	assert_int_equal(1, fake_uag.stops);
	assert_int_equal(1, fake.watches);
	assert_int_equal(0, fake.cancels);

	/* A dead registrar does not hold it */
	fake_clock_advance(1999);
	assert_int_equal(0, fake.cancels);
	fake_clock_advance(1);
	assert_int_equal(1, fake.cancels);

	restart_close();
	assert_int_equal(0, fake.endings);
	assert_int_equal(0, fake.drops);

	/* exec fails here: the supervisor is told */
	assert_int_equal(75, ended_with());
}


static void test_exit(void **state)
{
	(void)state;

	fake.settings.restart = RESTART_EXIT;
	fake.check_err = ENOENT;        /* of no matter */

	assert_int_equal(0, restart_order(req));
	written(0);
	assert_int_equal(1, fake_uag.stops);

	restart_close();
	assert_int_equal(75, ended_with());
}


/* No order: restart_now() comes at the end of every process */
static void test_no_order(void **state)
{
	(void)state;

	restart_close();
	restart_now();

	assert_true(fake.reexec_closed);
	assert_int_equal(0, fake.endings);
	assert_int_equal(0, fake.drops);
}


/* The next process would be without the module, and out of reach */
static void test_config_bad(void **state)
{
	(void)state;

	fake.config_bad = true;

	assert_int_equal(0, restart_order(req));
	assert_failed("config:7: wrong");
	assert_int_equal(0, fake.writes);
	assert_int_equal(0, fake_uag.stops);

	fake.config_bad = false;
	assert_int_equal(0, restart_order(req));
	assert_status("about to happen");
}


static void test_exec_not_possible(void **state)
{
	(void)state;

	fake.check_err = EACCES;

	assert_int_equal(0, restart_order(req));
	assert_failed("the program cannot be started again");
	assert_int_equal(0, fake.writes);
	assert_int_equal(0, fake_uag.stops);

	/* and the next one is taken */
	fake.check_err = 0;
	assert_int_equal(0, restart_order(req));
	assert_status("about to happen");
}


/* A full disk is no reason to refuse */
static void test_not_written(void **state)
{
	(void)state;

	assert_int_equal(0, restart_order(req));
	written(ENOSPC);
	assert_status("about to happen");
	assert_int_equal(1, fake_uag.stops);
}


static void test_no_worker(void **state)
{
	(void)state;

	fake.write_err = ENOMEM;
	assert_int_equal(0, restart_order(req));
	assert_status("about to happen");
	assert_int_equal(1, fake_uag.stops);
}


static void test_wait(void **state)
{
	struct ua *a = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct ua *b = fake_uag_add("sip:2@a.example", "2-x", 60);
	(void)state;

	(void)fake_uag_call(a);
	(void)fake_uag_call(b);

	assert_int_equal(0, restart_order(req));
	assert_status("waits for the last call to end");

	/* One call is left */
	ua_hangup(a, NULL, 0, NULL);
	fake_clock_advance(0);
	assert_status("waits for the last call to end");

	/* A new one comes while it is looked at: the wait goes on */
	ua_hangup(b, NULL, 0, NULL);
	(void)fake_uag_call(a);
	fake_clock_advance(0);
	assert_status("waits for the last call to end");
	assert_int_equal(0, fake.writes);

	ua_hangup(a, NULL, 0, NULL);
	assert_status("waits for the last call to end");
	fake_clock_advance(0);
	assert_status("about to happen");
	assert_int_equal(1, fake.writes);
}


/* The account of the call goes, and the call with it, without a word */
static void test_wait_uadel(void **state)
{
	struct ua *a = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct ua *b = fake_uag_add("sip:2@a.example", "2-x", 60);
	(void)state;

	(void)b;
	(void)fake_uag_call(a);
	assert_int_equal(0, restart_order(req));

	mem_deref(a);
	fake_clock_advance(0);
	assert_status("about to happen");
}


static void test_wait_too_long(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	(void)state;

	fake.settings.reboot_wait = 2;
	(void)fake_uag_call(ua);

	assert_int_equal(0, restart_order(req));
	fake_clock_advance(2 * HOUR_MS - 1);
	assert_status("waits for the last call to end");
	fake_clock_advance(1);
	assert_status("about to happen");

	written(0);
	assert_int_equal(1, fake_uag.stops);
}


static void test_in_call(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	(void)state;

	fake.settings.reboot_in_call = true;
	(void)fake_uag_call(ua);

	assert_int_equal(0, restart_order(req));
	assert_status("about to happen");
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, restart_setup, \
						   restart_teardown)


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arguments),
		TEST(test_exec),
		TEST(test_exit),
		TEST(test_no_order),
		TEST(test_config_bad),
		TEST(test_exec_not_possible),
		TEST(test_not_written),
		TEST(test_no_worker),
		TEST(test_wait),
		TEST(test_wait_uadel),
		TEST(test_wait_too_long),
		TEST(test_in_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
