/**
 * @file test_retry.c  Tests of retry.c, against a server that speaks HTTP
 * links: provision/resync.c provision/step.c provision/back.c
 * provision/queue.c provision/retry.c provision/ride.c provision/trial.c
 * provision/proof.c provision/refusal.c provision/resume.c
 * provision/summary.c provision/store.c provision/shelf.c
 * provision/manifest.c provision/generation.c provision/plan.c
 * provision/url.c provision/gather.c provision/source.c provision/fetch.c
 * provision/outcome.c provision/curlopt.c provision/apply.c provision/entry.c
 * provision/swap.c provision/own.c provision/reading.c provision/check.c
 * provision/report.c provision/contents.c
 * provision/provision.c profile/profile.c profile/account.c profile/check.c
 * profile/note.c profile/features.c grammar.c vendor.c request.c state/state.c
 * state/file.c fake_room.c fake_baresip.c fake_contacts.c fake_worker.c
 * fake_format.c fake_clock.c scratch.c stub_baresip.c
 * provision/home.c http_thread.c
 * provision/pace.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "provision/provision.h"
#include "fake_baresip.h"
#include "fake_clock.h"
#include "fake_room.h"
#include "fake_worker.h"
#include "http_thread.h"


#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define OK   "HTTP/1.1 200 OK\r\n"
#define FAIL "HTTP/1.1 503 Later\r\n"

static struct {
	struct http_thread *ht;
	char url[64];
} tr;


static int setup(void **state)
{
	if (http_thread_start(&tr.ht, NULL))
		return -1;

	(void)re_snprintf(tr.url, sizeof(tr.url),
			  "http://127.0.0.1:%u/accounts",
			  http_thread_port(tr.ht));

	if (prov_setup(state))
		return -1;

	tp.s.url = tr.url;

	return 0;
}


static int teardown(void **state)
{
	tr.ht = mem_deref(tr.ht);

	return prov_teardown(state);
}


static void say(const char *answer)
{
	http_thread_say(tr.ht, answer, 0);
}


/* Unchanged: one conditional request, and nothing else */
static void test_unchanged(void **state)
{
	(void)state;

	say(OK "ETag: \"1\"\r\nLast-Modified: then\r\n"
	    "Content-Length: 13\r\n\r\n1 a h x 3600\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_OK, "1 account added");
	assert_int_equal(1, http_thread_count(tr.ht));

	say("HTTP/1.1 304 Same\r\n\r\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_UNCHANGED, "");
	assert_int_equal(2, http_thread_count(tr.ht));
	assert_non_null(strstr(http_thread_request(tr.ht),
			       "If-None-Match: \"1\"\r\n"));
	assert_int_equal(1, fake.registers);

	/* what it takes for that outlives a restart */
	prov_restart();
	prov_assert_last(RESULT_UNCHANGED, "");
	assert_non_null(strstr(http_thread_request(tr.ht),
			       "If-Modified-Since: then\r\n"));
}


/* When the server wants peace it has it, but for a person */
static void test_retry_after(void **state)
{
	const struct request *req;
	(void)state;

	say(FAIL "Retry-After: 100\r\nContent-Length: 0\r\n\r\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_FAILED, "out of service (HTTP 503)");

	say(OK "Content-Length: 13\r\n\r\n1 a h x 3600\n");
	req = prov_resync(DOOR_NOTIFY);
	prov_seconds(98);
	assert_null(prov_ending(req));
	assert_int_equal(1, http_thread_count(tr.ht));
	prov_seconds(3);
	prov_assert(prov_ending(req), RESULT_OK, "1 account added");

	say(FAIL "Retry-After: 100\r\nContent-Length: 0\r\n\r\n");
	prov_resync(DOOR_NOTIFY);
	say("HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n");
	req = prov_request(DOOR_CONSOLE, true);
	assert_int_equal(0, provision_resync((struct request *)req));
	prov_settle();
	prov_assert(prov_ending(req), RESULT_FAILED, "any more");
}


/* 30 s, doubling to an hour; a fifth of it more at most */
static void test_back_off(void **state)
{
	unsigned step = 30, i;
	(void)state;

	say(FAIL "Content-Length: 0\r\n\r\n");
	prov_resync(DOOR_NOTIFY);

	for (i=0; i<10; i++) {
		const unsigned n = http_thread_count(tr.ht);
		unsigned waited = 0;

		while (http_thread_count(tr.ht) == n) {
			prov_seconds(1);
			++waited;
		}

		assert_in_range(waited, step, step + step / 5 + 1);
		step = step * 2 < 3600 ? step * 2 : 3600;
	}
}


/* A start whose accounts have no answer yet: the first failure is the first */
static void test_back_off_at_start(void **state)
{
	unsigned waited = 0, n;
	(void)state;

	say(OK "Content-Length: 13\r\n\r\n1 a h x 3600\n");
	prov_resync(DOOR_NOTIFY);

	fake.answers = false;
	say(FAIL "Content-Length: 0\r\n\r\n");
	prov_restart();
	n = http_thread_count(tr.ht);
	assert_int_equal(2, n);

	while (http_thread_count(tr.ht) == n) {
		prov_seconds(1);
		++waited;
	}

	assert_in_range(waited, 30, 37);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_unchanged), T(test_retry_after), T(test_back_off),
		T(test_back_off_at_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
