/**
 * @file room.h  What the files of the accounts room share; to be included
 *               behind request.h and accounts.h
 */

/** What a request can name an account by */
enum name {
	NAME_CONTACT,           /**< Contact user                           */
	NAME_USER,              /**< User of the address of record          */
	NAMES,
};

/** An account that the module made; what a search reads stands together */
struct entry {
	uint32_t keyv[NAMES];   /**< Hash of each name                      */
	struct ua *ua;
	const char *cuser;      /**< Referenced: tells when the ua is gone  */
	struct le hev[NAMES];
	struct le he_ua;        /**< By pointer                             */
	unsigned line;          /**< Line number of the phone, from 1       */
};

/* table.c */
int  table_init(void);
void table_close(void);
int  table_add(struct entry **entryp, struct ua *ua, const struct pl *user);
struct entry *table_find(const struct ua *ua);
struct list *table_list(enum name name, uint32_t key);
bool entry_alive(const struct entry *entry);

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
