/**
 * @file fake_phone.c  A baresip made of structs, for tests of the phone
 */
#include <stdio.h>
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts.h"
#include "addrlist.h"
#include "journal.h"
#include "settings.h"
#include "state.h"
#include "worker.h"
#include "fake_phone.h"


struct compat_listener {
	compat_event_h *h;
	void *arg;
};

struct audio {
	struct call call;
};

struct fake fake;

static struct {
	struct list ual;
	struct compat_listener *lsnr;
	sip_msg_h *requesth;
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
	list_flush(&f.ual);
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

	list_append(&f.ual, &ua->le, ua);

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
	f.lsnr->h(ev, call->ua, call, "", f.lsnr->arg);
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

	return f.requesth(&msg, NULL);
}


/* The module's other rooms */


const struct settings *settings(void)
{
	return &f.settings;
}


struct ua *accounts_nth(unsigned n)
{
	struct le *le = f.ual.head;

	for (n = n ? n - 1 : 0; le && n; --n)
		le = le->next;

	return le ? le->data : NULL;
}


void journal_serial(char *buf, size_t size)
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
	f.lsnr = mem_zalloc(sizeof(*f.lsnr), NULL);
	f.lsnr->h = h;
	f.lsnr->arg = arg;

	*lp = f.lsnr;

	return 0;
}


int compat_listen_request(struct sip_lsnr **lp, struct sip *sip,
			  sip_msg_h *h, void *arg)
{
	(void)sip;
	(void)arg;

	*lp = mem_zalloc(1, NULL);
	f.requesth = h;

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


/* baresip */


struct list *uag_list(void)
{
	return &f.ual;
}


struct list *ua_calls(const struct ua *ua)
{
	return (struct list *)&ua->calls;
}


struct account *ua_account(const struct ua *ua)
{
	return (struct account *)ua;
}


struct uri *account_luri(const struct account *acc)
{
	return &((struct ua *)acc)->luri;
}


const char *account_aor(const struct account *acc)
{
	return ((const struct ua *)acc)->aor;
}


struct ua *uag_find_aor(const char *aor)
{
	struct le *le;

	for (le = f.ual.head; le; le = le->next) {
		struct ua *ua = le->data;

		if (!strcmp(ua->aor, aor))
			return ua;
	}

	return NULL;
}


struct sip *uag_sip(void)
{
	return NULL;
}


struct commands *baresip_commands(void)
{
	return NULL;
}


const struct cmd *cmd_find_long(const struct commands *commands,
				const char *name)
{
	static const struct cmd cmd;
	(void)commands;
	(void)name;

	return fake.menu ? &cmd : NULL;
}


int cmd_process_long(struct commands *commands, const char *str, size_t len,
		     struct re_printf *pf_resp, void *data)
{
	(void)commands;
	(void)data;

	(void)re_snprintf(fake.command, sizeof(fake.command), "%b", str, len);

	if (fake.command_reply)
		(void)re_hprintf(pf_resp, "%s", fake.command_reply);

	if (fake.commandh)
		fake.commandh();

	return fake.command_err;
}


int ua_connect(struct ua *ua, struct call **callp, const char *from_uri,
	       const char *req_uri, enum vidmode vmode)
{
	(void)from_uri;
	(void)vmode;

	if (fake.connect_err)
		return fake.connect_err;

	(void)re_snprintf(fake.uri, sizeof(fake.uri), "%s", req_uri);
	fake.from = ua;
	++fake.connects;

	*callp = fake_call(ua, CALL_STATE_OUTGOING, true);

	/* As releases from 2.0 on */
	fake_event(COMPAT_CALL_OUTGOING, *callp);

	return 0;
}


int ua_answer(struct ua *ua, struct call *call, enum vidmode vmode)
{
	(void)ua;
	(void)vmode;

	if (fake.answer_err)
		return fake.answer_err;

	call->answered = true;

	return 0;
}


int call_hold(struct call *call, bool hold)
{
	if (fake.hold_err)
		return fake.hold_err;

	call->onhold = hold;

	return 0;
}


int call_send_digit(struct call *call, char key)
{
	const size_t len = strlen(call->digits);

	if (fake.digit_err)
		return fake.digit_err;

	call->digits[len] = key == KEYCODE_REL ? '_' : key;

	return 0;
}


enum call_state call_state(const struct call *call)
{
	return call ? call->state : CALL_STATE_UNKNOWN;
}


const char *call_id(const struct call *call)
{
	return call && call->id[0] ? call->id : NULL;
}


struct audio *call_audio(const struct call *call)
{
	return (struct audio *)call;
}


struct ua *call_get_ua(const struct call *call)
{
	return call ? call->ua : NULL;
}


bool call_is_onhold(const struct call *call)
{
	return call ? call->onhold : false;
}


bool call_is_outgoing(const struct call *call)
{
	return call ? call->outgoing : false;
}


void audio_mute(struct audio *a, bool muted)
{
	a->call.muted = muted;
}


bool audio_ismuted(const struct audio *a)
{
	return a->call.muted;
}


/* libre: instead of its own, which would need a SIP stack */
int sip_treply(struct sip_strans **stp, struct sip *sip,
	       const struct sip_msg *msg, uint16_t scode, const char *reason)
{
	(void)stp;
	(void)sip;
	(void)msg;
	(void)reason;

	fake.replied = scode;

	return 0;
}
