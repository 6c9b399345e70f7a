/**
 * @file resume.c  Which generation runs after a start
 */
#include <errno.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/proof.h"


enum {
	STARTS_MAX = 3,         /**< Starts of an unproved generation       */
};


static struct generation *load(unsigned n)
{
	struct generation *gen = NULL;
	char why[TEXT_MAX];

	if (n && store_load(&gen, n, settings()->model, why, sizeof(why)))
		warning("provnotify: generation %u in the state dir cannot be"
			" used: %s\n", n, why);

	return gen;
}


/* Three bad starts: it may be this generation that ends them */
static void fall_back(struct standing *st)
{
	char hash[HASH_MAX];

	warning("provnotify: generation %u has not survived three starts:"
		" back to generation %u\n", st->running, st->proved);

	if (!store_hash(hash, st->running))
		refusal_add(&st->refused, hash);

	st->running = st->proved;
	st->starts = 0;
}


/**
 * Load the generation that is to run, and the one that it may have to give way
 * to. It blocks: for the start.
 *
 * A start of an unproved generation is written down before anything of it is
 * looked at. Its third in a row that did not end in order was the last one.
 *
 * @param st      What `current` says
 * @param running Generation, or NULL if none can be used
 * @param proved  The last proved one if that is another, or NULL
 */
void resume_load(struct standing *st, struct generation **running,
		 struct generation **proved)
{
	int err;

	err = store_read(st);
	if (err)
		warning("provnotify: `current` in the state dir is damaged:"
			" %m\n", err);

	refusal_resume(&st->refused);

	if (st->running != st->proved) {

		if (st->starts >= STARTS_MAX)
			fall_back(st);
		else
			++st->starts;

		err = store_standing(st);
		if (err)
			warning("provnotify: the state dir cannot be written:"
				" %m\n", err);
	}

	*running = load(st->running);

	if (!*running && st->running != st->proved) {
		st->running = st->proved;
		*running = load(st->running);
	}

	if (*running && st->running == st->proved)
		(*running)->proved = true;

	*proved = st->running == st->proved ? NULL : load(st->proved);
	if (*proved)
		(*proved)->proved = true;
}
