/**
 * @file test_guard_keys.c  Tests of guard.c: keys, and who may press them
 * links: guard/guard.c guard/refusal.c guard/origin.c guard/digest.c
 * links: guard/nonce.c guard/credentials.c guard/consent.c guard/decision.c
 * links: guard/quota.c guard/page.c guard/login.c
 * links: grammar.c request.c fake_guard.c judge.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "phone/phone.h"
#include "fake_guard.h"
#include "judge.h"


#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, judge_setup, judge_teardown)


static void run_handler(struct request *r)
{
	(void)r;
}


static void test_body(void **state)
{
	(void)state;

	make_key();
	req->bad_type = true;
	req->fault = "Unknown Key";
	check_refused(415, "Unsupported Media Type", "message/sipfrag");

	req->bad_type = false;
	check_refused(400, "Unknown Key", "Unknown Key");

	/* Nobody is asked about what would not run */
	fake.settings.remote_control = CONSENT_ASK;
	check_refused(400, "Unknown Key", "Unknown Key");
}


static void test_consent(void **state)
{
	struct pl pl = pl_null;
	char who[64];
	(void)state;

	fake.settings.remote_control = CONSENT_ASK;

	make_key();
	check(VERDICT_ASKED, 202, "Accepted", "remote_allow");

	make_key();
	check_refused(403, "Consent Pending", "remote_allow");

	/* check-sync is none of the person's business */
	make_reboot();
	check_accepted();

	assert_int_equal(consent_allow(&pl, run_handler, who, sizeof(who)), 0);
	make_key();
	check_accepted();

	fake.dialog = true;
	make(&talk, ACTION_KEY, SERVER, "");
	check_accepted();

	assert_int_equal(consent_deny(&pl, who, sizeof(who)), 0);
	make_key();
	check_refused(403, "Remote Control Denied", "remote_allow");

	make(&talk, ACTION_KEY, SERVER, "");
	check_refused(403, "Remote Control Denied", "remote_allow");
}


/* A chain that restarts, and a key of the user's own, ask like any key */
static void test_consent_actions(void **state)
{
	static const enum action actionv[] = {
		ACTION_KEY, ACTION_COMMAND, ACTION_RESTART, ACTION_RESET,
		ACTION_RESYNC,
	};
	size_t i;
	(void)state;

	fake.settings.remote_control = CONSENT_DENY;

	for (i=0; i<sizeof(actionv)/sizeof(actionv[0]); i++) {

		make_key();
		req->action = actionv[i];
		check_refused(403, "Remote Control Denied",
			      "provnotify_remote_control");
	}
}


static void test_http(void **state)
{
	unsigned i;
	(void)state;

	fake.settings.quota = 1;
	fake.settings.digest = CHALLENGE_ALL;
	fake.settings.remote_control = CONSENT_ASK;

	make_key();
	make_anonymous();
	req->door = DOOR_HTTP;
	req->msg = NULL;

	check_refused(403, "Forbidden", "provnotify_http_from");

	fake.http_from.words = "192.0.2.1";
	check(VERDICT_ASKED, 202, "Accepted", "remote_allow");
	check_refused(403, "Consent Pending", "remote_allow");

	req->fault = "Unknown Key";
	check_refused(400, "Unknown Key", "Unknown Key");
	req->fault = NULL;

	fake.settings.remote_control = CONSENT_ALLOW;
	for (i=0; i<4; i++)
		check_accepted();

	check_refused(429, "Too Many Requests", "provnotify_quota");
	assert_int_equal(answer.retry_after, 1);
}


/* A person at the phone, a timer and the start need not ask */
static void test_local(void **state)
{
	static const enum door doorv[] = {
		DOOR_CONSOLE, DOOR_TIMER, DOOR_BOOT,
	};
	size_t i, j;
	(void)state;

	fake.settings.quota = 1;
	fake.settings.strict = true;
	fake.settings.digest = CHALLENGE_ALL;
	fake.settings.checksync_reboot = false;
	fake.settings.remote_control = CONSENT_DENY;
	joins.waits = true;

	for (i=0; i<sizeof(doorv)/sizeof(doorv[0]); i++) {

		make(&action_uri, ACTION_RESTART, STRANGER, "");
		make_anonymous();
		req->msg = NULL;
		req->door = doorv[i];

		for (j=0; j<10; j++)
			check_accepted();

		assert_int_equal(req->action, ACTION_RESTART);
	}

	/* But what does not parse cannot run */
	req->door = DOOR_CONSOLE;
	req->fault = "Unknown Key";
	check_refused(400, "Unknown Key", "Unknown Key");
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_body),
		TEST(test_consent),
		TEST(test_consent_actions),
		TEST(test_http),
		TEST(test_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
