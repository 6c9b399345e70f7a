/**
 * @file audiocodes.c  AudioCodes' path/to/key=value for the 400HD series
 *
 * Lines that begin with # or ; are comments; `include FILE` names one more
 * file. Most keys hold for all lines, which count from 0.
 */
#include <stddef.h>
#include <string.h>
#include <re.h>
#include "profile/profile.h"
#include "settings/settings.h"
#include "formats/formats.h"
#include "formats/decode.h"


static const char backup[]   =
	"baresip has no standby: it registers with one server";
static const char computer[] = "the computer's own is used";
static const char desk[]     =
	"only for the screen, keys or sound of a desk phone";
static const char fixed[]    = "only baresip's config says that";
static const char own[]      = "baresip decides that by itself";


/* 65535 means that no port is said */
static int set_port_or_none(struct decoder *dec, const struct format_row *row,
			    void *field, const struct pl *val)
{
	return set_port(dec, row, field,
			pl_strcmp(val, "65535") ? val : &pl_null);
}


/* voip/codec/codec_info/N/enabled and name: in the order of N */
static int set_codec(struct decoder *dec, const struct format_row *row,
		     void *field, const struct pl *val)
{
	struct profile_account *acc = field;
	struct profile_codec *codec;
	const size_t n = acc->codecc;
	int on, err;

	codec = profile_codec_add(acc, NULL, dec->numberv[0] + 1);
	if (!codec)
		return ENOTSUP;

	if (acc->codecc > n) {
		codec->enabled  = 1;
		codec->priority = dec->numberv[0];
	}

	codec->file   = dec->prof->file;
	codec->lineno = dec->lineno;

	if (strcmp(strrchr(row->key, '/'), "/enabled"))
		return val->l < sizeof(codec->name)
			? pl_strcpy(val, codec->name, sizeof(codec->name))
			: ENOTSUP;

	err = set_bool(dec, row, &on, val);
	if (!err)
		codec->enabled = on != 0;

	return err;
}


static const struct format_word checksyncv[] = {
	{"", -1}, {"0", CHECKSYNC_HEADER}, {"1", CHECKSYNC_ALWAYS}, {NULL, 0}
};

static const struct format_word dtmfv[] = {
	{"", DTMF_UNSET}, {"INBAND", DTMF_INBAND}, {"RFC2833", DTMF_RTP},
	{"VIA_SIP", DTMF_INFO}, {NULL, 0}
};

static const struct format_word enabledv[] = {
	{"", ENABLED_UNSAID}, {"0", 0}, {"1", 1}, {NULL, 0}
};

static const struct format_word periodv[] = {
	{"", -1}, {"POWERUP", 0}, {"NEVER", 0}, {"EVERY5MIN", 5},
	{"EVERY15MIN", 15}, {"HOURLY", 60}, {"DAILY", 24 * 60},
	{"WEEKLY", 7 * 24 * 60}, {NULL, 0}
};

static const struct format_word transpv[] = {
	{"", TRANSPORT_UNSET}, {"UDP", TRANSPORT_UDP}, {"TCP", TRANSPORT_TCP},
	{"TLS", TRANSPORT_TLS}, {NULL, 0}
};

#define ACC(name)  offsetof(struct profile_account, name)
#define PROF(name) offsetof(struct profile, name)
#define SIP(name)  "voip/signalling/sip/" name
#define IDLE(key, why) {key, SCOPE_PROFILE, NULL, 0, why, NULL}

static const struct format_row rowv[] = {
	IDLE("management/*", computer),
	IDLE("network/*", computer),
	IDLE("personal_settings/*", desk),
	IDLE("provisioning/*", fixed),
	{"provisioning/configuration/url", SCOPE_PROFILE, set_url,
		PROF(source.url), "where the next configuration comes from",
		NULL},
	{"provisioning/period/hourly/hours_interval", SCOPE_PROFILE,
		set_seconds, PROF(source.hours), "hours between resyncs",
		NULL},
	{"provisioning/period/type", SCOPE_PROFILE, set_choice,
		PROF(source.interval), "how often to resync", periodv},
	IDLE("security/*", computer),
	IDLE("system/*", computer),
	IDLE("voip/*", own),
	IDLE("voip/audio/*", desk),
	IDLE("voip/auto_answer/*",
	     "answers calls that ask for it, which baresip 1.x cannot tell"),
	{"voip/codec/codec_info/#/enabled", SCOPE_ALL, set_codec, 0,
		"whether it is offered", NULL},
	{"voip/codec/codec_info/#/name", SCOPE_ALL, set_codec, 0,
		"codec, offered in the order of N", NULL},
	IDLE("voip/line/#/*", desk),
	{"voip/line/#/auth_name", SCOPE_ACCOUNT, set_text, ACC(auth_user),
		"user name for authentication", NULL},
	{"voip/line/#/auth_password", SCOPE_ACCOUNT, set_secret, ACC(secret),
		"password", NULL},
	{"voip/line/#/description", SCOPE_ACCOUNT, set_text, ACC(display),
		"name that the other side sees", NULL},
	{"voip/line/#/do_not_disturb/activated", SCOPE_ACCOUNT, set_bool,
		ACC(features.dnd), "do not disturb",
		NULL},
	{"voip/line/#/enabled", SCOPE_ACCOUNT, set_word, ACC(enabled),
		"whether there is this account", enabledv},
	{"voip/line/#/id", SCOPE_ACCOUNT, set_user, ACC(user), "user", NULL},
	{"voip/media/out_of_band_dtmf", SCOPE_ALL, set_dtmf, ACC(dtmf),
		"RFC2833 by RTP; VIA_SIP (baresip 1.1 and later)", dtmfv},
	IDLE("voip/services/*", "a service that is not here"),
	{"voip/services/call_waiting/enabled", SCOPE_PROFILE, set_bool,
		PROF(features.call_waiting), "whether a second call rings",
		NULL},
	{"voip/services/msg_waiting_ind/subscribe", SCOPE_ALL, set_bool,
		ACC(mwi), "whether to subscribe to the voice mail", NULL},
	{"voip/services/msg_waiting_ind/voice_mail_number", SCOPE_ALL,
		set_number, ACC(voicemail), "number of the voice mail", NULL},
	{"voip/services/notify/check_sync/force_reboot_enabled",
		SCOPE_PROFILE, set_word, PROF(policy.checksync),
		"check-sync: 1 always reboot, 0 as the header says",
		checksyncv},
	{SIP("proxy_address"), SCOPE_ALL, set_host, ACC(server.host),
		"domain and server", NULL},
	{SIP("proxy_port"), SCOPE_ALL, set_port_or_none, ACC(server.port),
		"its port; 65535: by default", NULL},
	{SIP("proxy_timeout"), SCOPE_ALL, set_seconds, ACC(expires),
		"seconds that a registration lasts; 3600 unless said", NULL},
	IDLE(SIP("redundant_proxy/*"), backup),
	{SIP("redundant_proxy/address"), SCOPE_ALL, set_host,
		ACC(second.host), "second server, kept, not used by baresip",
		NULL},
	{SIP("redundant_proxy/port"), SCOPE_ALL, set_port_or_none,
		ACC(second.port), "its port", NULL},
	{SIP("sip_outbound_proxy/addr"), SCOPE_ALL, set_host, ACC(proxy.host),
		"outbound proxy", NULL},
	{SIP("sip_outbound_proxy/enabled"), SCOPE_ALL, set_bool,
		ACC(use_proxy), "whether it is used", NULL},
	{SIP("sip_outbound_proxy/port"), SCOPE_ALL, set_port_or_none,
		ACC(proxy.port), "its port; 65535: by default", NULL},
	{SIP("sip_registrar/addr"), SCOPE_ALL, set_host, ACC(registrar.host),
		"registrar; baresip sends calls to it too", NULL},
	{SIP("sip_registrar/enabled"), SCOPE_ALL, set_bool,
		ACC(use_registrar), "whether it is used", NULL},
	{SIP("sip_registrar/port"), SCOPE_ALL, set_port_or_none,
		ACC(registrar.port), "its port; 65535: by default", NULL},
	{SIP("transport_protocol"), SCOPE_ALL, set_word, ACC(transport),
		"UDP, TCP or TLS", transpv},
	IDLE("voip/talk_event/*", "talk and hold are taken from who may"),
};


static void account_init(struct profile_account *acc)
{
	acc->provider       = PROVIDER_FIRST;
	acc->expires_unsaid = 3600;
}


/** What is understood of AudioCodes' keys */
const struct format_table audiocodes_table = {
	"audiocodes", NULL, {rowv, sizeof(rowv) / sizeof(rowv[0])}, NULL, 0,
	account_init
};


/* include FILE: no key has a blank in it */
static bool is_include(const struct pl *line, struct pl *file)
{
	struct pl word;

	if (re_regex(line->p, line->l, "[^ \t]+[ \t]+[^ \t]+", &word, NULL,
		     file) || word.p != line->p || pl_strcmp(&word, "include"))
		return false;

	text_unquote(file);

	return file->l > 0;
}


static bool next(struct lines *lines, struct pl *line)
{
	while (text_line(lines, line)) {
		if (line->l && line->p[0] != '#' && line->p[0] != ';')
			return true;
	}

	return false;
}


static int line_decode(struct decoder *dec, const struct pl *line, bool last)
{
	const char *eq = pl_strchr(line, '=');
	struct pl key, val, file;

	if (is_include(line, &file)) {
		++dec->prof->usedc;
		return 0;
	}

	if (!eq && last)
		return text_refuse(dec->error, dec->lineno, "the last line is "
				   "cut short: path/key=value is accepted");

	key.p = line->p;
	key.l = eq ? (size_t)(eq - line->p) : 0;
	val.p = key.p + key.l + 1;
	val.l = eq ? line->p + line->l - val.p : 0;

	text_trim(&key);
	text_trim(&val);

	/* Its text may be half of a password */
	if (!key.l || memchr(key.p, ' ', key.l)) {
		pl_set_str(&key, "(line)");
		return profile_note(dec->prof, dec->lineno, false, &key,
				    "not path/key=value");
	}

	return decode_key(dec, &key, &val);
}


/**
 * Decode a configuration file of AudioCodes' (vendors, 5)
 *
 * @param prof  Profile
 * @param text  The file, checked with text_check()
 * @param error Why it was refused
 *
 * @return 0 if success, EBADMSG if it is refused, otherwise errorcode
 */
int audiocodes_decode(struct profile *prof, const struct pl *text,
		      struct format_error *error)
{
	struct lines lines = {*text, 0};
	struct decoder dec;
	struct pl line;
	int err = 0;

	memset(&dec, 0, sizeof(dec));
	dec.table = &audiocodes_table;
	dec.prof  = prof;
	dec.error = error;

	while (!err && next(&lines, &line)) {
		dec.lineno = lines.lineno;
		err = line_decode(&dec, &line, text_islast(&lines));
	}

	return err;
}


/**
 * Tell which files a file of AudioCodes' includes, in order
 *
 * @param text The file
 * @param h    Called for each file
 * @param arg  Handler argument
 *
 * @return 0 if success, otherwise errorcode of the handler
 */
int audiocodes_includes(const struct pl *text, format_include_h *h, void *arg)
{
	struct lines lines = {*text, 0};
	struct pl line, file;
	int err = 0;

	while (!err && next(&lines, &line)) {
		if (is_include(&line, &file))
			err = h(&file, arg);
	}

	return err;
}
