/**
 * @file readout.c  What phonecfg=get reads out of the phone
 *
 * Text: a line for each account, its fields separated by bars as on a Yealink
 * (label, user, display name, state, address), and a line for each value,
 * which reads as an INI file.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "settings/settings.h"
#include "phone/phone.h"
#include "phone/room.h"


/* A name that a server has given must not become a field or a line */
static int print_field(struct re_printf *pf, const char *str)
{
	int err = 0;

	for (; str && *str && !err; str++) {

		const bool odd = (uint8_t)*str < ' ' || *str == 0x7f ||
			*str == '|';

		err = re_hprintf(pf, "%c", odd ? ' ' : *str);
	}

	return err;
}


static int print_account(struct re_printf *pf, const struct ua *ua)
{
	const struct account *acc = ua_account(ua);
	const char *aor = account_aor(acc);
	const char *colon = aor ? strchr(aor, ':') : NULL;
	const struct uri *luri = account_luri(acc);
	char user[64] = "";

	if (luri)
		(void)re_snprintf(user, sizeof(user), "%r", &luri->user);

	return re_hprintf(pf, "Account%u|%H|%H|%H|Enabled|%H|%s\n",
			  accounts_number(ua), print_field, user, print_field,
			  user, print_field, account_display_name(acc),
			  print_field, colon ? colon + 1 : "",
			  ua_isregistered(ua) ? "Registered" :
			  "Unregistered");
}


static int print_accounts(struct re_printf *pf)
{
	struct le *le;
	int err = 0;

	for (le = list_head(uag_list()); le && !err; le = le->next)
		err = print_account(pf, le->data);

	return err;
}


static int print_dnd(struct re_printf *pf)
{
	return re_hprintf(pf, "DND=%u\n", feature_on(FEATURE_DND, NULL));
}


static int print_forwards(struct re_printf *pf)
{
	static const struct {
		const char *name;
		enum feature_id id;
	} fwdv[] = {
		{"AlwaysFwd", FEATURE_ALWAYS},
		{"BusyFwd",   FEATURE_BUSY},
		{"NoAnswFwd", FEATURE_NO_ANSWER},
	};
	int err = 0;
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(fwdv); i++) {

		const struct feature *fwd = feature_get(fwdv[i].id, NULL);
		const char *name = fwdv[i].name;

		err |= re_hprintf(pf, "%s=%d\n%sTarget=%H\n", name,
				  fwd->on > 0, name, print_field, fwd->target);

		if (fwdv[i].id == FEATURE_NO_ANSWER)
			err |= re_hprintf(pf, "%sSeconds=%u\n", name,
					  fwd->seconds);
	}

	return err;
}


/* Parts, and how a client says that it does not want them */
static const struct {
	const char *without;
	int (*print)(struct re_printf *pf);
} partv[] = {
	{"accounts=0", print_accounts},
	{"dnd=0",      print_dnd},
	{"fw=0",       print_forwards},
};


/* A parameter stands between & [ ] and the ends */
static bool has_param(const struct pl *query, const char *param)
{
	struct pl rest = *query, pl;

	while (!re_regex(rest.p, rest.l, "[^&\\[\\]]+", &pl)) {

		if (!pl_strcasecmp(&pl, param))
			return true;

		pl_advance(&rest, pl.p + pl.l - rest.p);
	}

	return false;
}


/**
 * Is a chain the key phonecfg=get, and nothing else?
 *
 * @param chain Chain, may be NULL
 *
 * @return True if it is
 */
bool readout_wanted(const struct chain *chain)
{
	return chain && chain->pressc == 1 && chain->pressv[0].key &&
		chain->pressv[0].key->arg == ARG_QUERY;
}


/**
 * Print what phonecfg=get asks for
 *
 * @param pf    Print function
 * @param chain Chain that readout_wanted() says yes to
 *
 * @return 0 if success, otherwise errorcode
 */
int readout_print(struct re_printf *pf, const struct chain *chain)
{
	const struct pl *query = &chain->pressv[0].arg;
	size_t i;
	int err;

	err = re_hprintf(pf, "Firmware=%s\nModel=%s\n",
			 settings()->firmware, settings()->model);

	for (i=0; i<RE_ARRAY_SIZE(partv) && !err; i++) {

		if (!has_param(query, partv[i].without))
			err = partv[i].print(pf);
	}

	return err;
}
