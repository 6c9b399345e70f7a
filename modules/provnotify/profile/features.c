/**
 * @file features.c  What accounts say of DND and forwards, for the
 *                           whole phone
 *
 * A file may say DND and forwards for the phone, or for each account. Where
 * all accounts agree that comes to the same, and is said of the phone.
 */
#include <string.h>
#include <re.h>
#include "profile/profile.h"


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


/**
 * Take over for the phone what all of its accounts say
 *
 * @param prof Profile, with nothing but the accounts that are in use
 */
void profile_features_adopt(struct profile *prof)
{
	const struct profile_account *first;
	bool dnd = true, fwdv[PROFILE_FORWARD_KINDS] = {true, true, true};
	struct profile_features *features;
	struct le *le;
	size_t i;

	if (!prof)
		return;

	features = &prof->features;
	first    = list_ledata(prof->accountl.head);
	if (!first)
		return;

	for (le = prof->accountl.head; le; le = le->next) {

		const struct profile_account *acc = le->data;

		dnd &= acc->features.dnd == first->features.dnd;

		for (i=0; i<PROFILE_FORWARD_KINDS; i++)
			fwdv[i] &= same_forward(&acc->features.forwardv[i],
						&first->features.forwardv[i]);
	}

	if (dnd && features->dnd < 0)
		features->dnd = first->features.dnd;

	for (i=0; i<PROFILE_FORWARD_KINDS; i++) {

		if (fwdv[i] && features->forwardv[i].on < 0)
			forward_copy(&features->forwardv[i],
				     &first->features.forwardv[i]);
	}
}
