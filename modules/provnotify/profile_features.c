/**
 * @file profile_features.c  What accounts say of DND and forwards, for the
 *                           whole phone
 *
 * Here DND and forwards hold for the phone, as the keys do that switch them.
 * A file may say them for each account instead; where all accounts agree that
 * comes to the same.
 */
#include <string.h>
#include <re.h>
#include "profile.h"


static bool same_target(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}


static bool same_forward(const struct profile_forward *a,
			 const struct profile_forward *b)
{
	return a->on == b->on && a->seconds == b->seconds &&
		same_target(a->target, b->target);
}


static void forward_copy(struct profile_forward *to,
			 const struct profile_forward *from)
{
	char *target = mem_ref(from->target);

	mem_deref(to->target);
	*to = *from;
	to->target = target;
}


static int disagree(struct profile *prof, const struct profile_account *acc,
		    const char *what)
{
	struct pl pl;

	pl_set_str(&pl, what);
	prof->file = acc->file;

	return profile_note(prof, acc->lineno, true, &pl,
			    "it holds for the whole phone, and the accounts "
			    "differ");
}


/**
 * Take over for the phone what all of its accounts say
 *
 * @param prof Profile, with nothing but the accounts that are in use
 *
 * @return 0 if success, otherwise errorcode
 */
int profile_features_adopt(struct profile *prof)
{
	static const char *namev[] = {
		"always_forward", "busy_forward", "no_answer_forward"
	};
	const struct profile_account *first;
	bool dnd = true, fwdv[PROFILE_FORWARD_KINDS] = {true, true, true};
	struct profile_features *features;
	struct le *le;
	int err = 0;
	size_t i;

	if (!prof)
		return EINVAL;

	features = &prof->features;
	first    = list_ledata(prof->accountl.head);
	if (!first)
		return 0;

	for (le = prof->accountl.head; le; le = le->next) {

		const struct profile_account *acc = le->data;

		dnd &= acc->features.dnd == first->features.dnd;

		for (i=0; i<PROFILE_FORWARD_KINDS; i++)
			fwdv[i] &= same_forward(&acc->features.forwardv[i],
						&first->features.forwardv[i]);
	}

	if (!dnd)
		err = disagree(prof, first, "dnd");
	else if (features->dnd < 0)
		features->dnd = first->features.dnd;

	for (i=0; i<PROFILE_FORWARD_KINDS && !err; i++) {

		if (!fwdv[i])
			err = disagree(prof, first, namev[i]);
		else if (features->forwardv[i].on < 0)
			forward_copy(&features->forwardv[i],
				     &first->features.forwardv[i]);
	}

	return err;
}
