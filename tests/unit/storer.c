/**
 * @file storer.c  A state dir, and generations to be put into it
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "state/state.h"
#include "provision/room.h"
#include "fake_worker.h"
#include "scratch.h"
#include "storer.h"


struct storer ts;


/**
 * The handler of all commits
 *
 * @param err How it ended
 * @param arg The fixture
 */
void storer_h(int err, void *arg)
{
	assert_ptr_equal(&ts, arg);
	ts.err = err;
}


/**
 * Add a file to the generation
 *
 * @param url  Where it is from
 * @param text Content
 */
void storer_part(const char *url, const char *text)
{
	struct part *part;

	assert_int_equal(0, part_alloc(&part, url, RULE_SOLE));
	part->mb = mbuf_alloc(64);
	assert_int_equal(0, mbuf_write_str(part->mb, text));
	list_append(&ts.gen->partl, &part->le, part);
}


/**
 * Make a generation of one file
 *
 * @param n    Number
 * @param text Content of the file
 */
void storer_generation(unsigned n, const char *text)
{
	ts.gen = mem_deref(ts.gen);
	assert_int_equal(0, generation_alloc(&ts.gen, "http://h/p/"));

	ts.gen->n = n;
	ts.gen->when = 12345;
	storer_part("http://h/p/accounts", text);
	assert_int_equal(0, generation_hash(ts.gen));
}


/**
 * Make a generation and commit it
 *
 * @param n      Number
 * @param text   Content of its file
 * @param proved Which one is proved
 *
 * @return How it ended
 */
int storer_commit(unsigned n, const char *text, unsigned proved)
{
	storer_generation(n, text);

	ts.st.running = n;
	ts.st.proved = proved;
	ts.err = -1;

	assert_int_equal(0, store_commit(ts.gen, &ts.st, storer_h, &ts));
	fake_worker_drain();

	return ts.err;
}


/**
 * How many generations are on the disk?
 *
 * @return Number
 */
unsigned storer_count(void)
{
	struct dirent *de;
	char path[160];
	unsigned n = 0;
	DIR *dir;

	(void)re_snprintf(path, sizeof(path), "%s/generations", ts.dir);

	dir = opendir(path);
	if (!dir)
		return 0;

	while ((de = readdir(dir)))
		n += de->d_name[0] != '.';

	(void)closedir(dir);

	return n;
}


/**
 * An empty state dir
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int storer_setup(void **state)
{
	(void)state;

	memset(&ts, 0, sizeof(ts));
	(void)alarm(60);

	ts.base = scratch_make();
	if (!ts.base)
		return -1;

	(void)re_snprintf(ts.dir, sizeof(ts.dir), "%s/state", ts.base);

	return state_init(ts.dir);
}


/**
 * End of it
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int storer_teardown(void **state)
{
	(void)state;

	mem_deref(ts.gen);
	state_close();

	return scratch_remove();
}


/**
 * Overwrite a file in the state dir
 *
 * @param name Name
 * @param text Content
 */
void storer_spoil(const char *name, const char *text)
{
	char path[200];
	FILE *f;

	(void)re_snprintf(path, sizeof(path), "%s/%s", ts.dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs(text, f);
	assert_int_equal(0, fclose(f));
}
