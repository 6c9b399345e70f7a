/**
 * @file format.c  Which format is it, and who decodes it
 */
#include <string.h>
#include <re.h>
#include "profile.h"
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
	{"yealink",    NULL},
	{"gigaset",    NULL},
	{"audiocodes", NULL},
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

		if (!line.l || line.p[0] == '#')
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
		return text_refuse(error, 0, "no known format: Yealink begins"
				   " with #!version:, Gigaset is XML with "
				   "<provisioning>, AudioCodes path/key=value,"
				   " baresip <sip:user@domain>");

	err = formatv[format].decodeh(prof, &pl, error);
	if (!err)
		++prof->file;

	return err;
}
