/**
 * @file test_guard_http.c  Tests of guard.c: requests over HTTP
 * links: guard/guard.c guard/refusal.c guard/origin.c guard/digest.c
 * links: guard/nonce.c guard/credentials.c guard/consent.c guard/decision.c
 * links: guard/quota.c guard/page.c guard/login.c
 * links: grammar.c request.c fake_guard.c judge.c getter.c stub_baresip.c
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
#include "phone/phone.h"
#include "fake_guard.h"
#include "getter.h"
#include "judge.h"


#define LOGIN "Authorization: Basic YWRtaW46c2VjcmV0\r\n"

static char admin[] = "admin", secret[] = "secret";


static int setup(void **state)
{
	const int err = judge_setup(state);

	fake.http_from.words = "192.0.2.1";

	return err;
}


static void make_get(const char *source, const char *headers)
{
	mem_deref(req);

	req = getter_make(source, "/servlet?key=OK", headers);
	req->event = &action_uri;
	req->action = ACTION_KEY;
	req->chain = mem_zalloc(sizeof(struct chain), NULL);
	assert_non_null(req->chain);
}


static void test_accepted(void **state)
{
	(void)state;

	/* No account is addressed, none is asked for */
	make_get("192.0.2.1", "Host: 192.0.2.9\r\n");
	check_accepted();
}


/* Whoever is not in the list is told that, and nothing else */
static void test_order(void **state)
{
	(void)state;

	fake.settings.http_user = admin;
	fake.settings.http_password = secret;
	fake.settings.remote_control = CONSENT_DENY;

	make_get("192.0.2.2", "Host: evil\r\n");
	req->fault = "Not Found";
	req->fault_code = 404;
	check_refused(403, "Forbidden", "provnotify_http_from");

	make_get("192.0.2.1", "Host: evil\r\n");
	req->fault = "Not Found";
	req->fault_code = 404;
	check_refused(403, "Forbidden", "provnotify_http_host");

	make_get("192.0.2.1", "Origin: http://evil\r\n" LOGIN);
	req->fault = "Not Found";
	req->fault_code = 404;
	check_refused(403, "Forbidden", "another host");

	make_get("192.0.2.1", "");
	req->fault = "Not Found";
	req->fault_code = 404;
	check_refused(401, "Unauthorized", "provnotify_http_user");

	make_get("192.0.2.1", LOGIN);
	req->fault = "Not Found";
	req->fault_code = 404;
	check_refused(404, "Not Found", "Not Found");

	make_get("192.0.2.1", LOGIN);
	req->fault = "Unknown Key";
	check_refused(400, "Unknown Key", "Unknown Key");

	make_get("192.0.2.1", LOGIN);
	check_refused(403, "Remote Control Denied",
		      "provnotify_remote_control");
}


/* What could not be read has no headers to judge */
static void test_unread(void **state)
{
	(void)state;

	fake.settings.http_user = admin;

	make_get("192.0.2.1", "Host: evil\r\n");
	req->get = NULL;
	req->fault = "Bad Request";
	req->fault_code = 400;
	check_refused(400, "Bad Request", "Bad Request");
}


static void test_quota(void **state)
{
	int i;
	(void)state;

	fake.settings.quota = 1;

	for (i=0; i<5; i++) {
		make_get("192.0.2.1", "");
		check_accepted();
	}

	make_get("192.0.2.1", "");
	check_refused(429, "Too Many Requests", "provnotify_quota");
	assert_int_equal(answer.retry_after, 1);
}


/* It is asked for each door: what NOTIFY may, HTTP may not yet */
static void test_consent(void **state)
{
	const struct pl notify = PL("notify 192.0.2.1");
	char who[80];
	(void)state;

	fake.settings.remote_control = CONSENT_ASK;
	assert_int_equal(consent_deny(&notify, who, sizeof(who)), 0);

	make_get("192.0.2.1", "");
	check(VERDICT_ASKED, 202, "Accepted", "remote_allow");

	make_get("192.0.2.1", "");
	check_refused(403, "Consent Pending", "remote_allow");
}


/* The names in both lists are looked up at once, and every five minutes */
static void test_names(void **state)
{
	(void)state;

	fake_advance(0);
	assert_int_equal(fake.http_from.resolved, 1);
	assert_int_equal(fake.notify_from.resolved, 1);

	fake_advance(299 * 1000);
	assert_int_equal(fake.http_from.resolved, 1);
	fake_advance(1000);
	assert_int_equal(fake.http_from.resolved, 2);
	assert_int_equal(fake.notify_from.resolved, 2);
}


#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, judge_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_accepted),
		TEST(test_order),
		TEST(test_unread),
		TEST(test_quota),
		TEST(test_consent),
		TEST(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
