/**
 * @file test_resync.c  Tests of resync.c, step.c and back.c
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


static void test_first(void **state)
{
	(void)state;

	prov_serve("1 alice example.com a 600\n2 bob example.com b 600\n");
	prov_resync(DOOR_NOTIFY);

	assert_int_equal(1, tp.endc);
	prov_assert_last(RESULT_OK, "2 accounts added, 0 changed, 0 removed");
	assert_int_equal(2, fake.registers);
	assert_true(fake_find("sip:alice@example.com")->ours);
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);
}


static void test_unchanged(void **state)
{
	struct stat before, after;
	char path[200];
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);

	(void)re_snprintf(path, sizeof(path), "%s/state/current", tp.dir);
	assert_int_equal(0, stat(path, &before));

	prov_resync(DOOR_NOTIFY);

	assert_int_equal(0, stat(path, &after));
	assert_int_equal(before.st_ino, after.st_ino);

	assert_int_equal(2, tp.endc);
	prov_assert_last(RESULT_UNCHANGED, "nothing has changed");
	assert_int_equal(1, fake.registers);
}


static void test_difference(void **state)
{
	const struct ua *bob;
	(void)state;

	prov_serve("1 alice example.com a 600\n2 bob example.com b 600\n"
	      "3 carol example.com c 600\n");
	prov_resync(DOOR_NOTIFY);
	bob = fake_find("sip:bob@example.com");

	prov_serve("1 alice example.com new 600\n2 bob example.com b 600\n"
	      "4 dave example.com d 600\nunknown.key = 1\n");
	prov_resync(DOOR_NOTIFY);

	prov_assert_last(RESULT_OK, "1 account added, 1 changed, 1 removed");
	assert_non_null(strstr(prov_last()->detail, "unknown.key"));
	assert_non_null(strstr(prov_last()->detail, "line 4"));
	assert_null(strstr(prov_last()->detail, "prov/"));

	assert_ptr_equal(bob, fake_find("sip:bob@example.com"));
	assert_int_equal(1, bob->registers);
	assert_null(fake_find("sip:carol@example.com"));
	assert_non_null(fake_find("sip:dave@example.com"));
	assert_string_equal("new", fake_find("sip:alice@example.com")->secret);
	assert_int_equal(3, list_count(&fake.ual));
}


static void test_broken(void **state)
{
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);

	prov_serve("1 alice example.com b 600\nrubbish\n");
	prov_resync(DOOR_NOTIFY);

	prov_assert_last(RESULT_FAILED, "accounts, line 2: not an account");
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);

	/* 30 s, doubling, on the old configuration */
	prov_seconds(29);
	assert_int_equal(2, tp.endc);
	prov_seconds(10);
	assert_int_equal(3, tp.endc);
	assert_int_equal(DOOR_TIMER, tp.door);
	prov_seconds(50);
	assert_int_equal(3, tp.endc);
	prov_seconds(20);
	assert_int_equal(4, tp.endc);

	/* one that comes in a back-off starts at once */
	prov_serve("1 alice example.com b 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_OK, "1 changed");
	assert_int_equal(5, tp.endc);

	prov_seconds(7200);
	assert_int_equal(5, tp.endc);
}


static void test_absent(void **state)
{
	char path[200];
	(void)state;

	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_FAILED, "has none of the files");

	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_OK, "1 account added");

	(void)re_snprintf(path, sizeof(path), "%s/prov/accounts", tp.dir);
	assert_int_equal(0, unlink(path));
	prov_resync(DOOR_NOTIFY);

	prov_assert_last(RESULT_FAILED, "does not have accounts any more");
	assert_non_null(fake_find("sip:alice@example.com"));
}


static void test_own_name_first(void **state)
{
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	prov_file(tp.dir, "prov/001122334455.accounts",
		 "1 bob example.com b 600\n");
	prov_resync(DOOR_NOTIFY);

	assert_int_equal(1, list_count(&fake.ual));
	assert_non_null(fake_find("sip:bob@example.com"));
}


static void test_call(void **state)
{
	struct ua *alice;
	(void)state;

	prov_serve("1 alice example.com a 600\n2 bob example.com b 600\n");
	prov_resync(DOOR_NOTIFY);

	alice = fake_find("sip:alice@example.com");
	fake_call(alice, true);

	prov_serve("1 alice example.com a2 600\n2 bob example.com b2 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_seconds(10);

	assert_ptr_equal(alice, fake_find("sip:alice@example.com"));
	assert_string_equal("b2", fake_find("sip:bob@example.com")->secret);
	assert_int_equal(1, tp.endc);

	/* a further resync does not wait for the call */
	prov_serve("1 alice example.com a3 600\n2 bob example.com b2 600\n");
	prov_resync(DOOR_NOTIFY);
	assert_string_equal("a", alice->secret);

	fake_call(alice, false);
	prov_settle();
	assert_string_equal("a3", fake_find("sip:alice@example.com")->secret);
	prov_seconds(3);
	assert_int_equal(3, tp.endc);
	assert_int_equal(2, list_count(&fake.ual));
}


static void test_shadow(void **state)
{
	(void)state;

	(void)fake_own("<sip:alice@EXAMPLE.com>;auth_pass=mine");
	prov_serve("1 alice example.com a 600\n2 bob example.com b 600\n");
	prov_resync(DOOR_NOTIFY);

	prov_assert_last(RESULT_OK, "1 account added");
	assert_int_equal(2, list_count(&fake.ual));
	assert_false(fake_find("sip:alice@EXAMPLE.com")->ours);
}


/* Those that come while another fetches make one more follow */
static void test_follow(void **state)
{
	unsigned n;
	(void)state;

	prov_serve("1 alice example.com a 600\n");

	n = fake_worker_fetches();
	assert_int_equal(0, provision_resync(prov_request(DOOR_NOTIFY,
							  false)));
	fake_clock_advance(0);
	assert_false(provision_waiting());

	assert_int_equal(0, provision_resync(prov_request(DOOR_NOTIFY,
							  false)));
	assert_true(provision_waiting());
	assert_int_equal(0, provision_resync(prov_request(DOOR_CONSOLE,
							  true)));
	prov_settle();

	assert_int_equal(3, tp.endc);
	assert_int_equal(RESULT_OK, tp.endv[0].ending.result);
	assert_int_equal(RESULT_UNCHANGED, tp.endv[1].ending.result);
	assert_int_equal(RESULT_UNCHANGED, tp.endv[2].ending.result);
	assert_int_equal(n + 4, fake_worker_fetches());
}


static void test_reset(void **state)
{
	struct request *req = prov_request(DOOR_NOTIFY, false);
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);

	assert_int_equal(0, provision_reset(req));
	prov_settle();

	prov_assert_last(RESULT_OK, "forgotten");
	assert_ptr_equal(req, tp.endv[tp.endc - 1].req);
	assert_int_equal(0, list_count(&fake.ual));

	prov_restart();
	assert_int_equal(1, list_count(&fake.ual));
	prov_assert_last(RESULT_OK, "1 account added");
}


static void test_state_dir_full(void **state)
{
	char path[200];
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);

	/* a file where the folder of the next generation should be */
	prov_file(tp.dir, "state/generations/2", "");
	prov_serve("1 alice example.com b 600\n");
	prov_resync(DOOR_NOTIFY);

	prov_assert_last(RESULT_FAILED, "cannot be written");
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);

	(void)re_snprintf(path, sizeof(path), "%s/state/generations/2",
			  tp.dir);
	assert_int_equal(0, unlink(path));
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_OK, "1 changed");
}


static void test_own(void **state)
{
	(void)state;

	tp.s.url = NULL;
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_UNCHANGED, "nothing has changed");

	prov_file(tp.dir, "accounts", "<sip:eve@example.com>\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_OK, "1 accounts added");

	prov_file(tp.dir, "accounts", "not an address\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_FAILED, "accounts, line 1: not a SIP address");
	assert_int_equal(1, list_count(&fake.ual));

	prov_file(tp.dir, "accounts", "");
	prov_file(tp.dir, "config", "changed\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_OK, "config changed");
	assert_int_equal(ACTION_RESTART, prov_last()->then);
	assert_int_equal(0, list_count(&fake.ual));

	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_OK, "config changed");
}


/* The user makes an account of a provisioned one's address, and removes it */
static void test_own_shadow(void **state)
{
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);

	tp.s.url = NULL;
	prov_file(tp.dir, "accounts", "<sip:alice@example.com>\n");
	prov_resync(DOOR_NOTIFY);
	assert_int_equal(1, list_count(&fake.ual));
	assert_false(fake_find("sip:alice@example.com")->ours);

	prov_file(tp.dir, "accounts", "\n");
	prov_resync(DOOR_NOTIFY);
	assert_int_equal(1, list_count(&fake.ual));
	assert_true(fake_find("sip:alice@example.com")->ours);
}


/* Requests that have not ended end with the phone */
static void test_end(void **state)
{
	(void)state;

	tp.s.jitter = 100;
	prov_serve("1 alice example.com a 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_restart();

	assert_int_equal(RESULT_LAPSED, tp.endv[0].ending.result);
}


/* The phone ends in the middle of it: the old generation or the new one */
static void test_end_anywhere(void **state)
{
	struct request *req;
	unsigned i, n;
	(void)state;

	tp.s.at_boot = false;
	prov_serve("1 alice h a 600\n");
	prov_resync(DOOR_NOTIFY);

	for (i=0; i<8; i++) {
		char text[32];

		(void)re_snprintf(text, sizeof(text), "1 alice h %u 600\n", i);
		prov_serve(text);
		req = prov_request(DOOR_CONSOLE, true);
		assert_int_equal(0, provision_resync(req));
		fake_clock_advance(0);

		for (n=0; n<i; n++)
			(void)fake_worker_step();

		if (i == 7)
			assert_int_equal(0, provision_reset(req));

		prov_shut();
		prov_open();
		assert_int_equal(0, provision_start(false));
		prov_settle();
		assert_int_equal(i == 7 ? 0 : 1, list_count(&fake.ual));
	}
}


static void test_print(void **state)
{
	char *str = NULL;
	(void)state;

	prov_serve("1 alice example.com a 600\nunknown.key\n");
	fake.answers = false;
	prov_resync(DOOR_NOTIFY);

	assert_int_equal(0, re_sdprintf(&str, "%H", provision_print, NULL));
	assert_non_null(strstr(str, "generation 1"));
	assert_non_null(strstr(str, "on trial for 180 s"));
	assert_non_null(strstr(str, "unknown.key"));
	assert_null(strstr(str, "prov/"));
	mem_deref(str);
}


static void test_args(void **state)
{
	(void)state;

	assert_int_equal(EINVAL, provision_resync(NULL));
	assert_int_equal(EINVAL, provision_reset(NULL));
	assert_int_equal(EINVAL, provision_check(NULL));
	assert_int_equal(EINVAL, provision_init(NULL, NULL));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_first), T(test_unchanged), T(test_difference),
		T(test_broken), T(test_absent), T(test_own_name_first),
		T(test_call), T(test_shadow), T(test_follow), T(test_reset),
		T(test_state_dir_full), T(test_own), T(test_own_shadow),
		T(test_end), T(test_end_anywhere), T(test_print), T(test_args),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
