/**
 * @file http_thread.h  A small HTTP server in a thread, which says what it is
 *                      told to say
 */

struct http_thread;

int  http_thread_start(struct http_thread **htp, const char *cert);
uint16_t http_thread_port(const struct http_thread *ht);
void http_thread_say(struct http_thread *ht, const char *answer, size_t len);
void http_thread_then(struct http_thread *ht, const char *answer);
unsigned http_thread_count(struct http_thread *ht);
const char *http_thread_request(struct http_thread *ht);
int  http_thread_cert(const char *path);
