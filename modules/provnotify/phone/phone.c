/**
 * @file phone.c  The phone as a whole
 */
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "phone/phone.h"
#include "phone/room.h"


static const char *namev[PHASE_COUNT] = {
	[PHASE_IDLE]     = "idle",
	[PHASE_RINGING]  = "ringing",
	[PHASE_DIALLING] = "dialling",
	[PHASE_CALLING]  = "calling",
	[PHASE_CALL]     = "talking",
	[PHASE_TRANSFER] = "transferring",
	[PHASE_CONSULT]  = "consulting",
};


/**
 * The name of a phase
 *
 * @param phase Phase
 * @param held  True if the call that it is about is held
 *
 * @return Name
 */
const char *phase_name(enum phase phase, bool held)
{
	return phase != PHASE_TRANSFER && held ? "held" : namev[phase];
}


/**
 * Tell in the calls of an account that talk and hold are understood
 *
 * @param ua Account that was just made
 */
void phone_announce(struct ua *ua)
{
	int err;

	if (settings()->remote_control == CONSENT_DENY)
		return;

	err = compat_ua_announce(ua, "Allow-Events", "talk, hold");
	if (err)
		warning("provnotify: talk and hold are not announced: %m\n",
			err);
}


/**
 * Connect the phone to baresip's calls
 *
 * @return 0 if success, otherwise errorcode
 */
int phone_init(void)
{
	struct le *le;
	int err;

	ownkey_init();

	for (le = list_head(uag_list()); le; le = le->next)
		phone_announce(le->data);

	err = calls_init();
	if (err)
		return err;

	err = transfer_init();
	if (err)
		return err;

	err = feature_init();
	if (err)
		return err;

	volume_init();

	return incoming_init();
}


/**
 * Disconnect the phone; calls are left as they are
 */
void phone_close(void)
{
	incoming_close();
	volume_close();
	feature_close();
	speed_close();
	transfer_close();
	calls_close();
	dialer_close();
	ownkey_close();
}


/**
 * Print what the phone does, in one line
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int phone_print(struct re_printf *pf, void *unused)
{
	const struct call *ringing = calls_ringing(NULL);
	const struct call *call = ringing ? ringing : calls_up(NULL);
	enum phase phase;
	(void)unused;

	phase = call ? transfer_phase(call) :
		dialer_active() ? PHASE_DIALLING : PHASE_IDLE;

	return re_hprintf(pf, "%s%H%H",
			  phase_name(phase, call_is_onhold(call)),
			  feature_dnd_print, NULL, calls_print, NULL);
}


/**
 * Is there a call with a Call-ID?
 *
 * @param call_id Call-ID
 *
 * @return True if there is
 */
bool phone_dialog(const struct pl *call_id)
{
	return calls_dialog(call_id) != NULL;
}
