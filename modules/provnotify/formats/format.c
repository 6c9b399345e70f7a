/**
 * @file format.c  Which format is it, and who decodes it
 */
#include <string.h>
#include <re.h>
#include "profile/profile.h"
#include "formats/formats.h"
#include "formats/decode.h"


/** By enum format */
static const struct {
	const char *name;
	int (*decodeh)(struct profile *prof, const struct pl *text,
		       struct format_error *error);
} formatv[] = {
	{"none",       NULL},
	{"native",     native_decode},
	{"yealink",    yealink_decode},
	{"gigaset",    gigaset_decode},
	{"audiocodes", audiocodes_decode},
};


/* Editors on Windows write a byte order mark before UTF-8 */
static struct pl without_bom(const struct pl *text)
{
	struct pl pl = *text;

	if (pl.l >= 3 && !memcmp(pl.p, "\xef\xbb\xbf", 3))
		pl_advance(&pl, 3);

	return pl;
}


static bool has(const struct pl *pl, const char *str)
{
	return memmem(pl->p, pl->l, str, strlen(str)) != NULL;
}


static bool begins(const struct pl *pl, const char *str)
{
	return pl->l >= strlen(str) && !memcmp(pl->p, str, strlen(str));
}


/* path/to/key=value */
static bool is_path_value(const struct pl *line)
{
	struct pl key, rest;

	return !re_regex(line->p, line->l, "[-a-z0-9_/.]+[ \t]*=[^]*",
			 &key, NULL, &rest) &&
		key.p == line->p && memchr(key.p, '/', key.l);
}


/**
 * Which format is a file?
 *
 * @param text The file
 *
 * @return Format, FORMAT_NONE if it is none of them
 */
enum format format_detect(const struct pl *text)
{
	struct lines lines;
	struct pl line;

	if (!pl_isset(text))
		return FORMAT_NONE;

	lines.rest   = without_bom(text);
	lines.lineno = 0;

	if (begins(&lines.rest, "#!version:"))
		return FORMAT_YEALINK;

	while (text_line(&lines, &line)) {

		if (!line.l || strchr("#;", line.p[0]))
			continue;

		if (has(&line, "<sip:") || begins(&line, "sip:"))
			return FORMAT_NATIVE;

		if (line.p[0] == '<')
			return has(text, "<provisioning") ? FORMAT_GIGASET
				: FORMAT_NONE;

		if (is_path_value(&line) || begins(&line, "include "))
			return FORMAT_AUDIOCODES;

		break;
	}

	return FORMAT_NONE;
}


/**
 * Name of a format
 *
 * @param format Format
 *
 * @return Static name
 */
const char *format_name(enum format format)
{
	const size_t i = format;

	return i < sizeof(formatv) / sizeof(formatv[0]) ? formatv[i].name
		: formatv[FORMAT_NONE].name;
}


/**
 * Decode a file of any format into a profile. Several files may follow one
 * another, a later one overriding what an earlier one says; profile_check()
 * ends it. (Contract, section 5: found by content, refused whole.)
 *
 * @param prof  Profile; if this fails it is of no use any more
 * @param text  The file
 * @param error Why it was refused
 *
 * @return 0 if success, EBADMSG if it is refused, otherwise errorcode
 */
int format_decode(struct profile *prof, const struct pl *text,
		  struct format_error *error)
{
	enum format format;
	struct pl pl;
	int err;

	if (!prof || !text || !error)
		return EINVAL;

	memset(error, 0, sizeof(*error));

	err = text_check(text, error);
	if (err)
		return err;

	pl = without_bom(text);
	format = format_detect(&pl);

	if (!formatv[format].decodeh)
		return text_refuse(error, 1, "no known format: Yealink begins"
				   " with #!version:, Gigaset is XML with "
				   "<provisioning>, AudioCodes path/key=value,"
				   " baresip <sip:user@domain>");

	err = formatv[format].decodeh(prof, &pl, error);
	if (!err)
		++prof->file;

	return err;
}


/**
 * Tell which files a file names that belong to the configuration too: in a
 * boot file of Yealink's those for this model, in an AudioCodes file those
 * behind `include`
 *
 * @param text      The file
 * @param model     Model of this phone, for [MODEL]
 * @param overwrite Set if the file says that blank values are defaults,
 *                  cleared if it says that they are not, else as it was
 * @param h         Called for each file, in order
 * @param arg       Handler argument
 *
 * @return 0 if success, otherwise errorcode of the handler
 */
int format_includes(const struct pl *text, const char *model,
		    bool *overwrite, format_include_h *h, void *arg)
{
	struct pl pl;

	if (!text || !overwrite || !h)
		return EINVAL;

	pl = without_bom(text);

	switch (format_detect(&pl)) {

	case FORMAT_YEALINK:
		return yealink_includes(&pl, model, overwrite, h, arg);

	case FORMAT_AUDIOCODES:
		return audiocodes_includes(&pl, h, arg);

	default:
		return 0;
	}
}


static int rows_print(struct re_printf *pf, const struct format_rows *rows,
		      bool used)
{
	size_t i;
	int err = 0;

	for (i=0; rows && i<rows->c && !err; i++) {

		const struct format_row *row = &rows->v[i];

		if ((row->seth != NULL) == used)
			err = re_hprintf(pf, "| `%s` | %s |\n", row->key,
					 row->desc);
	}

	return err;
}


/**
 * Print all keys that are understood, as Markdown: one table for each vendor
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int format_table_print(struct re_printf *pf, void *unused)
{
	static const struct format_table *tablev[] = {
		&native_table, &yealink_table, &gigaset_table,
		&audiocodes_table
	};
	size_t i;
	int err = 0;
	(void)unused;

	for (i=0; i<sizeof(tablev)/sizeof(tablev[0]) && !err; i++) {

		const struct format_table *table = tablev[i];

		err  = re_hprintf(pf, "%s### %s\n\n"
				  "| key | what it does here |\n|---|---|\n",
				  i ? "\n" : "", table->name);
		err |= rows_print(pf, &table->used, true);
		err |= re_hprintf(pf, "\n| understood, without use here | why "
				  "|\n|---|---|\n");
		err |= rows_print(pf, &table->used, false);
		err |= rows_print(pf, table->idle, false);
	}

	return err;
}
