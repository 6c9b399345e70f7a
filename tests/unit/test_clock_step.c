/**
 * @file test_clock_step.c  Tests of clock.c: steps of the wall clock
 * links: clock.c compat/fd.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <re.h>
#include "clock.h"


static struct {
	unsigned steps;
	unsigned wanted;        /**< Steps that will come                   */
	bool expire;            /**< They look like the timer's end         */
	int step_fd;
	time_t ahead;           /**< How far the wall clock was set [s]     */
	int64_t by;             /**< What was told of it [ms]               */
} tc;


/* The machine's clock is left alone: the timer that waits for a step expires
   at once, and reading it says what reading it says after a step */
int timerfd_settime(int fd, int flags, const struct itimerspec *its,
		    struct itimerspec *old)
{
	const struct itimerspec soon = {.it_value = {0, 1000000}};

	if (flags & TFD_TIMER_CANCEL_ON_SET) {
		tc.step_fd = fd;
		if (tc.wanted && tc.steps < tc.wanted) {
			its = &soon;
			flags = 0;
		}
	}

	return (int)syscall(SYS_timerfd_settime, fd, flags, its, old);
}


int clock_gettime(clockid_t id, struct timespec *ts)
{
	const long err = syscall(SYS_clock_gettime, id, ts);

	if (id == CLOCK_REALTIME)
		ts->tv_sec += tc.ahead;

	return (int)err;
}


ssize_t read(int fd, void *buf, size_t len)
{
	const ssize_t n = syscall(SYS_read, fd, buf, len);

	if (n > 0 && fd == tc.step_fd && !tc.expire) {
		errno = ECANCELED;
		return -1;
	}

	return n;
}


static int setup(void **state)
{
	(void)state;

	memset(&tc, 0, sizeof(tc));
	tc.step_fd = -1;
	(void)alarm(30);

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	clock_close();

	return 0;
}


static void step_handler(int64_t by, void *arg)
{
	assert_ptr_equal(arg, &tc);

	tc.by = by;

	if (++tc.steps == tc.wanted)
		re_cancel();
}


static void steps(void **state)
{
	(void)state;

	tc.wanted = 2;
	assert_int_equal(0, clock_init(step_handler, &tc));
	assert_int_equal(0, re_main(NULL));

	assert_int_equal(2, tc.steps);
}


/* How far, either way, and each step from the one before */
static void how_far(void **state)
{
	const time_t aheadv[] = {3600, -86400, -86400 + 10};
	const int64_t byv[] = {3600000, -90000000, 10000};
	size_t i;
	(void)state;

	tc.wanted = 1;
	assert_int_equal(0, clock_init(step_handler, &tc));

	for (i=0; i<sizeof(aheadv)/sizeof(aheadv[0]); i++) {

		tc.ahead = aheadv[i];
		assert_int_equal(0, re_main(NULL));
		assert_true(tc.by >= byv[i] - 100 && tc.by <= byv[i] + 100);
		tc.wanted = tc.steps + 1;
		assert_int_equal(0, timerfd_settime(tc.step_fd,
			TFD_TIMER_CANCEL_ON_SET, NULL, NULL));
	}
}


static void stop_handler(void *arg)
{
	(void)arg;

	re_cancel();
}


/* Where time_t ends in 2038 the timer may just expire */
static void expiry_is_no_step(void **state)
{
	struct deadline stop = {.le = LE_INIT};
	(void)state;

	tc.wanted = 1;
	tc.expire = true;
	assert_int_equal(0, clock_init(step_handler, &tc));
	deadline_start(&stop, 20, stop_handler, NULL);
	assert_int_equal(0, re_main(NULL));

	assert_int_equal(0, tc.steps);
}


/* Steps are welcome, but nobody has to listen */
static void nobody_listens(void **state)
{
	struct deadline stop = {.le = LE_INIT};
	(void)state;

	tc.wanted = 1;
	assert_int_equal(0, clock_init(NULL, NULL));
	deadline_start(&stop, 20, stop_handler, NULL);
	assert_int_equal(0, re_main(NULL));
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest testv[] = {
		TEST(steps),
		TEST(how_far),
		TEST(expiry_is_no_step),
		TEST(nobody_listens),
	};
	int err;

	if (libre_init())
		return 1;

	err = cmocka_run_group_tests_name("clock_step", testv, NULL, NULL);
	libre_close();

	return err;
}
