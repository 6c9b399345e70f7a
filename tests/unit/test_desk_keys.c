/**
 * @file test_desk_keys.c  Tests of desk.c: keys
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


static void test_content_type(void **state)
{
	static const struct {
		const char *type;
		bool bad;
	} testv[] = {
		{"",                                false},
		{"message/sipfrag",                 false},
		{"Message/SIPfrag;version=2.0",     false},
		{"text/plain",                      false},
		{"text/plain ; charset=utf-8",      false},
		{"text/plain\r\n ;charset=utf-8",   false},
		{"text/html",                       true},
		{"application/simple-message-summary", true},
		{"text/plainer",                    true},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		request_new(DOOR_NOTIFY, &actionuri);
		pl_set_str(&req->ctype, testv[i].type);
		desk_handle(req);
		assert_int_equal(testv[i].bad, req->bad_type);
	}

	request_new(DOOR_NOTIFY, &actionuri);
	desk_handle(req);
	assert_false(req->bad_type);

	/* For check-sync it means nothing */
	request_new(DOOR_NOTIFY, &checksync);
	pl_set_str(&req->ctype, "application/simple-message-summary");
	desk_handle(req);
	assert_false(req->bad_type);
}


static void test_fault(void **state)
{
	(void)state;

	fake.fault = "Unknown Key";
	fake.verdict = VERDICT_REFUSED;
	fake.scode = 400;
	handle_keys(DOOR_NOTIFY);

	assert_string_equal("Unknown Key", req->fault);
	assert_null(req->chain);
	assert_null(req->key_text);
	assert_string_equal("guard:key 400 journal:refused", told);
}


static void test_keys(void **state)
{
	(void)state;

	handle_keys(DOOR_HTTP);
	assert_string_equal("KEYS", req->key_text);
	assert_int_equal(4, req->call_no);
	assert_string_equal("pressed", fake.ending.detail);

	/* All of them the user's own */
	fake.chain_action = ACTION_COMMAND;
	handle_keys(DOOR_HTTP);
	assert_string_equal("guard:command 200 journal:accepted keys"
			    " end:7:command:ok", told);

	/* Judged before the answer, and told in it */
	fake.chain_action = ACTION_KEY;
	fake.no_effect = "no call is up";
	handle_keys(DOOR_NOTIFY);
	assert_string_equal("guard:key 200 journal:accepted keys"
			    " end:7:key:no-effect", told);
	assert_string_equal("no call is up", fake.answer.warning);
	assert_string_equal("no call is up", req->why);
}


/* The answer is all that phonecfg=get asks for, but over HTTP alone */
static void test_readout(void **state)
{
	(void)state;

	fake.readout = true;
	fake.no_effect = "does nothing";

	handle_keys(DOOR_HTTP);
	assert_string_equal("guard:key 200 journal:accepted", told);
	assert_null(req->why);

	handle_keys(DOOR_NOTIFY);
	assert_string_equal("guard:key 200 journal:accepted keys"
			    " end:7:key:no-effect", told);
	assert_string_equal(req->why, "does nothing");
}


/* What a door has found wrong is not read any further */
static void test_fault_of_the_door(void **state)
{
	(void)state;

	request_new(DOOR_HTTP, &actionuri);
	req->fault = "Not Found";
	fake.verdict = VERDICT_REFUSED;
	fake.scode = 404;
	desk_handle(req);

	assert_null(req->chain);
	assert_string_equal(req->fault, "Not Found");
}


static void test_talk(void **state)
{
	(void)state;

	request_new(DOOR_NOTIFY, &talk);
	pl_set_str(&req->call_id, "dialog");
	pl_set_str(&req->ctype, "application/sdp");
	desk_handle(req);

	assert_false(req->bad_type);
	assert_string_equal("guard:key 200 journal:accepted keys"
			    " end:7:key:ok", told);
}


/* AutoP, Reboot and Reset: the phone hands them back in their turn */
static void test_handed_back(void **state)
{
	(void)state;

	fake.then = ACTION_RESYNC;
	handle_keys(DOOR_NOTIFY);
	assert_string_equal("guard:key 200 journal:accepted keys resync",
			    told);
	assert_int_equal(ACTION_RESYNC, req->action);

	fake.chain_action = fake.then = ACTION_RESTART;
	handle_keys(DOOR_NOTIFY);
	assert_string_equal("guard:key 200 journal:accepted keys restart",
			    told);

	fake.chain_action = fake.then = ACTION_RESET;
	handle_keys(DOOR_HTTP);
	assert_string_equal("guard:key 200 journal:accepted keys reset",
			    told);
}


/* with the guards of a restart */
static void test_handed_back_refused(void **state)
{
	(void)state;

	fake.settings.checksync_reboot = false;
	fake.chain_action = fake.then = ACTION_RESTART;
	handle_keys(DOOR_NOTIFY);
	assert_string_equal("guard:key 200 journal:accepted keys resync",
			    told);
	assert_string_equal("no restart from the network:"
			    " provnotify_checksync_reboot",
			    fake.answer.warning);

	fake.chain_action = fake.then = ACTION_RESET;
	handle_keys(DOOR_HTTP);
	assert_string_equal("guard:key 200 journal:accepted keys resync",
			    told);

	handle_keys(DOOR_CONSOLE);
	assert_string_equal("guard:key 200 journal:accepted keys reset",
			    told);

	fake.permitted = false;
	fake.chain_action = fake.then = ACTION_RESTART;
	handle_keys(DOOR_CONSOLE);
	assert_string_equal("guard:key 200 journal:accepted keys resync",
			    told);
}


/* A key before the one that is handed back still has its effect */
static void test_chain_runs_first(void **state)
{
	(void)state;

	fake.chain_action = ACTION_RESET;
	fake.then = ACTION_NONE;        /* it failed before it got there  */
	handle_keys(DOOR_NOTIFY);
	assert_string_equal("guard:key 200 journal:accepted keys"
			    " end:7:key:ok", told);
}


/* A person consents, or does not */
static void test_consent(void **state)
{
	(void)state;

	fake.verdict = VERDICT_ASKED;
	fake.scode = 202;
	handle_keys(DOOR_NOTIFY);

	told[0] = '\0';
	desk_run(req);
	assert_string_equal(" keys end:7:key:ok", told);

	handle_keys(DOOR_NOTIFY);
	told[0] = '\0';
	fake.lapseh(req, RESULT_LAPSED);
	assert_string_equal(" end:7:key:lapsed", told);

	handle_keys(DOOR_NOTIFY);
	told[0] = '\0';
	fake.lapseh(req, RESULT_DENIED);
	assert_string_equal(" end:7:key:denied", told);
	assert_string_equal("", fake.ending.detail);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_setup, \
						   desk_teardown)


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_content_type),
		TEST(test_fault),
		TEST(test_keys),
		TEST(test_readout),
		TEST(test_fault_of_the_door),
		TEST(test_talk),
		TEST(test_handed_back),
		TEST(test_handed_back_refused),
		TEST(test_chain_runs_first),
		TEST(test_consent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
