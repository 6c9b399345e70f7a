/**
 * @file file.c  From lines to the journal's file
 *
 * Lines gather in a buffer. One job of the worker at a time takes the whole
 * buffer to the file. The file is opened for each of them: so it can be moved
 * or removed at any time, and nothing is left open. What could not be written
 * is tried again with the next line.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/stat.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "state/state.h"
#include "worker/worker.h"
#include "journal/file.h"
#include "journal/line.h"


enum {
	ROTATE_SIZE = 1 << 20,    /**< Largest size of the file [bytes]     */
	BUFFER_MAX  = 256 * 1024, /**< Lines that wait [bytes]              */
};

static struct {
	char *path;             /**< NULL = off                             */
	struct mbuf *waiting;
	struct mbuf *writing;   /**< The worker's, while it is busy         */
	uint32_t lost;          /**< Lines for which there was no room      */
	bool busy;
	bool failed;
	bool closing;
} jf;


/* Size is -1 where there is none: a pipe, /dev/stdout */
static int file_open(int *fdp, off_t *size, const char *path)
{
	struct stat sb;

	/* Not to wait for the reader, should it be a pipe */
	*fdp = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC |
		    O_NONBLOCK | O_NOCTTY, 0600);
	if (*fdp < 0)
		return errno;

	if (fstat(*fdp, &sb))
		return errno;

	*size = S_ISREG(sb.st_mode) ? sb.st_size : -1;

	/* Made under a umask that leaves nothing */
	if (S_ISREG(sb.st_mode) && !(sb.st_mode & 0600))
		(void)fchmod(*fdp, 0600);

	return 0;
}


/* Make room: what was there becomes the one old file */
static int file_rotate(int *fdp, off_t *size, const char *path)
{
	char old[PATH_MAX];

	if (re_snprintf(old, sizeof(old), "%s.1", path) < 0)
		return ENAMETOOLONG;

	if (rename(path, old))
		return errno;

	(void)close(*fdp);

	return file_open(fdp, size, path);
}


/* Append whole lines, or nothing */
static int file_append(const char *path, const uint8_t *buf, size_t len)
{
	off_t size = 0;
	char last;
	int fd;
	int err;

	err = file_open(&fd, &size, path);
	if (err)
		goto out;

	if (size > 0 && (size_t)size + len > ROTATE_SIZE) {
		err = file_rotate(&fd, &size, path);
		if (err)
			goto out;
	}

	/* A power cut can leave half a line */
	if (size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n')
		err = state_write_fd(fd, (const uint8_t *)"\n", 1);

	if (!err)
		err = state_write_fd(fd, buf, len);

	if (err && size >= 0 && ftruncate(fd, size))
		err = errno;

 out:
	if (fd >= 0)
		(void)close(fd);

	return err;
}


static void room_empty(void)
{
	jf.waiting = mem_deref(jf.waiting);
	jf.writing = mem_deref(jf.writing);
	jf.path    = mem_deref(jf.path);
	jf.lost    = 0;
	jf.failed  = false;
	jf.closing = false;
}


/* Runs in the thread. The main loop leaves both alone while it is busy. */
static int write_job(void *arg)
{
	const struct mbuf *mb = arg;

	return file_append(jf.path, mb->buf, mb->end);
}


static void write_start(void);


static void write_done(int err, void *arg)
{
	(void)arg;

	jf.busy = false;

	if (err && !jf.failed)
		warning("provnotify: the journal %s cannot be written (%m)\n",
			jf.path, err);
	else if (!err && jf.failed)
		info("provnotify: the journal is written again\n");

	jf.failed = err != 0;

	if (!err) {
		jf.writing = mem_deref(jf.writing);
		write_start();
	}

	if (jf.closing && !jf.busy)
		room_empty();
}


static void write_start(void)
{
	if (jf.busy)
		return;

	if (!jf.writing) {
		jf.writing = jf.waiting;
		jf.waiting = NULL;
	}

	if (jf.writing && !worker_run(write_job, write_done, jf.writing))
		jf.busy = true;
}


static size_t buffer_used(void)
{
	return (jf.waiting ? jf.waiting->end : 0) +
		(jf.writing ? jf.writing->end : 0);
}


/* Add a line whole, or not at all */
static int buffer_add(const struct mbuf *line)
{
	if (!jf.waiting)
		jf.waiting = mbuf_alloc(line->end);

	if (!jf.waiting)
		return ENOMEM;

	mbuf_set_pos(jf.waiting, jf.waiting->end);

	return mbuf_write_mem(jf.waiting, line->buf, line->end);
}


static void lost_add(void)
{
	struct mbuf *mb = mbuf_alloc(128);

	if (mb && !mbuf_printf(mb, "{\"time\":\"%H\",\"why\":"
			       "\"no room for more lines\",\"count\":%u}\n",
			       journal_line_time, NULL, jf.lost) &&
	    !buffer_add(mb))
		jf.lost = 0;

	mem_deref(mb);
}


/**
 * Open the journal. The file itself is made with the first line.
 *
 * @param path Absolute path, or NULL for no journal
 *
 * @return 0 if success, otherwise errorcode
 */
int journal_file_open(const char *path)
{
	if (jf.path)
		return EALREADY;

	return path ? str_dup(&jf.path, path) : 0;
}


/**
 * Close the journal. The worker writes what waits: worker_close() comes after.
 */
void journal_file_close(void)
{
	jf.closing = true;

	write_start();

	if (!jf.busy)
		room_empty();
}


/**
 * Add a line. Up to 256 KiB wait for the disk; what is more is counted.
 *
 * @param line Line with its line end; NULL: there was no memory for it
 */
void journal_file_add(const struct mbuf *line)
{
	if (!jf.path || jf.closing)
		return;

	if (!line || buffer_used() + line->end > BUFFER_MAX) {
		++jf.lost;
	}
	else {
		if (jf.lost)
			lost_add();

		if (buffer_add(line))
			++jf.lost;
	}

	write_start();
}
