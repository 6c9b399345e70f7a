/**
 * @file scratch.c  A folder for one test
 */
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <re.h>
#include "scratch.h"


static char dir[64];


static int unlink_handler(const char *path, const struct stat *sb, int flag,
			  struct FTW *ftw)
{
	(void)sb;
	(void)flag;
	(void)ftw;

	return remove(path);
}


/**
 * Make the folder
 *
 * @return Its path, or NULL
 */
const char *scratch_make(void)
{
	(void)re_snprintf(dir, sizeof(dir), "/tmp/provnotifyXXXXXX");

	return mkdtemp(dir);
}


/**
 * Remove the folder and all that is in it
 *
 * @return 0 if success, otherwise -1
 */
int scratch_remove(void)
{
	return nftw(dir, unlink_handler, 8, FTW_DEPTH | FTW_PHYS);
}


/**
 * Who may do what with a file
 *
 * @param name Path, from the folder on
 *
 * @return Its mode; 0 if there is none
 */
mode_t scratch_mode(const char *name)
{
	char path[PATH_MAX];
	struct stat sb;

	(void)re_snprintf(path, sizeof(path), "%s/%s", dir, name);

	return lstat(path, &sb) ? 0 : sb.st_mode & 07777;
}
