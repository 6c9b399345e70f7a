/**
 * @file decode.h  What the decoders of all formats share
 *
 * A format is a table: one row for each key, with what it does here. The
 * decoder of a file walks its keys, looks each up in the table, and lets the
 * row's handler write the value into the profile.
 */

enum {
	DECODE_KEY_MAX    = 128,    /**< A longer key is unknown            */
	DECODE_NUMBER_MAX = 3,      /**< Numbers in a key                   */
};

struct decoder;
struct format_row;

/**
 * Takes a value over. A value that is not set puts the default back.
 *
 * @return 0 if success, ENOTSUP if it has no use here, EBADMSG if the file is
 *         to be refused, with the reason in the decoder's error
 */
typedef int (format_set_h)(struct decoder *dec, const struct format_row *row,
			   void *field, const struct pl *val);

/** What the number in a key counts */
enum format_scope {
	SCOPE_PROFILE,          /**< Nothing: the field is the profile's    */
	SCOPE_ACCOUNT,          /**< Accounts                               */
	SCOPE_PROVIDER,         /**< Templates of accounts                  */
	SCOPE_ALL,              /**< Nothing: the template of all accounts  */
	SCOPE_LINE_KEY,
	SCOPE_MEMORY_KEY,
};

/** A word of the file and what it means */
struct format_word {
	const char *word;
	int value;
};

/** One key */
struct format_row {
	const char *key;        /**< # is a number, * at the end anything   */
	enum format_scope scope;
	format_set_h *seth;     /**< NULL: understood, without use here     */
	size_t offset;          /**< Of the field, where the scope is       */
	const char *desc;       /**< What it does here, or why nothing      */
	const struct format_word *wordv;    /**< For set_word()             */
};

/** Rows of a table in the order of their keys (strcmp) */
struct format_rows {
	const struct format_row *v;
	size_t c;
};

/** One format */
struct format_table {
	const char *name;
	const char *prefix;     /**< Of a key, may be missing; or NULL      */
	struct format_rows used;
	const struct format_rows *idle; /**< Understood, without use; NULL */
	unsigned base;          /**< Number of the first account            */
	void (*accounth)(struct profile_account *acc);
				/**< Its defaults, or NULL                  */
};

/** One file that is being decoded */
struct decoder {
	const struct format_table *table;
	struct profile *prof;
	struct profile_account *acc;    /**< The account, if keys name none */
	struct format_error *error;
	unsigned lineno;
	struct pl key;          /**< As it stands in the file               */
	struct pl tail;         /**< What the * of the row stands for       */
	const char *why;        /**< Why the value has no use here, static  */
	const char *meant;      /**< What a misspelt key is near to, static */
	unsigned numberv[DECODE_NUMBER_MAX];
	size_t numberc;
};

/* decode.c */
int  decode_refuse(struct decoder *dec, const char *fmt, ...);
int  decode_account(struct decoder *dec, unsigned line,
		    struct profile_account **accp);
int  decode_key(struct decoder *dec, const struct pl *key,
		const struct pl *val);
struct pl decode_name(const struct format_table *table, const struct pl *key);

/* near.c */
const char *near_key(const struct format_table *table, const char *pattern);

/* text.c */

/** A text, line by line */
struct lines {
	struct pl rest;
	unsigned lineno;        /**< Of the line that was read last         */
};

int  text_check(const struct pl *text, struct format_error *error);
bool text_line(struct lines *lines, struct pl *line);
bool text_islast(const struct lines *lines);
void text_trim(struct pl *pl);
void text_unquote(struct pl *pl);
int  text_refuse(struct format_error *error, unsigned lineno,
		 const char *fmt, ...);

/* set.c */
int  set_string(char **field, const struct pl *val);
format_set_h set_text, set_secret, set_user, set_host, set_port, set_bool,
	     set_word, set_choice, set_dtmf, set_seconds, set_ptime,
	     set_number, set_value, set_url, set_addrlist;

/* The formats */
extern const struct format_table native_table, yealink_table, gigaset_table,
				 audiocodes_table;

int native_decode(struct profile *prof, const struct pl *text,
		  struct format_error *error);
int yealink_decode(struct profile *prof, const struct pl *text,
		   struct format_error *error);
int gigaset_decode(struct profile *prof, const struct pl *text,
		   struct format_error *error);
int audiocodes_decode(struct profile *prof, const struct pl *text,
		      struct format_error *error);

int yealink_includes(const struct pl *text, const char *model,
		     bool *overwrite, format_include_h *h, void *arg);
int audiocodes_includes(const struct pl *text, format_include_h *h,
			void *arg);
