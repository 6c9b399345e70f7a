/**
 * @file test_servlet.c  Tests of doors/servlet.c and doors/conn.c, on sockets
 * links: doors/servlet.c doors/conn.c doors/get.c doors/http.c doors/reply.c
 * links: compat/tcp.c compat/tls.c compat/fd.c request.c fake_clock.c
 * links: web_client.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "doors/doors.h"
#include "fake_clock.h"
#include "web_client.h"


#define OK "GET /servlet?key=OK HTTP/1.1\r\n\r\n"

enum {
	CONNS = 32,
};

extern unsigned stub_warnings;


static int setup(void **state)
{
	(void)state;

	memset(&web, 0, sizeof(web));
	web.scode = 200;
	stub_warnings = 0;
	fake_clock_reset();

	assert_int_equal(fd_setsize(256), 0);

	web_port();
	web.settings.http_listen = web.laddr;

	return servlet_init();
}


static int teardown(void **state)
{
	(void)state;

	servlet_close();
	web.kept = mem_deref(web.kept);

	return 0;
}


static void test_request(void **state)
{
	const int fd = web_client("127.0.0.1");
	(void)state;

	web_say(fd, OK);
	assert_true(web_hears(fd, "\r\n\r\nSaid\n"));
	assert_string_equal(web.last, "key=OK");

	/* Byte by byte, and two at once */
	web.scode = 202;
	web_say(fd, "GET /servlet?num");
	web_turn();
	web_say(fd, "ber=1 HTTP/1.1\r\n");
	web_turn();
	web_say(fd, "\r\n" OK "GET");
	assert_true(web_hears(fd, "HTTP/1.1 202 Said"));
	web_wait_requests(3);
	web_say(fd, " / HTTP/1.1\r\nConnection: close\r\n\r\n" OK);
	assert_true(web_hears(fd, "404 Not Found"));
	assert_string_equal(web.last, "Not Found");
	assert_true(web_is_closed(fd));
	assert_int_equal(web.n, 4);

	(void)close(fd);
}


static void test_malformed(void **state)
{
	static const struct {
		const char *text;
		const char *heard;
	} testv[] = {
		{"HELLO\r\n\r\n", "400 Bad Request"},
		{"GET / HTTP/1.1\r\n \r\nHost: x\r\n\r\n", "400 Bad Request"},
		{"GET / HTTP/1.1\r\n:\r\n\r\n", "400 Bad Request"},
		{"GET /servlet?key=% HTTP/1.1\r\n\r\n",
		 "400 Bad Percent-Encoding"},
		{"PUT /servlet HTTP/1.1\r\n\r\n", "405 Method Not Allowed"},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		const int fd = web_client("127.0.0.1");

		web_say(fd, testv[i].text);
		assert_true(web_hears(fd, testv[i].heard));
		(void)close(fd);
	}
}


static void test_long(void **state)
{
	const int fd = web_client("127.0.0.1");
	char text[8200];
	(void)state;

	memset(text, 'A', sizeof(text));
	text[sizeof(text)-1] = '\0';

	web_say(fd, text);
	assert_true(web_hears(fd, "414 URI Too Long"));
	assert_true(web_is_closed(fd));
	(void)close(fd);
}


/* Ten seconds for each request, not for each byte of it */
static void test_late(void **state)
{
	const int silent = web_client("127.0.0.1");
	const int busy = web_client("127.0.0.1");
	const int slow = web_client("127.0.0.1");
	(void)state;

	web_say(slow, "GET /servlet");
	web_say(busy, OK);
	web_wait_requests(1);

	fake_clock_advance(6000);
	web_say(slow, "?key=OK HTTP/1.1\r\n");
	web_say(busy, OK);
	web_wait_requests(2);

	fake_clock_advance(6000);
	assert_true(web_is_closed(silent));
	assert_true(web_is_closed(slow));

	web_say(busy, OK);
	web_wait_requests(3);

	(void)close(silent);
	(void)close(busy);
	(void)close(slow);
}


/* The answer is there before a byte was read, and it can be read */
static void test_stranger(void **state)
{
	int fd;
	(void)state;

	web.friends = "127.0.0.2";
	fd = web_client("127.0.0.1");
	assert_true(web_hears(fd, "HTTP/1.1 403 Forbidden"));
	assert_int_equal(web.n, 1);

	web_say(fd, OK OK);
	assert_true(web_is_closed(fd));
	assert_int_equal(web.n, 1);
	(void)close(fd);

	fd = web_client("127.0.0.2");
	web_say(fd, OK);
	assert_true(web_hears(fd, "200 Said"));
	(void)close(fd);
}


/* Who has read the last answer has two seconds to close the connection */
static void test_ending(void **state)
{
	char text[4096];
	int fd, i;
	(void)state;

	web.friends = "none";
	fd = web_client("127.0.0.1");
	assert_true(web_hears(fd, "403 Forbidden"));
	fake_clock_advance(2000);
	web_turn();
	web_say(fd, "x");
	web_turn();
	assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL), -1);
	(void)close(fd);

	/* Nor may it go on sending */
	fd = web_client("127.0.0.1");
	assert_true(web_hears(fd, "403 Forbidden"));
	memset(text, 'x', sizeof(text));

	for (i=0; i<100; i++) {

		web_turn();
		if (send(fd, text, sizeof(text), MSG_NOSIGNAL) < 0)
			break;
	}

	assert_true(i < 100);
	(void)close(fd);
}


static void test_room(void **state)
{
	int fdv[CONNS], more, other;
	size_t i;
	(void)state;

	for (i=0; i<CONNS; i++)
		fdv[i] = web_client("127.0.0.1");

	/* The first was heard of last */
	web_say(fdv[0], OK);
	web_wait_requests(1);

	more = web_client("127.0.0.1");
	assert_true(web_hears(more, "503 Too Many Connections"));
	(void)close(more);

	other = web_client("127.0.0.2");
	web_say(other, OK);
	assert_true(web_hears(other, "200 Said"));
	assert_true(web_is_closed(fdv[1]));

	web_say(fdv[0], OK);
	assert_true(web_hears(fdv[0], "200 Said"));

	for (i=0; i<CONNS; i++)
		(void)close(fdv[i]);

	(void)close(other);
}


/* Shares are even: who has none gets one, of the quietest; who has one gets no
   second */
static void test_shares(void **state)
{
	int fdv[CONNS], other, second;
	char source[32];
	size_t i;
	(void)state;

	for (i=0; i<CONNS; i++) {
		(void)re_snprintf(source, sizeof(source), "127.0.0.%zu",
				  i + 10);
		fdv[i] = web_client(source);
	}

	/* The first was heard of last */
	web_say(fdv[0], OK);
	assert_true(web_hears(fdv[0], "200 Said"));

	other = web_client("127.0.0.2");
	web_say(other, OK);
	assert_true(web_hears(other, "200 Said"));
	assert_true(web_is_closed(fdv[1]));
	(void)close(fdv[1]);

	second = web_client("127.0.0.2");
	assert_true(web_hears(second, "503 Too Many Connections"));
	(void)close(second);
	(void)close(other);

	for (i=0; i<CONNS; i++) {

		if (i == 1)
			continue;

		web_say(fdv[i], OK);
		assert_true(web_hears(fdv[i], "200 Said"));
		(void)close(fdv[i]);
	}
}


/* A request that waits for a person outlives its connection */
static void test_kept(void **state)
{
	const int fd = web_client("127.0.0.1");
	(void)state;

	web.keeps = true;
	web_say(fd, OK);
	assert_true(web_hears(fd, "200 Said"));
	(void)close(fd);
	web_turn();

	assert_null(web.kept->get);
	assert_null(web.kept->answerh);
	assert_null(web.kept->arg);
	assert_int_equal(pl_strcmp(&web.kept->body, "key=OK"), 0);
}


/* A client that goes away, at any moment */
static void test_gone(void **state)
{
	static const char *textv[] = {"", "GET", OK, OK "GET"};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(textv); i++) {

		const int fd = web_client("127.0.0.1");

		web_say(fd, textv[i]);

		(void)shutdown(fd, SHUT_WR);
		web_turn();
		(void)close(fd);
		web_turn();
	}

	/* And one that is there when the phone goes */
	(void)web_client("127.0.0.1");
	web_turn();
}


static void test_port_in_use(void **state)
{
	int taken, fd, on = 1;
	(void)state;

	servlet_close();

	taken = socket(AF_INET, SOCK_STREAM, 0);
	(void)setsockopt(taken, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	assert_int_equal(bind(taken, &web.laddr.u.sa, web.laddr.len), 0);
	assert_int_equal(listen(taken, 1), 0);

	assert_int_equal(servlet_init(), 0);
	assert_int_equal(stub_warnings, 1);
	fake_clock_advance(5000);
	fake_clock_advance(10000);
	assert_int_equal(stub_warnings, 1);

	(void)close(taken);
	fake_clock_advance(20000);

	fd = web_client("127.0.0.1");
	web_say(fd, OK);
	assert_true(web_hears(fd, "200 Said"));
	(void)close(fd);
}


static void test_settings(void **state)
{
	static char cert[] = "/nonexistent/cert.pem";
	(void)state;

	servlet_close();

	memset(&web.settings.http_listen, 0, sizeof(web.settings.http_listen));
	assert_int_equal(servlet_init(), 0);
	servlet_close();

	web.settings.https_listen = web.laddr;
	assert_int_equal(servlet_init(), EINVAL);
	assert_int_equal(stub_warnings, 1);
	servlet_close();

	web.settings.https_cert = cert;
	assert_int_equal(servlet_init(), EINVAL);
	assert_int_equal(stub_warnings, 2);
}


#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_request),
		TEST(test_malformed),
		TEST(test_long),
		TEST(test_late),
		TEST(test_stranger),
		TEST(test_ending),
		TEST(test_room),
		TEST(test_shares),
		TEST(test_kept),
		TEST(test_gone),
		TEST(test_port_in_use),
		TEST(test_settings),
	};
	int err;

	if (libre_init())
		return 1;

	err = cmocka_run_group_tests(tests, NULL, NULL);

	libre_close();

	return err;
}
