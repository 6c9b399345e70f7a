/**
 * @file yealink_set.c  Values that only Yealink writes in this way
 */
#include <string.h>
#include <re.h>
#include "profile/profile.h"
#include "settings/settings.h"
#include "formats/formats.h"
#include "formats/decode.h"
#include "formats/yealink.h"


enum {
	FORWARD_UNIT  = 6,      /**< Seconds in one step of a timeout       */
	PRIORITY_LAST = 100,    /**< Of a codec without a priority          */
};


/* Which of an account's servers the key names: 1, 2, or none that is used */
static struct profile_host *server_of(struct decoder *dec,
				      struct profile_account *acc)
{
	switch (dec->numberv[1]) {

	case 1:  return &acc->server;
	case 2:  return &acc->second;
	default: return NULL;
	}
}


/**
 * account.X.sip_server.Y.address
 */
int yealink_server_host(struct decoder *dec, const struct format_row *row,
			void *field, const struct pl *val)
{
	struct profile_host *server = server_of(dec, field);

	return server ? set_host(dec, row, &server->host, val) : ENOTSUP;
}


/**
 * account.X.sip_server.Y.port
 */
int yealink_server_port(struct decoder *dec, const struct format_row *row,
			void *field, const struct pl *val)
{
	struct profile_host *server = server_of(dec, field);

	return server ? set_port(dec, row, &server->port, val) : ENOTSUP;
}


/**
 * account.X.sip_server.Y.transport_type: one for the account, as baresip has
 * it
 */
int yealink_server_transport(struct decoder *dec,
			     const struct format_row *row, void *field,
			     const struct pl *val)
{
	struct profile_account *acc = field;

	return dec->numberv[1] == 1
		? set_word(dec, row, &acc->transport, val) : ENOTSUP;
}


/**
 * account.X.sip_server.Y.expires
 */
int yealink_server_expires(struct decoder *dec, const struct format_row *row,
			   void *field, const struct pl *val)
{
	struct profile_account *acc = field;

	return dec->numberv[1] == 1
		? set_seconds(dec, row, &acc->expires, val) : ENOTSUP;
}


/**
 * account.X.outbound_proxy.Y.address
 */
int yealink_proxy_host(struct decoder *dec, const struct format_row *row,
		       void *field, const struct pl *val)
{
	struct profile_account *acc = field;

	return dec->numberv[1] == 1
		? set_host(dec, row, &acc->proxy.host, val) : ENOTSUP;
}


/**
 * account.X.outbound_proxy.Y.port
 */
int yealink_proxy_port(struct decoder *dec, const struct format_row *row,
		       void *field, const struct pl *val)
{
	struct profile_account *acc = field;

	return dec->numberv[1] == 1
		? set_port(dec, row, &acc->proxy.port, val) : ENOTSUP;
}


/* enable, priority or payload_type of one codec */
static int codec_set(struct decoder *dec, const struct format_row *row,
		     struct profile_codec *codec, const struct pl *attr,
		     const struct pl *val)
{
	int32_t n;
	int err;

	if (!codec)
		return ENOTSUP;

	codec->file   = dec->prof->file;
	codec->lineno = dec->lineno;

	if (!pl_strcmp(attr, "enable")) {

		err = set_bool(dec, row, &n, val);
		if (!err && n >= 0)
			codec->enabled = n;

		return err;
	}

	if (!pl_strcmp(attr, "priority")) {

		err = set_seconds(dec, row, &n, val);
		if (!err)
			codec->priority = n > 0 ? n : PRIORITY_LAST;

		return err;
	}

	if (!pl_strcmp(attr, "payload_type") && codec->id &&
	    val->l < sizeof(codec->name)) {

		(void)pl_strcpy(val, codec->name, sizeof(codec->name));
		return 0;
	}

	dec->why = "baresip decides that by itself";

	return ENOTSUP;
}


/**
 * account.X.codec.NAME.enable and .priority, of V80 and later: what is not
 * said stays as the phone leaves the factory
 */
int yealink_codec(struct decoder *dec, const struct format_row *row,
		  void *field, const struct pl *val)
{
	static const struct {
		const char *name;
		int32_t priority;
	} factoryv[] = {{"g722", 1}, {"pcmu", 2}, {"pcma", 3}, {"g729", 4}};
	struct profile_account *acc = field;
	struct profile_codec *codec;
	struct pl name, attr;
	size_t i, n;

	if (re_regex(dec->tail.p, dec->tail.l, "[^.]+.[^]+", &name, &attr) ||
	    name.p != dec->tail.p)
		return ENOTSUP;

	for (i=0; !acc->codecc && i<sizeof(factoryv)/sizeof(factoryv[0]);
	     i++) {

		codec = &acc->codecv[i];
		str_ncpy(codec->name, factoryv[i].name,
			       sizeof(codec->name));
		codec->id       = 0;
		codec->enabled  = 1;
		codec->priority = factoryv[i].priority;
	}

	if (!acc->codecc)
		acc->codecc = i;

	n = acc->codecc;
	codec = profile_codec_add(acc, &name, 0);

	if (codec && acc->codecc > n)
		codec->priority = PRIORITY_LAST;

	return codec_set(dec, row, codec, &attr, val);
}


/**
 * account.X.codec.Y.enable, .priority and .payload_type, of V73 and before:
 * the first two are PCMU and PCMA on every model, if the file does not say it
 */
int yealink_codec_number(struct decoder *dec, const struct format_row *row,
			 void *field, const struct pl *val)
{
	static const char *namev[] = {"", "PCMU", "PCMA"};
	struct profile_account *acc = field;
	const unsigned id = dec->numberv[1];
	struct profile_codec *codec;
	const size_t n = acc->codecc;
	struct pl attr;

	codec = profile_codec_add(acc, NULL, id);

	if (codec && acc->codecc > n) {

		codec->priority = PRIORITY_LAST;

		if (id < sizeof(namev)/sizeof(namev[0]))
			str_ncpy(codec->name, namev[id],
				       sizeof(codec->name));
	}

	pl_set_str(&attr, strrchr(row->key, '.') + 1);

	return codec_set(dec, row, id ? codec : NULL, &attr, val);
}


/**
 * What a boot file says of the other files: read by yealink_includes()
 */
int yealink_boot(struct decoder *dec, const struct format_row *row,
		 void *field, const struct pl *val)
{
	(void)dec;
	(void)row;
	(void)field;
	(void)val;

	return 0;
}


/**
 * linekey.X.type and memorykey.X.type
 */
int yealink_key_type(struct decoder *dec, const struct format_row *row,
		     void *field, const struct pl *val)
{
	static const struct format_word wordv[] = {
		{"",   PROFILE_KEY_NONE},
		{"0",  PROFILE_KEY_NONE},
		{"13", PROFILE_KEY_DIAL},
		{"15", PROFILE_KEY_LINE},
		{"16", PROFILE_KEY_DIAL},
		{NULL, 0}
	};
	enum profile_key_kind *kind = field;
	const struct format_word *word;
	(void)row;

	*kind = PROFILE_KEY_NONE;

	for (word = wordv; word->word; word++) {

		if (!pl_strcmp(val, word->word)) {
			*kind = word->value;
			return 0;
		}
	}

	dec->why = "a type of key that does nothing here";

	return ENOTSUP;
}


/**
 * forward.no_answer.timeout: in steps of six seconds
 */
int yealink_six_seconds(struct decoder *dec, const struct format_row *row,
			void *field, const struct pl *val)
{
	int32_t *seconds = field;
	int err;

	err = set_seconds(dec, row, seconds, val);
	if (err)
		return err;

	if (*seconds > 20)
		return decode_refuse(dec, "0 to 20 steps of six seconds are "
				     "accepted");

	if (*seconds > 0)
		*seconds *= FORWARD_UNIT;

	return 0;
}


static int notify_from_server(struct profile *prof, bool on)
{
	struct pl server;

	pl_set_str(&server, "server");

	return set_string(&prof->policy.notify_from, on ? &server : &pl_null);
}


/**
 * sip.trust_ctrl and account.X.sip_trust_ctrl: only the server may
 */
int yealink_trust(struct decoder *dec, const struct format_row *row,
		  void *field, const struct pl *val)
{
	int on, err;
	(void)field;

	err = set_bool(dec, row, &on, val);
	if (err)
		return err;

	return notify_from_server(dec->prof, on == 1);
}


static bool has_notify(const struct pl *val)
{
	return pl_isset(val) && !re_regex(val->p, val->l, "NOTIFY");
}


/**
 * sip.request_validation.source.list: methods taken from the server alone
 */
int yealink_methods_source(struct decoder *dec, const struct format_row *row,
			   void *field, const struct pl *val)
{
	(void)row;
	(void)field;

	return notify_from_server(dec->prof, has_notify(val));
}


/**
 * sip.request_validation.digest.list: methods that are challenged
 */
int yealink_methods_digest(struct decoder *dec, const struct format_row *row,
			   void *field, const struct pl *val)
{
	(void)row;
	(void)field;

	dec->prof->policy.challenge = has_notify(val) ? CHALLENGE_ALL : -1;

	return 0;
}
