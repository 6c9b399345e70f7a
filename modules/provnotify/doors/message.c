/**
 * @file message.c  What a SIP NOTIFY says, and what it says wrongly
 */
#include <ifaddrs.h>
#include <net/if.h>
#include "compat/compat.h"
#include "request.h"
#include "doors/message.h"


/* Headers of which there is one at most, RFC 3261 7.3.1 and 20 */
static const enum sip_hdrid singlev[] = {
	SIP_HDR_EVENT, SIP_HDR_SUBSCRIPTION_STATE, SIP_HDR_FROM, SIP_HDR_TO,
	SIP_HDR_CALL_ID, SIP_HDR_CSEQ, SIP_HDR_CONTENT_LENGTH,
	SIP_HDR_CONTENT_TYPE, SIP_HDR_MAX_FORWARDS,
};


static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}


static void trim(struct pl *pl)
{
	while (pl->l && is_blank(pl->p[0]))
		pl_advance(pl, 1);

	while (pl->l && is_blank(pl->p[pl->l - 1]))
		--pl->l;
}


/**
 * Split the Event header: RFC 6665 8.2.1, with blanks where senders put them
 *
 * @param name   Name of the event package
 * @param params Parameters, from the first `;` on
 * @param msg    SIP request
 *
 * @return 0 if success, ENOENT if there is no such header
 */
int message_event(struct pl *name, struct pl *params,
		  const struct sip_msg *msg)
{
	const struct sip_hdr *hdr;
	const char *semi;

	hdr = sip_msg_hdr(msg, SIP_HDR_EVENT);
	if (!hdr || !pl_isset(&hdr->val))
		return ENOENT;

	*name = hdr->val;
	*params = pl_null;

	semi = pl_strchr(&hdr->val, ';');
	if (semi) {
		name->l = (size_t)(semi - name->p);
		params->p = semi;
		params->l = hdr->val.l - name->l;
	}

	trim(name);
	trim(params);

	return 0;
}


/**
 * The body: Content-Length bytes of what came, trimmed (RFC 3261 18.3)
 *
 * @param body     Body
 * @param breaches Breaches are added here
 * @param msg      SIP request
 */
void message_body(struct pl *body, uint32_t *breaches,
		  const struct sip_msg *msg)
{
	body->p = (const char *)mbuf_buf(msg->mb);
	body->l = mbuf_get_left(msg->mb);

	if (pl_isset(&msg->clen)) {

		const uint64_t clen = pl_u64(&msg->clen);
		struct pl more = *body;

		if (clen < body->l) {

			body->l = (size_t)clen;
			pl_advance(&more, (ssize_t)clen);
			trim(&more);

			/* Line ends behind the body harm nobody */
			if (more.l)
				*breaches |= BREACH_BODY_LONG;
		}
		else if (clen > body->l) {
			*breaches |= BREACH_BODY_SHORT;
		}
	}

	trim(body);
}


static bool stands_twice(const struct sip_msg *msg)
{
	uint32_t seen = 0;
	struct le *le;
	size_t i;

	for (le = list_head(&msg->hdrl); le; le = le->next) {

		const struct sip_hdr *hdr = le->data;

		for (i=0; i<RE_ARRAY_SIZE(singlev); i++) {

			if (hdr->id != singlev[i])
				continue;

			if (seen & (1u << i))
				return true;

			seen |= 1u << i;
		}
	}

	return false;
}


/**
 * What a NOTIFY does against RFC 3261 and RFC 6665, apart from its body.
 * That it is unsolicited is no breach here.
 *
 * @param msg SIP request
 *
 * @return enum breach
 */
uint32_t message_breaches(const struct sip_msg *msg)
{
	uint32_t breaches = 0;

	if (!sip_msg_hdr(msg, SIP_HDR_TO))
		breaches |= BREACH_NO_TO;
	else if (pl_isset(&msg->to.tag))
		breaches |= BREACH_TO_TAG;

	if (!pl_isset(&msg->from.tag))
		breaches |= BREACH_NO_FROM_TAG;

	if (!pl_isset(&msg->cseq.met))
		breaches |= BREACH_NO_CSEQ;
	else if (pl_cmp(&msg->cseq.met, &msg->met))
		breaches |= BREACH_CSEQ_METHOD;

	if (!sip_msg_hdr(msg, SIP_HDR_SUBSCRIPTION_STATE))
		breaches |= BREACH_NO_SUBSTATE;

	if (!pl_isset(&msg->maxfwd))
		breaches |= BREACH_NO_MAXFWD;

	if (!pl_isset(&msg->callid))
		breaches |= BREACH_NO_CALLID;

	if (stands_twice(msg))
		breaches |= BREACH_TWICE;

	return breaches;
}


/* One URL, and nothing else */
static bool is_url(const struct pl *pl)
{
	struct pl scheme, rest;

	return !re_regex(pl->p, pl->l, "[a-zA-Z]+://[^ \t\r\n<>\"]+",
			 &scheme, &rest) && scheme.l + 3 + rest.l == pl->l;
}


/**
 * Is there a URL in a ua-profile NOTIFY? Others use the event too, with a
 * profile as XML; those are not PnP.
 *
 * @param msg  SIP request
 * @param body Its body
 *
 * @return True if there is
 */
bool message_has_url(const struct sip_msg *msg, const struct pl *body)
{
	if (!pl_strcasecmp(&msg->ctyp.type, "application") &&
	    !pl_strcasecmp(&msg->ctyp.subtype, "url"))
		return true;

	return is_url(body);
}


/**
 * Does the Via lead elsewhere than to its sender? A PnP server copies the
 * phone's own one, so that an answer to its port would come back here.
 *
 * @param msg SIP request
 *
 * @return False if it names the packet's source, and not this phone itself
 */
bool message_via_is_copied(const struct sip_msg *msg)
{
	struct sa via = msg->via.addr;

	if (!sa_port(&via))
		sa_set_port(&via, SIP_PORT);

	return !sa_cmp(&via, &msg->src, SA_ADDR) ||
		sa_cmp(&via, &msg->dst, SA_ALL);
}


static bool is_broadcast_here(uint32_t in)
{
	struct ifaddrs *ifaddr, *ifa;
	bool found = false;

	/* The last address of a network, so never one that ends otherwise */
	if ((in & 3) != 3 || getifaddrs(&ifaddr))
		return false;

	for (ifa = ifaddr; ifa && !found; ifa = ifa->ifa_next) {

		struct sa sa;

		if (ifa->ifa_addr && (ifa->ifa_flags & IFF_BROADCAST) &&
		    ifa->ifa_broadaddr &&
		    ifa->ifa_addr->sa_family == AF_INET &&
		    !sa_set_sa(&sa, ifa->ifa_broadaddr))
			found = sa_in(&sa) == in;
	}

	freeifaddrs(ifaddr);

	return found;
}


/**
 * Was a request sent to everybody? An answer, or a deed, of every phone in
 * the house is what an attacker wants.
 *
 * @param msg SIP request
 *
 * @return True if the Request-URI's host is multicast, broadcast or 0.0.0.0
 */
bool message_is_broadcast(const struct sip_msg *msg)
{
	uint8_t in6[16];
	struct sa sa;
	uint32_t in;

	if (sa_set(&sa, &msg->uri.host, 0))
		return false;

	if (sa_is_any(&sa))
		return true;

	if (sa_af(&sa) == AF_INET6) {
		sa_in6(&sa, in6);
		return in6[0] == 0xff;
	}

	in = sa_in(&sa);

	if ((in >> 28) == 0xe || in == 0xffffffff)
		return true;

	return !sa_cmp(&sa, &msg->dst, SA_ADDR) && is_broadcast_here(in);
}


/**
 * Who sends a SIP request
 *
 * @param src Source
 * @param msg SIP request
 */
void message_source(struct source *src, const struct sip_msg *msg)
{
	src->addr = msg->src;
	src->stream = msg->tp != SIP_TRANSP_UDP;
	src->proto = msg->tp == SIP_TRANSP_UDP ? "udp" :
		     msg->tp == SIP_TRANSP_TCP ? "tcp" :
		     msg->tp == SIP_TRANSP_TLS ? "tls" : "ws";
}
