/**
 * @file room.h  What the files of the accounts room share; to be included
 *               behind request.h and accounts.h
 */

/* index.c */
int  index_init(void);
void index_close(void);
unsigned index_line(const struct ua *ua);
unsigned index_last_line(void);

/* users.c */
bool users_have(const struct pl *user);
uint32_t users_readings(void);
void users_forget(void);
void users_close(void);

/* server.c */
int  server_init(void);
void server_close(void);
int  server_print(struct re_printf *pf, const struct ua *ua);

/* host.c */
int  host_init(void);
void host_close(void);
int  host_get(struct pl *host, const struct ua *ua);
bool host_is(const struct ua *ua, const struct sa *addr);
