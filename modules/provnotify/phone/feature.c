/**
 * @file feature.c  DND, call waiting and forwards: what holds, and why
 *
 * Each has two values that may be unsaid: what was provisioned, and what a key
 * has set since. The key's wins until the provisioned one changes. Both are
 * kept over a restart in the state dir.
 */
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "profile.h"
#include "state.h"
#include "worker.h"
#include "phone/phone.h"
#include "phone/room.h"


enum {
	NO_ANSWER_S = 12,       /**< Yealink: two times six seconds         */
};

static const char file[] = "features";

static struct {
	struct feature setv[FEATURE_COUNT];     /**< By a key               */
	struct feature givenv[FEATURE_COUNT];   /**< Provisioned            */
	bool unsaved;           /**< The disk has not what stands here      */
} features;


static void feature_clear(struct feature *feature)
{
	feature->on = -1;
	feature->target = mem_deref(feature->target);
	feature->seconds = 0;
}


static void features_clear(void)
{
	size_t i;

	for (i=0; i<FEATURE_COUNT; i++) {
		feature_clear(&features.setv[i]);
		feature_clear(&features.givenv[i]);
	}
}


static bool same(const struct feature *a, const struct feature *b)
{
	return a->on == b->on && a->seconds == b->seconds &&
		!str_cmp(a->target ? a->target : "",
			 b->target ? b->target : "");
}


static int write_job(void *arg)
{
	const struct mbuf *mb = arg;

	return state_write(file, mb->buf, mb->end);
}


static void write_done(int err, void *arg)
{
	if (err)
		warning("provnotify: DND and forwards are not kept over a"
			" restart: %s: %m\n", file, err);

	features.unsaved = err != 0;
	mem_deref(arg);
}


static void features_write(void)
{
	struct mbuf *mb = NULL;
	int err;

	err = feature_encode(&mb, features.setv, features.givenv);
	if (!err)
		err = worker_run(write_job, write_done, mb);
	if (err)
		write_done(err, mb);
}


static int features_read(void)
{
	struct mbuf *mb = NULL;
	int err;

	err = state_read(&mb, file);
	if (err)
		return err == ENOENT ? 0 : err;

	err = feature_decode(features.setv, features.givenv, mb);

	mem_deref(mb);

	return err;
}


/**
 * Read what is kept
 *
 * @return 0 if success, otherwise errorcode
 */
int feature_init(void)
{
	int err;

	features_clear();

	err = features_read();
	if (err)
		warning("provnotify: %s cannot be read (%m):"
			" DND and forwards may be off\n", file, err);

	return 0;
}


/**
 * Forget all; what is kept stays
 */
void feature_close(void)
{
	features_clear();
}


/**
 * How something is switched
 *
 * @param id What
 *
 * @return How; on is -1 if nobody said
 */
const struct feature *feature_get(enum feature_id id)
{
	return features.setv[id].on >= 0 ? &features.setv[id] :
		&features.givenv[id];
}


/**
 * Is it on? Unsaid, call waiting is, and nothing else.
 *
 * @param id What
 *
 * @return True if it is
 */
bool feature_on(enum feature_id id)
{
	const int on = feature_get(id)->on;

	return on < 0 ? id == FEATURE_CALL_WAITING : on;
}


/**
 * Is nobody to disturb?
 *
 * @return True if calls are refused
 */
bool feature_dnd(void)
{
	return feature_on(FEATURE_DND);
}


/**
 * Switch something on or off by a key
 *
 * @param id      What
 * @param on      On, else off
 * @param target  A forward: where to; may be unset
 * @param seconds FEATURE_NO_ANSWER: after how many
 */
void feature_set(enum feature_id id, bool on, const struct pl *target,
		 uint32_t seconds)
{
	struct feature new = {on, NULL, seconds};
	struct feature *feature = &features.setv[id];

	if (pl_isset(target) && pl_strdup(&new.target, target))
		return;

	if (same(feature, &new) && !features.unsaved) {
		mem_deref(new.target);
		return;
	}

	feature_clear(feature);
	*feature = new;

	features_write();
}


/* A forward without a number that can be called is off */
static struct feature given_forward(const struct profile_forward *fwd,
				    bool timed)
{
	struct feature new = {fwd->on, NULL, 0};
	struct number num;
	struct pl pl;

	if (fwd->on <= 0)
		return new;

	pl_set_str(&pl, fwd->target ? fwd->target : "");

	if (number_decode(&num, &pl)) {
		warning("provnotify: a forward was provisioned without a"
			" number that can be called\n");
		new.on = 0;
		return new;
	}

	new.target = mem_ref(fwd->target);

	if (timed)
		new.seconds = fwd->seconds > 0 ? fwd->seconds : NO_ANSWER_S;

	return new;
}


/**
 * Take over what was provisioned
 *
 * @param given Values, NULL for none
 */
void feature_give(const struct profile_features *given)
{
	static const enum profile_forward_kind kindv[FEATURE_COUNT] = {
		[FEATURE_ALWAYS]    = PROFILE_FORWARD_ALWAYS,
		[FEATURE_BUSY]      = PROFILE_FORWARD_BUSY,
		[FEATURE_NO_ANSWER] = PROFILE_FORWARD_NO_ANSWER,
	};
	bool changed = false;
	size_t i;

	for (i=0; i<FEATURE_COUNT; i++) {

		struct feature new = {-1, NULL, 0};

		if (given && i == FEATURE_DND)
			new.on = given->dnd;
		else if (given && i == FEATURE_CALL_WAITING)
			new.on = given->call_waiting;
		else if (given)
			new = given_forward(&given->forwardv[kindv[i]],
					    i == FEATURE_NO_ANSWER);

		if (same(&features.givenv[i], &new)) {
			mem_deref(new.target);
			continue;
		}

		feature_clear(&features.setv[i]);
		feature_clear(&features.givenv[i]);
		features.givenv[i] = new;
		changed = true;
	}

	if (changed)
		features_write();
}
