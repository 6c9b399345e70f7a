/**
 * @file state.c  The state dir, locked
 *
 * The lock belongs to the open file: it lives on in the child of `baresip
 * -d`, and ends at an exec.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include "compat/compat.h"
#include "state/state.h"


static struct {
	char dir[PATH_MAX];
	uint8_t secret[STATE_SECRET_LEN];
	int lock;               /**< Locked file, -1 = none                 */
} st = {
	.lock = -1,
};


static bool is_empty(const char *dir)
{
	bool empty = true;
	struct dirent *d;
	DIR *dp;

	dp = opendir(dir);
	if (!dp)
		return false;

	while (empty && (d = readdir(dp)) != NULL)
		empty = !str_cmp(d->d_name, ".") || !str_cmp(d->d_name, "..");

	(void)closedir(dp);

	return empty;
}


/*
 * Closed to others, unless it is a folder that has other things in it, such
 * as /tmp: there our files are closed, one by one
 */
static int dir_make(const char *dir)
{
	struct stat sb;

	if (!mkdir(dir, 0700))
		(void)chmod(dir, 0700);         /* whatever the umask */
	else if (errno != EEXIST)
		return errno;

	if (stat(dir, &sb))
		return errno;

	if (!S_ISDIR(sb.st_mode))
		return ENOTDIR;

	if ((sb.st_mode & 077) && is_empty(dir) && !chmod(dir, 0700))
		return 0;

	if (sb.st_mode & 022)
		warning("provnotify: others may write into %s, and so set"
			" this phone up: see provnotify_state_dir\n", dir);

	return 0;
}


/* A disk that is full or read-only is no reason not to start: then what is
   there is locked */
static int dir_lock(const char *dir)
{
	char path[PATH_MAX];
	int err;

	err = state_path(path, sizeof(path), "lock");
	if (err)
		return err;

	st.lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (st.lock >= 0)
		(void)fchmod(st.lock, 0600);
	if (st.lock < 0)
		st.lock = open(path, O_RDONLY | O_CLOEXEC);
	if (st.lock < 0)
		st.lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (st.lock < 0)
		return errno;

	if (flock(st.lock, LOCK_EX | LOCK_NB))
		return errno == EWOULDBLOCK ? EBUSY : errno;

	return 0;
}


static int secret_load(void)
{
	struct mbuf *mb = NULL;
	int err;

	if (!state_read(&mb, "secret") && mb->end == sizeof(st.secret)) {
		err = mbuf_read_mem(mb, st.secret, sizeof(st.secret));
		goto out;
	}

	if (getrandom(st.secret, sizeof(st.secret), 0) !=
	    sizeof(st.secret)) {
		err = errno;
		goto out;
	}

	/* Good for as long as this process lives, even if not kept */
	if (state_write("secret", st.secret, sizeof(st.secret)))
		warning("provnotify: could not write %s/secret\n", st.dir);

	err = 0;

 out:
	mem_deref(mb);

	return err;
}


/**
 * Take the state dir: make it if it is not there (its parent must be), and
 * lock it. What is wrong is told to the user.
 *
 * @param dir Absolute path
 *
 * @return 0 if success, otherwise errorcode (EBUSY: another process has it)
 */
int state_init(const char *dir)
{
	int err;

	if (!dir || dir[0] != '/')
		return EINVAL;

	if (st.lock >= 0)
		return EALREADY;

	if (str_len(dir) >= sizeof(st.dir))
		return ENAMETOOLONG;

	str_ncpy(st.dir, dir, sizeof(st.dir));

	err = dir_make(dir);
	if (err)
		goto out;

	err = dir_lock(dir);
	if (err)
		goto out;

	err = secret_load();

 out:
	if (err == EBUSY)
		warning("provnotify: another process uses the state dir %s:"
			" end that one, or give each phone a"
			" provnotify_state_dir of its own\n", dir);
	else if (err)
		warning("provnotify: the state dir %s cannot be used (%m):"
			" its parent must exist and it must belong to this"
			" user, see provnotify_state_dir\n", dir, err);

	if (err)
		state_close();

	return err;
}


/**
 * Give the state dir back
 */
void state_close(void)
{
	if (st.lock >= 0)
		(void)close(st.lock);

	st.lock = -1;
	st.dir[0] = '\0';
	memset(st.secret, 0, sizeof(st.secret));
}


/**
 * Get the state dir
 *
 * @return Absolute path; empty if there is none
 */
const char *state_dir(void)
{
	return st.dir;
}


/**
 * Get the path of a file in the state dir
 *
 * @param path Buffer for the absolute path with its NUL
 * @param size Size of the buffer [bytes]
 * @param name Name of the file
 *
 * @return 0 if success, otherwise errorcode (ENAMETOOLONG)
 */
int state_path(char *path, size_t size, const char *name)
{
	if (!path || !name || !name[0])
		return EINVAL;

	if (!st.dir[0])
		return ENOENT;

	if (re_snprintf(path, size, "%s/%s", st.dir, name) < 0)
		return ENAMETOOLONG;

	return 0;
}


/**
 * Read a file of the state dir, whole
 *
 * @param mbp  Pointer to allocated buffer, at its start
 * @param name Name of the file
 *
 * @return 0 if success, otherwise errorcode (ENOENT: there is none; EFBIG:
 *         over STATE_FILE_MAX)
 */
int state_read(struct mbuf **mbp, const char *name)
{
	char path[PATH_MAX];
	int err;

	err = state_path(path, sizeof(path), name);
	if (err)
		return err;

	return state_read_at(mbp, path, STATE_FILE_MAX);
}


/**
 * Write a file of the state dir, whole or not at all
 *
 * @param name Name of the file
 * @param buf  Content
 * @param len  Length of the content [bytes], at most STATE_FILE_MAX
 *
 * @return 0 if success, otherwise errorcode (ENOSPC, EROFS, EACCES, ...), the
 *         old file is as it was then
 */
int state_write(const char *name, const uint8_t *buf, size_t len)
{
	char path[PATH_MAX];
	int err;

	if (len > STATE_FILE_MAX)
		return EFBIG;

	err = state_path(path, sizeof(path), name);
	if (err)
		return err;

	return state_write_at(path, buf, len);
}


/**
 * Leave a file of the state dir to the next process; see state_leave_at()
 *
 * @param name Name of the file
 * @param buf  Content
 * @param len  Length of the content [bytes]
 *
 * @return 0 if success, otherwise errorcode, the old file is as it was then
 */
int state_leave(const char *name, const uint8_t *buf, size_t len)
{
	char path[PATH_MAX];
	int err;

	err = state_path(path, sizeof(path), name);

	return err ? err : state_leave_at(path, buf, len);
}


/**
 * Remove a file of the state dir. It may be back after a power cut.
 *
 * @param name Name of the file
 *
 * @return 0 if it is not there any more, otherwise errorcode
 */
int state_remove(const char *name)
{
	char path[PATH_MAX];
	int err;

	err = state_path(path, sizeof(path), name);
	if (err)
		return err;

	return unlink(path) && errno != ENOENT ? errno : 0;
}


/**
 * Get the secret of this phone, random, made once
 *
 * @return STATE_SECRET_LEN bytes
 */
const uint8_t *state_secret(void)
{
	return st.secret;
}
