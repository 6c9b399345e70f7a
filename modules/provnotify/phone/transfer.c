/**
 * @file transfer.c  Transfers: blind, and after a consultation
 *
 * A call is transferred by REFER in its dialog (RFC 3515, RFC 5589). For a
 * consultation a second call is made; then the other party of the first is
 * told to take our place in the second (RFC 3891). What that takes, the tags
 * of the second call's dialog, is learned from the answer to its INVITE, since
 * baresip 1.x does not tell them.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "phone/phone.h"
#include "phone/room.h"


static struct sip_lsnr *lsnr;


/* Looks on; the first 2xx is that of the dialog which baresip takes */
static bool response_handler(const struct sip_msg *msg, void *arg)
{
	struct slot *slot;
	(void)arg;

	if (msg->scode / 100 != 2 || pl_strcmp(&msg->cseq.met, "INVITE"))
		return false;

	slot = slot_get(calls_dialog(&msg->callid));
	if (!slot || slot->rtag)
		return false;

	if (pl_strdup(&slot->ltag, &msg->from.tag) ||
	    pl_strdup(&slot->rtag, &msg->to.tag))
		slot->ltag = mem_deref(slot->ltag);

	return false;
}


/**
 * Begin to learn the tags of dialogs
 *
 * @return 0 if success, otherwise errorcode
 */
int transfer_init(void)
{
	return compat_listen_response(&lsnr, uag_sip(), response_handler,
				      NULL);
}


/**
 * No longer learn them
 */
void transfer_close(void)
{
	lsnr = mem_deref(lsnr);
}


/**
 * What a call makes of the phone, transfers included
 *
 * @param call Call
 *
 * @return Phase
 */
enum phase transfer_phase(const struct call *call)
{
	const enum phase phase = calls_phase(call);

	if (phase != PHASE_CALL)
		return phase;

	if (dialer_transfers() && dialer_transfers() == calls_number(call))
		return PHASE_TRANSFER;

	return calls_phase(slot_partner(call)) == PHASE_CALL ?
		PHASE_CONSULT : PHASE_CALL;
}


/**
 * Hold a call, and wait for the number that it shall be transferred to
 *
 * @param call Call
 *
 * @return 0 if success, otherwise errorcode
 */
int transfer_begin(struct call *call)
{
	int err = 0;

	if (!call_is_onhold(call))
		err = talk_hold(call);

	if (!err)
		dialer_transfer(calls_number(call));

	return err;
}


/**
 * Transfer a call without asking
 *
 * @param call   Call
 * @param number Where to
 *
 * @return 0 if success, otherwise errorcode
 */
int transfer_blind(struct call *call, const struct pl *number)
{
	struct slot *slot = slot_get(call);
	char *uri = NULL, *target = NULL;
	int err;

	if (!slot)
		return ENOENT;

	err = number_uri_from(&uri, number, call_get_ua(call));
	if (err)
		goto out;

	err = re_sdprintf(&target, "<%s>", uri);
	if (err)
		goto out;

	slot->referred = true;

	err = call_transfer(call, target);
	if (!err)
		dialer_clear();

 out:
	mem_deref(target);
	mem_deref(uri);

	return err;
}


/**
 * Hold a call, and ask somebody whether he takes it
 *
 * @param call   Call
 * @param number Whom to ask
 * @param no     Number of the second call
 *
 * @return 0 if success, otherwise errorcode
 */
int transfer_consult(struct call *call, const struct pl *number, uint32_t *no)
{
	int err;

	slot_expect(calls_number(call));

	err = dialer_call(call_get_ua(call), number, no);
	if (err)
		slot_expect(0);

	return err;
}


/**
 * Connect the parties of the two calls of a consultation
 *
 * @param call One of the two
 *
 * @return 0 if success, otherwise errorcode
 */
int transfer_complete(struct call *call)
{
	struct call *first = slot_partner(call), *second = call;
	struct slot *slot;

	if (!first)
		return ENOENT;

	if (calls_number(second) < calls_number(first)) {
		second = first;
		first = call;
	}

	slot = slot_get(first);
	if (!slot)
		return ENOENT;

	slot->referred = true;
	slot = slot_get(second);

	return slot ? compat_call_replace(first, second, slot->ltag,
					  slot->rtag) : ENOENT;
}


/**
 * Has a call ended because it was transferred?
 *
 * @param call Call that has ended
 * @param text Why, in baresip's words
 *
 * @return True if a key has transferred it
 */
bool transfer_done(const struct call *call, const char *text)
{
	static const char words[] = "Call transfered";
	const struct slot *slot = slot_find(call);

	return slot && slot->referred && text &&
		!strncmp(text, words, strlen(words));
}


/**
 * A transfer has failed
 *
 * @param call Call that was to be transferred
 * @param text Why
 *
 * @return True if it was transferred by a key: the call goes on
 */
bool transfer_failed(struct call *call, const char *text)
{
	const struct slot *slot = slot_find(call);

	if (!slot || !slot->referred)
		return false;

	warning("provnotify: call %u could not be transferred: %s\n",
		slot->no, text);

	return true;
}
