/**
 * @file near.c  The key that a misspelt one was meant to be
 */
#include <ctype.h>
#include <string.h>
#include <re.h>
#include "profile/profile.h"
#include "formats/formats.h"
#include "formats/decode.h"


enum {
	NEAR_MIN = 5,           /**< A shorter key is near to anything      */
};


static bool same_char(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}


/* One character more, less or other; two in the wrong order; another case */
static bool is_near(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);

	while (la && lb && same_char(*a, *b)) {
		++a;
		++b;
		--la;
		--lb;
	}

	while (la && lb && same_char(a[la - 1], b[lb - 1])) {
		--la;
		--lb;
	}

	if (la <= 1 && lb <= 1)
		return true;

	return la == 2 && lb == 2 && same_char(a[0], b[1]) &&
		same_char(a[1], b[0]);
}


/**
 * Find the key that a misspelt one was meant to be
 *
 * @param table   Table of the format
 * @param pattern Key with its numbers as #
 *
 * @return Key of the table that has a use here, or NULL if none is near
 */
const char *near_key(const struct format_table *table, const char *pattern)
{
	size_t i;

	if (!table || !pattern || strlen(pattern) < NEAR_MIN)
		return NULL;

	for (i=0; i<table->used.c; i++) {
		const struct format_row *row = &table->used.v[i];

		if (row->seth && is_near(pattern, row->key))
			return row->key;
	}

	return NULL;
}
