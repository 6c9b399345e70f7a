/**
 * @file reading.h  What the user's own files say
 */

enum read_file {
	READ_ACCOUNTS,
	READ_CONTACTS,
	READ_CONFIG,
	READ_FILES
};

/** One line of accounts or contacts */
struct line {
	struct le le;
	unsigned lineno;
	char *text;
	char *addr;             /**< Address of record; NULL: it has none   */
	bool same;              /**< It stands in the other reading, too    */
};

/** One reading of the user's own files */
struct reading {
	struct list linelv[READ_CONFIG];        /**< struct line            */
	bool there[READ_FILES];
	uint8_t config[32];     /**< SHA-256                                */
	char why[200];          /**< Why it failed                          */
};

int  reading_alloc(struct reading **rdp);
int  reading_read(struct reading *rd, const char *confdir);
struct line *reading_partner(const struct reading *base,
			     const struct line *line);
int  reading_compare(struct reading *base, struct reading *want,
		     struct change *change, uint32_t *contacts);
