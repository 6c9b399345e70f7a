/**
 * @file settings.c  Every provnotify_* key, read once, checked, immutable
 *
 * What was provisioned may say some of them, too. settings() is the one place
 * that gives the effective value: config, else policy, else default.
 */
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include "compat/compat.h"
#include "addrlist/addrlist.h"
#include "profile/profile.h"
#include "settings/settings.h"
#include "settings/room.h"
#include "mac.h"
#include "state/state.h"


static const char mac_file[] = "mac";

static struct settings *current;        /* As in the file               */
static char *confdir;                   /* Absolute path of its folder  */

static struct {
	struct settings s;              /**< A copy, and what policy says   */
	struct addrlist *notify_from;
	struct addrlist *http_from;
} effective;


/* Does policy decide? Not where the user has written it down */
static bool policy_says(const char *key, int value)
{
	return value >= 0 && !settings_given(current, key);
}


/* Refused lists say so, the phone goes on with the one that it has */
static void policy_list(struct addrlist **alp, struct addrlist **usep,
			const char *text, const char *key,
			const struct addrlist *widest, bool server)
{
	struct pl pl, bad;

	if (!text)
		return;

	pl_set_str(&pl, text);

	if (addrlist_decode(alp, &pl, server, &bad)) {
		warning("provnotify: provisioned %s is no list of"
			" addresses\n", key);
		return;
	}

	if (widest && !addrlist_subset(*alp, widest)) {
		warning("provnotify: provisioned %s would let in more than"
			" the setting does, and is not taken\n", key);
		return;
	}

	addrlist_resolve(*alp);
	*usep = *alp;
}


static void effective_reset(void)
{
	effective.notify_from = mem_deref(effective.notify_from);
	effective.http_from = mem_deref(effective.http_from);

	if (current)
		effective.s = *current;
	else
		memset(&effective.s, 0, sizeof(effective.s));
}


static void errors_warn(const struct mbuf *errors)
{
	struct pl left, line;

	left.p = (const char *)errors->buf;
	left.l = errors->end;

	while (!re_regex(left.p, left.l, "[^\n]+", &line)) {

		warning("provnotify: %r\n", &line);
		pl_advance(&left, line.p + line.l - left.p);
	}
}


/* What is wrong is told to the user */
static int file_parse(struct settings **sp, struct mbuf *errors)
{
	struct mbuf *mb = NULL;
	char *file = NULL;
	struct pl text;
	int err;

	err = re_sdprintf(&file, "%s/config", confdir);
	if (err)
		return err;

	err = state_read_at(&mb, file, STATE_FILE_MAX);
	if (err) {
		(void)mbuf_printf(errors, "could not read %s (%m)\n", file,
				  err);
		goto out;
	}

	pl_set_mbuf(&text, mb);

	err = settings_parse(sp, file, &text, confdir, errors);

 out:
	if (err)
		errors_warn(errors);

	mem_deref(file);
	mem_deref(mb);

	return err;
}


/**
 * Read the settings from the config file, and tell the user what is wrong
 * with it
 *
 * @param dir Config folder; a relative one is taken from here
 *
 * @return 0 if success, EINVAL if there are errors, else errorcode
 */
int settings_read(const char *dir)
{
	struct mbuf *errors = NULL;
	char cwd[PATH_MAX];
	int err;

	if (!dir)
		return EINVAL;

	if (current)
		return EALREADY;

	confdir = mem_deref(confdir);

	if (dir[0] == '/')
		err = str_dup(&confdir, dir);
	else if (getcwd(cwd, sizeof(cwd)))
		err = re_sdprintf(&confdir, "%s/%s", cwd, dir);
	else
		err = errno;
	if (err)
		return err;

	errors = mbuf_alloc(256);
	if (!errors)
		return ENOMEM;

	err = file_parse(&current, errors);
	if (!err)
		effective_reset();

	mem_deref(errors);

	return err;
}


/**
 * Would the next process take the config file as it is now? One that does
 * not would be a phone without this module, which nobody can reach any more.
 *
 * @param why  Buffer for what is wrong, the first of it
 * @param size Size of that buffer [bytes]
 *
 * @return 0 if it would, EINVAL if there are errors, else errorcode
 */
int settings_check(char *why, size_t size)
{
	struct settings *next = NULL;
	struct mbuf *errors;
	struct pl line;
	int err;

	if (!why || !size || !confdir)
		return EINVAL;

	why[0] = '\0';

	errors = mbuf_alloc(256);
	if (!errors)
		return ENOMEM;

	err = file_parse(&next, errors);
	if (err && !re_regex((const char *)errors->buf, errors->end,
			     "[^\n]+", &line))
		(void)pl_strcpy(&line, why, size);

	mem_deref(next);
	mem_deref(errors);

	return err;
}


/**
 * Keep the MAC address that was found, so that servers go on knowing this
 * phone by it whatever cable it hangs on; make one if none was found. To be
 * called once the state dir is open.
 */
void settings_keep_mac(void)
{
	struct mbuf *mb = NULL;
	struct pl kept;
	int err;

	if (!current || settings_given(current, "provnotify_mac"))
		return;

	if (!state_read(&mb, mac_file)) {

		pl_set_mbuf(&kept, mb);
		err = mac_decode(current->mac, &kept);
		mem_deref(mb);
		if (!err)
			goto out;
	}

	if (!current->mac[0])
		mac_random(current->mac);

	err = state_write(mac_file, (const uint8_t *)current->mac,
			  strlen(current->mac));
	if (err)
		warning("provnotify: could not keep the MAC address (%m)\n",
			err);

 out:
	effective_reset();
}


/**
 * Take over the policy of the running configuration, for what the user has
 * not written down himself
 *
 * It may narrow who may send a NOTIFY, and never widen it.
 *
 * @param pol Policy, NULL = none
 */
void settings_policy(const struct profile_policy *pol)
{
	struct settings *s = &effective.s;

	effective_reset();

	if (!current || !pol)
		return;

	if (policy_says("provnotify_remote_control", pol->consent))
		s->remote_control = (enum consent)pol->consent;

	if (!settings_given(current, "provnotify_remote_control") &&
	    pol->remote == 0)
		s->remote_control = CONSENT_DENY;

	if (policy_says("provnotify_checksync", pol->checksync))
		s->checksync = (enum checksync)pol->checksync;

	if (policy_says("provnotify_checksync_reboot", pol->checksync_reboot))
		s->checksync_reboot = pol->checksync_reboot;

	if (policy_says("provnotify_reboot_in_call", pol->reboot_in_call))
		s->reboot_in_call = pol->reboot_in_call;

	if (policy_says("provnotify_digest", pol->challenge))
		s->digest = (enum challenge)pol->challenge;

	policy_list(&effective.notify_from,
		    &s->notify_from,
		    pol->notify_from, "provnotify_notify_from",
		    current->notify_from, true);

	if (!settings_given(current, "provnotify_http_from"))
		policy_list(&effective.http_from,
			    &s->http_from,
			    pol->http_from, "provnotify_http_from", NULL,
			    false);
}


/**
 * Forget all settings
 */
void settings_close(void)
{
	current = mem_deref(current);
	confdir = mem_deref(confdir);
	effective_reset();
}


/**
 * Get the settings as they are in effect
 *
 * @return Settings, NULL before they are read
 */
const struct settings *settings(void)
{
	return current ? &effective.s : NULL;
}
