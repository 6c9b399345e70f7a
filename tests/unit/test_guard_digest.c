/**
 * @file test_guard_digest.c  Tests of guard.c: who is challenged
 * links: guard/guard.c guard/refusal.c guard/origin.c guard/digest.c
 * links: guard/nonce.c guard/credentials.c guard/consent.c guard/decision.c
 * links: guard/quota.c guard/page.c guard/login.c
 * links: grammar.c request.c fake_guard.c judge.c sender.c stub_baresip.c
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
#include "sender.h"


#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, judge_setup, judge_teardown)


static void test_joined_digest(void **state)
{
	(void)state;

	joins.waits = true;

	fake.settings.digest = CHALLENGE_REBOOT;
	make_sync();
	check(VERDICT_JOINED, 200, "OK", NULL);

	make_reboot();
	check_refused(401, "Unauthorized", "provnotify_digest");

	fake.settings.digest = CHALLENGE_ALL;
	make_sync();
	check_refused(401, "Unauthorized", "provnotify_digest");

	/* To no account: nothing to challenge with */
	make_sync();
	make_anonymous();
	check(VERDICT_JOINED, 200, "OK", NULL);
}


static void test_digest(void **state)
{
	(void)state;

	fake.settings.digest = CHALLENGE_REBOOT;

	make_sync();
	check_accepted();
	assert_string_equal(answer.challenge, "");

	make_reboot();
	check_refused(401, "Unauthorized", "provnotify_digest");
	assert_non_null(strstr(answer.challenge, "nonce="));
	assert_null(strstr(answer.challenge, "stale"));

	/* What is lowered restarts nothing */
	fake.settings.checksync_reboot = false;
	make_reboot();
	check(VERDICT_ACCEPTED, 200, "OK", "provnotify_checksync_reboot");
	fake.settings.checksync_reboot = true;

	make_reboot();
	make_anonymous();
	check(VERDICT_ACCEPTED, 200, "OK", "account");

	fake.settings.checksync = CHECKSYNC_IGNORE;
	make_reboot();
	check_accepted();
	fake.settings.checksync = CHECKSYNC_HEADER;

	make_key();
	check_accepted();

	make_key();
	fake.chain_restarts = true;
	check_refused(401, "Unauthorized", "provnotify_digest");

	/* One that does not parse has no chain */
	make_key();
	req->chain = mem_deref(req->chain);
	req->fault = "Bad Key";
	check_refused(400, "Bad Key", "Bad Key");
}


static void test_digest_all(void **state)
{
	(void)state;

	fake.settings.digest = CHALLENGE_ALL;

	make_sync();
	check_refused(401, "Unauthorized", "provnotify_digest");

	make_key();
	req->bad_type = true;
	req->fault = "Unknown Key";
	check_refused(401, "Unauthorized", "provnotify_digest");

	fake.dialog = true;
	make(&talk, ACTION_KEY, SERVER, "");
	check_refused(401, "Unauthorized", "provnotify_digest");

	/* Nothing to challenge with */
	make_sync();
	make_anonymous();
	check_refused(403, "Forbidden", "provnotify_digest");

	fake.auth_pass = "";
	make_sync();
	check_refused(403, "Forbidden", "provnotify_digest");
}


/* A whole exchange: challenged, answered, replayed */
static void test_digest_exchange(void **state)
{
	const struct sender sender = {
		.user = "alice", .pass = "secret", .realm = "provnotify",
		.uri = RURI, .qop = "auth", .nc = "00000001", .cnonce = "1",
	};
	char *nonce, *header;
	(void)state;

	fake.settings.digest = CHALLENGE_ALL;

	make_reboot();
	check_refused(401, "Unauthorized", "provnotify_digest");

	nonce = sender_challenged(answer.challenge, false);
	header = sender_answer(&sender, nonce);

	make(&checksync, ACTION_RESTART, SERVER, header);
	check_accepted();
	assert_int_equal(req->action, ACTION_RESTART);
	assert_true(req->authentic);

	make(&checksync, ACTION_RESTART, SERVER, header);
	check_refused(401, "Unauthorized", "provnotify_digest");
	assert_false(req->authentic);

	mem_deref(header);
	mem_deref(nonce);

	/* The same waits already: joined with it, now that it is proved */
	joins.waits = true;
	nonce = sender_challenged(answer.challenge, true);
	header = sender_answer(&sender, nonce);

	make(&checksync, ACTION_RESTART, SERVER, header);
	check(VERDICT_JOINED, 200, "OK", NULL);

	mem_deref(header);
	mem_deref(nonce);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_joined_digest),
		TEST(test_digest),
		TEST(test_digest_all),
		TEST(test_digest_exchange),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
