/**
 * @file accounts.h  Contact user or address to account, its learned server,
 *                   is a call up: what guard, phone and provision all ask
 */

struct account;

/* accounts.c */
int  accounts_init(void);
void accounts_close(void);

uint32_t accounts_calls(void);
struct ua *accounts_nth(unsigned n);
unsigned accounts_number(const struct ua *ua);
int  accounts_print(struct re_printf *pf, void *unused);

/* index.c */
struct ua *accounts_find(const struct pl *user, const struct source *src,
			 enum addressed *how);
int  accounts_add(struct ua *ua, unsigned line);
void accounts_remove(const struct ua *ua);
bool accounts_ours(const struct ua *ua);

/* server.c */
uint32_t accounts_answers(void);
bool accounts_is_server(const struct ua *ua, const struct source *src);
bool accounts_is_server_addr(const struct ua *ua, const struct sa *addr);
bool accounts_is_server_name(const struct ua *ua, const struct pl *host);

/* renew.c */
bool accounts_renew(int64_t by);
void renew_close(void);
