/**
 * @file dialer.c  What was typed, and redial
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "clock.h"
#include "phone/phone.h"
#include "phone/room.h"


enum {
	TYPED_MAX = 64,
	TYPED_LAPSE = 30 * 1000,    /**< [ms]                               */
};

static struct {
	bool open;              /**< Off-hook, or something was typed       */
	unsigned account;       /**< Chosen account, 0 = the default        */
	uint32_t transfer;      /**< Call that is to be transferred, or 0   */
	char typed[TYPED_MAX + 1];
	size_t len;
	struct deadline lapse;

	char *number;           /**< Last number that a key called          */
	char *aor;              /**< And from which account                 */
} dialer;


static void lapse_handler(void *arg)
{
	(void)arg;

	dialer_clear();
}


static void keep_open(void)
{
	dialer.open = true;
	deadline_start(&dialer.lapse, TYPED_LAPSE, lapse_handler, NULL);
}


/* The account is remembered by its address: it may go meanwhile */
static void remember(struct ua *ua, char *number)
{
	char *aor = NULL;

	if (str_dup(&aor, account_aor(ua_account(ua))))
		return;

	mem_deref(dialer.number);
	mem_deref(dialer.aor);

	dialer.number = mem_ref(number);
	dialer.aor = aor;
}


/**
 * On-hook: forget what was typed
 */
void dialer_clear(void)
{
	deadline_cancel(&dialer.lapse);

	dialer.open = false;
	dialer.account = 0;
	dialer.transfer = 0;
	dialer.len = 0;
	memset(dialer.typed, 0, sizeof(dialer.typed));
}


/**
 * Forget all
 */
void dialer_close(void)
{
	dialer_clear();

	dialer.number = mem_deref(dialer.number);
	dialer.aor = mem_deref(dialer.aor);
}


/**
 * Off-hook, or another account for what is typed
 *
 * @param account Number of the account, 0 = the default
 */
void dialer_open(unsigned account)
{
	dialer.account = account;
	keep_open();
}


/**
 * What is typed from now on is where a call is to be transferred
 *
 * @param no Number of the call
 */
void dialer_transfer(uint32_t no)
{
	dialer_clear();
	dialer.transfer = no;
	keep_open();
}


/**
 * The call that a number is typed for
 *
 * @return Number of the call that is to be transferred, 0 if there is none
 */
uint32_t dialer_transfers(void)
{
	return dialer.transfer;
}


/**
 * Is the phone off-hook, or was something typed?
 *
 * @return True if it is
 */
bool dialer_active(void)
{
	return dialer.open;
}


/**
 * Was something typed?
 *
 * @return True if there is a number to call
 */
bool dialer_typed(void)
{
	return dialer.len > 0;
}


/**
 * What was typed
 *
 * @return Number, valid until the next key
 */
struct pl dialer_number(void)
{
	const struct pl number = {dialer.typed, dialer.len};

	return number;
}


/**
 * Is there no room for a further digit?
 *
 * @return True if there is none
 */
bool dialer_full(void)
{
	return dialer.len >= TYPED_MAX;
}


/**
 * Type a digit
 *
 * @param digit 0-9, * or #
 */
void dialer_type(char digit)
{
	if (!digit || dialer_full())
		return;

	dialer.typed[dialer.len++] = digit;
	keep_open();
}


/**
 * Call what was typed
 *
 * @param no Number of the call
 *
 * @return 0 if success, ENODEV if the chosen account has gone, otherwise
 *         errorcode
 */
int dialer_dial(uint32_t *no)
{
	const struct pl number = dialer_number();

	if (!dialer.len)
		return ENOENT;

	return dialer_call(accounts_nth(dialer.account), &number, no);
}


/**
 * Is there a number to call again?
 *
 * @return True if there is
 */
bool dialer_can_redial(void)
{
	return dialer.number != NULL;
}


/**
 * Call the number again that a key called last, from the same account
 *
 * @param no Number of the call
 *
 * @return 0 if success, otherwise errorcode
 */
int dialer_redial(uint32_t *no)
{
	struct ua *ua;
	struct pl number;

	if (!dialer.number)
		return ENOENT;

	pl_set_str(&number, dialer.number);

	ua = uag_find_aor(dialer.aor);

	return dialer_call(ua ? ua : accounts_nth(0), &number, no);
}


/**
 * Call a number
 *
 * @param ua     Account that the call goes out from
 * @param number Number, checked here
 * @param no     Number of the call
 *
 * @return 0 if success, ENODEV without an account, EBADMSG if it is no
 *         number, otherwise errorcode
 */
int dialer_call(struct ua *ua, const struct pl *number, uint32_t *no)
{
	char *copy = NULL, *uri = NULL;
	int err;

	if (!ua)
		return ENODEV;

	/* The call empties what was typed, which the number may point to */
	err = pl_strdup(&copy, number);
	if (err)
		return err;

	err = number_uri_from(&uri, number, ua);
	if (err)
		goto out;

	err = talk_connect(ua, uri, no);
	if (err)
		goto out;

	remember(ua, copy);
	dialer_clear();

 out:
	mem_deref(uri);
	mem_deref(copy);

	return err;
}
