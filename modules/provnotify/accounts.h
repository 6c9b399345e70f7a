/**
 * @file accounts.h  Contact user or address to account, its learned server,
 *                   is a call up: what guard, phone and provision all ask
 */

/* accounts.c */
int  accounts_init(void);
void accounts_close(void);

struct ua *accounts_find(const struct pl *user, const struct source *src,
			 enum addressed *how);
int  accounts_add(struct ua *ua, unsigned line);
void accounts_remove(const struct ua *ua);
bool accounts_ours(const struct ua *ua);
uint32_t accounts_calls(void);
struct ua *accounts_nth(unsigned n);
unsigned accounts_number(const struct ua *ua);
int  accounts_print(struct re_printf *pf, void *unused);

/* server.c */
int  server_init(void);
void server_close(void);
bool accounts_is_server(const struct ua *ua, const struct source *src);
bool accounts_is_server_addr(const struct ua *ua, const struct sa *addr);
bool accounts_is_server_name(const struct ua *ua, const struct pl *host);
int  server_print(struct re_printf *pf, const struct ua *ua);

/* host.c */
void host_init(void);
void host_close(void);
int  host_get(struct pl *host, const struct ua *ua);
bool host_is(const struct ua *ua, const struct sa *addr);

/* renew.c */
bool accounts_renew(int64_t by);
void renew_close(void);
