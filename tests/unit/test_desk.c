/**
 * @file test_desk.c  Tests of desk.c: its order, and what it decides
 * links: desk.c request.c fake_desk.c fake_uag.c fake_clock.c
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
#include "addrlist/addrlist.h"
#include "journal/journal.h"
#include "settings/settings.h"
#include "restart/restart.h"
#include "guard/guard.h"
#include "phone/phone.h"
#include "provision/provision.h"
#include "desk.h"
#include "fake_desk.h"
#include "fake_uag.h"


/* The way of every request: guard, answer, journal, and then the deed */
static void test_order(void **state)
{
	(void)state;

	handle_checksync("");
	assert_string_equal("guard:resync 200 journal:accepted resync", told);

	handle_checksync(";reboot=true");
	assert_string_equal("guard:restart 200 journal:accepted restart",
			    told);

	handle_keys(DOOR_NOTIFY);
	assert_string_equal("guard:key 200 journal:accepted keys"
			    " end:7:key:ok", told);

	desk_handle(NULL);
	desk_ended(NULL, NULL);
}


static void test_offer(void **state)
{
	(void)state;

	request_new(DOOR_PNP, &profile);
	desk_handle(req);
	assert_string_equal("guard:pnp 200 journal:accepted adopt", told);
	assert_null(req->fault);

	fake.fault = "not a URL";
	fake.resync_err = EBADMSG;
	request_new(DOOR_PNP, &profile);
	desk_handle(req);
	assert_string_equal("not a URL", req->fault);
	assert_string_equal("guard:pnp 200 journal:accepted adopt"
			    " end:7:pnp:failed", told);
}


/* Only what was accepted is done */
static void test_verdicts(void **state)
{
	static const struct {
		enum verdict verdict;
		uint16_t scode;
		const char *told;
	} testv[] = {
		{VERDICT_REFUSED, 403, "guard:key 403 journal:refused"},
		{VERDICT_ASKED,   202, "guard:key 202 journal:asked"},
		{VERDICT_JOINED,  200, "guard:key 200 journal:joined"},
		{VERDICT_IGNORED, 0,   "guard:key 0 journal:ignored"},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		fake.verdict = testv[i].verdict;
		fake.scode = testv[i].scode;
		fake.no_effect = "of no matter";

		handle_keys(DOOR_NOTIFY);
		assert_string_equal(testv[i].told, told);
		assert_int_equal(testv[i].verdict, req->verdict);
		assert_string_equal("", fake.answer.warning);
	}
}


static void test_account(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	(void)state;

	request_new(DOOR_NOTIFY, &checksync);
	req->ua = ua;
	desk_handle(req);

	assert_string_equal("sip:1@a.example", req->account);

	/* It may go while the request waits */
	assert_null(req->ua);
}


/* A door without an answer to give: a timer, the start */
static void test_order_from_within(void **state)
{
	(void)state;

	desk_order(DOOR_TIMER, ACTION_RESYNC, false);
	assert_string_equal("guard:resync journal:accepted resync", told);

	told[0] = '\0';
	fake.orderh(DOOR_BOOT, ACTION_RESYNC, true);
	assert_string_equal("guard:resync journal:accepted resync:fresh",
			    told);
}


static void test_checksync_policy(void **state)
{
	(void)state;

	fake.settings.checksync = CHECKSYNC_ALWAYS;
	handle_checksync(";reboot=false");
	assert_string_equal("guard:restart 200 journal:accepted restart",
			    told);

	fake.settings.checksync = CHECKSYNC_IGNORE;
	handle_checksync(";reboot=true");
	assert_string_equal("guard:restart 200 journal:accepted", told);
	assert_string_equal("check-sync is ignored: provnotify_checksync",
			    fake.answer.warning);
	assert_string_equal(fake.answer.warning, req->why);

	/* That is for the network, not for the person at the console */
	request_new(DOOR_CONSOLE, NULL);
	req->action = ACTION_RESYNC;
	req->fresh = true;
	desk_handle(req);
	assert_string_equal("guard:resync 200 journal:accepted resync:fresh",
			    told);
}


static void test_restart_refused(void **state)
{
	(void)state;

	fake.settings.checksync_reboot = false;
	handle_checksync(";reboot=true");
	assert_string_equal("guard:restart 200 journal:accepted resync", told);
	assert_string_equal("no restart from the network:"
			    " provnotify_checksync_reboot",
			    fake.answer.warning);

	/* The person at the console may */
	request_new(DOOR_CONSOLE, NULL);
	req->action = ACTION_RESTART;
	desk_handle(req);
	assert_string_equal("guard:restart 200 journal:accepted restart",
			    told);

	/* but nobody too often */
	fake.settings.checksync_reboot = true;
	fake.permitted = false;
	handle_checksync(";reboot=true");
	assert_string_equal("guard:restart 200 journal:accepted resync", told);
	assert_string_equal("three restarts in ten minutes already",
			    fake.answer.warning);

	request_new(DOOR_CONSOLE, NULL);
	req->action = ACTION_RESTART;
	desk_handle(req);
	assert_string_equal("guard:restart 200 journal:accepted resync", told);
}


/* The guard may lower a restart; then nothing is left to refuse */
static void test_lowered(void **state)
{
	(void)state;

	fake.lowered = ACTION_RESYNC;
	fake.permitted = false;
	handle_checksync(";reboot=true");
	assert_string_equal("guard:restart 200 journal:accepted resync", told);
	assert_string_equal("", fake.answer.warning);
}


static bool joins(const char *params, bool restart_waits, bool resync_waits)
{
	fake.restart_waits = restart_waits;
	fake.resync_waits = resync_waits;

	handle_checksync(params);
	req->action = str_isset(params) ? ACTION_RESTART : ACTION_RESYNC;

	return fake.joinsh(req);
}


static void test_joins(void **state)
{
	(void)state;

	assert_false(joins("", false, false));
	assert_true(joins("", false, true));
	assert_false(joins("", true, false));

	assert_false(joins(";reboot=true", false, false));
	assert_false(joins(";reboot=true", false, true));
	assert_true(joins(";reboot=true", true, false));

	/* A restart too many comes to a resync */
	fake.permitted = false;
	assert_true(joins(";reboot=true", false, true));
	assert_false(joins(";reboot=true", false, false));
	assert_true(joins(";reboot=true", true, false));

	/* Keys are not joined, nor what comes from within */
	fake.permitted = true;
	fake.restart_waits = fake.resync_waits = true;
	request_new(DOOR_NOTIFY, &actionuri);
	assert_false(fake.joinsh(req));
	request_new(DOOR_TIMER, NULL);
	assert_false(fake.joinsh(req));
}


/* A resync finds that only a restart can apply what has changed */
static void test_resync_wants_restart(void **state)
{
	struct ending ending;
	(void)state;

	memset(&ending, 0, sizeof(ending));
	ending_set(&ending, RESULT_OK, "config has changed");
	ending.then = ACTION_RESTART;

	handle_checksync("");
	fake.provision_endh(req, &ending);
	assert_string_equal("guard:resync 200 journal:accepted resync restart",
			    told);

	fake.settings.checksync_reboot = false;
	handle_checksync("");
	fake.provision_endh(req, &ending);
	assert_string_equal("guard:resync 200 journal:accepted resync"
			    " end:7:resync:no-effect", told);
	assert_string_equal("config has changed; no restart from the network:"
			    " provnotify_checksync_reboot",
			    fake.ending.detail);
	assert_int_equal(ACTION_NONE, fake.ending.then);
}


static void test_ended(void **state)
{
	struct ending ending;
	(void)state;

	memset(&ending, 0, sizeof(ending));
	ending_set(&ending, RESULT_FAILED, "the phone was ended");

	handle_checksync(";reboot=true");
	fake.restart_endh(req, &ending);
	assert_string_equal("guard:restart 200 journal:accepted restart"
			    " end:7:restart:failed", told);
	assert_string_equal("the phone was ended", fake.ending.detail);
}


/* What cannot even be started has failed */
static void test_errors(void **state)
{
	(void)state;

	fake.resync_err = ENOMEM;
	handle_checksync("");
	assert_string_equal("guard:resync 200 journal:accepted resync"
			    " end:7:resync:failed", told);

	fake.restart_err = EALREADY;
	handle_checksync(";reboot=true");
	assert_string_equal("guard:restart 200 journal:accepted restart"
			    " end:7:restart:no-effect", told);
	assert_string_equal("one waits already", fake.ending.detail);
}


static void test_resumed(void **state)
{
	struct handover handover;
	(void)state;

	desk_resumed(NULL);
	assert_string_equal("", told);

	memset(&handover, 0, sizeof(handover));
	str_ncpy(handover.serial, "old-3", sizeof(handover.serial));
	handover.door = DOOR_NOTIFY;
	handover.action = ACTION_RESTART;

	desk_resumed(&handover);
	assert_string_equal(" end:old-3:restart:ok", told);
}


static void test_close(void **state)
{
	(void)state;

	desk_close();
	assert_string_equal("provision_close restart_close guard_close", told);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_setup, \
						   desk_teardown)


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order),
		TEST(test_offer),
		TEST(test_verdicts),
		TEST(test_account),
		TEST(test_order_from_within),
		TEST(test_checksync_policy),
		TEST(test_restart_refused),
		TEST(test_lowered),
		TEST(test_joins),
		TEST(test_resync_wants_restart),
		TEST(test_ended),
		TEST(test_errors),
		TEST(test_resumed),
		TEST(test_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
