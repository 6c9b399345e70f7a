/**
 * @file feature_given.c  DND and forwards as they were provisioned, for the
 *                        phone or for one account
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "profile/profile.h"
#include "phone/phone.h"
#include "phone/room.h"


enum {
	NO_ANSWER_S = 12,       /**< Yealink: two times six seconds         */
};

/** What was provisioned for one account */
struct line {
	struct le le;
	unsigned line;
	struct feature givenv[FEATURE_COUNT];
};

static struct list linel;       /**< struct line                            */


static void line_destructor(void *arg)
{
	struct line *line = arg;
	size_t i;

	list_unlink(&line->le);

	for (i=0; i<FEATURE_COUNT; i++)
		mem_deref(line->givenv[i].target);
}


/**
 * Are two values the same?
 *
 * @param a One
 * @param b The other
 *
 * @return True if they are
 */
bool feature_same(const struct feature *a, const struct feature *b)
{
	return a->on == b->on && a->seconds == b->seconds &&
		!str_cmp(a->target ? a->target : "",
			 b->target ? b->target : "");
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
 * One value of those that were provisioned
 *
 * @param given What was, NULL for nothing
 * @param id    What
 *
 * @return Value, whose target is a reference
 */
struct feature feature_given(const struct profile_features *given,
			     enum feature_id id)
{
	static const enum profile_forward_kind kindv[FEATURE_COUNT] = {
		[FEATURE_ALWAYS]    = PROFILE_FORWARD_ALWAYS,
		[FEATURE_BUSY]      = PROFILE_FORWARD_BUSY,
		[FEATURE_NO_ANSWER] = PROFILE_FORWARD_NO_ANSWER,
	};
	struct feature new = {-1, NULL, 0};

	if (!given)
		return new;

	switch (id) {

	case FEATURE_DND:
		new.on = given->dnd;
		return new;

	case FEATURE_CALL_WAITING:
		new.on = given->call_waiting;
		return new;

	default:
		return given_forward(&given->forwardv[kindv[id]],
				     id == FEATURE_NO_ANSWER);
	}
}


static const struct line *line_find(const struct list *list, unsigned n)
{
	struct le *le;

	for (le = list_head(list); le; le = le->next) {
		const struct line *line = le->data;

		if (line->line == n)
			return line;
	}

	return NULL;
}


static void lines_read(struct list *list, const struct profile *prof)
{
	struct le *le;
	size_t i;

	for (le = prof ? list_head(&prof->accountl) : NULL; le;
	     le = le->next) {

		const struct profile_account *acc = le->data;
		struct line *line;

		line = mem_zalloc(sizeof(*line), line_destructor);
		if (!line)
			return;

		line->line = acc->line;
		for (i=0; i<FEATURE_COUNT; i++)
			line->givenv[i] = feature_given(&acc->features, i);

		list_append(list, &line->le, line);
	}
}


/* Is a value another one, for an account that was there before? Both are in
   the order of their lines. */
static bool lines_differ(const struct list *list, enum feature_id id)
{
	const struct le *oe = list_head(&linel);
	struct le *le;

	for (le = list_head(list); le; le = le->next) {

		const struct line *line = le->data;
		const struct line *old = NULL;

		while (oe && (old = oe->data)->line < line->line)
			oe = oe->next;

		if (oe && old->line == line->line &&
		    !feature_same(&old->givenv[id], &line->givenv[id]))
			return true;
	}

	return false;
}


/**
 * How something was provisioned for an account
 *
 * @param id What
 * @param ua Account, may be NULL
 *
 * @return How, NULL if it was not
 */
const struct feature *feature_of_line(enum feature_id id, const struct ua *ua)
{
	const struct line *line = ua && accounts_ours(ua) ?
		line_find(&linel, accounts_number(ua)) : NULL;

	return line ? &line->givenv[id] : NULL;
}


/**
 * Take over what was provisioned for accounts
 *
 * @param changedv Set: which of it has changed, for an account that was there
 *                 before
 * @param prof     Profile, NULL for none
 */
void feature_lines_give(bool changedv[FEATURE_COUNT],
			const struct profile *prof)
{
	struct list list = LIST_INIT;
	struct le *le;
	size_t i;

	lines_read(&list, prof);

	for (i=0; i<FEATURE_COUNT; i++)
		changedv[i] = lines_differ(&list, i);

	list_flush(&linel);

	while ((le = list_head(&list))) {
		list_unlink(le);
		list_append(&linel, le, le->data);
	}
}


/**
 * Forget what was provisioned for accounts
 */
void feature_lines_close(void)
{
	list_flush(&linel);
}
