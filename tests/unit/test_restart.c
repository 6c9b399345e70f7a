/**
 * @file test_restart.c  Tests of restart.c
 * links: compat/events.c compat/ua.c request.c fake_uag.c fake_clock.c
 *	stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#undef fail                     /* cmocka's; restart.c has one of its own  */
#include "restart.c"
#include "journal.h"
#include "fake_clock.h"
#include "fake_uag.h"


enum {
	HOUR_MS = 3600 * 1000,
};

/** What the rooms beside restart.c were asked, and what they say */
static struct {
	struct settings settings;
	unsigned writes;
	unsigned drops;
	void (*written)(int err);       /**< The write that is under way    */
	int write_err;
	int check_err;
	bool permits;
	const char *command;
	command_h *commandh;
	int command_err;
	unsigned watches;
	unsigned leaves;
	bool came;
	unsigned cancels;
	unsigned endings;
	struct ending ending;
	bool reexec_closed;
} fake;

static struct request *req;

static jmp_buf exit_jmp;
static int exit_status;


void _exit(int status)
{
	exit_status = status;
	longjmp(exit_jmp, 1);
}


const struct settings *settings(void)
{
	return &fake.settings;
}


uint32_t accounts_calls(void)
{
	uint32_t n = 0;
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next)
		n += list_count(ua_calls(le->data));

	return n;
}


void journal_serial(char *buf, size_t size)
{
	str_ncpy(buf, "7", size);
}


int handover_init(void)
{
	return 0;
}


int handover_write(const struct request *r, void (*done)(int err))
{
	assert_ptr_equal(req, r);

	++fake.writes;
	fake.written = fake.write_err ? NULL : done;

	return fake.write_err;
}


void handover_drop(void)
{
	++fake.drops;
}


bool handover_permits(void)
{
	return fake.permits;
}


int reexec_init(void)
{
	return 0;
}


void reexec_close(void)
{
	fake.reexec_closed = true;
}


int reexec_check(void)
{
	return fake.check_err;
}


int reexec(void)
{
	return ENOENT;
}


int command_run(const char *line, command_h *h)
{
	fake.command = line;
	fake.commandh = h;

	return fake.command_err;
}


void command_close(void)
{
	fake.commandh = NULL;
}


void signals_watch(void)
{
	++fake.watches;
}


void signals_leave(void)
{
	++fake.leaves;
}


bool signals_came(void)
{
	return fake.came;
}


void re_cancel(void)
{
	++fake.cancels;
}


static void end_handler(struct request *r, const struct ending *ending)
{
	assert_ptr_equal(req, r);

	fake.ending = *ending;
	++fake.endings;
}


static int setup(void **state)
{
	(void)state;

	fake_clock_reset();
	fake_uag_reset();

	memset(&room, 0, sizeof(room));
	memset(&fake, 0, sizeof(fake));
	fake.settings.reboot_wait = 24;
	fake.settings.restart_command = (char *)"systemctl reboot";

	if (request_alloc(&req, DOOR_NOTIFY))
		return -1;

	return restart_init(end_handler);
}


/* Also: whatever happened, nobody holds the request any more */
static int teardown(void **state)
{
	(void)state;

	if (room.listener)
		restart_close();

	room.req = mem_deref(room.req);
	assert_int_equal(1, mem_nrefs(req));
	req = mem_deref(req);

	fake_uag_reset();

	return 0;
}


static void assert_state(enum state state)
{
	assert_int_equal(state, room.state);
	assert_int_equal(state != STATE_IDLE, restart_waiting());
}


/* The write is done */
static void written(int err)
{
	void (*done)(int) = fake.written;

	assert_non_null(done);
	fake.written = NULL;
	done(err);
}


static void assert_failed(const char *detail)
{
	assert_int_equal(1, fake.endings);
	assert_int_equal(RESULT_FAILED, fake.ending.result);
	assert_int_equal(ACTION_NONE, fake.ending.then);
	assert_string_equal(detail, fake.ending.detail);
	assert_int_equal(1, fake.drops);
	assert_state(STATE_IDLE);
}


/* What becomes of the process: its status, 0 if it goes on to its end */
static int ended_with(void)
{
	exit_status = 0;

	if (!setjmp(exit_jmp))
		restart_now();

	return exit_status;
}


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
	assert_state(STATE_IDLE);

	assert_int_equal(0, restart_order(req));
	assert_state(STATE_WRITING);
	assert_int_equal(1, fake.writes);
	assert_int_equal(0, fake_uag.stops);
	assert_int_equal(EALREADY, restart_order(req));

	/* The phone stops only when it is on the disk who ordered it */
	written(0);
	assert_state(STATE_STOPPING);
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
	assert_state(STATE_WRITING);
}


/* A full disk is no reason to refuse */
static void test_not_written(void **state)
{
	(void)state;

	assert_int_equal(0, restart_order(req));
	written(ENOSPC);
	assert_state(STATE_STOPPING);
	assert_int_equal(1, fake_uag.stops);
}


static void test_no_worker(void **state)
{
	(void)state;

	fake.write_err = ENOMEM;
	assert_int_equal(0, restart_order(req));
	assert_state(STATE_STOPPING);
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
	assert_state(STATE_WAITING);

	/* One call is left */
	ua_hangup(a, NULL, 0, NULL);
	fake_clock_advance(0);
	assert_state(STATE_WAITING);

	/* A new one comes while it is looked at: the wait goes on */
	ua_hangup(b, NULL, 0, NULL);
	(void)fake_uag_call(a);
	fake_clock_advance(0);
	assert_state(STATE_WAITING);
	assert_int_equal(0, fake.writes);

	ua_hangup(a, NULL, 0, NULL);
	assert_state(STATE_WAITING);
	fake_clock_advance(0);
	assert_state(STATE_WRITING);
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
	assert_state(STATE_WRITING);
}


static void test_wait_too_long(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	(void)state;

	fake.settings.reboot_wait = 2;
	(void)fake_uag_call(ua);

	assert_int_equal(0, restart_order(req));
	fake_clock_advance(2 * HOUR_MS - 1);
	assert_state(STATE_WAITING);
	fake_clock_advance(1);
	assert_state(STATE_WRITING);

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
	assert_state(STATE_WRITING);
}


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
	assert_state(STATE_IDLE);
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
	assert_state(STATE_STOPPING);

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
	assert_state(STATE_STOPPING);
	assert_int_equal(3, fake_uag.hangups);
	assert_int_equal(0, fake_uag.resumes);
	assert_int_equal(0, accounts_calls());
	assert_int_equal(1, ua->unregisters);
	assert_int_equal(0, silent->unregisters);
	assert_int_equal(0, fake_uag.stops);
	assert_null(fake.command);

	fake_clock_advance(STOP_MS);
	assert_state(STATE_COMMAND);
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


static void assert_prints(const char *text)
{
	char buf[64];

	(void)re_snprintf(buf, sizeof(buf), "%H", restart_print, NULL);
	assert_string_equal(text, buf);
}


static void test_print(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	(void)state;

	assert_prints("none ordered");
	(void)fake_uag_call(ua);
	assert_int_equal(0, restart_order(req));
	assert_prints("waits for the last call to end");
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arguments),
		TEST(test_exec),
		TEST(test_exit),
		TEST(test_no_order),
		TEST(test_exec_not_possible),
		TEST(test_not_written),
		TEST(test_no_worker),
		TEST(test_wait),
		TEST(test_wait_uadel),
		TEST(test_wait_too_long),
		TEST(test_in_call),
		TEST(test_ended_while_waiting),
		TEST(test_closed_while_waiting),
		TEST(test_ended_while_writing),
		TEST(test_ended_while_stopping),
		TEST(test_command),
		TEST(test_command_fails),
		TEST(test_command_does_not_start),
		TEST(test_ended_before_command),
		TEST(test_closed_before_command),
		TEST(test_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
