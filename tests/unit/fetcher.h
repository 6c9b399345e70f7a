/**
 * @file fetcher.h  One download from a server that says what it is told to
 */

struct fetcher {
	struct settings s;
	struct http_thread *ht;
	struct http_thread *other;
	const char *dir;
	char base[64];
	char url[160];
	struct part *part;
	struct generation *running;     /**< May be NULL                    */
	struct fetch *fetch;
	struct fetch_result res;
	unsigned ended;
};

extern struct fetcher tf;

int  fetcher_setup(void **state);
int  fetcher_teardown(void **state);
void tf_handler(const struct fetch_result *res, void *arg);
int  tf_begin(const char *url);
enum fetched tf_fetch(const char *url);
enum fetched tf_get(const char *answer);
bool tf_sent(const char *text);
void tf_why(const char *text);
