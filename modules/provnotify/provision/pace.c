/**
 * @file pace.c  Keeps step with the registrar's answers
 *
 * The answers to hundreds of REGISTERs at once do not fit into the socket's
 * buffer. They would be lost there, and all calls that come meanwhile, and
 * sent once more half a second later.
 */
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "clock.h"
#include "profile/profile.h"
#include "provision/room.h"
#include "provision/entry.h"


enum {
	OPEN_MAX    = 64,       /**< REGISTERs without an answer            */
	PATIENCE_MS = 200,      /**< With a registrar that gives none [ms]  */
};

static struct {
	uint32_t open;          /**< REGISTERs without an answer            */
	uint32_t answers;       /**< How many had come when it was counted  */
	uint64_t moved;         /**< When it was last seen to change [ms]   */
} pc;


/**
 * Count what was sent
 *
 * @param n Number of REGISTERs, those that take an account away as well
 */
void pace_sent(uint32_t n)
{
	if (!pc.open)
		pc.moved = clock_ms();

	pc.open += n;
}


/**
 * May one more be sent now?
 *
 * @return true if so many are not without an answer; or if they are, and have
 *         been for too long to wait for
 */
bool pace_open(void)
{
	const uint32_t answers = accounts_answers();
	const uint64_t now = clock_ms();

	if (answers != pc.answers) {
		pc.open -= MIN(pc.open, answers - pc.answers);
		pc.answers = answers;
		pc.moved = now;
	}

	if (pc.open >= OPEN_MAX && now - pc.moved >= PATIENCE_MS)
		pc.open = 0;

	return pc.open < OPEN_MAX;
}
