/**
 * @file refusal.c  What is said to those who may not, or not yet
 */
#include <re.h>
#include "request.h"
#include "guard/guard.h"
#include "guard/room.h"


/* Why is for the journal and the Warning, so without quotes */
static const struct {
	uint16_t scode;
	const char *reason;
	const char *why;
} refusalv[] = {
	[REFUSAL_NOT_SEARCHED] = {481, "Subscription Does Not Exist",
		"not searched for: provnotify_pnp"},
	[REFUSAL_BAD_OFFER] = {481, "Subscription Does Not Exist",
		"not a URL that may be used"},
	[REFUSAL_NOT_LISTED] = {403, "Forbidden",
		"not in the list: provnotify_http_from"},
	[REFUSAL_NOT_SERVER] = {403, "Forbidden",
		"not from this account's server:"
		" provnotify_notify_from"},
	[REFUSAL_RELAYED] = {403, "Relayed",
		"relayed for somebody who is not trusted:"
		" provnotify_notify_from"},
	[REFUSAL_NOT_CONTACT] = {403, "Not the Contact",
		"over UDP keys must go to the contact:"
		" provnotify_notify_from"},
	[REFUSAL_BREACH] = {400, "Bad Request",
		"breaks an RFC: provnotify_strict"},
	[REFUSAL_OVER_QUOTA] = {480, "Temporarily Unavailable",
		"over quota: provnotify_quota"},
	[REFUSAL_OVER_QUOTA_HTTP] = {429, "Too Many Requests",
		"over quota: provnotify_quota"},
	[REFUSAL_FOREIGN] = {403, "Forbidden",
		"from a page of another host"},
	[REFUSAL_BAD_HOST] = {403, "Forbidden",
		"to a host that is not this phone: provnotify_http_host"},
	[REFUSAL_NO_LOGIN] = {401, "Unauthorized",
		"a login is asked for: provnotify_http_user"},
	[REFUSAL_LOCKED_OUT] = {429, "Too Many Requests",
		"five wrong logins in a minute"},
	[REFUSAL_NO_ACCOUNT] = {404, "Not Found",
		"no such account"},
	[REFUSAL_NO_DIALOG] = {481, "Call Does Not Exist",
		"not inside the dialog of a call"},
	[REFUSAL_NO_PASSWORD] = {403, "Forbidden",
		"no account with a password to prove it by:"
		" provnotify_digest"},
	[REFUSAL_CHALLENGED] = {401, "Unauthorized",
		"the account's credentials are asked for:"
		" provnotify_digest"},
	[REFUSAL_BAD_TYPE] = {415, "Unsupported Media Type",
		"not message/sipfrag or text/plain"},
	[REFUSAL_BAD_BODY] = {400, "Bad Request",
		"not key=... or number=..."},
	[REFUSAL_ASKED] = {202, "Accepted",
		"waits for a person: remote_allow"},
	[REFUSAL_PENDING] = {403, "Consent Pending",
		"others wait for a person: remote_allow"},
	[REFUSAL_DENIED] = {403, "Remote Control Denied",
		"denied by a person: remote_allow"},
	[REFUSAL_SWITCHED_OFF] = {403, "Remote Control Denied",
		"off: provnotify_remote_control"},
};


/**
 * Refuse a request, with what the table says of the reason
 *
 * @param req     Request
 * @param answer  Answer
 * @param refusal Reason
 *
 * @return True
 */
bool request_refuse(struct request *req, struct answer *answer,
		    enum refusal refusal)
{
	answer_set(answer, refusalv[refusal].scode, refusalv[refusal].reason);

	req->why = refusalv[refusal].why;
	req->verdict = VERDICT_REFUSED;

	return true;
}
