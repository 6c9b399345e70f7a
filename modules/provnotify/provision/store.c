/**
 * @file store.c  Generations in the state dir, switched by one rename
 *
 *     generations/7/00-accounts     the files as fetched
 *     generations/7/manifest.json   where from, validators, hashes
 *     generations/7/registered      who was registered before its trial
 *     current                       which one runs, which one is proved
 *
 * A generation is whole before `current` names it, and `current` changes by
 * one rename: a power cut at any moment leaves the old one or the new one.
 * What is left of an unfinished commit goes with the next one.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "state/state.h"
#include "worker/worker.h"
#include "formats/formats.h"
#include "provision/room.h"
#include "provision/shelf.h"


/** A commit on its way */
struct commit {
	struct generation *gen;         /**< NULL: `current` alone          */
	struct standing st;
	store_h *h;
	void *arg;
};


static void destructor(void *arg)
{
	struct commit *c = arg;

	mem_deref(c->gen);
}


static int file_write(unsigned n, const char *name, const struct mbuf *mb)
{
	char path[PATH_MAX];
	int err;

	err = shelf_path(path, n, name);

	return err ? err : state_put_at(path, mb->buf, mb->end);
}


static int generation_write(const struct generation *gen)
{
	struct mbuf *mb = NULL;
	char path[PATH_MAX];
	unsigned ix = 0;
	struct le *le;
	int err;

	err = shelf_make(0);
	if (err)
		return err;

	shelf_remove(gen->n);

	err = shelf_make(gen->n);

	for (le = list_head(&gen->partl); le && !err; le = le->next) {
		const struct part *part = le->data;

		err = shelf_part(path, gen->n, ix++, part);
		if (!err)
			err = state_put_at(path, part->mb->buf, part->mb->end);
	}
	if (err)
		return err;

	err = manifest_encode(&mb, gen);
	if (err)
		return err;

	err = file_write(gen->n, "manifest.json", mb);
	if (!err && gen->before)
		err = file_write(gen->n, "registered", gen->before);
	if (!err)
		err = shelf_sync(gen->n);
	if (!err)
		err = shelf_sync(0);

	mem_deref(mb);

	return err;
}


/* Runs in the worker */
static int commit_job(void *arg)
{
	const struct commit *c = arg;
	struct standing now;
	int err = 0;

	if (c->gen)
		err = generation_write(c->gen);

	/* It may fail behind its rename: what counts is what stands there */
	if (!err) {
		err = store_standing(&c->st);
		if (err && c->gen && !store_read(&now) &&
		    now.running == c->gen->n)
			err = 0;
	}

	/* After a failure the number is free again, and so is the space */
	if (err && c->gen)
		shelf_remove(c->gen->n);

	return err;
}


/*
 * Runs in the worker. What `current` says now counts: another commit may have
 * been written since the one that asks for this.
 */
static int clean_job(void *arg)
{
	struct standing now;
	(void)arg;

	if (!store_read(&now))
		shelf_clean(&now);

	return 0;
}


/* What is not needed any more goes while the new generation is applied */
static void committed_h(int err, void *arg)
{
	struct commit *c = arg;

	if (!err)
		(void)worker_run(clean_job, NULL, NULL);

	c->h(err, c->arg);
	mem_deref(c);
}


/**
 * Write `current` at once
 *
 * It blocks: for the worker, and for the time before and after the main loop.
 *
 * @param st What is to be said
 *
 * @return 0 if success, otherwise errorcode
 */
int store_standing(const struct standing *st)
{
	struct mbuf *mb;
	int err;

	err = standing_encode(&mb, st);
	if (err)
		return err;

	err = state_write("current", mb->buf, mb->end);
	mem_deref(mb);

	return err;
}


/**
 * Write a generation and make it the running one, in the worker
 *
 * @param gen Generation with its number set, must not change until the handler
 *            is called; NULL if only what `current` says is new
 * @param st  What `current` is to say
 * @param h   Called on the main loop
 * @param arg Handler argument
 *
 * @return 0 if success, otherwise errorcode
 */
int store_commit(struct generation *gen, const struct standing *st,
		 store_h *h, void *arg)
{
	struct commit *c;
	int err;

	if (!st || !h)
		return EINVAL;

	c = mem_zalloc(sizeof(*c), destructor);
	if (!c)
		return ENOMEM;

	c->gen = mem_ref(gen);
	c->st  = *st;
	c->h   = h;
	c->arg = arg;

	err = worker_run(commit_job, committed_h, c);
	if (err)
		mem_deref(c);

	return err;
}


/**
 * Read what `current` says. It blocks: for the start.
 *
 * @param st What it says; all zero where there is none
 *
 * @return 0 if success, otherwise errorcode
 */
int store_read(struct standing *st)
{
	struct mbuf *mb = NULL;
	int err;

	if (!st)
		return EINVAL;

	memset(st, 0, sizeof(*st));

	err = state_read(&mb, "current");
	if (err == ENOENT)
		return 0;
	if (err)
		return err;

	err = standing_decode(st, mb);
	mem_deref(mb);

	return err;
}


static int file_read(struct mbuf **mbp, unsigned n, const char *name)
{
	char path[PATH_MAX];
	int err;

	err = shelf_path(path, n, name);

	return err ? err : state_read_at(mbp, path, STATE_FILE_MAX);
}


static int manifest_read(struct generation *gen)
{
	struct mbuf *mb = NULL;
	int err;

	err = file_read(&mb, gen->n, "manifest.json");
	if (!err)
		err = manifest_decode(gen, mb);

	mem_deref(mb);

	return err;
}


/**
 * Read the hash of a generation, and nothing else. It blocks: for the start.
 *
 * @param hash Hash, HASH_MAX bytes
 * @param n    Number of the generation
 *
 * @return 0 if success, otherwise errorcode
 */
int store_hash(char *hash, unsigned n)
{
	struct generation *gen;
	int err;

	err = generation_alloc(&gen, NULL);
	if (err)
		return err;

	gen->n = n;

	err = manifest_read(gen);
	if (!err)
		str_ncpy(hash, gen->hash, HASH_MAX);

	mem_deref(gen);

	return err;
}


static int part_read(const struct generation *gen, unsigned ix,
		     struct part *part)
{
	char path[PATH_MAX];
	int err;

	err = shelf_part(path, gen->n, ix, part);

	return err ? err : state_read_at(&part->mb, path, FORMAT_FILE_MAX);
}


/* Are the files still those that the manifest was written for? */
static int hash_check(struct generation *gen)
{
	char hash[HASH_MAX];
	int err;

	str_ncpy(hash, gen->hash, sizeof(hash));

	err = generation_hash(gen);
	if (err)
		return err;

	return str_cmp(hash, gen->hash) ? EBADMSG : 0;
}


/**
 * Read a generation, whole. It blocks: for the start.
 *
 * @param genp  Generation
 * @param n     Its number
 * @param model Model of this phone
 * @param why   Why it cannot be used
 * @param size  Size of that buffer
 *
 * @return 0 if success, EBADMSG if it is damaged, else errorcode
 */
int store_load(struct generation **genp, unsigned n, const char *model,
	       char *why, size_t size)
{
	struct generation *gen = NULL;
	unsigned ix = 0;
	struct le *le;
	int err;

	if (!genp || !n || !why)
		return EINVAL;

	why[0] = '\0';

	err = generation_alloc(&gen, NULL);
	if (err)
		goto out;

	gen->n = n;

	err = manifest_read(gen);

	for (le = list_head(&gen->partl); le && !err; le = le->next)
		err = part_read(gen, ix++, le->data);

	if (!err)
		err = hash_check(gen);

	/* where it is missing, nobody was */
	(void)file_read(&gen->before, n, "registered");

	if (!err)
		err = generation_decode(gen, model, why, size);

 out:
	if (err && !why[0])
		(void)re_snprintf(why, size, "%m", err);

	if (err)
		mem_deref(gen);
	else
		*genp = gen;

	return err;
}
