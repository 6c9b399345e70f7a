/**
 * @file slot.c  What baresip does not know of its calls
 *
 * Their number, that a call was answered here (baresip says so only when the
 * ACK has come), and which one was held last. A call is known by its Call-ID;
 * no pointer to one is kept, since it can go without an event.
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
} calls;


static void destructor(void *arg)
{
	struct slot *slot = arg;

	list_unlink(&slot->le);
	mem_deref(slot->id);
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

	return slot;
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
