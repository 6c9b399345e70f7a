/**
 * @file guard.c  May it? One verdict on one request
 *
 * A request walks down the table of checks at the end of this file until one
 * of them decides. Their order is that of the answers in the contract.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"
#include "phone/phone.h"


/** Decides on a request, or leaves it to the next one */
typedef bool (check_h)(struct request *req, struct answer *answer);

static guard_joins_h *joins;


static bool is_checksync(const struct request *req)
{
	return req->event && req->event->action == ACTION_RESYNC;
}


static bool is_key(const struct request *req)
{
	return req->event && req->event->action == ACTION_KEY;
}


/* Would it restart the phone? */
static bool restarts(const struct request *req)
{
	if (is_checksync(req))
		return req->action == ACTION_RESTART &&
			settings()->checksync != CHECKSYNC_IGNORE;

	return req->chain && chain_restarts(req->chain);
}


static bool challenge_due(const struct request *req)
{
	return settings()->digest == CHALLENGE_ALL ||
		(settings()->digest == CHALLENGE_REBOOT && restarts(req));
}


static bool check_broadcast(struct request *req, struct answer *answer)
{
	if (!req->broadcast)
		return false;

	answer_set(answer, 0, NULL);

	req->why = "sent to everybody";
	req->verdict = VERDICT_IGNORED;

	return true;
}


/* A URL is taken inside a search alone, which has a door of its own */
static bool check_pnp(struct request *req, struct answer *answer)
{
	return req->action == ACTION_PNP &&
		request_refuse(req, answer, REFUSAL_NOT_SEARCHED);
}


static bool check_offer(struct request *req, struct answer *answer)
{
	if (!req->fault)
		return false;

	(void)request_refuse(req, answer, REFUSAL_BAD_OFFER);
	req->why = req->fault;

	return true;
}


static bool check_peer(struct request *req, struct answer *answer)
{
	return !guard_trusts_addr(&req->source.addr) &&
		request_refuse(req, answer, REFUSAL_NOT_LISTED);
}


static bool check_origin(struct request *req, struct answer *answer)
{
	const enum trust trust = origin_trust(req);
	char who[64];

	if (trust == TRUST_NONE)
		return request_refuse(req, answer, REFUSAL_NOT_SERVER);

	if (!origin_vias(req, who, sizeof(who))) {

		(void)request_refuse(req, answer, REFUSAL_RELAYED);
		(void)re_snprintf(answer->reason, sizeof(answer->reason),
				  "Relayed for %s", who);
		return true;
	}

	if (trust == TRUST_RESYNC && is_key(req))
		return request_refuse(req, answer, REFUSAL_NOT_CONTACT);

	if (trust == TRUST_RESYNC && req->action == ACTION_RESTART) {

		req->action = ACTION_RESYNC;
		req->why = "taken as a resync, over UDP a restart must go to"
			" the contact: provnotify_notify_from";
	}

	return false;
}


/* Nobody may order these restarts, whatever the trust */
static bool lower_restart(struct request *req, struct answer *answer)
{
	(void)answer;

	if (!is_checksync(req) || req->action != ACTION_RESTART)
		return false;

	if (req->addressed == ADDRESSED_NONE)
		req->why = "taken as a resync, a restart must go to an"
			" account";
	else if (!settings()->checksync_reboot)
		req->why = "taken as a resync: provnotify_checksync_reboot";
	else
		return false;

	req->action = ACTION_RESYNC;

	return false;
}


static bool check_strict(struct request *req, struct answer *answer)
{
	if (!settings()->strict || !req->breaches)
		return false;

	(void)request_refuse(req, answer, REFUSAL_BREACH);
	(void)re_snprintf(answer->reason, sizeof(answer->reason), "%s: %s",
			  breach_section(req->breaches),
			  breach_text(req->breaches));

	return true;
}


static bool join(struct request *req)
{
	if (!is_checksync(req) || !joins ||
	    settings()->checksync == CHECKSYNC_IGNORE || !joins(req))
		return false;

	req->verdict = VERDICT_JOINED;

	return true;
}


static bool check_joined(struct request *req, struct answer *answer)
{
	(void)answer;

	return !(req->ua && challenge_due(req)) && join(req);
}


/* The same, when the challenge is answered */
static bool check_proved(struct request *req, struct answer *answer)
{
	(void)answer;

	return req->authentic && join(req);
}


static bool check_quota(struct request *req, struct answer *answer)
{
	const uint32_t wait = quota_wait(&req->source.addr);

	if (!wait)
		return false;

	(void)request_refuse(req, answer, req->door == DOOR_HTTP ?
			     REFUSAL_OVER_QUOTA_HTTP : REFUSAL_OVER_QUOTA);

	answer->retry_after = wait;

	return true;
}


static bool check_account(struct request *req, struct answer *answer)
{
	if (!is_key(req))
		return false;

	if (req->event->dialog)
		return !phone_dialog(&req->call_id) &&
			request_refuse(req, answer, REFUSAL_NO_DIALOG);

	return req->addressed == ADDRESSED_NONE &&
		request_refuse(req, answer, REFUSAL_NO_ACCOUNT);
}


static bool check_digest(struct request *req, struct answer *answer)
{
	enum proof proof;

	if (!challenge_due(req))
		return false;

	if (!digest_possible(req))
		return request_refuse(req, answer, REFUSAL_NO_PASSWORD);

	proof = digest_check(req);
	if (proof == PROOF_GOOD)
		return false;

	(void)request_refuse(req, answer, REFUSAL_CHALLENGED);
	digest_challenge(answer, req, proof == PROOF_STALE);

	return true;
}


static bool check_type(struct request *req, struct answer *answer)
{
	return req->bad_type && request_refuse(req, answer, REFUSAL_BAD_TYPE);
}


static bool check_body(struct request *req, struct answer *answer)
{
	if (!req->fault)
		return false;

	(void)request_refuse(req, answer, REFUSAL_BAD_BODY);
	str_ncpy(answer->reason, req->fault, sizeof(answer->reason));
	req->why = req->fault;

	if (req->fault_code)
		answer->scode = req->fault_code;

	return true;
}


static bool check_consent(struct request *req, struct answer *answer)
{
	static const enum refusal refused[] = {
		[LEAVE_ASKED]   = REFUSAL_ASKED,
		[LEAVE_PENDING] = REFUSAL_PENDING,
		[LEAVE_REFUSED] = REFUSAL_DENIED,
		[LEAVE_OFF]     = REFUSAL_SWITCHED_OFF,
	};
	enum leave leave;

	if (!is_key(req) && req->action != ACTION_PNP)
		return false;

	leave = consent_check(req);
	if (leave == LEAVE_GIVEN)
		return false;

	(void)request_refuse(req, answer, refused[leave]);

	if (leave == LEAVE_ASKED)
		req->verdict = VERDICT_ASKED;

	/* PnP servers know no other answer */
	if (leave == LEAVE_ASKED && req->action == ACTION_PNP)
		answer_set(answer, 200, "OK");

	return true;
}


enum {
	AT_NOTIFY = 1 << DOOR_NOTIFY,
	AT_HTTP   = 1 << DOOR_HTTP,
	AT_PNP    = 1 << DOOR_PNP,
	AT_ANY    = -1,
};

/* What a person, a timer or the start asks for must parse, no more */
static const struct {
	check_h *checkh;
	int doors;
} checkv[] = {
	{check_broadcast, AT_NOTIFY | AT_PNP},
	{check_pnp,       AT_NOTIFY},
	{check_offer,     AT_PNP},
	{check_peer,      AT_HTTP},
	{check_origin,    AT_NOTIFY},
	{lower_restart,   AT_NOTIFY},
	{check_strict,    AT_NOTIFY},
	{check_joined,    AT_NOTIFY},
	{page_refused,    AT_HTTP},
	{login_refused,   AT_HTTP},
	{check_quota,     AT_NOTIFY | AT_HTTP},
	{check_account,   AT_NOTIFY},
	{check_digest,    AT_NOTIFY},
	{check_proved,    AT_NOTIFY},
	{check_type,      AT_NOTIFY},
	{check_body,      AT_ANY},
	{check_consent,   AT_NOTIFY | AT_HTTP | AT_PNP},
};


/**
 * Start to judge
 *
 * @param joinsh Asked whether the same is waiting already
 * @param lapseh Called with a request that waited for a person and will not
 *               run any more
 *
 * @return 0 if success, otherwise errorcode
 */
int guard_init(guard_joins_h *joinsh, consent_lapse_h *lapseh)
{
	joins = joinsh;

	origin_init();
	consent_init(lapseh);

	return nonce_init();
}


/**
 * Judge no more
 */
void guard_close(void)
{
	consent_close();
	origin_close();
	login_close();
	quota_close();

	joins = NULL;
}


/**
 * Judge a request
 *
 * May lower what it asks for: a restart to a resync. What is asked is kept
 * until a person has answered.
 *
 * @param req    Request, as its door and the desk filled it in
 * @param answer What to answer; status 0 = nothing
 *
 * @return Verdict
 */
enum verdict guard_check(struct request *req, struct answer *answer)
{
	size_t i;

	if (!req || !answer)
		return VERDICT_REFUSED;

	answer_set(answer, 200, "OK");
	req->verdict = VERDICT_ACCEPTED;
	req->why = NULL;

	for (i=0; i<RE_ARRAY_SIZE(checkv); i++) {

		if ((checkv[i].doors & (1 << req->door)) &&
		    checkv[i].checkh(req, answer))
			break;
	}

	if (answer->scode && req->why)
		str_ncpy(answer->warning, req->why, sizeof(answer->warning));

	if ((req->verdict == VERDICT_ACCEPTED ||
	     req->verdict == VERDICT_ASKED) &&
	    (req->door == DOOR_NOTIFY || req->door == DOOR_HTTP))
		quota_take(&req->source.addr);

	return req->verdict;
}
