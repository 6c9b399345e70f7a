/**
 * @file udp_floor.c  Answers 200 to whatever comes over UDP: the floor
 *
 *     udp_floor HOST PORT
 *
 * The first line of a request is replaced by that of a 200, and all the rest
 * goes back as it came. Nothing that answers SIP can be cheaper.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>


int main(int argc, char *argv[])
{
	static char status[] = "SIP/2.0 200 OK";
	static char text[65536];
	struct sockaddr_in sin = {.sin_family = AF_INET};
	struct iovec iov[2];
	struct msghdr msg = {
		.msg_name = &sin, .msg_iov = iov, .msg_iovlen = 2,
	};
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (argc != 3)
		return 2;

	sin.sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10));

	if (fd < 0 || inet_pton(AF_INET, argv[1], &sin.sin_addr) != 1 ||
	    bind(fd, (struct sockaddr *)&sin, sizeof(sin))) {
		perror("udp_floor");
		return 1;
	}

	printf("ready\n");
	fflush(stdout);

	iov[0].iov_base = status;
	iov[0].iov_len  = sizeof(status) - 1;

	for (;;) {

		socklen_t len = sizeof(sin);
		const ssize_t n = recvfrom(fd, text, sizeof(text), 0,
					   (struct sockaddr *)&sin, &len);
		char *line = n > 0 ? memchr(text, '\r', (size_t)n) : NULL;

		if (!line)
			continue;

		msg.msg_namelen = len;
		iov[1].iov_base = line;
		iov[1].iov_len  = (size_t)(&text[n] - line);

		(void)sendmsg(fd, &msg, 0);
	}
}
