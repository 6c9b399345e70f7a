/**
 * @file text.c  A file as text: is it one, and line by line
 */
#include <string.h>
#include <re.h>
#include "grammar.h"
#include "profile/profile.h"
#include "formats/formats.h"
#include "formats/decode.h"


/**
 * Refuse a file
 *
 * The text goes to a terminal, and the key in it comes from the file: what is
 * not printable ASCII becomes a question mark.
 *
 * @param error  Where to say why
 * @param lineno Line, 0 for the file as a whole
 * @param fmt    Formatted text: what is wrong and what is accepted
 *
 * @return EBADMSG
 */
int text_refuse(struct format_error *error, unsigned lineno,
		const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	(void)re_vsnprintf(error->text, sizeof(error->text), fmt, ap);
	va_end(ap);

	for (p = error->text; *p; ++p) {
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
	}

	error->lineno = lineno;

	return EBADMSG;
}


/**
 * Is a file text: UTF-8, not too long, without control characters?
 *
 * @param text  The file
 * @param error Why it is not
 *
 * @return 0 if it is, EBADMSG if it is not
 */
int text_check(const struct pl *text, struct format_error *error)
{
	unsigned lineno = 1;
	size_t i, n;

	if (text->l > FORMAT_FILE_MAX)
		return text_refuse(error, 0, "the file is over 1 MiB");

	for (i=0; i<text->l; i+=n) {

		const uint8_t *p = (const uint8_t *)text->p + i;

		n = grammar_utf8(p, text->l - i);
		if (!n)
			return text_refuse(error, lineno, "not UTF-8");

		if (!*p)
			return text_refuse(error, lineno, "a NUL byte");

		if ((*p < 0x20 && !strchr("\t\r\n", *p)) || *p == 0x7f)
			return text_refuse(error, lineno,
					   "a control character");

		if (*p == '\n')
			++lineno;
	}

	return 0;
}


/**
 * Take away blanks and carriage returns at both ends
 *
 * @param pl Text
 */
void text_trim(struct pl *pl)
{
	while (pl->l && strchr(" \t\r", pl->p[0]))
		pl_advance(pl, 1);

	while (pl->l && strchr(" \t\r", pl->p[pl->l - 1]))
		--pl->l;
}


/**
 * Take away quotes or angle brackets, if it stands in them
 *
 * @param pl Text
 */
void text_unquote(struct pl *pl)
{
	const char *end;

	if (pl->l < 2 || !strchr("\"<'", pl->p[0]))
		return;

	end = pl->p[0] == '<' ? ">" : pl->p;

	if (pl->p[pl->l - 1] == *end) {
		pl_advance(pl, 1);
		--pl->l;
	}
}


/**
 * Get the next line, trimmed
 *
 * @param lines Text; the line is taken off it
 * @param line  The line, without its end
 *
 * @return true if there is one
 */
bool text_line(struct lines *lines, struct pl *line)
{
	const char *end;

	if (!lines->rest.l)
		return false;

	end = memchr(lines->rest.p, '\n', lines->rest.l);

	line->p = lines->rest.p;
	line->l = end ? (size_t)(end - line->p) : lines->rest.l;

	pl_advance(&lines->rest, line->l + (end ? 1 : 0));
	text_trim(line);
	++lines->lineno;

	return true;
}


/**
 * Was the line that was read the last one with anything on it?
 *
 * @param lines Text
 *
 * @return true if it was
 */
bool text_islast(const struct lines *lines)
{
	size_t i;

	for (i=0; i<lines->rest.l; i++) {
		if (!strchr(" \t\r\n", lines->rest.p[i]))
			return false;
	}

	return true;
}
