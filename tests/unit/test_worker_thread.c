/**
 * @file test_worker_thread.c  Tests of worker/thread.c: transfers
 * links: worker/worker.c worker/thread.c clock.c compat/fd.c scratch.c
 * stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <curl/curl.h>
#include <re.h>
#include "worker/worker.h"
#include "scratch.h"


enum {
	FLUSH_MS = 10000,
};

static const char text[] = "what the file says\n";

static struct {
	char file[64];
	char url[80];
	char body[64];
	size_t bodyc;
	pthread_t main;
	unsigned done;
	unsigned expected;      /**< The loop ends when so many are done    */
	CURLcode code;
	int err;
	atomic_bool written;
	struct tcp_sock *ts;
	struct tcp_conn *tc;
} tw;


static int setup(void **state)
{
	const char *dir = scratch_make();
	FILE *f;
	(void)state;

	memset(&tw, 0, sizeof(tw));
	tw.main = pthread_self();
	(void)alarm(60);

	(void)re_snprintf(tw.file, sizeof(tw.file), "%s/file", dir);
	f = fopen(tw.file, "w");
	if (!f)
		return errno;

	(void)fputs(text, f);
	(void)fclose(f);
	(void)re_snprintf(tw.url, sizeof(tw.url), "file://%s", tw.file);

	return worker_init();
}


static int teardown(void **state)
{
	(void)state;

	worker_close(FLUSH_MS);
	tw.tc = mem_deref(tw.tc);
	tw.ts = mem_deref(tw.ts);

	return scratch_remove();
}


/* A transfer that fails in the thread writes nothing, and the test waits for
   it beside the main loop */
const char oom_may_wait[] = "aborts_when_it_ended";


static void one_done(void)
{
	assert_true(pthread_equal(pthread_self(), tw.main));

	if (++tw.done >= tw.expected)
		re_cancel();
}


static void run(unsigned expected)
{
	tw.expected = expected;

	if (tw.done < expected)
		assert_int_equal(0, re_main(NULL));

	assert_int_equal(expected, tw.done);
}


static int null_job(void *arg)
{
	(void)arg;

	return 0;
}


static void count_done(int err, void *arg)
{
	(void)arg;

	tw.err = err;
	one_done();
}


static size_t write_handler(char *p, size_t size, size_t n, void *arg)
{
	(void)arg;

	n *= size;
	if (n > sizeof(tw.body) - 1 - tw.bodyc)
		return 0;

	memcpy(&tw.body[tw.bodyc], p, n);
	tw.bodyc += n;
	tw.written = true;

	return n;
}


static CURL *easy_make(const char *url)
{
	CURL *easy = curl_easy_init();

	assert_non_null(easy);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, write_handler);

	return easy;
}


static void fetch_done(CURL *easy, CURLcode code, void *arg)
{
	assert_ptr_equal(arg, &tw);

	tw.code = code;
	curl_easy_cleanup(easy);
	one_done();
}


static void fetch(CURL *easy)
{
	const int err = worker_fetch(easy, fetch_done, &tw);

	if (err)
		curl_easy_cleanup(easy);

	assert_int_equal(0, err);
}


static void conn_handler(const struct sa *peer, void *arg)
{
	(void)peer;
	(void)arg;

	assert_int_equal(0, tcp_accept(&tw.tc, tw.ts, NULL, NULL, NULL, NULL));
	if (tw.expected == 0)
		re_cancel();
}


/* A server that takes the connection and says nothing */
static CURL *silent_make(void)
{
	char url[64];
	struct sa sa;

	assert_int_equal(0, sa_set_str(&sa, "127.0.0.1", 0));
	assert_int_equal(0, tcp_listen(&tw.ts, &sa, conn_handler, NULL));
	assert_int_equal(0, tcp_sock_local_get(tw.ts, &sa));
	(void)re_snprintf(url, sizeof(url), "http://127.0.0.1:%u/",
			  sa_port(&sa));

	return easy_make(url);
}


static void fetches(void **state)
{
	(void)state;

	fetch(easy_make(tw.url));
	run(1);

	assert_int_equal(CURLE_OK, tw.code);
	assert_string_equal(tw.body, text);

	/* Again, with the thread asleep */
	fetch(easy_make("file:///nonexistent/file"));
	run(2);

	assert_int_equal(CURLE_FILE_COULDNT_READ_FILE, tw.code);
}


static void slow_one_delays_nobody(void **state)
{
	CURL *slow = silent_make();
	(void)state;

	fetch(slow);
	fetch(easy_make(tw.url));
	assert_int_equal(0, worker_run(null_job, count_done, NULL));
	run(2);

	assert_int_equal(CURLE_OK, tw.code);

	worker_abort(slow);
	worker_abort(slow);
	run(3);

	assert_int_equal(CURLE_ABORTED_BY_CALLBACK, tw.code);
}


static void aborts_in_the_middle(void **state)
{
	CURL *slow = silent_make();
	(void)state;

	fetch(slow);
	assert_int_equal(0, re_main(NULL));
	assert_non_null(tw.tc);

	worker_abort(slow);
	run(1);

	assert_int_equal(CURLE_ABORTED_BY_CALLBACK, tw.code);
}


static void aborts_before_it_began(void **state)
{
	CURL *easy = easy_make(tw.url);
	(void)state;

	fetch(easy);
	worker_abort(easy);
	worker_abort(NULL);
	run(1);

	assert_int_equal(CURLE_ABORTED_BY_CALLBACK, tw.code);
}


/* It has ended in the thread, or is about to: said to be aborted all the
   same, since the caller counts on it */
static void aborts_when_it_ended(void **state)
{
	CURL *easy = easy_make(tw.url);
	(void)state;

	assert_int_equal(0, worker_run(null_job, count_done, NULL));
	run(1);

	fetch(easy);
	while (!tw.written)
		(void)sched_yield();

	worker_abort(easy);
	run(2);

	assert_int_equal(CURLE_ABORTED_BY_CALLBACK, tw.code);
}


static void close_aborts(void **state)
{
	(void)state;

	fetch(silent_make());
	assert_int_equal(0, re_main(NULL));
	assert_non_null(tw.tc);
	worker_close(FLUSH_MS);

	assert_int_equal(1, tw.done);
	assert_int_equal(CURLE_ABORTED_BY_CALLBACK, tw.code);
}


static void close_aborts_what_never_began(void **state)
{
	(void)state;

	fetch(easy_make(tw.url));
	worker_close(0);

	assert_int_equal(1, tw.done);
	assert_int_equal(CURLE_ABORTED_BY_CALLBACK, tw.code);
	assert_int_equal(ESHUTDOWN, worker_fetch((CURL *)&tw, fetch_done,
						 NULL));
}


static void wrong_arguments(void **state)
{
	(void)state;

	assert_int_equal(EINVAL, worker_fetch(NULL, fetch_done, NULL));
	assert_int_equal(EINVAL, worker_fetch((CURL *)&tw, NULL, NULL));
	worker_abort((CURL *)&tw);
	worker_close(0);
	worker_abort((CURL *)&tw);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest testv[] = {
		TEST(fetches),
		TEST(slow_one_delays_nobody),
		TEST(aborts_in_the_middle),
		TEST(aborts_before_it_began),
		TEST(aborts_when_it_ended),
		TEST(close_aborts),
		TEST(close_aborts_what_never_began),
		TEST(wrong_arguments),
	};
	int err;

	if (libre_init())
		return 1;

	err = cmocka_run_group_tests_name("worker_thread", testv, NULL, NULL);
	libre_close();

	return err;
}
