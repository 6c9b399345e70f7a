/**
 * @file test_desk.c  Tests of desk.c
 * links: desk.c request.c fake_uag.c fake_clock.c
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
#include "addrlist.h"
#include "journal.h"
#include "settings.h"
#include "restart.h"
#include "guard/guard.h"
#include "phone/phone.h"
#include "provision/provision.h"
#include "desk.h"
#include "fake_uag.h"


static const struct event checksync = {
	"check-sync", ACTION_RESYNC, -1, NULL, false
};
static const struct event actionuri = {
	"ACTION-URI", ACTION_KEY, 0, NULL, false
};
static const struct event talk = {
	"talk", ACTION_KEY, 0, "talk", true
};
static const struct event profile = {
	"ua-profile", ACTION_PNP, 0, NULL, false
};

/** What the rooms around the desk say, and what they were asked */
static struct {
	struct settings settings;

	enum verdict verdict;
	uint16_t scode;
	enum action lowered;            /**< The guard lowers it to this   */
	guard_joins_h *joinsh;
	consent_lapse_h *lapseh;
	restart_end_h *restart_endh;
	provision_end_h *provision_endh;
	provision_order_h *orderh;

	enum action chain_action;
	enum action then;               /**< What the chain hands back     */
	const char *no_effect;
	const char *fault;

	bool permitted;
	bool restart_waits;
	bool resync_waits;
	int restart_err;
	int resync_err;

	enum action ended_action;
	struct ending ending;
	struct answer answer;
} fake;

static char told[256];          /**< Who was asked, in order               */


static void tell(const char *fmt, ...)
{
	const size_t n = strlen(told);
	va_list ap;

	va_start(ap, fmt);
	(void)re_vsnprintf(told + n, sizeof(told) - n, fmt, ap);
	va_end(ap);
}


const struct settings *settings(void)
{
	return &fake.settings;
}


void journal_serial(char *buf, size_t size)
{
	str_ncpy(buf, "7", size);
}


void journal_answer(const struct request *req)
{
	tell(" journal:%s", verdict_name(req->verdict));
}


void journal_end(const struct request *req, enum action action,
		 const struct ending *ending)
{
	fake.ended_action = action;
	fake.ending = *ending;

	tell(" end:%s:%s:%s", req->serial,
	     action_name(action) ? action_name(action) : "none",
	     result_name(ending->result));
}


int guard_init(guard_joins_h *joinsh, consent_lapse_h *lapseh)
{
	fake.joinsh = joinsh;
	fake.lapseh = lapseh;

	return 0;
}


void guard_close(void)
{
	tell(" guard_close");
}


enum verdict guard_check(struct request *req, struct answer *answer)
{
	tell("guard:%s", action_name(req->action) ?
	     action_name(req->action) : "none");

	answer_set(answer, fake.scode, "Phrase");

	if (fake.lowered)
		req->action = fake.lowered;

	return fake.verdict;
}


bool event_reboot(const struct event *ev, const struct pl *params)
{
	(void)ev;

	return !pl_strcmp(params, ";reboot=true");
}


int chain_decode(struct chain **chainp, const struct pl *body,
		 struct fault *fault)
{
	(void)body;

	if (fake.fault) {
		fault->reason = fake.fault;
		return EBADMSG;
	}

	*chainp = mem_zalloc(sizeof(**chainp), NULL);

	return 0;
}


int chain_talk(struct chain **chainp, const struct event *ev,
	       const struct pl *call_id)
{
	assert_ptr_equal(&talk, ev);
	assert_int_equal(0, pl_strcmp(call_id, "dialog"));

	*chainp = mem_zalloc(sizeof(**chainp), NULL);

	return 0;
}


enum action chain_action(const struct chain *chain)
{
	(void)chain;

	return fake.chain_action;
}


bool chain_restarts(const struct chain *chain)
{
	(void)chain;

	return fake.chain_action >= ACTION_RESTART;
}


bool chain_no_effect(const struct chain *chain, const char **why)
{
	(void)chain;

	if (fake.no_effect)
		*why = fake.no_effect;

	return fake.no_effect != NULL;
}


uint32_t chain_call(const struct chain *chain)
{
	(void)chain;

	return 4;
}


int chain_print(struct re_printf *pf, const struct chain *chain)
{
	(void)chain;

	return re_hprintf(pf, "KEYS");
}


void chain_run(const struct chain *chain, struct ending *ending)
{
	assert_non_null(chain);

	tell(" keys");

	ending_set(ending, fake.no_effect ? RESULT_NO_EFFECT : RESULT_OK,
		   "pressed");
	ending->then = fake.then;
}


int restart_init(restart_end_h *endh)
{
	fake.restart_endh = endh;

	return 0;
}


void restart_close(void)
{
	tell(" restart_close");
}


int restart_order(struct request *req)
{
	(void)req;

	tell(" restart");

	return fake.restart_err;
}


bool restart_permitted(void)
{
	return fake.permitted;
}


bool restart_waiting(void)
{
	return fake.restart_waits;
}


int provision_init(provision_end_h *endh, provision_order_h *orderh)
{
	fake.provision_endh = endh;
	fake.orderh = orderh;

	return 0;
}


void provision_close(void)
{
	tell("provision_close");
}


int provision_resync(struct request *req)
{
	tell(" resync%s", req->fresh ? ":fresh" : "");

	return fake.resync_err;
}


int provision_reset(struct request *req)
{
	(void)req;

	tell(" reset");

	return 0;
}


bool provision_waiting(void)
{
	return fake.resync_waits;
}


static void answer_handler(struct request *req, const struct answer *answer)
{
	assert_string_equal(answer->reason, req->answer.reason);
	assert_int_equal(answer->scode, req->answer.scode);

	fake.answer = *answer;
	tell(" %u", answer->scode);
}


static struct request *req;


static void request_new(enum door door, const struct event *event)
{
	mem_deref(req);
	req = NULL;

	assert_int_equal(0, request_alloc(&req, door));
	req->event = event;
	req->answerh = answer_handler;
	told[0] = '\0';
}


static void set_pl(struct pl *pl, const char *str)
{
	pl_set_str(pl, str);
}


static int setup(void **state)
{
	(void)state;

	memset(&fake, 0, sizeof(fake));
	fake.verdict = VERDICT_ACCEPTED;
	fake.scode = 200;
	fake.chain_action = ACTION_KEY;
	fake.permitted = true;
	fake.settings.checksync_reboot = true;
	told[0] = '\0';

	return desk_init();
}


static int teardown(void **state)
{
	(void)state;

	req = mem_deref(req);
	fake_uag_reset();

	return 0;
}


static void handle_checksync(const char *params)
{
	request_new(DOOR_NOTIFY, &checksync);
	set_pl(&req->params, params);
	desk_handle(req);
}


static void handle_keys(enum door door)
{
	request_new(door, &actionuri);
	set_pl(&req->body, "key=OK");
	desk_handle(req);
}


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

	request_new(DOOR_NOTIFY, &profile);
	desk_handle(req);
	assert_string_equal("guard:pnp 200 journal:accepted", told);

	desk_handle(NULL);
	desk_ended(NULL, NULL);
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
		{"text/html",                       true},
		{"application/simple-message-summary", true},
		{"text/plainer",                    true},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		request_new(DOOR_NOTIFY, &actionuri);
		set_pl(&req->ctype, testv[i].type);
		desk_handle(req);
		assert_int_equal(testv[i].bad, req->bad_type);
	}

	request_new(DOOR_NOTIFY, &actionuri);
	desk_handle(req);
	assert_false(req->bad_type);

	/* For check-sync it means nothing */
	request_new(DOOR_NOTIFY, &checksync);
	set_pl(&req->ctype, "application/simple-message-summary");
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


static void test_talk(void **state)
{
	(void)state;

	request_new(DOOR_NOTIFY, &talk);
	set_pl(&req->call_id, "dialog");
	set_pl(&req->ctype, "application/sdp");
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
			    " end:7:restart:ok", told);
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


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order),
		TEST(test_verdicts),
		TEST(test_account),
		TEST(test_order_from_within),
		TEST(test_checksync_policy),
		TEST(test_restart_refused),
		TEST(test_lowered),
		TEST(test_joins),
		TEST(test_content_type),
		TEST(test_fault),
		TEST(test_keys),
		TEST(test_talk),
		TEST(test_handed_back),
		TEST(test_handed_back_refused),
		TEST(test_chain_runs_first),
		TEST(test_resync_wants_restart),
		TEST(test_ended),
		TEST(test_errors),
		TEST(test_consent),
		TEST(test_resumed),
		TEST(test_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
