/**
 * @file incoming.c  What becomes of a call that comes in
 *
 * An INVITE is refused or sent on before libre's sessions see it: the phone
 * does not ring and there is no call. One that nobody answers in time rings
 * first; its INVITE is kept for the answer.
 */
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "phone/phone.h"
#include "phone/room.h"


/** A call that rings and will be sent on */
struct waiting {
	struct le le;
	struct deadline deadline;
	struct sip_msg *msg;    /**< Its INVITE                             */
	char *uri;              /**< Where to                               */
};

static struct {
	struct sip_lsnr *lsnr;
	struct sip_msg *last;   /**< The INVITE that is being taken         */
	struct list waitingl;   /**< struct waiting                         */
} incoming;


static void destructor(void *arg)
{
	struct waiting *w = arg;

	list_unlink(&w->le);
	deadline_cancel(&w->deadline);
	mem_deref(w->msg);
	mem_deref(w->uri);
}


/* Only releases from 2.0 on know Replaces; the others would ring */
static bool replaces_call(const struct sip_msg *msg)
{
#if PN_BARESIP >= 20000
	return sip_msg_hdr(msg, SIP_HDR_REPLACES) != NULL;
#else
	(void)msg;

	return false;
#endif
}


/* The target, seen from the account that is called; none: it rings here */
static char *target_uri(enum feature_id id, const struct sip_msg *msg)
{
	struct ua *ua = uag_find(&msg->uri.user);
	const struct feature *fwd = feature_get(id, ua);
	char *uri = NULL;
	struct pl pl;
	int err;

	if (!ua || !feature_on(id, ua) || !fwd->target)
		return NULL;

	pl_set_str(&pl, fwd->target);

	err = number_uri_from(&uri, &pl, ua);
	if (err)
		warning("provnotify: a call cannot be forwarded: %m\n", err);

	return uri;
}


static bool forward(enum feature_id id, const struct sip_msg *msg)
{
	char *uri = target_uri(id, msg);

	if (!uri)
		return false;

	info("provnotify: a call was forwarded\n");

	(void)sip_treplyf(NULL, NULL, uag_sip(), msg, false, 302,
			  "Moved Temporarily", "Contact: <%s>\r\n"
			  "Content-Length: 0\r\n\r\n", uri);
	mem_deref(uri);

	return true;
}


static bool refuse(const struct sip_msg *msg, uint16_t scode,
		   const char *reason, const char *why)
{
	info("provnotify: a call was refused: %s\n", why);

	(void)sip_treply(NULL, uag_sip(), msg, scode, reason);

	return true;
}


static bool refuse_dnd(const struct sip_msg *msg)
{
	static const struct {
		uint16_t scode;
		const char *reason;
	} phrasev[] = {
		{404, "Not Found"},
		{480, "Temporarily Unavailable"},
		{486, "Busy Here"},
		{603, "Decline"},
	};
	const uint16_t scode = feature_dnd_code();
	size_t i = 0;

	while (i < RE_ARRAY_SIZE(phrasev) - 1 && phrasev[i].scode != scode)
		++i;

	return refuse(msg, scode, phrasev[i].reason, "do not disturb");
}


static bool is_busy(void)
{
	return !feature_on(FEATURE_CALL_WAITING, NULL) &&
		(calls_up(NULL) || calls_ringing(NULL));
}


static bool request_handler(const struct sip_msg *msg, void *arg)
{
	const struct ua *ua;
	(void)arg;

	incoming.last = mem_deref(incoming.last);

	if (pl_strcmp(&msg->met, "INVITE") || pl_isset(&msg->to.tag) ||
	    replaces_call(msg))
		return false;

	ua = uag_find(&msg->uri.user);

	if (forward(FEATURE_ALWAYS, msg))
		return true;

	if (feature_on(FEATURE_DND, ua))
		return refuse_dnd(msg);

	if (is_busy())
		return forward(FEATURE_BUSY, msg) ||
			refuse(msg, 486, "Busy Here", "no call waiting");

	if (feature_on(FEATURE_NO_ANSWER, ua))
		incoming.last = mem_ref((struct sip_msg *)msg);

	return false;
}


static void waiting_handler(void *arg)
{
	struct waiting *w = arg;
	struct call *call = calls_dialog(&w->msg->callid);

	/* The end of the call shall not find it */
	list_unlink(&w->le);

	if (calls_phase(call) == PHASE_RINGING) {
		info("provnotify: nobody answers: a call was forwarded\n");
		compat_call_redirect(call, w->msg, w->uri);
	}

	mem_deref(w);
}


/**
 * Listen to INVITEs
 *
 * @return 0 if success, otherwise errorcode
 */
int incoming_init(void)
{
	return compat_listen_request(&incoming.lsnr, uag_sip(),
				     request_handler, NULL);
}


/**
 * No longer listen; calls that ring go on ringing
 */
void incoming_close(void)
{
	incoming.lsnr = mem_deref(incoming.lsnr);
	incoming.last = mem_deref(incoming.last);
	list_flush(&incoming.waitingl);
}


/**
 * A call begins to ring
 *
 * @param call Call
 */
void incoming_rings(const struct call *call)
{
	struct sip_msg *msg = incoming.last;
	struct waiting *w;

	incoming.last = NULL;

	if (!msg || pl_strcmp(&msg->callid, call_id(call)))
		goto out;

	w = mem_zalloc(sizeof(*w), destructor);
	if (!w)
		goto out;

	w->msg = mem_ref(msg);
	w->uri = target_uri(FEATURE_NO_ANSWER, msg);
	if (!w->uri) {
		mem_deref(w);
		goto out;
	}

	list_append(&incoming.waitingl, &w->le, w);
	deadline_start(&w->deadline, 1000ULL * feature_get(
			       FEATURE_NO_ANSWER, call_get_ua(call))->seconds,
		       waiting_handler, w);

 out:
	mem_deref(msg);
}


/**
 * A call is over
 *
 * @param call Call
 */
void incoming_over(const struct call *call)
{
	struct le *le = incoming.waitingl.head;

	while (le) {
		struct waiting *w = le->data;

		le = le->next;

		if (!pl_strcmp(&w->msg->callid, call_id(call)))
			mem_deref(w);
	}
}
