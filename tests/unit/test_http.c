/**
 * @file test_http.c  Tests of doors/http.c
 * links: doors/http.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <errno.h>
#include <re.h>
#include "doors/http.h"


static size_t head_len(const char *text)
{
	struct pl pl;

	pl_set_str(&pl, text);

	return http_head_len(&pl);
}


static void test_head_len(void **state)
{
	(void)state;

	assert_int_equal(head_len(""), 0);
	assert_int_equal(head_len("\r\n\r\n\r\n"), 0);
	assert_int_equal(head_len("GET / HTTP/1.1"), 0);
	assert_int_equal(head_len("GET / HTTP/1.1\r\n"), 0);
	assert_int_equal(head_len("GET / HTTP/1.1\r\nA: b\r\n"), 0);
	assert_int_equal(head_len("GET / HTTP/1.1\r\n\r"), 0);
	assert_int_equal(head_len("GET / HTTP/1.1\r\n \r\n"), 0);
	assert_int_equal(head_len("GET / HTTP/1.1\r\n\r\n"), 18);
	assert_int_equal(head_len("GET / HTTP/1.1\n\n"), 16);
	assert_int_equal(head_len("GET / HTTP/1.1\r\n\r\nGET"), 18);
	assert_int_equal(head_len("\r\n\nGET / HTTP/1.1\r\n\r\n"), 21);
	assert_int_equal(head_len("GET / HTTP/1.1\r\nA: b\r\n\r\n\r\n"), 24);
}


/* libre must find the end of a head where we do, or it reads another one */
static void test_head_len_of_libre(void **state)
{
	static const char *textv[] = {
		"GET / HTTP/1.1\r\n\r\nrest", "GET / HTTP/1.1\n\nrest",
		"\r\nGET / HTTP/1.1\r\nA: b\r\n\r\nrest",
		"GET / HTTP/1.1\r\nA: b\n\r\nrest",
		"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\nrest",
		"GET / HTTP/1.1\r\nA: \r\n\r\nrest",
		"GET / HTTP/1.1\r\nA:b\r\n\r\r\nrest",
	};
	size_t i;
	(void)state;

	for (i=0; i<sizeof(textv)/sizeof(textv[0]); i++) {

		struct mbuf *mb = mbuf_alloc(256);
		struct http_msg *msg;

		assert_int_equal(mbuf_write_str(mb, textv[i]), 0);
		mb->pos = 0;

		assert_int_equal(http_msg_decode(&msg, mb, true), 0);
		assert_int_equal(mb->pos, head_len(textv[i]));
		mem_deref(msg);
		mem_deref(mb);
	}
}


static bool line_ok(const char *line)
{
	struct pl pl;

	pl_set_str(&pl, line);

	return http_line_ok(&pl);
}


static void test_line_ok(void **state)
{
	static const char *badv[] = {
		"", "\n", "GET\n", "GET /\n", "GET / HTTP/1.1",
		" / HTTP/1.1\n",
		"GET  / HTTP/1.1\n", "GET / HTTP/1.1 \n",
		"GET /a b HTTP/1.1\n",
		"get / HTTP/1.1\n", "G3T / HTTP/1.1\n", "GET ? HTTP/1.1\n",
		"GET * HTTP/1.1\n", "GET http://a/ HTTP/1.1\n",
		"GET / HTTP/2.0\n", "GET / HTTP/1.\n", "GET / HTTP/1.x\n",
		"GET / HTTP/1.12\n", "GET / http/1.1\n", "GET /\r HTTP/1.1\n",
		"GET /\t HTTP/1.1\n", "GET /\x7f HTTP/1.1\n",
		"GET / SIP/2.0\n", "A GET / HTTP/1.1\n", "GET / HTTP/1.1\rX\n",
	};
	size_t i;
	(void)state;

	assert_true(line_ok("GET / HTTP/1.1\n"));
	assert_true(line_ok("GET /servlet?key=OK HTTP/1.0\r\nHost: a\r\n"));
	assert_true(line_ok("\r\n\r\nPOST /?? HTTP/1.1\r\n"));

	for (i=0; i<sizeof(badv)/sizeof(badv[0]); i++) {

		if (line_ok(badv[i]))
			fail_msg("taken: %s", badv[i]);
	}
}


static void test_path_known(void **state)
{
	static const char *badv[] = {
		"", "/", "/servlet/", "/SERVLET", "/cgi-bin/",
		"//servlet", "/cgi-bin/../servlet", "/%73ervlet",
	};
	struct pl pl;
	size_t i;
	(void)state;

	pl_set_str(&pl, "/servlet");
	assert_true(http_path_known(&pl));
	pl_set_str(&pl, "/cgi-bin/ConfigManApp.com");
	assert_true(http_path_known(&pl));
	pl_set_str(&pl, "/cgi-bin/cgiServer.exx");
	assert_true(http_path_known(&pl));

	for (i=0; i<sizeof(badv)/sizeof(badv[0]); i++) {
		pl_set_str(&pl, badv[i]);
		assert_false(http_path_known(&pl));
	}
}


static bool persists(const char *text)
{
	struct mbuf *mb = mbuf_alloc(256);
	struct http_msg *msg;
	bool ret;

	assert_int_equal(mbuf_printf(mb, "GET / HTTP/%s\r\n\r\n", text), 0);
	mb->pos = 0;
	assert_int_equal(http_msg_decode(&msg, mb, true), 0);

	ret = http_persists(msg);

	mem_deref(msg);
	mem_deref(mb);

	return ret;
}


static void test_persists(void **state)
{
	(void)state;

	assert_true(persists("1.1"));
	assert_true(persists("1.1\r\nConnection: keep-alive"));
	assert_false(persists("1.0"));
	assert_false(persists("1.1\r\nConnection: Close"));
	assert_false(persists("1.1\r\nConnection: upgrade, close"));
	assert_false(persists("1.1\r\nContent-Length: 5"));
	assert_false(persists("1.1\r\ntransfer-encoding: chunked"));
}


static void check_query(const char *text, const char *body, const char *user,
			const char *password)
{
	struct http_query *query;
	struct pl pl;

	pl_set_str(&pl, text);

	assert_int_equal(http_query_decode(&query, &pl), 0);
	assert_int_equal(pl_strcmp(&query->body, body), 0);

	if (user)
		assert_int_equal(pl_strcmp(&query->user, user), 0);
	else
		assert_null(query->user.p);

	if (password)
		assert_int_equal(pl_strcmp(&query->password, password), 0);
	else
		assert_null(query->password.p);

	mem_deref(query);
}


static void test_query(void **state)
{
	(void)state;

	check_query("", "", NULL, NULL);
	check_query("?", "", NULL, NULL);
	check_query("?key=OK", "key=OK", NULL, NULL);
	check_query("?key=1;%23;2", "key=1;#;2", NULL, NULL);
	check_query("?number=+49%2b1", "number=+49+1", NULL, NULL);
	check_query("?key=%254F", "key=%4F", NULL, NULL);
	check_query("?number=1&outgoing_uri=sip%3Aa%40b",
		    "number=1&outgoing_uri=sip:a@b", NULL, NULL);
	check_query("?phonecfg=get&dnd=1", "key=phonecfg=get&dnd=1",
		    NULL, NULL);
	check_query("?PhoneCfg=get", "key=PhoneCfg=get", NULL, NULL);
	check_query("?username=a&key=OK", "username=a&key=OK", NULL, NULL);
}


static void test_login(void **state)
{
	(void)state;

	check_query("?p=login&q=login&username=a%20b&pwd=c%26d&jumpto=URI"
		    "&key=OK", "key=OK", "a b", "c&d");
	check_query("?P=login&username=&pwd=&key=OK", "key=OK", "", "");
	check_query("?p=login&q=login&username=a&pwd=yyy&phonecfg=get",
		    "key=phonecfg=get", "a", "yyy");
	check_query("?p=login&q=login&username=a&pwd=b", "", "a", "b");
	check_query("?p=login&key=OK&pwd=b", "key=OK&pwd=b", NULL, NULL);
	check_query("?p=login&=&key=OK", "=&key=OK", NULL, NULL);
	check_query("?p=login", "p=login", NULL, NULL);
}


static void test_bad_query(void **state)
{
	static const char *badv[] = {
		"?key=%", "?key=%4", "?key=%zz", "?key=%4g", "?%",
		"?p=login&pwd=%&key=OK", "?p=login&username=%x0&key=OK",
	};
	struct http_query *query = NULL;
	struct pl pl;
	size_t i;
	(void)state;

	for (i=0; i<sizeof(badv)/sizeof(badv[0]); i++) {

		pl_set_str(&pl, badv[i]);
		assert_int_equal(http_query_decode(&query, &pl), EBADMSG);
		assert_null(query);
	}

	assert_int_equal(http_query_decode(NULL, &pl), EINVAL);
	assert_int_equal(http_query_decode(&query, NULL), EINVAL);
}


/* A NUL is a character like others, and for the parser of keys to refuse */
static void test_nul(void **state)
{
	const struct pl pl = PL("?key=OK%00X");
	struct http_query *query;
	(void)state;

	assert_int_equal(http_query_decode(&query, &pl), 0);
	assert_int_equal(query->body.l, 8);
	assert_memory_equal(query->body.p, "key=OK\0X", 8);
	mem_deref(query);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head_len),
		cmocka_unit_test(test_head_len_of_libre),
		cmocka_unit_test(test_line_ok),
		cmocka_unit_test(test_path_known),
		cmocka_unit_test(test_persists),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_login),
		cmocka_unit_test(test_bad_query),
		cmocka_unit_test(test_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
