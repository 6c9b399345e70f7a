/**
 * @file call.c  The phone's state, derived from baresip's calls
 */
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "phone/phone.h"
#include "phone/room.h"


static struct compat_listener *listener;
static struct deadline unpark;

/* The call with the highest rank is meant; 0 = this one is not */
typedef uint64_t (rank_h)(const struct call *call, const void *arg);


static struct call *call_best(rank_h *rankh, const struct ua *ua,
			      const void *arg)
{
	uint64_t rank, best_rank = 0;
	struct call *best = NULL;
	struct le *le, *lec;

	for (le = list_head(uag_list()); le; le = le->next) {

		if (ua && ua != le->data)
			continue;

		for (lec = list_head(compat_ua_calls(le->data)); lec;
		     lec = lec->next) {

			rank = rankh(lec->data, arg);
			if (rank > best_rank) {
				best = lec->data;
				best_rank = rank;
			}
		}
	}

	return best;
}


static uint64_t rank_id(const struct call *call, const void *arg)
{
	return calls_phase(call) != PHASE_IDLE &&
		!pl_strcmp(arg, call_id(call));
}


static void unpark_handler(void *arg)
{
	(void)arg;

	compat_calls_unpark(NULL);
}


/*
 * When one call of a consultation ends, the other one stays as it is; but when
 * its parties are connected, there is nothing left to be said in it
 */
static void call_closed(struct call *call, const char *text)
{
	struct call *partner = slot_partner(call);
	const bool done = transfer_done(call, text);

	if (dialer_transfers() && dialer_transfers() == calls_number(call))
		dialer_clear();

	incoming_over(call);
	slot_drop(call);

	if (done && partner) {
		talk_end(partner);
	}
	else if (call_is_onhold(partner)) {
		compat_calls_park(call);
		deadline_start(&unpark, 0, unpark_handler, NULL);
	}
}


static void event_handler(enum compat_event ev, struct ua *ua,
			  struct call *call, const char *text, void *arg)
{
	(void)arg;

	switch (ev) {

	case COMPAT_CALL_INCOMING:
	case COMPAT_CALL_OUTGOING:
	case COMPAT_CALL_RINGING:
	case COMPAT_CALL_PROGRESS:
	case COMPAT_CALL_ESTABLISHED:
		(void)slot_get(call);
		dialer_clear();

		if (ev == COMPAT_CALL_INCOMING)
			incoming_rings(call);
		break;

	case COMPAT_CALL_CLOSED:
		call_closed(call, text);
		break;

	case COMPAT_SHUTDOWN:
		compat_calls_unpark(ua);
		break;

	case COMPAT_CALL_TRANSFER_FAILED:
		if (transfer_failed(call, text))
			compat_call_keep(call);
		break;

	default:
		break;
	}
}


static uint64_t rank_number(const struct call *call, const void *arg)
{
	const uint32_t *no = arg;

	return calls_number(call) == *no;
}


static uint64_t rank_ringing(const struct call *call, const void *arg)
{
	(void)arg;

	if (calls_phase(call) != PHASE_RINGING)
		return 0;

	return UINT64_MAX - calls_number(call);
}


static uint64_t rank_held(const struct call *call, const void *arg)
{
	const struct slot *slot;
	(void)arg;

	if (calls_phase(call) != PHASE_CALL || !call_is_onhold(call))
		return 0;

	slot = slot_get(call);

	return slot ? ((uint64_t)slot->held << 32) + slot->no : 1;
}


static uint64_t rank_active(const struct call *call, const void *arg)
{
	return call != arg && calls_is_active(call) ?
		1ULL + calls_number(call) : 0;
}


static uint64_t rank_calling(const struct call *call, const void *arg)
{
	(void)arg;

	return calls_phase(call) == PHASE_CALLING ?
		1ULL + calls_number(call) : 0;
}


/**
 * Begin to watch calls
 *
 * @return 0 if success, otherwise errorcode
 */
int calls_init(void)
{
	return compat_listen(&listener, event_handler, NULL);
}


/**
 * No longer watch calls
 */
void calls_close(void)
{
	listener = mem_deref(listener);
	deadline_cancel(&unpark);
	compat_calls_unpark(NULL);
	compat_calls_forget();
	slot_flush();
}


/**
 * What a call makes of the phone
 *
 * @param call Call
 *
 * @return Phase; PHASE_IDLE if it is over or has not begun
 */
enum phase calls_phase(const struct call *call)
{
	const struct slot *slot;

	switch (call_state(call)) {

	case CALL_STATE_IDLE:
	case CALL_STATE_TERMINATED:
	case CALL_STATE_UNKNOWN:
		return PHASE_IDLE;

	case CALL_STATE_INCOMING:
	case CALL_STATE_OUTGOING:
	case CALL_STATE_RINGING:
	case CALL_STATE_EARLY:
		if (call_is_outgoing(call))
			return PHASE_CALLING;

		slot = slot_find(call);

		return slot && slot->answered ? PHASE_CALL : PHASE_RINGING;

	default:
		return PHASE_CALL;
	}
}


/**
 * The number that the journal and the action URLs call a call
 *
 * @param call Call
 *
 * @return Number from 1, 0 if it has none yet
 */
uint32_t calls_number(const struct call *call)
{
	const struct slot *slot = call ? slot_get(call) : NULL;

	return slot ? slot->no : 0;
}


/**
 * Find a call by its number
 *
 * @param no Number from 1
 *
 * @return Call, NULL if there is no such call
 */
struct call *calls_nth(uint32_t no)
{
	return no ? call_best(rank_number, NULL, &no) : NULL;
}


/**
 * Find a call by its Call-ID
 *
 * @param call_id Call-ID
 *
 * @return Call, NULL if there is no such call
 */
struct call *calls_dialog(const struct pl *call_id)
{
	return pl_isset(call_id) ? call_best(rank_id, NULL, call_id) : NULL;
}


/**
 * The call that rings; of several the oldest
 *
 * @param ua Of this account alone, or NULL
 *
 * @return Call, or NULL
 */
struct call *calls_ringing(const struct ua *ua)
{
	return call_best(rank_ringing, ua, NULL);
}


/**
 * The call that is up: our own that rings there, the active one, or of
 * several held ones the last
 *
 * @param ua Of this account alone, or NULL
 *
 * @return Call, or NULL
 */
struct call *calls_up(const struct ua *ua)
{
	struct call *call = call_best(rank_calling, ua, NULL);

	if (!call)
		call = call_best(rank_active, ua, NULL);

	return call ? call : call_best(rank_held, ua, NULL);
}


/**
 * The call that was held last
 *
 * @return Call, or NULL
 */
struct call *calls_held(void)
{
	return call_best(rank_held, NULL, NULL);
}


/**
 * Can a call be heard?
 *
 * @param call Call
 *
 * @return True if it is up and not held
 */
bool calls_is_active(const struct call *call)
{
	return calls_phase(call) == PHASE_CALL && !call_is_onhold(call);
}


/**
 * The call that can be heard; the newest, should there be more
 *
 * @param but Not this one, or NULL
 *
 * @return Call, or NULL
 */
struct call *calls_active(const struct call *but)
{
	return call_best(rank_active, NULL, but);
}


/**
 * The call of our own that nobody has answered yet
 *
 * @return Call, or NULL
 */
struct call *calls_calling(void)
{
	return call_best(rank_calling, NULL, NULL);
}


/**
 * Print all calls: number and state
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int calls_print(struct re_printf *pf, void *unused)
{
	const struct slot *slot;
	struct pl id;
	struct call *call;
	struct le *le;
	int err = 0;
	(void)unused;

	for (le = list_head(slot_list()); le && !err; le = le->next) {

		slot = le->data;

		pl_set_str(&id, slot->id);
		call = calls_dialog(&id);
		if (!call)
			continue;

		err = re_hprintf(pf, ", call %u %s", slot->no,
				 phase_name(transfer_phase(call),
					    call_is_onhold(call)));
	}

	return err;
}
