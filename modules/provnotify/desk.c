/**
 * @file desk.c  The one place where a request becomes a deed
 *
 *     door -> read:  which event, which action, which keys?
 *          -> guard: may it?
 *          -> answer, through the door
 *          -> journal
 *          -> run:   phone, provision or restart
 *          -> ended: journal, and what the action hands back
 */
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


/* Content types of an ACTION-URI, besides none */
static const char *typev[] = {"message/sipfrag", "text/plain"};


static bool type_taken(const struct pl *ctype)
{
	struct pl type;
	size_t i;

	if (re_regex(ctype->p, ctype->l, "[^; \t\r\n]+", &type))
		return true;

	for (i=0; i<RE_ARRAY_SIZE(typev); i++) {

		if (!pl_strcasecmp(&type, typev[i]))
			return true;
	}

	return false;
}


static void read_checksync(struct request *req)
{
	const bool reboot = event_reboot(req->event, &req->params) ||
		settings()->checksync == CHECKSYNC_ALWAYS;

	req->action = reboot ? ACTION_RESTART : ACTION_RESYNC;
}


static void read_keys(struct request *req)
{
	struct fault fault = {NULL};

	req->action = ACTION_KEY;

	if (req->event->dialog) {
		(void)chain_talk(&req->chain, req->event, &req->call_id);
		return;
	}

	req->bad_type = !type_taken(&req->ctype);

	if (chain_decode(&req->chain, &req->body, &fault))
		req->fault = fault.reason ? fault.reason : "Out of Memory";

	/* Reboot and its like are keys here: they are handed back later */
	else if (chain_action(req->chain) == ACTION_COMMAND)
		req->action = ACTION_COMMAND;
}


/* What the request means. A door without an event has said so already. */
static void request_read(struct request *req)
{
	if (req->ua && !req->account)
		(void)str_dup(&req->account,
			      account_aor(ua_account(req->ua)));

	if (!req->event || req->fault)
		return;

	switch (req->event->action) {

	case ACTION_RESYNC:
		read_checksync(req);
		break;

	case ACTION_KEY:
		read_keys(req);
		break;

	case ACTION_PNP:
		req->fault = provision_fault(&req->body, &req->source.addr);
		/*@fallthrough@*/

	default:
		req->action = req->event->action;
		break;
	}

	if (req->chain) {
		(void)re_sdprintf(&req->key_text, "%H", chain_print,
				  req->chain);
		req->call_no = chain_call(req->chain);
	}
}


static bool from_network(const struct request *req)
{
	return req->door == DOOR_NOTIFY || req->door == DOOR_HTTP ||
		req->door == DOOR_PNP;
}


static bool restart_refused(const struct request *req, const char **whyp)
{
	if (from_network(req) && !settings()->checksync_reboot) {
		*whyp = "no restart from the network:"
			" provnotify_checksync_reboot";
		return true;
	}

	if (!restart_permitted()) {
		*whyp = "three restarts in ten minutes already";
		return true;
	}

	return false;
}


/*
 * What an accepted request comes to after all. The text goes into the answer
 * as a Warning, so that the sender knows.
 */
static void request_settle(struct request *req, const char **whyp)
{
	if (req->door == DOOR_NOTIFY && req->event->action == ACTION_RESYNC &&
	    settings()->checksync == CHECKSYNC_IGNORE) {

		req->action = ACTION_NONE;
		*whyp = "check-sync is ignored: provnotify_checksync";
		return;
	}

	if (req->action == ACTION_RESTART && restart_refused(req, whyp))
		req->action = ACTION_RESYNC;

	if (!req->chain)
		return;

	if (chain_restarts(req->chain))
		(void)restart_refused(req, whyp);

	/* The answer is all of it */
	if (req->door == DOOR_HTTP && readout_wanted(req->chain))
		req->action = ACTION_NONE;
	else
		(void)chain_no_effect(req->chain, whyp);
}


static bool same_waits(const struct request *req)
{
	if (!req->event || req->event->action != ACTION_RESYNC)
		return false;

	if (req->action == ACTION_RESTART &&
	    (restart_waiting() || restart_permitted()))
		return restart_waiting();

	return provision_waiting();
}


static void lapse_handler(struct request *req, enum result result)
{
	const struct ending ending = {result, "", ACTION_NONE};

	desk_ended(req, &ending);
}


static void run_keys(struct request *req)
{
	struct ending ending = {.then = ACTION_NONE};

	chain_run(req->chain, &ending);
	desk_ended(req, &ending);
}


/**
 * Open the desk
 *
 * @return 0 if success, otherwise errorcode
 */
int desk_init(void)
{
	int err;

	err = guard_init(same_waits, lapse_handler);
	if (!err)
		err = restart_init(desk_ended);
	if (!err)
		err = provision_init(desk_ended, desk_order);

	return err;
}


/**
 * Close the desk
 */
void desk_close(void)
{
	provision_close();
	restart_close();
	guard_close();
}


/**
 * Take a request: judge it, have it answered, write it down, do it
 *
 * @param req Request, as its door filled it in
 */
void desk_handle(struct request *req)
{
	struct answer answer;
	const char *why = NULL;

	if (!req)
		return;

	request_read(req);

	memset(&answer, 0, sizeof(answer));
	req->verdict = guard_check(req, &answer);

	if (req->verdict == VERDICT_ACCEPTED)
		request_settle(req, &why);

	if (why) {
		req->why = why;
		str_ncpy(answer.warning, why, sizeof(answer.warning));
	}

	req->answer = answer;
	if (req->answerh)
		req->answerh(req, &answer);

	journal_answer(req);

	/* From here on it may wait, and accounts may go */
	req->ua = NULL;

	if (req->verdict == VERDICT_ACCEPTED)
		desk_run(req);
}


/**
 * Do what a request asks for
 *
 * @param req Request: accepted, or allowed by a person meanwhile
 */
void desk_run(struct request *req)
{
	struct ending ending = {RESULT_OK, "", ACTION_NONE};
	int err = 0;

	switch (req->action) {

	case ACTION_PNP:
		err = provision_adopt(req);
		break;

	case ACTION_RESYNC:
		err = provision_resync(req);
		break;

	case ACTION_RESTART:
		err = restart_order(req);
		break;

	case ACTION_RESET:
		err = provision_reset(req);
		break;

	case ACTION_KEY:
	case ACTION_COMMAND:
		run_keys(req);
		break;

	default:
		break;
	}

	/* A key or a person asks for the restart that waits already */
	if (err == EALREADY)
		ending_set(&ending, RESULT_NO_EFFECT, "one waits already");
	else if (err)
		ending_set(&ending, RESULT_FAILED, "%m", err);

	if (err)
		desk_ended(req, &ending);
}


/**
 * An action has ended: write it down, and do what it hands back
 *
 * @param req    Request that it was done for
 * @param ending How it ended
 */
void desk_ended(struct request *req, const struct ending *ending)
{
	const char *why = NULL;
	struct ending mine;

	if (!req || !ending)
		return;

	if (ending->then == ACTION_NONE) {
		journal_end(req, req->action, ending);
		return;
	}

	mine = *ending;
	mine.then = ACTION_NONE;

	if (ending->then != ACTION_RESYNC && restart_refused(req, &why)) {

		if (req->action == ACTION_RESYNC) {
			ending_set(&mine, RESULT_NO_EFFECT, "%s; %s",
				   ending->detail, why);
			journal_end(req, req->action, &mine);
			return;
		}

		req->action = ACTION_RESYNC;
	}
	else {
		req->action = ending->then;
	}

	desk_run(req);
}


/**
 * Order an action from within: a timer, the start, a person at the console
 *
 * @param door   Where it comes from
 * @param action What is to be done
 * @param fresh  True if no back-off may hold it back
 */
void desk_order(enum door door, enum action action, bool fresh)
{
	struct request *req;

	if (request_alloc(&req, door))
		return;

	req->action = action;
	req->fresh = fresh;

	desk_handle(req);

	mem_deref(req);
}


/**
 * The restart that the process before this one was ordered has happened
 *
 * @param handover What it handed over
 */
void desk_resumed(const struct handover *handover)
{
	const struct ending ending = {RESULT_OK, "restarted", ACTION_NONE};
	struct request *req;

	if (!handover || request_alloc(&req, handover->door))
		return;

	str_ncpy(req->serial, handover->serial, sizeof(req->serial));

	journal_end(req, handover->action, &ending);

	mem_deref(req);
}
