/**
 * @file test_state_file.c  Tests of state/file.c, and of names in state.c
 * links: state/state.c state/file.c scratch.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <re.h>
#include "state/state.h"
#include "scratch.h"


static struct {
	const char *base;
	char dir[80];
	int steps;              /**< Calls till the power cut, 0 = none     */
	int synced;             /**< Calls of fsync()                       */
} ts;


/* The power cut: the process ends before its n-th change of the disk */
static void step(void)
{
	if (ts.steps && --ts.steps == 0)
		_exit(1);
}


ssize_t write(int fd, const void *buf, size_t len)
{
	step();

	/* In two parts, as on a disk that is nearly full */
	if (ts.steps && len > 1)
		len /= 2;

	return syscall(SYS_write, fd, buf, len);
}


int fsync(int fd)
{
	step();
	++ts.synced;

	return (int)syscall(SYS_fsync, fd);
}


int rename(const char *from, const char *to)
{
	step();

	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}


static int setup(void **state)
{
	(void)state;

	memset(&ts, 0, sizeof(ts));
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


static void writes_and_reads(void **state)
{
	struct mbuf *mb = NULL;
	char path[PATH_MAX];
	(void)state;

	assert_int_equal(0, state_init(ts.dir));
	assert_int_equal(ENOENT, state_read(&mb, "file"));
	assert_int_equal(0, put("file", "one"));
	assert_true(holds("file", "one"));
	assert_int_equal(0, put("file", "number two"));
	assert_true(holds("file", "number two"));
	assert_int_equal(0, put("file", ""));
	assert_true(holds("file", ""));
	assert_false(temp_left());

	assert_int_equal(0, state_path(path, sizeof(path), "file"));
	assert_int_equal(0, state_write_at(path, (uint8_t *)"12345", 5));
	assert_int_equal(EFBIG, state_read_at(&mb, path, 4));
	assert_int_equal(0, state_read_at(&mb, path, 5));
	mem_deref(mb);

	assert_int_equal(0, state_remove("file"));
	assert_int_equal(0, state_remove("file"));
	assert_int_equal(0, scratch_mode("state/file"));
}


static void sizes(void **state)
{
	struct mbuf *mb = mbuf_alloc(STATE_FILE_MAX + 1);
	struct mbuf *in = NULL;
	(void)state;

	memset(mb->buf, 'x', mb->size);
	assert_int_equal(0, state_init(ts.dir));
	assert_int_equal(0, state_write("file", mb->buf, STATE_FILE_MAX));
	assert_int_equal(0, state_read(&in, "file"));
	assert_int_equal(STATE_FILE_MAX, in->end);
	assert_int_equal(EFBIG, state_write("file", mb->buf,
					    STATE_FILE_MAX + 1));
	in = mem_deref(in);
	mem_deref(mb);
}


static void not_a_file(void **state)
{
	struct mbuf *mb = NULL;
	char path[128];
	(void)state;

	assert_int_equal(0, state_init(ts.dir));
	(void)re_snprintf(path, sizeof(path), "%s/pipe", ts.dir);
	assert_int_equal(0, mkfifo(path, 0600));
	assert_int_equal(EINVAL, state_read(&mb, "pipe"));
	assert_int_equal(EINVAL, state_read_at(&mb, ts.dir, 10));
}


/* What somebody put in the way of the temporary file is not written to */
static void temp_in_the_way(void **state)
{
	char path[128];
	(void)state;

	assert_int_equal(0, state_init(ts.dir));
	assert_int_equal(0, put("other", "untouched"));
	(void)re_snprintf(path, sizeof(path), "%s/.file.tmp", ts.dir);
	assert_int_equal(0, symlink("other", path));
	assert_int_equal(0, put("file", "text"));
	assert_true(holds("file", "text"));
	assert_true(holds("other", "untouched"));
}


static void fails_whole(void **state)
{
	char path[128];
	(void)state;

	assert_int_equal(0, state_init(ts.dir));
	(void)re_snprintf(path, sizeof(path), "%s/file", ts.dir);
	assert_int_equal(0, mkdir(path, 0700));
	assert_int_equal(EISDIR, put("file", "text"));
	assert_false(temp_left());

	(void)re_snprintf(path, sizeof(path), "%s/none/file", ts.dir);
	assert_int_equal(ENOENT, state_write_at(path, (uint8_t *)"x", 1));
	assert_int_equal(ENOENT, state_sync_dir("/nonexistent"));
	assert_int_equal(ENOTDIR, state_sync_dir("/dev/null"));
}


/* Files that nothing reads yet come to the disk together, each of them */
static void many_at_once(void **state)
{
	static const char *namev[] = {"a", "b", "c"};
	char path[128], dir[128];
	size_t i;
	(void)state;

	assert_int_equal(0, state_init(ts.dir));
	(void)re_snprintf(dir, sizeof(dir), "%s/many", ts.dir);
	assert_int_equal(0, mkdir(dir, 0700));

	ts.synced = 0;
	for (i=0; i<3; i++) {
		(void)re_snprintf(path, sizeof(path), "%s/%s", dir, namev[i]);
		assert_int_equal(0, state_put_at(path, (uint8_t *)"text", 4));
	}
	assert_int_equal(0, ts.synced);

	assert_int_equal(0, state_sync_files(dir));
	assert_int_equal(4, ts.synced);
	assert_true(holds("many/a", "text"));
	assert_true(holds("many/c", "text"));
	assert_int_equal(0600, scratch_mode("state/many/b"));

	/* what somebody left there has not our mode: it is made anew */
	assert_int_equal(0, chmod(path, 0666));
	assert_int_equal(0, state_put_at(path, (uint8_t *)"new", 3));
	assert_int_equal(0600, scratch_mode("state/many/c"));

	/* what the next process alone needs does not wait for the disk */
	ts.synced = 0;
	assert_int_equal(0, state_leave("many/c", (uint8_t *)"left", 4));
	assert_true(holds("many/c", "left"));
	assert_int_equal(0, ts.synced);

	assert_int_equal(ENOENT, state_sync_files("/nonexistent"));
	(void)re_snprintf(path, sizeof(path), "%s/none/file", ts.dir);
	assert_int_equal(ENOENT, state_put_at(path, (uint8_t *)"x", 1));
}


static void power_cut(void **state)
{
	static const char old[] = "the old one";
	static const char new[] = "the new one, which is longer";
	bool was_old = false, was_new = false;
	int i, cut = 1;
	(void)state;

	for (i = 1; cut; ++i) {

		const pid_t pid = fork();
		struct mbuf *mb = NULL;

		if (pid == 0) {
			if (state_init(ts.dir) || put("file", old))
				_exit(2);

			ts.steps = i;
			_exit(put("file", new) ? 2 : 0);
		}

		cut = child_wait(pid);
		assert_in_range(cut, 0, 1);

		assert_int_equal(0, state_init(ts.dir));
		assert_int_equal(0, state_read(&mb, "file"));

		if (mb->end == strlen(old)) {
			assert_memory_equal(mb->buf, old, mb->end);
			assert_false(was_new);
			was_old = true;
		}
		else {
			assert_int_equal(strlen(new), mb->end);
			assert_memory_equal(mb->buf, new, mb->end);
			was_new = true;
		}

		/* And life goes on */
		assert_int_equal(0, put("file", "later"));
		assert_true(holds("file", "later"));
		assert_false(temp_left());
		state_close();
		mem_deref(mb);
	}

	assert_true(was_old && was_new);
	assert_true(i > 4);
}


static void wrong_arguments(void **state)
{
	struct mbuf *mb = NULL;
	char path[PATH_MAX];
	(void)state;

	assert_int_equal(0, state_init(ts.dir));
	assert_int_equal(EINVAL, state_path(NULL, 10, "x"));
	assert_int_equal(EINVAL, state_path(path, 10, NULL));
	assert_int_equal(EINVAL, state_path(path, 10, ""));
	assert_int_equal(ENAMETOOLONG, state_path(path, 10, "x"));
	assert_int_equal(EINVAL, state_read(NULL, "x"));
	assert_int_equal(EINVAL, state_read_at(&mb, NULL, 10));
	assert_int_equal(EINVAL, state_write("x", NULL, 1));
	assert_int_equal(EINVAL, state_write_at("x", (uint8_t *)"x", 1));
	assert_int_equal(EINVAL, state_write_at(NULL, (uint8_t *)"x", 1));
	assert_int_equal(EINVAL, state_sync_dir(NULL));
	assert_int_equal(EINVAL, state_sync_files(NULL));
	assert_int_equal(EINVAL, state_put_at("x", NULL, 1));
	assert_int_equal(EINVAL, state_put_at(NULL, (uint8_t *)"x", 1));

	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(ENAMETOOLONG, put(path, "x"));
	path[0] = '/';
	assert_int_equal(ENAMETOOLONG, state_write_at(path, (uint8_t *)"x",
						      1));
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest testv[] = {
		TEST(writes_and_reads),
		TEST(sizes),
		TEST(not_a_file),
		TEST(temp_in_the_way),
		TEST(fails_whole),
		TEST(many_at_once),
		TEST(power_cut),
		TEST(wrong_arguments),
	};

	return cmocka_run_group_tests_name("state_file", testv, NULL, NULL);
}
