/**
 * @file renew.c  All accounts register anew, in slices
 *
 * A step of the wall clock fires or freezes baresip's own timers on Debian 12:
 * one forward fires them, and what is due registers by itself. To have it
 * register anew just then would end that first registration after the second
 * one has begun: at the server, the phone would be gone. So only what is not
 * registered a little later does so anew: its REGISTER was on its way, and
 * given up. One back freezes them, and nothing would register till the old
 * time comes.
 *
 * One REGISTER costs some 40 us, so a thousand accounts at once would hold the
 * main loop for longer than a packet of audio lasts.
 */
#include <stdlib.h>
#include <time.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "clock.h"


enum {
	SLICE   = 50,           /**< Accounts in one turn of the main loop  */
	STEP_MS = 2000,         /**< Timers that are so late harm nobody    */
	LOST_MS = 2000,         /**< For those that register by themselves  */
};

static struct deadline turn;
static bool lost;               /**< Only those that are not registered     */
static unsigned done;


static void turn_handler(void *arg)
{
	unsigned n = 0;
	struct le *le;
	(void)arg;

	for (le = list_head(uag_list()); le; le = le->next, ++n) {

		if (n < done)
			continue;

		if (n >= done + SLICE) {
			done += SLICE;
			deadline_start(&turn, 0, turn_handler, NULL);
			return;
		}

		if (account_regint(ua_account(le->data)) &&
		    !(lost && ua_isregistered(le->data)))
			(void)ua_register(le->data);
	}
}


/* Does libre count in wall-clock time, as 1.1.0 does? */
static bool libre_jumps(void)
{
	struct timespec ts;
	int64_t wall;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	wall = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;

	return llabs((int64_t)tmr_jiffies() - wall) < STEP_MS;
}


/**
 * Let all accounts that register do so anew, if the wall clock was set in a
 * way that calls for it. A later libre's timers do not jump; but they stand
 * still while the machine sleeps, which looks like a step forward.
 *
 * @param by How far it was set, forward is positive [ms]
 *
 * @return True if all of them do, at once
 */
bool accounts_renew(int64_t by)
{
	const bool jumps = libre_jumps();

	if (llabs(by) < STEP_MS || (!jumps && by < 0))
		return false;

	done = 0;
	lost = jumps && by > 0;
	deadline_start(&turn, lost ? LOST_MS : 0, turn_handler, NULL);

	return !lost;
}


/**
 * Stop that
 */
void renew_close(void)
{
	deadline_cancel(&turn);
}
