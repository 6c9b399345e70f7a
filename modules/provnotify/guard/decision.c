/**
 * @file decision.c  What a person decided of each source, kept in a file
 *
 * One line each: "allow notify 192.0.2.1". It is written by the worker, and
 * read once.
 */
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "state/state.h"
#include "worker/worker.h"
#include "guard/guard.h"
#include "guard/room.h"


enum {
	DECISIONS_MAX = 1024,
};

/** What a person decided of a source */
struct decision {
	struct le le;
	struct asker asker;
	bool allowed;
};

static const char file_name[] = "consent";

static const enum door doorv[ASKER_DOORS] = {
	DOOR_NOTIFY, DOOR_HTTP, DOOR_PNP
};

static struct list decisionl;       /* The oldest first */


static void destructor(void *arg)
{
	struct decision *dec = arg;

	list_unlink(&dec->le);
}


static struct decision *decision_find(const struct asker *asker)
{
	struct le *le;

	for (le = list_head(&decisionl); le; le = le->next) {
		struct decision *dec = le->data;

		if (asker_cmp(&dec->asker, asker))
			return dec;
	}

	return NULL;
}


static int print_lines(struct re_printf *pf, void *unused)
{
	struct le *le;
	int err = 0;
	(void)unused;

	for (le = list_head(&decisionl); le; le = le->next) {
		const struct decision *dec = le->data;

		err |= re_hprintf(pf, "%s %H\n",
				  dec->allowed ? "allow" : "deny",
				  asker_print, &dec->asker);
	}

	return err;
}


static int store_job(void *arg)
{
	const struct mbuf *mb = arg;

	return state_write(file_name, mb->buf, mb->end);
}


static void store_done(int err, void *arg)
{
	if (err)
		warning("provnotify: consent is not stored: %m\n", err);

	mem_deref(arg);
}


static int line_load(const struct pl *line)
{
	struct asker asker;
	struct pl verb, rest;
	bool allowed;
	int err;

	if (re_regex(line->p, line->l, "[^ ]+ [^]+", &verb, &rest))
		return EBADMSG;

	allowed = !pl_strcmp(&verb, "allow");

	if (!allowed && pl_strcmp(&verb, "deny"))
		return EBADMSG;

	err = asker_decode(&asker, &rest);
	if (err)
		return err;

	return decision_set(&asker, allowed);
}


/**
 * Who asks with a request?
 *
 * @param asker Source
 * @param req   Request
 */
void asker_set(struct asker *asker, const struct request *req)
{
	asker->door = req->door;
	asker->addr = req->source.addr;
}


/**
 * Are two sources the same?
 *
 * @param a Source
 * @param b Source
 *
 * @return True if they are
 */
bool asker_cmp(const struct asker *a, const struct asker *b)
{
	return a->door == b->door && sa_cmp(&a->addr, &b->addr, SA_ADDR);
}


/**
 * Decode a source: "notify 192.0.2.1"
 *
 * @param asker Source
 * @param pl    Text
 *
 * @return 0 if success, otherwise errorcode
 */
int asker_decode(struct asker *asker, const struct pl *pl)
{
	struct pl door, addr;
	size_t i;

	if (re_regex(pl->p, pl->l, "[^ ]+[ ]+[^ ]+", &door, NULL, &addr))
		return EBADMSG;

	for (i=0; i<ASKER_DOORS; i++) {

		if (pl_strcasecmp(&door, door_name(doorv[i])))
			continue;

		asker->door = doorv[i];

		return sa_set(&asker->addr, &addr, 0);
	}

	return EBADMSG;
}


/**
 * Decode an address as one source for each door
 *
 * @param askerv ASKER_DOORS sources
 * @param pl     Text: an IP address
 *
 * @return 0 if success, otherwise errorcode
 */
int asker_decode_all(struct asker *askerv, const struct pl *pl)
{
	struct sa addr;
	size_t i;
	int err;

	err = sa_set(&addr, pl, 0);
	if (err)
		return err;

	for (i=0; i<ASKER_DOORS; i++) {
		askerv[i].door = doorv[i];
		askerv[i].addr = addr;
	}

	return 0;
}


/**
 * Print a source, as asker_decode() reads it
 *
 * @param pf    Print function
 * @param asker Source
 *
 * @return 0 if success, otherwise errorcode
 */
int asker_print(struct re_printf *pf, const struct asker *asker)
{
	return re_hprintf(pf, "%s %j", door_name(asker->door), &asker->addr);
}


/**
 * Read what was decided. What cannot be read is forgotten: those sources are
 * asked for again.
 */
void decision_load(void)
{
	struct pl text, line;
	unsigned bad = 0;
	struct mbuf *mb;
	int err;

	err = state_read(&mb, file_name);
	if (err) {
		if (err != ENOENT)
			warning("provnotify: consent is not read: %m\n", err);
		return;
	}

	pl_set_mbuf(&text, mb);

	while (!re_regex(text.p, text.l, "[^\n]+", &line)) {

		pl_advance(&text, line.p + line.l - text.p);

		if (line_load(&line))
			++bad;
	}

	if (bad)
		warning("provnotify: consent: %u lines are not understood\n",
			bad);

	mem_deref(mb);
}


/**
 * Write what was decided, soon
 */
void decision_store(void)
{
	struct mbuf *mb = mbuf_alloc(256);
	int err = ENOMEM;

	if (!mb)
		goto out;

	err = mbuf_printf(mb, "%H", print_lines, NULL);
	if (err)
		goto out;

	err = worker_run(store_job, store_done, mb);

 out:
	if (err)
		store_done(err, mb);
}


/**
 * Forget all, but leave the file
 */
void decision_close(void)
{
	list_flush(&decisionl);
}


/**
 * What was decided of a source?
 *
 * @param asker   Source
 * @param allowed True if it may press keys
 *
 * @return True if anything was decided
 */
bool decision_get(const struct asker *asker, bool *allowed)
{
	const struct decision *dec = decision_find(asker);

	if (dec)
		*allowed = dec->allowed;

	return dec != NULL;
}


/**
 * Decide of a source. Where there are too many, the oldest one is forgotten,
 * and asked for again.
 *
 * @param asker   Source
 * @param allowed True if it may press keys
 *
 * @return 0 if success, otherwise errorcode
 */
int decision_set(const struct asker *asker, bool allowed)
{
	struct decision *dec = decision_find(asker);

	if (dec) {
		dec->allowed = allowed;
		return 0;
	}

	dec = mem_zalloc(sizeof(*dec), destructor);
	if (!dec)
		return ENOMEM;

	dec->asker = *asker;
	dec->allowed = allowed;

	list_append(&decisionl, &dec->le, dec);

	if (list_count(&decisionl) > DECISIONS_MAX)
		mem_deref(list_ledata(list_head(&decisionl)));

	return 0;
}


/**
 * Print what was decided, a line for each source
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int decision_print(struct re_printf *pf, void *unused)
{
	struct le *le;
	int err = 0;
	(void)unused;

	for (le = list_head(&decisionl); le; le = le->next) {
		const struct decision *dec = le->data;

		err |= re_hprintf(pf, "  %H  %s\n", asker_print, &dec->asker,
				  dec->allowed ? "allowed" : "denied");
	}

	return err;
}
