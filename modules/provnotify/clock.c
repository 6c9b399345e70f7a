/**
 * @file clock.c  Deadlines that a step of the wall clock does not move
 *
 * libre's timers count wall-clock time on Debian 12: a step of the clock fires
 * all of them at once, or none for months. These deadlines hang on a timerfd
 * of CLOCK_MONOTONIC instead; a second one, of CLOCK_REALTIME, tells of steps.
 * Both work on after the two forks of `baresip -d`.
 */
#include <fcntl.h>
#include <time.h>
#include <unistd.h>
#include <sys/timerfd.h>
#include "compat/compat.h"
#include "clock.h"


enum {
	BOOT_ID_LEN = 36,
	TURN_US     = 2000,     /**< Time for handlers in one turn [us]     */
};

static struct {
	struct list running;    /**< Deadlines, the next one first          */
	struct list due;        /**< Those whose handlers run in this turn  */
	uint64_t armed;         /**< What the timer waits for [ms], 0 = none */
	int64_t ahead;          /**< The wall clock, of clock_ms() [ms]     */
	int timer_fd;
	int step_fd;
	struct compat_fd *timer;
	struct compat_fd *step;
	clock_step_h *steph;
	void *arg;
} ck = {
	.timer_fd = -1,
	.step_fd  = -1,
};


/* A wake-up that comes too early is cheaper than to arm for every change */
static void timer_arm(void)
{
	const struct deadline *dl = list_ledata(list_head(
		list_isempty(&ck.due) ? &ck.running : &ck.due));
	struct itimerspec its = {{0, 0}, {0, 0}};

	if (ck.timer_fd < 0 || !dl || (ck.armed && ck.armed <= dl->when))
		return;

	its.it_value.tv_sec  = (time_t)(dl->when / 1000);
	its.it_value.tv_nsec = (long)(dl->when % 1000) * 1000000;

	if (0 == timerfd_settime(ck.timer_fd, TFD_TIMER_ABSTIME, &its, NULL))
		ck.armed = dl->when;
}


static void timer_handler(int flags, void *arg)
{
	const uint64_t started = clock_us();
	const uint64_t now = started / 1000;
	uint64_t expirations;
	struct le *le;
	(void)flags;
	(void)arg;

	if (read(ck.timer_fd, &expirations, sizeof(expirations)) < 0)
		return;

	ck.armed = 0;

	/* What a handler starts is not due before the next turn */
	while ((le = list_head(&ck.running))) {
		const struct deadline *dl = le->data;

		if (dl->when > now)
			break;

		list_unlink(le);
		list_append(&ck.due, le, le->data);
	}

	/* The rest of hundreds that are due has its turn after what else is */
	while ((le = list_head(&ck.due)) && clock_us() - started < TURN_US) {
		struct deadline *dl = le->data;

		list_unlink(le);
		dl->h(dl->arg);
	}

	timer_arm();
}


static int64_t wall_ahead(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);

	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 -
		(int64_t)clock_ms();
}


/* Wait for ever: the timer is there to be cancelled by a step */
static int step_arm(void)
{
	struct itimerspec its = {{0, 0}, {0, 0}};

	its.it_value.tv_sec = sizeof(time_t) > 4 ? (time_t)INT64_MAX
						 : (time_t)INT32_MAX;

	if (timerfd_settime(ck.step_fd,
			    TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
			    &its, NULL))
		return errno;

	return 0;
}


static void step_handler(int flags, void *arg)
{
	const int64_t ahead = wall_ahead();
	const int64_t by = ahead - ck.ahead;
	uint64_t expirations;
	(void)flags;
	(void)arg;

	if (read(ck.step_fd, &expirations, sizeof(expirations)) >= 0 ||
	    errno != ECANCELED)
		return;

	ck.ahead = ahead;
	(void)step_arm();

	if (ck.steph)
		ck.steph(by, ck.arg);
}


static int timer_open(int *fdp, struct compat_fd **cfdp, clockid_t id, fd_h *h)
{
	*fdp = timerfd_create(id, TFD_NONBLOCK | TFD_CLOEXEC);
	if (*fdp < 0)
		return errno;

	return compat_fd_listen(cfdp, *fdp, FD_READ, h, NULL);
}


static void timer_close(int *fdp, struct compat_fd **cfdp)
{
	*cfdp = mem_deref(*cfdp);

	if (*fdp >= 0)
		(void)close(*fdp);

	*fdp = -1;
}


/**
 * Start the clock. Deadlines fire when the main loop runs.
 *
 * @param steph Called when the wall clock was set, may be NULL
 * @param arg   Handler argument
 *
 * @return 0 if success, otherwise errorcode
 */
int clock_init(clock_step_h *steph, void *arg)
{
	int err;

	if (ck.timer_fd >= 0)
		return EALREADY;

	ck.steph = steph;
	ck.arg   = arg;
	ck.ahead = wall_ahead();

	err = timer_open(&ck.timer_fd, &ck.timer, CLOCK_MONOTONIC,
			 timer_handler);
	if (err)
		goto out;

	err = timer_open(&ck.step_fd, &ck.step, CLOCK_REALTIME, step_handler);
	if (err)
		goto out;

	err = step_arm();
	if (err)
		goto out;

	timer_arm();

 out:
	if (err)
		clock_close();

	return err;
}


/**
 * Stop the clock. What still runs is cancelled.
 */
void clock_close(void)
{
	timer_close(&ck.timer_fd, &ck.timer);
	timer_close(&ck.step_fd, &ck.step);

	list_clear(&ck.running);
	list_clear(&ck.due);
	ck.armed = 0;
	ck.steph = NULL;
}


/**
 * Time since some moment that stays the same till the machine boots anew
 *
 * @return Time [us], CLOCK_MONOTONIC
 */
uint64_t clock_us(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);

	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}


/**
 * Time since some moment that stays the same till the machine boots anew
 *
 * @return Time [ms], CLOCK_MONOTONIC
 */
uint64_t clock_ms(void)
{
	return clock_us() / 1000;
}


/**
 * Get what names this boot of the machine (random(4)), which tells whether a
 * monotonic time that was written to a file still means something
 *
 * @param buf  Buffer for the id with its NUL
 * @param size Size of the buffer [bytes], at least 37
 *
 * @return 0 if success, otherwise errorcode
 */
int clock_boot_id(char *buf, size_t size)
{
	ssize_t n;
	int err = 0;
	int fd;

	if (!buf || size <= BOOT_ID_LEN)
		return EINVAL;

	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;

	n = read(fd, buf, BOOT_ID_LEN);
	if (n != BOOT_ID_LEN)
		err = n < 0 ? errno : ENODATA;

	buf[err ? 0 : BOOT_ID_LEN] = '\0';
	(void)close(fd);

	return err;
}


/**
 * Start a deadline, or start it anew
 *
 * @param dl    Deadline
 * @param delay When it fires, from now [ms]
 * @param h     Handler; may start and cancel any deadline, also its own
 * @param arg   Handler argument
 */
void deadline_start(struct deadline *dl, uint64_t delay, deadline_h *h,
		    void *arg)
{
	struct le *le;

	if (!dl || !h)
		return;

	list_unlink(&dl->le);

	dl->when = clock_ms() + delay;
	dl->h    = h;
	dl->arg  = arg;

	/* Most deadlines of a kind run equally long: the place is near the
	   end, and of two at the same time the first one started is first */
	for (le = list_tail(&ck.running); le; le = le->prev) {
		const struct deadline *other = le->data;

		if (other->when <= dl->when)
			break;
	}

	if (le)
		list_insert_after(&ck.running, le, &dl->le, dl);
	else
		list_prepend(&ck.running, &dl->le, dl);

	timer_arm();
}


/**
 * Cancel a deadline. Its memory may be freed then.
 *
 * @param dl Deadline, running or not
 */
void deadline_cancel(struct deadline *dl)
{
	if (dl)
		list_unlink(&dl->le);
}


/**
 * Is a deadline running?
 *
 * @param dl Deadline
 *
 * @return True if running; no longer while its handler is called
 */
bool deadline_running(const struct deadline *dl)
{
	return dl && dl->le.list;
}


/**
 * How long till a deadline fires
 *
 * @param dl Deadline
 *
 * @return Time [ms]; 0 if it is due or does not run
 */
uint64_t deadline_left(const struct deadline *dl)
{
	const uint64_t now = clock_ms();

	return deadline_running(dl) && dl->when > now ? dl->when - now : 0;
}
