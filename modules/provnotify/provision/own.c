/**
 * @file own.c  The user's own accounts, contacts and config: a resync without
 *              a URL
 *
 * What differs from the last reading is applied, and that only; the reading at
 * the start is the first. The files are never written. A line counts by its
 * text, an account by its address of record: the same address with another
 * text is a changed account.
 *
 * No pointer to an account of the user's is kept, since those go without a
 * word. So a changed one is ended and made again, rather than side by side.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "clock.h"
#include "profile/profile.h"
#include "worker/worker.h"
#include "phone/phone.h"
#include "provision/room.h"
#include "provision/reading.h"


enum {
	SLICE_COUNT = 25,       /**< Lines in one turn of the loop          */
};

static struct {
	char confdir[PATH_MAX];         /**< Absolute                       */
	struct reading *base;           /**< What is applied                */
	struct reading *want;           /**< What is still to be applied    */
	struct deadline tick;
	struct change change;
	uint32_t contacts;              /**< Contacts that differ           */
	own_changed_h *changedh;
	own_h *h;                       /**< NULL: nobody waits for the end */
	void *arg;
} own;


/* The user's account of an address, if it is there and not provisioned */
static struct ua *own_ua(const char *aor)
{
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next) {

		if (!str_cmp(account_aor(ua_account(le->data)), aor) &&
		    !accounts_ours(le->data))
			return le->data;
	}

	return NULL;
}


static void account_make(const struct line *line)
{
	struct ua *ua;
	int err = ua_alloc(&ua, line->text);

	if (!err)
		phone_announce(ua);
	if (!err && account_regint(ua_account(ua)))
		err = ua_register(ua);

	if (err)
		warning("provnotify: accounts, line %u: %m\n", line->lineno,
			err);
}


/* False: a call holds it back */
static bool account_end(struct line *old)
{
	struct ua *ua = old->addr ? own_ua(old->addr) : NULL;

	if (ua && !list_isempty(compat_ua_calls(ua))) {
		++own.change.waiting;
		return false;
	}

	compat_ua_destroy(ua);
	mem_deref(old);

	return true;
}


static void line_applied(struct line *line, enum read_file file)
{
	line->same = true;
	list_unlink(&line->le);
	list_append(&own.base->linelv[file], &line->le, line);
}


/* True: the slice is used up */
static bool accounts_make(uint32_t *n)
{
	struct le *le = list_head(&own.want->linelv[READ_ACCOUNTS]);

	while (le) {
		struct line *line = le->data;
		struct line *old;

		le = le->next;

		if (line->same)
			continue;

		if (*n >= SLICE_COUNT)
			return true;

		old = reading_partner(own.base, line);
		if (old && !account_end(old))
			continue;

		account_make(line);
		line_applied(line, READ_ACCOUNTS);
		++*n;
	}

	return false;
}


static bool accounts_end(uint32_t *n)
{
	struct le *le = list_head(&own.base->linelv[READ_ACCOUNTS]);

	while (le) {
		struct line *old = le->data;

		le = le->next;

		if (old->same)
			continue;

		if (*n >= SLICE_COUNT)
			return true;

		if (account_end(old))
			++*n;
	}

	return false;
}


/* Those that go are first: a changed one has the same address */
static bool contacts_sync(uint32_t *n)
{
	struct contacts *contacts = baresip_contacts();
	struct le *le = list_head(&own.base->linelv[READ_CONTACTS]);

	while (le) {
		struct line *old = le->data;

		le = le->next;

		if (old->same)
			continue;

		if (++*n > SLICE_COUNT)
			return true;

		if (old->addr)
			contact_remove(contacts,
				       contact_find(contacts, old->addr));
		mem_deref(old);
	}

	le = list_head(&own.want->linelv[READ_CONTACTS]);

	while (le) {
		struct line *line = le->data;
		struct pl text;

		le = le->next;

		if (line->same)
			continue;

		if (++*n > SLICE_COUNT)
			return true;

		pl_set_str(&text, line->text);
		if (contact_add(contacts, NULL, &text))
			warning("provnotify: contacts, line %u is refused\n",
				line->lineno);

		line_applied(line, READ_CONTACTS);
	}

	return false;
}


static bool config_changed(void)
{
	return memcmp(own.base->config, own.want->config,
		      sizeof(own.base->config)) != 0;
}


static void end(int err, const char *why)
{
	struct own_result res;
	own_h *h = own.h;

	if (!h)
		return;

	memset(&res, 0, sizeof(res));
	res.err = err;

	if (err) {
		str_ncpy(res.why, why, sizeof(res.why));
	}
	else {
		res.accounts = own.change;
		res.contacts = own.contacts;
		res.config   = config_changed();
	}

	own.h = NULL;
	h(&res, own.arg);
}


static void tick_h(void *arg)
{
	uint32_t n = 0;
	(void)arg;

	if (accounts_make(&n))
		goto more;

	/* A changed account that a call holds back stands here as well */
	own.change.waiting = 0;

	if (accounts_end(&n) || contacts_sync(&n))
		goto more;

	end(0, NULL);

	if (own.changedh)
		own.changedh();

	if (!own.change.waiting)
		own.want = mem_deref(own.want);

	return;

 more:
	deadline_start(&own.tick, 0, tick_h, NULL);
}


/* Runs in the worker */
static int read_job(void *arg)
{
	return reading_read(arg, own.confdir);
}


static void read_h(int err, void *arg)
{
	struct reading *rd = arg;
	char why[TEXT_MAX];

	/* closed meanwhile, or taken over by another */
	if (!own.base || !own.h) {
		mem_deref(rd);
		return;
	}

	if (err) {
		end(err, rd->why);
		mem_deref(rd);
		return;
	}

	deadline_cancel(&own.tick);
	mem_deref(own.want);
	own.want = rd;

	err = reading_compare(own.base, own.want, &own.change, &own.contacts);
	if (err) {
		str_ncpy(why, rd->why, sizeof(why));
		own.want = mem_deref(own.want);
		end(err, why);
		return;
	}

	tick_h(NULL);
}


/**
 * Take the first reading: what the user's files say at the start
 *
 * It blocks. A file that cannot be read has no lines.
 *
 * @param changedh Called when accounts of the user's have changed
 *
 * @return 0 if success, otherwise errorcode
 */
int own_init(own_changed_h *changedh)
{
	char dir[512];
	int err;

	own.changedh = changedh;

	err = conf_path_get(dir, sizeof(dir));
	if (err)
		return err;

	/* A relative -f is seen from here, which -d will leave */
	if (!realpath(dir, own.confdir))
		return errno;

	err = reading_alloc(&own.base);
	if (err)
		return err;

	if (reading_read(own.base, own.confdir))
		warning("provnotify: cannot read %s\n", own.base->why);

	return 0;
}


/**
 * Read the files anew, and apply what differs
 *
 * @param h   Called once on the main loop, when all is done but what a call
 *            holds back
 * @param arg Handler argument
 *
 * @return 0 if success, EBUSY if it is being done, else errorcode
 */
int own_start(own_h *h, void *arg)
{
	struct reading *rd;
	int err;

	if (!h || !own.base)
		return EINVAL;

	if (own.h)
		return EBUSY;

	err = reading_alloc(&rd);
	if (err)
		return err;

	own.h   = h;
	own.arg = arg;

	err = worker_run(read_job, read_h, rd);
	if (err) {
		own.h = NULL;
		mem_deref(rd);
	}

	return err;
}


/**
 * Take an event of baresip's
 *
 * @param ev Event
 */
void own_event(enum compat_event ev)
{
	/* The call is still there while its event is told */
	if (ev == COMPAT_CALL_CLOSED && own.want && own.change.waiting)
		deadline_start(&own.tick, 0, tick_h, NULL);
}


/**
 * End. What a call still holds back stays as it was.
 */
void own_close(void)
{
	deadline_cancel(&own.tick);
	own.h = NULL;
	own.want = mem_deref(own.want);
	own.base = mem_deref(own.base);
}
