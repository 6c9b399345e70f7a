/**
 * @file test_fetch.c  Tests of fetch.c and curlopt.c
 * links: provision/source.c provision/fetch.c provision/curlopt.c
 * provision/outcome.c provision/generation.c provision/plan.c provision/url.c
 * vendor.c profile/profile.c profile/account.c profile/check.c profile/note.c
 * profile/features.c grammar.c fetcher.c fake_worker.c fake_format.c
 * http_thread.c scratch.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "vendor.h"
#include "profile/profile.h"
#include "provision/room.h"
#include "provision/transfer.h"
#include "fake_worker.h"
#include "fetcher.h"
#include "http_thread.h"


#define T(f) \
	cmocka_unit_test_setup_teardown(f, fetcher_setup, fetcher_teardown)
#define HEAD "HTTP/1.1 "
#define CLOSE "Connection: close\r\n"
#define ASK HEAD "401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\n" \
	"Content-Length: 0\r\n" CLOSE "\r\n"


static void test_new(void **state)
{
	(void)state;

	assert_int_equal(FETCHED_NEW, tf_get(HEAD "200 OK\r\nETag: \"x\"\r\n"
					  "Last-Modified: yesterday\r\n"
					  "Content-Length: 4\r\n\r\nline"));

	assert_int_equal(4, tf.part->mb->end);
	assert_memory_equal("line", tf.part->mb->buf, 4);
	assert_string_equal("\"x\"", tf.part->etag);
	assert_string_equal("yesterday", tf.part->modified);
	assert_string_equal("a", tf.part->name);

	assert_true(tf_sent("User-Agent: baresip/1.0 (provnotify)\r\n"));
	assert_false(tf_sent("Authorization"));
	assert_false(tf_sent("If-"));
}


static void test_validator(void **state)
{
	(void)state;

	assert_int_equal(FETCHED_NEW,
			 tf_get(HEAD "200 OK\r\nETag: \"\xff\"\r\n"
					  CLOSE "\r\nline"));
	assert_null(tf.part->etag);
}


static void test_same(void **state)
{
	struct part *known;
	(void)state;

	assert_int_equal(FETCHED_FAILED, tf_get(HEAD "304 Not\r\n\r\n"));
	tf_why("never sent");

	assert_int_equal(0, generation_alloc(&tf.running, tf.url));
	assert_int_equal(0, part_alloc(&known, tf.url, RULE_SOLE));
	list_append(&tf.running->partl, &known->le, known);
	assert_int_equal(0, str_dup(&known->etag, "\"x\""));
	assert_int_equal(0, str_dup(&known->modified, "yesterday"));

	assert_int_equal(FETCHED_SAME, tf_get(HEAD "304 Not\r\n\r\n"));
	assert_true(tf_sent("If-None-Match: \"x\"\r\n"));
	assert_true(tf_sent("If-Modified-Since: yesterday\r\n"));
}


/* A head that breaks off, and one whose first line is folded */
static void test_folded(void **state)
{
	(void)state;

	http_thread_say(tf.ht, HEAD "301 There\r\nLocation: /b\r\n", 0);
	http_thread_then(tf.ht, "HTTP/1.0 200 OK\n fold: x\r\n\r\nx");
	(void)tf_fetch(tf.url);
	assert_int_equal(2, http_thread_count(tf.ht));
}


static void test_redirect(void **state)
{
	(void)state;

	http_thread_say(tf.ht, HEAD "302 There\r\nLocation: /b\r\n"
			"Content-Length: 3\r\n\r\nabc", 0);
	http_thread_then(tf.ht, HEAD "200 OK\r\nContent-Length: 1\r\n\r\nx");
	assert_int_equal(FETCHED_NEW, tf_fetch(tf.url));
	assert_int_equal(1, tf.part->mb->end);
	assert_true(tf_sent("GET /b HTTP"));

	http_thread_say(tf.ht, HEAD "301 There\r\nLocation: /b\r\n"
			"Content-Length: 0\r\n\r\n", 0);
	assert_int_equal(FETCHED_FAILED, tf_fetch(tf.url));
	tf_why("more than five");
	assert_int_equal(2 + 6, http_thread_count(tf.ht));

	assert_int_equal(FETCHED_FAILED, tf_get(HEAD "302 There\r\nLocation:"
					     " file:///etc/passwd\r\n"
					     "Content-Length: 0\r\n\r\n"));
	tf_why("something else than http");

	assert_int_equal(FETCHED_FAILED, tf_get(HEAD "302 There\r\nLocation:"
					     " ftp://127.0.0.1/\r\n"
					     "Content-Length: 0\r\n\r\n"));
	assert_int_equal(FETCHED_FAILED, tf_get(HEAD "302 Nowhere\r\n"
					     "Content-Length: 0\r\n\r\n"));
}


static void test_password(void **state)
{
	char url[64], move[160];
	(void)state;

	tf.s.url      = tf.url;
	tf.s.user     = "alice";
	tf.s.password = "wonder";

	/* Basic, when it is asked for */
	http_thread_say(tf.ht, ASK, 0);
	http_thread_then(tf.ht, HEAD "200 OK\r\nContent-Length: 1\r\n\r\nx");
	assert_int_equal(FETCHED_NEW, tf_fetch(tf.url));
	assert_true(tf_sent("Authorization: Basic YWxpY2U6d29uZGVy\r\n"));

	/* Digest, and never the password itself */
	http_thread_say(tf.ht, HEAD "401 No\r\nWWW-Authenticate: Digest"
			" realm=\"x\", nonce=\"n\", qop=\"auth\"\r\n"
			"Content-Length: 0\r\n" CLOSE "\r\n", 0);
	http_thread_then(tf.ht, HEAD "200 OK\r\nContent-Length: 1\r\n\r\nx");
	assert_int_equal(FETCHED_NEW, tf_fetch(tf.url));
	assert_true(tf_sent("Authorization: Digest username=\"alice\""));
	assert_false(tf_sent("wonder"));

	/* another port is another server: neither by plan nor by redirect */
	assert_int_equal(0, http_thread_start(&tf.other, NULL));
	http_thread_say(tf.other, ASK, 0);
	(void)re_snprintf(url, sizeof(url), "http://127.0.0.1:%u/",
			  http_thread_port(tf.other));
	assert_int_equal(FETCHED_FAILED, tf_fetch(url));
	assert_int_equal(1, http_thread_count(tf.other));

	(void)re_snprintf(move, sizeof(move), HEAD "302 There\r\nLocation: %s"
			  "\r\nContent-Length: 0\r\n\r\n", url);
	assert_int_equal(FETCHED_FAILED, tf_get(move));
	assert_int_equal(2, http_thread_count(tf.other));
	assert_null(strstr(http_thread_request(tf.other), "Authorization"));
}


/* What was provisioned, for the server that it names; the config wins */
static void test_provisioned_password(void **state)
{
	struct profile_source *src;
	(void)state;

	assert_int_equal(0, generation_alloc(&tf.running, tf.url));
	assert_int_equal(0, profile_alloc(&tf.running->prof));
	src = &tf.running->prof->source;
	assert_int_equal(0, str_dup(&src->user, "bob"));
	assert_int_equal(0, str_dup(&src->password, "b"));
	tf.s.url = tf.url;

	http_thread_say(tf.ht, ASK, 0);
	http_thread_then(tf.ht, HEAD "200 OK\r\nContent-Length: 1\r\n\r\nx");
	assert_int_equal(FETCHED_NEW, tf_fetch(tf.url));
	assert_true(tf_sent("Authorization: Basic Ym9iOmI=\r\n"));

	assert_int_equal(0, str_dup(&src->url, "http://127.0.0.1:1/"));
	http_thread_say(tf.ht, ASK, 0);
	assert_int_equal(FETCHED_FAILED, tf_fetch(tf.url));
	assert_false(tf_sent("Authorization"));

	tf.s.user = "alice";
	tf.s.password = "wonder";
	http_thread_say(tf.ht, ASK, 0);
	http_thread_then(tf.ht, HEAD "200 OK\r\nContent-Length: 1\r\n\r\nx");
	assert_int_equal(FETCHED_NEW, tf_fetch(tf.url));
	assert_true(tf_sent("Authorization: Basic YWxpY2U6d29uZGVy\r\n"));
}


static void test_tls(void **state)
{
	char cert[128], other[128], url[64];
	(void)state;

	(void)re_snprintf(cert, sizeof(cert), "%s/cert.pem", tf.dir);
	(void)re_snprintf(other, sizeof(other), "%s/other.pem", tf.dir);
	assert_int_equal(0, http_thread_cert(cert));
	assert_int_equal(0, http_thread_cert(other));
	assert_int_equal(0, http_thread_start(&tf.other, cert));
	(void)re_snprintf(url, sizeof(url), "https://127.0.0.1:%u/a",
			  http_thread_port(tf.other));
	http_thread_say(tf.other, HEAD "200 OK\r\nContent-Length: 1\r\n\r\nx",
			0);

	/* The system's hundreds of them are 80,000 allocations for make oom */
	tf.s.ca_file = other;
	assert_int_equal(FETCHED_FAILED, tf_fetch(url));
	tf_why("certificate");
	assert_int_equal(0, http_thread_count(tf.other));

	tf.s.ca_file = cert;
	assert_int_equal(FETCHED_NEW, tf_fetch(url));

	tf.s.ca_file = other;
	tf.s.verify = false;
	assert_int_equal(FETCHED_NEW, tf_fetch(url));

	/* from https never to http */
	http_thread_say(tf.other, HEAD "302 There\r\nLocation:"
			" http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", 0);
	assert_int_equal(FETCHED_FAILED, tf_fetch(url));
	tf_why("from https to http");
}


static void test_cancel(void **state)
{
	(void)state;

	http_thread_say(tf.ht, HEAD "200 OK\r\nContent-Length: 1\r\n\r\nx",
			0);
	assert_int_equal(0, tf_begin(tf.url));
	fetch_cancel(tf.fetch);
	fake_worker_drain();
	assert_int_equal(0, tf.ended);

	fetch_cancel(NULL);
}


static void test_args(void **state)
{
	(void)state;

	assert_int_equal(EPROTONOSUPPORT, tf_begin("gopher://127.0.0.1/"));
	assert_int_equal(EPROTONOSUPPORT, tf_begin("scp://127.0.0.1/"));
	assert_int_equal(EINVAL, fetch_start(NULL, tf.part, NULL, false,
					     &tf.s, tf_handler, NULL));
	assert_int_equal(EINVAL, fetch_start(&tf.fetch, NULL, NULL, false,
					     &tf.s, tf_handler, NULL));
	assert_int_equal(EINVAL, fetch_start(&tf.fetch, tf.part, NULL, false,
					     NULL, tf_handler, NULL));
	assert_int_equal(EINVAL, fetch_start(&tf.fetch, tf.part, NULL, false,
					     &tf.s, NULL, NULL));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_new), T(test_validator), T(test_same), T(test_folded),
		T(test_redirect),
		T(test_password), T(test_provisioned_password), T(test_tls),
		T(test_cancel), T(test_args),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
