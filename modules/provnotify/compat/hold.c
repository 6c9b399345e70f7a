/**
 * @file hold.c  Holding a call, where releases differ
 */
#include "compat.h"


#if PN_BARESIP >= 30100
enum {
	LATE_MS  = 20,          /**< How often it is looked                 */
	LATE_MAX = 32000 / LATE_MS,     /**< 64*T1: nobody answers          */
};

/** What the other party of a call must still be told */
struct late {
	struct le le;
	struct tmr tmr;
	struct call *call;
	unsigned looks;
};

static struct list latel;


static void late_destructor(void *arg)
{
	struct late *late = arg;

	tmr_cancel(&late->tmr);
	list_unlink(&late->le);
}


static bool is_there(const struct call *call)
{
	struct le *ua, *le;

	for (ua = list_head(uag_list()); ua; ua = ua->next) {

		for (le = list_head(ua_calls(ua->data)); le; le = le->next) {

			if (le->data == call)
				return true;
		}
	}

	return false;
}


static void late_handler(void *arg)
{
	struct late *late = arg;

	if (is_there(late->call)) {

		if (!call_refresh_allowed(late->call) &&
		    ++late->looks < LATE_MAX) {
			tmr_start(&late->tmr, LATE_MS, late_handler, late);
			return;
		}

		(void)call_modify(late->call);
	}

	mem_deref(late);
}


static int late_add(struct call *call)
{
	struct late *late = mem_zalloc(sizeof(*late), late_destructor);

	if (!late)
		return ENOMEM;

	late->call = call;
	list_append(&latel, &late->le, late);
	tmr_start(&late->tmr, LATE_MS, late_handler, late);

	return 0;
}
#endif


/**
 * Hold or resume a call
 *
 * From 3.1 on, while an offer is not answered yet, baresip does so on its own
 * side alone, and never tells the other party. So that is done later.
 *
 * @param call Call
 * @param hold True to hold, false to resume
 *
 * @return 0 if success, otherwise errorcode
 */
int compat_call_hold(struct call *call, bool hold)
{
#if PN_BARESIP >= 30100
	const bool late = !call_refresh_allowed(call) &&
		call_is_onhold(call) != hold;
	const int err = call_hold(call, hold);

	return !err && late ? late_add(call) : err;
#else
	return call_hold(call, hold);
#endif
}


/**
 * Forget what other parties must still be told: the module goes
 */
void compat_calls_forget(void)
{
#if PN_BARESIP >= 30100
	list_flush(&latel);
#endif
}
