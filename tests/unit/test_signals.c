/**
 * @file test_signals.c  Tests of signals.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "restart/signals.c"


static volatile sig_atomic_t heard;


static void theirs(int sig)
{
	heard = sig;
}


static void dispose(int sig, void (*handler)(int))
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = handler;

	assert_int_equal(0, sigaction(sig, &sa, NULL));
}


static int setup(void **state)
{
	(void)state;

	heard = 0;
	came = 0;
	dispose(SIGTERM, theirs);
	dispose(SIGINT, theirs);

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	dispose(SIGTERM, SIG_DFL);
	dispose(SIGINT, SIG_DFL);

	return 0;
}


static void test_not_watched(void **state)
{
	(void)state;

	signals_leave();
	assert_int_equal(0, raise(SIGTERM));
	assert_int_equal(SIGTERM, heard);
	assert_false(signals_came());
}


/* baresip's handler gets each signal, as without us */
static void test_watched(void **state)
{
	(void)state;

	signals_watch();
	assert_false(signals_came());

	assert_int_equal(0, raise(SIGINT));
	assert_int_equal(SIGINT, heard);
	assert_true(signals_came());

	assert_int_equal(0, raise(SIGTERM));
	assert_int_equal(SIGTERM, heard);

	signals_leave();
}


static void test_left(void **state)
{
	struct sigaction sa;
	(void)state;

	signals_watch();
	signals_leave();
	signals_leave();

	assert_int_equal(0, sigaction(SIGTERM, NULL, &sa));
	assert_ptr_equal(theirs, sa.sa_handler);

	assert_int_equal(0, raise(SIGTERM));
	assert_int_equal(SIGTERM, heard);
	assert_false(signals_came());
}


static void test_ignored(void **state)
{
	(void)state;

	dispose(SIGINT, SIG_IGN);
	signals_watch();

	assert_int_equal(0, raise(SIGINT));
	assert_int_equal(0, heard);
	assert_true(signals_came());

	signals_leave();
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_not_watched),
		TEST(test_watched),
		TEST(test_left),
		TEST(test_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
