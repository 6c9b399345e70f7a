/**
 * @file fd.c  A file descriptor on libre's main loop
 *
 * Up to libre 3.5 the loop knows a descriptor by its number, later by a
 * handle.
 */
#include "compat.h"


struct compat_fd {
#if PN_BARESIP >= 30600
	struct re_fhs *fhs;
#else
	int fd;
#endif
};


static void destructor(void *arg)
{
	struct compat_fd *cfd = arg;

#if PN_BARESIP >= 30600
	cfd->fhs = fd_close(cfd->fhs);
#else
	if (cfd->fd >= 0)
		fd_close(cfd->fd);
#endif
}


/**
 * Listen for events on a file descriptor
 *
 * @param fdp   Pointer to allocated listener; mem_deref() stops listening and
 *              leaves the descriptor open: close it afterwards
 * @param fd    File descriptor
 * @param flags Events that are wanted (FD_READ, FD_WRITE, FD_EXCEPT)
 * @param h     Event handler
 * @param arg   Handler argument
 *
 * @return 0 if success, otherwise errorcode (EMFILE: more descriptors than
 *         libre's main loop takes)
 */
int compat_fd_listen(struct compat_fd **fdp, int fd, int flags, fd_h *h,
		     void *arg)
{
	struct compat_fd *cfd;
	int err;

	if (!fdp || fd < 0 || !flags || !h)
		return EINVAL;

	cfd = mem_zalloc(sizeof(*cfd), destructor);
	if (!cfd)
		return ENOMEM;

#if PN_BARESIP >= 30600
	err = fd_listen(&cfd->fhs, fd, flags, h, arg);
#else
	cfd->fd = -1;
	err = fd_listen(fd, flags, h, arg);
	if (!err)
		cfd->fd = fd;
#endif

	if (err)
		mem_deref(cfd);
	else
		*fdp = cfd;

	return err;
}
