/**
 * @file fake_uag.c  User agents without baresip
 *
 * They end as they do in baresip 1.0.0: ua_destroy() tells of it, mem_deref()
 * of one that does not register tells nothing.
 */
#include <string.h>
#include "compat/compat.h"
#include "fake_uag.h"


struct fake_uag fake_uag;

static struct list ual;


static void account_destructor(void *arg)
{
	struct account *acc = arg;

	mem_deref(acc->aor);
	mem_deref(acc->outbound);

	--fake_uag.accounts;
}


static void call_destructor(void *arg)
{
	struct call *call = arg;

	list_unlink(&call->le);
}


static void ua_destructor(void *arg)
{
	struct ua *ua = arg;

	list_unlink(&ua->le);

	if (ua->acc->regint)
		fake_uag_event(ua, UA_EVENT_UNREGISTERING);

	list_flush(&ua->calls);
	mem_deref(ua->cuser);
	mem_deref(ua->acc);
}


/**
 * Make a user agent
 *
 * @param uri    Address of record, a plain URI
 * @param cuser  Contact user
 * @param regint Registration interval [s]
 *
 * @return User agent
 */
struct ua *fake_uag_add(const char *uri, const char *cuser, uint32_t regint)
{
	struct ua *ua = mem_zalloc(sizeof(*ua), ua_destructor);
	struct pl pl;

	ua->acc = mem_zalloc(sizeof(*ua->acc), account_destructor);
	ua->acc->regint = regint;
	++fake_uag.accounts;

	(void)str_dup(&ua->acc->aor, uri);
	(void)str_dup(&ua->cuser, cuser);

	pl_set_str(&pl, ua->acc->aor);
	(void)uri_decode(&ua->acc->luri, &pl);

	list_append(&ual, &ua->le, ua);

	return ua;
}


/**
 * Give a user agent a call
 *
 * @param ua User agent
 *
 * @return Call
 */
struct call *fake_uag_call(struct ua *ua)
{
	struct call *call = mem_zalloc(sizeof(*call), call_destructor);

	call->ua = ua;
	list_append(&ua->calls, &call->le, call);

	return call;
}


/**
 * Bring a user agent to the front, as baresip 1.1 does with a chosen one
 *
 * @param ua User agent
 */
void fake_uag_raise(struct ua *ua)
{
	list_unlink(&ua->le);
	list_prepend(&ual, &ua->le, ua);
}


/**
 * Emit an event
 *
 * @param ua User agent
 * @param ev Event
 */
void fake_uag_event(struct ua *ua, enum ua_event ev)
{
	if (fake_uag.eh)
		fake_uag.eh(ua, ev, NULL, "", fake_uag.eh_arg);
}


/**
 * Forget all, silently
 */
void fake_uag_reset(void)
{
	fake_uag.eh = NULL;
	list_flush(&ual);
	memset(&fake_uag, 0, sizeof(fake_uag));
}


struct list *uag_list(void)
{
	return &ual;
}


struct sip *uag_sip(void)
{
	return fake_uag.sip;
}


struct ua *uag_current(void)
{
	return fake_uag.current;
}


void uag_current_set(struct ua *ua)
{
	fake_uag.current = ua;
}


int uag_event_register(ua_event_h *eh, void *arg)
{
	if (fake_uag.event_err)
		return fake_uag.event_err;

	fake_uag.eh = eh;
	fake_uag.eh_arg = arg;

	return 0;
}


void uag_event_unregister(ua_event_h *eh)
{
	if (fake_uag.eh == eh)
		fake_uag.eh = NULL;
}


unsigned ua_destroy(struct ua *ua)
{
	unsigned nrefs;

	list_unlink(&ua->le);
	fake_uag_event(ua, UA_EVENT_SHUTDOWN);
	list_flush(&ua->calls);

	nrefs = mem_nrefs(ua) - 1;
	mem_deref(ua);

	return nrefs;
}


void ua_stop_all(bool forced)
{
	struct le *le = list_head(&ual);
	(void)forced;

	++fake_uag.stops;

	while (le) {
		struct ua *ua = le->data;

		le = le->next;
		(void)ua_destroy(ua);
	}
}


int ua_register(struct ua *ua)
{
	++ua->registers;

	return 0;
}


void ua_unregister(struct ua *ua)
{
	++ua->unregisters;

	fake_uag_event(ua, UA_EVENT_UNREGISTERING);
}


bool ua_isregistered(const struct ua *ua)
{
	return ua->registered;
}


void call_hangup(struct call *call, uint16_t scode, const char *reason)
{
	(void)call;
	(void)scode;
	(void)reason;

	++fake_uag.hangups;
}


int call_transfer(struct call *call, const char *uri)
{
	str_ncpy(call->refer, uri, sizeof(call->refer));

	return 0;
}


const char *call_id(const struct call *call)
{
	return call ? "call@host" : NULL;
}


bool call_is_onhold(const struct call *call)
{
	return call && call->onhold;
}


const char *call_peeruri(const struct call *call)
{
	return call ? "sip:3@a.example" : NULL;
}


struct ua *call_get_ua(const struct call *call)
{
	return call->ua;
}


void ua_event(struct ua *ua, enum ua_event ev, struct call *call,
	      const char *fmt, ...)
{
	(void)fmt;

	if (fake_uag.eh)
		fake_uag.eh(ua, ev, call, "", fake_uag.eh_arg);
}


/* Also resumes a held call of the same account: count it */
void ua_hangup(struct ua *ua, struct call *call,
	       uint16_t scode, const char *reason)
{
	if (!call)
		call = ua_call(ua);

	call_hangup(call, scode, reason);
	fake_uag_event(ua, UA_EVENT_CALL_CLOSED);
	mem_deref(call);

	++fake_uag.resumes;
}


struct call *ua_call(const struct ua *ua)
{
	return list_ledata(list_tail(&ua->calls));
}


struct list *ua_calls(const struct ua *ua)
{
	return (struct list *)&ua->calls;
}


int ua_set_custom_hdrs(struct ua *ua, struct list *custom_hdrs)
{
	const struct sip_hdr *hdr = list_ledata(list_head(custom_hdrs));

	(void)re_snprintf(ua->header, sizeof(ua->header), "%r: %r",
			  &hdr->name, &hdr->val);

	return 0;
}


const char *ua_cuser(const struct ua *ua)
{
	return ua->cuser;
}


const char *ua_local_cuser(const struct ua *ua)
{
	++fake_uag.looks;

	return ua->cuser;
}


struct account *ua_account(const struct ua *ua)
{
	++fake_uag.looks;

	return ua->acc;
}


struct uri *account_luri(const struct account *acc)
{
	return (struct uri *)&acc->luri;
}


const char *account_aor(const struct account *acc)
{
	return acc->aor;
}


uint32_t account_regint(const struct account *acc)
{
	return acc->regint;
}


const char *account_outbound(const struct account *acc, unsigned ix)
{
	return ix ? NULL : acc->outbound;
}
