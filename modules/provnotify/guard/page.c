/**
 * @file page.c  Requests that a page in somebody's browser makes
 *
 * A person who looks at a foreign page may be listed, and have logged in
 * before; what the page asks for, that person did not. Browsers say where a
 * request comes from (Origin, Referer, Sec-Fetch-Site). With DNS rebinding
 * they know no better, but then they name a host that is not ours.
 */
#include <string.h>
#include <re.h>
#include "request.h"
#include "grammar.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"


enum {
	VALUE_MAX = 512,        /**< A longer header names no host of ours  */
	ADDR_MAX  = 46,         /**< An IPv6 address at its longest         */
};


/* All of 127.0.0.0/8; libre knows the first address of it alone */
static bool is_loopback(const struct sa *sa)
{
	return sa_is_loopback(sa) ||
		(sa_af(sa) == AF_INET && sa_in(sa) >> 24 == 127);
}


static bool in_settings(const struct pl *host, const struct pl *hostport)
{
	struct pl rest, name;

	pl_set_str(&rest, settings()->http_host ? settings()->http_host : "");

	while (!re_regex(rest.p, rest.l, "[^ \t,]+", &name)) {

		pl_advance(&rest, name.p + name.l - rest.p);

		if (!pl_casecmp(&name, host) || !pl_casecmp(&name, hostport))
			return true;
	}

	return false;
}


/* The address that the request came to, or a name that was set for it */
static bool is_ours(const struct pl *hostport, const struct sa *laddr)
{
	struct pl host, addr;
	uint16_t port;
	struct sa sa;

	if (!grammar_hostport(hostport, &host, &port))
		return false;

	addr = host;
	if (addr.p[0] == '[') {
		++addr.p;
		addr.l -= 2;
	}

	if (addr.l < ADDR_MAX && !sa_set(&sa, &addr, 0) &&
	    sa_cmp(&sa, laddr, SA_ADDR))
		return true;

	/* Nobody can make this name lead to another address */
	if (!pl_strcasecmp(&host, "localhost") && is_loopback(laddr))
		return true;

	return in_settings(&host, hostport);
}


static bool host_foreign(const struct http_hdr *hdr, void *arg)
{
	const struct http_get *get = arg;

	return !is_ours(&hdr->val, &get->laddr);
}


/* The URL of a page, or its beginning; "null" is nobody's */
static bool page_handler(const struct http_hdr *hdr, void *arg)
{
	const struct http_get *get = arg;
	const struct pl *val = &hdr->val;
	struct pl scheme, hostport;

	return val->l > VALUE_MAX ||
		re_regex(val->p, val->l, "[a-z]+://[^/?#]+", &scheme,
			 &hostport) ||
		scheme.p != val->p || !is_ours(&hostport, &get->laddr);
}


static bool site_handler(const struct http_hdr *hdr, void *arg)
{
	(void)arg;

	return !pl_strcasecmp(&hdr->val, "cross-site") ||
		!pl_strcasecmp(&hdr->val, "same-site");
}


/* By name: libre's numbers for headers are hashes, which may collide */
static const struct {
	const char *name;
	http_hdr_h *h;          /**< True if it is foreign                  */
} pagev[] = {
	{"Origin",         page_handler},
	{"Referer",        page_handler},
	{"Sec-Fetch-Site", site_handler},
};


/**
 * Refuse what a page of another host asks for (Fetch Metadata, RFC 6454), and
 * what is meant for another host: browsers always say which one they mean
 *
 * @param req    Request
 * @param answer Answer
 *
 * @return True if it is refused
 */
bool page_refused(struct request *req, struct answer *answer)
{
	size_t i;

	if (!req->get)
		return false;

	if (http_msg_xhdr_apply(req->get->msg, true, "Host", host_foreign,
				(void *)req->get))
		return request_refuse(req, answer, REFUSAL_BAD_HOST);

	for (i=0; i<sizeof(pagev)/sizeof(pagev[0]); i++) {

		if (http_msg_xhdr_apply(req->get->msg, true, pagev[i].name,
					pagev[i].h, (void *)req->get))
			return request_refuse(req, answer, REFUSAL_FOREIGN);
	}

	return false;
}
