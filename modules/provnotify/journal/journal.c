/**
 * @file journal.c  Two lines of JSON for each request
 *
 * A flood must not fill a disk or wear out an SD card. So of refusals and
 * joined requests that are all alike within one second the first is written,
 * the others are counted and become one line; and no verdict but accepted and
 * asked gets more than twenty lines a second, however different they are. The
 * cap bounds the groups, too: one is opened with a line only.
 */
#include <string.h>
#include <time.h>
#include <re.h>
#include "request.h"
#include "clock.h"
#include "journal/journal.h"
#include "journal/file.h"
#include "journal/line.h"


enum {
	SECOND_MS = 1000,
	LINES_MAX = 20,         /**< Lines of a verdict in one second       */
};

/** Requests that are alike, within one second */
struct group {
	struct le le;
	struct deadline dl;     /**< Its second is over                     */
	uint64_t hash;
	enum verdict verdict;
	uint32_t count;         /**< How many came after the first          */
	struct mbuf *line;      /**< What they have in common               */
};

/** What a verdict wrote within one second */
struct quota {
	uint32_t lines;
	uint32_t suppressed;
};

static struct {
	bool on;
	struct list groupl;
	struct quota quotav[VERDICT_IGNORED + 1];
	struct deadline second;
	uint64_t seed;          /**< So that nobody can make hashes collide */
} jn;


static void group_destructor(void *arg)
{
	struct group *grp = arg;

	list_unlink(&grp->le);
	deadline_cancel(&grp->dl);
	mem_deref(grp->line);
}


/* Fields and all; a line that there is no memory for is counted as lost */
static void line_write(struct mbuf *mb, int err)
{
	journal_file_add(err ? NULL : mb);
	mem_deref(mb);
}


static void counted_write(const struct mbuf *fields, uint32_t count)
{
	struct mbuf *mb = mbuf_alloc(512);
	int err;

	err = mbuf_printf(mb, "{\"time\":\"%H\"%b,\"count\":%u}\n",
			  journal_line_time, NULL, fields->buf, fields->end,
			  count);

	line_write(mb, err);
}


static void suppressed_write(enum verdict verdict, uint32_t count)
{
	struct mbuf *mb = mbuf_alloc(128);

	if (mb && !mbuf_printf(mb, ",\"verdict\":\"%s\","
			       "\"why\":\"too many in a second\"",
			       verdict_name(verdict)))
		counted_write(mb, count);

	mem_deref(mb);
}


static void second_handler(void *arg)
{
	int v;
	(void)arg;

	for (v = 0; v <= VERDICT_IGNORED; ++v) {

		if (jn.quotav[v].suppressed)
			suppressed_write(v, jn.quotav[v].suppressed);

		memset(&jn.quotav[v], 0, sizeof(jn.quotav[v]));
	}
}


/* May a line be written for so many requests? They are counted if not. */
static bool quota_take(enum verdict verdict, uint32_t count)
{
	struct quota *quota = &jn.quotav[verdict];

	if (!deadline_running(&jn.second))
		deadline_start(&jn.second, SECOND_MS, second_handler, NULL);

	if (quota->lines >= LINES_MAX) {
		quota->suppressed += count;
		return false;
	}

	++quota->lines;

	return true;
}


static void group_handler(void *arg)
{
	struct group *grp = arg;

	if (grp->count && quota_take(grp->verdict, grp->count))
		counted_write(grp->line, grp->count);

	mem_deref(grp);
}


static void group_open(const struct request *req, uint64_t hash)
{
	struct group *grp;

	grp = mem_zalloc(sizeof(*grp), group_destructor);
	if (!grp)
		return;

	grp->line = mbuf_alloc(512);
	if (!grp->line || journal_line_answer(grp->line, req, true)) {
		mem_deref(grp);
		return;
	}

	grp->hash    = hash;
	grp->verdict = req->verdict;

	list_append(&jn.groupl, &grp->le, grp);
	deadline_start(&grp->dl, SECOND_MS, group_handler, grp);
}


static struct group *group_find(uint64_t hash)
{
	struct le *le;

	LIST_FOREACH(&jn.groupl, le) {
		struct group *grp = le->data;

		if (grp->hash == hash)
			return grp;
	}

	return NULL;
}


/* FNV-1a, 64 bits, with the length so that fields do not run together */
static void hash_mem(uint64_t *hash, const void *mem, size_t len)
{
	const uint8_t *p = mem;
	size_t i;

	*hash = (*hash ^ len) * 0x100000001b3ULL;

	for (i = 0; i < len; ++i)
		*hash = (*hash ^ p[i]) * 0x100000001b3ULL;
}


/* All that makes two requests alike: the fields but time, port, Call-ID and
   CSeq, which a sender counts up */
static uint64_t request_hash(const struct request *req)
{
	const struct pl *plv[] = {
		&req->ruri, &req->from, &req->event_name, &req->params,
	};
	const char *strv[] = {
		req->source.proto, req->account, req->key_text, req->why,
	};
	const struct sa *addr = &req->source.addr;
	const bool remote = sa_isset(addr, SA_ADDR);
	const uint32_t numv[] = {
		req->door, remote ? sa_hash(addr, SA_ADDR) : 0,
		req->call_no, req->verdict, req->answer.scode, req->breaches,
	};
	uint64_t hash = jn.seed;
	size_t i;

	for (i = 0; i < sizeof(plv)/sizeof(plv[0]); ++i)
		hash_mem(&hash, plv[i]->p, plv[i]->l);

	for (i = 0; i < sizeof(strv)/sizeof(strv[0]); ++i)
		hash_mem(&hash, strv[i], str_len(strv[i]));

	hash_mem(&hash, numv, sizeof(numv));

	return hash;
}


/**
 * Open the journal
 *
 * @param path Absolute path of the file, or NULL for no journal
 *
 * @return 0 if success, otherwise errorcode
 */
int journal_init(const char *path)
{
	int err;

	if (!path)
		return 0;

	err = journal_file_open(path);
	if (err)
		return err;

	jn.seed = rand_u64();
	jn.on   = true;

	return 0;
}


/**
 * Close the journal. What is left of it becomes a job of the worker, so
 * worker_close() must come after.
 */
void journal_close(void)
{
	struct le *le;

	if (!jn.on)
		return;

	while ((le = list_head(&jn.groupl)))
		group_handler(le->data);

	second_handler(NULL);
	deadline_cancel(&jn.second);

	jn.on = false;
	journal_file_close();
}


/**
 * Write down a request and what was answered
 *
 * @param req Request, answered just now
 */
void journal_answer(const struct request *req)
{
	struct mbuf *mb;
	uint64_t hash;
	bool bounded;
	int err;

	if (!req || !jn.on)
		return;

	bounded = req->verdict != VERDICT_ACCEPTED &&
		req->verdict != VERDICT_ASKED;

	if (bounded) {
		struct group *grp;

		hash = request_hash(req);
		grp  = group_find(hash);
		if (grp) {
			++grp->count;
			return;
		}

		if (!quota_take(req->verdict, 1))
			return;

		group_open(req, hash);
	}

	mb = mbuf_alloc(512);

	err  = mbuf_printf(mb, "{\"time\":\"%H\"", journal_line_time, NULL);
	err |= journal_line_answer(mb, req, false);
	err |= mbuf_printf(mb, "}\n");

	line_write(mb, err);
}


/**
 * Write down how a request's action ended
 *
 * @param req    Request
 * @param action What was done
 * @param ending How it ended
 */
void journal_end(const struct request *req, enum action action,
		 const struct ending *ending)
{
	struct mbuf *mb;
	int err;

	if (!req || !ending || !jn.on)
		return;

	mb = mbuf_alloc(512);

	err  = mbuf_printf(mb, "{\"time\":\"%H\"", journal_line_time, NULL);
	err |= journal_line_ending(mb, req, action, ending);
	err |= mbuf_printf(mb, "}\n");

	line_write(mb, err);
}
