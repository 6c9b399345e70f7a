/**
 * @file test_shelf.c  Tests of shelf.c: a process that is killed anywhere in a
 *                     commit
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
#include <stdio.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "state/state.h"
#include "provision/room.h"
#include "storer.h"


#define T(f) cmocka_unit_test_setup_teardown(f, storer_setup, storer_teardown)

enum {
	KILLED = 99,            /**< Status of the process that was ended   */
};

static const char old_text[] = "1 alice example.com a 600\n";
static const char new_text[] = "1 alice example.com b 600\n"
			       "2 bob example.com b 600\n";

static struct {
	unsigned calls;         /**< Of the kernel, that change the disk    */
	unsigned fatal;         /**< The process ends before this one       */
} tk;


/*
 * The calls that change the disk: counted, and the process ends before the
 * chosen one, as by SIGKILL
 */
static void count(void)
{
	if (++tk.calls == tk.fatal)
		_exit(KILLED);
}


ssize_t write(int fd, const void *buf, size_t len)
{
	count();

	return syscall(SYS_write, fd, buf, len);
}


int fsync(int fd)
{
	count();

	return (int)syscall(SYS_fsync, fd);
}


int rename(const char *from, const char *to)
{
	count();

	return (int)syscall(SYS_rename, from, to);
}


int mkdir(const char *path, mode_t mode)
{
	count();

	return (int)syscall(SYS_mkdir, path, mode);
}


int unlink(const char *path)
{
	count();

	return (int)syscall(SYS_unlink, path);
}


int unlinkat(int fd, const char *path, int flags)
{
	count();

	return (int)syscall(SYS_unlinkat, fd, path, flags);
}


int rmdir(const char *path)
{
	count();

	return (int)syscall(SYS_rmdir, path);
}


/* What runs must be whole, and either of the two */
static bool is_new(void)
{
	struct generation *gen = NULL;
	struct standing st;
	char why[TEXT_MAX];
	uint32_t n;

	assert_int_equal(0, store_read(&st));
	assert_int_equal(0, store_load(&gen, st.running, "m", why,
				       sizeof(why)));

	n = list_count(&gen->prof->accountl);
	assert_int_equal(st.running == 2 ? 2 : 1, n);
	assert_int_equal(st.running == 2 ? 1 : 0, st.proved);

	mem_deref(gen);

	return n == 2;
}


/* Always the old generation or the new one, whole; and it can be done again */
static void test_killed(void **state)
{
	bool done = false;
	unsigned i, old = 0, new = 0;
	(void)state;

	for (i=1; !done; i++) {
		int status = 0;
		pid_t pid;

		tk.fatal = 0;
		ts.st = (struct standing){0};
		assert_int_equal(0, storer_commit(1, old_text, 0));
		assert_false(is_new());

		pid = fork();
		assert_true(pid >= 0);

		if (!pid) {
			tk.calls = 0;
			tk.fatal = i;
			_exit(storer_commit(2, new_text, 1));
		}

		assert_int_equal(pid, waitpid(pid, &status, 0));
		assert_true(WIFEXITED(status));

		done = WEXITSTATUS(status) != KILLED;
		if (done)
			assert_int_equal(0, WEXITSTATUS(status));

		if (is_new())
			++new;
		else
			++old;

		assert_int_equal(0, storer_commit(2, new_text, 1));
		assert_true(is_new());
		assert_int_equal(2, storer_count());
	}

	/* it was ended in many places, before the switch and behind it */
	assert_true(old >= 8);
	assert_true(new >= 2);
}


/* Nothing is switched to what could not be written */
static void test_failing(void **state)
{
	char path[200];
	(void)state;

	assert_int_equal(0, storer_commit(1, old_text, 0));

	storer_spoil("generations/2", "");
	assert_int_equal(ENOTDIR, storer_commit(2, new_text, 1));
	assert_false(is_new());

	(void)re_snprintf(path, sizeof(path), "%s/generations/2", ts.dir);
	assert_int_equal(0, unlink(path));
	assert_int_equal(0, storer_commit(2, new_text, 1));
	assert_true(is_new());
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_killed), T(test_failing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
