/**
 * @file decode.c  From a key of a file to its row, and to the field it sets
 */
#include <stdlib.h>
#include <string.h>
#include <re.h>
#include "profile/profile.h"
#include "formats/formats.h"
#include "formats/decode.h"


/**
 * Refuse the file because of the key that is being decoded
 *
 * @param dec Decoder
 * @param fmt Formatted text: what is accepted. No value stands in it, since
 *            any value may be a secret.
 *
 * @return EBADMSG
 */
int decode_refuse(struct decoder *dec, const char *fmt, ...)
{
	struct pl key = dec->key;
	va_list ap;
	int err;

	key.l = min(key.l, 48);

	va_start(ap, fmt);
	err = text_refuse(dec->error, dec->lineno, "%r: %v", &key, fmt, &ap);
	va_end(ap);

	return err;
}


/**
 * Get the account of a line, new ones with the defaults of the format
 *
 * @param dec  Decoder
 * @param line Number of the line, from 1
 * @param accp Pointer to the account
 *
 * @return 0 if success, ENOTSUP if there is no such line, EBADMSG if there are
 *         too many, otherwise errorcode
 */
int decode_account(struct decoder *dec, unsigned line,
		   struct profile_account **accp)
{
	int err;

	err = profile_account_add(dec->prof, line, accp);

	if (err == ERANGE)
		return ENOTSUP;

	if (err == EOVERFLOW)
		return decode_refuse(dec, "more than %u accounts",
				     PROFILE_ACCOUNTS_MAX);

	if (!err && !(*accp)->lineno) {

		(*accp)->lineno = dec->lineno;

		if (dec->table->accounth)
			dec->table->accounth(*accp);
	}

	return err;
}


static int scope_base(struct decoder *dec, const struct format_row *row,
		      void **basep)
{
	const unsigned n = dec->numberc ? dec->numberv[0] : 0;
	struct profile_account *acc = dec->acc;
	struct profile_key *key = NULL;
	int err = 0;

	switch (row->scope) {

	case SCOPE_ACCOUNT:
		if (!acc)
			err = decode_account(dec, n + 1 - dec->table->base,
					     &acc);
		*basep = acc;
		break;

	case SCOPE_PROVIDER:
	case SCOPE_ALL:
		err = profile_provider_add(dec->prof, row->scope == SCOPE_ALL
					   ? 0 : n, &acc);
		if (!err && !acc->lineno)
			acc->lineno = dec->lineno;
		*basep = acc;
		break;

	case SCOPE_LINE_KEY:
	case SCOPE_MEMORY_KEY:
		err = profile_key_add(dec->prof,
				      row->scope == SCOPE_MEMORY_KEY, n, &key);
		if (!err && !key->lineno)
			key->lineno = dec->lineno;
		*basep = key;
		break;

	default:
		*basep = dec->prof;
		break;
	}

	return err == EOVERFLOW ? ENOTSUP : err;
}


/* Number of a segment, if it is nothing but one */
static bool is_number(const struct pl *seg, unsigned *n)
{
	size_t i;

	if (!seg->l || seg->l > 9)
		return false;

	for (i=0; i<seg->l; i++) {
		if (seg->p[i] < '0' || seg->p[i] > '9')
			return false;
	}

	*n = pl_u32(seg);

	return true;
}


static bool is_separator(char c)
{
	return c == '.' || c == '/';
}


/* The key with each number replaced by #; false if it is no key */
static bool key_pattern(struct decoder *dec, const struct pl *key,
			char *pattern, size_t size)
{
	size_t i, len = 0;
	struct pl seg;

	dec->numberc = 0;

	for (seg.p = key->p, i=0; i<=key->l; i++) {

		const char c = i < key->l ? key->p[i] : '\0';

		if (c && !is_separator(c))
			continue;

		seg.l = key->p + i - seg.p;

		if (len + seg.l + 2 > size)
			return false;

		if (dec->numberc < DECODE_NUMBER_MAX &&
		    is_number(&seg, &dec->numberv[dec->numberc])) {
			++dec->numberc;
			pattern[len++] = '#';
		}
		else {
			memcpy(pattern + len, seg.p, seg.l);
			len += seg.l;
		}

		pattern[len++] = c;
		seg.p = key->p + i + 1;
	}

	return key->l > 0;
}


static int row_compare(const void *key, const void *member)
{
	const struct format_row *row = member;

	return strcmp(key, row->key);
}


static const struct format_row *table_find(const struct format_table *table,
					   const char *pattern)
{
	const struct format_row *row;

	row = bsearch(pattern, table->used.v, table->used.c, sizeof(*row),
		      row_compare);
	if (row || !table->idle)
		return row;

	return bsearch(pattern, table->idle->v, table->idle->c, sizeof(*row),
		       row_compare);
}


/* What follows the part of the key that a row with a * names */
static struct pl key_tail(const struct pl *key, const struct format_row *row)
{
	struct pl tail = *key;
	size_t i, n = 0;

	for (i=0; row->key[i]; i++)
		n += is_separator(row->key[i]);

	while (n && tail.l) {
		n -= is_separator(tail.p[0]);
		pl_advance(&tail, 1);
	}

	return tail;
}


/**
 * Take the prefix that a format allows off a key
 *
 * @param table Table of the format
 * @param key   Key as it stands in the file
 *
 * @return Key as it stands in the table
 */
struct pl decode_name(const struct format_table *table, const struct pl *key)
{
	const size_t len = table->prefix ? strlen(table->prefix) : 0;
	struct pl name = *key;

	if (len && name.l > len && !memcmp(name.p, table->prefix, len))
		pl_advance(&name, len);

	return name;
}


/* The row of the whole key, else that of its longest part before a *: unless
   it is a key misspelt that has a use */
static const struct format_row *row_find(struct decoder *dec,
					 const struct pl *key)
{
	char pattern[DECODE_KEY_MAX];
	const struct format_row *row;
	size_t i;

	if (!key_pattern(dec, key, pattern, sizeof(pattern) - 1))
		return NULL;

	row = table_find(dec->table, pattern);
	if (!row)
		dec->meant = near_key(dec->table, pattern);

	for (i=strlen(pattern); i && !row; i--) {

		if (!is_separator(pattern[i-1]))
			continue;

		pattern[i]   = '*';
		pattern[i+1] = '\0';

		row = table_find(dec->table, pattern);
		if (row)
			dec->tail = key_tail(key, row);
	}

	return row && !row->seth && dec->meant ? NULL : row;
}


/**
 * Decode one key
 *
 * @param dec Decoder
 * @param key Key
 * @param val Value; not set puts the default back, NULL leaves what is there
 *
 * @return 0 if success, EBADMSG if the file is refused, otherwise errorcode
 */
int decode_key(struct decoder *dec, const struct pl *key,
	       const struct pl *val)
{
	const struct pl name = decode_name(dec->table, key);
	const struct format_row *row;
	void *base = NULL;
	int err = 0;

	dec->key   = *key;
	dec->tail  = pl_null;
	dec->meant = NULL;

	row = row_find(dec, &name);
	if (!row)
		return profile_note_unknown(dec->prof, dec->lineno, key,
					    dec->meant);

	if (!row->seth)
		return profile_note(dec->prof, dec->lineno, true, key,
				    row->desc);

	if (val) {
		dec->why = "its value has no use here";

		err = scope_base(dec, row, &base);
		if (!err)
			err = row->seth(dec, row,
					(uint8_t *)base + row->offset, val);
	}

	if (err == ENOTSUP)
		return profile_note(dec->prof, dec->lineno, true, key,
				    dec->why);

	if (!err)
		++dec->prof->usedc;

	return err;
}
