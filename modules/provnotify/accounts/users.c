/**
 * @file users.c  Which users the user's own accounts may have
 *
 * The user's own accounts come and go without a word, so no pointer to one is
 * ever kept, and one that is meant must be looked for in baresip's list. This
 * tells when that is in vain, as nearly always with thousands of accounts that
 * the module made: a bit for each hash of a user, set when the list is read.
 *
 * The list is read again when it begins or ends with another account: baresip
 * appends new ones, and brings one that is chosen to the front. One that went
 * leaves its bit, which does no harm.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "accounts/room.h"


enum {
	USER_BITS = 1 << 16,
};

static struct {
	uint8_t bitv[USER_BITS / 8];
	struct account *first;      /**< Referenced: no new one has its ... */
	struct account *last;       /**< ... address                        */
	uint32_t readings;
} us;


static struct account *account_at(const struct le *le)
{
	return le ? ua_account(le->data) : NULL;
}


static void user_add(uint32_t hash)
{
	hash %= USER_BITS;

	us.bitv[hash / 8] |= (uint8_t)(1u << (hash % 8));
}


static void list_read(void)
{
	const struct list *list = uag_list();
	struct le *le;

	users_forget();
	memset(us.bitv, 0, sizeof(us.bitv));

	for (le = list_head(list); le; le = le->next) {

		const char *cuser = ua_local_cuser(le->data);
		const struct uri *luri = account_luri(account_at(le));

		if (accounts_ours(le->data))
			continue;

		if (cuser)
			user_add(hash_joaat_str_ci(cuser));
		if (luri)
			user_add(hash_joaat_pl_ci(&luri->user));
	}

	us.first = mem_ref(account_at(list_head(list)));
	us.last  = mem_ref(account_at(list_tail(list)));

	++us.readings;
}


/**
 * How often was baresip's list of accounts read? It has changed if that has.
 *
 * @return Number of readings
 */
uint32_t users_readings(void)
{
	const struct list *list = uag_list();

	if (account_at(list_head(list)) != us.first ||
	    account_at(list_tail(list)) != us.last)
		list_read();

	return us.readings;
}


/**
 * May there be an account of the user's own with this user?
 *
 * @param user User part, compared without case
 *
 * @return False if there is none; true if it must be looked for
 */
bool users_have(const struct pl *user)
{
	const uint32_t hash = hash_joaat_pl_ci(user) % USER_BITS;

	(void)users_readings();

	return us.bitv[hash / 8] & (1u << (hash % 8));
}


/**
 * Read the list again next time: an account is no longer the module's
 */
void users_forget(void)
{
	us.first = mem_deref(us.first);
	us.last  = mem_deref(us.last);
}


/**
 * Forget all
 */
void users_close(void)
{
	users_forget();
	memset(&us, 0, sizeof(us));
}
