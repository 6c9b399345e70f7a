/**
 * @file test_page.c  Tests of guard/page.c
 * links: guard/page.c guard/refusal.c grammar.c request.c
 * links: fake_guard.c getter.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"
#include "fake_guard.h"
#include "getter.h"


static char names[] = "phone.lan, door.lan:8080";


static int setup(void **state)
{
	(void)state;

	fake_reset();
	fake.settings.http_host = names;

	return 0;
}


/* Why it is refused: part of the text, or NULL if it is not */
static void check(const char *headers, const char *why)
{
	struct request *req = getter_make("192.0.2.1", "/servlet", headers);
	struct answer answer;

	if (page_refused(req, &answer) != (why != NULL))
		fail_msg("%s", headers);

	if (why) {
		assert_int_equal(answer.scode, 403);
		assert_non_null(strstr(req->why, why));
	}

	mem_deref(req);
}


static void test_host(void **state)
{
	static const char *goodv[] = {
		"", "Host: 192.0.2.9\r\n", "Host: 192.0.2.9:80\r\n",
		"host: 192.0.2.9:8443\r\n", "Host: phone.lan\r\n",
		"Host: PHONE.LAN:99\r\n", "Host: door.lan:8080\r\n",
	};
	static const char *badv[] = {
		"Host:\r\n", "Host: evil\r\n", "Host: 192.0.2.10\r\n",
		"Host: 192.0.2.9.evil\r\n", "Host: evil.phone.lan\r\n",
		"Host: phone.lan.evil\r\n", "Host: door.lan\r\n",
		"Host: door.lan:80\r\n", "Host: localhost\r\n",
		"Host: [192.0.2.9]\r\n", "Host: [::1]\r\n", "Host: ::1\r\n",
		"Host: 192.0.2.9\r\nHost: evil\r\n", "Host: :80\r\n",
		"Host: phone.lan, evil\r\n", "Host: evil@192.0.2.9\r\n",
		"Host: 3221225993\r\n",
	};
	size_t i;
	(void)state;

	for (i=0; i<sizeof(goodv)/sizeof(goodv[0]); i++)
		check(goodv[i], NULL);

	for (i=0; i<sizeof(badv)/sizeof(badv[0]); i++)
		check(badv[i], "provnotify_http_host");

	fake.settings.http_host = NULL;
	check("Host: 192.0.2.9\r\n", NULL);
	check("Host: phone.lan\r\n", "provnotify_http_host");
}


static void test_page(void **state)
{
	static const char *goodv[] = {
		"Origin: http://192.0.2.9\r\n",
		"Origin: https://192.0.2.9:8443\r\n",
		"origin: http://phone.lan\r\n",
		"Referer: http://192.0.2.9/?q=http://evil/\r\n",
		"Referer: HTTP://PHONE.LAN#x\r\n",
		"Sec-Fetch-Site: none\r\n", "Sec-Fetch-Site: same-origin\r\n",
		"X-Origin: http://evil\r\n",
	};
	static const char *badv[] = {
		"Origin: null\r\n", "Origin: http://evil\r\n", "Origin:\r\n",
		"Origin: http://192.0.2.9@evil\r\n",
		"Origin: http://phone.lan:80@evil\r\n",
		"Origin: http://192.0.2.9\r\nOrigin: http://evil\r\n",
		"Origin: //192.0.2.9\r\n", "Origin: http:192.0.2.9\r\n",
		"Origin: x http://192.0.2.9\r\n",
		"Referer: http://evil/192.0.2.9\r\n", "Referer: evil\r\n",
		"Referer: http://evil/?http://192.0.2.9\r\n",
		"Sec-Fetch-Site: cross-site\r\n",
		"sec-fetch-site: SAME-SITE\r\n",
	};
	size_t i;
	(void)state;

	for (i=0; i<sizeof(goodv)/sizeof(goodv[0]); i++)
		check(goodv[i], NULL);

	for (i=0; i<sizeof(badv)/sizeof(badv[0]); i++)
		check(badv[i], "another host");
}


static void test_localhost(void **state)
{
	struct request *req;
	struct answer answer;
	struct http_get *get;
	(void)state;

	req = getter_make("127.0.0.1", "/servlet", "Host: localhost:8080\r\n");
	get = (struct http_get *)req->get;

	assert_int_equal(sa_set_str(&get->laddr, "127.0.0.1", 8080), 0);
	assert_false(page_refused(req, &answer));

	assert_int_equal(sa_set_str(&get->laddr, "127.1.2.3", 8080), 0);
	assert_false(page_refused(req, &answer));

	assert_int_equal(sa_set_str(&get->laddr, "::1", 8080), 0);
	assert_false(page_refused(req, &answer));

	assert_int_equal(sa_set_str(&get->laddr, "128.0.0.1", 8080), 0);
	assert_true(page_refused(req, &answer));

	mem_deref(req);
}


static void test_long(void **state)
{
	char headers[2048];
	(void)state;

	(void)re_snprintf(headers, sizeof(headers), "Host: phone.lan%01000u"
			  "\r\n", 0);
	check(headers, "provnotify_http_host");

	(void)re_snprintf(headers, sizeof(headers),
			  "Origin: http://phone.lan/%01000u\r\n", 0);
	check(headers, "another host");
}


static void test_ipv6(void **state)
{
	struct request *req;
	struct answer answer;
	(void)state;

	req = getter_make("2001:db8::1", "/servlet",
			  "Host: [2001:DB8::9]:80\r\n"
			  "Origin: http://[2001:db8::9]\r\n");

	assert_true(page_refused(req, &answer));
	assert_int_equal(sa_set_str(&((struct http_get *)req->get)->laddr,
				    "2001:db8::9", 80), 0);
	assert_false(page_refused(req, &answer));

	mem_deref(req);
}


/* What could not be read has no headers, and does nothing */
static void test_unread(void **state)
{
	struct request *req;
	struct answer answer;
	(void)state;

	req = getter_make("192.0.2.1", "/", "Host: evil\r\n");
	req->get = NULL;
	assert_false(page_refused(req, &answer));
	mem_deref(req);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_host, setup),
		cmocka_unit_test_setup(test_page, setup),
		cmocka_unit_test_setup(test_localhost, setup),
		cmocka_unit_test_setup(test_long, setup),
		cmocka_unit_test_setup(test_ipv6, setup),
		cmocka_unit_test_setup(test_unread, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
