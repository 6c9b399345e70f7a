/**
 * @file origin.c  Where a request really comes from, and is that trusted
 */
#include <ctype.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "accounts/accounts.h"
#include "addrlist/addrlist.h"
#include "clock.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"


enum {
	VIA_MAX  = 16,
	HOST_MAX = 63,          /**< What a phrase has room for             */
	RESOLVE_MS = 300 * 1000, /**< Names are looked up again [ms]        */
};

static struct deadline resolve;

/** The first Via that is not trusted */
struct search {
	const struct request *req;
	struct pl host;
	unsigned viac;
};


static bool by_server(void)
{
	return addrlist_has(settings()->notify_from, ADDR_SERVER);
}


static bool addr_trusted(const struct request *req, const struct sa *addr)
{
	return addrlist_match(settings()->notify_from, addr) ||
		(by_server() && accounts_is_server_addr(req->ua, addr));
}


static bool name_trusted(const struct request *req, const struct pl *name)
{
	return addrlist_match_name(settings()->notify_from, name) ||
		(by_server() && accounts_is_server_name(req->ua, name));
}


/* Each received counts: a sender can write one of its own into its Via */
static bool received_trusted(struct search *search, struct pl params)
{
	struct sa addr;

	while (!msg_param_decode(&params, "received", &search->host)) {

		struct pl host = search->host;

		pl_advance(&params, host.p + host.l - params.p);

		(void)re_regex(host.p, host.l, "[^\\[\\]]+", &host);

		if (sa_set(&addr, &host, 0) ||
		    !addr_trusted(search->req, &addr))
			return false;
	}

	return true;
}


static bool sentby_trusted(struct search *search, const struct sip_via *via)
{
	struct pl port;

	if (uri_decode_hostport(&via->sentby, &search->host, &port))
		return false;

	if (sa_isset(&via->addr, SA_ADDR))
		return addr_trusted(search->req, &via->addr);

	return name_trusted(search->req, &search->host);
}


static bool via_handler(const struct sip_hdr *hdr, const struct sip_msg *msg,
			void *arg)
{
	struct search *search = arg;
	struct sip_via via;
	struct pl pl;
	(void)msg;

	/* The top one is ours to judge, by the packet's source */
	if (!search->viac++)
		return false;

	search->host = pl_null;

	if (search->viac > VIA_MAX || sip_via_decode(&via, &hdr->val))
		return true;

	if (!msg_param_decode(&via.params, "received", &pl))
		return !received_trusted(search, via.params);

	return !sentby_trusted(search, &via);
}


/* What the network sent is printed only if it looks like a host */
static bool is_host(const struct pl *host)
{
	size_t i;

	if (!pl_isset(host) || host->l > HOST_MAX)
		return false;

	for (i=0; i<host->l; i++) {

		if (!isalnum((unsigned char)host->p[i]) &&
		    (!host->p[i] || !strchr(".-_:", host->p[i])))
			return false;
	}

	return true;
}


static void resolve_handler(void *arg)
{
	(void)arg;

	addrlist_resolve(settings()->notify_from);
	addrlist_resolve(settings()->http_from);

	deadline_start(&resolve, RESOLVE_MS, resolve_handler, NULL);
}


/**
 * Look up the names in the lists, now and every five minutes
 */
void origin_init(void)
{
	deadline_start(&resolve, 0, resolve_handler, NULL);
}


/**
 * Look up names no more
 */
void origin_close(void)
{
	deadline_cancel(&resolve);
}


/**
 * How far is the source of a NOTIFY trusted?
 *
 * An address that is listed may do everything. So may the account's own
 * server over TCP and TLS; over UDP, where a source is easily forged, only
 * with the contact user, which it alone knows.
 *
 * @param req Request
 *
 * @return How far
 */
enum trust origin_trust(const struct request *req)
{
	if (addrlist_match(settings()->notify_from, &req->source.addr))
		return TRUST_ALL;

	if (!by_server() || !accounts_is_server(req->ua, &req->source))
		return TRUST_NONE;

	return req->source.stream || req->addressed != ADDRESSED_AOR ?
		TRUST_ALL : TRUST_RESYNC;
}


/**
 * Is every host trusted that a NOTIFY came through?
 *
 * The top Via is judged by the packet's source (origin_trust), each further
 * one by its received, else by its sent-by (RFC 3261 18.2.1).
 *
 * @param req  Request
 * @param who  Where not: the host that is not trusted, safe to print
 * @param size Size of that buffer [bytes]
 *
 * @return True if all are trusted
 */
bool origin_vias(const struct request *req, char *who, size_t size)
{
	static const struct pl unreadable = PL("an unreadable Via");
	struct search search = { .req = req };

	if (!sip_msg_hdr_apply(req->msg, true, SIP_HDR_VIA, via_handler,
			       &search))
		return true;

	(void)re_snprintf(who, size, "%r", is_host(&search.host) ?
			  &search.host : &unreadable);

	return false;
}


/**
 * May an address GET an action URI at all?
 *
 * @param addr Address of the peer; the port does not count
 *
 * @return True if provnotify_http_from has it
 */
bool guard_trusts_addr(const struct sa *addr)
{
	return addr && addrlist_match(settings()->http_from, addr);
}
