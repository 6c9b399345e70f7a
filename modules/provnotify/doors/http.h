/**
 * @file http.h  What an HTTP GET of an action URI says
 */

enum {
	HTTP_HEAD_MAX = 8192,   /**< Request line and headers [bytes]       */
};

/** The query of an action URI, percent-decoded */
struct http_query {
	struct pl user;         /**< Login of older firmware, may be unset  */
	struct pl password;
	struct pl body;         /**< As in an ACTION-URI NOTIFY             */
};

size_t http_head_len(const struct pl *text);
bool http_line_ok(const struct pl *head);
bool http_path_known(const struct pl *path);
bool http_persists(const struct http_msg *msg);
int  http_query_decode(struct http_query **queryp, const struct pl *params);
