/**
 * @file source.c  An address of its own on lo, for one process
 *
 * Preloaded by phone.py. From 2.0 on baresip asks the kernel which address it
 * would send from, and on lo that is 127.0.0.1 for all. Here it is $SOURCE.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>


int bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	const struct sockaddr_in *in = (const void *)addr;
	struct sockaddr_in source = {.sin_family = AF_INET};
	socklen_t kindlen = sizeof(int);
	int kind = 0;

	if (addr->sa_family == AF_INET && !in->sin_port &&
	    in->sin_addr.s_addr == INADDR_ANY &&
	    !getsockopt(fd, SOL_SOCKET, SO_TYPE, &kind, &kindlen) &&
	    kind == SOCK_DGRAM &&
	    inet_aton(getenv("SOURCE"), &source.sin_addr))
		in = &source;

	return (int)syscall(SYS_bind, fd, in, len);
}
