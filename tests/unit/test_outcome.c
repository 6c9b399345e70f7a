/**
 * @file test_outcome.c  Tests of outcome.c
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


enum {
	MIB = 1 << 20,
};

#define T(f) \
	cmocka_unit_test_setup_teardown(f, fetcher_setup, fetcher_teardown)
#define HEAD "HTTP/1.1 "
#define CLOSE "Connection: close\r\n"


static void test_status(void **state)
{
	(void)state;

	assert_int_equal(FETCHED_ABSENT,
			 tf_get(HEAD "404 No\r\nContent-Length: 0\r\n\r\n"));
	assert_int_equal(FETCHED_ABSENT,
			 tf_get(HEAD "410 No\r\nContent-Length: 0\r\n\r\n"));

	assert_int_equal(FETCHED_FAILED,
			 tf_get(HEAD "403 No\r\nContent-Length: 0\r\n\r\n"));
	tf_why("forbids it; the URL of a folder ends in / (HTTP 403)");

	assert_int_equal(FETCHED_FAILED,
			 tf_get(HEAD "401 No\r\nContent-Length: 0\r\n\r\n"));
	tf_why("provnotify_user");

	assert_int_equal(FETCHED_FAILED,
			 tf_get(HEAD "206 Part\r\nContent-Length: 0\r\n\r\n"));
	tf_why("(HTTP 206)");
	assert_int_equal(0, tf.res.retry_after);

	assert_int_equal(FETCHED_FAILED,
			 tf_get(HEAD "503 No\r\nRetry-After: 120\r\n"
			     "Content-Length: 0\r\n\r\n"));
	tf_why("out of service");
	assert_int_equal(120, tf.res.retry_after);

	assert_int_equal(FETCHED_FAILED,
			 tf_get(HEAD "503 No\r\nRetry-After: 99999999\r\n"
			     "Content-Length: 0\r\n\r\n"));
	assert_int_equal(86400, tf.res.retry_after);
}


static void test_rubbish(void **state)
{
	(void)state;

	assert_int_equal(FETCHED_FAILED, tf_get("rubbish\r\n\r\n"));
	assert_int_equal(FETCHED_FAILED, tf_get(" "));
}


static void test_short(void **state)
{
	(void)state;

	assert_int_equal(FETCHED_FAILED, tf_get(HEAD "200 OK\r\n"
					     "Content-Length: 9\r\n\r\nline"));
	tf_why("cut short");
}


static void test_long(void **state)
{
	static const char head[] = HEAD "200 OK\r\n" CLOSE "\r\n";
	const size_t l = strlen(head);
	char *str;
	(void)state;

	assert_int_equal(FETCHED_FAILED,
			 tf_get(HEAD "200 OK\r\nContent-Length: 1048577\r\n"
				"\r\nline"));
	tf_why("over 1 MiB");

	str = mem_alloc(l + MIB + 1, NULL);
	memset(str, 'x', l + MIB + 1);
	memcpy(str, head, l);
	http_thread_say(tf.ht, str, l + MIB + 1);
	assert_int_equal(FETCHED_FAILED, tf_fetch(tf.url));
	tf_why("over 1 MiB");

	http_thread_say(tf.ht, str, l + MIB);
	assert_int_equal(FETCHED_NEW, tf_fetch(tf.url));
	assert_int_equal(MIB, tf.part->mb->end);

	/* It may still be sending the end of it */
	tf.ht = mem_deref(tf.ht);
	mem_deref(str);
}


static void test_file(void **state)
{
	char url[160], path[128];
	FILE *f;
	(void)state;

	(void)re_snprintf(path, sizeof(path), "%s/a b", tf.dir);
	(void)re_snprintf(url, sizeof(url), "file://%s/a%%20b", tf.dir);
	assert_int_equal(FETCHED_ABSENT, tf_fetch(url));

	f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs("line", f);
	assert_int_equal(0, fclose(f));
	assert_int_equal(FETCHED_NEW, tf_fetch(url));
	assert_int_equal(4, tf.part->mb->end);

	/* it is there, but a link in a circle */
	assert_int_equal(0, unlink(path));
	assert_int_equal(0, symlink(path, path));
	assert_int_equal(FETCHED_FAILED, tf_fetch(url));
}


static void test_dead(void **state)
{
	(void)state;

	tf.ht = mem_deref(tf.ht);
	assert_int_equal(FETCHED_FAILED, tf_fetch(tf.url));
	tf_why(tf.base);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_status), T(test_rubbish), T(test_short), T(test_long),
		T(test_file), T(test_dead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
