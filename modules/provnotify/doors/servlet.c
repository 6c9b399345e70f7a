/**
 * @file servlet.c  The door for HTTP: the action-URI server
 *
 * libre's own HTTP server takes anybody, any number of them, for ten minutes,
 * and half a megabyte of each. This one decides at accept.
 */
#include <fcntl.h>
#include <unistd.h>
#include <sys/socket.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "doors/doors.h"
#include "doors/conn.h"


enum {
	BACKLOG   = 128,        /**< Connections that wait for accept()     */
	WAKES_MAX = 8,          /**< In vain, then it is looked why         */
	AGAIN_MS  = 5 * 1000,   /**< Till it is tried again to listen, at   */
	AGAIN_MAX = 6,          /**< first; doubled so often                */
};

/** One port that is listened on */
struct server {
	struct conn_way way;
	struct sa laddr;
	struct compat_fd *watch;    /**< Sees connections that wait         */
	int fd;                     /**< Its own descriptor of the socket   */
	unsigned wakes;             /**< Since one was accepted             */
	int err;                    /**< Why it does not listen             */
	unsigned tries;             /**< In vain                            */
	struct deadline again;
};

static struct server serverv[] = {
	{.way.proto = "http",  .fd = -1},
	{.way.proto = "https", .fd = -1},
};


static void again_handler(void *arg);


static void server_shut(struct server *srv)
{
	srv->watch = mem_deref(srv->watch);

	if (srv->fd >= 0)
		(void)close(srv->fd);

	srv->fd = -1;
	srv->way.ts = mem_deref(srv->way.ts);
	deadline_cancel(&srv->again);
}


static void server_retry(struct server *srv, int err)
{
	/* Once for each reason */
	if (err != srv->err)
		warning("provnotify: %s server: cannot listen on %J, will try"
			" again: %m\n", srv->way.proto, &srv->laddr, err);

	srv->err = err;

	server_shut(srv);
	deadline_start(&srv->again, AGAIN_MS << srv->tries, again_handler,
		       srv);

	if (srv->tries < AGAIN_MAX)
		++srv->tries;
}


/* Why no connection can be accepted: 0 if there is no reason */
static int accept_fault(const struct server *srv)
{
	const int fd = socket(sa_af(&srv->laddr), SOCK_STREAM | SOCK_CLOEXEC,
			      0);

	if (fd < 0)
		return errno;

	(void)close(fd);

	return 0;
}


/*
 * Without descriptors libre cannot accept a connection and does not say so:
 * it waits, and the main loop would turn for it without end. Some turns in
 * vain say little: the kernel wakes this descriptor and that of libre one
 * after the other, and may be interrupted in between.
 */
static void watch_handler(int flags, void *arg)
{
	struct server *srv = arg;
	int err;
	(void)flags;

	if (++srv->wakes < WAKES_MAX)
		return;

	srv->wakes = 0;

	err = accept_fault(srv);
	if (err)
		server_retry(srv, err);
}


static void accept_handler(const struct sa *from, void *arg)
{
	struct server *srv = arg;
	struct sa peer = *from;

	srv->wakes = 0;
	compat_sa_unmap(&peer);

	if (!guard_trusts_addr(&peer))
		conn_refuse(&srv->way, &peer, 403, "Forbidden");

	else if (!conns_room(&peer))
		conn_refuse(&srv->way, &peer, 503, "Too Many Connections");

	else if (conn_open(NULL, &srv->way, &peer))
		tcp_reject(srv->way.ts);
}


static int server_listen(struct server *srv)
{
	int err;

	err = tcp_listen(&srv->way.ts, &srv->laddr, accept_handler, srv);
	if (err)
		return err;

	srv->fd = fcntl(compat_tcp_sock_fd(srv->way.ts), F_DUPFD_CLOEXEC, 3);
	if (srv->fd < 0)
		return errno;

	/* libre asks for five, which a flood of strangers keeps full */
	(void)listen(srv->fd, BACKLOG);
	srv->wakes = 0;

	return compat_fd_listen(&srv->watch, srv->fd, FD_READ, watch_handler,
				srv);
}


/* What keeps it from listening may pass: an address that is not up yet */
static void again_handler(void *arg)
{
	struct server *srv = arg;
	int err;

	err = server_listen(srv);
	if (err) {
		server_retry(srv, err);
		return;
	}

	srv->err = 0;
	srv->tries = 0;
	info("provnotify: %s server: listening on %J\n", srv->way.proto,
	     &srv->laddr);
}


static void server_open(struct server *srv, const struct sa *laddr)
{
	srv->laddr = *laddr;
	srv->err = 0;
	srv->tries = 0;

	if (sa_isset(laddr, SA_PORT))
		again_handler(srv);
}


static int tls_open(struct tls **tlsp, const struct settings *s)
{
	int err;

	if (!sa_isset(&s->https_listen, SA_PORT))
		return 0;

	if (!s->https_cert) {
		warning("provnotify: provnotify_https_listen needs"
			" provnotify_https_cert: a file with certificate and"
			" key\n");
		return EINVAL;
	}

	err = compat_tls_server(tlsp, s->https_cert);
	if (err)
		warning("provnotify: provnotify_https_cert %s: not a"
			" certificate with its key, or cannot be read\n",
			s->https_cert);

	return err;
}


/**
 * Open the door: listen, where the settings say so
 *
 * @return 0 if success, otherwise errorcode
 */
int servlet_init(void)
{
	const struct settings *s = settings();
	int err;

	err = tls_open(&serverv[1].way.tls, s);
	if (err)
		return err;

	server_open(&serverv[0], &s->http_listen);
	server_open(&serverv[1], &s->https_listen);

	return 0;
}


/**
 * Close the door
 */
void servlet_close(void)
{
	size_t i;

	conns_close();

	for (i=0; i<RE_ARRAY_SIZE(serverv); i++) {

		server_shut(&serverv[i]);
		serverv[i].way.tls = mem_deref(serverv[i].way.tls);
	}
}
