/**
 * @file run.c  A chain of keys: what it would do, and doing it
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "phone/phone.h"
#include "phone/room.h"


/** How a press is shown */
struct shown {
	const struct press *press;
	bool secret;            /**< A digit that may be part of a PIN      */
};

static bool running;


static int press_print(struct re_printf *pf, const struct shown *shown)
{
	const struct press *press = shown->press;
	const struct key *key = press->key;

	if (!key)
		return re_hprintf(pf, "%s", press->own->name);

	if (key->digit && shown->secret)
		return re_hprintf(pf, "digit");

	if (!pl_isset(&press->arg) || key->arg == ARG_DIALOG)
		return re_hprintf(pf, "%s", key->name);

	switch (key->arg) {

	case ARG_NTH:
		return re_hprintf(pf, "%s%r", key->name, &press->arg);

	case ARG_ID:
		return re_hprintf(pf, "%s:%r", key->name, &press->arg);

	case ARG_TIMED:
		return re_hprintf(pf, "%s=%r=%r", key->name, &press->arg,
				  &press->arg2);

	default:
		break;
	}

	if (!pl_isset(&press->arg2))
		return re_hprintf(pf, "%s=%r", key->name, &press->arg);

	return re_hprintf(pf, "%s=%r&outgoing_uri=%r", key->name,
			  &press->arg, &press->arg2);
}


/* No call can be up after it, if none was before */
static bool only_dials(const struct press *press)
{
	const struct deed *idle;
	struct speed speed;

	if (!press->key || !press->key->deedv)
		return false;

	idle = press->key->deedv[PHASE_IDLE];

	if (idle == &deed_line)
		return !speed_line_get(&speed, pl_u32(&press->arg));

	return idle == &deed_type || idle == &deed_offhook;
}


static bool any_call(void)
{
	return calls_up(NULL) || calls_ringing(NULL);
}


/* Add to what is said of the chain; what does not fit is left out */
static void note_add(struct ending *ending, const struct move *move,
		     const char *text)
{
	const size_t len = strlen(ending->detail);
	const struct shown shown = {
		move->press, move->call || !move->press->key
	};

	(void)re_snprintf(ending->detail + len, sizeof(ending->detail) - len,
			  "%s%H: %s", len ? "; " : "", press_print, &shown,
			  text);
}


static int press_run(struct ending *ending, bool *effect,
		     const struct press *press)
{
	struct outcome out = {"", ACTION_NONE};
	struct move move;
	char text[64];
	int err;

	move_plan(&move, press);

	if (!move.deed) {
		note_add(ending, &move, move.why);
		return 0;
	}

	err = move.deed->run(&move, &out);

	if (err && !out.text[0]) {
		(void)re_snprintf(text, sizeof(text), "%m", err);
		note_add(ending, &move, text);
	}
	else if (out.text[0]) {
		note_add(ending, &move, out.text);
	}

	if (out.then > ending->then)
		ending->then = out.then;

	*effect = true;

	return err;
}


/**
 * Does a chain name a key that starts the phone again, or resets it?
 *
 * @param chain Chain
 *
 * @return True if it does
 */
bool chain_restarts(const struct chain *chain)
{
	return chain_action(chain) >= ACTION_RESTART;
}


/**
 * The most dangerous that a chain asks for
 *
 * @param chain Chain
 *
 * @return ACTION_RESET, ACTION_RESTART, ACTION_KEY, or ACTION_COMMAND if all
 *         of its keys are the user's own
 */
enum action chain_action(const struct chain *chain)
{
	enum action action = ACTION_COMMAND;
	size_t i;

	for (i=0; chain && i<chain->pressc; i++) {

		const struct key *key = chain->pressv[i].key;
		enum action this = ACTION_KEY;

		if (!key)
			continue;

		if (key->deedv && key->deedv[PHASE_IDLE] == &deed_restart)
			this = ACTION_RESTART;
		else if (key->deedv && key->deedv[PHASE_IDLE] == &deed_reset)
			this = ACTION_RESET;

		if (this > action)
			action = this;
	}

	return action;
}


/**
 * Would a chain do nothing now? Its first key is judged.
 *
 * @param chain Chain
 * @param why   Why it would not, static; untouched otherwise
 *
 * @return True if the first key would do nothing
 */
bool chain_no_effect(const struct chain *chain, const char **why)
{
	struct move move;

	if (!chain || !chain->pressc || !why)
		return false;

	move_plan(&move, &chain->pressv[0]);

	if (!move.deed)
		*why = move.why;

	return !move.deed;
}


/**
 * The call that the first key of a chain is about
 *
 * @param chain Chain
 *
 * @return Number of the call, 0 if it is about none
 */
uint32_t chain_call(const struct chain *chain)
{
	struct move move;

	if (!chain || !chain->pressc)
		return 0;

	move_plan(&move, &chain->pressv[0]);

	return move.deed ? calls_number(move.call) : 0;
}


/**
 * Print a chain for the journal and the person who is asked
 *
 * A digit that would be sent in a call may be part of a PIN, and is `digit`.
 *
 * @param pf    Print function
 * @param chain Chain
 *
 * @return 0 if success, otherwise errorcode
 */
int chain_print(struct re_printf *pf, const struct chain *chain)
{
	struct shown shown = {NULL, any_call()};
	size_t i;
	int err = 0;

	for (i=0; chain && i<chain->pressc && !err; i++) {

		shown.press = &chain->pressv[i];

		err = re_hprintf(pf, "%s%H", i ? ";" : "", press_print,
				 &shown);

		if (!only_dials(shown.press))
			shown.secret = true;
	}

	return err;
}


/**
 * Press the keys of a chain in order, up to the first that fails
 *
 * What belongs to others (a resync, a restart, a reset) is handed back, to be
 * done when the chain has ended: of several the most far-reaching.
 *
 * @param chain  Chain
 * @param ending How it ended
 */
void chain_run(const struct chain *chain, struct ending *ending)
{
	bool effect = false;
	int err = 0;
	size_t i;

	if (!chain || !ending)
		return;

	ending_set(ending, RESULT_OK, NULL);
	ending->then = ACTION_NONE;

	/* A command of the user's own may press keys again */
	if (running) {
		ending_set(ending, RESULT_FAILED,
			   "a key cannot be pressed within a key");
		return;
	}

	running = true;

	for (i=0; i<chain->pressc && !err; i++)
		err = press_run(ending, &effect, &chain->pressv[i]);

	running = false;

	if (err)
		ending->result = RESULT_FAILED;
	else if (!effect)
		ending->result = RESULT_NO_EFFECT;

	if (i < chain->pressc) {
		const size_t len = strlen(ending->detail);

		(void)re_snprintf(ending->detail + len,
				  sizeof(ending->detail) - len,
				  "%s%zu of %zu keys were not pressed",
				  len ? "; " : "", chain->pressc - i,
				  chain->pressc);
	}
}
