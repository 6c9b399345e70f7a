/**
 * @file accounts.c  The accounts of the phone, numbered, and their calls
 */
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "accounts/room.h"


/**
 * Start to know the accounts and their servers
 *
 * @return 0 if success, otherwise errorcode
 */
int accounts_init(void)
{
	int err;

	err = index_init();

	return err ? err : server_init();
}


/**
 * Forget them
 */
void accounts_close(void)
{
	server_close();
	index_close();
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
	const unsigned line = index_line(ua);
	unsigned n = index_last_line();
	struct le *le;

	if (line)
		return line;

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
	unsigned best = 0, nth = index_last_line();
	struct ua *first = NULL;
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next) {

		const unsigned line = index_line(le->data);
		const unsigned number = line ? line : ++nth;

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
