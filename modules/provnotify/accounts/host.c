/**
 * @file host.c  The hosts of accounts that do not register
 *
 * Nothing can be learned of their server, so their names are looked up, early
 * and again, so that the first request finds them.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "accounts/room.h"
#include "addrlist/addrlist.h"
#include "clock.h"


enum {
	RESOLVE_MS = 300 * 1000,    /**< Names are looked up again [ms]     */
	TABLE_SIZE = 256,
};

/** A host and what it resolved to */
struct host {
	struct le he;               /**< By name                            */
	char *name;
	struct addrlist *al;
};

static struct hash *hosts;
static uint32_t readings;           /**< Of the accounts when collected     */
static struct deadline resolve;


static void host_destructor(void *arg)
{
	struct host *host = arg;

	hash_unlink(&host->he);
	mem_deref(host->name);
	mem_deref(host->al);
}


static struct addrlist *host_addresses(const struct pl *name)
{
	const uint32_t key = hash_joaat_pl_ci(name);
	struct host *host;
	struct pl bad;
	struct le *le;

	for (le = list_head(hash_list(hosts, key)); le; le = le->next) {

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

	hash_append(hosts, key, &host->he, host);
	addrlist_resolve(host->al);

	return host->al;
}


static bool resolve_host(struct le *le, void *arg)
{
	const struct host *host = le->data;
	(void)arg;

	addrlist_resolve(host->al);

	return false;
}


static void hosts_collect(void)
{
	struct pl host;
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next) {

		if (!account_regint(ua_account(le->data)) &&
		    !host_get(&host, le->data))
			(void)host_addresses(&host);
	}
}


static void resolve_handler(void *arg)
{
	(void)arg;

	(void)hash_apply(hosts, resolve_host, NULL);
	hosts_collect();

	deadline_start(&resolve, RESOLVE_MS, resolve_handler, NULL);
}


static bool is_host(const struct ua *ua, const struct sa *addr)
{
	struct pl host;

	if (account_regint(ua_account(ua)) || host_get(&host, ua))
		return false;

	return addrlist_match(host_addresses(&host), addr);
}


static bool match_handler(struct le *le, void *arg)
{
	const struct host *host = le->data;

	return addrlist_match(host->al, arg);
}


/* May it be the host of any account? Of the thousands of them not one is
   looked at for each stranger. */
static bool may_be_host(struct sa *addr)
{
	const uint32_t now = users_readings();

	if (now != readings) {
		hosts_collect();
		readings = now;
	}

	return hash_apply(hosts, match_handler, addr) != NULL;
}


/**
 * Start to look names up
 *
 * @return 0 if success, otherwise errorcode
 */
int host_init(void)
{
	int err;

	err = hash_alloc(&hosts, TABLE_SIZE);
	if (err)
		return err;

	deadline_start(&resolve, 0, resolve_handler, NULL);

	return 0;
}


/**
 * Forget all names
 */
void host_close(void)
{
	deadline_cancel(&resolve);

	hash_flush(hosts);
	hosts = mem_deref(hosts);
	readings = 0;
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
	struct sa sa = *addr;
	struct le *le;

	if (ua)
		return is_host(ua, addr);

	if (!may_be_host(&sa))
		return false;

	for (le = list_head(uag_list()); le; le = le->next) {

		if (is_host(le->data, addr))
			return true;
	}

	return false;
}
