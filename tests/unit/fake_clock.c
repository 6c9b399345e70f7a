/**
 * @file fake_clock.c  Deadlines on a clock that the test moves
 *
 * Implements clock.h. Time stands still but for fake_clock_advance(), which
 * calls what falls due in its order.
 */
#include <string.h>
#include <re.h>
#include "clock.h"
#include "fake_clock.h"


enum {
	START_MS = 1000 * 1000,
};

static struct list running;
static uint64_t now = START_MS;


/**
 * Forget all deadlines
 */
void fake_clock_reset(void)
{
	list_clear(&running);
	now = START_MS;
}


static struct deadline *next_due(uint64_t until)
{
	struct deadline *next = NULL;
	struct le *le;

	for (le = list_head(&running); le; le = le->next) {
		struct deadline *dl = le->data;

		if (dl->when <= until && (!next || dl->when < next->when))
			next = dl;
	}

	return next;
}


/**
 * Let time go by
 *
 * @param ms Time [ms]
 */
void fake_clock_advance(uint64_t ms)
{
	const uint64_t until = now + ms;
	struct deadline *dl;

	while ((dl = next_due(until))) {

		now = dl->when > now ? dl->when : now;
		list_unlink(&dl->le);
		dl->h(dl->arg);
	}

	now = until;
}


/**
 * One turn of the main loop: what is due, but not what that starts
 */
void fake_clock_turn(void)
{
	struct list due = LIST_INIT;
	struct deadline *dl;
	struct le *le;

	while ((dl = next_due(now))) {
		list_unlink(&dl->le);
		list_append(&due, &dl->le, dl);
	}

	while ((le = list_head(&due))) {
		dl = le->data;
		list_unlink(le);
		dl->h(dl->arg);
	}
}


int clock_init(clock_step_h *steph, void *arg)
{
	(void)steph;
	(void)arg;

	return 0;
}


void clock_close(void)
{
}


uint64_t clock_ms(void)
{
	return now;
}


uint64_t clock_us(void)
{
	return now * 1000;
}


int clock_boot_id(char *buf, size_t size)
{
	str_ncpy(buf, "01234567-89ab-cdef-0123-456789abcdef", size);

	return 0;
}


void deadline_start(struct deadline *dl, uint64_t delay, deadline_h *h,
		    void *arg)
{
	list_unlink(&dl->le);

	dl->when = now + delay;
	dl->h = h;
	dl->arg = arg;

	list_append(&running, &dl->le, dl);
}


void deadline_cancel(struct deadline *dl)
{
	list_unlink(&dl->le);
}


bool deadline_running(const struct deadline *dl)
{
	return dl->le.list != NULL;
}


uint64_t deadline_left(const struct deadline *dl)
{
	return deadline_running(dl) && dl->when > now ? dl->when - now : 0;
}
