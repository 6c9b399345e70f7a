/**
 * @file renew.c  All accounts register anew, in slices
 *
 * A step of the wall clock fires or freezes baresip's own timers on Debian 12.
 * One REGISTER costs some 40 us, so a thousand accounts at once would hold the
 * main loop for longer than a packet of audio lasts.
 */
#include "compat/compat.h"
#include "request.h"
#include "accounts.h"
#include "clock.h"


enum {
	SLICE = 50,             /**< Accounts in one turn of the main loop  */
};

static struct deadline turn;
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

		if (account_regint(ua_account(le->data)))
			(void)ua_register(le->data);
	}
}


/**
 * Let all accounts that register do so anew
 */
void accounts_renew(void)
{
	done = 0;
	deadline_start(&turn, 0, turn_handler, NULL);
}


/**
 * Stop that
 */
void renew_close(void)
{
	deadline_cancel(&turn);
}
