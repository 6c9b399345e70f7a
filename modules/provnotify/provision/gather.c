/**
 * @file gather.c  Plan, fetch all, decode all
 *
 * The files are asked for one after the other. Hashing, comparing and decoding
 * them is one job of the worker, so that the main loop never sees more than
 * the result.
 */
#include <errno.h>
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "worker/worker.h"
#include "formats/formats.h"
#include "provision/room.h"
#include "provision/transfer.h"


struct gather {
	struct generation *gen;
	struct generation *running;     /**< May be NULL                    */
	bool whole;                     /**< Also what runs already         */
	const struct settings *s;
	struct fetch *fetch;
	struct part *part;              /**< What is being fetched          */
	struct gathered res;
	gather_h *h;                    /**< NULL: cancelled                */
	void *arg;
};

static int step(struct gather *g);


static void destructor(void *arg)
{
	struct gather *g = arg;

	fetch_cancel(g->fetch);
	mem_deref(g->gen);
	mem_deref(g->running);
}


/* Tells the owner, who may cancel in the handler */
static void end(struct gather *g, int err)
{
	g->res.err = err;
	g->res.gen = err ? NULL : g->gen;

	if (err && !g->res.why[0])
		(void)re_snprintf(g->res.why, sizeof(g->res.why), "%H: %m",
				  url_print, g->gen->url, err);

	if (g->h)
		g->h(&g->res, g->arg);
}


/* Runs in the worker, which has the new generation for itself */
static int judge_job(void *arg)
{
	struct gather *g = arg;
	char why[TEXT_MAX];
	int err;

	err = generation_hash(g->gen);
	if (err)
		return err;

	/* The same from elsewhere is new: a generation keeps its URL */
	if (!g->whole && g->running &&
	    !str_cmp(g->running->hash, g->gen->hash) &&
	    !str_cmp(g->running->url, g->gen->url)) {
		g->res.same = true;
		return 0;
	}

	err = generation_decode(g->gen, g->s->model, why, sizeof(why));
	if (err)
		(void)re_snprintf(g->res.why, sizeof(g->res.why), "%H: %s",
				  url_print, g->gen->url, why);

	return err;
}


static void judged_h(int err, void *arg)
{
	struct gather *g = arg;

	end(g, err);
	mem_deref(g);
}


static int include_h(const struct pl *ref, void *arg)
{
	struct gather *g = arg;
	int err;

	err = plan_include(g->gen, g->part, ref);
	if (err)
		(void)re_snprintf(g->res.why, sizeof(g->res.why), "%H: %s %s",
				  url_print, g->part->url, g->part->name,
				  err == E2BIG ? "names too many files" :
				  "names a file that it may not name");

	return err;
}


/* Runs in the worker: which files does the one that was fetched name? */
static int look_job(void *arg)
{
	struct gather *g = arg;
	const struct pl text = {(const char *)g->part->mb->buf,
				g->part->mb->end};
	bool overwrite;

	return format_includes(&text, g->s->model, &overwrite, include_h, g);
}


static void looked_h(int err, void *arg)
{
	struct gather *g = arg;

	if (!err && g->h)
		err = step(g);
	if (err)
		end(g, err);

	mem_deref(g);
}


/* What is included includes no more */
static int look(struct gather *g)
{
	int err;

	if (g->part->rule == RULE_INCLUDE || g->part->state <= PART_ABSENT)
		return step(g);

	err = worker_run(look_job, looked_h, mem_ref(g));
	if (err)
		mem_deref(g);

	return err;
}


/* The names that were asked for, so that a server's author sees them */
static int names_print(struct re_printf *pf, const struct generation *gen)
{
	struct le *le;
	int err = 0;

	for (le = list_head(&gen->partl); le; le = le->next) {
		const struct part *part = le->data;

		err |= re_hprintf(pf, "%s%s", le->prev ? ", " : "",
				  part->name);
	}

	return err;
}


static int judge(struct gather *g)
{
	int err;

	(void)re_snprintf(g->res.why, sizeof(g->res.why),
			  "%H has none of the files of this phone: %H",
			  url_print, g->gen->url, names_print, g->gen);

	if (!plan_settle(g->gen))
		return ENOENT;

	g->res.why[0] = '\0';

	err = worker_run(judge_job, judged_h, mem_ref(g));
	if (err)
		mem_deref(g);

	return err;
}


/*
 * An absent file is no failure if the plan does without it. One that runs
 * here already must not vanish: the server may be half way through a change.
 */
static int absent(struct gather *g, struct part *part)
{
	const bool had = generation_part(g->running, part->url) != NULL;

	part->state = PART_ABSENT;

	if (!had && part->rule != RULE_SOLE && part->rule != RULE_INCLUDE)
		return 0;

	(void)re_snprintf(g->res.why, sizeof(g->res.why),
			  "%H does not have %s%s", url_print, part->url,
			  part->name, had ? " any more" :
			  part->rule == RULE_SOLE ? "; the URL of a folder"
			  " ends in /" : "");

	return ENOENT;
}


static void fetched_h(const struct fetch_result *res, void *arg)
{
	struct gather *g = arg;
	struct part *part = g->part;
	int err = 0;

	switch (res->how) {

	case FETCHED_NEW:
		part->state = PART_NEW;
		break;

	case FETCHED_SAME:
		err = part_inherit(part, generation_part(g->running,
							 part->url));
		break;

	case FETCHED_ABSENT:
		err = absent(g, part);
		break;

	default:
		str_ncpy(g->res.why, res->why, sizeof(g->res.why));
		g->res.retry_after = res->retry_after;
		err = EIO;
		break;
	}

	mem_ref(g);
	fetch_cancel(g->fetch);
	g->fetch = NULL;

	if (!err)
		err = look(g);
	if (err)
		end(g, err);

	mem_deref(g);
}


static int step(struct gather *g)
{
	g->part = plan_next(g->gen);
	if (!g->part)
		return judge(g);

	return fetch_start(&g->fetch, g->part, g->running, g->whole, g->s,
			   fetched_h, g);
}


/**
 * Gather the configuration that a URL names
 *
 * @param gp      Gathering; gather_cancel() it in the handler or earlier
 * @param url     Complete URL of a file or a folder
 * @param running The running generation, for conditional requests and
 *                provisioned credentials; or NULL
 * @param whole   Fetch and decode also what runs already
 * @param s       Settings, must outlive it
 * @param h       Called once on the main loop, not if it is cancelled
 * @param arg     Handler argument
 *
 * @return 0 if success, EPROTONOSUPPORT for a scheme that is not allowed,
 *         else errorcode
 */
int gather_start(struct gather **gp, const char *url,
		 const struct generation *running, bool whole,
		 const struct settings *s, gather_h *h, void *arg)
{
	struct gather *g;
	int err;

	if (!gp || !url || !s || !h)
		return EINVAL;

	g = mem_zalloc(sizeof(*g), destructor);
	if (!g)
		return ENOMEM;

	g->running = mem_ref((void *)running);
	g->whole = whole;
	g->s   = s;
	g->h   = h;
	g->arg = arg;

	err = generation_alloc(&g->gen, url);
	if (err)
		goto out;

	err = plan_files(g->gen, s);
	if (err)
		goto out;

	err = step(g);

 out:
	if (err)
		mem_deref(g);
	else
		*gp = g;

	return err;
}


/**
 * End a gathering: its handler is called no more
 *
 * @param g Gathering, may be NULL
 */
void gather_cancel(struct gather *g)
{
	if (!g)
		return;

	g->h = NULL;
	fetch_cancel(g->fetch);
	g->fetch = NULL;
	mem_deref(g);
}
