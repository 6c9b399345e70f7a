/**
 * @file fake_notify.h  What stands behind the door for NOTIFY, for its tests
 */

/** The desk: what it says, and what it was given */
struct fake_notify {
	enum verdict verdict;
	bool authentic;
	struct answer answer;
	bool keeps;

	unsigned n;
	unsigned answered;              /**< Told of to the search         */
	struct request *req;            /**< Kept, if it keeps them        */
	uint64_t token;
	uint32_t breaches;
	enum addressed addressed;
	bool broadcast;
	struct sa source;
	char text[512];                 /**< Its fields, one by one        */
};

extern struct sip_peer sp;
extern struct fake_notify desk;

int  notify_setup(void **state);
int  notify_teardown(void **state);
void notify_to(const char *ruri, const char *branch, const char *headers,
	       const char *body);
void notify(const char *branch);
void assert_has(const char *text);
