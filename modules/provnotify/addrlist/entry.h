/**
 * @file entry.h  What a list of addresses is made of
 */

/** A network, or a name with what it last resolved to */
struct addr_entry {
	struct le le;
	char *host;             /**< NULL: a network                        */
	struct subnet *netv;
	size_t netc;
};

/** A list of addresses */
struct addrlist {
	char *text;             /**< As it was written                      */
	bool any;
	bool server;
	bool looking;           /**< A look-up is under way                 */
	struct list entryl;     /**< struct addr_entry                      */
};

int addr_entry_add(struct addr_entry **entryp, struct list *entryl,
		   const char *host, size_t size);
