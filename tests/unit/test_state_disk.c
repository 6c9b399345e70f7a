/**
 * @file test_state_disk.c  Tests of state.c: disks that are full or read-only
 * links: state/state.c state/file.c scratch.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <re.h>
#include "state/state.h"
#include "scratch.h"


enum {
	EXIT_SKIP = 77,
	BIG       = 64 * 1024,
};

extern unsigned stub_warnings;

static struct {
	const char *base;
	char dir[80];
} ts;


static int setup(void **state)
{
	(void)state;

	memset(&ts, 0, sizeof(ts));
	stub_warnings = 0;
	(void)alarm(60);

	ts.base = scratch_make();
	if (!ts.base)
		return errno;

	(void)re_snprintf(ts.dir, sizeof(ts.dir), "%s/state", ts.base);

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	state_close();

	return scratch_remove();
}


static int put(const char *name, const char *str)
{
	return state_write(name, (const uint8_t *)str, strlen(str));
}


static bool holds(const char *name, const char *str)
{
	struct mbuf *mb = NULL;
	bool same;

	if (state_read(&mb, name))
		return false;

	same = mb->pos == 0 && mb->end == strlen(str) &&
		!memcmp(mb->buf, str, mb->end);
	mem_deref(mb);

	return same;
}


static bool temp_left(void)
{
	return scratch_mode("state/.file.tmp") != 0;
}


static int child_wait(pid_t pid)
{
	int status = 0;

	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_true(WIFEXITED(status));

	return WEXITSTATUS(status);
}


/* A child has the lock, too, till it closes it */
static int other_process(const char *dir)
{
	pid_t pid = fork();

	if (pid == 0) {
		state_close();
		_exit(state_init(dir));
	}

	return child_wait(pid);
}


/* Mounts need root, and a namespace of their own */
static void in_namespace(int (*test)(void))
{
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (unshare(CLONE_NEWNS) ||
		    mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL))
			_exit(EXIT_SKIP);

		_exit(test());
	}

	status = child_wait(pid);
	if (status == EXIT_SKIP)
		skip();

	assert_int_equal(0, status);
}


static int full_disk(void)
{
	static const uint8_t big[BIG];

	if (mount("none", ts.base, "tmpfs", 0, "size=65536"))
		return EXIT_SKIP;

	if (state_init(ts.dir) || put("file", "old") ||
	    state_write("file", big, sizeof(big)) != ENOSPC)
		return 1;

	return holds("file", "old") && !temp_left() ? 0 : 2;
}


static void full(void **state)
{
	(void)state;

	in_namespace(full_disk);
}


static int remount(unsigned long flags)
{
	return mount("none", ts.base, "tmpfs", MS_REMOUNT | flags, NULL);
}


static int read_only_disk(void)
{
	if (mount("none", ts.base, "tmpfs", 0, NULL))
		return EXIT_SKIP;

	if (state_init(ts.dir) || put("file", "old"))
		return 1;

	/* With a lock file */
	state_close();
	if (remount(MS_RDONLY) || state_init(ts.dir) ||
	    other_process(ts.dir) != EBUSY)
		return 2;

	if (put("file", "new") != EROFS || state_remove("file") != EROFS ||
	    !holds("file", "old"))
		return 3;

	/* And with nothing at all */
	state_close();
	if (remount(0) || state_init(ts.dir) || state_remove("lock") ||
	    state_remove("secret"))
		return 4;

	state_close();
	if (remount(MS_RDONLY))
		return 4;

	if (state_init(ts.dir) || !stub_warnings ||
	    other_process(ts.dir) != EBUSY)
		return 5;

	return 0;
}


/* A disk with errors turns read-only under a process that has the lock */
static int read_only_view(void)
{
	char path[128];

	(void)re_snprintf(path, sizeof(path), "%s/view", ts.base);

	if (state_init(ts.dir) || mkdir(path, 0700) ||
	    mount(ts.dir, path, "none", MS_BIND, NULL) ||
	    mount("none", path, "none", MS_REMOUNT | MS_BIND | MS_RDONLY,
		  NULL))
		return EXIT_SKIP;

	return other_process(path) == EBUSY ? 0 : 1;
}


static void read_only(void **state)
{
	(void)state;

	in_namespace(read_only_disk);
	in_namespace(read_only_view);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest testv[] = {
		TEST(full),
		TEST(read_only),
	};

	return cmocka_run_group_tests_name("state_disk", testv, NULL, NULL);
}
