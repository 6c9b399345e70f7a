/**
 * @file web_client.c  Clients of the HTTP door, and a desk behind it
 *
 * Everything runs in one thread: a client waits in turns of the main loop.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include "compat/compat.h"
#include "request.h"
#include "desk.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "phone/phone.h"
#include "patience.h"
#include "web_client.h"


struct web web;


const struct settings *settings(void)
{
	return &web.settings;
}


bool guard_trusts_addr(const struct sa *addr)
{
	char buf[64];

	(void)re_snprintf(buf, sizeof(buf), "%j", addr);

	return !web.friends || strstr(web.friends, buf);
}


void desk_handle(struct request *req)
{
	struct answer answer;

	++web.n;
	answer_set(&answer, web.scode, "Said");

	if (req->fault) {
		answer_set(&answer, req->fault_code, req->fault);
		str_ncpy(web.last, req->fault, sizeof(web.last));
	}
	else {
		assert_non_null(req->get);
		(void)pl_strcpy(&req->body, web.last, sizeof(web.last));
	}

	req->answerh(req, &answer);

	if (web.keeps) {
		mem_deref(web.kept);
		web.kept = mem_ref(req);
	}
}


const struct event *event_find(const struct pl *name)
{
	static const struct event event = {
		"ACTION-URI", ACTION_KEY, 0, NULL, false
	};
	(void)name;

	return &event;
}


bool readout_wanted(const struct chain *chain)
{
	(void)chain;

	return false;
}


int readout_print(struct re_printf *pf, const struct chain *chain)
{
	(void)pf;
	(void)chain;

	return 0;
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "1", size);
}


static void turn_handler(void *arg)
{
	(void)arg;

	re_cancel();
}


/* Let the main loop run for a moment */
void web_turn(void)
{
	struct tmr tmr;

	tmr_init(&tmr);
	tmr_start(&tmr, TURN_MS, turn_handler, NULL);
	(void)re_main(NULL);
	tmr_cancel(&tmr);
}


/* Find a port that is free */
void web_port(void)
{
	socklen_t len = sizeof(web.laddr.u);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(sa_set_str(&web.laddr, "127.0.0.1", 0), 0);
	assert_int_equal(bind(fd, &web.laddr.u.sa, web.laddr.len), 0);
	assert_int_equal(getsockname(fd, &web.laddr.u.sa, &len), 0);
	(void)close(fd);
}


int web_client(const char *source)
{
	struct sa sa;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(sa_set_str(&sa, source, 0), 0);
	assert_int_equal(bind(fd, &sa.u.sa, sa.len), 0);
	assert_int_equal(connect(fd, &web.laddr.u.sa, web.laddr.len), 0);

	return fd;
}


void web_say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL),
			 strlen(text));
}


/* What a client has heard when the text is in it, or the connection ends */
bool web_hears(int fd, const char *text)
{
	char buf[65536] = "";
	size_t len = 0;
	unsigned i;

	for (i=0; i<patience_ms()/TURN_MS; i++) {

		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		ssize_t n;

		web_turn();

		if (poll(&pfd, 1, 0) <= 0)
			continue;

		n = recv(fd, buf + len, sizeof(buf) - len - 1, 0);
		if (n <= 0)
			return !text && !len;

		len += n;
		buf[len] = '\0';

		if (text && strstr(buf, text))
			return true;
	}

	return false;
}


bool web_is_closed(int fd)
{
	return web_hears(fd, NULL);
}


void web_wait_requests(unsigned n)
{
	unsigned i;

	for (i=0; i<patience_ms()/TURN_MS && web.n < n; i++)
		web_turn();

	assert_int_equal(web.n, n);
}
