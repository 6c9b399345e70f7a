/**
 * @file summary.c  What a generation brought, for people
 */
#include "compat/compat.h"
#include "request.h"
#include "profile/profile.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"


enum {
	UNKNOWN_JOURNAL = 3,    /**< Unknown keys that are named            */
	UNKNOWN_STATUS  = 20,
};

/** How the last resync ended */
static char last[sizeof(((struct ending *)0)->detail)];


/* The first of them; all are in the report of provcheck */
static int unknown_print(struct re_printf *pf, const struct generation *gen,
			 uint32_t max)
{
	uint32_t n = 0;
	struct le *le;
	int err = 0;

	for (le = list_head(&gen->prof->notel); le; le = le->next) {
		const struct profile_note *note = le->data;
		const struct part *part = part_nth(gen, note->file);

		if (note->known)
			continue;

		if (n++ == max)
			return err | re_hprintf(pf, ", ...");

		err |= re_hprintf(pf, "%s %s (%s, line %u)", n > 1 ? "," : "",
				  note->key, part ? part->name : "?",
				  note->lineno);
	}

	return err;
}


static int keys_print(struct re_printf *pf, const struct generation *gen,
		      uint32_t max)
{
	const struct profile *prof = gen->prof;
	int err = 0;

	if (prof->unusedc)
		err |= re_hprintf(pf, "; %zu key%s without use here",
				  prof->unusedc,
				  prof->unusedc == 1 ? "" : "s");

	if (prof->unknownc) {
		err |= re_hprintf(pf, "; %zu unknown:", prof->unknownc);
		err |= unknown_print(pf, gen, max);
	}

	return err;
}


/**
 * Print which keys had no effect, for the status
 *
 * @param pf  Print function
 * @param gen Generation
 *
 * @return 0 if success, otherwise errorcode
 */
int summary_keys(struct re_printf *pf, const struct generation *gen)
{
	return keys_print(pf, gen, UNKNOWN_STATUS);
}


/**
 * Print what has changed, and where it came from
 *
 * @param pf  Print function
 * @param gen Generation that is being applied
 *
 * @return 0 if success, otherwise errorcode
 */
int summary_print(struct re_printf *pf, const struct generation *gen)
{
	struct change ch;
	int err;

	apply_change(&ch);

	err = re_hprintf(pf, "%u account%s added, %u changed, %u removed"
			 " from %H", ch.added, ch.added == 1 ? "" : "s",
			 ch.changed, ch.removed, url_print, gen->url);

	return err | keys_print(pf, gen, UNKNOWN_JOURNAL);
}


/**
 * Say how a resync ended
 *
 * @param text Text for people
 */
void summary_last_set(const char *text)
{
	str_ncpy(last, text, sizeof(last));
}


/**
 * How the last resync ended
 *
 * @return Text for people
 */
const char *summary_last(void)
{
	return last[0] ? last : "none yet";
}
