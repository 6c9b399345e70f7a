/**
 * @file yealink_table.c  Yealink's keys that do something here
 *
 * Names as in the administrator's guides; V70, V73 and V80 say which firmware
 * writes a key in that way. Any key may have `static.` in front of it (V81).
 */
#include <stddef.h>
#include <re.h>
#include "profile/profile.h"
#include "settings/settings.h"
#include "formats/formats.h"
#include "formats/decode.h"
#include "formats/yealink.h"


static const struct format_word answerv[] = {
	{"", ANSWER_UNSET}, {"0", ANSWER_MANUAL}, {"1", ANSWER_AUTO}, {NULL, 0}
};

static const struct format_word consentv[] = {
	{"", -1}, {"0", CONSENT_ALLOW}, {"1", CONSENT_ASK}, {NULL, 0}
};

static const struct format_word dtmfv[] = {
	{"", DTMF_UNSET}, {"0", DTMF_INBAND}, {"1", DTMF_RTP},
	{"2", DTMF_INFO}, {"3", DTMF_INFO}, {NULL, 0}
};

static const struct format_word enabledv[] = {
	{"", ENABLED_UNSAID_OFF}, {"0", 0}, {"1", 1}, {NULL, 0}
};

static const struct format_word modev[] = {
	{"", -1}, {"0", 0}, {"1", 0}, {"4", 1}, {"5", 0}, {"6", 1}, {"7", 0},
	{NULL, 0}
};

static const struct format_word notifyv[] = {
	{"", -1}, {"0", CHECKSYNC_HEADER}, {"1", CHECKSYNC_ALWAYS},
	{"2", CHECKSYNC_IGNORE}, {NULL, 0}
};

static const struct format_word refusev[] = {
	{"", -1}, {"404", 404}, {"480", 480}, {"486", 486}, {"603", 603},
	{NULL, 0}
};

static const struct format_word proxyv[] = {
	{"", 0}, {"0", 0}, {"1", 1}, {NULL, 0}
};

/* Sources differ on 1 and 2 of srtp_encryption: the newer ones are followed */
static const struct format_word srtpv[] = {
	{"", SRTP_UNSET}, {"0", SRTP_OFF}, {"1", SRTP_OPTIONAL},
	{"2", SRTP_MANDATORY}, {NULL, 0}
};

static const struct format_word transpv[] = {
	{"", TRANSPORT_UNSET}, {"0", TRANSPORT_UDP}, {"1", TRANSPORT_TCP},
	{"2", TRANSPORT_TLS}, {"3", TRANSPORT_UNSET}, {NULL, 0}
};

#define ACC(name)  offsetof(struct profile_account, name)
#define KEY(name)  offsetof(struct profile_key, name)
#define PROF(name) offsetof(struct profile, name)
#define FWD(of, kind, name) \
	of(features.forwardv[PROFILE_FORWARD_ ## kind].name)

static const struct format_row rowv[] = {
	{"account.#.always_fwd.enable", SCOPE_ACCOUNT, set_bool,
		FWD(ACC, ALWAYS, on),
		"forward all calls of it", NULL},
	{"account.#.always_fwd.target", SCOPE_ACCOUNT, set_number,
		FWD(ACC, ALWAYS, target), "where to", NULL},
	{"account.#.auth_name", SCOPE_ACCOUNT, set_text,
		ACC(auth_user), "user name for authentication", NULL},
	{"account.#.auto_answer", SCOPE_ACCOUNT, set_word,
		ACC(answer), "answer every call", answerv},
	{"account.#.busy_fwd.enable", SCOPE_ACCOUNT, set_bool,
		FWD(ACC, BUSY, on),
		"forward them when busy", NULL},
	{"account.#.busy_fwd.target", SCOPE_ACCOUNT, set_number,
		FWD(ACC, BUSY, target), "where to", NULL},
	{"account.#.codec.#.enable", SCOPE_ACCOUNT, yealink_codec_number,
		0, "whether codec number Y is offered (V73)", NULL},
	{"account.#.codec.#.payload_type", SCOPE_ACCOUNT, yealink_codec_number,
		0, "its name", NULL},
	{"account.#.codec.#.priority", SCOPE_ACCOUNT, yealink_codec_number,
		0, "its place in the offer", NULL},
	{"account.#.codec.*", SCOPE_ACCOUNT, yealink_codec, 0,
		"codec.NAME.enable and .priority: offered or not, "
		"and where (V80)", NULL},
	{"account.#.display_name", SCOPE_ACCOUNT, set_text,
		ACC(display), "name that the other side sees", NULL},
	{"account.#.dnd.enable", SCOPE_ACCOUNT, set_bool,
		ACC(features.dnd),
		"do not disturb", NULL},
	{"account.#.dtmf.type", SCOPE_ACCOUNT, set_dtmf,
		ACC(dtmf),
		"1 by RTP; 2 by SIP INFO (baresip 1.1 and later)", dtmfv},
	{"account.#.enable", SCOPE_ACCOUNT, set_word,
		ACC(enabled),
		"whether there is this account; 0 unless said", enabledv},
	{"account.#.expires", SCOPE_ACCOUNT, set_seconds,
		ACC(expires), "seconds that a registration lasts (V73)", NULL},
	{"account.#.outbound_host", SCOPE_ACCOUNT, set_host,
		ACC(proxy.host), "outbound proxy (V73)", NULL},
	{"account.#.outbound_port", SCOPE_ACCOUNT, set_port,
		ACC(proxy.port), "its port (V73)", NULL},
	{"account.#.outbound_proxy.#.address", SCOPE_ACCOUNT,
		yealink_proxy_host, 0, "Y = 1: outbound proxy", NULL},
	{"account.#.outbound_proxy.#.port", SCOPE_ACCOUNT, yealink_proxy_port,
		0, "Y = 1: its port", NULL},
	{"account.#.outbound_proxy_enable", SCOPE_ACCOUNT, set_word,
		ACC(use_proxy), "whether it is used; 0 unless said", proxyv},
	{"account.#.password", SCOPE_ACCOUNT, set_secret,
		ACC(secret), "password", NULL},
	{"account.#.sip_server.#.address", SCOPE_ACCOUNT,
		yealink_server_host, 0,
		"Y = 1: domain and server; Y = 2: second server, "
		"kept, not used by baresip", NULL},
	{"account.#.sip_server.#.expires", SCOPE_ACCOUNT,
		yealink_server_expires, 0,
		"Y = 1: seconds that a registration lasts; 3600 unless said",
		NULL},
	{"account.#.sip_server.#.port", SCOPE_ACCOUNT, yealink_server_port,
		0, "port of that server; 0: by SRV record", NULL},
	{"account.#.sip_server.#.transport_type", SCOPE_ACCOUNT,
		yealink_server_transport,
		0, "Y = 1: 0 UDP, 1 TCP, 2 TLS, 3 by default", transpv},
	{"account.#.sip_server_host", SCOPE_ACCOUNT, set_host,
		ACC(server.host), "domain and server (V70)", NULL},
	{"account.#.sip_server_port", SCOPE_ACCOUNT, set_port,
		ACC(server.port), "its port (V70)", NULL},
	{"account.#.sip_trust_ctrl", SCOPE_ACCOUNT, yealink_trust,
		0, "1: NOTIFY from the server alone (V70)", NULL},
	{"account.#.srtp_encryption", SCOPE_ACCOUNT, set_word,
		ACC(srtp),
		"1 SRTP where the other side can, 2 SRTP or no call", srtpv},
	{"account.#.subscribe_mwi", SCOPE_ACCOUNT, set_bool,
		ACC(mwi), "whether to subscribe to the voice mail", NULL},
	{"account.#.timeout_fwd.enable", SCOPE_ACCOUNT, set_bool,
		FWD(ACC, NO_ANSWER, on),
		"forward them when not answered", NULL},
	{"account.#.timeout_fwd.target", SCOPE_ACCOUNT, set_number,
		FWD(ACC, NO_ANSWER, target), "where to", NULL},
	{"account.#.timeout_fwd.timeout", SCOPE_ACCOUNT, yealink_six_seconds,
		FWD(ACC, NO_ANSWER, seconds),
		"after so many times six seconds", NULL},
	{"account.#.transport", SCOPE_ACCOUNT, set_word,
		ACC(transport),
		"0 UDP, 1 TCP, 2 TLS, 3 by default (V73)", transpv},
	{"account.#.user_name", SCOPE_ACCOUNT, set_user,
		ACC(user), "user", NULL},
	{"auto_provision.mode", SCOPE_PROFILE, set_choice,
		PROF(source.repeat), "4, 6: at intervals (V73)", modev},
	{"auto_provision.repeat.enable", SCOPE_PROFILE, set_bool,
		PROF(source.repeat), "whether to resync at intervals", NULL},
	{"auto_provision.repeat.minutes", SCOPE_PROFILE, set_seconds,
		PROF(source.interval),
		"how often, in minutes; 1440 unless said", NULL},
	{"auto_provision.schedule.periodic_minute", SCOPE_PROFILE, set_seconds,
		PROF(source.interval), "how often, in minutes (V73)", NULL},
	{"auto_provision.server.password", SCOPE_PROFILE, set_secret,
		PROF(source.password), "password for that server", NULL},
	{"auto_provision.server.url", SCOPE_PROFILE, set_url,
		PROF(source.url),
		"where the next configuration comes from", NULL},
	{"auto_provision.server.username", SCOPE_PROFILE, set_text,
		PROF(source.user), "user name for that server", NULL},
	{"call_waiting.enable", SCOPE_PROFILE, set_bool,
		PROF(features.call_waiting),
		"whether a second call rings", NULL},
	{"features.action_uri.enable", SCOPE_PROFILE, set_bool,
		PROF(policy.remote),
		"0: keys from the network are denied", NULL},
	{"features.action_uri_limit_ip", SCOPE_PROFILE, set_addrlist,
		PROF(policy.http_from), "who may GET an action URI", NULL},
	{"features.dnd.enable", SCOPE_PROFILE, set_bool,
		PROF(features.dnd), "do not disturb", NULL},
	{"features.dnd_refuse_code", SCOPE_PROFILE, set_choice,
		PROF(features.dnd_code),
		"what a call is then refused with: 404, 480, 486 or 603",
		refusev},
	{"features.reboot_in_talk_enable", SCOPE_PROFILE, set_bool,
		PROF(policy.reboot_in_call),
		"whether a restart ends a call", NULL},
	{"features.show_action_uri_option", SCOPE_PROFILE, set_word,
		PROF(policy.consent),
		"1: a person is asked first, 0: not", consentv},
	{"forward.always.enable", SCOPE_PROFILE, set_bool,
		FWD(PROF, ALWAYS, on), "forward all calls", NULL},
	{"forward.always.target", SCOPE_PROFILE, set_number,
		FWD(PROF, ALWAYS, target), "where to", NULL},
	{"forward.busy.enable", SCOPE_PROFILE, set_bool,
		FWD(PROF, BUSY, on), "forward when busy", NULL},
	{"forward.busy.target", SCOPE_PROFILE, set_number,
		FWD(PROF, BUSY, target), "where to", NULL},
	{"forward.no_answer.enable", SCOPE_PROFILE, set_bool,
		FWD(PROF, NO_ANSWER, on), "forward when not answered", NULL},
	{"forward.no_answer.target", SCOPE_PROFILE, set_number,
		FWD(PROF, NO_ANSWER, target), "where to", NULL},
	{"forward.no_answer.timeout", SCOPE_PROFILE, yealink_six_seconds,
		FWD(PROF, NO_ANSWER, seconds),
		"after so many times six seconds", NULL},
	{"include:config", SCOPE_PROFILE, yealink_boot, 0,
		"in a boot file: one more file to read", NULL},
	{"linekey.#.label", SCOPE_LINE_KEY, set_value,
		KEY(label), "its label", NULL},
	{"linekey.#.line", SCOPE_LINE_KEY, set_seconds,
		KEY(line), "the account it is for", NULL},
	{"linekey.#.type", SCOPE_LINE_KEY, yealink_key_type,
		KEY(kind),
		"13 speed dial, 15 line, 16 BLF (as speed dial)", NULL},
	{"linekey.#.value", SCOPE_LINE_KEY, set_value,
		KEY(value), "its number", NULL},
	{"memorykey.#.label", SCOPE_MEMORY_KEY, set_value,
		KEY(label), "its label", NULL},
	{"memorykey.#.line", SCOPE_MEMORY_KEY, set_seconds,
		KEY(line), "the account it is for", NULL},
	{"memorykey.#.type", SCOPE_MEMORY_KEY, yealink_key_type,
		KEY(kind), "as linekey; they come first in D1 to D10", NULL},
	{"memorykey.#.value", SCOPE_MEMORY_KEY, set_value,
		KEY(value), "its number", NULL},
	{"overwrite_mode", SCOPE_PROFILE, yealink_boot, 0,
		"in a boot file: whether a blank value is a default", NULL},
	{"sip.notify_reboot_enable", SCOPE_PROFILE, set_word,
		PROF(policy.checksync),
		"check-sync: 0 as the header says, 1 always reboot, "
		"2 ignore", notifyv},
	{"sip.request_validation.digest.list", SCOPE_PROFILE,
		yealink_methods_digest,
		0, "with NOTIFY in it: NOTIFY is challenged", NULL},
	{"sip.request_validation.source.list", SCOPE_PROFILE,
		yealink_methods_source,
		0, "with NOTIFY in it: NOTIFY from the server alone", NULL},
	{"sip.trust_ctrl", SCOPE_PROFILE, yealink_trust,
		0, "1: NOTIFY from the server alone", NULL},
	{"specific_model.excluded_mode", SCOPE_PROFILE, yealink_boot, 0,
		"in a boot file: 1, a model reads only the files for it",
		NULL},
	{"voice_mail.number.#", SCOPE_ACCOUNT, set_number,
		ACC(voicemail), "number of the voice mail of account X", NULL},
};


/* What a line has before the file says anything */
static void account_init(struct profile_account *acc)
{
	acc->enabled        = ENABLED_UNSAID_OFF;
	acc->use_proxy      = 0;
	acc->expires_unsaid = 3600;
}


/** What is understood of Yealink's keys */
const struct format_table yealink_table = {
	"yealink", "static.", {rowv, sizeof(rowv) / sizeof(rowv[0])},
	&yealink_idle, 1, account_init
};
