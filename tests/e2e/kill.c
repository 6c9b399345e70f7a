/**
 * @file kill.c  Ends the process before, or in the middle of, one step of a
 *               commit
 *
 * Preloaded by test_kill.py. A step is each write, fsync, rename, mkdir,
 * unlink and rmdir below PN_KILL_DIR that is about a generation or `current`;
 * PN_KILL_AT is the number of the one that is not reached, from 1. A write is
 * two steps: nothing of it, and half of it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>


#define next(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))


static atomic_int steps;


static int counts(const char *path)
{
	const char *dir = getenv("PN_KILL_DIR");

	return dir && !strncmp(path, dir, strlen(dir)) &&
		(strstr(path, "/generations") || strstr(path, "current"));
}


/* Is this the one? */
static int is_last(const char *path)
{
	const char *at = getenv("PN_KILL_AT");

	return at && counts(path) &&
		atomic_fetch_add(&steps, 1) + 1 == strtol(at, NULL, 10);
}


static void step(const char *path)
{
	if (is_last(path))
		(void)kill(getpid(), SIGKILL);
}


static const char *path_of(char *path, int fd)
{
	char link[64];
	ssize_t n;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);

	n = readlink(link, path, PATH_MAX - 1);
	path[n > 0 ? n : 0] = '\0';

	return path;
}


ssize_t write(int fd, const void *buf, size_t count)
{
	char path[PATH_MAX];

	step(path_of(path, fd));

	if (is_last(path)) {
		(void)next(write)(fd, buf, count / 2);
		(void)kill(getpid(), SIGKILL);
	}

	return next(write)(fd, buf, count);
}


int fsync(int fd)
{
	char path[PATH_MAX];

	step(path_of(path, fd));

	return next(fsync)(fd);
}


int rename(const char *from, const char *to)
{
	step(to);

	return next(rename)(from, to);
}


int mkdir(const char *path, mode_t mode)
{
	step(path);

	return next(mkdir)(path, mode);
}


int unlink(const char *path)
{
	step(path);

	return next(unlink)(path);
}


int unlinkat(int fd, const char *name, int flags)
{
	char path[PATH_MAX];

	step(path_of(path, fd));

	return next(unlinkat)(fd, name, flags);
}


int rmdir(const char *path)
{
	step(path);

	return next(rmdir)(path);
}
