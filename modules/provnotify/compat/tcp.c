/**
 * @file tcp.c  What libre does not say of its TCP sockets
 */
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
