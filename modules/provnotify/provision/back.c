/**
 * @file back.c  The way back: to the last proved generation, or to none
 */
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"
#include "provision/step.h"


static struct {
	struct list resetl;             /**< Those that want to forget      */
	bool forget;                    /**< Back to nothing at all         */
	struct standing st;             /**< What `current` is to say       */
	struct ending ending;
	provision_order_h *orderh;
	step_tell_h *tellh;
} bk;


static void written_h(int err, void *arg)
{
	(void)arg;

	if (err)
		warning("provnotify: the state dir cannot be written: %m\n",
			err);

	if (bk.tellh)           /* not closed meanwhile */
		bk.tellh(err ? EV_FAILED : EV_DONE);
}


/**
 * Start
 *
 * @param orderh Orders a resync
 * @param tellh  Told what happens
 */
void back_init(provision_order_h *orderh, step_tell_h *tellh)
{
	bk.orderh = orderh;
	bk.tellh  = tellh;
}


/**
 * End
 *
 * @param ending How those end that want all to be forgotten
 */
void back_close(const struct ending *ending)
{
	ride_end(&bk.resetl, ending);
	memset(&bk, 0, sizeof(bk));
}


/**
 * Order that all that was provisioned is forgotten
 *
 * @param req Request, referenced
 *
 * @return 0 if success, otherwise errorcode
 */
int back_add(struct request *req)
{
	return ride_add(&bk.resetl, req);
}


/**
 * Is it time to go back?
 *
 * @return true if a trial has failed, or all is to be forgotten
 */
bool back_waits(void)
{
	return trial_lost() || !list_isempty(&bk.resetl);
}


/**
 * Begin to go back: `current` comes first
 *
 * @return The state that it leads to
 */
enum state step_back(void)
{
	trial_pause(true);

	bk.forget = !list_isempty(&bk.resetl);

	if (bk.forget)
		memset(&bk.st, 0, sizeof(bk.st));
	else
		trial_refuse(&bk.st);

	if (store_commit(NULL, &bk.st, written_h, NULL))
		return step_back_failed();

	return STATE_BACK;
}


/**
 * What `current` says has changed: the accounts follow
 *
 * @return The state that it leads to
 */
enum state step_backed(void)
{
	trial_pause(false);

	if (bk.forget)
		ending_set(&bk.ending, RESULT_LAPSED, "all that was"
			   " provisioned is forgotten");
	else
		ending_set(&bk.ending, RESULT_ROLLED_BACK, "accounts that were"
			   " registered were not any more: back to generation"
			   " %u", bk.st.running);

	summary_last_set(bk.ending.detail);
	trial_revert(&bk.st, &bk.ending);
	retry_interval();

	bk.ending.result = RESULT_OK;
	ride_end(&bk.resetl, &bk.ending);

	if (bk.forget)
		home_drop(NULL);

	if (!bk.forget)
		retry_later(trial_refused(NULL));
	else if (settings()->url && settings()->at_boot)
		bk.orderh(DOOR_BOOT, ACTION_RESYNC, false);

	return step_rest();
}


/**
 * `current` cannot be written. The phone goes back all the same, till it
 * starts again; but nothing is forgotten.
 *
 * @return The state that it leads to
 */
enum state step_back_failed(void)
{
	if (!bk.forget)
		return step_backed();

	trial_pause(false);

	ending_set(&bk.ending, RESULT_FAILED, "the state dir cannot be"
		   " written: nothing is forgotten");
	ride_end(&bk.resetl, &bk.ending);

	return step_rest();
}
