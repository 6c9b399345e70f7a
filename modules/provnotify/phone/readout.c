/**
 * @file readout.c  What phonecfg=get reads out of the phone
 *
 * Text: a line for each account, its fields separated by bars as on a Yealink
 * (label, user, display name, state, address), and a line for each value.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts.h"
#include "settings.h"
#include "phone/phone.h"
#include "phone/room.h"


/* A name that a server has given must not become a field or a line */
static int print_field(struct re_printf *pf, const char *str)
{
	char buf[64];
	size_t i;

	str_ncpy(buf, str ? str : "", sizeof(buf));

	for (i=0; buf[i]; i++) {

		if ((uint8_t)buf[i] < ' ' || buf[i] == 0x7f || buf[i] == '|')
			buf[i] = ' ';
	}

	return re_hprintf(pf, "%s", buf);
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
	return re_hprintf(pf, "DND=%u\n", feature_dnd());
}


/* Parts, and how a client says that it does not want them */
static const struct {
	const char *without;
	int (*print)(struct re_printf *pf);
} partv[] = {
	{"accounts=0", print_accounts},
	{"dnd=0",      print_dnd},
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
