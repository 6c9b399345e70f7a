/**
 * @file fake_phone.c  A baresip made of structs, for tests of the phone
 */
#include <stdio.h>
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "journal/journal.h"
#include "settings/settings.h"
#include "state/state.h"
#include "worker/worker.h"
#include "fake_phone.h"


struct fake fake;

static struct {
	struct settings settings;
	unsigned ids;
} f;


/* The test's side */


void fake_open(void)
{
	memset(&fake, 0, sizeof(fake));
	memset(&f, 0, sizeof(f));

	fake.menu = true;
}


void fake_close(void)
{
	list_flush(&fake.ual);
	list_flush(&f.settings.keyl);
}


static void ua_destructor(void *arg)
{
	struct ua *ua = arg;

	list_unlink(&ua->le);
	list_flush(&ua->calls);
}


struct ua *fake_ua(const char *user, const char *host)
{
	struct ua *ua = mem_zalloc(sizeof(*ua), ua_destructor);

	pl_set_str(&ua->luri.user, user);
	pl_set_str(&ua->luri.host, host);
	ua->luri.af = strchr(host, ':') ? AF_INET6 : AF_INET;

	(void)re_snprintf(ua->aor, sizeof(ua->aor), "sip:%s@%s", user, host);

	list_append(&fake.ual, &ua->le, ua);

	return ua;
}


static void call_destructor(void *arg)
{
	struct call *call = arg;

	list_unlink(&call->le);
}


struct call *fake_call(struct ua *ua, enum call_state state, bool outgoing)
{
	struct call *call = mem_zalloc(sizeof(*call), call_destructor);

	call->ua = ua;
	call->state = state;
	call->outgoing = outgoing;

	(void)re_snprintf(call->id, sizeof(call->id), "call-id-%u", ++f.ids);

	list_append(&ua->calls, &call->le, call);

	return call;
}


void fake_event(int ev, struct call *call)
{
	fake.eventh(ev, call->ua, call, "", NULL);
}


void fake_hangup(struct call *call)
{
	fake_event(COMPAT_CALL_CLOSED, call);

	/* Tests keep references to see what has become of it */
	list_unlink(&call->le);
	mem_deref(call);
}


struct settings *fake_settings(void)
{
	return &f.settings;
}


static void key_destructor(void *arg)
{
	struct own_key *own = arg;

	mem_deref(own->name);
	mem_deref(own->command);
}


void fake_key(const char *name, const char *command)
{
	struct own_key *own = mem_zalloc(sizeof(*own), key_destructor);

	(void)str_dup(&own->name, name);
	(void)str_dup(&own->command, command);

	list_append(&f.settings.keyl, &own->le, own);
}


bool fake_request(const char *met, const char *to_tag)
{
	struct sip_msg msg;

	memset(&msg, 0, sizeof(msg));
	pl_set_str(&msg.met, met);
	pl_set_str(&msg.to.tag, to_tag);

	return fake.requesth(&msg, NULL);
}


bool fake_invite(const char *user, const char *call_id)
{
	struct sip_msg *msg = mem_zalloc(sizeof(*msg), NULL);
	bool taken;

	fake.replied = 0;
	fake.contact[0] = '\0';

	pl_set_str(&msg->met, "INVITE");
	pl_set_str(&msg->uri.user, user);
	pl_set_str(&msg->callid, call_id);

	taken = fake.requesth(msg, NULL);
	mem_deref(msg);

	return taken;
}


void fake_answer(struct call *call, uint16_t scode, const char *to_tag)
{
	struct sip_msg msg;

	memset(&msg, 0, sizeof(msg));
	msg.scode = scode;
	pl_set_str(&msg.cseq.met, "INVITE");
	pl_set_str(&msg.callid, call->id);
	pl_set_str(&msg.from.tag, "ours");
	pl_set_str(&msg.to.tag, to_tag);

	(void)fake.responseh(&msg, NULL);
}


/* The module's other rooms */


const struct settings *settings(void)
{
	return &f.settings;
}


bool accounts_ours(const struct ua *ua)
{
	return ua->line > 0;
}


unsigned accounts_number(const struct ua *ua)
{
	return ua->line;
}


struct ua *accounts_nth(unsigned n)
{
	struct le *le = fake.ual.head;

	for (n = n ? n - 1 : 0; le && n; --n)
		le = le->next;

	return le ? le->data : NULL;
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "1", size);
}


int worker_run(worker_job_h *job, worker_done_h *done, void *arg)
{
	if (fake.worker_err)
		return fake.worker_err;

	done(job(arg), arg);

	return 0;
}


int state_read(struct mbuf **mbp, const char *name)
{
	struct mbuf *mb;

	if (!fake.has_file || strcmp(name, "features"))
		return ENOENT;

	mb = mbuf_alloc(64);
	(void)mbuf_write_str(mb, fake.file);
	mb->pos = 0;

	*mbp = mb;

	return 0;
}


int state_write(const char *name, const uint8_t *buf, size_t len)
{
	if (strcmp(name, "features") || len >= sizeof(fake.file))
		return EINVAL;

	++fake.writes;

	if (fake.write_err)
		return fake.write_err;

	memcpy(fake.file, buf, len);
	fake.file[len] = '\0';
	fake.has_file = true;

	return 0;
}


/* compat/ */


int compat_listen(struct compat_listener **lp, compat_event_h *h, void *arg)
{
	(void)arg;

	*lp = mem_zalloc(1, NULL);
	fake.eventh = h;

	return 0;
}


int compat_listen_request(struct sip_lsnr **lp, struct sip *sip,
			  sip_msg_h *h, void *arg)
{
	(void)sip;
	(void)arg;

	*lp = mem_zalloc(1, NULL);
	fake.requesth = h;

	return 0;
}


int compat_listen_response(struct sip_lsnr **lp, struct sip *sip,
			   sip_msg_h *h, void *arg)
{
	(void)sip;
	(void)arg;

	*lp = mem_zalloc(1, NULL);
	fake.responseh = h;

	return 0;
}


void compat_call_keep(struct call *call)
{
	call->kept = true;
}


void compat_calls_park(const struct call *call)
{
	struct le *le;

	for (le = call->ua->calls.head; le; le = le->next) {
		struct call *held = le->data;

		held->parked = held != call && held->onhold;
	}
}


void compat_calls_forget(void)
{
}


void compat_calls_unpark(const struct ua *ending)
{
	struct le *le, *lec;
	(void)ending;

	for (le = fake.ual.head; le; le = le->next) {
		const struct ua *ua = le->data;

		for (lec = ua->calls.head; lec; lec = lec->next)
			((struct call *)lec->data)->parked = false;
	}
}


struct list *compat_ua_calls(const struct ua *ua)
{
	compat_calls_unpark(NULL);

	return ua_calls(ua);
}


int compat_call_replace(struct call *call, struct call *other,
			const char *ltag, const char *rtag)
{
	if (fake.transfer_err)
		return fake.transfer_err;

	(void)re_snprintf(call->refer, sizeof(call->refer), "%s %s %s",
			  other->id, ltag, rtag);

	return 0;
}


void compat_call_redirect(struct call *call, const struct sip_msg *msg,
			  const char *uri)
{
	(void)msg;

	str_ncpy(fake.contact, uri, sizeof(fake.contact));
	compat_call_end(call, 302, NULL);
}


int compat_ua_announce(struct ua *ua, const char *name, const char *value)
{
	(void)re_snprintf(ua->announced, sizeof(ua->announced), "%s: %s",
			  name, value);

	return 0;
}


void compat_ua_select(struct ua *ua)
{
	fake.selected = ua;
}


void compat_call_end(struct call *call, uint16_t scode, const char *reason)
{
	(void)reason;

	fake.ended = scode;
	++fake.ends;

	call->state = CALL_STATE_TERMINATED;
	fake_hangup(call);
}
