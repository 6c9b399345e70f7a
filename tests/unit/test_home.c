/**
 * @file test_home.c  Tests of home.c: what is offered, and what is kept
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
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "provision/provision.h"
#include "fake_baresip.h"
#include "fake_clock.h"
#include "fake_room.h"
#include "fake_worker.h"


#define T(f) cmocka_unit_test_setup_teardown(f, setup, prov_teardown)

static char url[200];           /**< What is offered                        */


/* A phone without a URL of its own */
static int setup(void **state)
{
	int err = prov_setup(state);

	tp.s.url = NULL;
	(void)re_snprintf(url, sizeof(url), "file://%s/prov/", tp.dir);

	return err;
}


static const struct request *adopt(void)
{
	struct request *req = prov_request(DOOR_PNP, false);

	req->action = ACTION_PNP;
	pl_set_str(&req->body, url);

	assert_int_equal(0, provision_adopt(req));
	prov_settle();

	return req;
}


/* The phone is set up, and goes straight to the server from then on */
static void test_kept(void **state)
{
	const struct request *req;
	(void)state;

	assert_false(provision_has_url());

	prov_serve("1 alice example.com a 600\n");
	req = adopt();

	prov_assert(prov_ending(req), RESULT_OK, "1 account added");
	assert_true(provision_has_url());

	prov_serve("1 alice example.com b 600\n");
	prov_restart();
	assert_true(provision_has_url());
	assert_int_equal(DOOR_BOOT, tp.door);
	assert_string_equal("b", fake_find("sip:alice@example.com")->secret);
}


/* Till the proof the search goes on */
static void test_trial(void **state)
{
	const struct request *req;
	(void)state;

	fake.answers = false;
	prov_serve("1 alice example.com a 600\n");
	req = adopt();

	assert_null(prov_ending(req));
	assert_false(provision_has_url());

	/* A restart within the trial does not lose the URL */
	prov_restart();
	assert_false(provision_has_url());
	assert_int_equal(DOOR_BOOT, tp.door);

	prov_seconds(PROV_CONFIRM + 1);
	assert_true(provision_has_url());
}


/* No file, no URL; and the next search finds another one */
static void test_not_there(void **state)
{
	const struct request *req = adopt();
	(void)state;

	prov_assert(prov_ending(req), RESULT_FAILED, "none of the files");
	assert_false(provision_has_url());

	/* What is offered is asked again, as after any failed download */
	prov_serve("1 alice example.com a 600\n");
	prov_seconds(40);
	assert_int_equal(DOOR_TIMER, tp.door);
	assert_true(provision_has_url());
}


static void test_forgotten(void **state)
{
	struct request *req = prov_request(DOOR_NOTIFY, false);
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	(void)adopt();

	assert_int_equal(0, provision_reset(req));
	prov_settle();

	assert_false(provision_has_url());

	prov_restart();
	assert_int_equal(0, list_count(&fake.ual));
}


/* The config's URL stands over what was offered before it was written */
static void test_config(void **state)
{
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	(void)adopt();

	tp.s.url = tp.url;
	assert_true(provision_has_url());

	/* The same files, but from the config: no longer what was adopted */
	prov_serve("1 alice example.com b 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_OK, "1 changed");

	tp.s.url = NULL;
	prov_restart();
	assert_false(provision_has_url());

	/* And a URL that the user has removed is none */
	prov_serve("1 alice example.com c 600\n");
	prov_resync(DOOR_NOTIFY);
	assert_string_equal("b", fake_find("sip:alice@example.com")->secret);
}


/* Another server with the same files: its URL is the one that is kept */
static void test_moved(void **state)
{
	char *str = NULL;
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	(void)adopt();

	(void)re_snprintf(url, sizeof(url), "file://%s/prov/accounts", tp.dir);
	prov_assert(prov_ending(adopt()), RESULT_OK, "0 accounts added");
	assert_int_equal(1, fake.registers);

	prov_restart();
	assert_true(provision_has_url());
	assert_int_equal(0, re_sdprintf(&str, "%H", provision_print, NULL));
	assert_non_null(strstr(str, ", adopted"));
	mem_deref(str);
}


/* The generation names another server, and that one is asked from then on */
static void test_next(void **state)
{
	char text[256];
	(void)state;

	(void)re_snprintf(text, sizeof(text), "1 alice example.com a 600\n"
			  "url file://%s/prov/next\n", tp.dir);
	prov_serve(text);

	/* Not before it is proved */
	fake.answers = false;
	(void)adopt();
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_UNCHANGED, "nothing has changed");
	prov_seconds(PROV_CONFIRM + 1);

	fake.answers = true;
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_FAILED, "does not have next");
	assert_true(provision_has_url());

	/* It waits a little for the answer that never came */
	prov_file(tp.dir, "prov/next", "1 alice example.com b 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_seconds(15);
	prov_assert_last(RESULT_OK, "1 changed");

	prov_file(tp.dir, "prov/next", "1 alice example.com c 600\n");
	prov_restart();
	assert_string_equal("c", fake_find("sip:alice@example.com")->secret);
}


/* For a day the next one alone, then both in turns */
static void test_next_fails(void **state)
{
	char text[256];
	unsigned i, unchanged = 0;
	(void)state;

	(void)re_snprintf(text, sizeof(text), "1 alice example.com a 600\n"
			  "url file://%s/prov/next\n", tp.dir);
	prov_serve(text);
	(void)adopt();

	prov_resync(DOOR_NOTIFY);
	fake_clock_advance(23 * 3600 * 1000);
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_FAILED, "next");

	fake_clock_advance(3600 * 1000);
	prov_settle();

	for (i=0; i<6; i++) {
		prov_resync(DOOR_NOTIFY);

		if (prov_last()->result == RESULT_UNCHANGED)
			++unchanged;
		else
			prov_assert_last(RESULT_FAILED, "next");
	}

	assert_int_equal(3, unchanged);
}


/* A server cannot name anything */
static void test_next_refused(void **state)
{
	(void)state;

	prov_serve("1 alice example.com a 600\nurl gopher://a/\n");
	(void)adopt();

	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_UNCHANGED, "nothing has changed");
}


static void test_args(void **state)
{
	struct request *req = prov_request(DOOR_PNP, false);
	(void)state;

	assert_int_equal(EINVAL, provision_adopt(NULL));

	pl_set_str(&req->body, "http://a b{/");
	assert_int_equal(EBADMSG, provision_adopt(req));
	assert_false(provision_has_url());
	assert_false(provision_waiting());
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_kept), T(test_trial), T(test_not_there),
		T(test_forgotten), T(test_config), T(test_moved),
		T(test_next), T(test_next_fails), T(test_next_refused),
		T(test_args),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
