/**
 * @file speed.c  What was provisioned for keys: speed dials, lines, voice mail
 */
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "profile/profile.h"
#include "phone/phone.h"
#include "phone/room.h"


static const struct profile *profile;


static struct le *keys(void)
{
	return profile ? list_head(&profile->keyl) : NULL;
}


static const struct profile_key *line_key(unsigned n)
{
	struct le *le;

	for (le = keys(); le; le = le->next) {
		const struct profile_key *key = le->data;

		if (!key->memory && key->n == n)
			return key;
	}

	return NULL;
}


/* An account that the profile names by its line, or the default one */
static struct ua *line_account(int32_t line)
{
	struct ua *ua = line > 0 ? accounts_nth(line) : NULL;

	return ua ? ua : accounts_nth(0);
}


/**
 * Take over what was provisioned, in place of what was before
 *
 * DND, forwards and call waiting change where their provisioned value does;
 * what a key has set stays otherwise.
 *
 * @param prof Profile that runs now, NULL for none
 */
void phone_features_set(const struct profile *prof)
{
	const struct profile *old = profile;

	profile = mem_ref((struct profile *)prof);
	mem_deref((struct profile *)old);

	feature_give(prof);
}


/**
 * Forget what was provisioned
 */
void speed_close(void)
{
	profile = mem_deref((struct profile *)profile);
}


static bool dials(struct speed *speed, const struct profile_key *key)
{
	if (!key || key->kind != PROFILE_KEY_DIAL || !key->value)
		return false;

	pl_set_str(&speed->number, key->value);
	speed->ua = line_account(key->line);

	return true;
}


/**
 * A speed dial: memory keys come first, then line keys that dial
 *
 * @param speed Number and account
 * @param n     Number of the speed dial, from 1
 *
 * @return True if so many were provisioned
 */
bool speed_get(struct speed *speed, unsigned n)
{
	struct le *le;

	for (le = keys(); le && n; le = le->next) {

		if (dials(speed, le->data))
			--n;
	}

	return n == 0;
}


/**
 * The number that a line key dials
 *
 * @param speed Number and account
 * @param n     Number of the key, from 1
 *
 * @return True if it dials one
 */
bool speed_line_get(struct speed *speed, unsigned n)
{
	return dials(speed, line_key(n));
}


/**
 * The account that a line key chooses
 *
 * @param n Number of the key, from 1
 *
 * @return Number of the account; that of the key if nothing else was
 *         provisioned
 */
unsigned speed_line(unsigned n)
{
	const struct profile_key *key = line_key(n);

	return key && key->kind == PROFILE_KEY_LINE && key->line > 0 ?
		(unsigned)key->line : n;
}


/**
 * The voice mail of the default account, or of the first that has one
 *
 * @param speed Number and account
 *
 * @return True if one was provisioned
 */
bool speed_voicemail(struct speed *speed)
{
	const struct profile_account *found = NULL;
	struct ua *ua = accounts_nth(0);
	struct le *le;

	for (le = profile ? list_head(&profile->accountl) : NULL; le;
	     le = le->next) {
		const struct profile_account *acc = le->data;

		if (!acc->voicemail)
			continue;

		if (!found || accounts_nth(acc->line) == ua)
			found = acc;
	}

	if (!found)
		return false;

	pl_set_str(&speed->number, found->voicemail);
	speed->ua = line_account(found->line);

	return true;
}
