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
