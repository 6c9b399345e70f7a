/**
 * @file plan.c  What a press comes to in the phone's present state
 *
 * A key is first planned: which call it is about, what it does to that, or why
 * it would do nothing. The plan is what the answer and the journal say, and
 * what is then done.
 */
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "phone/phone.h"
#include "phone/room.h"


static const char *whyv[PHASE_COUNT] = {
	[PHASE_IDLE]     = "no call is up",
	[PHASE_RINGING]  = "a call rings",
	[PHASE_DIALLING] = "a number is being dialled",
	[PHASE_CALLING]  = "a call of our own rings there",
	[PHASE_CALL]     = "a call is up",
	[PHASE_TRANSFER] = "a call is about to be transferred",
	[PHASE_CONSULT]  = "two calls are up for a transfer",
};


/* The call that a press is about; false: there is not the one it names */
static bool call_choose(struct call **callp, const struct press *press)
{
	struct call *ringing = calls_ringing(NULL), *up = calls_up(NULL);
	const struct key *key = press->key;
	const struct ua *ua;
	uint32_t no = 0;

	*callp = (ringing && (key->ringing_first || !up)) ? ringing : up;

	if (key->arg == ARG_DIALOG) {
		*callp = calls_dialog(&press->arg);
		return *callp != NULL;
	}

	if (key->arg == ARG_ID && pl_isset(&press->arg)) {
		*callp = phone_u32(&no, &press->arg) ? calls_nth(no) : NULL;
		return *callp != NULL;
	}

	if (key->arg == ARG_NTH && *callp) {
		ua = accounts_nth(speed_line(pl_u32(&press->arg)));
		if (!ua)
			return false;

		*callp = calls_ringing(ua);
		if (!*callp)
			*callp = calls_up(ua);

		return *callp != NULL;
	}

	return true;
}


/**
 * Find out what a press comes to in the phone's present state
 *
 * @param move  What it comes to
 * @param press Press
 */
void move_plan(struct move *move, const struct press *press)
{
	const struct deed *deed = &deed_own;
	enum phase phase;

	move->press = press;
	move->call = NULL;
	move->deed = NULL;
	move->why = NULL;

	if (press->key) {

		if (!press->key->deedv) {
			move->why = press->key->why;
			return;
		}

		if (!call_choose(&move->call, press)) {
			move->why = "there is no such call";
			return;
		}

		phase = move->call ? transfer_phase(move->call) :
			dialer_active() ? PHASE_DIALLING : PHASE_IDLE;

		deed = press->key->deedv[phase];
		if (!deed) {
			move->why = whyv[phase];
			return;
		}
	}

	if (deed->check)
		move->why = deed->check(move);

	if (!move->why)
		move->deed = deed;
}
