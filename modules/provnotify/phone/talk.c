/**
 * @file talk.c  What can be done with a call
 *
 * One call is heard at a time, whatever accounts they are of. baresip's
 * functions are called directly: the commands of its menu act on the current
 * account only, and do not say whether they succeeded.
 */
#include "compat/compat.h"
#include "request.h"
#include "phone/phone.h"
#include "phone/room.h"


static int hold_others(const struct call *call)
{
	struct call *other;
	int err = 0;

	while (!err && (other = calls_active(call)))
		err = talk_hold(other);

	return err;
}


/**
 * Answer a call that rings, or resume one that is held
 *
 * The active call is held. A call of our own that nobody has answered yet
 * cannot be held, and ends.
 *
 * @param call Call
 *
 * @return 0 if success, otherwise errorcode
 */
int talk_take(struct call *call)
{
	struct ua *ua = call_get_ua(call);
	struct call *calling;
	int err;

	if (!call)
		return EINVAL;

	err = hold_others(call);
	if (err)
		return err;

	while ((calling = calls_calling()))
		talk_end(calling);

	compat_ua_select(ua);
	dialer_clear();

	if (calls_phase(call) == PHASE_CALL)
		return compat_call_hold(call, false);

	err = ua_answer(ua, call, VIDMODE_ON);
	if (!err)
		slot_answered(call);

	return err;
}


/**
 * Hold a call
 *
 * @param call Call
 *
 * @return 0 if success, otherwise errorcode
 */
int talk_hold(struct call *call)
{
	const int err = compat_call_hold(call, true);

	if (!err)
		slot_held(call);

	return err;
}


/**
 * Reject a call, stop calling, or hang up (RFC 3261 21.4.24, 9 and 15)
 *
 * @param call Call, gone afterwards
 */
void talk_end(struct call *call)
{
	const bool rings = calls_phase(call) == PHASE_RINGING;

	compat_call_end(call, rings ? 486 : 0, rings ? "Busy Here" : NULL);
}


/**
 * Call somebody; the active call is held, and resumed if that fails at once
 *
 * @param ua  Account that the call goes out from
 * @param uri Whom to call
 * @param no  Number of the call
 *
 * @return 0 if success, otherwise errorcode
 */
int talk_connect(struct ua *ua, const char *uri, uint32_t *no)
{
	struct call *call = NULL, *active = calls_active(NULL);
	int err;

	if (!ua || !uri || !no)
		return EINVAL;

	err = hold_others(NULL);
	if (err)
		return err;

	err = ua_connect(ua, &call, NULL, uri, VIDMODE_ON);
	if (err) {
		if (active)
			(void)compat_call_hold(active, false);

		return err;
	}

	compat_ua_select(ua);
	*no = calls_number(call);

	return 0;
}
