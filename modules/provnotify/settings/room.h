/**
 * @file room.h  One setting: its row in the table, and its value
 */

struct setting;

/** A line of the file, on its way into the settings */
struct setting_line {
	struct settings *s;
	const struct setting *set;
	const char *confdir;    /**< For relative paths                     */
	unsigned lineno;        /**< 0 = a default                          */
	struct pl val;
	struct pl bad;          /**< Set to the part that is wrong          */
	unsigned before;        /**< Set if it stands there already: where  */
};

typedef int (setting_decode_h)(struct setting_line *line, void *p);
typedef int (setting_print_h)(struct re_printf *pf,
			      const struct setting *set);

/** A type of value */
struct setting_type {
	setting_decode_h *decode;
	const char *accepted;   /**< For people                             */
	setting_print_h *printh; /**< The same, printed from the row        */
	bool empty;             /**< May be empty                           */
};

/** A row */
struct setting {
	const char *name;       /**< Without provnotify_                    */
	const struct setting_type *type;
	size_t offset;          /**< In struct settings                     */
	const char *def;        /**< Default; NULL: none, or worked out     */
	const char *wordv[4];   /**< Words, in the order of the enum        */
	uint32_t min, max;      /**< Range                                  */
	bool secret;            /**< Never shown, or may hold a password    */
};

/* table.c */
extern const struct setting settingv[];
extern const size_t settingc;

const struct setting *setting_find(const struct pl *key);
int  setting_names(struct re_printf *pf, void *unused);
int  setting_accepted(struct re_printf *pf, const struct setting *set);

/* value.c */
extern const struct setting_type
	type_bool, type_mac, type_number, type_path, type_path_or,
	type_restart, type_string, type_text, type_vendor, type_word;

void setting_trim(struct pl *pl);
void setting_unquote(struct pl *pl);
bool setting_is_digits(const struct pl *pl);
int  setting_string(struct setting_line *line, void *p);

/* net.c */
extern const struct setting_type
	type_hosts, type_http_from, type_listen, type_notify_from,
	type_pnp_address, type_url;

/* key.c */
extern const struct setting_type type_key;
