/**
 * @file fake_guard.h  What stands below the guard, for its tests
 */

/** The list of addresses that the tests know: words, compared as text */
struct addrlist {
	const char *words;
	unsigned resolved;          /**< How often its names were looked up */
};

/** What the tests may change */
struct fake {
	struct settings settings;
	struct addrlist notify_from;
	struct addrlist http_from;
	const char *server;         /**< "192.0.2.1:5060" of the account    */
	const char *server_name;
	const char *auth_user;      /**< NULL = that of the AOR             */
	const char *auth_pass;
	struct uri luri;
	bool dialog;                /**< Is any call's dialog known?        */
	bool chain_restarts;
	uint64_t now;               /**< [us]                               */
	char file[65536];           /**< The file "consent"                 */
	int file_err;               /**< What reading and writing say       */
	unsigned writes;
	unsigned worker_err;        /**< What the worker says to a job      */
};

extern struct fake fake;

void fake_reset(void);
void fake_advance(uint64_t ms);
void fake_worker(void);
struct ua *fake_ua(void);
int  fake_request(struct request **reqp, const char *source, const char *sip);
