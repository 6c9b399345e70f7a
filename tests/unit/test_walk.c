/**
 * @file test_walk.c  What comes from outside, in each state of a resync
 * links: provision/resync.c provision/step.c provision/back.c
 * provision/queue.c provision/retry.c provision/ride.c provision/trial.c
 * provision/proof.c provision/refusal.c provision/resume.c
 * provision/summary.c provision/store.c provision/shelf.c
 * provision/manifest.c provision/generation.c provision/plan.c
 * provision/url.c provision/gather.c provision/source.c provision/fetch.c
 * provision/outcome.c provision/curlopt.c provision/apply.c provision/entry.c
 * provision/swap.c provision/own.c provision/reading.c provision/check.c
 * provision/report.c provision/contents.c provision/pace.c
 * provision/provision.c profile/profile.c profile/account.c profile/check.c
 * profile/note.c profile/features.c grammar.c vendor.c request.c state/state.c
 * state/file.c fake_room.c fake_baresip.c fake_contacts.c fake_worker.c
 * fake_format.c fake_clock.c scratch.c stub_baresip.c
 * provision/home.c
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
#include "provision/provision.h"
#include "fake_baresip.h"
#include "fake_clock.h"
#include "fake_room.h"
#include "fake_worker.h"


enum {
	STEPS_MAX = 20,
};

/** How far a resync is that brings alice the secret "new" for "old" */
enum place {
	PLACE_IDLE, PLACE_WAIT, PLACE_FETCH, PLACE_READY, PLACE_COMMIT,
	PLACE_BACK, PLACE_TRIAL, PLACE_BACKOFF,
};

static const char *const placev[] = {
	[PLACE_IDLE]    = "none going on",
	[PLACE_WAIT]    = "waiting for ",
	[PLACE_FETCH]   = "fetching",
	[PLACE_READY]   = "waiting till the accounts have an answer",
	[PLACE_COMMIT]  = "writing",
	[PLACE_BACK]    = "going back",
	[PLACE_TRIAL]   = "on trial",
	[PLACE_BACKOFF] = "asking again",
};

static struct request *riding;  /**< In the resync, or NULL                 */


static bool is_at(enum place place)
{
	char *str = NULL;
	bool is;

	assert_int_equal(0, re_sdprintf(&str, "%H", provision_print, NULL));
	is = strstr(str, placev[place]) != NULL;
	mem_deref(str);

	return is;
}


/* Who alice is: her secret. The new one comes before the old one goes. */
static const char *alice(void)
{
	struct le *le;

	for (le = fake.ual.tail; le; le = le->prev) {
		const struct ua *ua = le->data;

		if (!str_cmp(ua->aor, "sip:alice@h"))
			return ua->secret;
	}

	return "gone";
}


static void serve(const char *secret)
{
	char text[128];

	(void)re_snprintf(text, sizeof(text),
			  "1 alice h %s 600\n2 bob h b 600\n", secret);
	prov_serve(text);
}


static void begin(void)
{
	riding = prov_request(DOOR_NOTIFY, false);
	assert_int_equal(0, provision_resync(riding));
}


static void reach(enum place place)
{
	unsigned n;

	riding = NULL;
	tp.s.at_boot = false;
	serve("old");
	prov_resync(DOOR_NOTIFY);
	assert_string_equal("old", alice());
	serve("new");

	switch (place) {

	case PLACE_IDLE:
		break;

	case PLACE_WAIT:
		tp.s.jitter = 86400;
		begin();
		tp.s.jitter = 0;
		break;

	case PLACE_FETCH:
	case PLACE_COMMIT:
		begin();
		fake_clock_advance(0);
		for (n=0; n<STEPS_MAX && !is_at(place); n++)
			(void)fake_worker_step();
		break;

	case PLACE_READY:
		fake.answers = false;
		prov_shut();
		fake_init(tp.dir);
		fake.answers = false;
		prov_open();
		assert_int_equal(0, provision_start(false));
		prov_settle();
		begin();
		prov_settle();
		break;

	case PLACE_BACK:
		riding = prov_request(DOOR_NOTIFY, false);
		assert_int_equal(0, provision_reset(riding));
		break;

	case PLACE_TRIAL:
		fake.answers = false;
		begin();
		prov_settle();
		break;

	case PLACE_BACKOFF:
		prov_serve("rubbish\n");
		prov_resync(DOOR_NOTIFY);
		serve("new");
		break;
	}

	if (!is_at(place))
		fail_msg("not %s", placev[place]);
}


/* Let all go on to its end: accounts are answered, calls end, a day goes by */
static void go_on(void)
{
	struct le *le;

	fake.answers = true;

	for (le = list_head(&fake.ual); le; le = le->next)
		fake_registered(le->data, true);

	prov_settle();

	if (fake_find("sip:alice@h"))
		fake_call(fake_find("sip:alice@h"), false);

	prov_settle();
	fake_clock_advance(86400 * 1000ULL);
	prov_settle();

	assert_true(is_at(PLACE_IDLE));
	assert_false(provision_waiting());

	/* whoever asked has been told, once */
	if (riding)
		assert_non_null(prov_ending(riding));
}


static void check_sync(void)
{
	const struct request *req = prov_resync(DOOR_NOTIFY);

	/* that a person has to ask again is no way out of any state */
	if (!is_at(PLACE_READY) && !is_at(PLACE_TRIAL))
		assert_non_null(prov_ending(req));
}


static void reset(void)
{
	assert_int_equal(0, provision_reset(prov_request(DOOR_NOTIFY,
							 false)));
}


static void call(void)
{
	fake_call(fake_find("sip:alice@h"), true);
}


static void term(void)
{
	prov_shut();
	fake_init(tp.dir);
	fake.answers = true;
	prov_open();
	assert_int_equal(0, provision_start(false));
}


/*
 * Who alice is right afterwards, and at the end of all. Without a resync at
 * the start what was dropped stays so; an ordered one always asks.
 */
static const struct {
	void (*happen)(void);
	const char *wherev[PLACE_BACKOFF + 1];
} walkv[] = {
	{check_sync, {
		[PLACE_IDLE]    = "new new",
		[PLACE_WAIT]    = "new new",
		[PLACE_FETCH]   = "new new",
		[PLACE_READY]   = "old new",
		[PLACE_COMMIT]  = "new new",
		[PLACE_BACK]    = "new new",
		[PLACE_TRIAL]   = "new new",
		[PLACE_BACKOFF] = "new new",
	}},
	{reset, {
		[PLACE_IDLE]    = "gone gone",
		[PLACE_WAIT]    = "gone new",
		[PLACE_FETCH]   = "gone gone",
		[PLACE_READY]   = "old gone",
		[PLACE_COMMIT]  = "gone gone",
		[PLACE_BACK]    = "gone gone",
		[PLACE_TRIAL]   = "gone gone",
		[PLACE_BACKOFF] = "gone new",
	}},
	{call, {
		[PLACE_IDLE]    = "old old",
		[PLACE_WAIT]    = "old new",
		[PLACE_FETCH]   = "old new",
		[PLACE_READY]   = "old new",
		[PLACE_COMMIT]  = "old new",
		[PLACE_BACK]    = "old gone",
		[PLACE_TRIAL]   = "new new",
		[PLACE_BACKOFF] = "old new",
	}},
	{prov_restart, {
		[PLACE_IDLE]    = "new new",
		[PLACE_WAIT]    = "new new",
		[PLACE_FETCH]   = "new new",
		[PLACE_READY]   = "old new",
		[PLACE_COMMIT]  = "new new",
		[PLACE_BACK]    = "new new",
		[PLACE_TRIAL]   = "new new",
		[PLACE_BACKOFF] = "new new",
	}},
	{term, {
		[PLACE_IDLE]    = "old old",
		[PLACE_WAIT]    = "old old",
		[PLACE_FETCH]   = "old old",
		[PLACE_READY]   = "old old",
		[PLACE_COMMIT]  = "new new",
		[PLACE_BACK]    = "gone gone",
		[PLACE_TRIAL]   = "new new",
		[PLACE_BACKOFF] = "old old",
	}},
	{prov_crash, {
		[PLACE_IDLE]    = "old old",
		[PLACE_WAIT]    = "old old",
		[PLACE_FETCH]   = "old old",
		[PLACE_READY]   = "old old",
		[PLACE_COMMIT]  = "new new",
		[PLACE_BACK]    = "gone gone",
		[PLACE_TRIAL]   = "new new",
		[PLACE_BACKOFF] = "old old",
	}},
};


static void test_walk(void **state)
{
	char then[16], both[32];
	unsigned place;
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(walkv); i++) {

		for (place=PLACE_IDLE; place<=PLACE_BACKOFF; place++) {

			assert_int_equal(0, prov_setup(state));

			reach(place);
			walkv[i].happen();
			prov_settle();
			str_ncpy(then, alice(), sizeof(then));
			go_on();

			(void)re_snprintf(both, sizeof(both), "%s %s", then,
					  alice());
			if (str_cmp(both, walkv[i].wherev[place]))
				fail_msg("row %zu, %s: %s", i, placev[place],
					 both);

			assert_int_equal(0, prov_teardown(state));
		}
	}
}


/* A trial of "bad" that is lost in the middle of another resync */
static void reach_lost(enum place place, const char *secret)
{
	reach(PLACE_IDLE);
	fake.refuses = "bad";
	serve("bad");
	begin();
	prov_settle();
	assert_true(is_at(PLACE_TRIAL));
	serve(secret);

	if (place == PLACE_WAIT)
		tp.s.jitter = 86400;

	if (place != PLACE_IDLE)
		(void)provision_resync(prov_request(DOOR_NOTIFY, false));

	tp.s.jitter = 0;
	fake_clock_advance(0);

	while (!is_at(place))
		assert_true(fake_worker_step());

	fake_clock_advance((PROV_CONFIRM + 1) * 1000ULL);
}


/* What goes on is ended first; a version that comes just now is tried */
static void test_lost(void **state)
{
	static const struct {
		enum place place;
		const char *served;
		const char *then;
		enum result result;     /**< Of the resync that is on trial */
	} lostv[] = {
		{PLACE_IDLE,   "new", "old", RESULT_ROLLED_BACK},
		{PLACE_WAIT,   "new", "old", RESULT_ROLLED_BACK},
		{PLACE_FETCH,  "bad", "old", RESULT_ROLLED_BACK},
		{PLACE_FETCH,  "new", "new", RESULT_OK},
		{PLACE_COMMIT, "new", "new", RESULT_OK},
	};
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(lostv); i++) {

		assert_int_equal(0, prov_setup(state));

		reach_lost(lostv[i].place, lostv[i].served);
		prov_settle();
		if (str_cmp(lostv[i].then, alice()))
			fail_msg("case %zu: %s", i, alice());

		prov_assert(prov_ending(riding), lostv[i].result, "");

		assert_int_equal(0, prov_teardown(state));
	}
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk), cmocka_unit_test(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
