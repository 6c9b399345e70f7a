/**
 * @file hurry.c  A clock that runs, for one process: preloaded, a second of
 *                CLOCK_MONOTONIC becomes a minute, for timerfds too
 */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum {
	FACTOR = 60,
	SECOND = 1000000000,    /**< [ns]                                   */
};


int clock_gettime(clockid_t id, struct timespec *ts)
{
	const long err = syscall(SYS_clock_gettime, id, ts);

	if (!err && id == CLOCK_MONOTONIC) {
		const long nsec = ts->tv_nsec * FACTOR;

		ts->tv_sec  = ts->tv_sec * FACTOR + nsec / SECOND;
		ts->tv_nsec = nsec % SECOND;
	}

	return (int)err;
}


/* That of CLOCK_REALTIME is told when that jumps */
int timerfd_settime(int fd, int flags, const struct itimerspec *new,
		    struct itimerspec *old)
{
	struct itimerspec its = *new;

	if (flags == TFD_TIMER_ABSTIME) {
		const long rest = its.it_value.tv_sec % FACTOR;

		its.it_value.tv_sec /= FACTOR;
		its.it_value.tv_nsec = (rest * SECOND + its.it_value.tv_nsec) /
			FACTOR;
	}

	return (int)syscall(SYS_timerfd_settime, fd, flags, &its, old);
}
