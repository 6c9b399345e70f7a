/**
 * @file decoded.h  Decodes a text, for the tests of the formats
 */

/** What a text came to */
struct decoded {
	struct profile *prof;
	struct format_error error;
	unsigned lineno;        /**< Of what the check refused              */
	const char *why;        /**< Why the check refused it               */
	int err;
};

void decoded_start(struct decoded *d, const char *model);
void decoded_add(struct decoded *d, const char *text);
void decoded_end(struct decoded *d);
void decode(struct decoded *d, const char *text);
void decoded_free(struct decoded *d);

void assert_refused(const char *text, unsigned lineno, const char *why);
const struct profile_account *account_at(const struct decoded *d, unsigned n);
const struct profile_note *note_of(const struct decoded *d, const char *key);
void assert_line(const struct profile_account *acc, const char *line);
