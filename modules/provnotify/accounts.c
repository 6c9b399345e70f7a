/**
 * @file accounts.c  Contact user or address to account
 *
 * Accounts that the module made stand in an index of its own, since baresip
 * looks a user up in a list, which is slow with thousands of them. The user's
 * own are looked for in that list each time: no pointer to one is ever kept.
 */
#include "compat/compat.h"
#include "request.h"
#include "accounts.h"


enum {
	INDEX_SIZE = 1024,
};

/** An account that the module made */
struct entry {
	struct le he_contact;   /**< By contact user                        */
	struct le he_user;      /**< By user of the address of record       */
	struct le he_ua;        /**< By pointer                             */
	struct ua *ua;
	struct account *acc;    /**< Referenced: tells when the ua is gone  */
	unsigned line;          /**< Line number of the phone, from 1       */
};

static struct {
	struct hash *contacts;
	struct hash *users;
	struct hash *uas;
	unsigned last_line;     /**< Highest line number ever given         */
} idx;


static void entry_destructor(void *arg)
{
	struct entry *entry = arg;

	hash_unlink(&entry->he_contact);
	hash_unlink(&entry->he_user);
	hash_unlink(&entry->he_ua);
	mem_deref(entry->acc);
}


/* 1.0.0 tells of no account that goes by `uadel` unless it registers */
static bool is_alive(const struct entry *entry)
{
	return mem_nrefs(entry->acc) > 1;
}


static uint32_t ua_hash(const struct ua *ua)
{
	return hash_joaat((const void *)&ua, sizeof(ua));
}


static const struct pl *ua_user(const struct ua *ua)
{
	const struct uri *luri = account_luri(ua_account(ua));

	return luri ? &luri->user : &pl_null;
}


static struct entry *entry_find(const struct ua *ua)
{
	struct le *le = list_head(hash_list(idx.uas, ua_hash(ua)));

	while (le) {
		struct entry *entry = le->data;

		le = le->next;

		if (entry->ua != ua)
			continue;

		if (is_alive(entry))
			return entry;

		mem_deref(entry);
	}

	return NULL;
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


/* Look at one account; true if it is found, false to look for a better one */
static bool consider(struct ua **bestp, struct ua *ua, const struct pl *user,
		     const struct source *src, enum addressed *how)
{
	const char *cuser = ua_local_cuser(ua);

	if (cuser && !pl_strcasecmp(user, cuser)) {
		*how = ADDRESSED_CONTACT;
		*bestp = ua;
		return true;
	}

	if (!pl_casecmp(user, ua_user(ua))) {
		*how = ADDRESSED_AOR;
		*bestp = better(*bestp, ua, src);
	}

	return false;
}


static struct ua *find_indexed(const struct pl *user,
			       const struct source *src, enum addressed *how)
{
	const struct hash *hashv[] = {idx.contacts, idx.users};
	const uint32_t key = hash_joaat_pl_ci(user);
	struct ua *best = NULL;
	struct le *le;
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(hashv); i++) {

		for (le = list_head(hash_list(hashv[i], key)); le;
		     le = le->next) {
			const struct entry *entry = le->data;

			if (is_alive(entry) &&
			    consider(&best, entry->ua, user, src, how))
				return best;
		}
	}

	return best;
}


/**
 * Allocate the index
 *
 * @return 0 if success, otherwise errorcode
 */
int accounts_init(void)
{
	int err;

	err  = hash_alloc(&idx.contacts, INDEX_SIZE);
	err |= hash_alloc(&idx.users, INDEX_SIZE);
	err |= hash_alloc(&idx.uas, INDEX_SIZE);
	if (err)
		return ENOMEM;

	return server_init();
}


/**
 * Free the index. The accounts themselves are baresip's.
 */
void accounts_close(void)
{
	server_close();

	hash_flush(idx.uas);

	idx.contacts = mem_deref(idx.contacts);
	idx.users = mem_deref(idx.users);
	idx.uas = mem_deref(idx.uas);
	idx.last_line = 0;
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
	struct le *le;
	struct ua *ua;

	if (!how)
		return NULL;

	*how = ADDRESSED_NONE;

	if (!pl_isset(user))
		return NULL;

	ua = find_indexed(user, src, how);
	if (ua && (*how == ADDRESSED_CONTACT || accounts_is_server(ua, src)))
		return ua;

	/* One of the user's own may be better */
	for (le = list_head(uag_list()); le; le = le->next) {

		if (consider(&ua, le->data, user, src, how))
			break;
	}

	return ua;
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

	if (!ua || !line)
		return EINVAL;

	entry = mem_zalloc(sizeof(*entry), entry_destructor);
	if (!entry)
		return ENOMEM;

	entry->ua = ua;
	entry->acc = mem_ref(ua_account(ua));
	entry->line = line;

	hash_append(idx.contacts, hash_joaat_str_ci(ua_local_cuser(ua)),
		    &entry->he_contact, entry);
	hash_append(idx.users, hash_joaat_pl_ci(ua_user(ua)),
		    &entry->he_user, entry);
	hash_append(idx.uas, ua_hash(ua), &entry->he_ua, entry);

	if (line > idx.last_line)
		idx.last_line = line;

	return 0;
}


/**
 * Forget an account that the module made; before it is destroyed
 *
 * @param ua User agent
 */
void accounts_remove(const struct ua *ua)
{
	mem_deref(entry_find(ua));
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
	return entry_find(ua) != NULL;
}


/**
 * How many calls are up, in whatever state
 *
 * @return Number of calls of all accounts
 */
uint32_t accounts_calls(void)
{
	uint32_t n = 0;
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next)
		n += list_count(compat_ua_calls(le->data));

	return n;
}


/**
 * The number of an account, as the status lists it
 *
 * Provisioned accounts keep their line number, the user's own ones follow.
 *
 * @param ua User agent
 *
 * @return Number from 1, 0 if there is no such account
 */
unsigned accounts_number(const struct ua *ua)
{
	const struct entry *entry = entry_find(ua);
	unsigned n = idx.last_line;
	struct le *le;

	if (entry)
		return entry->line;

	for (le = list_head(uag_list()); le; le = le->next) {

		if (accounts_ours(le->data))
			continue;

		++n;

		if (le->data == ua)
			return n;
	}

	return 0;
}


/**
 * Find an account by its number
 *
 * @param n Number from 1; 0 = the default account, the first one
 *
 * @return User agent, NULL if there is no such account
 */
struct ua *accounts_nth(unsigned n)
{
	unsigned best = 0, nth = idx.last_line;
	struct ua *first = NULL;
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next) {

		const struct entry *entry = entry_find(le->data);
		const unsigned number = entry ? entry->line : ++nth;

		if (n && number == n)
			return le->data;

		if (!first || number < best) {
			first = le->data;
			best = number;
		}
	}

	return n ? NULL : first;
}


/**
 * Print all accounts: number, address, state, where it is from, server
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int accounts_print(struct re_printf *pf, void *unused)
{
	struct le *le;
	int err = 0;
	(void)unused;

	if (list_isempty(uag_list()))
		return re_hprintf(pf, "  no account\n");

	for (le = list_head(uag_list()); le; le = le->next) {

		const struct ua *ua = le->data;
		const struct account *acc = ua_account(ua);

		err |= re_hprintf(pf, "  %u  %s  %s, %s, server %H\n",
				  accounts_number(ua), account_aor(acc),
				  !account_regint(acc) ? "does not register" :
				  ua_isregistered(ua)  ? "registered" :
							 "not registered",
				  accounts_ours(ua) ? "provisioned" :
						      "your own",
				  server_print, ua);
	}

	return err;
}
