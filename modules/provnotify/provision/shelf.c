/**
 * @file shelf.c  The folders of the generations in the state dir
 */
#include <errno.h>
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "state/state.h"
#include "provision/room.h"
#include "provision/shelf.h"


enum {
	NAME_MAX_LEN = 64,      /**< Of a file, with its number             */
};


/**
 * The path of all generations, of one, or of a file of one
 *
 * @param path Buffer of PATH_MAX bytes
 * @param n    Number of the generation, 0 = all
 * @param name Name of the file, or NULL
 *
 * @return 0 if success, otherwise errorcode
 */
int shelf_path(char *path, unsigned n, const char *name)
{
	char buf[NAME_MAX_LEN * 2];

	if (n)
		(void)re_snprintf(buf, sizeof(buf), "generations/%u%s%s", n,
				  name ? "/" : "", name ? name : "");
	else
		str_ncpy(buf, "generations", sizeof(buf));

	return state_path(path, PATH_MAX, buf);
}


/**
 * The path of a part. Its name comes from a URL: what is not harmless in it is
 * replaced.
 *
 * @param path Buffer of PATH_MAX bytes
 * @param n    Number of the generation
 * @param ix   Place of the part, from 0
 * @param part Part
 *
 * @return 0 if success, otherwise errorcode
 */
int shelf_part(char *path, unsigned n, unsigned ix,
		     const struct part *part)
{
	char buf[NAME_MAX_LEN];
	char *p;

	(void)re_snprintf(buf, sizeof(buf), "%02u-%s", ix, part->name);

	for (p = buf; *p; ++p) {

		if (!strchr("0123456789abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-", *p))
			*p = '_';
	}

	return shelf_path(path, n, buf);
}


/**
 * Make the folder of all generations, or of one
 *
 * @param n Number of the generation, 0 = all
 *
 * @return 0 if success, also if it is there; otherwise errorcode
 */
int shelf_make(unsigned n)
{
	char path[PATH_MAX];
	int err;

	err = shelf_path(path, n, NULL);
	if (err)
		return err;

	if (mkdir(path, 0700))
		return errno == EEXIST ? 0 : errno;

	/* Whatever the umask */
	return chmod(path, 0700) ? errno : 0;
}


/**
 * Bring the folder of all generations, or one with its files, to the disk
 *
 * @param n Number of the generation, 0 = all
 *
 * @return 0 if success, otherwise errorcode
 */
int shelf_sync(unsigned n)
{
	char path[PATH_MAX];
	int err;

	err = shelf_path(path, n, NULL);

	if (err)
		return err;

	return n ? state_sync_files(path) : state_sync_dir(path);
}


/**
 * Remove a generation, which holds files alone. What cannot be removed is
 * tried again with the next commit.
 *
 * @param n Number of the generation
 */
void shelf_remove(unsigned n)
{
	char path[PATH_MAX];
	struct dirent *de;
	DIR *dir;

	if (shelf_path(path, n, NULL))
		return;

	dir = opendir(path);
	if (!dir)
		return;

	while ((de = readdir(dir)))
		(void)unlinkat(dirfd(dir), de->d_name, 0);

	(void)closedir(dir);
	(void)rmdir(path);
}


/**
 * Remove all generations that `current` does not name
 *
 * @param st What `current` says
 */
void shelf_clean(const struct standing *st)
{
	char path[PATH_MAX];
	struct dirent *de;
	DIR *dir;

	if (shelf_path(path, 0, NULL))
		return;

	dir = opendir(path);
	if (!dir)
		return;

	while ((de = readdir(dir))) {
		const unsigned long n = strtoul(de->d_name, NULL, 10);

		if (n && n <= UINT_MAX && n != st->running && n != st->proved)
			shelf_remove((unsigned)n);
	}

	(void)closedir(dir);
}
