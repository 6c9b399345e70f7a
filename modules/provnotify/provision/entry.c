/**
 * @file entry.c  The accounts that the module made: an index by address
 *
 * baresip 1.0.0 tells of no account that goes by `uadel` unless it registers,
 * so a pointer is looked up in baresip's list before it is used.
 */
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "clock.h"
#include "profile/profile.h"
#include "provision/room.h"
#include "provision/entry.h"


enum {
	INDEX_SIZE = 1024,
};

static struct {
	struct list list;
	struct hash *users;
	struct entry *late;     /**< What entry_all() stopped at, or NULL   */
} idx;


static void destructor(void *arg)
{
	struct entry *e = arg;

	if (idx.late == e)
		idx.late = NULL;

	hash_unlink(&e->he);
	list_unlink(&e->le);
	list_unlink(&e->le_todo);
	deadline_cancel(&e->farewell);
	entry_ua_end(&e->ua);
	entry_ua_end(&e->old);
	mem_deref(e->acc);
	mem_deref(e->want);
}


/* An IPv6 address stands in brackets or not, as it is written */
static struct pl bare(struct pl pl)
{
	if (pl.l > 2 && pl.p[0] == '[') {
		++pl.p;
		pl.l -= 2;
	}

	return pl;
}


/**
 * Make the index
 *
 * @return 0 if success, otherwise errorcode
 */
int entry_init(void)
{
	return hash_alloc(&idx.users, INDEX_SIZE);
}


/**
 * End all accounts that the module made, if baresip still runs
 */
void entry_close(void)
{
	list_flush(&idx.list);
	idx.users = mem_deref(idx.users);
}


/**
 * All accounts that the module made
 *
 * @return List of struct entry
 */
const struct list *entry_list(void)
{
	return &idx.list;
}


/**
 * Find an account by its address
 *
 * @param user   User; case counts, RFC 3261 19.1.4
 * @param domain Host; case does not count
 *
 * @return Entry, or NULL if there is none
 */
struct entry *entry_find(const struct pl *user, const struct pl *domain)
{
	struct pl host;
	struct le *le;

	if (!idx.users || !user || !domain)
		return NULL;

	host = bare(*domain);

	for (le = list_head(hash_list(idx.users, hash_joaat_pl(user))); le;
	     le = le->next) {
		struct entry *e = le->data;
		struct pl own;

		pl_set_str(&own, e->acc->domain);
		own = bare(own);

		if (!pl_strcmp(user, e->acc->user) && !pl_casecmp(&host, &own))
			return e;
	}

	return NULL;
}


/**
 * Find the entry of a profile's account
 *
 * @param acc Account of any profile
 *
 * @return Entry, or NULL if there is none of its address
 */
struct entry *entry_get(const struct profile_account *acc)
{
	struct pl user, domain;

	if (!acc)
		return NULL;

	pl_set_str(&user, acc->user);
	pl_set_str(&domain, acc->domain);

	return entry_find(&user, &domain);
}


/**
 * Find the entry that has the address of a user agent, which may be another
 *
 * @param ua User agent
 *
 * @return Entry, or NULL if there is none
 */
struct entry *entry_of(const struct ua *ua)
{
	const struct uri *luri = account_luri(ua_account(ua));

	return luri ? entry_find(&luri->user, &luri->host) : NULL;
}


/**
 * Add an entry for an account that is not made yet
 *
 * @param ep  Entry
 * @param acc Account, referenced
 *
 * @return 0 if success, otherwise errorcode
 */
int entry_add(struct entry **ep, struct profile_account *acc)
{
	struct entry *e;

	if (!ep || !acc)
		return EINVAL;

	e = mem_zalloc(sizeof(*e), destructor);
	if (!e)
		return ENOMEM;

	e->acc = mem_ref(acc);

	list_append(&idx.list, &e->le, e);
	hash_append(idx.users, hash_joaat_str(acc->user), &e->he, e);

	*ep = e;

	return 0;
}


/**
 * Is the account in a call?
 *
 * @param e Entry
 *
 * @return true if it has one, in whatever state
 */
bool entry_has_call(const struct entry *e)
{
	return entry_ua_calls(e->ua) || entry_ua_calls(e->old);
}


/**
 * Should the account register?
 *
 * @param e Entry
 *
 * @return true if it is ours to make, and its interval is not 0
 */
bool entry_registers(const struct entry *e)
{
	return e->acc->expires != 0 && (e->ua || e->failed);
}


/**
 * Has the account, as it is to be, registered?
 *
 * @param e Entry
 *
 * @return true if it has
 */
bool entry_registered(const struct entry *e)
{
	return e->ua && !e->failed && ua_isregistered(e->ua);
}


/* Is a user agent in baresip's list? */
static bool is_listed(const struct ua *ua)
{
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next) {

		if (le->data == ua)
			return true;
	}

	return false;
}


/**
 * An account is ending by another hand: `uadel`, or the end of the phone
 *
 * @param e  Entry
 * @param ua User agent that ends, if it is not listed any more
 */
void entry_lost(struct entry *e, const struct ua *ua)
{
	if ((e->ua != ua && e->old != ua) || is_listed(ua))
		return;

	accounts_remove(ua);

	if (e->ua == ua)
		e->ua = NULL;
	else
		e->old = NULL;
}


/**
 * Compare all entries with baresip's list: who is gone, and which addresses
 * belong to accounts that the module did not make?
 */
void entry_survey(void)
{
	struct le *le;

	for (le = list_head(&idx.list); le; le = le->next) {
		struct entry *e = le->data;

		e->alive = e->old_alive = e->shadowed = false;
	}

	for (le = list_head(uag_list()); le; le = le->next) {
		struct entry *e = entry_of(le->data);

		if (!e)
			continue;

		if (le->data == e->ua)
			e->alive = true;
		else if (le->data == e->old)
			e->old_alive = true;
		else
			e->shadowed = true;
	}

	for (le = list_head(&idx.list); le; le = le->next) {
		struct entry *e = le->data;

		if (!e->alive)
			entry_ua_end(&e->ua);

		if (!e->old_alive)
			entry_ua_end(&e->old);
	}
}


static bool all_from(struct le *le, bool (*h)(const struct entry *e))
{
	for (; le; le = le->next) {

		if (!h(le->data)) {
			idx.late = le->data;
			return false;
		}
	}

	return true;
}


/**
 * Does something hold for all accounts?
 *
 * It is asked with each answer to thousands of REGISTERs. The account that it
 * last did not hold for is looked at first, so that all those questions
 * together cost no more than a few.
 *
 * @param h Tells of one account whether it holds
 *
 * @return true if it does
 */
bool entry_all(bool (*h)(const struct entry *e))
{
	struct entry *late = idx.late;

	idx.late = NULL;

	return all_from(late ? &late->le : NULL, h) &&
		all_from(list_head(&idx.list), h);
}
