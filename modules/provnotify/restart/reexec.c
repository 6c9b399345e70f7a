/**
 * @file reexec.c  The same program again, under the same pid
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <linux/close_range.h>
#include <unistd.h>
#include "compat/compat.h"
#include "request.h"
#include "restart/restart.h"


enum {
	ARG_MAX_C     = 256,
	CMDLINE_MAX   = 128 * 1024,
};

/* What baresip was started with, before -d changed it */
static struct {
	char *cwd;
	char *cmdline;          /**< Arguments, each ended by NUL           */
	size_t len;
	mode_t mask;
} first;

/** Arguments of the next process; all owned */
struct args {
	char *v[ARG_MAX_C + 1];
	size_t c;
};


static void args_destructor(void *arg)
{
	struct args *args = arg;

	while (args->c)
		mem_deref(args->v[--args->c]);
}


static int args_add(struct args *args, const char *fmt, ...)
{
	va_list ap;
	int err;

	if (args->c >= ARG_MAX_C)
		return E2BIG;

	va_start(ap, fmt);
	err = re_vsdprintf(&args->v[args->c], fmt, ap);
	va_end(ap);

	if (!err)
		++args->c;

	return err;
}


/* A path as seen from the folder of the first start */
static int args_add_path(struct args *args, const char *path)
{
	return path[0] == '/' ? args_add(args, "%s", path) :
		args_add(args, "%s/%s", first.cwd, path);
}


/*
 * One word of options such as -vd or -f/etc/x: without -d, since the process
 * is a daemon already, and with the path of -f absolute, since it may have
 * gone to / for that
 */
static int args_add_options(struct args *args, const char *word,
			    const char *next, bool *used_next)
{
	static const char with_value[] = "aefpunmt";
	char flags[64] = "-";
	size_t n = 1;
	int err = 0;

	while (*++word && n < sizeof(flags) - 1) {

		if (*word == 'd')
			continue;

		flags[n++] = *word;

		if (!strchr(with_value, *word))
			continue;

		*used_next = word[1] == '\0';

		if (*used_next && !next)
			return args_add(args, "%s", flags);

		err  = args_add(args, "%s", flags);
		next = *used_next ? next : word + 1;

		if (*word == 'f')
			err |= args_add_path(args, next);
		else
			err |= args_add(args, "%s", next);

		return err;
	}

	return n > 1 ? args_add(args, "%s", flags) : 0;
}


static int args_alloc(struct args **argsp)
{
	const char *p = first.cmdline, *end = p + first.len;
	struct args *args;
	int err = 0;

	args = mem_zalloc(sizeof(*args), args_destructor);
	if (!args)
		return ENOMEM;

	while (p < end && !err) {

		const char *next = p + strlen(p) + 1;
		bool used_next = false;

		if (next >= end)
			next = NULL;

		if (args->c && p[0] == '-' && p[1] && p[1] != '-')
			err = args_add_options(args, p, next, &used_next);
		else
			err = args_add(args, "%s", p);

		p = next ? next : end;

		if (used_next && p < end)
			p += strlen(p) + 1;
	}

	if (err)
		mem_deref(args);
	else
		*argsp = args;

	return err;
}


/*
 * The real path, not /proc/self/exe: that would change the name of the
 * process to "exe". After an upgrade of the package the link ends in
 * " (deleted)", and the new program stands at the old path.
 */
static int program_path(char *path, size_t size)
{
	static const char deleted[] = " (deleted)";
	const size_t dlen = sizeof(deleted) - 1;
	ssize_t n;

	n = readlink("/proc/self/exe", path, size - 1);
	if (n <= 0)
		return errno;

	path[n] = '\0';

	if ((size_t)n > dlen && !strcmp(&path[n - dlen], deleted))
		path[n - dlen] = '\0';

	return 0;
}


/**
 * Remember how baresip was started. Called at load, before -d takes effect.
 *
 * @return 0 if success, otherwise errorcode
 */
int reexec_init(void)
{
	char cwd[PATH_MAX];
	struct mbuf *mb;
	ssize_t n;
	int fd, err;

	if (!getcwd(cwd, sizeof(cwd)))
		return errno;

	first.mask = umask(0);
	(void)umask(first.mask);

	mb = mbuf_alloc(CMDLINE_MAX);
	if (!mb)
		return ENOMEM;

	fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	n  = fd < 0 ? -1 : read(fd, mb->buf, mb->size - 1);
	err = n <= 0 ? (errno ? errno : ENOENT) : 0;

	if (fd >= 0)
		(void)close(fd);

	if (!err) {
		mb->buf[n] = '\0';
		first.len = (size_t)n;
		first.cmdline = mem_alloc(first.len + 1, NULL);

		if (first.cmdline)
			memcpy(first.cmdline, mb->buf, first.len + 1);
		else
			err = ENOMEM;
	}

	err |= str_dup(&first.cwd, cwd);

	mem_deref(mb);

	return err;
}


/**
 * Forget how baresip was started
 */
void reexec_close(void)
{
	first.cwd = mem_deref(first.cwd);
	first.cmdline = mem_deref(first.cmdline);
}


/**
 * Can the program be started again? Asked before anything is taken down.
 *
 * @return 0 if it can, otherwise errorcode
 */
int reexec_check(void)
{
	char path[PATH_MAX];
	int err;

	err = program_path(path, sizeof(path));
	if (err)
		return err;

	return access(path, X_OK) ? errno : 0;
}


/**
 * Start the same program again under the same pid, with the arguments, the
 * folder and the umask of the first start
 *
 * @return Does not return on success, otherwise errorcode
 */
int reexec(void)
{
	struct args *args = NULL;
	char path[PATH_MAX];
	sigset_t none;
	int err;

	err = program_path(path, sizeof(path));
	if (err)
		goto out;

	err = args_alloc(&args);
	if (err || !args)
		goto out;

	if (chdir(first.cwd))
		warning("provnotify: restart: %s: %m\n", first.cwd, errno);

	(void)umask(first.mask);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);

	if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC)) {
		int fd;

		for (fd = 3; fd < 4096; ++fd)
			(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	}

	(void)execv(path, args->v);
	err = errno;

 out:
	mem_deref(args);

	return err;
}
