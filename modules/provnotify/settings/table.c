/**
 * @file table.c  Every setting, one row each
 */
#include <stddef.h>
#include <string.h>
#include <re.h>
#include "settings/settings.h"
#include "settings/room.h"


#define AT(field) .offset = offsetof(struct settings, field)

static const char prefix[] = "provnotify_";

const struct setting settingv[] = {
	{"vendor",       &type_vendor,      AT(vendor),       "native"},
	{"model",        &type_text,        AT(model)},
	{"firmware",     &type_text,        AT(firmware)},
	{"mac",          &type_mac,         AT(mac)},
	{"state_dir",    &type_path,        AT(state_dir),    "provnotify"},
	{"journal",      &type_path_or,     AT(journal),      NULL,
	 {"off"}},
	{"notify_from",  &type_notify_from, AT(notify_from),  "server"},
	{"http_from",    &type_http_from,   AT(http_from),    ""},
	{"digest",       &type_word,        AT(digest),       "none",
	 {"none", "reboot", "all"}},
	{"remote_control", &type_word,      AT(remote_control), "ask",
	 {"ask", "allow", "deny"}},
	{"quota",        &type_number,      AT(quota),        "10",
	 .min = 1, .max = 1000000},
	{"strict",       &type_bool,        AT(strict),       "no"},
	{"checksync",    &type_word,        AT(checksync),    "header",
	 {"header", "always", "ignore"}},
	{"checksync_reboot", &type_bool,    AT(checksync_reboot)},
	{"reboot_in_call", &type_bool,      AT(reboot_in_call), "no"},
	{"reboot_wait",  &type_number,      AT(reboot_wait),  "24",
	 .min = 0, .max = 8760},
	{"restart",      &type_restart,     AT(restart),      "exec"},
	{"url",          &type_url,         AT(url),
	 .secret = true},
	{"user",         &type_string,      AT(user)},
	{"password",     &type_string,      AT(password),
	 .secret = true},
	{"ca_file",      &type_path,        AT(ca_file)},
	{"client_cert",  &type_path_or,     AT(client_cert),  NULL,
	 {"none"}},
	{"verify",       &type_bool,        AT(verify),       "yes"},
	{"at_boot",      &type_bool,        AT(at_boot),      "yes"},
	{"interval",     &type_number,      AT(interval),     "0",
	 .min = 0, .max = 525600},
	{"jitter",       &type_number,      AT(jitter),       "0",
	 .min = 0, .max = 86400},
	{"timeout",      &type_number,      AT(timeout),      "30",
	 .min = 1, .max = 3600},
	{"confirm",      &type_number,      AT(confirm),      "180",
	 .min = 1, .max = 86400},
	{"pnp",          &type_word,        AT(pnp),          "auto",
	 {"auto", "yes", "no"}},
	{"pnp_address",  &type_pnp_address, AT(pnp_address),
	 "224.0.1.75:5060"},
	{"http_listen",  &type_listen,      AT(http_listen),  "off"},
	{"https_listen", &type_listen,      AT(https_listen), "off"},
	{"https_cert",   &type_path_or,     AT(https_cert),   "off",
	 {"off"}},
	{"http_user",    &type_string,      AT(http_user)},
	{"http_password", &type_string,     AT(http_password),
	 .secret = true},
	{"http_host",    &type_hosts,       AT(http_host)},
	{"factory_reset", &type_bool,       AT(factory_reset), "no"},
	{"key",          &type_key,         AT(keyl)},
};

const size_t settingc = sizeof(settingv) / sizeof(settingv[0]);

_Static_assert(sizeof(settingv) / sizeof(settingv[0]) <= 64,
	       "more rows than struct settings has bits in given");


/**
 * Find the row of a key
 *
 * @param key Key as in the file, compared without case
 *
 * @return Row, NULL if it is unknown
 */
const struct setting *setting_find(const struct pl *key)
{
	struct pl pl;
	size_t i;

	if (!key || key->l < strlen(prefix) ||
	    strncasecmp(key->p, prefix, strlen(prefix)))
		return NULL;

	pl = *key;
	pl_advance(&pl, strlen(prefix));

	for (i=0; i<settingc; i++) {

		if (!pl_strcasecmp(&pl, settingv[i].name))
			return &settingv[i];
	}

	return NULL;
}


/**
 * Print the names of all keys
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int setting_names(struct re_printf *pf, void *unused)
{
	size_t i;
	int err;
	(void)unused;

	err = re_hprintf(pf, "%s%s", prefix, settingv[0].name);

	for (i=1; i<settingc; i++)
		err |= re_hprintf(pf, ", _%s", settingv[i].name);

	return err;
}


/**
 * Print what a row accepts
 *
 * @param pf  Print function
 * @param set Row
 *
 * @return 0 if success, otherwise errorcode
 */
int setting_accepted(struct re_printf *pf, const struct setting *set)
{
	if (!set)
		return EINVAL;

	return set->type->printh ? set->type->printh(pf, set) :
		re_hprintf(pf, "%s", set->type->accepted);
}
