/**
 * @file check.c  Makes a profile whole when its last file is decoded
 */
#include <string.h>
#include <re.h>
#include "grammar.h"
#include "profile/profile.h"
#include "settings/settings.h"


enum {
	HOUR = 60,              /**< Minutes                                */
	DAY  = 24 * HOUR,       /**< Yealink's repeat.minutes, by default   */
};


static void inherit_str(char **str, char *from)
{
	if (!*str)
		*str = mem_ref(from);
}


static void inherit_host(struct profile_host *host,
			 const struct profile_host *from)
{
	inherit_str(&host->host, from->host);

	if (!host->port)
		host->port = from->port;
}


static struct profile_account *provider_of(const struct profile *prof,
					   const struct profile_account *acc)
{
	struct le *le;

	for (le = prof->providerl.head; le; le = le->next) {

		struct profile_account *prov = le->data;

		if (acc->provider == PROVIDER_FIRST &&
		    (prov->domain || prov->server.host))
			return prov;

		if (acc->provider >= 0 &&
		    prov->line == (unsigned)acc->provider)
			return prov;
	}

	return NULL;
}


/* An account says nothing of what its provider says for it */
static void inherit(struct profile_account *acc, struct profile_account *prov)
{
	if (!prov)
		return;

	prov->enabled = 1;

	inherit_str(&acc->domain, prov->domain);
	inherit_str(&acc->voicemail, prov->voicemail);
	inherit_host(&acc->server, &prov->server);
	inherit_host(&acc->registrar, &prov->registrar);
	inherit_host(&acc->proxy, &prov->proxy);
	inherit_host(&acc->second, &prov->second);

	if (acc->use_proxy < 0)
		acc->use_proxy = prov->use_proxy;
	if (acc->use_registrar < 0)
		acc->use_registrar = prov->use_registrar;
	if (acc->transport == TRANSPORT_UNSET)
		acc->transport = prov->transport;
	if (acc->expires < 0)
		acc->expires = prov->expires;
	if (acc->srtp == SRTP_UNSET)
		acc->srtp = prov->srtp;
	if (acc->srtp_plain < 0)
		acc->srtp_plain = prov->srtp_plain;
	if (acc->dtmf == DTMF_UNSET)
		acc->dtmf = prov->dtmf;
	if (acc->mwi < 0)
		acc->mwi = prov->mwi;
	if (acc->answer == ANSWER_UNSET)
		acc->answer = prov->answer;
	if (!acc->ptime)
		acc->ptime = prov->ptime;

	if (!acc->codecc) {
		memcpy(acc->codecv, prov->codecv, sizeof(acc->codecv));
		acc->codecc = prov->codecc;
	}
}


static bool is_used(const struct profile_account *acc)
{
	if (acc->enabled == ENABLED_UNSAID)
		return acc->user || acc->auth_user || acc->secret;

	return acc->enabled == 1;
}


static bool is_address(const char *host)
{
	struct sa sa;

	return host[0] == '[' || !sa_set_str(&sa, host, 0);
}


/* For an address the default port need not be said; for a name a port that is
   said means that no SRV record is looked up (RFC 3263 4.2) */
static uint16_t port_to_say(const struct profile_account *acc,
			    const struct profile_host *server)
{
	const uint16_t by_default =
		acc->transport == TRANSPORT_TLS ? SIP_PORT_TLS : SIP_PORT;

	return server->port == by_default && is_address(server->host)
		? 0 : server->port;
}


/*
 * A server with the domain's name is reached by the address itself. Any other
 * becomes a Route, and a Route to what the address names already would be
 * refused by some servers: so it is written only where it is needed.
 */
static int route(struct profile_account *acc)
{
	static const char *transpv[] = {
		"", "", ";transport=tcp", ";transport=tls"
	};
	const struct profile_host domain = {acc->domain, acc->port};
	const struct profile_host *server = &acc->server;
	const struct profile_host *proxy = &acc->proxy;
	char port[8] = "";
	uint16_t n;

	if (acc->outbound)
		return 0;

	if (acc->registrar.host && acc->use_registrar != 0)
		server = &acc->registrar;

	if (!server->host)
		server = &domain;

	if (!str_casecmp(server->host, acc->domain))
		acc->port = port_to_say(acc, server);

	if (!proxy->host || acc->use_proxy == 0)
		proxy = server;

	n = port_to_say(acc, proxy);

	if (!str_casecmp(proxy->host, acc->domain) && n == acc->port)
		return 0;

	if (n)
		(void)re_snprintf(port, sizeof(port), ":%u", n);

	return re_sdprintf(&acc->outbound, "sip:%s%s%s", proxy->host, port,
			   transpv[acc->transport]);
}


static int encrypt(struct profile_account *acc)
{
	if (acc->mediaenc || acc->srtp < SRTP_OPTIONAL)
		return 0;

	if (acc->srtp_plain == 0)
		acc->srtp = SRTP_MANDATORY;

	return str_dup(&acc->mediaenc, acc->srtp == SRTP_MANDATORY
		       ? "srtp-mand" : "srtp");
}


static int account_check(struct profile *prof, struct profile_account *acc,
			 const char **why)
{
	int err;

	if (!acc->domain)
		acc->domain = mem_ref(acc->server.host);

	*why = NULL;

	if (!acc->user)
		*why = "an account has no user: it needs a user and a domain";
	else if (!acc->domain)
		*why = "an account has no domain: "
			"it needs a user and a domain";

	if (*why)
		return EBADMSG;

	if (acc->expires < 0)
		acc->expires = acc->expires_unsaid;

	err  = route(acc);
	err |= encrypt(acc);
	if (err)
		return ENOMEM;

	return profile_account_codecs(prof, acc);
}


static int drop(struct profile *prof, struct profile_account *acc,
		const char *why)
{
	struct pl pl = PL_INIT;
	int err = 0;

	if (why && acc->user) {
		pl_set_str(&pl, acc->user);
		prof->file = acc->file;
		err = profile_note(prof, acc->lineno, true, &pl, why);
	}

	list_unlink(&acc->le);
	mem_deref(acc);

	return err;
}


static int accounts_check(struct profile *prof, unsigned *lineno,
			  const char **why)
{
	struct le *le = prof->accountl.head;
	int err = 0;

	hash_clear(prof->index);

	while (le && !err) {

		struct profile_account *acc = le->data;

		le = le->next;

		inherit(acc, provider_of(prof, acc));

		if (!is_used(acc)) {
			err = drop(prof, acc,
				   acc->enabled == ENABLED_UNSAID_OFF
				   ? "its line is not enabled" : NULL);
			continue;
		}

		prof->file = acc->file;

		err = account_check(prof, acc, why);
		if (err) {
			*lineno = acc->lineno;
			continue;
		}

		if (profile_account_find(prof, acc->user, acc->domain)) {
			err = drop(prof, acc, "an earlier line has the same "
				   "user and domain");
			continue;
		}

		hash_append(prof->index, hash_joaat_str(acc->user), &acc->he,
			    acc);
	}

	return err;
}


static int providers_check(struct profile *prof)
{
	struct le *le;
	char buf[32];
	struct pl pl;
	int err = 0;

	for (le = prof->providerl.head; le && !err; le = le->next) {

		const struct profile_account *prov = le->data;

		if (prov->enabled == 1)
			continue;

		(void)re_snprintf(buf, sizeof(buf), "provider.%u",
				  prov->line);
		pl_set_str(&pl, buf);
		prof->file = prov->file;

		err = profile_note(prof, prov->lineno, true, &pl,
				   "no account uses it");
	}

	return err;
}


static void source_check(struct profile_source *source)
{
	if (source->repeat == 0)
		source->interval = 0;
	else if (source->repeat == 1 && source->interval < 0)
		source->interval = DAY;

	if (source->interval == HOUR && source->hours > 0)
		source->interval = min(source->hours, 365 * 24) * HOUR;
}


static int keys_check(struct profile *prof)
{
	struct le *le = prof->keyl.head;
	int err = 0;

	while (le && !err) {

		struct profile_key *key = le->data;
		struct pl value, name;
		char buf[32];

		le = le->next;

		pl_set_str(&value, key->value ? key->value : "");
		(void)re_snprintf(buf, sizeof(buf), "%s.%u", key->memory ?
				  "memorykey" : "linekey", key->n);
		pl_set_str(&name, buf);
		prof->file = key->file;

		if (key->kind == PROFILE_KEY_DIAL && !grammar_number(&value))
			err = profile_note(prof, key->lineno, true, &name,
					   "its value is not a number that "
					   "can be dialled");
		else if (key->kind != PROFILE_KEY_NONE)
			continue;

		list_unlink(&key->le);
		mem_deref(key);
	}

	return err;
}


/**
 * Make a profile whole, once all of its files are decoded
 *
 * Each account takes over what its provider says and gets its route, codecs
 * and encryption in baresip's words. Lines that are not in use go, and so does
 * the later one of two with the same user and domain.
 *
 * @param prof   Profile; if it fails, file is the one at fault, from 0
 * @param lineno Line of that file, where an account lacks what it needs
 * @param why    Static text, then
 *
 * @return 0 if success, EBADMSG if an account lacks its user or its domain,
 *         otherwise errorcode. A profile that failed is of no use any more.
 */
int profile_check(struct profile *prof, unsigned *lineno, const char **why)
{
	int err;

	if (!prof || !lineno || !why)
		return EINVAL;

	err = accounts_check(prof, lineno, why);
	if (err)
		return err;

	source_check(&prof->source);

	if (prof->policy.remote == 0)
		prof->policy.consent = CONSENT_DENY;

	profile_features_adopt(prof);

	err  = providers_check(prof);
	err |= keys_check(prof);

	return err;
}
