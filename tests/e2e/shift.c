/**
 * @file shift.c  A clock that jumps, for one process
 *
 * Preloaded by test_clock.py. The time of day is that of the system and the
 * seconds that stand in the file $SHIFT. A byte in the FIFO $SHIFT.step is
 * what a timerfd that waits for a step sees of one. While $SHIFT.hold is
 * there, what would open or rename a file whose path ends in what it says
 * waits.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>


#define next(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))


static int step_fd = -1;


/* What stands in a file beside the one that says how far the clock is off */
static int beside(char *buf, size_t size, const char *suffix)
{
	const char *path = getenv("SHIFT");
	char name[PATH_MAX];
	ssize_t n;
	int fd;

	if (!path)
		return -1;

	(void)snprintf(name, sizeof(name), "%s%s", path, suffix);

	fd = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;

	n = syscall(SYS_read, fd, buf, size - 1);
	buf[n > 0 ? n : 0] = '\0';

	(void)close(fd);

	return 0;
}


static long shift(void)
{
	char buf[32];

	return beside(buf, sizeof(buf), "") ? 0 : strtol(buf, NULL, 10);
}


static void hold(const char *path)
{
	char tail[64];

	while (!beside(tail, sizeof(tail), ".hold")) {

		const size_t len = strlen(tail);
		const size_t all = strlen(path);

		if (!len || all < len || strcmp(path + all - len, tail))
			return;

		(void)usleep(1000);
	}
}


int clock_gettime(clockid_t id, struct timespec *ts)
{
	const long err = syscall(SYS_clock_gettime, id, ts);

	if (!err && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
		ts->tv_sec += shift();

	return (int)err;
}


int gettimeofday(struct timeval *restrict tv, void *restrict unused)
{
	struct timespec ts;
	(void)unused;

	(void)clock_gettime(CLOCK_REALTIME, &ts);

	tv->tv_sec  = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;

	return 0;
}


time_t time(time_t *t)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);

	if (t)
		*t = ts.tv_sec;

	return ts.tv_sec;
}


int timerfd_create(clockid_t id, int flags)
{
	const char *path = getenv("SHIFT");
	char name[PATH_MAX];

	if (!path || id != CLOCK_REALTIME)
		return next(timerfd_create)(id, flags);

	(void)snprintf(name, sizeof(name), "%s.step", path);

	step_fd = next(open)(name, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	return step_fd;
}


int timerfd_settime(int fd, int flags, const struct itimerspec *its,
		    struct itimerspec *old)
{
	return fd == step_fd ? 0 : next(timerfd_settime)(fd, flags, its, old);
}


ssize_t read(int fd, void *buf, size_t count)
{
	const ssize_t n = next(read)(fd, buf, count);

	if (fd < 0 || fd != step_fd || n < 0)
		return n;

	errno = ECANCELED;

	return -1;
}


int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	va_start(ap, flags);
	if (flags & O_CREAT)
		mode = va_arg(ap, mode_t);
	va_end(ap);

	hold(path);

	return next(open)(path, flags, mode);
}


int rename(const char *from, const char *to)
{
	hold(to);

	return next(rename)(from, to);
}
