/**
 * @file resync.c  A resync is a transaction: one wrong step, and nothing has
 *                 changed
 *
 * What runs through the states is the transaction; beside it runs the trial
 * of what was committed last (trial.c), which a further resync may find still
 * going on. What each event does in each state:
 *
 *               IDLE     WAIT     FETCH    READY    OWN      COMMIT   BACK
 *   check-sync  wait     joins    another follows ------------------------>
 *   due         -        fetch    -        -        -        -        -
 *   same        -        -        end      -        -        -        -
 *   new         -        -        ready,   -        -        -        -
 *                                 commit
 *   ready       -        -        -        commit   -        -        -
 *   failed      -        -        end,     -        end      end,     -
 *                                 retry                      retry
 *   done        -        -        -        -        end      trial    end
 *   trial lost  back     back     back when the step has ended ----------->
 *   reset       forget   forget   forget when the step has ended --------->
 *
 *   a call        holds back the change of its account alone, in any state
 *   restart, TERM the step is dropped: the old generation, or the new one if
 *                 `current` was renamed; a trial begins anew at the start
 *   power cut     the same, and counts as a bad start of an unproved one
 *   clock step    nothing: all deadlines are monotonic
 *
 * READY is for a start that finds a new version before its accounts have had
 * an answer: a trial that knows nobody who was registered could not fail.
 * WAIT is jitter, the limit after a burst, or the server's Retry-After. A
 * back-off is IDLE or WAIT with a deadline in retry.c. A new version that is
 * being fetched or written when the trial is lost is tried in its stead.
 */
#include <errno.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"
#include "provision/step.h"


static struct {
	enum state state;
	provision_order_h *orderh;
} rs;


/*
 * May a new generation begin its trial? Right after the start nobody knows who
 * is registered with the one that runs, by which it will be judged.
 */
static bool is_ready(void)
{
	const struct generation *gen = trial_running();

	return !gen || !gen->proved || proof_ready();
}


static enum state begin_commit(void)
{
	return is_ready() ? step_commit() : step_hold();
}


/** What is done: all that is not here leaves the state as it is */
static const struct {
	enum state state;
	enum resync_event ev;
	enum state (*act)(void);
} tablev[] = {
	{STATE_IDLE,   EV_ORDER,  step_wait},
	{STATE_IDLE,   EV_LOST,   step_back},
	{STATE_IDLE,   EV_RESET,  step_back},

	{STATE_WAIT,   EV_ORDER,  step_wait},
	{STATE_WAIT,   EV_DUE,    step_begin},
	{STATE_WAIT,   EV_LOST,   step_back},
	{STATE_WAIT,   EV_RESET,  step_back},

	{STATE_FETCH,  EV_SAME,   step_same},
	{STATE_FETCH,  EV_NEW,    begin_commit},
	{STATE_FETCH,  EV_FAILED, step_failed},

	{STATE_READY,  EV_READY,  step_commit},

	{STATE_OWN,    EV_DONE,   step_own_done},
	{STATE_OWN,    EV_FAILED, step_own_failed},

	{STATE_COMMIT, EV_DONE,   step_taken},
	{STATE_COMMIT, EV_FAILED, step_commit_failed},

	{STATE_BACK,   EV_DONE,   step_backed},
	{STATE_BACK,   EV_FAILED, step_back_failed},
};


static void dispatch(enum resync_event ev)
{
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(tablev); i++) {

		if (tablev[i].state == rs.state && tablev[i].ev == ev) {
			rs.state = tablev[i].act();
			return;
		}
	}
}


static void lost_h(void)
{
	dispatch(EV_LOST);
}


/**
 * Start
 *
 * @param orderh Orders a resync
 */
void resync_init(provision_order_h *orderh)
{
	rs.state  = STATE_IDLE;
	rs.orderh = orderh;

	step_init(orderh, dispatch);
	trial_init(lost_h);
}


/**
 * The phone has started: ask the server, if there is one and it is to be asked
 *
 * @param ordered true if this start was ordered
 */
void resync_start(bool ordered)
{
	retry_interval();

	if (home_url() && (settings()->at_boot || ordered))
		rs.orderh(DOOR_BOOT, ACTION_RESYNC, false);
}


/**
 * Accounts have an answer: look whether that was waited for
 */
void resync_look(void)
{
	if (rs.state == STATE_READY && is_ready())
		dispatch(EV_READY);
}


/**
 * End. Requests that have not ended end here.
 */
void resync_close(void)
{
	step_close();
	rs.state = STATE_IDLE;
}


/**
 * Order a resync
 *
 * One that is ordered while another fetches makes one more follow.
 *
 * @param req Request; its end is told once, later
 *
 * @return 0 if success, otherwise errorcode, and its end is not told
 */
int provision_resync(struct request *req)
{
	int err;

	err = queue_add(req);
	if (!err)
		dispatch(EV_ORDER);

	return err;
}


/**
 * Order that all that was provisioned is forgotten
 *
 * @param req Request; its end is told once, later
 *
 * @return 0 if success, otherwise errorcode, and its end is not told
 */
int provision_reset(struct request *req)
{
	int err;

	err = back_add(req);
	if (!err)
		dispatch(EV_RESET);

	return err;
}


/**
 * Is a resync accepted that has not begun yet? Another one would join it.
 *
 * @return true if there is one
 */
bool provision_waiting(void)
{
	return queue_waits();
}


/**
 * Print what is going on
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int resync_print(struct re_printf *pf, void *unused)
{
	static const char *namev[] = {
		[STATE_IDLE]   = "none going on",
		[STATE_WAIT]   = "waiting",
		[STATE_FETCH]  = "fetching",
		[STATE_READY]  = "waiting till the accounts have an answer",
		[STATE_OWN]    = "reading your own files",
		[STATE_COMMIT] = "writing",
		[STATE_BACK]   = "going back",
	};
	int err;
	(void)unused;

	err = re_hprintf(pf, "\n  resync: %s", namev[rs.state]);
	if (rs.state == STATE_WAIT)
		err |= re_hprintf(pf, " for %u s",
				  (unsigned)((queue_left() + 999) / 1000));

	return err | re_hprintf(pf, "; the last one: %s", summary_last());
}
