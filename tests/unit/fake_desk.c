/**
 * @file fake_desk.c  The rooms around the desk, for its tests
 *
 * Each notes in `told` that it was asked.
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


const struct event checksync = {
	"check-sync", ACTION_RESYNC, -1, NULL, false
};
const struct event actionuri = {
	"ACTION-URI", ACTION_KEY, 0, NULL, false
};
const struct event talk = {
	"talk", ACTION_KEY, 0, "talk", true
};
const struct event profile = {
	"ua-profile", ACTION_PNP, 0, NULL, false
};

struct fake_desk fake;
char told[256];
struct request *req;


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


void request_serial(char *buf, size_t size)
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


bool readout_wanted(const struct chain *chain)
{
	(void)chain;

	return fake.readout;
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


const char *provision_fault(const struct pl *pl, const struct sa *from)
{
	(void)pl;
	(void)from;

	return fake.fault;
}


int provision_adopt(struct request *req)
{
	(void)req;

	tell(" adopt");

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


/**
 * Make a request, and forget the last one
 *
 * @param door  Where it came in
 * @param event Its event, NULL where the door has none
 */
void request_new(enum door door, const struct event *event)
{
	mem_deref(req);
	req = NULL;

	assert_int_equal(0, request_alloc(&req, door));
	req->event = event;
	req->answerh = answer_handler;
	told[0] = '\0';
}


/**
 * Open the desk, among rooms that take everything
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int desk_setup(void **state)
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


/**
 * Forget all
 *
 * @param state Unused
 *
 * @return 0
 */
int desk_teardown(void **state)
{
	(void)state;

	req = mem_deref(req);
	fake_uag_reset();

	return 0;
}


/**
 * Bring a check-sync to the desk
 *
 * @param params Parameters of the event
 */
void handle_checksync(const char *params)
{
	request_new(DOOR_NOTIFY, &checksync);
	pl_set_str(&req->params, params);
	desk_handle(req);
}


/**
 * Bring keys to the desk
 *
 * @param door Where they came in
 */
void handle_keys(enum door door)
{
	request_new(door, &actionuri);
	pl_set_str(&req->body, "key=OK");
	desk_handle(req);
}
