/**
 * @file test_get.c  Tests of doors/get.c and doors/reply.c
 * links: doors/get.c doors/http.c doors/reply.c request.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "clock.h"
#include "phone/phone.h"
#include "doors/get.h"
#include "doors/reply.h"


static const struct event actionuri = {
	"ACTION-URI", ACTION_KEY, 0, NULL, false
};

static bool readout;


const struct event *event_find(const struct pl *name)
{
	return pl_strcmp(name, "ACTION-URI") ? NULL : &actionuri;
}


bool readout_wanted(const struct chain *chain)
{
	(void)chain;

	return readout;
}


int readout_print(struct re_printf *pf, const struct chain *chain)
{
	(void)chain;

	return re_hprintf(pf, "Account1|\n");
}


uint64_t clock_us(void)
{
	return 0;
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "1", size);
}


static void check(const char *line, uint16_t scode, const char *body)
{
	struct mbuf *mb = mbuf_alloc(256);
	struct http_get get;
	struct http_msg *msg;
	struct request *req;
	struct sa peer;

	assert_int_equal(mbuf_printf(mb, "%s HTTP/1.1\r\n\r\n", line), 0);
	mb->pos = 0;
	assert_int_equal(http_msg_decode(&msg, mb, true), 0);
	assert_int_equal(sa_set_str(&peer, "192.0.2.1", 4321), 0);

	memset(&get, 0, sizeof(get));
	assert_int_equal(get_make(&req, "https", &peer), 0);
	get_fill(req, &get, msg);

	assert_int_equal(req->door, DOOR_HTTP);
	assert_ptr_equal(req->event, &actionuri);
	assert_string_equal(req->source.proto, "https");
	assert_true(sa_cmp(&req->source.addr, &peer, SA_ALL));
	assert_int_equal(req->fault_code, scode);
	assert_true((req->fault != NULL) == (scode != 0));
	assert_ptr_equal(req->get, &get);

	/* What a digest covers is the target as it was sent */
	assert_int_equal(strncmp(get.target.p, strchr(line, ' ') + 1,
				 get.target.l), 0);
	assert_int_equal(get.target.l, strlen(strchr(line, ' ') + 1));

	if (body)
		assert_int_equal(pl_strcmp(&req->body, body), 0);

	/* It outlives its message */
	mem_deref(msg);
	mem_deref(mb);

	if (body)
		assert_int_equal(pl_strcmp(&req->body, body), 0);

	mem_deref(req);
}


static void test_fill(void **state)
{
	(void)state;

	check("GET /servlet?key=OK%3B1", 0, "key=OK;1");
	check("GET /cgi-bin/ConfigManApp.com?p=login&pwd=x&number=1", 0,
	      "number=1");
	check("GET /cgi-bin/cgiServer.exx", 0, "");
	check("POST /servlet?key=OK", 405, NULL);
	check("POST /nowhere?key=%", 405, NULL);
	check("GET /nowhere?key=OK", 404, NULL);
	check("GET /nowhere?key=%", 404, NULL);
	check("GET /servlet?key=%", 400, NULL);
}


static void test_fault(void **state)
{
	struct request *req;
	struct sa peer;
	(void)state;

	assert_int_equal(sa_set_str(&peer, "192.0.2.1", 4321), 0);
	assert_int_equal(get_make(&req, "http", &peer), 0);

	get_fault(req, 503, "first");
	get_fault(req, 400, "second");
	assert_int_equal(req->fault_code, 503);
	assert_string_equal(req->fault, "first");
	mem_deref(req);

	assert_int_equal(get_make(NULL, "http", &peer), EINVAL);
	assert_int_equal(get_make(&req, NULL, &peer), EINVAL);
	assert_int_equal(get_make(&req, "http", NULL), EINVAL);
}


/* Print an answer; is the text in it? */
static bool says(const struct answer *answer, bool last, const char *text)
{
	struct mbuf *mb = mbuf_alloc(256);
	struct request *req;
	struct sa peer;
	bool found;
	char *str;

	assert_int_equal(sa_set_str(&peer, "192.0.2.1", 4321), 0);
	assert_int_equal(get_make(&req, "http", &peer), 0);
	assert_int_equal(reply_print(mb, req, answer, last), 0);

	mb->pos = 0;
	assert_int_equal(mbuf_strdup(mb, &str, mb->end), 0);
	found = strstr(str, text) != NULL;

	mem_deref(str);
	mem_deref(mb);
	mem_deref(req);

	return found;
}


static void test_reply(void **state)
{
	struct answer answer;
	(void)state;

	readout = false;
	answer_set(&answer, 200, "OK");
	assert_true(says(&answer, false, "HTTP/1.1 200 OK\r\n"));
	assert_true(says(&answer, false, "\r\nContent-Length: 3\r\n"));
	assert_true(says(&answer, false, "\r\n\r\nOK\n"));
	assert_true(says(&answer, false, "Connection: keep-alive\r\n"));
	assert_true(says(&answer, true, "Connection: close\r\n"));
	assert_false(says(&answer, true, "Warning"));
	assert_false(says(&answer, true, "Retry-After"));
	assert_false(says(&answer, true, "WWW-Authenticate"));
	assert_false(says(&answer, true, "Allow"));

	str_ncpy(answer.warning, "why not", sizeof(answer.warning));
	assert_true(says(&answer, true,
			 "Warning: 399 provnotify \"why not\"\r\n"));
	assert_true(says(&answer, true, "\r\n\r\nOK: why not\n"));

	answer_set(&answer, 405, "Method Not Allowed");
	assert_true(says(&answer, true, "Allow: GET\r\n"));

	answer_set(&answer, 429, "Too Many Requests");
	answer.retry_after = 7;
	assert_true(says(&answer, true, "Retry-After: 7\r\n"));

	answer_set(&answer, 401, "Unauthorized");
	str_ncpy(answer.challenge, "Digest x", sizeof(answer.challenge));
	assert_true(says(&answer, true, "WWW-Authenticate: Digest x\r\n"
			 "WWW-Authenticate: Basic realm=\"provnotify\"\r\n"));
}


static void test_readout(void **state)
{
	struct answer answer;
	(void)state;

	readout = true;
	answer_set(&answer, 200, "OK");
	assert_true(says(&answer, false, "\r\n\r\nAccount1|\n"));

	answer_set(&answer, 202, "Accepted");
	assert_false(says(&answer, false, "Account1"));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_fault),
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_readout),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
