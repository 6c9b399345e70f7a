/**
 * @file test_store.c  Tests of store.c and manifest.c
 * links: provision/store.c provision/shelf.c provision/manifest.c
 * provision/generation.c provision/plan.c provision/url.c vendor.c
 * profile/profile.c profile/account.c profile/check.c profile/note.c
 * profile/features.c grammar.c state/state.c state/file.c storer.c
 * fake_worker.c fake_format.c scratch.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "state/state.h"
#include "provision/room.h"
#include "fake_worker.h"
#include "storer.h"


#define T(f) cmocka_unit_test_setup_teardown(f, storer_setup, storer_teardown)

static const char old_text[] = "1 alice example.com a 600\n";
static const char new_text[] = "1 alice example.com b 600\n"
			       "2 bob example.com b 600\n";


static void test_round(void **state)
{
	struct generation *gen = NULL;
	struct standing st;
	const struct part *part;
	char why[TEXT_MAX];
	struct stat sb;
	char path[200];
	(void)state;

	storer_generation(7, old_text);
	storer_part("http://h/p/../\xc3\xa4 b?c=d/e", new_text);
	assert_int_equal(0, generation_hash(ts.gen));

	part = ts.gen->partl.head->data;
	assert_int_equal(0, str_dup(&((struct part *)part)->etag, "W/\"x\""));
	ts.gen->before = mbuf_alloc(16);
	assert_int_equal(0, mbuf_write_str(ts.gen->before, "a@b\n"));

	ts.st.running = 7;
	ts.st.starts = 2;
	ts.st.refused.wait = 3600;
	ts.st.refused.until = 1234567890123;
	str_ncpy(ts.st.refused.hash, "abc", HASH_MAX);
	str_ncpy(ts.st.refused.boot, "boot", sizeof(ts.st.refused.boot));

	assert_int_equal(0, store_commit(ts.gen, &ts.st, storer_h, &ts));
	fake_worker_drain();
	assert_int_equal(0, ts.err);

	assert_int_equal(0, store_read(&st));
	assert_memory_equal(&ts.st, &st, sizeof(st));

	assert_int_equal(0, store_load(&gen, 7, "m", why, sizeof(why)));
	assert_string_equal("http://h/p/", gen->url);
	assert_string_equal(ts.gen->hash, gen->hash);
	assert_int_equal(12345, gen->when);
	assert_int_equal(2, list_count(&gen->partl));
	assert_int_equal(2, list_count(&gen->prof->accountl));
	assert_int_equal(4, gen->before->end);
	assert_memory_equal("a@b\n", gen->before->buf, 4);

	part = gen->partl.head->data;
	assert_string_equal("W/\"x\"", part->etag);
	assert_null(part->modified);
	mem_deref(gen);

	/* only the user may read it */
	(void)re_snprintf(path, sizeof(path), "%s/generations/7", ts.dir);
	assert_int_equal(0, stat(path, &sb));
	assert_int_equal(0700, sb.st_mode & 0777);
	(void)re_snprintf(path, sizeof(path), "%s/generations/7/00-accounts",
			  ts.dir);
	assert_int_equal(0, stat(path, &sb));
	assert_int_equal(0600, sb.st_mode & 0777);
}


static void test_none(void **state)
{
	struct generation *gen = NULL;
	struct standing st;
	char why[TEXT_MAX];
	char hash[HASH_MAX];
	(void)state;

	assert_int_equal(0, store_read(&st));
	assert_int_equal(0, st.running);
	assert_int_equal(ENOENT, store_load(&gen, 1, "m", why, sizeof(why)));
	assert_int_equal(ENOENT, store_hash(hash, 1));
}


/* The running one and the last proved one are kept */
static void test_clean(void **state)
{
	unsigned n;
	(void)state;

	for (n=1; n<6; n++)
		assert_int_equal(0, storer_commit(n, old_text, n > 2 ? 2 : 0));

	assert_int_equal(2, storer_count());
}


/* One commit behind the other: the first one's cleaning spares the second */
static void test_clean_late(void **state)
{
	struct standing first;
	(void)state;

	assert_int_equal(0, storer_commit(1, old_text, 0));

	first = ts.st;
	first.proved = 1;
	assert_int_equal(0, store_commit(NULL, &first, storer_h, &ts));
	assert_int_equal(0, storer_commit(2, new_text, 1));

	assert_int_equal(2, storer_count());
}


static void test_damaged(void **state)
{
	struct generation *gen = NULL;
	struct standing st;
	char why[TEXT_MAX];
	(void)state;

	assert_int_equal(0, storer_commit(1, old_text, 0));

	storer_spoil("generations/1/00-accounts", new_text);
	assert_int_equal(EBADMSG, store_load(&gen, 1, "m", why, sizeof(why)));

	storer_spoil("generations/1/manifest.json", "{\"files\":0}");
	assert_true(store_load(&gen, 1, "m", why, sizeof(why)) != 0);
	storer_spoil("generations/1/manifest.json",
		     "{\"files\":1,\"0.url\":\"\"}");
	assert_int_equal(EBADMSG, store_load(&gen, 1, "m", why, sizeof(why)));
	storer_spoil("generations/1/manifest.json", "{\"files\":5}");
	assert_true(store_load(&gen, 1, "m", why, sizeof(why)) != 0);
	storer_spoil("generations/1/manifest.json", "[");
	assert_true(store_load(&gen, 1, "m", why, sizeof(why)) != 0);

	storer_spoil("current", "rubbish");
	assert_true(store_read(&st) != 0);
	storer_spoil("current", "{\"running\":-5,\"proved\":\"x\"}");
	assert_int_equal(0, store_read(&st));
	assert_int_equal(0, st.running);
	assert_int_equal(0, st.proved);
}


static void test_args(void **state)
{
	struct generation *gen = NULL;
	char why[8];
	(void)state;

	assert_int_equal(EINVAL, store_read(NULL));
	assert_int_equal(EINVAL, store_load(&gen, 0, "m", why, sizeof(why)));
	assert_int_equal(EINVAL, store_load(NULL, 1, "m", why, sizeof(why)));
	assert_int_equal(EINVAL, store_commit(NULL, NULL, storer_h, NULL));
	assert_int_equal(EINVAL, store_commit(NULL, &ts.st, NULL, NULL));
	assert_int_equal(EINVAL, manifest_encode(NULL, NULL));
	assert_int_equal(EINVAL, manifest_decode(NULL, NULL));
	assert_int_equal(EINVAL, standing_encode(NULL, NULL));
	assert_int_equal(EINVAL, standing_decode(NULL, NULL));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_round), T(test_none), T(test_clean), T(test_clean_late),
		T(test_damaged), T(test_args),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
