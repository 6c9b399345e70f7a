/**
 * @file call.c  Calls, where releases differ
 */
#include "compat.h"


#if PN_BARESIP < 10100
static struct list parkedl;     /**< struct call, by its own element        */
#endif


/**
 * Reject a call or hang up, with the event that goes with it
 *
 * In 1.0.0 ua_hangup() also resumes a held call of the same account, which
 * nobody has asked for.
 *
 * @param call   Call, gone afterwards
 * @param scode  Status for a call that rings, else 0
 * @param reason Reason phrase, or NULL
 */
void compat_call_end(struct call *call, uint16_t scode, const char *reason)
{
#if PN_BARESIP < 10100
	call_hangup(call, scode, reason);
	ua_event(call_get_ua(call), UA_EVENT_CALL_CLOSED, call, "%s",
		 reason ? reason : "Connection reset by user");
	mem_deref(call);
	compat_calls_unpark(NULL);
#else
	ua_hangup(call_get_ua(call), call, scode, reason);
#endif
}


/**
 * Keep a call whose transfer has failed; for the handler of that event
 *
 * 1.x drops its reference after the event, and the held party gets a BYE.
 *
 * @param call Call
 */
void compat_call_keep(struct call *call)
{
#if PN_BARESIP < 20000
	mem_ref(call);
#else
	(void)call;
#endif
}


/**
 * Leave held calls held when another one ends; for the handler of that event
 *
 * After the event 1.0.0 looks for a held call of the same account and resumes
 * it. So they are out of the account's list meanwhile.
 *
 * @param call Call that ends
 */
void compat_calls_park(const struct call *call)
{
#if PN_BARESIP < 10100
	struct le *le = list_head(ua_calls(call_get_ua(call)));

	while (le) {
		struct le *next = le->next;

		if (le->data != call && call_is_onhold(le->data)) {
			list_unlink(le);
			list_append(&parkedl, le, le->data);
		}

		le = next;
	}
#else
	(void)call;
#endif
}


#if PN_BARESIP < 10100
static bool is_listed(const struct ua *ua)
{
	struct le *le = list_head(uag_list());

	while (le && le->data != ua)
		le = le->next;

	return le != NULL;
}
#endif


/**
 * Put back all calls that were taken out of their accounts' lists
 *
 * They go to the front: the last one of a list is baresip's current call, and
 * these are held. A call whose account has gone ends, as the others of that.
 *
 * @param ending Account that is no longer listed but still there, or NULL
 */
void compat_calls_unpark(const struct ua *ending)
{
#if PN_BARESIP < 10100
	struct le *le;

	while ((le = list_tail(&parkedl))) {
		struct call *call = le->data;
		struct ua *ua = call_get_ua(call);

		list_unlink(le);

		if (ua == ending || is_listed(ua))
			list_prepend(ua_calls(ua), le, call);
		else
			mem_deref(call);
	}
#else
	(void)ending;
#endif
}


/**
 * All calls of an account, those that are out of its list put back
 *
 * Not for the handler of a call's end, after which they would be resumed.
 *
 * @param ua User agent
 *
 * @return List of struct call
 */
struct list *compat_ua_calls(const struct ua *ua)
{
	compat_calls_unpark(NULL);

	return ua_calls(ua);
}


/**
 * Ask the other party of a call to take the place of ours in another call
 *
 * REFER (RFC 3515) with Replaces (RFC 3891) in its Refer-To. 1.x knows nothing
 * of Replaces, but passes on what stands in angle brackets.
 *
 * @param call  Call
 * @param other Call that is replaced
 * @param ltag  Our tag in that; both are needed with 1.x alone
 * @param rtag  The other party's tag in that
 *
 * @return 0 if success, otherwise errorcode
 */
int compat_call_replace(struct call *call, struct call *other,
			const char *ltag, const char *rtag)
{
#if PN_BARESIP < 20000
	struct pl id, to, from;
	char *uri = NULL;
	int err;

	if (!call || !other || !ltag || !rtag)
		return EINVAL;

	pl_set_str(&id, call_id(other));
	pl_set_str(&to, rtag);
	pl_set_str(&from, ltag);

	err = re_sdprintf(&uri, "<%s?Replaces=%H%%3Bto-tag%%3D%H"
			  "%%3Bfrom-tag%%3D%H>", call_peeruri(other),
			  uri_header_escape, &id, uri_header_escape, &to,
			  uri_header_escape, &from);
	if (err)
		return err;

	err = call_transfer(call, uri);

	mem_deref(uri);

	return err;
#else
	(void)ltag;
	(void)rtag;

	return call_replace_transfer(call, other);
#endif
}


/**
 * Send a call that rings somewhere else (RFC 3261 21.3.3)
 *
 * Before 3.18 a call can be rejected with 4xx to 6xx only. So the 302 goes out
 * by itself, with the tag of the 180; what the call then says comes too late.
 *
 * @param call Call that rings, gone afterwards
 * @param msg  Its INVITE
 * @param uri  Where the caller shall call
 */
void compat_call_redirect(struct call *call, const struct sip_msg *msg,
			  const char *uri)
{
	static const char reason[] = "Moved Temporarily";
	static const char fmt[] = "Contact: <%s>\r\nContent-Length: 0\r\n\r\n";

#if PN_BARESIP < 31800
	(void)sip_replyf(uag_sip(), msg, 302, reason, fmt, uri);
	compat_call_end(call, 486, "Busy Here");
#else
	(void)msg;

	ua_hangupf(call_get_ua(call), call, 302, reason, fmt, uri);
#endif
}
