/**
 * @file conn.h  Connections of HTTP clients
 */

struct conn;

/** Where a connection comes in */
struct conn_way {
	const char *proto;      /**< "http" or "https"                      */
	struct tcp_sock *ts;
	struct tls *tls;        /**< NULL = none                            */
};

bool conns_room(const struct sa *peer);
void conns_close(void);
int  conn_open(struct conn **connp, const struct conn_way *way,
	       const struct sa *peer);
void conn_refuse(const struct conn_way *way, const struct sa *peer,
		 uint16_t scode, const char *reason);
