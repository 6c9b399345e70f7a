/**
 * @file state.h  The state dir: lock, whole reads and whole writes
 *
 * Everything between state_init() and state_close() may be called from the
 * worker's jobs too, as long as two threads do not write one file at the same
 * time.
 */

enum {
	STATE_FILE_MAX   = 1 << 20, /**< A larger file is not read [bytes]  */
	STATE_SECRET_LEN = 32,      /**< What state_secret() points to      */
};

int  state_init(const char *dir);
void state_close(void);
const char *state_dir(void);
int  state_path(char *path, size_t size, const char *name);
int  state_read(struct mbuf **mbp, const char *name);
int  state_write(const char *name, const uint8_t *buf, size_t len);
int  state_leave(const char *name, const uint8_t *buf, size_t len);
int  state_write_at(const char *path, const uint8_t *buf, size_t len);
int  state_leave_at(const char *path, const uint8_t *buf, size_t len);
int  state_put_at(const char *path, const uint8_t *buf, size_t len);
int  state_write_fd(int fd, const uint8_t *buf, size_t len);
int  state_sync_files(const char *path);
int  state_read_at(struct mbuf **mbp, const char *path, size_t max);
int  state_remove(const char *name);
int  state_sync_dir(const char *path);
const uint8_t *state_secret(void);
