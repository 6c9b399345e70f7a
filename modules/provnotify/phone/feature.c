/**
 * @file feature.c  DND, call waiting and forwards: what holds, and why
 *
 * Each has values that may be unsaid: what was provisioned, for the phone or
 * for an account, and what a key has set since. The key's holds for the phone,
 * and wins until a provisioned one changes; of these, what is on for the phone
 * is on for all. What keys have set and what was provisioned for the phone is
 * kept over a restart in the state dir.
 */
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "profile/profile.h"
#include "state/state.h"
#include "worker/worker.h"
#include "phone/phone.h"
#include "phone/room.h"


static const char file[] = "features";

static struct {
	struct feature setv[FEATURE_COUNT];     /**< By a key               */
	struct feature givenv[FEATURE_COUNT];   /**< Provisioned: the phone */
	int dnd_code;           /**< What DND refuses with, <= 0: 480       */
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

	features.dnd_code = -1;
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
	feature_lines_close();
}


/**
 * How something is switched
 *
 * @param id What
 * @param ua For this account, NULL for the phone
 *
 * @return How; on is -1 if nobody said
 */
const struct feature *feature_get(enum feature_id id, const struct ua *ua)
{
	const struct feature *feature;

	if (features.setv[id].on >= 0)
		return &features.setv[id];

	feature = features.givenv[id].on <= 0 ? feature_of_line(id, ua) : NULL;

	return feature && feature->on >= 0 ? feature : &features.givenv[id];
}


/**
 * Is it on? Unsaid, call waiting is, and nothing else.
 *
 * @param id What
 * @param ua For this account, NULL for the phone
 *
 * @return True if it is
 */
bool feature_on(enum feature_id id, const struct ua *ua)
{
	const int on = feature_get(id, ua)->on;

	return on < 0 ? id == FEATURE_CALL_WAITING : on;
}


/**
 * What a call is refused with when nobody is to disturb
 *
 * @return SIP status
 */
uint16_t feature_dnd_code(void)
{
	return features.dnd_code > 0 ? features.dnd_code : 480;
}


/**
 * Print whether nobody is to disturb, or on which accounts not
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int feature_dnd_print(struct re_printf *pf, void *unused)
{
	static const char text[] = ", do not disturb";
	struct le *le;
	int err = 0;
	(void)unused;

	if (feature_on(FEATURE_DND, NULL))
		return re_hprintf(pf, "%s", text);

	for (le = list_head(uag_list()); le && !err; le = le->next) {

		if (feature_on(FEATURE_DND, le->data))
			err = re_hprintf(pf, "%s on account %u", text,
					 accounts_number(le->data));
	}

	return err;
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

	if (feature_same(feature, &new) && !features.unsaved) {
		mem_deref(new.target);
		return;
	}

	feature_clear(feature);
	*feature = new;

	features_write();
}


/* Values for the phone: true if one has changed */
static bool phone_give(const struct profile_features *given)
{
	bool changed = false;
	size_t i;

	for (i=0; i<FEATURE_COUNT; i++) {

		struct feature new = feature_given(given, i);

		if (feature_same(&features.givenv[i], &new)) {
			mem_deref(new.target);
			continue;
		}

		feature_clear(&features.setv[i]);
		feature_clear(&features.givenv[i]);
		features.givenv[i] = new;
		changed = true;
	}

	return changed;
}


/**
 * Take over what was provisioned
 *
 * @param prof Profile, NULL for none
 */
void feature_give(const struct profile *prof)
{
	bool changed, changedv[FEATURE_COUNT];
	size_t i;

	features.dnd_code = prof ? prof->features.dnd_code : -1;

	changed = phone_give(prof ? &prof->features : NULL);

	feature_lines_give(changedv, prof);

	for (i=0; i<FEATURE_COUNT; i++) {

		if (changedv[i] && features.setv[i].on >= 0) {
			feature_clear(&features.setv[i]);
			changed = true;
		}
	}

	if (changed)
		features_write();
}
