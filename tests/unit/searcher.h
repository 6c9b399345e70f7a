/**
 * @file searcher.h  A phone that searches for a PnP server, and the server
 */

enum {
	SEARCH_MS = 5000,
	AGAIN_MS  = 600000,
	LATEST_MS = 670000,     /**< Ten minutes, jitter, and a look        */
};

/** The phone, what it is told, and what it did */
struct searcher {
	struct settings s;
	struct sip_peer sp;     /**< Its SIP stack, and the server          */
	bool has_url;
	bool ours;              /**< Its accounts are provisioned           */
	unsigned lapses;        /**< Of offers that waited                  */
	unsigned packets;       /**< That the server has got                */
	char asked[4096];       /**< The last SUBSCRIBE                     */
};

extern struct searcher sr;

int  searcher_open(void **state);
int  searcher_close(void **state);
void pass(uint64_t ms, unsigned n);
void start(void);
const char *header(const char *name);
