/**
 * @file file.c  Whole reads and whole writes
 *
 * A file changes whole or not at all: it is written beside, under a name that
 * nothing reads, brought to the disk, and renamed over the old one. A power
 * cut at any moment leaves the one or the other.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <re.h>
#include "state/state.h"


static int fd_read_all(struct mbuf *mb, int fd)
{
	while (mb->end < mb->size) {
		const ssize_t n = read(fd, &mb->buf[mb->end],
				       mb->size - mb->end);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		if (n == 0)
			break;

		mb->end += (size_t)n;
	}

	return 0;
}


/**
 * Read a file, whole
 *
 * @param mbp  Pointer to allocated buffer, at its start
 * @param path Path of the file
 * @param max  A longer file is not read [bytes]
 *
 * @return 0 if success, otherwise errorcode (ENOENT: there is none; EFBIG:
 *         longer than max; EINVAL: not a regular file; EAGAIN: somebody
 *         writes to it)
 */
int state_read_at(struct mbuf **mbp, const char *path, size_t max)
{
	struct mbuf *mb = NULL;
	struct stat sb;
	int err = 0;
	int fd;

	if (!mbp || !path)
		return EINVAL;

	/* Not to wait for the writer, should it be a pipe */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return errno;

	if (fstat(fd, &sb)) {
		err = errno;
		goto out;
	}

	if (!S_ISREG(sb.st_mode)) {
		err = EINVAL;
		goto out;
	}

	if ((uint64_t)sb.st_size > max) {
		err = EFBIG;
		goto out;
	}

	/* One byte more shows whether it grows meanwhile */
	mb = mbuf_alloc((size_t)sb.st_size + 1);
	if (!mb) {
		err = ENOMEM;
		goto out;
	}

	err = fd_read_all(mb, fd);

	if (!err && mb->end > (size_t)sb.st_size)
		err = EAGAIN;

 out:
	(void)close(fd);

	if (err)
		mem_deref(mb);
	else
		*mbp = mb;

	return err;
}


/**
 * Write all of a buffer, however often the system takes a part of it
 *
 * @param fd  File descriptor
 * @param buf What to write
 * @param len Its length [bytes]
 *
 * @return 0 if success, otherwise errorcode, and a part may be written
 */
int state_write_fd(int fd, const uint8_t *buf, size_t len)
{
	while (len) {
		const ssize_t n = write(fd, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;

		buf += n;
		len -= (size_t)n;
	}

	return 0;
}


/* A new file with our mode, never what somebody left there */
static int file_make(const char *path, const uint8_t *buf, size_t len,
		     bool sync)
{
	int err;
	int fd;

	(void)unlink(path);

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;

	/* Whatever the umask: it must be read again */
	(void)fchmod(fd, 0600);

	err = state_write_fd(fd, buf, len);
	if (!err && sync && fsync(fd))
		err = errno;

	if (close(fd) && !err)
		err = errno;

	return err;
}


/* Beside, then over the old one */
static int file_replace(const char *path, const uint8_t *buf, size_t len,
			bool sync)
{
	char tmp[PATH_MAX], dir[PATH_MAX];
	const char *name;
	struct pl folder;
	int err;

	if (!path || path[0] != '/' || (!buf && len))
		return EINVAL;

	name = strrchr(path, '/') + 1;
	folder.p = path;
	folder.l = (size_t)(name - path);

	if (re_snprintf(dir, sizeof(dir), "%r", &folder) < 0 ||
	    re_snprintf(tmp, sizeof(tmp), "%r.%s.tmp", &folder, name) < 0)
		return ENAMETOOLONG;

	err = file_make(tmp, buf, len, sync);
	if (!err && rename(tmp, path))
		err = errno;

	if (err) {
		(void)unlink(tmp);
		return err;
	}

	return sync ? state_sync_dir(dir) : 0;
}


/**
 * Write a file, whole or not at all
 *
 * @param path Absolute path of the file
 * @param buf  Content
 * @param len  Length of the content [bytes]
 *
 * @return 0 if success, otherwise errorcode (ENOSPC, EROFS, EACCES, ...), the
 *         old file is as it was then
 */
int state_write_at(const char *path, const uint8_t *buf, size_t len)
{
	return file_replace(path, buf, len, true);
}


/**
 * Leave a file to the next process: whole or not at all, but whether it
 * outlives a power cut as well is not waited for
 *
 * @param path Absolute path of the file
 * @param buf  Content
 * @param len  Length of the content [bytes]
 *
 * @return 0 if success, otherwise errorcode, the old file is as it was then
 */
int state_leave_at(const char *path, const uint8_t *buf, size_t len)
{
	return file_replace(path, buf, len, false);
}


/**
 * Write a file into a folder that nothing reads yet
 *
 * It is on the disk when state_sync_files() has been called.
 *
 * @param path Path of the file
 * @param buf  Content
 * @param len  Length of the content [bytes]
 *
 * @return 0 if success, otherwise errorcode
 */
int state_put_at(const char *path, const uint8_t *buf, size_t len)
{
	if (!path || (!buf && len))
		return EINVAL;

	return file_make(path, buf, len, false);
}


static int file_sync(int dirfd, const char *name, unsigned flags)
{
	int err = 0;
	int fd;

	fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno;

	/* Where this is not known it is no loss: it only begins early */
	if (flags)
		(void)sync_file_range(fd, 0, 0, flags);
	else if (fsync(fd))
		err = errno;

	(void)close(fd);

	return err;
}


/**
 * Bring all files of a folder to the disk, and their names
 *
 * The files are written side by side, and only then asked for one by one: the
 * journal of the file system then has one turn, where it would have one for
 * each file else.
 *
 * @param path Path of the folder, which holds files alone
 *
 * @return 0 if success, otherwise errorcode
 */
int state_sync_files(const char *path)
{
	static const unsigned turnv[] = {
		SYNC_FILE_RANGE_WRITE,
		SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
		SYNC_FILE_RANGE_WAIT_AFTER,
		0,
	};
	struct dirent *de;
	int err = 0;
	size_t i;
	DIR *dir;

	if (!path)
		return EINVAL;

	dir = opendir(path);
	if (!dir)
		return errno;

	for (i=0; i<sizeof(turnv)/sizeof(turnv[0]); i++) {

		rewinddir(dir);

		while (!err && (de = readdir(dir))) {

			if (de->d_name[0] != '.')
				err = file_sync(dirfd(dir), de->d_name,
						turnv[i]);
		}
	}

	(void)closedir(dir);

	return err ? err : state_sync_dir(path);
}


/**
 * Bring the names in a folder to the disk
 *
 * @param path Path of the folder
 *
 * @return 0 if success, otherwise errorcode
 */
int state_sync_dir(const char *path)
{
	int err = 0;
	int fd;

	if (!path)
		return EINVAL;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno;

	/* EINVAL: a file system that cannot, and need not */
	if (fsync(fd) && errno != EINVAL)
		err = errno;

	(void)close(fd);

	return err;
}
