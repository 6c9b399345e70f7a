/**
 * @file conn.c  Connections of HTTP clients
 *
 * A connection is open, waiting for requests, or it is ending: its last answer
 * is out, and what still comes is thrown away for a moment. If it were closed
 * at once, what comes after that would reset it, and the client might never
 * read the answer.
 *
 * Both kinds are few, each holds little and none lasts long, so that slow,
 * silent and many clients cost little. Where all places are taken, the address
 * that holds most of them makes room for others.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "desk.h"
#include "doors/conn.h"
#include "doors/get.h"
#include "doors/http.h"
#include "doors/reply.h"


enum {
	CONNS_MAX  = 32,            /**< That are open                      */
	ENDING_MAX = 32,            /**< That are ending                    */
	REQUEST_MS = 10 * 1000,     /**< For a request to arrive            */
	ENDING_MS  = 2 * 1000,      /**< For the client to read and close   */
	DRAIN_MAX  = 64 * 1024,     /**< Thrown away while ending [bytes]   */
	QUEUE_MAX  = 16 * 1024,     /**< Answers that are not read [bytes]  */
};

struct conn {
	struct le le;
	struct deadline late;
	const char *proto;
	struct sa peer;
	struct sa laddr;
	struct tcp_conn *tc;
	struct tls_conn *sc;        /**< NULL = plain                       */
	struct mbuf *mb;            /**< What came, and is no request yet   */
	size_t drained;             /**< [bytes]                            */
	bool last;                  /**< No more requests                   */
};

static struct {
	struct list openl;          /**< The one quiet for longest first    */
	struct list endingl;        /**< The oldest first                   */
} room;


static void destructor(void *arg)
{
	struct conn *conn = arg;

	list_unlink(&conn->le);
	deadline_cancel(&conn->late);
	mem_deref(conn->sc);
	mem_deref(conn->tc);
	mem_deref(conn->mb);
}


static void late_handler(void *arg)
{
	mem_deref(arg);
}


static void conn_end(struct conn *conn)
{
	if (list_count(&room.endingl) >= ENDING_MAX)
		mem_deref(list_ledata(list_head(&room.endingl)));

	list_unlink(&conn->le);
	list_append(&room.endingl, &conn->le, conn);
	deadline_start(&conn->late, ENDING_MS, late_handler, conn);

	conn->last = true;
	conn->mb = mem_deref(conn->mb);

	/* TLS says its own good-bye */
	conn->sc = mem_deref(conn->sc);

	if (!tcp_conn_txqsz(conn->tc))
		compat_tcp_shutdown(conn->tc);
}


static void answer_handler(struct request *req, const struct answer *answer)
{
	struct conn *conn = req->arg;
	struct mbuf *mb;
	int err;

	/* Over TLS there is nobody yet who could be answered */
	if (!conn)
		return;

	mb = mbuf_alloc(512);
	if (!mb) {
		conn->last = true;
		return;
	}

	err = reply_print(mb, req, answer, conn->last);
	mb->pos = 0;

	if (!err)
		err = tcp_send(conn->tc, mb);

	if (err)
		conn->last = true;

	mem_deref(mb);
}


/* Have the desk see what a message asks for, or what is wrong with it */
static void serve(struct conn *conn, const char *proto, const struct sa *peer,
		  const struct http_msg *msg, uint16_t scode,
		  const char *reason)
{
	struct http_get get;
	struct request *req;

	if (get_make(&req, proto, peer))
		return;

	req->answerh = answer_handler;
	req->arg = conn;

	if (msg) {
		memset(&get, 0, sizeof(get));
		get.laddr = conn->laddr;
		get_fill(req, &get, msg);
	}
	else {
		get_fault(req, scode, reason);
	}

	desk_handle(req);

	/* It may be kept for a minute, and must not know of us any more */
	req->get = NULL;
	req->answerh = NULL;
	req->arg = NULL;

	mem_deref(req);
}


static void conn_serve(struct conn *conn, const struct http_msg *msg,
		       uint16_t scode, const char *reason)
{
	conn->last = !msg || !http_persists(msg);

	serve(conn, conn->proto, &conn->peer, msg, scode, reason);
}


/* Serve the first request in the buffer; ENODATA if none is whole */
static int request_take(struct conn *conn)
{
	struct mbuf *mb = conn->mb;
	const size_t end = mb->end;
	struct http_msg *msg = NULL;
	struct pl head;
	size_t len;

	head.p = (const char *)mbuf_buf(mb);
	head.l = mbuf_get_left(mb);

	len = http_head_len(&head);

	if (len > HTTP_HEAD_MAX || (!len && head.l >= HTTP_HEAD_MAX)) {
		conn_serve(conn, NULL, 414, "URI Too Long");
		return 0;
	}

	if (!len)
		return ENODATA;

	head.l = len;
	mb->end = mb->pos + len;

	/* libre must find the end where we do */
	if (!http_line_ok(&head) || http_msg_decode(&msg, mb, true) ||
	    mbuf_get_left(mb))
		conn_serve(conn, NULL, 400, "Bad Request");
	else
		conn_serve(conn, msg, 0, NULL);

	mem_deref(msg);

	mb->pos = mb->end;
	mb->end = end;

	deadline_start(&conn->late, REQUEST_MS, late_handler, conn);
	list_unlink(&conn->le);
	list_append(&room.openl, &conn->le, conn);

	return 0;
}


static void recv_handler(struct mbuf *mb, void *arg)
{
	struct conn *conn = arg;
	int err;

	if (conn->le.list == &room.endingl) {

		conn->drained += mbuf_get_left(mb);
		if (conn->drained > DRAIN_MAX)
			mem_deref(conn);
		return;
	}

	if (!conn->mb)
		conn->mb = mbuf_alloc(mbuf_get_left(mb));

	if (!conn->mb) {
		mem_deref(conn);
		return;
	}

	conn->mb->pos = conn->mb->end;
	err = mbuf_write_mem(conn->mb, mbuf_buf(mb), mbuf_get_left(mb));
	conn->mb->pos = 0;

	while (!err && !conn->last)
		err = request_take(conn);

	if (err && err != ENODATA)
		mem_deref(conn);
	else if (conn->last)
		conn_end(conn);
	else if (mbuf_get_left(conn->mb))
		(void)mbuf_shift(conn->mb, -(ssize_t)conn->mb->pos);
	else
		conn->mb = mem_deref(conn->mb);
}


static void close_handler(int err, void *arg)
{
	(void)err;

	mem_deref(arg);
}


static unsigned conns_of(const struct sa *peer)
{
	unsigned n = 0;
	struct le *le;

	for (le = list_head(&room.openl); le; le = le->next) {
		const struct conn *conn = le->data;

		if (sa_cmp(&conn->peer, peer, SA_ADDR))
			++n;
	}

	return n;
}


/**
 * Is there room for one more connection? It is made where an address has less
 * than its share, by closing the quietest connection of the one that has most.
 * An address that has none gets in always: a crowd of silent ones, each from
 * an address of its own, must not keep others out.
 *
 * @param peer Address; the port does not count
 *
 * @return True if there is room now
 */
bool conns_room(const struct sa *peer)
{
	struct conn *hog = NULL;
	unsigned most = 0, own;
	struct le *le;

	if (list_count(&room.openl) < CONNS_MAX)
		return true;

	for (le = list_head(&room.openl); le; le = le->next) {
		struct conn *conn = le->data;
		const unsigned n = conns_of(&conn->peer);

		if (n > most) {
			most = n;
			hog = conn;
		}
	}

	own = conns_of(peer);
	if (own && own + 1 >= most)
		return false;

	mem_deref(hog);

	return true;
}


/**
 * Close all connections
 */
void conns_close(void)
{
	list_flush(&room.openl);
	list_flush(&room.endingl);
}


/**
 * Accept a connection, and serve what comes over it
 *
 * @param connp Pointer to allocated connection, may be NULL; it frees itself
 * @param way   Where it comes in
 * @param peer  Where it comes from
 *
 * @return 0 if success, otherwise errorcode
 */
int conn_open(struct conn **connp, const struct conn_way *way,
	      const struct sa *peer)
{
	struct conn *conn;
	int err;

	if (!way || !peer)
		return EINVAL;

	conn = mem_zalloc(sizeof(*conn), destructor);
	if (!conn)
		return ENOMEM;

	conn->proto = way->proto;
	conn->peer  = *peer;

	list_append(&room.openl, &conn->le, conn);

	err = tcp_accept(&conn->tc, way->ts, NULL, recv_handler,
			 close_handler, conn);
	if (err)
		goto out;

	tcp_conn_txqsz_set(conn->tc, QUEUE_MAX);
	deadline_start(&conn->late, REQUEST_MS, late_handler, conn);

	err = tcp_conn_local_get(conn->tc, &conn->laddr);
	if (err)
		goto out;

	compat_sa_unmap(&conn->laddr);

	if (way->tls)
		err = tls_start_tcp(&conn->sc, way->tls, conn->tc, 0);

 out:
	if (err)
		mem_deref(conn);
	else if (connp)
		*connp = conn;

	return err;
}


/**
 * Answer a connection before a byte of it is read, and close it; over TLS,
 * where nobody could read that answer yet, close it only
 *
 * @param way    Where it comes in
 * @param peer   Where it comes from
 * @param scode  Status, unless the guard has another one
 * @param reason Its phrase, static
 */
void conn_refuse(const struct conn_way *way, const struct sa *peer,
		 uint16_t scode, const char *reason)
{
	struct conn *conn = NULL;

	if (!way || !peer)
		return;

	if (!way->tls && !conn_open(&conn, way, peer))
		conn->last = true;

	serve(conn, way->proto, peer, NULL, scode, reason);

	if (conn)
		conn_end(conn);
	else
		tcp_reject(way->ts);
}
