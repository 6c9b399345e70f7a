/**
 * @file test_command.c  Tests of command.c, with real commands
 * links: fake_clock.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "restart/command.c"
#include "fake_clock.h"


static char told[80];
static unsigned tellings;


static void handler(const char *why)
{
	str_ncpy(told, why, sizeof(told));
	++tellings;
}


static int setup(void **state)
{
	(void)state;

	fake_clock_reset();
	memset(&room, 0, sizeof(room));
	told[0] = '\0';
	tellings = 0;

	return 0;
}


/* Run it to its end, and leave its status to command.c */
static void run(const char *line)
{
	siginfo_t info;

	assert_int_equal(0, command_run(line, handler));
	assert_int_equal(0, waitid(P_PID, (id_t)room.pid, &info,
				   WEXITED | WNOWAIT));
	fake_clock_advance(POLL_MS);
}


static void test_arguments(void **state)
{
	(void)state;

	assert_int_equal(EINVAL, command_run(NULL, handler));
	assert_int_equal(EINVAL, command_run("true", NULL));
}


static void test_fails(void **state)
{
	(void)state;

	run("exit 3");
	assert_string_equal("the command failed, status 3", told);

	fake_clock_advance(2 * COMMAND_MS);
	assert_int_equal(1, tellings);
}


static void test_not_there(void **state)
{
	(void)state;

	run("exec /no/such/program 2>/dev/null");
	assert_string_equal("the command failed, status 127", told);
}


static void test_killed(void **state)
{
	(void)state;

	run("kill -9 $$");
	assert_string_equal("the command failed, status -1", told);
}


/* It ended well, and we are still here after a minute */
static void test_no_effect(void **state)
{
	(void)state;

	run("true");
	assert_int_equal(0, tellings);
	assert_int_equal(0, room.pid);

	fake_clock_advance(COMMAND_MS - 2 * POLL_MS);
	assert_int_equal(0, tellings);

	fake_clock_advance(2 * POLL_MS);
	assert_string_equal("the phone still runs a minute after the command",
			    told);
	fake_clock_advance(2 * COMMAND_MS);
	assert_int_equal(1, tellings);
}


/* One that hangs is not waited for without end */
static void test_hangs(void **state)
{
	pid_t pid;
	(void)state;

	assert_int_equal(0, command_run("exec sleep 60", handler));
	pid = room.pid;

	fake_clock_advance(COMMAND_MS);
	assert_int_equal(1, tellings);

	assert_int_equal(0, kill(pid, SIGKILL));
	assert_int_equal(pid, waitpid(pid, NULL, 0));
}


static void test_closed(void **state)
{
	(void)state;

	assert_int_equal(0, command_run("exit 3", handler));
	assert_int_equal(room.pid, waitpid(room.pid, NULL, 0));

	command_close();
	fake_clock_advance(2 * COMMAND_MS);
	assert_int_equal(0, tellings);
}


/* The command gets none of the phone's sockets */
static void test_descriptors(void **state)
{
	char line[80];
	int fd;
	(void)state;

	fd = open("/dev/null", O_RDONLY);
	assert_true(fd > 2);

	(void)re_snprintf(line, sizeof(line), "test ! -e /proc/self/fd/%d",
			  fd);
	run(line);
	assert_int_equal(0, tellings);

	command_close();
	(void)close(fd);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_arguments, setup),
		cmocka_unit_test_setup(test_fails, setup),
		cmocka_unit_test_setup(test_not_there, setup),
		cmocka_unit_test_setup(test_killed, setup),
		cmocka_unit_test_setup(test_no_effect, setup),
		cmocka_unit_test_setup(test_hangs, setup),
		cmocka_unit_test_setup(test_closed, setup),
		cmocka_unit_test_setup(test_descriptors, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
