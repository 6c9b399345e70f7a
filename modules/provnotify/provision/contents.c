/**
 * @file contents.c  What a configuration says, section by section, for people
 */
#include "compat/compat.h"
#include "profile/profile.h"
#include "settings/settings.h"
#include "provision/room.h"


static int account_print(struct re_printf *pf,
			 const struct profile_account *acc)
{
	static const char *transportv[] = {
		[TRANSPORT_UNSET] = "",
		[TRANSPORT_UDP]   = ", udp",
		[TRANSPORT_TCP]   = ", tcp",
		[TRANSPORT_TLS]   = ", tls",
	};
	int err;

	err = re_hprintf(pf, "%8u  %s@%s", acc->line, acc->user, acc->domain);
	if (acc->port)
		err |= re_hprintf(pf, ":%u", acc->port);

	err |= re_hprintf(pf, "%s%s", transportv[acc->transport],
			  acc->secret ? ", with a password" :
			  ", without a password");

	if (acc->expires == 0)
		err |= re_hprintf(pf, ", does not register");
	else if (acc->expires > 0)
		err |= re_hprintf(pf, ", registers for %d s", acc->expires);

	if (acc->outbound)
		err |= re_hprintf(pf, ", through %s", acc->outbound);
	if (acc->codecs)
		err |= re_hprintf(pf, ", codecs %s", acc->codecs);
	if (acc->mediaenc)
		err |= re_hprintf(pf, ", %s", acc->mediaenc);
	if (acc->voicemail)
		err |= re_hprintf(pf, ", voice mail %s", acc->voicemail);

	return err | re_hprintf(pf, "\n");
}


static int accounts_print(struct re_printf *pf, const struct profile *prof)
{
	struct le *le;
	int err = 0;

	for (le = list_head(&prof->accountl); le; le = le->next)
		err |= account_print(pf, le->data);

	return err;
}


static int keys_print(struct re_printf *pf, const struct profile *prof)
{
	struct le *le;
	int err = 0;

	for (le = list_head(&prof->keyl); le; le = le->next) {
		const struct profile_key *key = le->data;

		const bool dials = key->kind == PROFILE_KEY_DIAL;

		err |= re_hprintf(pf, "      %c%u: %s%s",
				  key->memory ? 'D' : 'L', key->n,
				  dials ? "dials " : "an account",
				  dials ? key->value : "");
		if (key->line > 0)
			err |= re_hprintf(pf, ", line %d", key->line);

		err |= re_hprintf(pf, "\n");
	}

	return err;
}


static int switch_print(struct re_printf *pf, const char *name, int on)
{
	return on < 0 ? 0 : re_hprintf(pf, "      %s: %s\n", name,
				       on ? "on" : "off");
}


static int features_print(struct re_printf *pf, const struct profile *prof)
{
	static const char *namev[PROFILE_FORWARD_KINDS] = {
		[PROFILE_FORWARD_ALWAYS]    = "forward every call",
		[PROFILE_FORWARD_BUSY]      = "forward when busy",
		[PROFILE_FORWARD_NO_ANSWER] = "forward without an answer",
	};
	const struct profile_features *feat = &prof->features;
	size_t i;
	int err;

	err  = switch_print(pf, "do not disturb", feat->dnd);
	err |= switch_print(pf, "call waiting", feat->call_waiting);

	for (i=0; i<PROFILE_FORWARD_KINDS; i++) {
		const struct profile_forward *fwd = &feat->forwardv[i];

		err |= switch_print(pf, namev[i], fwd->on);
		if (fwd->on > 0 && fwd->target)
			err |= re_hprintf(pf, "        to %s\n", fwd->target);
		if (fwd->on > 0 && fwd->seconds >= 0)
			err |= re_hprintf(pf, "        after %d s\n",
					  fwd->seconds);
	}

	return err;
}


static int word_print(struct re_printf *pf, const char *name,
		      const char *const *wordv, int value)
{
	return value < 0 ? 0 : re_hprintf(pf, "      provnotify_%s %s\n",
					  name, wordv[value]);
}


/* As the settings that have the same effect */
static int policy_print(struct re_printf *pf, const struct profile *prof)
{
	static const char *const boolv[] = {"no", "yes"};
	static const char *const consentv[] = {
		[CONSENT_ASK] = "ask", [CONSENT_ALLOW] = "allow",
		[CONSENT_DENY] = "deny"
	};
	static const char *const checksyncv[] = {
		[CHECKSYNC_HEADER] = "header", [CHECKSYNC_ALWAYS] = "always",
		[CHECKSYNC_IGNORE] = "ignore"
	};
	static const char *const challengev[] = {
		[CHALLENGE_NONE] = "none", [CHALLENGE_REBOOT] = "reboot",
		[CHALLENGE_ALL] = "all"
	};
	const struct profile_policy *pol = &prof->policy;
	int err = 0;

	if (pol->notify_from)
		err |= re_hprintf(pf, "      provnotify_notify_from %s\n",
				  pol->notify_from);
	if (pol->http_from)
		err |= re_hprintf(pf, "      provnotify_http_from %s\n",
				  pol->http_from);

	err |= word_print(pf, "remote_control", consentv, pol->consent);
	err |= word_print(pf, "checksync", checksyncv, pol->checksync);
	err |= word_print(pf, "checksync_reboot", boolv,
			  pol->checksync_reboot);
	err |= word_print(pf, "reboot_in_call", boolv, pol->reboot_in_call);
	err |= word_print(pf, "digest", challengev, pol->challenge);

	return err;
}


static int source_print(struct re_printf *pf, const struct profile *prof)
{
	const struct profile_source *src = &prof->source;
	int err = 0;

	if (src->url)
		err |= re_hprintf(pf, "      from %H%s\n", url_print, src->url,
				  url_may_name(NULL, src->url) ? "" :
				  ", which may not be named here");
	if (src->user)
		err |= re_hprintf(pf, "      with a name and a password\n");
	if (src->interval > 0)
		err |= re_hprintf(pf, "      every %d minutes\n",
				  src->interval);

	return err;
}


const struct section sectionv[] = {
	{"accounts",                                        accounts_print},
	{"line and memory keys",                            keys_print},
	{"features, till a key changes them",               features_print},
	{"policy, where baresip's config does not say it",  policy_print},
	{"the next configuration, likewise",                source_print},
};

const size_t sectionc = RE_ARRAY_SIZE(sectionv);
