/**
 * @file lsnr.c  Our place among the listeners of libre's SIP stack
 *
 * sip_listen() appends, and libre's sipevent, which is in the list already,
 * answers every NOTIFY that it sees: 489, 400 or 481. A listener that wants
 * to see one first has to stand before sipevent, and behind the two
 * transaction layers, which absorb retransmissions, CANCEL and ACK. libre has
 * no call for that, so the element is moved by hand, after a look at whether
 * the list is what all releases from 1.0.0 to 4.10 make of it.
 */
#include <string.h>
#include <strings.h>
#include "compat.h"


/*
 * What an element of the list is, in all releases. It is only read, and only
 * after our own element was found to be laid out just so.
 */
struct lsnr_view {
	struct le le;
	struct sip_lsnr **lsnrp;
	sip_msg_h *msgh;
	void *arg;
	bool req;
};


static bool view_matches(const struct lsnr_view *view, struct sip_lsnr **lp,
			 bool req, sip_msg_h *h, const void *arg)
{
	return view->le.data == view && view->lsnrp == lp &&
		view->msgh == h && view->arg == arg && view->req == req;
}


static bool is_layer(const struct le *le, const struct sip *sip, bool req)
{
	const struct lsnr_view *view = (const void *)le;

	return le && le->data == view && view->req == req && view->arg == sip;
}


/* Append an element, and hand it out if the list is as expected */
static int listen_checked(struct lsnr_view **viewp, struct sip_lsnr **lp,
			  struct sip *sip, bool req, sip_msg_h *h, void *arg)
{
	struct lsnr_view *view;
	struct list *list;
	int err;

	if (!lp || !sip || !h)
		return EINVAL;

	err = sip_listen(lp, sip, req, h, arg);
	if (err)
		return err;

	view = (void *)*lp;
	list = view->le.list;

	/* Our own element first: only then the others can be read */
	if (!view_matches(view, lp, req, h, arg) || !list ||
	    list->tail != &view->le)
		err = EPROTO;

	*viewp = view;

	if (err)
		*lp = mem_deref(*lp);

	return err;
}


/**
 * Listen to all responses, before every other listener
 *
 * The handler must return false: it looks on, and the response goes its way.
 *
 * @param lp  Pointer to allocated listener
 * @param sip SIP stack
 * @param h   Message handler
 * @param arg Handler argument
 *
 * @return 0 if success, EPROTO if libre's list is not as expected
 */
int compat_listen_response(struct sip_lsnr **lp, struct sip *sip,
			   sip_msg_h *h, void *arg)
{
	struct lsnr_view *view = NULL;
	struct list *list;
	int err;

	err = listen_checked(&view, lp, sip, false, h, arg);
	if (err)
		return err;

	list = view->le.list;

	list_unlink(&view->le);
	list_prepend(list, &view->le, view);

	return 0;
}


/**
 * Listen to requests behind the transaction layers and before all others
 *
 * @param lp  Pointer to allocated listener
 * @param sip SIP stack
 * @param h   Message handler
 * @param arg Handler argument
 *
 * @return 0 if success, EPROTO if libre's list is not as expected
 */
int compat_listen_request(struct sip_lsnr **lp, struct sip *sip,
			  sip_msg_h *h, void *arg)
{
	struct lsnr_view *view = NULL;
	struct le *le;
	int err;

	err = listen_checked(&view, lp, sip, true, h, arg);
	if (err)
		return err;

	/* Client transactions, then server transactions; before them only
	   listeners for responses that we placed there ourselves */
	for (le = view->le.list->head; le; le = le->next) {
		const struct lsnr_view *other = (const void *)le;

		if (is_layer(le, sip, false))
			break;

		if (le->data != le || other->req)
			goto bad;
	}

	if (!le || !is_layer(le->next, sip, true))
		goto bad;

	le = le->next;

	list_unlink(&view->le);
	list_insert_after(le->list, le, &view->le, view);

	return 0;

 bad:
	*lp = mem_deref(*lp);

	return EPROTO;
}


/**
 * Set the tag that libre puts into To when it answers a request
 *
 * sip_replyf() takes the tag from the message, where it is random for every
 * packet; libre's own server transactions set it the same way.
 *
 * @param msg SIP request
 * @param tag Tag
 */
void compat_msg_tag_set(const struct sip_msg *msg, uint64_t tag)
{
	if (msg)
		((struct sip_msg *)msg)->tag = tag;
}


/**
 * Let an answer go to where the packet came from
 *
 * Without rport libre answers to the port of the Via. A PnP server copies the
 * phone's own Via into its NOTIFY, so that the answer would come back here.
 *
 * @param msg SIP request
 */
void compat_msg_reply_to_source(const struct sip_msg *msg)
{
	if (msg)
		sa_set_port(&((struct sip_msg *)msg)->via.addr,
			    sa_port(&msg->src));
}


/* libre's search for a parameter costs as much as the answer's headers, for
   what hardly anybody sends */
static bool may_have(const struct pl *params, const char *name)
{
	const size_t len = strlen(name);
	size_t i;

	for (i=0; i + len <= params->l; i++) {

		/* Lower case, as the name is */
		if ((params->p[i] | 0x20) == name[0] &&
		    !strncasecmp(&params->p[i], name, len))
			return true;
	}

	return false;
}


/**
 * Ignore a Via maddr that names another address than the packet's source
 *
 * libre would answer to it, and the phone would be somebody's reflector.
 *
 * @param msg SIP request
 */
void compat_msg_ignore_maddr(const struct sip_msg *msg)
{
	struct pl maddr, rport;
	struct sa sa;

	if (!msg || !may_have(&msg->via.params, "maddr") ||
	    msg_param_decode(&msg->via.params, "maddr", &maddr))
		return;

	if (!sa_set(&sa, &maddr, 0) && sa_cmp(&sa, &msg->src, SA_ADDR))
		return;

	if (msg_param_exists(&msg->via.params, "rport", &rport))
		rport = pl_null;

	((struct sip_msg *)msg)->via.params = rport;
}


/**
 * Let go of the socket that a request came over, once it is answered
 *
 * A request that is kept would keep it open: after a change of the network
 * libre could not bind the port again, and would free a TCP connection that
 * is not its own any more.
 *
 * @param msg SIP request
 */
void compat_msg_release_sock(const struct sip_msg *msg)
{
	struct sip_msg *m = (struct sip_msg *)msg;

	if (m)
		m->sock = mem_deref(m->sock);
}
