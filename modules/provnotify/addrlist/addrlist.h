/**
 * @file addrlist.h  Lists of addresses, CIDR, wildcards and names
 */

struct addrlist;

/** What an entry of a list is */
enum addr_kind {
	ADDR_SERVER,        /**< The word "server"                          */
	ADDR_ANY,           /**< The word "any"                             */
	ADDR_NET,           /**< Address or network                         */
	ADDR_NAME,          /**< Host name, resolved by the worker          */
};

int  addrlist_decode(struct addrlist **alp, const struct pl *pl,
		     bool server, struct pl *bad);
bool addrlist_match(const struct addrlist *al, const struct sa *sa);
bool addrlist_has(const struct addrlist *al, enum addr_kind kind);
bool addrlist_match_name(const struct addrlist *al, const struct pl *host);
bool addrlist_isempty(const struct addrlist *al);
bool addrlist_subset(const struct addrlist *al, const struct addrlist *of);
void addrlist_resolve(struct addrlist *al);
int  addrlist_print(struct re_printf *pf, const struct addrlist *al);
