/**
 * @file transfer.h  One download; to be included behind curl.h and room.h
 */

/** How one download ended */
enum fetched {
	FETCHED_NEW,            /**< The part has its content               */
	FETCHED_SAME,           /**< Not modified                           */
	FETCHED_ABSENT,         /**< 404 and what counts as one             */
	FETCHED_MOVED,          /**< A redirect; seen by fetch.c alone      */
	FETCHED_FAILED,
};

struct fetch;

/** What came of it */
struct fetch_result {
	enum fetched how;
	uint32_t retry_after;   /**< Seconds that the server asks for, or 0 */
	char why[TEXT_MAX];     /**< FETCHED_FAILED                         */
};

typedef void (fetch_h)(const struct fetch_result *res, void *arg);

/* fetch.c */
int  fetch_start(struct fetch **fp, struct part *part,
		 const struct generation *running, bool whole,
		 const struct settings *s, fetch_h *h, void *arg);
void fetch_cancel(struct fetch *f);

/* outcome.c */
void outcome_judge(struct fetch_result *res, CURL *easy, CURLcode code,
		   const char *url);

/* curlopt.c */
int  curlopt_set(CURL *easy, const char *url, const struct settings *s,
		 const struct generation *running);
