/**
 * @file web_client.h  Clients of the HTTP door, and a desk behind it
 */

enum {
	TURN_MS = 5,            /**< A turn of the main loop [ms]           */
};

/** What the tests may change, and what the desk was given */
struct web {
	struct settings settings;
	struct sa laddr;
	const char *friends;    /**< Addresses, NULL = all of them          */

	uint16_t scode;         /**< What the desk answers                  */
	bool keeps;             /**< Does it keep the requests?             */
	unsigned n;             /**< How many there were                    */
	char last[256];         /**< Body or fault of the last one          */
	struct request *kept;
};

extern struct web web;

void web_turn(void);
void web_port(void);
int  web_client(const char *source);
void web_say(int fd, const char *text);
bool web_hears(int fd, const char *text);
bool web_is_closed(int fd);
void web_wait_requests(unsigned n);
