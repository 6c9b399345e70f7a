/**
 * @file notify.c  The door for SIP NOTIFY
 *
 * Stands behind the transaction layers and before libre's sipevent, which
 * answers every NOTIFY that it sees. What is not ours goes on to it: the
 * subscriptions of mwi, presence and REFER work as without the module.
 */
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "desk.h"
#include "restart/restart.h"
#include "phone/phone.h"
#include "doors/doors.h"
#include "doors/message.h"
#include "doors/ring.h"


static struct sip_lsnr *lsnr;


/* Contact, as RFC 6665 8.1.3 asks for: the account's, else the phone's own */
static int print_contact(struct re_printf *pf, const struct request *req)
{
	const struct sip_msg *msg = req->msg;
	struct sip_contact contact;
	struct sa laddr = msg->dst;

	/* Over TCP and TLS dst is a port that nobody can connect to */
	if (msg->tp != SIP_TRANSP_UDP)
		(void)sip_transp_laddr(uag_sip(), &laddr, msg->tp, &msg->src);

	if (!req->ua)
		return re_hprintf(pf, "Contact: <sip:%J%s>\r\n", &laddr,
				  sip_transp_param(msg->tp));

	sip_contact_set(&contact, ua_cuser(req->ua), &laddr, msg->tp);

	return sip_contact_print(pf, &contact);
}


static int print_headers(struct re_printf *pf, const struct request *req)
{
	const struct answer *answer = &req->answer;
	int err = 0;

	if (answer->scode < 300)
		err |= print_contact(pf, req);

	if (answer->scode == 415)
		err |= re_hprintf(pf, "Accept: message/sipfrag,"
				  " text/plain\r\n");

	if (answer->retry_after)
		err |= re_hprintf(pf, "Retry-After: %u\r\n",
				  answer->retry_after);

	if (str_isset(answer->challenge))
		err |= re_hprintf(pf, "WWW-Authenticate: %s\r\n",
				  answer->challenge);

	if (str_isset(answer->warning))
		err |= re_hprintf(pf, "Warning: 399 provnotify \"%s\"\r\n",
				  answer->warning);

	return err;
}


static void send_answer(const struct request *req)
{
	int err;

	compat_msg_tag_set(req->msg, req->token);
	compat_msg_ignore_maddr(req->msg);

	if (req->event->action == ACTION_PNP &&
	    message_via_is_copied(req->msg))
		compat_msg_reply_to_source(req->msg);

	err = sip_replyf(uag_sip(), req->msg, req->answer.scode,
			 req->answer.reason, "%HContent-Length: 0\r\n\r\n",
			 print_headers, req);
	if (err)
		warning("provnotify: answer to %J: %m\n",
			&req->msg->src, err);
}


static void answer_handler(struct request *req, const struct answer *answer)
{
	if (!answer->scode)
		return;

	send_answer(req);

	/*
	 * A refusal is answered the same again without being remembered,
	 * unless its nonce is spent
	 */
	if (req->verdict != VERDICT_REFUSED || req->authentic)
		ring_add(req->token, answer);
}


static struct pl header(const struct sip_msg *msg, enum sip_hdrid id)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, id);

	return hdr ? hdr->val : pl_null;
}


static void request_fill(struct request *req, const struct sip_msg *msg)
{
	req->keep = mem_ref((void *)msg);
	req->msg = msg;

	message_source(&req->source, msg);

	req->ruri      = msg->ruri;
	req->user      = msg->uri.user;
	req->from      = msg->from.auri;
	req->call_id   = msg->callid;
	req->cseq      = header(msg, SIP_HDR_CSEQ);
	req->ctype     = header(msg, SIP_HDR_CONTENT_TYPE);
	req->breaches |= message_breaches(msg);

	/* In a call's dialog a To tag must be */
	if (req->event->dialog && phone_dialog(&msg->callid))
		req->breaches &= ~(uint32_t)BREACH_TO_TAG;

	req->broadcast = message_is_broadcast(msg);
	req->answerh   = answer_handler;

	req->ua = accounts_find(&req->user, &req->source, &req->addressed);
}


static void answer_again(struct request *req, const struct sip_msg *msg,
			 const struct answer *answer)
{
	req->msg = msg;
	req->keep = mem_ref((void *)msg);
	req->answer = *answer;

	message_source(&req->source, msg);
	req->ua = accounts_find(&msg->uri.user, &req->source,
				&req->addressed);

	send_answer(req);
}


static bool request_handler(const struct sip_msg *msg, void *arg)
{
	const struct answer *before;
	const struct event *event;
	enum door door = DOOR_NOTIFY;
	struct request *req;
	struct pl name, params, body;
	uint32_t breaches = 0;
	(void)arg;

	if (pl_strcmp(&msg->met, "NOTIFY") ||
	    message_event(&name, &params, msg))
		return false;

	event = event_find(&name);
	if (!event)
		return false;

	message_body(&body, &breaches, msg);

	if (event->action == ACTION_PNP && !message_has_url(msg, &body))
		return false;

	if (event->action == ACTION_PNP && pnp_is_answer(msg))
		door = DOOR_PNP;

	if (request_alloc(&req, door))
		return true;

	req->token = ring_token(msg);
	req->event = event;

	before = ring_find(req->token);
	if (before) {
		answer_again(req, msg, before);
		goto out;
	}

	req->event_name = name;
	req->params = params;
	req->body = body;
	req->breaches = breaches;

	request_fill(req, msg);

	desk_handle(req);

	if (door == DOOR_PNP)
		pnp_answered(req->verdict);

	/* It may be kept for hours, and must not keep the socket */
	compat_msg_release_sock(msg);

 out:
	mem_deref(req);

	return true;
}


/**
 * Open the door
 *
 * @return 0 if success, otherwise errorcode
 */
int notify_init(void)
{
	int err;

	err = ring_init();
	if (err)
		return err;

	err = compat_listen_request(&lsnr, uag_sip(), request_handler, NULL);
	if (err)
		warning("provnotify: libre's list of SIP listeners is not as"
			" expected (%m): this release of libre is not"
			" supported\n", err);

	return err;
}


/**
 * Close the door
 */
void notify_close(void)
{
	/* Already cleared by its destructor where the SIP stack is gone */
	lsnr = mem_deref(lsnr);
	ring_close();
}


/**
 * Take back the entry of the NOTIFY that ordered the restart
 *
 * @param handover What the process before this one handed over
 */
void notify_resumed(const struct handover *handover)
{
	if (handover && handover->token)
		ring_add(handover->token, &handover->answer);
}
