/**
 * @file queue.c  Requests whose resync has not begun: jitter, the limit after
 *                a burst, the server's Retry-After
 *
 * Those that wait begin together, when the first of them is due.
 */
#include <errno.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"


enum {
	BURST     = 20,         /**< Resyncs at once                        */
	REFILL_MS = 30000,      /**< One more in this time                  */
};

static struct {
	struct list ridel;
	uint64_t due;           /**< When they begin [ms]                   */
	uint64_t drained;       /**< When the bucket is empty again [ms]    */
} qu;


static bool is_fresh(const struct request *req)
{
	return req->fresh;
}


/* A person, and a key, do not wait */
static bool has_jitter(const struct request *req)
{
	switch (req->door) {

	case DOOR_NOTIFY:
	case DOOR_PNP:
	case DOOR_TIMER:
	case DOOR_BOOT:
		return !req->chain && !req->fresh;

	default:
		return false;
	}
}


static uint64_t burst_level(void)
{
	const uint64_t now = clock_ms();

	return qu.drained > now ? qu.drained - now : 0;
}


static uint64_t hold(void)
{
	const uint64_t full = (BURST - 1) * (uint64_t)REFILL_MS;
	const uint64_t level = burst_level();

	return MAX(retry_hold(), level > full ? level - full : 0);
}


/**
 * Let a request wait
 *
 * @param req Request, referenced
 *
 * @return 0 if success, otherwise errorcode
 */
int queue_add(struct request *req)
{
	uint64_t delay = 0;
	bool first;
	int err;

	if (!req)
		return EINVAL;

	if (has_jitter(req))
		delay = rand_u32() % (settings()->jitter * 1000ULL + 1);

	if (!req->fresh)
		delay = MAX(delay, hold());

	first = list_isempty(&qu.ridel);

	err = ride_add(&qu.ridel, req);
	if (err)
		return err;

	if (first || clock_ms() + delay < qu.due)
		qu.due = clock_ms() + delay;

	return 0;
}


/**
 * Does any request wait?
 *
 * @return true if one does
 */
bool queue_waits(void)
{
	return !list_isempty(&qu.ridel);
}


/**
 * How long till those that wait begin
 *
 * @return Time [ms]
 */
uint64_t queue_left(void)
{
	const uint64_t now = clock_ms();

	return qu.due > now ? qu.due - now : 0;
}


/**
 * Let those that wait begin
 *
 * @param ridel Where they ride from now on
 * @param fresh Set to true if a person is among them
 *
 * @return true if they began; false if they must wait longer after all
 */
bool queue_take(struct list *ridel, bool *fresh)
{
	*fresh = ride_has(&qu.ridel, is_fresh);

	if (!*fresh && hold()) {
		qu.due = clock_ms() + hold();
		return false;
	}

	qu.drained = clock_ms() + burst_level() + REFILL_MS;
	ride_move(ridel, &qu.ridel);

	return true;
}


/**
 * End all that wait
 *
 * @param ending How it ended
 */
void queue_close(const struct ending *ending)
{
	ride_end(&qu.ridel, ending);

	qu.due = qu.drained = 0;
}
