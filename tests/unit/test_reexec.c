/**
 * @file test_reexec.c  Tests of reexec.c; one starts this program again
 * links: stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "restart/reexec.c"


/* What a process that was started again is called with, behind its name */
static const char again[] = "again";


static void start_as(const char *cwd, const char *const *argv)
{
	struct mbuf *mb = mbuf_alloc(1024);

	for (; *argv; ++argv) {
		(void)mbuf_write_str(mb, *argv);
		(void)mbuf_write_u8(mb, 0);
	}

	first.len = mb->end;
	first.cmdline = mem_alloc(mb->end, NULL);
	memcpy(first.cmdline, mb->buf, mb->end);
	(void)str_dup(&first.cwd, cwd);

	mem_deref(mb);
}


static void assert_args(const char *const *argv, const char *expected)
{
	struct args *args = NULL;
	char text[512] = "";
	size_t i, n = 0;

	start_as("/home/me", argv);
	assert_int_equal(0, args_alloc(&args));

	for (i=0; i<args->c; i++)
		n += (size_t)re_snprintf(text + n, sizeof(text) - n, "%s%s",
					 i ? "|" : "", args->v[i]);

	assert_string_equal(expected, text);
	assert_null(args->v[args->c]);

	mem_deref(args);
	reexec_close();
}


#define ARGS(expected, ...)						\
	do {								\
		static const char *const argv[] = {__VA_ARGS__, NULL};	\
		assert_args(argv, expected);				\
	} while (0)


static void test_daemon(void **state)
{
	(void)state;

	ARGS("baresip", "baresip");
	ARGS("baresip", "baresip", "-d");
	ARGS("/usr/bin/baresip|-v", "/usr/bin/baresip", "-v", "-d");

	/* In clusters */
	ARGS("baresip|-v", "baresip", "-vd");
	ARGS("baresip|-v", "baresip", "-dv");
	ARGS("baresip|-4vs", "baresip", "-4dvs");
	ARGS("baresip", "baresip", "-dd");

	/* A d that is a value, or stands in one */
	ARGS("baresip|-e|-d", "baresip", "-e", "-d");
	ARGS("baresip|-e|d", "baresip", "-ed");
	ARGS("baresip|-e|/dial 1d", "baresip", "-e", "/dial 1d");
	ARGS("baresip|-n|dummy0", "baresip", "-n", "dummy0", "-d");

	/* The name of the program is no option */
	ARGS("-d", "-d");
}


static void test_folder(void **state)
{
	(void)state;

	ARGS("baresip|-f|/etc/phone", "baresip", "-f", "/etc/phone");
	ARGS("baresip|-f|/home/me/phone", "baresip", "-f", "phone");
	ARGS("baresip|-f|/home/me/./phone/", "baresip", "-f", "./phone/");
	ARGS("baresip|-f|/home/me/phone", "baresip", "-fphone");
	ARGS("baresip|-f|/etc/phone", "baresip", "-f/etc/phone");

	ARGS("baresip|-vf|/home/me/phone", "baresip", "-vdf", "phone");
	ARGS("baresip|-vf|/home/me/phone", "baresip", "-vdfphone");
	ARGS("baresip|-f|/home/me/-d", "baresip", "-f", "-d");

	/* Other paths are not seen from the folder of the first start */
	ARGS("baresip|-p|sounds", "baresip", "-p", "sounds");
}


static void test_values(void **state)
{
	(void)state;

	ARGS("baresip|-e|a|-u|;x=y|-m|b.so|-t|10|-v",
	     "baresip", "-e", "a", "-u", ";x=y", "-mb.so", "-t10", "-v");
	ARGS("baresip|-a|x", "baresip", "-a", "x");
	ARGS("baresip|-e|", "baresip", "-e", "");

	/* getopt says what is wrong with these, as at the first start */
	ARGS("baresip|-e", "baresip", "-e");
	ARGS("baresip|-vf", "baresip", "-vf");
	ARGS("baresip|-", "baresip", "-");
	ARGS("baresip|word|-v", "baresip", "word", "-v");
	ARGS("baresip||-v", "baresip", "", "-v");
}


static void test_too_many(void **state)
{
	const char *argv[ARG_MAX_C + 3];
	struct args *args = NULL;
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(argv) - 1; i++)
		argv[i] = "-v";
	argv[i] = NULL;

	start_as("/", argv);
	assert_int_equal(E2BIG, args_alloc(&args));
	assert_null(args);
	assert_int_equal(E2BIG, reexec());
	reexec_close();
}


static void test_init(void **state)
{
	char cwd[PATH_MAX];
	mode_t mask;
	(void)state;

	assert_non_null(getcwd(cwd, sizeof(cwd)));
	mask = umask(027);

	assert_int_equal(0, reexec_init());
	assert_string_equal(cwd, first.cwd);
	assert_int_equal(027, first.mask);
	assert_int_equal(027, umask(mask));
	assert_true(first.len > 0);
	assert_int_equal('\0', first.cmdline[first.len - 1]);

	reexec_close();
	assert_null(first.cwd);
	assert_null(first.cmdline);
	reexec_close();
}


static void test_check(void **state)
{
	char path[PATH_MAX];
	(void)state;

	assert_int_equal(0, reexec_check());
	assert_int_equal(0, program_path(path, sizeof(path)));
	assert_int_equal('/', path[0]);
	assert_null(strstr(path, "(deleted)"));
}


/* The child becomes a daemon of a kind, and then this program again */
static void start_again(const char *const *argv)
{
	sigset_t set;

	start_as("/usr", argv);
	first.mask = 027;

	(void)umask(0);
	(void)chdir("/");
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);

	_exit(reexec());
}


static void test_reexec(void **state)
{
	static const char *const argv[] = {"phone", again, "-d", NULL};
	char text[256] = "", expected[256];
	int fdv[2], status;
	ssize_t n, len = 0;
	pid_t pid;
	(void)state;

	assert_int_equal(0, pipe(fdv));

	pid = fork();
	if (!pid) {
		(void)dup2(fdv[1], STDOUT_FILENO);
		start_again(argv);
	}

	(void)close(fdv[1]);

	while ((n = read(fdv[0], text + len, sizeof(text) - 1 - len)) > 0)
		len += n;

	(void)close(fdv[0]);

	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_true(WIFEXITED(status));
	assert_int_equal(0, WEXITSTATUS(status));

	/* The same process, folder, umask and name; nothing left open */
	(void)re_snprintf(expected, sizeof(expected),
			  "%d /usr 27 phone 2 0 0\n", (int)pid);
	assert_string_equal(expected, text);
}


/* Started again: tell what is there */
static int tell(int argc, char *argv[])
{
	char cwd[PATH_MAX] = "";
	int fd, open = 0;
	sigset_t set;

	(void)sigprocmask(SIG_SETMASK, NULL, &set);

	/* valgrind keeps some of its own, far up */
	for (fd = 3; fd < 200; ++fd)
		open += fcntl(fd, F_GETFD) >= 0;

	return printf("%d %s %o %s %d %d %d\n", (int)getpid(),
		      getcwd(cwd, sizeof(cwd)), umask(0), argv[0], argc, open,
		      sigismember(&set, SIGUSR1)) < 0;
}


int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_daemon),
		cmocka_unit_test(test_folder),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_init),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_reexec),
	};

	if (argc > 1 && !strcmp(argv[1], again))
		return tell(argc, argv);

	return cmocka_run_group_tests(tests, NULL, NULL);
}
