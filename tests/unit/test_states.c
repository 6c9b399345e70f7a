/**
 * @file test_states.c  Each event in each state of a resync: resync.c's table
 * links: provision/resync.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"
#include "provision/step.h"
#include "provision/proof.h"


static struct {
	step_tell_h *tell;      /**< Tells resync.c of an event             */
	trial_lost_h *lost;
	enum state next;        /**< Where the next step leads to           */
	const char *did;        /**< The step that was done last            */
	struct generation gen;  /**< What runs                              */
	bool runs;
	bool ready;             /**< Its accounts have had an answer        */
	struct settings s;
} ts;


/* step.c's, back.c's and trial.c's side */


#define STEP(name)						\
	enum state step_##name(void)				\
	{							\
		ts.did = #name;					\
		return ts.next;					\
	}

STEP(wait)
STEP(begin)
STEP(same)
STEP(failed)
STEP(hold)
STEP(commit)
STEP(commit_failed)
STEP(taken)
STEP(own_done)
STEP(own_failed)
STEP(back)
STEP(backed)
STEP(back_failed)


void step_init(provision_order_h *orderh, step_tell_h *tellh)
{
	(void)orderh;

	ts.tell = tellh;
}


void step_close(void)
{
}


const char *summary_last(void)
{
	return "none yet";
}


void trial_init(trial_lost_h *losth)
{
	ts.lost = losth;
}


const struct generation *trial_running(void)
{
	return ts.runs ? &ts.gen : NULL;
}


bool proof_ready(void)
{
	return ts.ready;
}


int back_add(struct request *req)
{
	return req ? 0 : EINVAL;
}


int queue_add(struct request *req)
{
	return req ? 0 : EINVAL;
}


bool queue_waits(void)
{
	return false;
}


uint64_t queue_left(void)
{
	return 1;
}


void retry_interval(void)
{
}


const char *home_url(void)
{
	return NULL;
}


const struct settings *settings(void)
{
	return &ts.s;
}


static void order_h(enum door door, enum action action, bool fresh)
{
	(void)door;
	(void)action;
	(void)fresh;
}


/* The table of resync.c's comment. NULL: the state stays as it is */
static const struct {
	enum resync_event ev;
	const char *didv[STATE_BACK + 1];
} expectv[] = {
	{EV_ORDER,  {[STATE_IDLE]   = "wait", [STATE_WAIT] = "wait"}},
	{EV_DUE,    {[STATE_WAIT]   = "begin"}},
	{EV_SAME,   {[STATE_FETCH]  = "same"}},
	{EV_NEW,    {[STATE_FETCH]  = "commit"}},
	{EV_READY,  {[STATE_READY]  = "commit"}},
	{EV_FAILED, {[STATE_FETCH]  = "failed", [STATE_OWN] = "own_failed",
		     [STATE_COMMIT] = "commit_failed",
		     [STATE_BACK]   = "back_failed"}},
	{EV_DONE,   {[STATE_OWN]    = "own_done", [STATE_COMMIT] = "taken",
		     [STATE_BACK]   = "backed"}},
	{EV_LOST,   {[STATE_IDLE]   = "back", [STATE_WAIT] = "back"}},
	{EV_RESET,  {[STATE_IDLE]   = "back", [STATE_WAIT] = "back"}},
};

static const char *const namev[] = {
	[STATE_IDLE]   = "none going on",
	[STATE_WAIT]   = "waiting for 1 s;",
	[STATE_FETCH]  = "fetching",
	[STATE_READY]  = "waiting till the accounts have an answer",
	[STATE_OWN]    = "reading your own files",
	[STATE_COMMIT] = "writing",
	[STATE_BACK]   = "going back",
};


static int setup(void **state)
{
	(void)state;

	memset(&ts, 0, sizeof(ts));
	resync_init(order_h);

	return 0;
}


static void assert_state(enum state state)
{
	char *str = NULL;

	assert_int_equal(0, re_sdprintf(&str, "%H", resync_print, NULL));
	if (!strstr(str, namev[state]))
		fail_msg("%s, not %s", str, namev[state]);

	mem_deref(str);
}


static void reach(enum state state)
{
	resync_close();

	if (state != STATE_IDLE) {
		ts.next = state;
		ts.tell(EV_ORDER);
	}

	assert_state(state);
	ts.did = NULL;
}


/* As it comes: by the doors, by the trial, by a step */
static void happen(enum resync_event ev)
{
	struct request req;

	switch (ev) {

	case EV_ORDER:
		assert_int_equal(0, provision_resync(&req));
		break;

	case EV_RESET:
		assert_int_equal(0, provision_reset(&req));
		break;

	case EV_LOST:
		ts.lost();
		break;

	default:
		ts.tell(ev);
		break;
	}
}


static void test_cells(void **state)
{
	unsigned from, to;
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(expectv); i++) {

		for (from = STATE_IDLE; from <= STATE_BACK; from++) {
			const char *did = expectv[i].didv[from];

			for (to = STATE_IDLE; to <= STATE_BACK; to++) {

				reach(from);
				ts.next = to;
				happen(expectv[i].ev);

				if (str_cmp(did ? did : "nothing",
					    ts.did ? ts.did : "nothing"))
					fail_msg("event %d in state %u: %s",
						 expectv[i].ev, from, ts.did);

				assert_state(did ? to : from);
			}
		}
	}
}


/* All events are walked */
static void test_complete(void **state)
{
	unsigned seen = 0;
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(expectv); i++)
		seen |= 1u << expectv[i].ev;

	assert_int_equal((1u << RE_ARRAY_SIZE(expectv)) - 1, seen);
}


/* A version that comes before it is known who is registered is held */
static void test_ready(void **state)
{
	static const struct {
		bool runs, proved, ready;
		const char *did;
	} casev[] = {
		{false, false, false, "commit"},
		{true,  false, false, "commit"},
		{true,  true,  false, "hold"},
		{true,  true,  true,  "commit"},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(casev); i++) {

		ts.runs       = casev[i].runs;
		ts.gen.proved = casev[i].proved;
		ts.ready      = casev[i].ready;

		reach(STATE_FETCH);
		ts.next = STATE_READY;
		happen(EV_NEW);
		assert_string_equal(casev[i].did, ts.did);
	}

	/* and an answer that is not the last one does not end that */
	ts.ready = false;
	reach(STATE_READY);
	resync_look();
	assert_null(ts.did);

	ts.ready = true;
	ts.next = STATE_COMMIT;
	resync_look();
	assert_string_equal("commit", ts.did);
	assert_state(STATE_COMMIT);
}


/* What is not taken happens nowhere */
static void test_refused(void **state)
{
	(void)state;

	reach(STATE_IDLE);
	assert_int_equal(EINVAL, provision_resync(NULL));
	assert_int_equal(EINVAL, provision_reset(NULL));
	assert_null(ts.did);
	assert_state(STATE_IDLE);
}


#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_cells), T(test_complete), T(test_ready),
		T(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
