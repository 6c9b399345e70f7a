/**
 * @file test_trial.c  Tests of trial.c, proof.c, refusal.c and resume.c
 * links: provision/resync.c provision/step.c provision/back.c
 * provision/queue.c provision/retry.c provision/ride.c provision/trial.c
 * provision/proof.c provision/refusal.c provision/resume.c
 * provision/summary.c provision/store.c provision/shelf.c
 * provision/manifest.c provision/generation.c provision/plan.c
 * provision/url.c provision/gather.c provision/source.c provision/fetch.c
 * provision/outcome.c provision/curlopt.c provision/apply.c provision/entry.c
 * provision/swap.c provision/own.c provision/reading.c provision/check.c
 * provision/report.c provision/contents.c
 * provision/provision.c profile/profile.c profile/account.c profile/check.c
 * profile/note.c profile/features.c grammar.c vendor.c request.c state/state.c
 * state/file.c fake_room.c fake_baresip.c fake_contacts.c fake_worker.c
 * fake_format.c fake_clock.c scratch.c stub_baresip.c
 * provision/home.c
 * provision/pace.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "provision/provision.h"
#include "fake_baresip.h"
#include "fake_clock.h"
#include "fake_room.h"
#include "fake_worker.h"


#define T(f) cmocka_unit_test_setup_teardown(f, prov_setup, prov_teardown)


/* The password is changed to a wrong one: the old one comes back */
static void test_rollback(void **state)
{
	const struct profile_policy *good, *bad;
	(void)state;

	prov_serve("1 alice example.com a 600\n2 bob example.com b 600\n");
	prov_resync(DOOR_NOTIFY);
	good = tp.policy;
	assert_non_null(good);

	fake.refuses = "bad";
	prov_serve("1 alice example.com bad 600\n2 bob example.com b 600\n");
	prov_resync(DOOR_NOTIFY);
	assert_int_equal(1, tp.endc);
	bad = tp.policy;
	assert_ptr_not_equal(bad, good);

	prov_seconds(PROV_CONFIRM - 1);
	assert_int_equal(1, tp.endc);
	assert_string_equal("bad", fake_find("sip:alice@example.com")->secret);

	prov_seconds(3);
	assert_int_equal(2, tp.endc);
	prov_assert_last(RESULT_ROLLED_BACK, "back to generation 1");
	assert_non_null(tp.policy);
	assert_ptr_not_equal(tp.policy, bad);
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);
	assert_true(fake_find("sip:alice@example.com")->registered);
	assert_int_equal(2, list_count(&fake.ual));

	/* refused for an hour, but for a person */
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_FAILED, "refused");

	assert_int_equal(0, provision_resync(prov_request(DOOR_CONSOLE,
							  true)));
	prov_settle();
	assert_string_equal("bad", fake_find("sip:alice@example.com")->secret);

	prov_seconds(PROV_CONFIRM + 2);
	prov_assert_last(RESULT_ROLLED_BACK, "back to generation 1");

	/* now for two hours; another version is not refused */
	prov_seconds(7000);
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_FAILED, "refused");
	prov_serve("1 alice example.com a2 600\n2 bob example.com b 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_OK, "1 changed");
}


static void test_refused_again(void **state)
{
	unsigned n;
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);

	fake.refuses = "bad";
	prov_serve("1 alice example.com bad 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_seconds(PROV_CONFIRM + 1);
	prov_assert_last(RESULT_ROLLED_BACK, "");

	/* the refusal outlives a restart */
	prov_restart();
	prov_assert_last(RESULT_FAILED, "refused");

	/* and when it is over, it is tried again */
	n = fake.allocs;
	prov_seconds(3590);
	assert_int_equal(n, fake.allocs);
	prov_seconds(20);
	assert_true(fake.allocs > n);
}


/* All new accounts that should register do: proved before the time is up */
static void test_proof(void **state)
{
	(void)state;

	fake.answers = false;
	prov_serve("1 alice example.com a 600\n2 bob example.com b 0\n");
	prov_resync(DOOR_NOTIFY);
	assert_int_equal(0, tp.endc);

	prov_seconds(5);
	fake_registered(fake_find("sip:alice@example.com"), true);
	prov_settle();

	assert_int_equal(1, tp.endc);
	prov_assert_last(RESULT_OK, "2 accounts added");
}


/* Some were registered and none is, though none of those is left */
static void test_none_left(void **state)
{
	const struct request *req;
	(void)state;

	prov_serve("1 alice [::1] a 600\n");
	prov_resync(DOOR_NOTIFY);

	fake.refuses = "bad";
	prov_serve("1 bob [::1] bad 600\n");
	req = prov_resync(DOOR_NOTIFY);
	prov_seconds(PROV_CONFIRM + 2);
	prov_assert(prov_ending(req), RESULT_ROLLED_BACK, "");
	assert_non_null(fake_find("sip:alice@[::1]"));
	assert_null(fake_find("sip:bob@[::1]"));
}


/* One that was not registered before may go on like that */
static void test_as_bad_as_before(void **state)
{
	const struct request *req;
	(void)state;

	fake.refuses = "bad";
	prov_serve("1 alice h a 600\n2 bob h bad 600\n");
	req = prov_resync(DOOR_NOTIFY);
	prov_seconds(PROV_CONFIRM + 2);
	prov_assert(prov_ending(req), RESULT_OK, "2 accounts added");

	/* and one that has not changed need not register for the proof */
	prov_serve("1 alice h a 600\n2 bob h bad 600\n3 carol h c 600\n");
	req = prov_resync(DOOR_NOTIFY);
	prov_assert(prov_ending(req), RESULT_OK, "1 account added");

	prov_serve("1 alice h a 600\n2 bob h bad 700\n4 dave h bad 600\n");
	req = prov_resync(DOOR_NOTIFY);
	prov_seconds(PROV_CONFIRM - 1);
	assert_null(prov_ending(req));
	prov_seconds(2);
	prov_assert(prov_ending(req), RESULT_OK, "1 account added, 1 changed");

	/* an address in brackets that does not register any more */
	prov_serve("1 alice [::1] a 600\n2 bob h bad 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_seconds(PROV_CONFIRM + 2);
	prov_serve("1 alice [::1] bad 600\n2 bob h b 600\n");
	req = prov_resync(DOOR_NOTIFY);
	prov_seconds(PROV_CONFIRM + 2);
	prov_assert(prov_ending(req), RESULT_ROLLED_BACK, "");
}


/* The user's own accounts do not count, nor those that he removed by hand */
static void test_own_do_not_count(void **state)
{
	const struct request *req;
	struct ua *own;
	(void)state;

	own = fake_own("<sip:own@h>");
	prov_serve("1 alice h a 600\n2 bob h b 600\n");
	prov_resync(DOOR_NOTIFY);

	prov_serve("1 alice h a 600\n2 bob h b 600\n3 carol h b 600\n");
	fake.answers = false;
	req = prov_resync(DOOR_NOTIFY);
	fake_registered(own, false);
	compat_ua_destroy(fake_find("sip:bob@h"));
	prov_seconds(PROV_CONFIRM + 2);
	prov_assert(prov_ending(req), RESULT_OK, "1 account added");
}


/* Nothing was registered before: nothing to fall back to, proved at its end */
static void test_proof_end(void **state)
{
	const struct request *req;
	(void)state;

	fake.answers = false;
	prov_serve("1 alice example.com a 600\n");
	req = prov_resync(DOOR_NOTIFY);
	prov_seconds(PROV_CONFIRM - 1);
	assert_null(prov_ending(req));
	prov_seconds(2);
	prov_assert(prov_ending(req), RESULT_OK, "1 account added");
}


/*
 * A start finds a bad version before its accounts have had an answer: it waits
 * for that, since nobody was registered by whom it could be judged
 */
static void test_start_too_fast(void **state)
{
	(void)state;

	prov_serve("1 alice example.com a 600\n2 bob example.com b 600\n");
	prov_resync(DOOR_NOTIFY);

	prov_serve("1 alice example.com bad 600\n2 bob example.com bad 600\n");
	fake.answers = false;
	prov_restart();
	prov_resync(DOOR_NOTIFY);
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);

	fake.answers = true;
	fake.refuses = "bad";
	fake_registered(fake_find("sip:alice@example.com"), true);
	prov_settle();
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);
	fake_registered(fake_find("sip:bob@example.com"), true);
	prov_settle();
	assert_string_equal("bad", fake_find("sip:alice@example.com")->secret);

	prov_seconds(PROV_CONFIRM + 2);
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);
	assert_true(fake_find("sip:bob@example.com")->registered);
}


/* A registrar that says nothing does not hold a new version back for long */
static void test_start_without_answer(void **state)
{
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);

	prov_serve("1 alice example.org a 600\n");
	fake.answers = false;
	prov_restart();
	prov_resync(DOOR_NOTIFY);
	assert_null(fake_find("sip:alice@example.org"));

	prov_seconds(11);
	assert_non_null(fake_find("sip:alice@example.org"));
}


/* A further change takes the trial over; both fall back to the first */
static void test_taken_over(void **state)
{
	const struct request *first, *second, *third;
	(void)state;

	prov_serve("1 alice example.com a 600\n2 bob example.com b 600\n");
	prov_resync(DOOR_NOTIFY);

	fake.refuses = "bad";
	prov_serve("1 alice example.com bad 600\n2 bob example.com b 600\n");
	first = prov_resync(DOOR_NOTIFY);
	prov_seconds(100);
	prov_serve("1 alice example.com bad 600\n2 bob example.com b 600\n"
	      "3 carol example.com bad 600\n");
	second = prov_resync(DOOR_NOTIFY);

	prov_seconds(PROV_CONFIRM - 10);

	/* unchanged meanwhile: it ends alone */
	third = prov_resync(DOOR_NOTIFY);
	prov_assert(prov_ending(third), RESULT_UNCHANGED, "");
	assert_null(prov_ending(first));
	assert_null(prov_ending(second));

	prov_seconds(12);
	prov_assert(prov_ending(first), RESULT_ROLLED_BACK, "generation 1");
	prov_assert(prov_ending(second), RESULT_ROLLED_BACK, "generation 1");
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);
	assert_int_equal(2, list_count(&fake.ual));
}


static void test_restart(void **state)
{
	const struct request *req;
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);

	/* an ordered start: from the state dir at once, then asked */
	tp.s.at_boot = false;
	prov_restart();
	assert_int_equal(DOOR_BOOT, tp.door);
	assert_int_equal(1, list_count(&fake.ual));
	prov_assert_last(RESULT_UNCHANGED, "");

	/* one in a trial begins it anew, against the same */
	fake.refuses = "bad";
	prov_serve("1 alice example.com bad 600\n");
	req = prov_resync(DOOR_NOTIFY);
	prov_seconds(100);
	fake.answers = false;
	prov_restart();
	prov_assert(prov_ending(req), RESULT_LAPSED, "begins anew");

	prov_seconds(PROV_CONFIRM - 5);
	assert_string_equal("bad", fake_find("sip:alice@example.com")->secret);
	prov_seconds(10);
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);
}


static void test_crashes(void **state)
{
	unsigned i;
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);

	fake.answers = false;
	prov_serve("1 alice example.com b 600\n");
	prov_resync(DOOR_NOTIFY);

	for (i=0; i<3; i++) {
		prov_crash();
		assert_string_equal("b", fake_find("sip:alice@example.com")
				    ->secret);
	}

	prov_crash();
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);

	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_FAILED, "refused");
}


/* Starts that ended in order do not count */
static void test_orderly(void **state)
{
	unsigned i;
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);

	fake.answers = false;
	prov_serve("1 alice example.com b 600\n");
	prov_resync(DOOR_NOTIFY);

	for (i=0; i<6; i++) {
		prov_restart();
		assert_string_equal("b", fake_find("sip:alice@example.com")
				    ->secret);
	}
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_rollback), T(test_refused_again), T(test_proof),
		T(test_proof_end), T(test_start_too_fast),
		T(test_start_without_answer), T(test_none_left),
		T(test_as_bad_as_before), T(test_own_do_not_count),
		T(test_taken_over), T(test_restart), T(test_crashes),
		T(test_orderly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
