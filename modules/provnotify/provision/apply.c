/**
 * @file apply.c  Make the accounts what a profile says, and touch no others
 *
 * The difference is found first, in one pass over the profile and one over
 * baresip's list; of two with the same address the user's own stands. It is
 * then worked off in slices, so that the main loop is never held: new
 * accounts, changed ones, and last those that go. An account with a call is
 * left for the end of that call. What else the phone takes from a profile it
 * gets at once, also after a rollback.
 */
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "clock.h"
#include "profile/profile.h"
#include "phone/phone.h"
#include "provision/room.h"
#include "provision/entry.h"


enum {
	SLICE_COUNT = 25,       /**< Accounts in one turn of the loop       */
	SLICE_US    = 2000,     /**< Time for them [us]                     */
	PACE_MS     = 1,        /**< Between two slices [ms]                */
};

static struct {
	struct deadline tick;
	struct list todov[TODO_REMOVE + 1];     /**< By enum todo           */
	struct list waitl;      /**< Those that a call holds back           */
	struct change change;
	bool over;              /**< All went by another: the phone ends    */
	apply_h *h;             /**< NULL: nothing is being applied         */
	void *arg;
} ap;


static void todo_set(struct entry *e)
{
	if (!e->want || e->shadowed)
		e->todo = e->ua ? TODO_REMOVE : TODO_NOTHING;
	else if (!e->ua)
		e->todo = TODO_CREATE;
	else if (!profile_account_equal(e->acc, e->want))
		e->todo = TODO_REPLACE;
	else
		e->todo = TODO_NOTHING;
}


/* The same account on another line: only its number is new */
static void take_over(struct entry *e)
{
	const unsigned line = e->acc->line;

	mem_deref(e->acc);
	e->acc = mem_ref(e->want);

	if (e->ua && line != e->acc->line) {
		accounts_remove(e->ua);
		(void)accounts_add(e->ua, e->acc->line);
	}
}


static void count(struct change *change, const struct entry *e)
{
	switch (e->todo) {

	case TODO_CREATE:
		++change->added;
		break;

	case TODO_REPLACE:
		++change->changed;
		break;

	case TODO_REMOVE:
		++change->removed;
		break;

	default:
		break;
	}
}


static int difference(const struct profile *prof)
{
	struct le *le;
	int err = 0;

	for (le = list_head(entry_list()); le; le = le->next) {
		struct entry *e = le->data;

		e->want = mem_deref(e->want);
		e->failed = false;
	}

	for (le = prof ? list_head(&prof->accountl) : NULL; le && !err;
	     le = le->next) {
		struct profile_account *acc = le->data;
		struct entry *e = entry_get(acc);

		if (!e)
			err = entry_add(&e, acc);
		if (err)
			break;

		mem_deref(e->want);
		e->want = mem_ref(acc);
	}

	return err;
}


static bool registers(const struct entry *e)
{
	return e->ua && account_regint(ua_account(e->ua));
}


static void do_one(struct entry *e)
{
	int err = 0;

	switch (e->todo) {

	case TODO_CREATE:
		err = entry_make(e);
		pace_sent(registers(e));
		break;

	case TODO_REPLACE:
		err = entry_make(e);
		pace_sent(2 * registers(e));    /* the old one un-REGISTERs */
		break;

	case TODO_REMOVE:
		pace_sent(registers(e));
		entry_unmake(e);
		break;

	default:
		break;
	}

	if (err)
		warning("provnotify: %s@%s cannot be made: %m\n",
			e->want->user, e->want->domain, err);

	e->todo = TODO_NOTHING;

	if (!e->want)
		mem_deref(e);
}


/* The next one to do something about, or NULL */
static struct entry *next(void)
{
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(ap.todov); i++) {
		struct le *le;

		while ((le = list_head(&ap.todov[i]))) {
			struct entry *e = le->data;

			list_unlink(le);

			if (!entry_has_call(e))
				return e;

			list_append(&ap.waitl, le, e);
			++ap.change.waiting;
		}
	}

	return NULL;
}


static void tick_h(void *arg)
{
	const uint64_t started = clock_us();
	apply_h *h = ap.h;
	struct entry *e;
	uint32_t n = 0;
	(void)arg;

	if (ap.over)
		return;

	while ((e = next())) {

		if (n++ >= SLICE_COUNT || clock_us() - started > SLICE_US ||
		    !pace_open()) {
			list_prepend(&ap.todov[e->todo], &e->le_todo, e);
			deadline_start(&ap.tick, PACE_MS, tick_h, NULL);
			return;
		}

		do_one(e);
	}

	if (ap.change.waiting)
		return;

	ap.h = NULL;

	if (h)
		h(ap.arg);
}


static void todo_add(struct entry *e)
{
	list_unlink(&e->le_todo);

	if (e->todo != TODO_NOTHING)
		list_append(&ap.todov[e->todo], &e->le_todo, e);
}


/* A call has ended: those that one held back have their turn */
static void resume(void)
{
	struct le *le;

	while ((le = list_head(&ap.waitl)))
		todo_add(le->data);

	ap.change.waiting = 0;
	deadline_start(&ap.tick, 0, tick_h, NULL);
}


/**
 * Make the provisioned accounts what a profile says
 *
 * A profile that comes while another is being applied takes its place.
 *
 * @param prof Profile; NULL for no accounts at all
 * @param h    Called on the main loop when the last change is done
 * @param arg  Handler argument
 *
 * @return 0 if success, otherwise errorcode
 */
int apply_start(const struct profile *prof, apply_h *h, void *arg)
{
	struct le *le;
	int err;

	if (!h)
		return EINVAL;

	/* What was under way is to be begun anew: its ends are gone */
	err = difference(prof);
	if (err) {
		deadline_cancel(&ap.tick);
		return err;
	}

	phone_features_set(prof);

	entry_survey();
	memset(&ap.change, 0, sizeof(ap.change));

	le = list_head(entry_list());

	while (le) {
		struct entry *e = le->data;

		le = le->next;

		todo_set(e);
		todo_add(e);
		count(&ap.change, e);

		if (e->todo == TODO_NOTHING && e->want)
			take_over(e);
		else if (e->todo == TODO_NOTHING)
			mem_deref(e);
	}

	ap.h   = h;
	ap.arg = arg;

	deadline_start(&ap.tick, 0, tick_h, NULL);

	return 0;
}


/**
 * A resync begins, so the phone does not end: accounts may be made again
 *
 * ua_stop_all() takes the accounts one by one, and says nothing else. One
 * that is made behind it would keep the SIP stack, and the phone, from ending.
 */
void apply_begin(void)
{
	ap.over = false;
}


/**
 * How many accounts the last profile changed
 *
 * @param change Numbers; waiting: those that a call holds back now
 */
void apply_change(struct change *change)
{
	if (change)
		*change = ap.change;
}


/**
 * Is there something left to be applied?
 *
 * @return true if there is
 */
bool apply_busy(void)
{
	return ap.h != NULL;
}


/**
 * Take an event of baresip's
 *
 * @param ev Event
 * @param ua User agent that it is about
 */
void apply_event(enum compat_event ev, struct ua *ua)
{
	struct entry *e;

	switch (ev) {

	case COMPAT_CALL_CLOSED:
		/* The call is still there while its event is told */
		if (ap.h && ap.change.waiting)
			resume();
		break;

	case COMPAT_REGISTER_OK:
	case COMPAT_REGISTER_FAIL:
		e = entry_of(ua);
		if (e && e->ua == ua)
			entry_answered(e, ev == COMPAT_REGISTER_OK);
		break;

	case COMPAT_SHUTDOWN:
		if (!compat_ua_destroying() && list_isempty(uag_list()))
			ap.over = true;

		/*@fallthrough@*/

	case COMPAT_UNREGISTERING:
		e = entry_of(ua);
		if (e)
			entry_lost(e, ua);
		break;

	default:
		break;
	}
}


/**
 * End: the accounts go with it, if baresip still runs
 */
void apply_close(void)
{
	deadline_cancel(&ap.tick);
	ap.h = NULL;
	ap.over = false;
	entry_close();
}
