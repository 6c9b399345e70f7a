/**
 * @file swap.c  Make an account, replace it, end it
 *
 * A replaced account gets a successor of the same address. Both have contact
 * users of their own, so the new one registers while the old one still does,
 * and no call is missed. The old one goes when the new one has registered, or
 * was refused (a server that allows one contact only), or after two seconds.
 */
#include <errno.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "clock.h"
#include "profile/profile.h"
#include "phone/phone.h"
#include "provision/room.h"
#include "provision/entry.h"


enum {
	FAREWELL_MS = 2000,     /**< Longest time of the old beside the new */
};


/**
 * Is a user agent in a call, in whatever state?
 *
 * @param ua Pointer that may be stale, or NULL
 *
 * @return true if it is
 */
bool entry_ua_calls(const struct ua *ua)
{
	return ua && accounts_ours(ua) &&
		!list_isempty(compat_ua_calls(ua));
}


/**
 * End a user agent that the module made, if it is still there
 *
 * @param uap Pointer to it, NULL afterwards
 */
void entry_ua_end(struct ua **uap)
{
	struct ua *ua = *uap;

	*uap = NULL;            /* first: the event of its end comes here */

	if (!ua || !accounts_ours(ua))
		return;

	accounts_remove(ua);

	if (uag_sip())
		compat_ua_destroy(ua);
}


/**
 * Let the replaced account go; one that got a call meanwhile ends with it
 *
 * @param arg Entry: this is a deadline's handler as well
 */
void entry_farewell(void *arg)
{
	struct entry *e = arg;
	const bool again = e->again;

	deadline_cancel(&e->farewell);

	if (entry_ua_calls(e->old)) {
		deadline_start(&e->farewell, FAREWELL_MS, entry_farewell, e);
		return;
	}

	e->again = false;
	entry_ua_end(&e->old);

	if (again && e->ua)
		(void)ua_register(e->ua);
}


/**
 * An account has an answer to its REGISTER: its predecessor goes
 *
 * @param e  Entry
 * @param ok True if it registered. If it was refused, that may be for the
 *           contact of the old one: it tries once more when that is gone.
 */
void entry_answered(struct entry *e, bool ok)
{
	e->answered = true;

	if (!e->old)
		return;

	e->again = !ok;
	deadline_start(&e->farewell, 0, entry_farewell, e);
}


static int ua_make(struct ua **uap, const struct profile_account *acc)
{
	struct account *account;
	struct ua *ua = NULL;
	char *line = NULL;
	int err;

	err = profile_account_line(&line, acc);
	if (err)
		return err;

	err = ua_alloc(&ua, line);
	if (err)
		goto out;

	account = ua_account(ua);

	if (acc->auth_user)
		err |= account_set_auth_user(account, acc->auth_user);
	if (acc->secret)
		err |= account_set_auth_pass(account, acc->secret);
	if (acc->display)
		err |= account_set_display_name(account, acc->display);

	/* in the line it would be dropped where no module offers it, and the
	   calls would go in the clear */
	if (acc->mediaenc)
		err |= account_set_mediaenc(account, acc->mediaenc);
	if (!err)
		err = accounts_add(ua, acc->line);
	if (err) {
		compat_ua_destroy(ua);
		goto out;
	}

	phone_announce(ua);
	*uap = ua;

 out:
	mem_deref(line);

	return err;
}


/**
 * Make the account as it is to be, beside the one that is there
 *
 * @param e Entry
 *
 * @return 0 if success, otherwise errorcode; the one that is there stays then
 */
int entry_make(struct entry *e)
{
	struct ua *ua = NULL;
	int err;

	err = ua_make(&ua, e->want);
	e->failed = err != 0;
	if (err)
		return err;

	entry_ua_end(&e->old);
	e->old = e->ua;
	e->ua = ua;

	mem_deref(e->acc);
	e->acc = mem_ref(e->want);

	e->again = e->answered = false;

	if (e->old)
		deadline_start(&e->farewell, FAREWELL_MS, entry_farewell, e);

	if (!account_regint(ua_account(ua)) || ua_register(ua)) {
		e->answered = true;
		entry_farewell(e);
	}

	return 0;
}


/**
 * End the account
 *
 * @param e Entry
 */
void entry_unmake(struct entry *e)
{
	deadline_cancel(&e->farewell);
	entry_ua_end(&e->old);
	entry_ua_end(&e->ua);
}
