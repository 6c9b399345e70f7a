/**
 * @file fake_baresip.c  User agents and the index of accounts without baresip
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "phone/phone.h"
#include "fake_baresip.h"


struct fake fake;

static compat_event_h *event_handler;


static void tell(enum compat_event ev, struct ua *ua)
{
	if (event_handler)
		event_handler(ev, ua, NULL, NULL, NULL);
}


static void ua_destructor(void *arg)
{
	struct ua *ua = arg;

	list_unlink(&ua->le);
	list_unlink(&ua->le_alive);
	list_unlink(&ua->call);
	mem_deref(ua->line);
	mem_deref(ua->aor);
	mem_deref(ua->auth_user);
	mem_deref(ua->secret);
	mem_deref(ua->display);
}


/* baresip's side */


int ua_alloc(struct ua **uap, const char *aor)
{
	struct uri uri;
	struct ua *ua;
	struct pl pl;
	int err;

	if (fake.alloc_fails)
		return EPROTO;

	ua = mem_zalloc(sizeof(*ua), ua_destructor);
	if (!ua)
		return ENOMEM;

	err = str_dup(&ua->line, aor);
	if (err)
		goto out;

	pl_set_str(&pl, ua->line);
	err = sip_addr_decode(&ua->addr, &pl);
	if (err)
		goto out;

	ua->regint = 3600;
	if (!msg_param_decode(&ua->addr.params, "regint", &pl))
		ua->regint = pl_u32(&pl);

	uri = ua->addr.uri;
	uri.password = uri.params = uri.headers = pl_null;
	err = re_sdprintf(&ua->aor, "%H", uri_encode, &uri);
	if (err)
		goto out;

	list_append(&fake.ual, &ua->le, ua);
	list_append(&fake.alivel, &ua->le_alive, ua);
	++fake.allocs;

 out:
	if (err)
		mem_deref(ua);
	else
		*uap = ua;

	return err;
}


int ua_register(struct ua *ua)
{
	++ua->registers;
	++fake.registers;

	if (fake.answers)
		fake_registered(ua, !fake.refuses || !ua->secret ||
				strcmp(ua->secret, fake.refuses));

	return 0;
}


void fake_uadel(struct ua *ua)
{
	list_unlink(&ua->le);
	fake.answered += fake.answers && ua->regint;
	tell(COMPAT_SHUTDOWN, ua);
	mem_deref(ua);
}


void compat_ua_destroy(struct ua *ua)
{
	if (!ua)
		return;

	assert_non_null(ua->le.list);   /* not being destroyed already */

	++fake.destroys;
	fake.destroying = true;
	fake_uadel(ua);
	fake.destroying = false;
}


bool compat_ua_destroying(void)
{
	return fake.destroying;
}


bool ua_isregistered(const struct ua *ua)
{
	return ua->registered;
}


struct account *ua_account(const struct ua *ua)
{
	return (struct account *)ua;
}


struct list *ua_calls(const struct ua *ua)
{
	return (struct list *)&ua->calls;
}


struct list *compat_ua_calls(const struct ua *ua)
{
	return ua_calls(ua);
}


struct uri *account_luri(const struct account *acc)
{
	return acc ? &((struct ua *)acc)->addr.uri : NULL;
}


const char *account_aor(const struct account *acc)
{
	return ((struct ua *)acc)->aor;
}


uint32_t account_regint(const struct account *acc)
{
	return ((struct ua *)acc)->regint;
}


static int set(char **strp, const char *val)
{
	*strp = mem_deref(*strp);

	return val ? str_dup(strp, val) : 0;
}


int account_set_auth_user(struct account *acc, const char *user)
{
	return set(&((struct ua *)acc)->auth_user, user);
}


int account_set_auth_pass(struct account *acc, const char *pass)
{
	return set(&((struct ua *)acc)->secret, pass);
}


int account_set_display_name(struct account *acc, const char *dname)
{
	return set(&((struct ua *)acc)->display, dname);
}


int account_set_mediaenc(struct account *acc, const char *mediaenc)
{
	(void)acc;

	return strcmp(mediaenc, "srtp") ? ENOENT : 0;
}


struct list *uag_list(void)
{
	return &fake.ual;
}


struct sip *uag_sip(void)
{
	return (struct sip *)&fake;
}


int conf_path_get(char *path, size_t sz)
{
	str_ncpy(path, fake.confdir, sz);

	return 0;
}


int compat_listen(struct compat_listener **lp, compat_event_h *h, void *arg)
{
	(void)lp;
	(void)arg;

	event_handler = h;

	return 0;
}


/* accounts.c's side */


int accounts_add(struct ua *ua, unsigned line)
{
	ua->ours = true;
	ua->number = line;

	return 0;
}


void accounts_remove(const struct ua *ua)
{
	struct le *le;

	for (le = fake.alivel.head; le; le = le->next) {

		if (le->data == ua)
			((struct ua *)le->data)->ours = false;
	}
}


bool accounts_ours(const struct ua *ua)
{
	struct le *le;

	/* it may be gone already */
	for (le = fake.alivel.head; le; le = le->next) {

		if (le->data == ua)
			return ((struct ua *)le->data)->ours;
	}

	return false;
}


uint32_t accounts_answers(void)
{
	return fake.answered;
}


/* The phone's side */


void phone_announce(struct ua *ua)
{
	ua->announced = true;
}


void phone_features_set(const struct profile *prof)
{
	fake.features = prof;
}


/* The test's side */


/**
 * Start without any account
 *
 * @param confdir Folder of the user's own files, or NULL
 */
void fake_init(const char *confdir)
{
	memset(&fake, 0, sizeof(fake));
	fake.answers = true;

	if (confdir)
		str_ncpy(fake.confdir, confdir, sizeof(fake.confdir));
}


/**
 * End all accounts and contacts
 */
void fake_close(void)
{
	event_handler = NULL;
	list_flush(&fake.ual);
	list_flush(contact_list(NULL));
}


/**
 * Find an account
 *
 * @param aor Address of record
 *
 * @return The first of that address, or NULL
 */
struct ua *fake_find(const char *aor)
{
	struct le *le;

	for (le = fake.ual.head; le; le = le->next) {
		struct ua *ua = le->data;

		if (!strcmp(ua->aor, aor))
			return ua;
	}

	return NULL;
}


/**
 * Make an account as the user would
 *
 * @param line As in the file accounts
 *
 * @return User agent, or NULL
 */
struct ua *fake_own(const char *line)
{
	struct ua *ua = NULL;

	if (ua_alloc(&ua, line))
		return NULL;

	ua->registered = ua->regint != 0;

	return ua;
}


/**
 * An answer to a REGISTER comes in
 *
 * @param ua User agent
 * @param ok 200, else 403
 */
void fake_registered(struct ua *ua, bool ok)
{
	ua->registered = ok;
	++fake.answered;
	tell(ok ? COMPAT_REGISTER_OK : COMPAT_REGISTER_FAIL, ua);
}


/**
 * A call begins or ends
 *
 * @param ua User agent
 * @param up true if it begins
 */
void fake_call(struct ua *ua, bool up)
{
	if (up) {
		list_append(&ua->calls, &ua->call, ua);
		return;
	}

	/* as in baresip: the call is still there at its event */
	tell(COMPAT_CALL_CLOSED, ua);
	list_unlink(&ua->call);
}
