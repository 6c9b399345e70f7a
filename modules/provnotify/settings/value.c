/**
 * @file value.c  The values of settings, decoded and described
 */
#include <ctype.h>
#include <re.h>
#include "settings/settings.h"
#include "settings/room.h"
#include "mac.h"
#include "vendor.h"


enum {
	TEXT_LEN = 64,          /**< Model, firmware: longest               */
};


/**
 * Trim blanks, and what is left of a line's end
 *
 * @param pl Text
 */
void setting_trim(struct pl *pl)
{
	while (pl->l && isspace((uint8_t)pl->p[pl->l-1]))
		--pl->l;

	while (pl->l && isspace((uint8_t)pl->p[0]))
		pl_advance(pl, 1);
}


/**
 * Take the quotes off a value that stands in quotes whole
 *
 * @param pl Value, trimmed
 */
void setting_unquote(struct pl *pl)
{
	struct pl in;

	if (pl->l < 2 || pl->p[0] != '"' || pl->p[pl->l-1] != '"')
		return;

	in.p = pl->p + 1;
	in.l = pl->l - 2;

	if (!pl_strchr(&in, '"'))
		*pl = in;
}


/**
 * Is a value a number without sign?
 *
 * @param pl Value
 *
 * @return True if it is one digit or more, and nothing else
 */
bool setting_is_digits(const struct pl *pl)
{
	size_t i;

	for (i=0; i<pl->l; i++) {

		if (!isdigit((uint8_t)pl->p[i]))
			return false;
	}

	return pl->l > 0;
}


/**
 * Take a value as it is; an empty one is NULL
 *
 * @param line Line
 * @param p    Pointer to allocated string
 *
 * @return 0 if success, otherwise errorcode
 */
int setting_string(struct setting_line *line, void *p)
{
	char **strp = p;

	*strp = mem_deref(*strp);

	return line->val.l ? pl_strdup(strp, &line->val) : 0;
}


/* What servers see, in headers and in quoted parameters */
static int text_decode(struct setting_line *line, void *p)
{
	size_t i;

	if (line->val.l > TEXT_LEN)
		return EBADMSG;

	for (i=0; i<line->val.l; i++) {
		const uint8_t c = line->val.p[i];

		if (c < ' ' || c > '~' || c == '"' || c == '\\')
			return EBADMSG;
	}

	return setting_string(line, p);
}


static int word_index(const struct setting_line *line,
		      const char *const *wordv, size_t wordc)
{
	size_t i;

	for (i=0; i<wordc && wordv[i]; i++) {

		if (!pl_strcasecmp(&line->val, wordv[i]))
			return (int)i;
	}

	return -1;
}


static int word_decode(struct setting_line *line, void *p)
{
	const struct setting *set = line->set;
	const int i = word_index(line, set->wordv,
				 sizeof(set->wordv)/sizeof(set->wordv[0]));
	unsigned *vp = p;

	if (i < 0)
		return EBADMSG;

	*vp = (unsigned)i;

	return 0;
}


static int words_print(struct re_printf *pf, const struct setting *set)
{
	size_t i;
	int err = 0;

	for (i=0; i<sizeof(set->wordv)/sizeof(set->wordv[0]) &&
		     set->wordv[i]; i++)
		err |= re_hprintf(pf, "%s%s", i ? ", " : "", set->wordv[i]);

	return err;
}


static int bool_decode(struct setting_line *line, void *p)
{
	static const char *const wordv[] = {"no", "yes"};
	const int i = word_index(line, wordv, 2);
	bool *vp = p;

	if (i < 0)
		return EBADMSG;

	*vp = i;

	return 0;
}


static int number_decode(struct setting_line *line, void *p)
{
	uint32_t *vp = p;
	uint64_t v;

	/* ten digits and more hold all that 32 bits do */
	if (!setting_is_digits(&line->val) || line->val.l > 10)
		return EBADMSG;

	v = pl_u64(&line->val);
	if (v < line->set->min || v > line->set->max)
		return EBADMSG;

	*vp = (uint32_t)v;

	return 0;
}


static int range_print(struct re_printf *pf, const struct setting *set)
{
	return re_hprintf(pf, "a number from %u to %u", set->min, set->max);
}


static int vendor_decode(struct setting_line *line, void *p)
{
	const struct vendor **vp = p;
	const struct vendor *vendor = vendor_find(&line->val);

	if (!vendor)
		return EBADMSG;

	*vp = vendor;

	return 0;
}


static int vendors_print(struct re_printf *pf, const struct setting *set)
{
	(void)set;

	return vendor_names(pf, NULL);
}


static int mac_value_decode(struct setting_line *line, void *p)
{
	return mac_decode(p, &line->val);
}


/* A shell would expand ~, baresip does not */
static int path_decode(struct setting_line *line, void *p)
{
	char **strp = p;

	if (line->val.p[0] == '~')
		return EBADMSG;

	if (line->val.p[0] == '/')
		return setting_string(line, p);

	*strp = mem_deref(*strp);

	return re_sdprintf(strp, "%s/%r", line->confdir, &line->val);
}


/* Or the word of the row, for none */
static int path_or_decode(struct setting_line *line, void *p)
{
	char **strp = p;

	if (pl_strcasecmp(&line->val, line->set->wordv[0]))
		return path_decode(line, p);

	*strp = mem_deref(*strp);

	return 0;
}


static int path_or_print(struct re_printf *pf, const struct setting *set)
{
	return re_hprintf(pf, "%s, or %s", set->wordv[0],
			  type_path.accepted);
}


static int restart_decode(struct setting_line *line, void *p)
{
	static const char *const wordv[] = {"exec", "exit"};
	const int i = word_index(line, wordv, 2);
	enum restart *vp = p;

	if (i < 0) {
		*vp = RESTART_COMMAND;
		return setting_string(line, &line->s->restart_command);
	}

	*vp = i ? RESTART_EXIT : RESTART_EXEC;

	return 0;
}


const struct setting_type type_word = {
	word_decode, NULL, words_print, false
};

const struct setting_type type_bool = {
	bool_decode, "yes, no", NULL, false
};

const struct setting_type type_number = {
	number_decode, NULL, range_print, false
};

const struct setting_type type_vendor = {
	vendor_decode, NULL, vendors_print, false
};

const struct setting_type type_string = {
	setting_string, "text without control characters", NULL, true
};

const struct setting_type type_text = {
	text_decode, "up to 64 printable ASCII characters but \" and \\",
	NULL, false
};

const struct setting_type type_mac = {
	mac_value_decode, "twelve hex digits, with any separators", NULL,
	false
};

const struct setting_type type_path = {
	path_decode, "a path, absolute or relative to the config folder",
	NULL, false
};

const struct setting_type type_path_or = {
	path_or_decode, NULL, path_or_print, false
};

const struct setting_type type_restart = {
	restart_decode, "exec, exit, or a command line", NULL, false
};
