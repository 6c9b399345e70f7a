/**
 * @file test_restart_end.c  Tests of restart.c: commands, and TERM
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
	STOP_MS = 2000,
};


/*
 * TERM or quit takes all accounts down, but the main loop goes on till their
 * un-REGISTERs are answered: the phone must end, not start again
 */
static void end_phone(void)
{
	ua_stop_all(false);
	fake_clock_advance(32 * 1000);
}


static void test_ended_while_waiting(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	(void)state;

	(void)fake_uag_call(ua);
	assert_int_equal(0, restart_order(req));

	end_phone();
	assert_failed("the phone was ended");
	assert_int_equal(0, fake.writes);
	assert_int_equal(1, fake_uag.stops);

	restart_close();
	assert_int_equal(0, ended_with());
}


/* The same on a phone whose main loop ends at once */
static void test_closed_while_waiting(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 0);
	(void)state;

	(void)fake_uag_call(ua);
	assert_int_equal(0, restart_order(req));

	ua_stop_all(false);
	restart_close();

	assert_failed("the phone was ended");
	assert_int_equal(0, ended_with());
}


static void test_ended_while_writing(void **state)
{
	void (*done)(int err);
	(void)state;

	(void)fake_uag_add("sip:1@a.example", "1-x", 60);
	assert_int_equal(0, restart_order(req));
	done = fake.written;

	end_phone();
	assert_failed("the phone was ended");

	/* The worker is done with it later */
	done(0);
	assert_status("none ordered");
	assert_int_equal(1, fake_uag.stops);
}


/* While the phone stops for the restart */
static void test_ended_while_stopping(void **state)
{
	(void)state;

	(void)fake_uag_add("sip:1@a.example", "1-x", 60);
	assert_int_equal(0, restart_order(req));
	written(0);
	fake_clock_advance(0);
	assert_status("about to happen");

	fake.came = true;
	restart_close();
	assert_failed("the phone was ended");
	assert_int_equal(0, ended_with());
	assert_int_equal(1, fake.leaves);
}


static void order_command(void)
{
	fake.settings.restart = RESTART_COMMAND;

	assert_int_equal(0, restart_order(req));
	written(0);
}


static void test_command(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct ua *silent = fake_uag_add("sip:2@a.example", "2-x", 0);
	(void)state;

	fake.settings.reboot_in_call = true;
	(void)fake_uag_call(ua);
	(void)fake_uag_call(ua);
	(void)fake_uag_call(silent);

	order_command();
	assert_status("about to happen");
	assert_int_equal(3, fake_uag.hangups);
	assert_int_equal(0, fake_uag.resumes);
	assert_int_equal(0, accounts_calls());
	assert_int_equal(1, ua->unregisters);
	assert_int_equal(0, silent->unregisters);
	assert_int_equal(0, fake_uag.stops);
	assert_null(fake.command);

	fake_clock_advance(STOP_MS);
	assert_status("the command runs");
	assert_string_equal("systemctl reboot", fake.command);

	/* It ends us, as it should: the next process says so */
	ua_stop_all(false);
	fake_clock_advance(1);
	restart_close();
	assert_int_equal(0, fake.endings);
	assert_int_equal(0, fake.drops);
	assert_int_equal(0, ended_with());
}


static void test_command_fails(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct ua *silent = fake_uag_add("sip:2@a.example", "2-x", 0);
	(void)state;

	order_command();
	fake_clock_advance(STOP_MS);

	fake.commandh("the command failed, status 3");
	assert_failed("the command failed, status 3");
	assert_int_equal(1, ua->registers);
	assert_int_equal(0, silent->registers);
}


static void test_command_does_not_start(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	(void)state;

	fake.command_err = ENOENT;

	order_command();
	fake_clock_advance(STOP_MS);
	assert_failed("the command did not start");
	assert_int_equal(1, ua->registers);
}


/* TERM before the command: no `systemctl reboot` any more */
static void test_ended_before_command(void **state)
{
	(void)state;

	(void)fake_uag_add("sip:1@a.example", "1-x", 60);
	order_command();

	end_phone();
	assert_failed("the phone was ended");
	assert_null(fake.command);
}


static void test_closed_before_command(void **state)
{
	(void)state;

	order_command();
	restart_close();
	assert_failed("the phone was ended");
	assert_int_equal(0, ended_with());
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, restart_setup, \
						   restart_teardown)


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ended_while_waiting),
		TEST(test_closed_while_waiting),
		TEST(test_ended_while_writing),
		TEST(test_ended_while_stopping),
		TEST(test_command),
		TEST(test_command_fails),
		TEST(test_command_does_not_start),
		TEST(test_ended_before_command),
		TEST(test_closed_before_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
