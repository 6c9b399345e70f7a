/**
 * @file gigaset.c  Gigaset's XML for N610, N670, N870 and their kind
 *
 * `<param name="SipAccount.00001.UserName" value="1001"/>` in `<nvm>` in
 * `<provisioning>`. A document type is refused, and with it every entity.
 */
#include <stddef.h>
#include <string.h>
#include <expat.h>
#include <re.h>
#include "profile/profile.h"
#include "formats/formats.h"
#include "formats/decode.h"


enum {
	DEPTH_MAX = 8,          /**< Elements in one another                */
};

static const char backup[]   =
	"baresip has no standby: it registers with one server";
static const char computer[] = "the computer's own is used";
static const char fixed[]    = "only baresip's config says that";
static const char handset[]  = "there are no handsets";
static const char own[]      = "baresip decides that by itself";


/* SipAccount.N.ProviderId: unsaid, it is the first that names a domain */
static int set_provider(struct decoder *dec, const struct format_row *row,
			void *field, const struct pl *val)
{
	int32_t *provider = field;
	int err;

	err = set_seconds(dec, row, provider, val);
	if (!err && *provider < 0)
		*provider = PROVIDER_FIRST;

	return err;
}


static const struct format_word dtmfv[] = {
	{"", DTMF_UNSET}, {"1", DTMF_INBAND}, {"2", DTMF_RTP}, {"3", DTMF_RTP},
	{"4", DTMF_INFO}, {"5", DTMF_INFO}, {"6", DTMF_RTP}, {"7", DTMF_RTP},
	{NULL, 0}
};

static const struct format_word proxyv[] = {
	{"", -1}, {"0", 1}, {"1", 1}, {"2", 0}, {NULL, 0}
};

static const struct format_word srtpv[] = {
	{"", SRTP_UNSET}, {"0", SRTP_OFF}, {"1", SRTP_OPTIONAL}, {NULL, 0}
};

static const struct format_word transpv[] = {
	{"", TRANSPORT_UNSET}, {"1", TRANSPORT_UDP}, {"2", TRANSPORT_TCP},
	{"3", TRANSPORT_TLS}, {NULL, 0}
};

#define ACC(name)  offsetof(struct profile_account, name)
#define PROF(name) offsetof(struct profile, name)
#define IDLE(key, why) {key, SCOPE_PROFILE, NULL, 0, why, NULL}

static const struct format_row rowv[] = {
	IDLE("DmGlobal.*", computer),
	IDLE("Provisioning.*", fixed),
	{"Provisioning.global.ProvisioningServer", SCOPE_PROFILE, set_url,
		PROF(source.url), "where the next configuration comes from",
		NULL},
	{"SipAccount.#.AuthName", SCOPE_ACCOUNT, set_text,
		ACC(auth_user), "user name for authentication", NULL},
	{"SipAccount.#.AuthPassword", SCOPE_ACCOUNT, set_secret,
		ACC(secret), "password", NULL},
	{"SipAccount.#.DisplayName", SCOPE_ACCOUNT, set_text,
		ACC(display), "name that the other side sees", NULL},
	{"SipAccount.#.ProviderId", SCOPE_ACCOUNT, set_provider,
		ACC(provider), "whose SipProvider it is", NULL},
	{"SipAccount.#.UserName", SCOPE_ACCOUNT, set_user,
		ACC(user), "user", NULL},
	IDLE("SipAccount.#.VoiceMailActive", handset),
	{"SipAccount.#.VoiceMailMailbox", SCOPE_ACCOUNT, set_number,
		ACC(voicemail), "number of the voice mail", NULL},
	{"SipProvider.#.AcceptNonSRTPCalls", SCOPE_PROVIDER, set_bool,
		ACC(srtp_plain), "0, with SRTP: no call without it", NULL},
	IDLE("SipProvider.#.AutoCodec", own),
	{"SipProvider.#.DTMFTransmission", SCOPE_PROVIDER, set_dtmf,
		ACC(dtmf), "2 by RTP; 4 by SIP INFO (baresip 1.1 and later)",
		dtmfv},
	IDLE("SipProvider.#.DnsQuery", own),
	{"SipProvider.#.Domain", SCOPE_PROVIDER, set_host,
		ACC(domain), "domain", NULL},
	{"SipProvider.#.FailoverServerAddress", SCOPE_PROVIDER, set_host,
		ACC(second.host), "second server, kept, not used by baresip",
		NULL},
	IDLE("SipProvider.#.FailoverServerEnabled", backup),
	{"SipProvider.#.FailoverServerPort", SCOPE_PROVIDER, set_port,
		ACC(second.port), "its port", NULL},
	{"SipProvider.#.MWISubscription", SCOPE_PROVIDER, set_bool,
		ACC(mwi), "whether to subscribe to the voice mail", NULL},
	IDLE("SipProvider.#.Name", "shown on the web page of the phone"),
	{"SipProvider.#.OutboundProxyAddress", SCOPE_PROVIDER, set_host,
		ACC(proxy.host), "outbound proxy", NULL},
	{"SipProvider.#.OutboundProxyMode", SCOPE_PROVIDER, set_word,
		ACC(use_proxy), "2: it is not used", proxyv},
	{"SipProvider.#.OutboundProxyPort", SCOPE_PROVIDER, set_port,
		ACC(proxy.port), "its port", NULL},
	{"SipProvider.#.ProxyServerAddress", SCOPE_PROVIDER, set_host,
		ACC(server.host), "server, where no registrar is said", NULL},
	{"SipProvider.#.ProxyServerPort", SCOPE_PROVIDER, set_port,
		ACC(server.port), "its port", NULL},
	{"SipProvider.#.RegServerAddress", SCOPE_PROVIDER, set_host,
		ACC(registrar.host),
		"registrar; baresip sends calls to it too", NULL},
	{"SipProvider.#.RegServerPort", SCOPE_PROVIDER, set_port,
		ACC(registrar.port), "its port", NULL},
	{"SipProvider.#.RegServerRefreshTimer", SCOPE_PROVIDER, set_seconds,
		ACC(expires),
		"seconds that a registration lasts; 180 unless said", NULL},
	{"SipProvider.#.SRTP_Enabled", SCOPE_PROVIDER, set_word,
		ACC(srtp), "1: SRTP", srtpv},
	{"SipProvider.#.TransportProtocol", SCOPE_PROVIDER, set_word,
		ACC(transport), "1 UDP, 2 TCP, 3 TLS", transpv},
	IDLE("SipProvider.#.UseSIPS", "sip: is used, over TLS if so said"),
	{"SystemSettings.global.CheckSyncRebootEnabled", SCOPE_PROFILE,
		set_bool, PROF(policy.checksync_reboot),
		"whether anything from the network may restart the phone",
		NULL},
	IDLE("SystemSettings.global.SipMulticastEnabled", fixed),
	IDLE("Telephony.*", own),
	IDLE("WebUIAccounts.*", "there is no such web page"),
	IDLE("firmware.*", "there is no firmware to load"),
	IDLE("hs.*", handset),
	IDLE("oper.*", handset),
};


static void account_init(struct profile_account *acc)
{
	acc->provider       = PROVIDER_FIRST;
	acc->expires_unsaid = 180;
}


/** What is understood of Gigaset's parameters */
const struct format_table gigaset_table = {
	"gigaset", NULL, {rowv, sizeof(rowv) / sizeof(rowv[0])}, NULL, 1,
	account_init
};


/** One file that is being parsed */
struct parser {
	XML_Parser xml;
	struct decoder dec;
	unsigned depth;
	unsigned oper;          /**< Depth of an <oper>, 0 = not in one     */
	char operation[32];     /**< Its name                               */
	int err;
};


static const char *attribute(const char **attrv, const char *name)
{
	for (; attrv[0]; attrv += 2) {
		if (!strcmp(attrv[0], name))
			return attrv[1];
	}

	return "";
}


/* A parameter of an operation is what the operation is about, no setting */
static int param_decode(struct parser *p, const char *name, const char *value)
{
	char buf[DECODE_KEY_MAX] = "";
	struct pl key, val;

	pl_set_str(&val, value);
	text_trim(&val);

	if (p->oper)
		(void)re_snprintf(buf, sizeof(buf), "oper.%s.%s",
				  p->operation, name);

	pl_set_str(&key, p->oper ? buf : name);

	return decode_key(&p->dec, &key, &val);
}


static int element_decode(struct parser *p, const char *name,
			  const char **attrv)
{
	char buf[DECODE_KEY_MAX] = "";
	struct pl key;

	if (p->depth == 1)
		return strcmp(name, "provisioning")
			? text_refuse(p->dec.error, p->dec.lineno,
				      "the XML is not <provisioning>")
			: 0;

	if (!strcmp(name, "nvm") || !strcmp(name, "firmware"))
		return 0;

	if (!strcmp(name, "param"))
		return param_decode(p, attribute(attrv, "name"),
				    attribute(attrv, "value"));

	if (!strcmp(name, "oper")) {

		str_ncpy(p->operation, attribute(attrv, "name"),
			 sizeof(p->operation));
		p->oper = p->depth;

		(void)re_snprintf(buf, sizeof(buf), "oper.%s", p->operation);
	}
	else if (!strcmp(name, "file")) {
		(void)re_snprintf(buf, sizeof(buf), "firmware.file");
	}

	pl_set_str(&key, buf[0] ? buf : name);

	return decode_key(&p->dec, &key, &pl_null);
}


static unsigned line_at(XML_Parser xml)
{
	/* From 2.9.0 on expat calls the older name deprecated */
#if XML_MAJOR_VERSION * 100 + XML_MINOR_VERSION >= 209
	return (unsigned)XML_GetCurrentLineNumber64(xml);
#else
	return (unsigned)XML_GetCurrentLineNumber(xml);
#endif
}


static void start_handler(void *arg, const char *name, const char **attrv)
{
	struct parser *p = arg;

	if (p->err)
		return;

	p->dec.lineno = line_at(p->xml);

	if (++p->depth > DEPTH_MAX)
		p->err = text_refuse(p->dec.error, p->dec.lineno,
				     "elements are more than %u deep",
				     DEPTH_MAX);
	else
		p->err = element_decode(p, name, attrv);

	if (p->err)
		(void)XML_StopParser(p->xml, XML_FALSE);
}


static void end_handler(void *arg, const char *name)
{
	struct parser *p = arg;
	(void)name;

	if (p->oper == p->depth)
		p->oper = 0;

	--p->depth;
}


static void doctype_handler(void *arg, const char *name, const char *sysid,
			    const char *pubid, int internal)
{
	struct parser *p = arg;
	(void)name;
	(void)sysid;
	(void)pubid;
	(void)internal;

	p->err = text_refuse(p->dec.error, line_at(p->xml),
			     "a document type is not accepted");

	(void)XML_StopParser(p->xml, XML_FALSE);
}


/**
 * Decode a provisioning file of Gigaset's (vendors, 4)
 *
 * @param prof  Profile
 * @param text  The file, checked with text_check()
 * @param error Why it was refused
 *
 * @return 0 if success, EBADMSG if it is refused, otherwise errorcode
 */
int gigaset_decode(struct profile *prof, const struct pl *text,
		   struct format_error *error)
{
	struct parser p;

	memset(&p, 0, sizeof(p));
	p.dec.table = &gigaset_table;
	p.dec.prof  = prof;
	p.dec.error = error;

	p.xml = XML_ParserCreate("UTF-8");
	if (!p.xml)
		return ENOMEM;

	XML_SetUserData(p.xml, &p);
	XML_SetElementHandler(p.xml, start_handler, end_handler);
	XML_SetStartDoctypeDeclHandler(p.xml, doctype_handler);

	if (XML_Parse(p.xml, text->p, (int)text->l, XML_TRUE) !=
	    XML_STATUS_OK && !p.err)
		p.err = text_refuse(error, line_at(p.xml),
				    "the XML is cut short or broken: %s",
				    XML_ErrorString(XML_GetErrorCode(p.xml)));

	XML_ParserFree(p.xml);

	return p.err;
}
