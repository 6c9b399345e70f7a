/**
 * @file test_queue.c  Tests of queue.c and retry.c
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


static void test_jitter(void **state)
{
	unsigned n;
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	tp.s.jitter = 1000;

	assert_false(provision_waiting());
	prov_resync(DOOR_NOTIFY);
	assert_true(provision_waiting());
	n = fake_worker_fetches();

	/* a person does not wait, and takes the other along */
	assert_int_equal(0, provision_resync(prov_request(DOOR_CONSOLE,
							  true)));
	prov_settle();
	assert_false(provision_waiting());
	assert_int_equal(2, tp.endc);
	assert_int_equal(n + 2, fake_worker_fetches());

	prov_resync(DOOR_TIMER);
	prov_seconds(1001);
	assert_int_equal(3, tp.endc);
	prov_assert_last(RESULT_UNCHANGED, "");
}


/* Neither a person nor a key waits, wherever it comes in */
static void test_no_jitter(void **state)
{
	static const enum door doorv[] = {DOOR_CONSOLE, DOOR_HTTP};
	struct request *req;
	size_t i;
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	tp.s.jitter = 1000000;

	for (i=0; i<RE_ARRAY_SIZE(doorv); i++)
		assert_non_null(prov_ending(prov_resync(doorv[i])));

	req = prov_request(DOOR_NOTIFY, false);
	req->chain = mem_zalloc(1, NULL);
	assert_int_equal(0, provision_resync(req));
	prov_settle();
	assert_non_null(prov_ending(req));

	req = prov_request(DOOR_TIMER, true);
	assert_int_equal(0, provision_resync(req));
	prov_settle();
	assert_non_null(prov_ending(req));
}


static void test_burst(void **state)
{
	unsigned i;
	(void)state;

	prov_serve("1 alice example.com a 600\n");

	for (i=0; i<20; i++)
		prov_resync(DOOR_NOTIFY);

	assert_int_equal(20, tp.endc);

	prov_resync(DOOR_NOTIFY);
	assert_int_equal(20, tp.endc);
	assert_true(provision_waiting());
	prov_seconds(29);
	assert_int_equal(20, tp.endc);
	prov_seconds(2);
	assert_int_equal(21, tp.endc);
}


static void assert_said(const char *text)
{
	char *str = NULL;

	assert_int_equal(0, re_sdprintf(&str, "%H", provision_print, NULL));
	if (!strstr(str, text))
		fail_msg("%s", str);

	mem_deref(str);
}


static void test_interval(void **state)
{
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	tp.s.interval = 10;
	prov_resync(DOOR_NOTIFY);
	assert_said("the next regular resync is in 10 min");
	prov_seconds(599);
	assert_said("the next regular resync is in 1 min");
	assert_int_equal(1, tp.endc);
	prov_seconds(2);
	assert_int_equal(2, tp.endc);
	prov_seconds(600);
	assert_int_equal(3, tp.endc);
	assert_int_equal(2, tp.orders);
}


/* What was provisioned, where the config does not say */
static void test_provisioned_interval(void **state)
{
	(void)state;

	tp.s.interval = 10;
	prov_serve("1 alice example.com a 600\ninterval 5\n");
	prov_resync(DOOR_NOTIFY);
	prov_seconds(299);
	assert_int_equal(1, tp.endc);
	prov_seconds(2);
	assert_int_equal(2, tp.endc);

	tp.given = true;
	prov_resync(DOOR_NOTIFY);
	prov_seconds(599);
	assert_int_equal(3, tp.endc);
	prov_seconds(2);
	assert_int_equal(4, tp.endc);

	/* 0 = never */
	tp.given = false;
	prov_serve("1 alice example.com a 600\ninterval 0\n");
	prov_resync(DOOR_NOTIFY);
	prov_seconds(3600);
	assert_int_equal(5, tp.endc);
}


/* No account is registered: the way to a better configuration stays open */
static void test_rescue(void **state)
{
	struct ua *alice;
	unsigned n;
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_seconds(3600);
	assert_int_equal(1, tp.endc);

	alice = fake_find("sip:alice@example.com");
	fake_registered(alice, false);
	prov_seconds(40);
	assert_int_equal(2, tp.endc);
	prov_assert_last(RESULT_UNCHANGED, "");
	prov_seconds(80);
	assert_int_equal(3, tp.endc);

	fake_registered(alice, true);
	n = tp.endc;
	prov_seconds(7200);
	assert_int_equal(n, tp.endc);
}


/* A configuration that has lost its accounts cannot be told to ask again */
static void test_rescue_of_nobody(void **state)
{
	(void)state;

	prov_serve("1 alice h a 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_serve("interval 0\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_OK, "1 removed");
	assert_said("since no provisioned account is registered");

	prov_serve("1 alice h a 600\n");
	prov_seconds(40);
	prov_assert_last(RESULT_OK, "1 account added");

	/* those that should not register need nobody's help */
	prov_serve("1 alice h a 0\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_OK, "1 changed");
	prov_serve("1 alice h a 600\n");
	prov_seconds(7200);
	prov_assert_last(RESULT_OK, "1 changed");
	assert_int_equal(4, tp.endc);
}


/* What is refused for hours holds nothing back where nobody is registered */
static void test_rescue_refused(void **state)
{
	(void)state;

	prov_serve("1 alice h a 600\n");
	prov_resync(DOOR_NOTIFY);

	fake.refuses = "bad";
	prov_serve("1 alice h bad 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_seconds(PROV_CONFIRM + 2);
	prov_assert_last(RESULT_ROLLED_BACK, "");

	fake_registered(fake_find("sip:alice@h"), false);
	prov_seconds(40);
	prov_assert_last(RESULT_FAILED, "refused");
	assert_said("since the last resync failed");

	prov_serve("1 alice h b 600\n");
	prov_seconds(80);
	prov_assert_last(RESULT_OK, "1 changed");
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_jitter), T(test_no_jitter), T(test_burst),
		T(test_interval), T(test_provisioned_interval),
		T(test_rescue), T(test_rescue_of_nobody),
		T(test_rescue_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
