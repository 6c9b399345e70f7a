/**
 * @file index.c  From a user part to the account that it addresses
 *
 * Accounts that the module made stand in an index of its own, since baresip
 * looks a user up in a list, which is slow with thousands of them. The user's
 * own are looked for in that list, if there is one with that user at all.
 */
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "accounts/room.h"


static unsigned last_line;      /**< Highest line number ever given     */


static const struct pl *ua_user(const struct ua *ua)
{
	const struct uri *luri = account_luri(ua_account(ua));

	return luri ? &luri->user : &pl_null;
}


/* The better of two accounts with the same user: the source's own one */
static struct ua *better(struct ua *best, struct ua *ua,
			 const struct source *src)
{
	if (!best)
		return ua;

	if (accounts_is_server(best, src) || !accounts_is_server(ua, src))
		return best;

	return ua;
}


static bool is_contact(const struct ua *ua, const struct pl *user)
{
	const char *cuser = ua_local_cuser(ua);

	return cuser && !pl_strcasecmp(user, cuser);
}


static bool is_user(const struct ua *ua, const struct pl *user)
{
	return !pl_casecmp(user, ua_user(ua));
}


static struct ua *find_indexed(const struct pl *user,
			       const struct source *src, enum addressed *how)
{
	const uint32_t key = hash_joaat_pl_ci(user);
	struct ua *best = NULL;
	struct le *le;

	for (le = list_head(table_list(NAME_CONTACT, key)); le;
	     le = le->next) {
		const struct entry *entry = le->data;

		if (entry->keyv[NAME_CONTACT] == key && entry_alive(entry) &&
		    is_contact(entry->ua, user)) {
			*how = ADDRESSED_CONTACT;
			return entry->ua;
		}
	}

	for (le = list_head(table_list(NAME_USER, key)); le;
	     le = le->next) {
		const struct entry *entry = le->data;

		if (entry->keyv[NAME_USER] == key && entry_alive(entry) &&
		    is_user(entry->ua, user)) {
			*how = ADDRESSED_AOR;
			best = better(best, entry->ua, src);
		}
	}

	return best;
}


/* The user's own, of which there are a few: one of them may be better */
static struct ua *find_listed(struct ua *best, const struct pl *user,
			      const struct source *src, enum addressed *how)
{
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next) {

		if (is_contact(le->data, user)) {
			*how = ADDRESSED_CONTACT;
			return le->data;
		}

		if (is_user(le->data, user)) {
			*how = ADDRESSED_AOR;
			best = better(best, le->data, src);
		}
	}

	return best;
}


/**
 * Make the index, empty
 *
 * @return 0 if success, otherwise errorcode
 */
int index_init(void)
{
	return table_init();
}


/**
 * Free the index. The accounts themselves are baresip's.
 */
void index_close(void)
{
	table_close();
	users_close();

	last_line = 0;
}


/**
 * Find the account that a user part addresses
 *
 * Contact users come first, then users of addresses of record. Where two
 * accounts have the same user at different domains, the one whose server asks
 * is meant.
 *
 * @param user User part of a Request-URI; compared without case
 * @param src  Who asks
 * @param how  Which name was used; ADDRESSED_NONE where there is no account
 *
 * @return User agent, valid until the main loop goes on; NULL if not found
 */
struct ua *accounts_find(const struct pl *user, const struct source *src,
			 enum addressed *how)
{
	struct ua *ua;

	if (!how)
		return NULL;

	*how = ADDRESSED_NONE;

	if (!pl_isset(user))
		return NULL;

	ua = find_indexed(user, src, how);
	if (ua && (*how == ADDRESSED_CONTACT || accounts_is_server(ua, src)))
		return ua;

	return users_have(user) ? find_listed(ua, user, src, how) : ua;
}


/**
 * Index an account that the module made
 *
 * @param ua   User agent
 * @param line Line number of the phone, from 1
 *
 * @return 0 if success, otherwise errorcode
 */
int accounts_add(struct ua *ua, unsigned line)
{
	struct entry *entry;
	int err;

	if (!ua || !line)
		return EINVAL;

	err = table_add(&entry, ua, ua_user(ua));
	if (err)
		return err;

	entry->line = line;

	if (line > last_line)
		last_line = line;

	return 0;
}


/**
 * Forget an account that the module made; before it is destroyed
 *
 * @param ua User agent
 */
void accounts_remove(const struct ua *ua)
{
	mem_deref(table_find(ua));

	/* It may stay, as one of the user's own */
	users_forget();
}


/**
 * Was an account made by the module?
 *
 * @param ua User agent
 *
 * @return True if it was, false if it is the user's own
 */
bool accounts_ours(const struct ua *ua)
{
	return table_find(ua) != NULL;
}


/**
 * The line number of an account that the module made
 *
 * @param ua User agent
 *
 * @return Number from 1, 0 if it is the user's own
 */
unsigned index_line(const struct ua *ua)
{
	const struct entry *entry = table_find(ua);

	return entry ? entry->line : 0;
}


/**
 * The highest line number that was ever given
 *
 * @return Number, 0 if there was none
 */
unsigned index_last_line(void)
{
	return last_line;
}
