/**
 * @file refusal.c  A version that failed its trial is left alone for a while
 */
#include "compat/compat.h"
#include "clock.h"
#include "profile/profile.h"
#include "provision/room.h"
#include "provision/proof.h"


enum {
	WAIT_MIN = 3600,        /**< [s]                                    */
	WAIT_MAX = 86400,
};


static void begin(struct refusal *ref)
{
	ref->until = clock_ms() + ref->wait * 1000ULL;

	if (clock_boot_id(ref->boot, sizeof(ref->boot)))
		ref->boot[0] = '\0';
}


/**
 * Refuse a version: for an hour, doubling to a day while it is the same one
 *
 * @param ref  What is refused
 * @param hash Hash of the version
 */
void refusal_add(struct refusal *ref, const char *hash)
{
	if (ref->wait && !str_cmp(ref->hash, hash))
		ref->wait = MIN(ref->wait * 2, WAIT_MAX);
	else
		ref->wait = WAIT_MIN;

	str_ncpy(ref->hash, hash, sizeof(ref->hash));
	begin(ref);
}


/**
 * Go on after a start. What was refused before the machine booted is refused
 * anew: how long ago that was nobody knows.
 *
 * @param ref What is refused
 */
void refusal_resume(struct refusal *ref)
{
	char boot[sizeof(ref->boot)] = "";

	(void)clock_boot_id(boot, sizeof(boot));

	if (ref->wait && str_cmp(ref->boot, boot))
		begin(ref);
}


/**
 * How long is a version refused?
 *
 * @param ref  What is refused
 * @param hash Hash of the version; NULL: whichever is
 *
 * @return Time [s], 0 = not at all
 */
uint32_t refusal_left(const struct refusal *ref, const char *hash)
{
	const uint64_t now = clock_ms();

	if (!ref->wait || ref->until <= now ||
	    (hash && str_cmp(ref->hash, hash)))
		return 0;

	return (uint32_t)((ref->until - now + 999) / 1000);
}
