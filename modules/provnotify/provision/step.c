/**
 * @file step.c  What is done in each state of a resync
 *
 * Each function does one step, and returns the state that it leads to. The
 * table in resync.c says which one is called when.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"
#include "provision/step.h"


enum {
	READY_MS = 10 * 1000,   /**< For a registrar that says nothing [ms] */
};

static struct {
	struct list ridel;              /**< Requests that ride in this one */
	bool fresh;                     /**< A person rides in this one     */
	struct deadline wait;
	struct gather *gather;
	uint32_t retry_after;
	struct generation *gen;         /**< Fetched, on its way to run     */
	struct standing st;             /**< What `current` is to say       */
	struct own_result own;
	struct ending ending;           /**< Of the step that ended         */
	char why[TEXT_MAX];             /**< Why it failed                  */
	step_tell_h *tellh;
} sp;


static enum state end(enum result result, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	ending_set(&sp.ending, result, "%v", fmt, &ap);
	va_end(ap);

	summary_last_set(sp.ending.detail);
	ride_end(&sp.ridel, &sp.ending);
	sp.ending.then = ACTION_NONE;

	return step_rest();
}


static void due_h(void *arg)
{
	(void)arg;

	sp.tellh(EV_DUE);
}


static void ready_h(void *arg)
{
	(void)arg;

	sp.tellh(EV_READY);
}


static void gathered_h(const struct gathered *res, void *arg)
{
	(void)arg;

	sp.gen = mem_ref(res->gen);
	sp.retry_after = res->retry_after;
	str_ncpy(sp.why, res->why, sizeof(sp.why));

	gather_cancel(sp.gather);
	sp.gather = NULL;

	if (res->err)
		sp.tellh(EV_FAILED);
	else
		sp.tellh(res->same ? EV_SAME : EV_NEW);
}


static void own_ended_h(const struct own_result *res, void *arg)
{
	(void)arg;

	sp.own = *res;
	str_ncpy(sp.why, res->why, sizeof(sp.why));

	sp.tellh(res->err ? EV_FAILED : EV_DONE);
}


static void committed_h(int err, void *arg)
{
	(void)arg;

	if (!sp.tellh)          /* closed meanwhile */
		return;

	(void)re_snprintf(sp.why, sizeof(sp.why),
			  "the state dir cannot be written: %m", err);

	sp.tellh(err ? EV_FAILED : EV_DONE);
}


/**
 * Wait till the first of those that wait is due
 *
 * @return The state that it leads to
 */
enum state step_wait(void)
{
	deadline_start(&sp.wait, queue_left(), due_h, NULL);

	return STATE_WAIT;
}


/**
 * The files could not be fetched, or are refused
 *
 * @return The state that it leads to
 */
enum state step_failed(void)
{
	warning("provnotify: resync failed: %s\n", sp.why);

	home_asked(false);
	retry_failed(sp.retry_after);

	return end(RESULT_FAILED, "%s; nothing has changed", sp.why);
}


static enum state begin_fetch(void)
{
	char *url = NULL;
	int err;

	sp.retry_after = 0;

	err = plan_url(&url, home_url(), settings());
	if (!err)
		err = gather_start(&sp.gather, url, trial_running(), false,
				   settings(), gathered_h, NULL);
	mem_deref(url);

	if (!err)
		return STATE_FETCH;

	(void)re_snprintf(sp.why, sizeof(sp.why), "the URL: %m", err);

	return step_failed();
}


static enum state begin_own(void)
{
	int err;

	err = own_start(own_ended_h, NULL);
	if (!err)
		return STATE_OWN;

	return end(RESULT_FAILED, "your own files: %m", err);
}


/**
 * Begin: all that waited ride along
 *
 * @return The state that it leads to
 */
enum state step_begin(void)
{
	if (!queue_take(&sp.ridel, &sp.fresh))
		return step_wait();

	retry_begin();
	retry_interval();
	apply_begin();

	return home_url() ? begin_fetch() : begin_own();
}


/**
 * The server has what runs already
 *
 * @return The state that it leads to
 */
enum state step_same(void)
{
	sp.gen = mem_deref(sp.gen);
	home_asked(true);
	retry_ok();

	return end(RESULT_UNCHANGED, "nothing has changed");
}


/**
 * The files could not be written: what runs goes on
 *
 * @return The state that it leads to
 */
enum state step_commit_failed(void)
{
	sp.gen = mem_deref(sp.gen);
	trial_pause(false);

	return step_failed();
}


/**
 * The files are here and fine, but their trial cannot begin yet
 *
 * @return The state that it leads to
 */
enum state step_hold(void)
{
	/* What is refused need not wait for that */
	if (trial_refused(sp.gen) && !sp.fresh)
		return step_commit();

	deadline_start(&sp.wait, READY_MS, ready_h, NULL);

	return STATE_READY;
}


/**
 * The files are here and fine: write them down, unless this version is
 * refused
 *
 * @return The state that it leads to
 */
enum state step_commit(void)
{
	const uint32_t left = trial_refused(sp.gen);
	int err;

	deadline_cancel(&sp.wait);

	if (left && !sp.fresh) {
		sp.gen = mem_deref(sp.gen);
		home_asked(false);
		retry_later(left);

		return end(RESULT_FAILED, "this version failed its trial: it"
			   " is refused for %u s more, or till `resync` on the"
			   " console", left);
	}

	trial_pause(true);
	sp.gen->adopted = !settings()->url;

	err = trial_prepare(sp.gen, &sp.st);
	if (!err)
		err = store_commit(sp.gen, &sp.st, committed_h, NULL);
	if (!err)
		return STATE_COMMIT;

	(void)re_snprintf(sp.why, sizeof(sp.why), "%m", err);

	return step_commit_failed();
}


/**
 * The new generation is the one that counts: apply it, and try it
 *
 * @return The state that it leads to
 */
enum state step_taken(void)
{
	trial_take(sp.gen, &sp.st, &sp.ridel);
	home_drop(sp.gen->url);
	sp.gen = mem_deref(sp.gen);
	retry_interval();

	trial_pause(false);
	retry_ok();

	(void)re_snprintf(sp.why, sizeof(sp.why), "%H", summary_print,
			  trial_running());
	summary_last_set(sp.why);

	return step_rest();
}


/**
 * The user's own files are refused
 *
 * @return The state that it leads to
 */
enum state step_own_failed(void)
{
	warning("provnotify: resync failed: %s\n", sp.why);

	return end(RESULT_FAILED, "%s; nothing has changed", sp.why);
}


/**
 * The user's own files are applied
 *
 * @return The state that it leads to
 */
enum state step_own_done(void)
{
	const struct change *ch = &sp.own.accounts;
	const uint32_t n = ch->added + ch->changed + ch->removed;

	if (sp.own.config)
		sp.ending.then = ACTION_RESTART;

	if (!n && !sp.own.contacts && !sp.own.config)
		return end(RESULT_UNCHANGED, "nothing has changed");

	if (!n && !sp.own.contacts)
		return end(RESULT_OK, "config changed");

	return end(RESULT_OK, "%s%u accounts added, %u changed, %u removed, %u"
		   " of these after their call; %u contacts changed",
		   sp.own.config ? "config changed; " : "", ch->added,
		   ch->changed, ch->removed, ch->waiting, sp.own.contacts);
}


/**
 * A step has ended: what waited for that has its turn
 *
 * @return The state that it leads to
 */
enum state step_rest(void)
{
	if (back_waits())
		return step_back();

	return queue_waits() ? step_wait() : STATE_IDLE;
}


/**
 * Start
 *
 * @param orderh Orders a resync
 * @param tellh  Told what happens
 */
void step_init(provision_order_h *orderh, step_tell_h *tellh)
{
	sp.tellh = tellh;

	back_init(orderh, tellh);
}


/**
 * End. Requests that have not ended end here.
 */
void step_close(void)
{
	deadline_cancel(&sp.wait);
	gather_cancel(sp.gather);
	mem_deref(sp.gen);

	ending_set(&sp.ending, RESULT_LAPSED, "the phone ended first");
	ride_end(&sp.ridel, &sp.ending);
	back_close(&sp.ending);
	queue_close(&sp.ending);

	summary_last_set("");
	memset(&sp, 0, sizeof(sp));
}
