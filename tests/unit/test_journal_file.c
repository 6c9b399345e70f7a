/**
 * @file test_journal_file.c  Tests of journal/file.c
 * links: journal/file.c state/file.c journal/line.c grammar.c worker/worker.c
 * worker/thread.c clock.c request.c compat/fd.c scratch.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <curl/curl.h>
#include <re.h>
#include "request.h"
#include "journal/journal.h"
#include "worker/worker.h"
#include "journal/file.h"
#include "scratch.h"


enum {
	ROTATE_SIZE = 1 << 20,
	BUFFER_MAX  = 256 * 1024,
	LINE_LEN    = 1024,
	FLUSH_MS    = 10000,
};

extern unsigned stub_warnings;

static struct {
	const char *dir;
	char path[80];
	struct mbuf *file;
} tf;


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "", size);
}


static int setup(void **state)
{
	(void)state;

	memset(&tf, 0, sizeof(tf));
	stub_warnings = 0;
	(void)alarm(60);

	tf.dir = scratch_make();
	(void)re_snprintf(tf.path, sizeof(tf.path), "%s/journal", tf.dir);

	return worker_init();
}


static int teardown(void **state)
{
	(void)state;

	journal_file_close();
	worker_close(FLUSH_MS);
	mem_deref(tf.file);

	return scratch_remove();
}


static void add(const char *str)
{
	struct mbuf *mb = mbuf_alloc(64);

	assert_int_equal(0, mbuf_write_str(mb, str));
	journal_file_add(mb);
	mem_deref(mb);
}


/* A line of 1024 bytes with a number */
static void add_long(unsigned n)
{
	struct mbuf *mb = mbuf_alloc(LINE_LEN);

	assert_int_equal(0, mbuf_printf(mb, "%08u", n));
	assert_int_equal(0, mbuf_fill(mb, 'x', LINE_LEN - 9));
	assert_int_equal(0, mbuf_write_u8(mb, '\n'));
	journal_file_add(mb);
	mem_deref(mb);
}


static int null_job(void *arg)
{
	return arg ? 1 : 0;
}


static void done_handler(int err, void *arg)
{
	(void)err;
	(void)arg;

	re_cancel();
}


/* Let the worker do what is queued, and what comes of it: a second batch */
static void run(void)
{
	int i;

	for (i = 0; i < 2; ++i) {
		assert_int_equal(0, worker_run(null_job, done_handler, NULL));
		assert_int_equal(0, re_main(NULL));
	}
}


/* The content of a file, with a NUL */
static const char *content(const char *suffix)
{
	char path[96];
	FILE *f;

	tf.file = mem_deref(tf.file);
	tf.file = mbuf_alloc(2 * ROTATE_SIZE);
	(void)re_snprintf(path, sizeof(path), "%s%s", tf.path, suffix);

	f = fopen(path, "r");
	if (!f)
		return "";

	tf.file->end = fread(tf.file->buf, 1, tf.file->size - 1, f);
	tf.file->buf[tf.file->end] = '\0';
	(void)fclose(f);

	return (char *)tf.file->buf;
}


static void appends(void **state)
{
	const mode_t old = umask(0);
	(void)state;

	assert_int_equal(0, journal_file_open(tf.path));
	assert_int_equal(EALREADY, journal_file_open(tf.path));
	assert_int_equal(0, scratch_mode("journal"));
	add("one\n");
	run();
	assert_string_equal("one\n", content(""));
	assert_int_equal(0600, scratch_mode("journal"));
	add("two\n");
	add("three\n");
	journal_file_close();
	worker_close(FLUSH_MS);
	(void)umask(old);

	assert_string_equal("one\ntwo\nthree\n", content(""));
	add("four\n");
	assert_string_equal("one\ntwo\nthree\n", content(""));
}


static void takes_up_an_old_one(void **state)
{
	FILE *f = fopen(tf.path, "w");
	(void)state;

	assert_non_null(f);
	(void)fputs("whole\nhal", f);
	(void)fclose(f);

	assert_int_equal(0, journal_file_open(tf.path));
	add("new\n");
	journal_file_close();
	worker_close(FLUSH_MS);

	assert_string_equal("whole\nhal\nnew\n", content(""));
}


static void counts_what_is_lost(void **state)
{
	(void)state;

	assert_int_equal(0, journal_file_open(tf.path));
	journal_file_add(NULL);
	journal_file_add(NULL);
	add("one\n");
	journal_file_close();
	worker_close(FLUSH_MS);

	assert_non_null(strstr(content(""), "no room for more lines\","
			       "\"count\":2}\none\n"));
}


static void moved_by_somebody(void **state)
{
	(void)state;

	assert_int_equal(0, journal_file_open(tf.path));
	add("one\n");
	run();
	assert_int_equal(0, unlink(tf.path));
	add("two\n");
	run();
	assert_string_equal("two\n", content(""));
}


static void rotates(void **state)
{
	unsigned long n;
	unsigned i;
	(void)state;

	assert_int_equal(0, journal_file_open(tf.path));

	for (i = 0; i < 2500; ++i) {
		add_long(i);
		if (i % 100 == 99)
			run();
	}

	/* The newest lines, and the one old file before them */
	(void)content("");
	assert_in_range(tf.file->end, LINE_LEN, ROTATE_SIZE);
	n = strtoul((char *)tf.file->buf, NULL, 10);
	assert_true(tf.file->end == (2500 - n) * LINE_LEN);
	(void)content(".1");
	assert_in_range(tf.file->end, 900 * LINE_LEN, ROTATE_SIZE);
	assert_int_equal(n - 1, strtoul((char *)tf.file->buf + tf.file->end -
					LINE_LEN, NULL, 10));
	assert_int_equal(0, scratch_mode("journal.2"));
}


static void bounded(void **state)
{
	unsigned i;
	(void)state;

	assert_int_equal(0, journal_file_open(tf.path));

	/* The main loop does not run: nothing is written meanwhile */
	for (i = 0; i < 300; ++i)
		add_long(i);
	run();
	assert_int_equal(BUFFER_MAX, strlen(content("")));

	add("after\n");
	run();
	assert_non_null(strstr(content(""), "\"count\":44}\nafter\n"));
}


static void no_room_on_the_disk(void **state)
{
	unsigned i;
	(void)state;

	assert_int_equal(0, journal_file_open("/dev/full"));

	for (i = 0; i < 10; ++i) {
		add("line\n");
		run();
	}

	assert_int_equal(1, stub_warnings);
	journal_file_close();
	worker_close(FLUSH_MS);
}


/* The disk takes some of the bytes, and more again later */
static void part_of_a_line(void **state)
{
	struct rlimit old, limit;
	(void)state;

	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(0, getrlimit(RLIMIT_FSIZE, &old));
	limit = old;
	limit.rlim_cur = 10;

	assert_int_equal(0, journal_file_open(tf.path));
	add("one\n");
	run();

	assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &limit));
	add("two, which is longer\n");
	run();
	assert_string_equal("one\n", content(""));
	assert_int_equal(1, stub_warnings);

	assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &old));
	add("three\n");
	run();
	assert_string_equal("one\ntwo, which is longer\nthree\n", content(""));
}


static void recovers_by_itself(void **state)
{
	char path[96];
	unsigned i;
	(void)state;

	(void)re_snprintf(path, sizeof(path), "%s/sub", tf.dir);
	(void)re_snprintf(tf.path, sizeof(tf.path), "%s/sub/journal", tf.dir);

	assert_int_equal(0, journal_file_open(tf.path));
	for (i = 0; i < 300; ++i) {
		add_long(i);
		run();
	}
	assert_int_equal(1, stub_warnings);

	assert_int_equal(0, mkdir(path, 0700));
	add("after\n");
	run();

	/* What was kept, in its order, and how many were not */
	assert_memory_equal("00000000", content(""), 8);
	assert_memory_equal("00000255",
			    content("") + BUFFER_MAX - LINE_LEN, 8);
	add("later\n");
	run();
	assert_non_null(strstr(content(""), "\"count\":45}\nlater\n"));
}


static void cannot_rotate(void **state)
{
	char path[96];
	unsigned i;
	(void)state;

	(void)re_snprintf(path, sizeof(path), "%s.1", tf.path);
	assert_int_equal(0, mkdir(path, 0700));
	assert_int_equal(0, journal_file_open(tf.path));

	for (i = 0; i < 1100; ++i) {
		add_long(i);
		if (i % 100 == 99)
			run();
	}

	assert_in_range(strlen(content("")), 1000 * LINE_LEN, ROTATE_SIZE);
	assert_int_equal(1, stub_warnings);
}


static void off(void **state)
{
	(void)state;

	assert_int_equal(0, journal_file_open(NULL));
	add("line\n");
	journal_file_add(NULL);
	journal_file_close();
	worker_close(FLUSH_MS);
	assert_int_equal(0, scratch_mode("journal"));
}


/* The worker is gone before the journal: bad order, but no crash */
static void no_worker(void **state)
{
	(void)state;

	assert_int_equal(0, journal_file_open(tf.path));
	worker_close(FLUSH_MS);
	add("line\n");
	journal_file_close();
	assert_int_equal(0, scratch_mode("journal"));
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest testv[] = {
		TEST(appends),
		TEST(takes_up_an_old_one),
		TEST(counts_what_is_lost),
		TEST(moved_by_somebody),
		TEST(rotates),
		TEST(bounded),
		TEST(no_room_on_the_disk),
		TEST(part_of_a_line),
		TEST(recovers_by_itself),
		TEST(cannot_rotate),
		TEST(off),
		TEST(no_worker),
	};
	int err;

	if (libre_init())
		return 1;

	err = cmocka_run_group_tests_name("journal_file", testv, NULL, NULL);
	libre_close();

	return err;
}
