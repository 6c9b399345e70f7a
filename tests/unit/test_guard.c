/**
 * @file test_guard.c  Tests of guard.c: from the origin to the account
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


static void test_accepted(void **state)
{
	(void)state;

	make_sync();
	check_accepted();
	assert_int_equal(req->action, ACTION_RESYNC);
	assert_null(req->why);

	make_reboot();
	check_accepted();
	assert_int_equal(req->action, ACTION_RESTART);

	make_key();
	check_accepted();
	assert_int_equal(req->action, ACTION_KEY);

	make(&talk, ACTION_KEY, SERVER, "");
	fake.dialog = true;
	check_accepted();
}


static void test_broadcast(void **state)
{
	(void)state;

	/* Before all else: not even a stranger is answered */
	make(&checksync, ACTION_RESTART, STRANGER, "");
	req->broadcast = true;

	assert_int_equal(judge(), VERDICT_IGNORED);
	assert_int_equal(answer.scode, 0);
}


static void test_pnp(void **state)
{
	(void)state;

	make(&profile, ACTION_PNP, STRANGER, "");
	check_refused(481, "Subscription Does Not Exist", "provnotify_pnp");

	fake.settings.pnp = PNP_YES;
	req->door = DOOR_PNP;
	check_accepted();

	req->fault = "a URL that is too long";
	check_refused(481, "Subscription Does Not Exist", "too long");

	/* On a phone out of the box a person must consent */
	fake.settings.pnp = PNP_AUTO;
	req->fault = NULL;
	check(VERDICT_ASKED, 200, "OK", "remote_allow");

	req->broadcast = true;
	assert_int_equal(judge(), VERDICT_IGNORED);
}


static void test_origin(void **state)
{
	(void)state;

	make(&checksync, ACTION_RESYNC, STRANGER, "");
	check_refused(403, "Forbidden", "provnotify_notify_from");

	make(&action_uri, ACTION_KEY, STRANGER, "");
	check_refused(403, "Forbidden", "provnotify_notify_from");

	make(&checksync, ACTION_RESYNC, SERVER, RELAYED);
	check_refused(403, "Relayed for 198.51.100.7",
		      "provnotify_notify_from");

	fake.notify_from.words = "server 198.51.100.1";
	make(&checksync, ACTION_RESTART, STRANGER, "");
	check_accepted();
}


static void test_contact(void **state)
{
	(void)state;

	make_key();
	req->addressed = ADDRESSED_AOR;
	check_refused(403, "Not the Contact", "provnotify_notify_from");

	make_sync();
	req->addressed = ADDRESSED_AOR;
	check_accepted();

	make_reboot();
	req->addressed = ADDRESSED_AOR;
	check(VERDICT_ACCEPTED, 200, "OK", "provnotify_notify_from");
	assert_int_equal(req->action, ACTION_RESYNC);

	/* Hard to forge */
	make(&checksync, ACTION_RESTART, "tcp:192.0.2.1:5060", "");
	req->addressed = ADDRESSED_AOR;
	check_accepted();
	assert_int_equal(req->action, ACTION_RESTART);

	fake.notify_from.words = "192.0.2.1";
	make_key();
	req->addressed = ADDRESSED_AOR;
	check_accepted();
}


static void test_anonymous(void **state)
{
	(void)state;

	fake.notify_from.words = "any";

	make_reboot();
	make_anonymous();
	check(VERDICT_ACCEPTED, 200, "OK", "account");
	assert_int_equal(req->action, ACTION_RESYNC);

	make_sync();
	make_anonymous();
	check_accepted();
}


static void test_checksync_reboot(void **state)
{
	(void)state;

	fake.settings.checksync_reboot = false;

	make_reboot();
	check(VERDICT_ACCEPTED, 200, "OK", "provnotify_checksync_reboot");
	assert_int_equal(req->action, ACTION_RESYNC);

	make_sync();
	check_accepted();
}


static void test_strict(void **state)
{
	(void)state;

	make_sync();
	req->breaches = BREACH_NO_CSEQ;
	check_accepted();

	fake.settings.strict = true;
	check_refused(400, "RFC 3261 8.1.1.5: no CSeq", "provnotify_strict");

	req->breaches = BREACH_NO_SUBSTATE;
	check_refused(400, "RFC 6665 4.1.3: no Subscription-State",
		      "provnotify_strict");

	req->breaches = BREACH_TO_TAG;
	check_refused(400, "RFC 3261 8.1.1.2: To tag without a dialog",
		      "provnotify_strict");

	req->breaches = 0;
	check_accepted();

	/* Before all that comes later, and after the origin */
	joins.waits = true;
	make_sync();
	req->breaches = BREACH_NO_CSEQ;
	check_refused(400, "RFC 3261 8.1.1.5: no CSeq", "provnotify_strict");

	make(&checksync, ACTION_RESYNC, STRANGER, "");
	req->breaches = BREACH_NO_CSEQ;
	check_refused(403, "Forbidden", "provnotify_notify_from");
}


static void test_joined(void **state)
{
	(void)state;

	joins.waits = true;

	make_sync();
	check(VERDICT_JOINED, 200, "OK", NULL);

	/* Judged after it was lowered */
	fake.settings.checksync_reboot = false;
	make_reboot();
	check(VERDICT_JOINED, 200, "OK", "provnotify_checksync_reboot");
	assert_int_equal(joins.action, ACTION_RESYNC);
	fake.settings.checksync_reboot = true;

	make_reboot();
	check(VERDICT_JOINED, 200, "OK", NULL);
	assert_int_equal(joins.action, ACTION_RESTART);

	joins.count = 0;
	make_key();
	check_accepted();
	assert_int_equal(joins.count, 0);

	fake.settings.checksync = CHECKSYNC_IGNORE;
	make_sync();
	check_accepted();
	assert_int_equal(joins.count, 0);

	joins.waits = false;
	fake.settings.checksync = CHECKSYNC_HEADER;
	make_sync();
	check_accepted();
	assert_int_equal(joins.count, 1);
}


static void test_quota(void **state)
{
	unsigned i;
	(void)state;

	fake.settings.quota = 1;

	/* Joined and refused ones do not count */
	joins.waits = true;
	for (i=0; i<100; i++) {
		make_sync();
		check(VERDICT_JOINED, 200, "OK", NULL);
	}
	joins.waits = false;

	for (i=0; i<100; i++) {
		make_key();
		req->fault = "Unknown Key";
		check_refused(400, "Unknown Key", "Unknown Key");
	}

	for (i=0; i<5; i++) {
		make_sync();
		check_accepted();
	}

	make_sync();
	check_refused(480, "Temporarily Unavailable", "provnotify_quota");
	assert_int_equal(answer.retry_after, 1);

	/* Before the account is looked at; joined before the quota */
	make_key();
	make_anonymous();
	check_refused(480, "Temporarily Unavailable", "provnotify_quota");

	joins.waits = true;
	make_sync();
	check(VERDICT_JOINED, 200, "OK", NULL);
	joins.waits = false;

	/* Another source has its own */
	fake.notify_from.words = "any";
	make(&checksync, ACTION_RESYNC, STRANGER, "");
	check_accepted();

	fake_advance(1000);
	make_sync();
	check_accepted();
}


/* What waits for a person counts, too */
static void test_quota_asked(void **state)
{
	(void)state;

	fake.settings.quota = 1;
	fake.settings.remote_control = CONSENT_ASK;

	make_key();
	check(VERDICT_ASKED, 202, "Accepted", "remote_allow");

	make_sync();
	check_accepted();
	check_accepted();
	check_accepted();
	check_accepted();
	check_refused(480, "Temporarily Unavailable", "provnotify_quota");
}


static void test_account(void **state)
{
	(void)state;

	make_key();
	make_anonymous();
	check_refused(404, "Not Found", "account");

	make(&talk, ACTION_KEY, SERVER, "");
	check_refused(481, "Call Does Not Exist", "call");

	/* Before the challenge, the type and the body */
	fake.settings.digest = CHALLENGE_ALL;
	make_key();
	make_anonymous();
	req->bad_type = true;
	req->fault = "Unknown Key";
	check_refused(404, "Not Found", "account");
}


static void test_arguments(void **state)
{
	(void)state;

	make_sync();
	assert_int_equal(guard_check(NULL, &answer), VERDICT_REFUSED);
	assert_int_equal(guard_check(req, NULL), VERDICT_REFUSED);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_accepted),
		TEST(test_broadcast),
		TEST(test_pnp),
		TEST(test_origin),
		TEST(test_contact),
		TEST(test_anonymous),
		TEST(test_checksync_reboot),
		TEST(test_strict),
		TEST(test_joined),
		TEST(test_quota),
		TEST(test_quota_asked),
		TEST(test_account),
		TEST(test_arguments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
