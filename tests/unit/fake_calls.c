/**
 * @file fake_calls.c  The functions of baresip, on the structs of fake_phone.h
 */
#include <string.h>
#include "compat/compat.h"
#include "fake_phone.h"


struct audio {
	struct call call;
};


struct list *uag_list(void)
{
	return &fake.ual;
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

	for (le = fake.ual.head; le; le = le->next) {
		struct ua *ua = le->data;

		if (!strcmp(ua->aor, aor))
			return ua;
	}

	return NULL;
}


struct ua *uag_find(const struct pl *cuser)
{
	struct le *le;

	for (le = fake.ual.head; le; le = le->next) {
		struct ua *ua = le->data;

		if (!pl_cmp(&ua->luri.user, cuser))
			return ua;
	}

	return NULL;
}


struct list *baresip_aufiltl(void)
{
	return &fake.aufiltl;
}


void aufilt_register(struct list *aufiltl, struct aufilt *af)
{
	list_append(aufiltl, &af->le, af);
}


void aufilt_unregister(struct aufilt *af)
{
	list_unlink(&af->le);
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

	if (fake.late_id)
		(*callp)->id[0] = '\0';

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


int compat_call_hold(struct call *call, bool hold)
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


const char *call_peeruri(const struct call *call)
{
	return call ? call->peer : NULL;
}


int call_transfer(struct call *call, const char *uri)
{
	if (fake.transfer_err)
		return fake.transfer_err;

	str_ncpy(call->refer, uri, sizeof(call->refer));

	return 0;
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


int sip_treplyf(struct sip_strans **stp, struct mbuf **mbp, struct sip *sip,
		const struct sip_msg *msg, bool rec_route, uint16_t scode,
		const char *reason, const char *fmt, ...)
{
	va_list ap;
	(void)stp;
	(void)mbp;
	(void)sip;
	(void)msg;
	(void)rec_route;
	(void)reason;

	va_start(ap, fmt);
	(void)re_vsnprintf(fake.contact, sizeof(fake.contact), fmt, ap);
	va_end(ap);

	fake.replied = scode;

	return 0;
}
