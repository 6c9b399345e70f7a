/**
 * @file retry.c  Asking again: at intervals, after a failure, and for rescue
 *
 * After a failure 30 s, doubling to an hour, with jitter; or when the server
 * says (RFC 9110 10.2.3); or when a version is no longer refused. The same
 * while none of the provisioned accounts that should register has: the way to
 * a better configuration stays open.
 */
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"
#include "provision/entry.h"


enum {
	STEP_FIRST = 30,        /**< [s]                                    */
	STEP_LAST  = 3600,
	JITTER_DIV = 5,         /**< A fifth of the step at most            */
};

static struct {
	struct deadline interval;
	struct deadline dl;
	uint32_t step;          /**< Last delay without jitter [s]          */
	bool failed;            /**< The last resync failed                 */
	bool busy;              /**< The server is being asked              */
	bool later;             /**< It waits for the end of a refusal      */
	uint64_t refused;       /**< When that is over [ms], 0 = no refusal */
	uint64_t hold;          /**< The server wants peace till then [ms]  */
	provision_order_h *orderh;
} rt;


/* Nobody there at all is no better than nobody registered */
static bool needs_rescue(void)
{
	bool should = trial_running() && list_isempty(entry_list());
	struct le *le;

	if (!home_url())
		return false;

	for (le = list_head(entry_list()); le; le = le->next) {
		const struct entry *e = le->data;

		if (!entry_registers(e))
			continue;

		if (entry_registered(e))
			return false;

		should = true;
	}

	return should;
}


static void due_h(void *arg)
{
	(void)arg;

	if (rt.failed || needs_rescue())
		rt.orderh(DOOR_TIMER, ACTION_RESYNC, false);
}


static void arm(uint32_t at_least)
{
	uint64_t delay;

	rt.step = rt.step ? MIN(rt.step * 2, STEP_LAST) : STEP_FIRST;

	delay = MAX(rt.step, at_least) * 1000ULL;
	delay += rand_u32() % (rt.step * 1000 / JITTER_DIV);
	rt.later = false;

	deadline_start(&rt.dl, delay, due_h, NULL);
}


/**
 * Start
 *
 * @param orderh Orders a resync
 */
void retry_init(provision_order_h *orderh)
{
	rt.orderh = orderh;
}


/**
 * End
 */
void retry_close(void)
{
	deadline_cancel(&rt.interval);
	deadline_cancel(&rt.dl);
	rt.step = 0;
	rt.failed = rt.later = rt.busy = false;
	rt.hold = rt.refused = 0;
}


static void interval_h(void *arg)
{
	(void)arg;

	rt.orderh(DOOR_TIMER, ACTION_RESYNC, false);
}


/**
 * Begin the time between two resyncs anew
 */
void retry_interval(void)
{
	const uint32_t minutes = source_interval(settings(), trial_running());

	if (minutes)
		deadline_start(&rt.interval, minutes * 60000ULL, interval_h,
			       NULL);
	else
		deadline_cancel(&rt.interval);
}


/**
 * A resync begins: what it comes to says when the next one is due
 */
void retry_begin(void)
{
	/* A rescue that was not begun counts for nothing */
	if (deadline_running(&rt.dl) && !rt.failed)
		rt.step = 0;

	deadline_cancel(&rt.dl);
	rt.busy = home_url() != NULL;
}


/**
 * A resync has failed
 *
 * @param retry_after What the server asks for [s], 0 = nothing
 */
void retry_failed(uint32_t retry_after)
{
	rt.failed = true;
	rt.busy = false;
	rt.refused = 0;
	rt.hold = clock_ms() + retry_after * 1000ULL;

	arm(retry_after);

	info("provnotify: asking again in %u s\n",
	     (unsigned)(deadline_left(&rt.dl) / 1000));
}


/**
 * The server has a version that is refused: ask again when that is over, or
 * sooner where nobody is registered
 *
 * @param left How long it is refused [s]
 */
void retry_later(uint32_t left)
{
	rt.failed = true;
	rt.busy   = false;
	rt.refused = clock_ms() + left * 1000ULL;

	if (needs_rescue()) {
		arm(0);
		return;
	}

	rt.later = true;
	deadline_start(&rt.dl, left * 1000ULL, due_h, NULL);
}


/**
 * A resync has not failed
 */
void retry_ok(void)
{
	deadline_cancel(&rt.dl);

	rt.failed = rt.busy = false;
	rt.hold = rt.refused = 0;

	if (needs_rescue())
		arm(0);
	else
		rt.step = 0;
}


/**
 * Look whether rescue is needed: accounts have changed, or one is not
 * registered
 */
void retry_look(void)
{
	/* The end of the resync that goes on will look */
	if (!rt.busy && (!deadline_running(&rt.dl) || rt.later) &&
	    needs_rescue())
		arm(0);
}


/* One is registered: what was begun for rescue is not needed any more */
static void rescued(void)
{
	const uint64_t now = clock_ms();

	if (!deadline_running(&rt.dl) || rt.later || needs_rescue())
		return;

	if (rt.failed && rt.refused <= now)
		return;

	rt.step = 0;
	deadline_cancel(&rt.dl);

	if (rt.failed)
		retry_later((uint32_t)((rt.refused - now + 999) / 1000));
}


/**
 * Take an event of baresip's
 *
 * @param ev Event
 */
void retry_event(enum compat_event ev)
{
	switch (ev) {

	case COMPAT_REGISTER_OK:
		rescued();
		break;

	case COMPAT_REGISTER_FAIL:
		retry_look();
		break;

	default:
		break;
	}
}


/**
 * How long the server wants to be left alone
 *
 * @return Time [ms], 0 = it does not say
 */
uint64_t retry_hold(void)
{
	const uint64_t now = clock_ms();

	return rt.hold > now ? rt.hold - now : 0;
}


/**
 * Print when the next attempts are due, if any are
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int retry_print(struct re_printf *pf, void *unused)
{
	int err = 0;
	(void)unused;

	if (deadline_running(&rt.dl))
		err |= re_hprintf(pf, "\n  asking again in %u s, %s",
				  (unsigned)(deadline_left(&rt.dl) / 1000),
				  rt.later ? "when its version is no longer"
				  " refused" :
				  rt.failed ? "since the last resync failed" :
				  "since no provisioned account is"
				  " registered");

	if (deadline_running(&rt.interval))
		err |= re_hprintf(pf, "\n  the next regular resync is in"
				  " %u min", (unsigned)((deadline_left(
				  &rt.interval) + 59999) / 60000));

	return err;
}
