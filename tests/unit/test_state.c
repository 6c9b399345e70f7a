/**
 * @file test_state.c  Tests of state.c: lock and secret
 * links: state/state.c state/file.c scratch.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <re.h>
#include "state/state.h"
#include "scratch.h"


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


static int child_wait(pid_t pid)
{
	int status = 0;

	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_true(WIFEXITED(status));

	return WEXITSTATUS(status);
}


static void made_for_the_owner_alone(void **state)
{
	const mode_t old = umask(0);
	(void)state;

	assert_int_equal(0, state_init(ts.dir));
	assert_int_equal(0, put("file", "text"));
	(void)umask(old);

	assert_string_equal(state_dir(), ts.dir);
	assert_int_equal(0700, scratch_mode("state"));
	assert_int_equal(0600, scratch_mode("state/lock"));
	assert_int_equal(0600, scratch_mode("state/secret"));
	assert_int_equal(0600, scratch_mode("state/file"));
}


static void closed_to_others(void **state)
{
	(void)state;

	assert_int_equal(0, mkdir(ts.dir, 0755));
	assert_int_equal(0, state_init(ts.dir));
	assert_int_equal(0700, scratch_mode("state"));
}


/* /tmp must stay what it is, whoever names it */
static void not_ours_alone(void **state)
{
	char path[128];
	(void)state;

	(void)re_snprintf(path, sizeof(path), "%s/other", ts.dir);
	assert_int_equal(0, mkdir(ts.dir, 0755));
	assert_int_equal(0, mkdir(path, 0755));

	assert_int_equal(0, state_init(ts.dir));
	assert_int_equal(0755, scratch_mode("state"));
	assert_int_equal(0600, scratch_mode("state/secret"));
	assert_int_equal(0, stub_warnings);
	state_close();

	assert_int_equal(0, chmod(ts.dir, 0777));
	assert_int_equal(0, state_init(ts.dir));
	assert_int_equal(0777, scratch_mode("state"));
	assert_int_equal(1, stub_warnings);
}


static void no_dir(void **state)
{
	char path[128];
	(void)state;

	(void)re_snprintf(path, sizeof(path), "%s/a/b", ts.base);
	assert_int_equal(ENOENT, state_init(path));
	assert_int_equal(1, stub_warnings);
	assert_string_equal("", state_dir());

	assert_int_equal(ENOTDIR, state_init("/dev/null"));
	assert_int_equal(EINVAL, state_init("state"));
	assert_int_equal(EINVAL, state_init(NULL));
	assert_int_equal(ENOENT, put("file", "text"));
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


static void one_process_alone(void **state)
{
	(void)state;

	assert_int_equal(0, state_init(ts.dir));
	assert_int_equal(EALREADY, state_init(ts.dir));
	assert_int_equal(EBUSY, other_process(ts.dir));
	state_close();
	assert_int_equal(0, other_process(ts.dir));

	assert_int_equal(0, state_init(ts.dir));
}


static void lock_survives_two_forks(void **state)
{
	int ready[2], end[2];
	pid_t pid;
	char c;
	(void)state;

	assert_int_equal(0, pipe(ready));
	assert_int_equal(0, pipe(end));
	assert_int_equal(0, prctl(PR_SET_CHILD_SUBREAPER, 1));

	pid = fork();
	if (pid == 0) {
		if (state_init(ts.dir))
			_exit(1);

		pid = fork();
		if (pid)
			_exit(0);

		(void)close(end[1]);
		(void)!write(ready[1], "x", 1);
		(void)!read(end[0], &c, 1);
		_exit(0);
	}

	(void)close(ready[1]);
	assert_int_equal(0, child_wait(pid));
	assert_int_equal(1, read(ready[0], &c, 1));
	assert_int_equal(EBUSY, state_init(ts.dir));

	(void)close(end[1]);
	assert_true(wait(NULL) > 0);
	assert_int_equal(0, state_init(ts.dir));

	(void)close(ready[0]);
	(void)close(end[0]);
}


static void lock_ends_at_exec(void **state)
{
	int ready[2], end[2];
	pid_t pid;
	char c;
	(void)state;

	assert_int_equal(0, pipe(ready));
	assert_int_equal(0, pipe(end));

	pid = fork();
	if (pid == 0) {
		if (state_init(ts.dir) || dup2(end[0], 0) != 0 ||
		    dup2(ready[1], 1) != 1)
			_exit(1);

		(void)close(end[1]);
		(void)execl("/bin/sh", "sh", "-c", "echo x; read y", NULL);
		_exit(1);
	}

	(void)close(ready[1]);
	assert_int_equal(1, read(ready[0], &c, 1));
	assert_int_equal(0, state_init(ts.dir));

	(void)close(end[1]);
	assert_true(waitpid(pid, NULL, 0) == pid);
	(void)close(ready[0]);
	(void)close(end[0]);
}


static void keeps_its_secret(void **state)
{
	static const uint8_t zero[STATE_SECRET_LEN];
	uint8_t secret[STATE_SECRET_LEN];
	(void)state;

	assert_int_equal(0, state_init(ts.dir));
	memcpy(secret, state_secret(), sizeof(secret));
	assert_memory_not_equal(secret, zero, sizeof(secret));
	state_close();
	assert_memory_equal(state_secret(), zero, sizeof(secret));

	assert_int_equal(0, state_init(ts.dir));
	assert_memory_equal(secret, state_secret(), sizeof(secret));

	/* Cut short by whatever: made anew, whole */
	assert_int_equal(0, put("secret", "short"));
	state_close();
	assert_int_equal(0, state_init(ts.dir));
	assert_memory_not_equal(secret, state_secret(), sizeof(secret));
	memcpy(secret, state_secret(), sizeof(secret));
	state_close();
	assert_int_equal(0, state_init(ts.dir));
	assert_memory_equal(secret, state_secret(), sizeof(secret));
}


static void long_path(void **state)
{
	char path[PATH_MAX + 1];
	(void)state;

	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(ENAMETOOLONG, state_init(path));
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest testv[] = {
		TEST(made_for_the_owner_alone),
		TEST(closed_to_others),
		TEST(not_ours_alone),
		TEST(no_dir),
		TEST(one_process_alone),
		TEST(lock_survives_two_forks),
		TEST(lock_ends_at_exec),
		TEST(keeps_its_secret),
		TEST(long_path),
	};

	return cmocka_run_group_tests_name("state", testv, NULL, NULL);
}
