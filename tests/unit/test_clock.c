/**
 * @file test_clock.c  Tests of clock.c: deadlines
 * links: clock.c compat/fd.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <re.h>
#include "clock.h"


enum {
	MANY = 5000,
};

/** A deadline that says when it fired */
struct mark {
	struct deadline dl;
	struct mark *other;
	unsigned fired;
};

static struct {
	char order[16];
	uint64_t last;
	unsigned fired;
} tc;


static int setup(void **state)
{
	(void)state;

	memset(&tc, 0, sizeof(tc));
	(void)alarm(30);

	return clock_init(NULL, NULL);
}


static int teardown(void **state)
{
	(void)state;

	clock_close();

	return 0;
}


static void run(void)
{
	assert_int_equal(0, re_main(NULL));
}


static void stop_handler(void *arg)
{
	(void)arg;

	re_cancel();
}


static void letter_handler(void *arg)
{
	const size_t len = strlen(tc.order);

	tc.order[len] = *(const char *)arg;
}


static void in_order(void **state)
{
	struct deadline dlv[5];
	(void)state;

	memset(dlv, 0, sizeof(dlv));

	deadline_start(&dlv[0], 30, letter_handler, "d");
	deadline_start(&dlv[1], 10, letter_handler, "a");
	deadline_start(&dlv[2], 20, letter_handler, "b");
	deadline_start(&dlv[3], 20, letter_handler, "c");
	deadline_start(&dlv[4], 40, stop_handler, NULL);

	assert_true(deadline_running(&dlv[0]));
	assert_in_range(deadline_left(&dlv[4]), 0, 40);

	run();

	assert_string_equal(tc.order, "abcd");
	assert_false(deadline_running(&dlv[0]));
	assert_int_equal(0, deadline_left(&dlv[0]));
}


static void mark_handler(void *arg)
{
	struct mark *mark = arg;

	++mark->fired;
	++tc.fired;

	if (mark->other)
		deadline_cancel(&mark->other->dl);
}


static void again_handler(void *arg)
{
	struct mark *mark = arg;

	assert_false(deadline_running(&mark->dl));

	if (++mark->fired < 3)
		deadline_start(&mark->dl, 1, again_handler, mark);
	else
		re_cancel();
}


static void ever_handler(void *arg)
{
	struct mark *mark = arg;

	++mark->fired;
	deadline_start(&mark->dl, 0, ever_handler, mark);
}


static void cancelled(void **state)
{
	struct deadline stop = {.le = LE_INIT};
	struct mark mark;
	(void)state;

	memset(&mark, 0, sizeof(mark));

	deadline_start(&mark.dl, 5, mark_handler, &mark);
	deadline_cancel(&mark.dl);
	deadline_cancel(&mark.dl);
	assert_false(deadline_running(&mark.dl));

	deadline_start(&stop, 20, stop_handler, NULL);
	run();

	assert_int_equal(0, mark.fired);
}


/* Both are due in one turn: the first one to run cancels the other */
static void cancelled_when_due(void **state)
{
	struct deadline stop = {.le = LE_INIT};
	struct mark a, b;
	(void)state;

	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	a.other = &b;
	b.other = &a;

	deadline_start(&a.dl, 0, mark_handler, &a);
	deadline_start(&b.dl, 0, mark_handler, &b);
	deadline_start(&stop, 10, stop_handler, NULL);
	run();

	assert_int_equal(1, a.fired);
	assert_int_equal(0, b.fired);
}


static void started_anew(void **state)
{
	struct mark mark;
	(void)state;

	memset(&mark, 0, sizeof(mark));

	deadline_start(&mark.dl, 3600000, again_handler, &mark);
	deadline_start(&mark.dl, 1, again_handler, &mark);
	run();

	assert_int_equal(3, mark.fired);
}


static void no_delay_starves_nobody(void **state)
{
	struct deadline stop = {.le = LE_INIT};
	struct mark mark;
	(void)state;

	memset(&mark, 0, sizeof(mark));

	deadline_start(&mark.dl, 0, ever_handler, &mark);
	deadline_start(&stop, 20, stop_handler, NULL);
	run();

	assert_true(mark.fired > 0);
	assert_true(deadline_running(&mark.dl));
	deadline_cancel(&mark.dl);
}


static void slow_handler(void *arg)
{
	const uint64_t started = clock_us();

	while (clock_us() - started < 3000)
		;

	letter_handler(arg);
}


/* Of many that are due and take long, what else is due has its turn between
   them */
static void slow_ones_share(void **state)
{
	struct deadline a = {.le = LE_INIT}, b = a, stop = a;
	struct tmr tmr;
	(void)state;

	tmr_init(&tmr);
	deadline_start(&a, 0, slow_handler, "a");
	deadline_start(&b, 0, slow_handler, "b");
	deadline_start(&stop, 20, stop_handler, NULL);
	tmr_start(&tmr, 0, letter_handler, "t");
	run();

	assert_string_equal("atb", tc.order);
}


static void sorted_handler(void *arg)
{
	const struct mark *mark = arg;

	assert_true(mark->dl.when >= tc.last);
	assert_true(mark->dl.when <= clock_ms());
	tc.last = mark->dl.when;

	if (++tc.fired == MANY)
		re_cancel();
}


static void many(void **state)
{
	struct mark *markv;
	unsigned seed = 1;
	size_t i;
	(void)state;

	markv = mem_zalloc(MANY * sizeof(*markv), NULL);
	assert_non_null(markv);

	for (i = 0; i < MANY; ++i)
		deadline_start(&markv[i].dl, (uint64_t)rand_r(&seed) % 200,
			       sorted_handler, &markv[i]);
	run();

	assert_int_equal(MANY, tc.fired);
	mem_deref(markv);
}


static void closing_cancels(void **state)
{
	struct mark mark;
	(void)state;

	memset(&mark, 0, sizeof(mark));

	deadline_start(&mark.dl, 5, mark_handler, &mark);
	clock_close();
	assert_false(deadline_running(&mark.dl));
	assert_int_equal(0, clock_init(NULL, NULL));
	assert_int_equal(EALREADY, clock_init(NULL, NULL));
}


static void closed_handler(void *arg)
{
	(void)arg;

	clock_close();
	re_cancel();
}


static void closed_by_a_handler(void **state)
{
	struct mark closer, mark;
	(void)state;

	memset(&closer, 0, sizeof(closer));
	memset(&mark, 0, sizeof(mark));

	deadline_start(&closer.dl, 0, closed_handler, NULL);
	deadline_start(&mark.dl, 0, mark_handler, &mark);
	run();

	assert_int_equal(0, mark.fired);
}


/* As sys_daemon() does for baresip -d, between the modules and the loop */
static void survives_two_forks(void **state)
{
	struct mark mark;
	int pfd[2];
	char c = 0;
	pid_t pid;
	(void)state;

	memset(&mark, 0, sizeof(mark));
	deadline_start(&mark.dl, 5, again_handler, &mark);
	assert_int_equal(0, pipe(pfd));

	pid = fork();
	assert_true(pid >= 0);

	if (pid == 0) {
		if (fork() != 0)
			_exit(0);

		(void)alarm(10);
		(void)re_main(NULL);
		if (mark.fired == 3)
			(void)!write(pfd[1], "y", 1);
		_exit(0);
	}

	deadline_cancel(&mark.dl);
	(void)close(pfd[1]);
	assert_int_equal(1, read(pfd[0], &c, 1));
	assert_int_equal('y', c);
	(void)close(pfd[0]);
}


static void boot_id(void **state)
{
	char a[64], b[64];
	(void)state;

	assert_int_equal(0, clock_boot_id(a, sizeof(a)));
	assert_int_equal(0, clock_boot_id(b, sizeof(b)));
	assert_int_equal(36, strlen(a));
	assert_string_equal(a, b);
	assert_int_equal(EINVAL, clock_boot_id(a, 36));
	assert_int_equal(EINVAL, clock_boot_id(NULL, 64));
}


static void wrong_arguments(void **state)
{
	struct deadline dl = {.le = LE_INIT};
	(void)state;

	deadline_start(NULL, 1, stop_handler, NULL);
	deadline_start(&dl, 1, NULL, NULL);
	deadline_cancel(NULL);
	assert_false(deadline_running(&dl));
	assert_false(deadline_running(NULL));
	assert_int_equal(0, deadline_left(NULL));
	assert_true(clock_us() / 1000 <= clock_ms());
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest testv[] = {
		TEST(in_order),
		TEST(cancelled),
		TEST(cancelled_when_due),
		TEST(started_anew),
		TEST(no_delay_starves_nobody),
		TEST(slow_ones_share),
		TEST(many),
		TEST(closing_cancels),
		TEST(closed_by_a_handler),
		TEST(survives_two_forks),
		TEST(boot_id),
		TEST(wrong_arguments),
	};
	int err;

	if (libre_init())
		return 1;

	err = cmocka_run_group_tests_name("clock", testv, NULL, NULL);
	libre_close();

	return err;
}
