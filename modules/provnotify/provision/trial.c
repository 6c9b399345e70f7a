/**
 * @file trial.c  Which generation runs, and its proof
 *
 * A generation is on trial from the moment its last change is applied till it
 * is proved or has failed. What it is judged against is the last proved
 * generation and the accounts that were registered with that: both outlive a
 * change within the trial, and a restart, since they stand in the state dir.
 */
#include <errno.h>
#include <string.h>
#include <time.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"
#include "provision/proof.h"


enum {
	AGAIN_MS = 1000,
};

enum phase {
	PHASE_NONE,             /**< What runs is proved, or nothing runs   */
	PHASE_APPLY,            /**< Changes are being applied              */
	PHASE_PROVE,
};

static struct {
	struct standing st;
	struct generation *running;     /**< May be NULL                    */
	struct generation *proved;      /**< The one to fall back to        */
	enum phase phase;
	bool paused;                    /**< A commit is on its way         */
	bool lost;
	struct deadline end;
	struct list ridel;
	char summary[TEXT_MAX];
	trial_lost_h *losth;
} tr;


static void saved_h(int err, void *arg)
{
	(void)arg;

	if (err)
		warning("provnotify: the state dir cannot be written: %m\n",
			err);
}


static void prove(void)
{
	struct ending ending;

	deadline_cancel(&tr.end);
	tr.phase = PHASE_NONE;
	tr.proved = mem_deref(tr.proved);

	tr.running->proved = true;
	tr.st.proved = tr.st.running;
	tr.st.starts = 0;
	tr.st.refused.wait = 0;

	if (store_commit(NULL, &tr.st, saved_h, NULL))
		saved_h(ENOMEM, NULL);

	info("provnotify: generation %u is proved\n", tr.st.running);

	memset(&ending, 0, sizeof(ending));
	ending_set(&ending, RESULT_OK, "%s", tr.summary);
	ride_end(&tr.ridel, &ending);
}


/**
 * Look whether all new and changed accounts have registered that should
 */
void trial_look(void)
{
	if (tr.phase == PHASE_PROVE && !tr.paused && proof_complete())
		prove();
}


static void end_h(void *arg)
{
	(void)arg;

	if (tr.paused) {
		deadline_start(&tr.end, AGAIN_MS, end_h, NULL);
		return;
	}

	if (!proof_failed(tr.running->before)) {
		prove();
		return;
	}

	warning("provnotify: generation %u has failed its trial: accounts that"
		" were registered are not\n", tr.st.running);

	tr.lost = true;
	tr.losth();
}


static void applied_h(void *arg)
{
	(void)arg;

	retry_look();

	if (tr.phase != PHASE_APPLY)
		return;

	tr.phase = PHASE_PROVE;
	proof_begin(tr.proved ? tr.proved->prof : NULL,
		    tr.running->before);

	deadline_start(&tr.end, settings()->confirm * 1000ULL, end_h, NULL);
	trial_look();
}


/* Also a deadline's handler */
static void apply(void *arg)
{
	const struct profile *prof = tr.running ? tr.running->prof : NULL;
	int err;
	(void)arg;

	settings_policy(prof ? &prof->policy : NULL);
	err = apply_start(prof, applied_h, NULL);
	if (!err)
		return;

	warning("provnotify: the accounts cannot be changed yet: %m\n", err);
	deadline_start(&tr.end, AGAIN_MS, apply, NULL);
}


/**
 * Start
 *
 * @param losth Called when a trial has failed
 */
void trial_init(trial_lost_h *losth)
{
	tr.losth = losth;
}


/**
 * Load what is stored, and have it applied in the first turn of the main loop
 *
 * It blocks.
 */
void trial_start(void)
{
	resume_load(&tr.st, &tr.running, &tr.proved);

	if (!tr.running)
		return;

	if (tr.st.running != tr.st.proved)
		tr.phase = PHASE_APPLY;

	deadline_start(&tr.end, 0, apply, NULL);
}


/**
 * The running generation
 *
 * @return Generation, or NULL if none runs
 */
const struct generation *trial_running(void)
{
	return tr.running;
}


/**
 * Prepare a commit
 *
 * @param gen Generation that is to run; gets its number
 * @param st  What `current` is to say then
 *
 * @return 0 if success, otherwise errorcode
 */
int trial_prepare(struct generation *gen, struct standing *st)
{
	if (!gen || !st)
		return EINVAL;

	*st = tr.st;

	gen->n = MAX(tr.st.running, tr.st.proved) + 1;
	gen->when = (uint64_t)time(NULL);

	st->running = gen->n;
	st->starts = 0;

	if (str_cmp(st->refused.hash, gen->hash))
		st->refused.wait = 0;

	if (tr.phase == PHASE_NONE)
		return proof_before(&gen->before);

	gen->before = mem_ref(tr.running->before);

	return 0;
}


/**
 * A generation is committed: apply it, and begin its trial
 *
 * @param gen   Generation
 * @param st    What `current` says now
 * @param ridel The requests that end with the trial
 */
void trial_take(struct generation *gen, const struct standing *st,
		struct list *ridel)
{
	deadline_cancel(&tr.end);

	if (tr.phase == PHASE_NONE)
		tr.proved = tr.running;
	else
		mem_deref(tr.running);

	tr.running = mem_ref(gen);
	tr.st      = *st;
	tr.phase   = PHASE_APPLY;
	tr.lost    = false;

	ride_move(&tr.ridel, ridel);

	apply(NULL);

	(void)re_snprintf(tr.summary, sizeof(tr.summary), "%H",
			  summary_print, tr.running);
	info("provnotify: generation %u: %s\n", tr.st.running, tr.summary);
}


/**
 * Hold the judgement back while a commit is on its way
 *
 * @param pause true to hold it back, false to go on
 */
void trial_pause(bool pause)
{
	tr.paused = pause;
	trial_look();
}


/**
 * Has the trial failed, so that the last proved generation must come back?
 *
 * @return true if it has
 */
bool trial_lost(void)
{
	return tr.lost;
}


/**
 * Prepare the way back
 *
 * @param st What `current` is to say then
 */
void trial_refuse(struct standing *st)
{
	*st = tr.st;

	refusal_add(&st->refused, tr.running->hash);

	st->running = tr.st.proved;
	st->starts = 0;
}


/**
 * Go back to the last proved generation, or to nothing at all
 *
 * @param st     What `current` says now
 * @param ending How the requests end that ride in the trial
 */
void trial_revert(const struct standing *st, const struct ending *ending)
{
	deadline_cancel(&tr.end);
	mem_deref(tr.running);

	tr.running = st->running ? mem_ref(tr.proved) : NULL;
	tr.proved  = mem_deref(tr.proved);
	tr.st      = *st;
	tr.phase   = PHASE_NONE;
	tr.lost    = false;

	apply(NULL);
	ride_end(&tr.ridel, ending);
}


/**
 * The user's own accounts have changed: of two with the same address theirs
 * stands, and where theirs is gone the provisioned one comes back
 */
void trial_reapply(void)
{
	if (tr.running)
		apply(NULL);
}


/**
 * Was this version refused, and is it too early to try it again?
 *
 * @param gen Generation, or NULL for whichever is refused
 *
 * @return How long to wait [s], 0 = it may be tried
 */
uint32_t trial_refused(const struct generation *gen)
{
	return refusal_left(&tr.st.refused, gen ? gen->hash : NULL);
}


/**
 * End. The trial begins anew with the next start; this one ended in order.
 */
void trial_close(void)
{
	struct ending ending;

	deadline_cancel(&tr.end);

	if (tr.st.starts) {
		tr.st.starts = 0;
		(void)store_commit(NULL, &tr.st, saved_h, NULL);
	}

	memset(&ending, 0, sizeof(ending));
	ending_set(&ending, RESULT_LAPSED, "the phone ended before its proof,"
		   " which begins anew");
	ride_end(&tr.ridel, &ending);

	mem_deref(tr.running);
	mem_deref(tr.proved);
	memset(&tr, 0, sizeof(tr));
}


/**
 * Print which generation runs, and why
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int trial_print(struct re_printf *pf, void *unused)
{
	int err;
	(void)unused;

	if (!tr.running)
		return re_hprintf(pf, "\n  nothing is provisioned");

	err = re_hprintf(pf, "\n  generation %u from %H, ", tr.st.running,
			 url_print, tr.running->url);

	if (tr.phase == PHASE_NONE)
		err |= re_hprintf(pf, "proved");
	else if (tr.phase == PHASE_APPLY)
		err |= re_hprintf(pf, "being applied");
	else
		err |= re_hprintf(pf, "on trial for %u s more; the one before"
				  " is %u",
				  (unsigned)(deadline_left(&tr.end) / 1000),
				  tr.st.proved);

	err |= summary_keys(pf, tr.running);

	if (trial_refused(NULL))
		err |= re_hprintf(pf, "\n  a version is refused for %u s more",
				  trial_refused(NULL));

	return err;
}
