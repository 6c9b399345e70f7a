/**
 * @file tcp.c  What libre does not say of its TCP sockets
 */
#include <netinet/in.h>
#include <sys/socket.h>
#include "compat/compat.h"


enum {
	FDS_MAX = 1024,         /**< Where it is looked for                 */
};


static bool is_listening(int fd)
{
	socklen_t len = sizeof(int);
	int on = 0;

	return !getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &len) && on;
}


/**
 * Get the descriptor of a listening socket, which libre has no function for:
 * only one listens on an address and port
 *
 * @param ts TCP socket that listens
 *
 * @return File descriptor, -1 if it is not found
 */
int compat_tcp_sock_fd(const struct tcp_sock *ts)
{
	struct sa laddr, sa;
	int fd;

	if (tcp_sock_local_get(ts, &laddr))
		return -1;

	for (fd=0; fd<FDS_MAX; fd++) {

		if (!is_listening(fd))
			continue;

		sa_init(&sa, AF_UNSPEC);

		if (!getsockname(fd, &sa.u.sa, &sa.len) &&
		    sa_cmp(&sa, &laddr, SA_ALL))
			return fd;
	}

	return -1;
}


#if PN_BARESIP >= 20300
static bool is_connected(int fd, const struct sa *laddr,
			 const struct sa *peer)
{
	struct sa here, there;

	sa_init(&here, AF_UNSPEC);
	sa_init(&there, AF_UNSPEC);

	return !getsockname(fd, &here.u.sa, &here.len) &&
		!getpeername(fd, &there.u.sa, &there.len) &&
		sa_cmp(&here, laddr, SA_ALL) && sa_cmp(&there, peer, SA_ALL);
}
#endif


/**
 * Tell the other side of a connection that no more is sent, and go on reading
 *
 * libre has no function for it, and from 2.3 on does not tell the descriptor.
 *
 * @param tc TCP connection
 */
void compat_tcp_shutdown(const struct tcp_conn *tc)
{
#if PN_BARESIP >= 20300
	struct sa laddr, peer;
	int fd;

	if (tcp_conn_local_get(tc, &laddr) || tcp_conn_peer_get(tc, &peer))
		return;

	for (fd=0; fd<FDS_MAX; fd++) {

		if (is_connected(fd, &laddr, &peer)) {
			(void)shutdown(fd, SHUT_WR);
			return;
		}
	}
#else
	(void)shutdown(tcp_conn_fd(tc), SHUT_WR);
#endif
}


/**
 * Make an IPv4 address one that a socket for both IP versions has mapped into
 * IPv6 (RFC 4291 2.5.5.2)
 *
 * @param sa Address, with its port; others are left as they are
 */
void compat_sa_unmap(struct sa *sa)
{
	const uint8_t *p;
	uint16_t port;

	if (!sa || sa_af(sa) != AF_INET6 ||
	    !IN6_IS_ADDR_V4MAPPED(&sa->u.in6.sin6_addr))
		return;

	p = sa->u.in6.sin6_addr.s6_addr + 12;
	port = sa_port(sa);

	sa_set_in(sa, (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		  (uint32_t)p[2] << 8 | p[3], port);
}
