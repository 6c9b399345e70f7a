/**
 * @file decoded.c  Decodes a text, for the tests of the formats
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "profile/profile.h"
#include "formats/formats.h"
#include "decoded.h"


/** Start a configuration for a model */
void decoded_start(struct decoded *d, const char *model)
{
	memset(d, 0, sizeof(*d));

	assert_int_equal(profile_alloc(&d->prof), 0);

	if (model)
		assert_int_equal(str_dup(&d->prof->model, model), 0);
}


/** Decode one more file */
void decoded_add(struct decoded *d, const char *text)
{
	char *copy = NULL;
	struct pl pl;

	/* On the heap without a NUL, so that the sanitizer sees what reads
	   past its end */
	pl.l = strlen(text);
	copy = mem_alloc(pl.l ? pl.l : 1, NULL);
	assert_non_null(copy);
	memcpy(copy, text, pl.l);
	pl.p = copy;

	if (!d->err)
		d->err = format_decode(d->prof, &pl, &d->error);

	mem_deref(copy);
}


/** End the configuration */
void decoded_end(struct decoded *d)
{
	if (!d->err)
		d->err = profile_check(d->prof, &d->lineno, &d->why);
}


/** Decode a configuration of one file */
void decode(struct decoded *d, const char *text)
{
	decoded_start(d, NULL);
	decoded_add(d, text);
	decoded_end(d);
}


/** Free what it came to */
void decoded_free(struct decoded *d)
{
	d->prof = mem_deref(d->prof);
}


/** A text is refused: at which line, and with what in the reason */
void assert_refused(const char *text, unsigned lineno, const char *why)
{
	struct decoded d;
	const char *said;

	decode(&d, text);

	said = d.why ? d.why : d.error.text;

	if (d.err != EBADMSG)
		fail_msg("not refused (%d): %s", d.err, text);
	if (!strstr(said, why))
		fail_msg("\"%s\" is not in \"%s\"", why, said);
	assert_int_equal(d.why ? d.lineno : d.error.lineno, lineno);

	decoded_free(&d);
}


/** The n-th account, from 0; the file must have been taken */
const struct profile_account *account_at(const struct decoded *d, unsigned n)
{
	struct le *le = d->prof->accountl.head;

	if (d->err)
		fail_msg("refused: line %u: %s", d->error.lineno,
			 d->why ? d->why : d->error.text);

	while (le && n--)
		le = le->next;

	assert_non_null(le);

	return le->data;
}


/** The first note of a key, or NULL */
const struct profile_note *note_of(const struct decoded *d, const char *key)
{
	struct le *le;

	for (le = d->prof->notel.head; le; le = le->next) {

		const struct profile_note *note = le->data;

		if (!strcmp(note->key, key))
			return note;
	}

	return NULL;
}


/** An account's line for baresip */
void assert_line(const struct profile_account *acc, const char *line)
{
	char *str = NULL;

	assert_int_equal(profile_account_line(&str, acc), 0);
	assert_string_equal(str, line);
	mem_deref(str);
}
