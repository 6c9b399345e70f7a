/**
 * @file slot.c  What baresip does not know of its calls
 *
 * Their number, that a call was answered here (baresip says so only when the
 * ACK has come), which one was held last, and which two are a consultation. A
 * call is known by its Call-ID; no pointer to one is kept, since it can go
 * without an event.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "phone/phone.h"
#include "phone/room.h"


static struct {
	struct list slotl;      /**< struct slot, oldest first              */
	uint32_t last_no;
	uint32_t last_held;
	uint32_t expected;      /**< Whom the next call of our own consults */
} calls;


static void destructor(void *arg)
{
	struct slot *slot = arg;

	list_unlink(&slot->le);
	mem_deref(slot->id);
	mem_deref(slot->ltag);
	mem_deref(slot->rtag);
}


/* Calls of an account that is destroyed go without an event */
static void sweep(void)
{
	struct le *le = calls.slotl.head;

	while (le) {
		struct slot *slot = le->data;
		struct pl id;

		le = le->next;

		pl_set_str(&id, slot->id);

		if (!calls_dialog(&id))
			mem_deref(slot);
	}
}


static struct slot *slot_nth(uint32_t no)
{
	struct le *le;

	for (le = calls.slotl.head; le && no; le = le->next) {
		struct slot *slot = le->data;

		if (slot->no == no)
			return slot;
	}

	return NULL;
}


static void pair(struct slot *slot)
{
	struct slot *first = slot_nth(calls.expected);

	calls.expected = 0;

	if (first) {
		first->partner = slot->no;
		slot->partner = first->no;
	}
}


/**
 * Find what is known of a call
 *
 * @param call Call
 *
 * @return Slot, NULL if the call was never seen
 */
struct slot *slot_find(const struct call *call)
{
	const char *id = call_id(call);
	struct le *le;

	for (le = calls.slotl.head; le && id; le = le->next) {
		struct slot *slot = le->data;

		if (!strcmp(slot->id, id))
			return slot;
	}

	return NULL;
}


/**
 * Find what is known of a call; a call that was never seen gets a number
 *
 * @param call Call
 *
 * @return Slot, NULL if the call is over, or has no Call-ID yet (with STUN
 *         the INVITE goes out later)
 */
struct slot *slot_get(const struct call *call)
{
	struct slot *slot = slot_find(call);
	const char *id = call_id(call);

	if (slot || !id || calls_phase(call) == PHASE_IDLE)
		return slot;

	sweep();

	slot = mem_zalloc(sizeof(*slot), destructor);
	if (!slot)
		return NULL;

	if (str_dup(&slot->id, id))
		return mem_deref(slot);

	slot->no = ++calls.last_no;

	list_append(&calls.slotl, &slot->le, slot);

	if (calls.expected && call_is_outgoing(call))
		pair(slot);

	return slot;
}


/**
 * The next call of our own will be the consultation of a transfer
 *
 * With STUN it gets its Call-ID, and so its number, later than it begins.
 *
 * @param first Number of the call that is to be transferred, 0 = it will not
 */
void slot_expect(uint32_t first)
{
	calls.expected = first;
}


/**
 * The other call of a consultation
 *
 * @param call One of the two
 *
 * @return Call, in whatever state; NULL if it is none, or one is over
 */
struct call *slot_partner(const struct call *call)
{
	const struct slot *slot = slot_find(call), *other;
	struct call *partner;

	if (!slot || !slot->partner)
		return NULL;

	partner = calls_nth(slot->partner);
	other = slot_find(partner);

	return other && other->partner == slot->no ? partner : NULL;
}


/**
 * A call has just been held
 *
 * @param call Call
 */
void slot_held(const struct call *call)
{
	struct slot *slot = slot_get(call);

	if (slot)
		slot->held = ++calls.last_held;
}


/**
 * A call has just been answered
 *
 * @param call Call
 */
void slot_answered(const struct call *call)
{
	struct slot *slot = slot_get(call);

	if (slot)
		slot->answered = true;
}


/**
 * Forget a call
 *
 * @param call Call
 */
void slot_drop(const struct call *call)
{
	mem_deref(slot_find(call));
}


/**
 * Forget all calls
 */
void slot_flush(void)
{
	list_flush(&calls.slotl);
	calls.last_no = 0;
	calls.last_held = 0;
	calls.expected = 0;
}


/**
 * All that have a number
 *
 * @return List of struct slot, oldest first
 */
const struct list *slot_list(void)
{
	return &calls.slotl;
}
