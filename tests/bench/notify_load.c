/**
 * @file notify_load.c  Sends NOTIFYs over UDP as fast as they are answered
 *
 *     notify_load [-n COUNT] [-w WINDOW] [-e EVENT] [-b BODY]
 *                 SOURCE HOST PORT URI..
 *
 * COUNT NOTIFYs go from the address SOURCE to HOST:PORT, to the URIs in turn,
 * WINDOW of them under way at any time. Each is a transaction and a Call-ID of
 * its own, and each answer is matched with its request by the branch. Prints a
 * line "STATUS COUNT" for each status; ends with 1 if one is not answered.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>


enum {
	COUNT_MAX = 1000000,    /**< Most NOTIFYs of a run                  */
	BATCH     = 32,         /**< Most messages for one system call      */
	TEXT_MAX  = 2048,       /**< Longest message [bytes]                */
	WAIT_S    = 5,          /**< Longest wait for an answer [s]         */
};

static struct {
	unsigned long count;
	unsigned long window;
	const char *event;
	const char *body;
	const char *source;
	char **uriv;
	int uric;
	uint16_t port;          /**< Ours                                   */
	char run[32];           /**< What this run's branches begin with    */
	bool answered[COUNT_MAX];
	unsigned long statusv[1000];
	int fd;
} load = {
	.count = 10000, .window = 32, .event = "check-sync;reboot=false",
};

static char textv[BATCH][TEXT_MAX];
static struct iovec iov[BATCH];
static struct mmsghdr msgv[BATCH];


static int usage(void)
{
	fprintf(stderr, "notify_load [-n count] [-w window] [-e event]"
		" [-b body] source host port uri..\n");

	return 2;
}


static size_t compose(char *text, unsigned long n)
{
	const char *uri = load.uriv[n % (unsigned long)load.uric];
	const char *src = load.source;
	int len;

	len = snprintf(text, TEXT_MAX,
		       "NOTIFY %s SIP/2.0\r\n"
		       "Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK%s%lu;rport\r\n"
		       "Max-Forwards: 70\r\n"
		       "From: <sip:pbx@%s>;tag=%s%lu\r\n"
		       "To: <%s>\r\n"
		       "Call-ID: %s%lu@%s\r\n"
		       "CSeq: 1 NOTIFY\r\n"
		       "Contact: <sip:pbx@%s:%u>\r\n"
		       "Event: %s\r\n"
		       "Subscription-State: terminated\r\n"
		       "%s"
		       "Content-Length: %zu\r\n"
		       "\r\n"
		       "%s",
		       uri, src, load.port, load.run, n, src, load.run, n, uri,
		       load.run, n, src, src, load.port, load.event,
		       load.body ? "Content-Type: message/sipfrag\r\n" : "",
		       load.body ? strlen(load.body) : 0,
		       load.body ? load.body : "");

	return len < TEXT_MAX ? (size_t)len : 0;
}


/* Send so many, from number n on */
static bool requests_send(unsigned long n, unsigned batch)
{
	unsigned done = 0, i;

	for (i=0; i<batch; i++) {

		iov[i].iov_len = compose(textv[i], n + i);
		if (!iov[i].iov_len)
			return false;
	}

	while (done < batch) {

		const int sent = sendmmsg(load.fd, &msgv[done], batch - done,
					  0);
		if (sent <= 0)
			return false;

		done += (unsigned)sent;
	}

	return true;
}


/* Of which request is this the answer? */
static bool answer_take(const char *text)
{
	const char *branch = strstr(text, ";branch=z9hG4bK");
	unsigned long n, status;

	if (strncmp(text, "SIP/2.0 ", 8) || !branch)
		return false;

	branch += strlen(";branch=z9hG4bK");
	if (strncmp(branch, load.run, strlen(load.run)))
		return false;

	n = strtoul(branch + strlen(load.run), NULL, 10);
	status = strtoul(&text[8], NULL, 10);

	if (n >= load.count || load.answered[n] || status >= 1000)
		return false;

	load.answered[n] = true;
	++load.statusv[status];

	return true;
}


/* Receive what is there; 0 if nothing comes */
static unsigned answers_receive(void)
{
	unsigned taken = 0;
	int n, i;

	for (i=0; i<BATCH; i++)
		iov[i].iov_len = TEXT_MAX - 1;

	n = recvmmsg(load.fd, msgv, BATCH, MSG_WAITFORONE, NULL);

	for (i=0; i<n; i++) {

		textv[i][msgv[i].msg_len] = '\0';

		if (answer_take(textv[i]))
			++taken;
		else
			fprintf(stderr, "not an answer: %s\n", textv[i]);
	}

	return taken;
}


static int run(void)
{
	unsigned long sent = 0, answered = 0, status;

	while (answered < load.count) {

		while (sent < load.count && sent - answered < load.window) {

			unsigned long batch = load.window - (sent - answered);

			if (batch > load.count - sent)
				batch = load.count - sent;
			if (batch > BATCH)
				batch = BATCH;

			if (!requests_send(sent, (unsigned)batch)) {
				perror("send");
				return 1;
			}

			sent += batch;
		}

		const unsigned taken = answers_receive();
		if (!taken) {
			fprintf(stderr, "%lu of %lu sent were not answered\n",
				sent - answered, sent);
			break;
		}

		answered += taken;
	}

	for (status=0; status<1000; status++) {

		if (load.statusv[status])
			printf("%lu %lu\n", status, load.statusv[status]);
	}

	return answered < load.count;
}


static int udp_open(const char *source, const char *host, const char *port)
{
	const struct timeval tv = {.tv_sec = WAIT_S};
	struct sockaddr_in sin = {.sin_family = AF_INET};
	socklen_t len = sizeof(sin);

	load.fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (load.fd < 0 || inet_pton(AF_INET, source, &sin.sin_addr) != 1 ||
	    setsockopt(load.fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) ||
	    bind(load.fd, (struct sockaddr *)&sin, sizeof(sin)) ||
	    getsockname(load.fd, (struct sockaddr *)&sin, &len))
		return 1;

	load.port = ntohs(sin.sin_port);

	sin.sin_port = htons((uint16_t)strtoul(port, NULL, 10));

	return inet_pton(AF_INET, host, &sin.sin_addr) != 1 ||
		connect(load.fd, (struct sockaddr *)&sin, sizeof(sin));
}


int main(int argc, char *argv[])
{
	int opt, i;

	while ((opt = getopt(argc, argv, "n:w:e:b:")) != -1) {

		switch (opt) {

		case 'n': load.count  = strtoul(optarg, NULL, 10); break;
		case 'w': load.window = strtoul(optarg, NULL, 10); break;
		case 'e': load.event  = optarg; break;
		case 'b': load.body   = optarg; break;
		default:  return usage();
		}
	}

	if (argc - optind < 4 || !load.window || load.count > COUNT_MAX)
		return usage();

	load.source = argv[optind];
	load.uriv = &argv[optind + 3];
	load.uric = argc - optind - 3;

	if (udp_open(load.source, argv[optind + 1], argv[optind + 2])) {
		perror("notify_load");
		return 1;
	}

	snprintf(load.run, sizeof(load.run), "%lx.%x.",
		 (unsigned long)time(NULL), (unsigned)getpid());

	for (i=0; i<BATCH; i++) {
		iov[i].iov_base = textv[i];
		msgv[i].msg_hdr.msg_iov = &iov[i];
		msgv[i].msg_hdr.msg_iovlen = 1;
	}

	return run();
}
