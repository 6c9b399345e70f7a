/**
 * @file proof.c  What a trial is judged by
 */
#include <errno.h>
#include "compat/compat.h"
#include "clock.h"
#include "profile.h"
#include "provision/room.h"
#include "provision/entry.h"
#include "provision/proof.h"


enum {
	BEFORE_SIZE = 256,      /**< Buckets for the addresses              */
	ADDRESS_MAX = 512,
};


/* The name of an account among those that were registered before */
static int address_print(char *buf, const struct entry *e)
{
	return re_snprintf(buf, ADDRESS_MAX, "%s@%s", e->acc->user,
			   e->acc->domain) < 0 ? ENOMEM : 0;
}


/**
 * Take down which accounts are registered now
 *
 * @param odp Their addresses as keys; NULL if there are none
 *
 * @return 0 if success, otherwise errorcode
 */
int proof_before(struct odict **odp)
{
	char address[ADDRESS_MAX];
	struct odict *od;
	struct le *le;
	int err;

	if (!odp)
		return EINVAL;

	err = odict_alloc(&od, BEFORE_SIZE);
	if (err)
		return err;

	for (le = list_head(entry_list()); le && !err; le = le->next) {
		const struct entry *e = le->data;

		if (!entry_registered(e))
			continue;

		err = address_print(address, e);
		if (!err)
			err = odict_entry_add(od, address, ODICT_BOOL, true);
	}

	if (err || list_isempty(&od->lst))
		od = mem_deref(od);

	*odp = od;

	return err;
}


/**
 * Mark what is new or changed since the last proved generation
 *
 * @param old Its profile, or NULL
 */
void proof_begin(const struct profile *old)
{
	struct le *le;

	for (le = list_head(entry_list()); le; le = le->next) {
		struct entry *e = le->data;

		e->both = false;
		e->proving = true;
	}

	for (le = old ? list_head(&old->accountl) : NULL; le; le = le->next) {
		struct entry *e = entry_get(le->data);

		if (e) {
			e->both = true;
			e->proving = !profile_account_equal(le->data, e->acc);
		}
	}
}


/**
 * Have all new and changed accounts registered that should?
 *
 * @return true if they have, or there are none
 */
bool proof_complete(void)
{
	struct le *le;

	for (le = list_head(entry_list()); le; le = le->next) {
		const struct entry *e = le->data;

		if (e->proving && entry_registers(e) && !entry_registered(e))
			return false;
	}

	return true;
}


/**
 * At the end of the trial: is anything worse than before?
 *
 * An account that is in both sets and was registered is not; or some were, and
 * none is.
 *
 * @param before Which accounts were registered before, may be NULL
 *
 * @return true if the trial has failed
 */
bool proof_failed(const struct odict *before)
{
	uint32_t should = 0, registered = 0;
	char address[ADDRESS_MAX];
	struct le *le;

	if (!before)
		return false;

	for (le = list_head(entry_list()); le; le = le->next) {
		const struct entry *e = le->data;

		if (!entry_registers(e))
			continue;

		++should;

		if (entry_registered(e))
			++registered;
		else if (e->both && !address_print(address, e) &&
			 odict_lookup(before, address))
			return true;
	}

	return should && !registered;
}
