/**
 * @file host.c  The hosts of accounts that do not register
 *
 * Nothing can be learned of their server, so their names are looked up, early
 * and again, so that the first request finds them.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts.h"
#include "addrlist.h"
#include "clock.h"


enum {
	RESOLVE_MS = 300 * 1000,    /**< Names are looked up again [ms]     */
};

/** A host and what it resolved to */
struct host {
	struct le le;
	char *name;
	struct addrlist *al;
};

static struct list hostl;
static struct deadline resolve;


static void host_destructor(void *arg)
{
	struct host *host = arg;

	list_unlink(&host->le);
	mem_deref(host->name);
	mem_deref(host->al);
}


static struct addrlist *host_addresses(const struct pl *name)
{
	struct host *host;
	struct pl bad;
	struct le *le;

	for (le = list_head(&hostl); le; le = le->next) {

		host = le->data;

		if (!pl_strcasecmp(name, host->name))
			return host->al;
	}

	host = mem_zalloc(sizeof(*host), host_destructor);
	if (!host)
		return NULL;

	/* A domain called "any" is a name, and no word of a list */
	if (pl_strdup(&host->name, name) ||
	    addrlist_decode(&host->al, name, false, &bad) ||
	    addrlist_has(host->al, ADDR_ANY)) {
		mem_deref(host);
		return NULL;
	}

	list_append(&hostl, &host->le, host);
	addrlist_resolve(host->al);

	return host->al;
}


static void resolve_handler(void *arg)
{
	struct le *le;
	struct pl host;
	(void)arg;

	for (le = list_head(&hostl); le; le = le->next) {
		const struct host *h = le->data;

		addrlist_resolve(h->al);
	}

	for (le = list_head(uag_list()); le; le = le->next) {

		if (!account_regint(ua_account(le->data)) &&
		    !host_get(&host, le->data))
			(void)host_addresses(&host);
	}

	deadline_start(&resolve, RESOLVE_MS, resolve_handler, NULL);
}


static bool is_host(const struct ua *ua, const struct sa *addr)
{
	struct pl host;

	if (account_regint(ua_account(ua)) || host_get(&host, ua))
		return false;

	return addrlist_match(host_addresses(&host), addr);
}


/**
 * Start to look names up
 */
void host_init(void)
{
	deadline_start(&resolve, 0, resolve_handler, NULL);
}


/**
 * Forget all names
 */
void host_close(void)
{
	deadline_cancel(&resolve);
	list_flush(&hostl);
}


/**
 * The host that requests to an account that does not register may come from:
 * its outbound proxy, else its domain
 *
 * @param host Host, name or address
 * @param ua   User agent
 *
 * @return 0 if success, otherwise errorcode
 */
int host_get(struct pl *host, const struct ua *ua)
{
	const struct account *acc = ua_account(ua);
	const char *outbound = account_outbound(acc, 0);
	const struct uri *luri = account_luri(acc);
	struct sip_addr addr;
	struct pl pl;

	if (outbound) {
		pl_set_str(&pl, outbound);

		if (sip_addr_decode(&addr, &pl))
			return EBADMSG;

		*host = addr.uri.host;
		return 0;
	}

	if (!luri)
		return ENOENT;

	*host = luri->host;

	return 0;
}


/**
 * Is an address the host of an account that does not register?
 *
 * @param ua   User agent, NULL = any account will do
 * @param addr Address; the port does not count
 *
 * @return True if it is
 */
bool host_is(const struct ua *ua, const struct sa *addr)
{
	struct le *le;

	if (ua)
		return is_host(ua, addr);

	for (le = list_head(uag_list()); le; le = le->next) {

		if (is_host(le->data, addr))
			return true;
	}

	return false;
}
