/**
 * @file quota.c  How many requests one source may have accepted
 *
 * A bucket that holds five seconds' worth and leaks at the rate of the
 * setting, kept as one number: the time at which it will be empty. What is
 * full of room needs no entry, so the least used one can go at any time.
 */
#include <string.h>
#include <re.h>
#include "request.h"
#include "clock.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"


enum {
	SOURCES_MAX = 256,
	SECOND      = 1000000,      /**< [us]                               */
	BURST       = 5 * SECOND,   /**< Size of a bucket [us]              */
};

/** The bucket of one source */
struct bucket {
	struct le le;
	struct sa addr;
	uint64_t empty;             /**< [us], monotonic                    */
};

static struct {
	struct list bucketl;        /**< The one used last first            */
	struct bucket bucketv[SOURCES_MAX];
	size_t bucketc;
} room;


static struct bucket *bucket_find(const struct sa *addr)
{
	struct le *le;

	for (le = list_head(&room.bucketl); le; le = le->next) {
		struct bucket *bucket = le->data;

		if (sa_cmp(&bucket->addr, addr, SA_ADDR))
			return bucket;
	}

	return NULL;
}


static struct bucket *bucket_add(const struct sa *addr)
{
	struct bucket *bucket;

	if (room.bucketc < SOURCES_MAX)
		bucket = &room.bucketv[room.bucketc++];
	else
		bucket = list_ledata(list_tail(&room.bucketl));

	bucket->addr = *addr;
	bucket->empty = 0;

	return bucket;
}


/* What one request adds to a bucket [us] */
static uint64_t drop(void)
{
	return SECOND / settings()->quota;
}


/**
 * How long must a source wait until its next request may be accepted?
 *
 * @param addr Address of the source; the port does not count
 *
 * @return Seconds, rounded up; 0 = it need not wait
 */
uint32_t quota_wait(const struct sa *addr)
{
	const struct bucket *bucket = bucket_find(addr);
	uint64_t full;

	if (!bucket)
		return 0;

	full = clock_us() + BURST;

	if (bucket->empty + drop() <= full)
		return 0;

	return (uint32_t)((bucket->empty + drop() - full + SECOND - 1) /
			  SECOND);
}


/**
 * Count a request that was accepted
 *
 * @param addr Address of the source; the port does not count
 */
void quota_take(const struct sa *addr)
{
	struct bucket *bucket = bucket_find(addr);
	const uint64_t now = clock_us();

	if (!bucket)
		bucket = bucket_add(addr);

	if (bucket->empty < now)
		bucket->empty = now;

	bucket->empty += drop();

	list_unlink(&bucket->le);
	list_prepend(&room.bucketl, &bucket->le, bucket);
}


/**
 * Forget all that was counted
 */
void quota_close(void)
{
	list_clear(&room.bucketl);
	memset(&room, 0, sizeof(room));
}
