/**
 * @file note.c  What stands beside the accounts: keys, and notes
 */
#include <string.h>
#include <re.h>
#include "profile/profile.h"


enum {
	KEY_PRINT_MAX = 64,     /**< Of a key in a note                     */
};


static void key_destructor(void *arg)
{
	struct profile_key *key = arg;

	list_unlink(&key->le);
	mem_deref(key->value);
	mem_deref(key->label);
}


static void note_destructor(void *arg)
{
	struct profile_note *note = arg;

	list_unlink(&note->le);
	mem_deref(note->key);
}


/* Memory keys stand before line keys */
static bool key_after(const struct profile_key *a,
		      const struct profile_key *b)
{
	if (a->memory != b->memory)
		return b->memory;

	return a->n > b->n;
}


/**
 * Find a line key or memory key, or make it
 *
 * @param prof   Profile
 * @param memory Memory key, else line key
 * @param n      Its number, from 1
 * @param keyp   Pointer to the key, owned by the profile
 *
 * @return 0 if success, EOVERFLOW if there are too many, otherwise errorcode
 */
int profile_key_add(struct profile *prof, bool memory, unsigned n,
		    struct profile_key **keyp)
{
	struct profile_key *key;
	struct le *le, *prev;

	if (!prof || !keyp)
		return EINVAL;

	for (le = prof->keyl.head; le; le = le->next) {

		key = le->data;

		if (key->memory == memory && key->n == n) {
			*keyp = key;
			return 0;
		}
	}

	if (list_count(&prof->keyl) >= PROFILE_KEYS_MAX)
		return EOVERFLOW;

	key = mem_zalloc(sizeof(*key), key_destructor);
	if (!key)
		return ENOMEM;

	key->memory = memory;
	key->n      = n;
	key->file   = prof->file;
	key->line   = -1;

	prev = prof->keyl.tail;
	while (prev && key_after(prev->data, key))
		prev = prev->prev;

	if (prev)
		list_insert_after(&prof->keyl, prev, &key->le, key);
	else
		list_prepend(&prof->keyl, &key->le, key);

	*keyp = key;

	return 0;
}


static bool note_after(const struct profile_note *a,
		       const struct profile_note *b)
{
	return a->file != b->file ? a->file > b->file : a->lineno > b->lineno;
}


static bool note_same(const struct profile_note *a,
		      const struct profile_note *b)
{
	return a->file == b->file && a->lineno == b->lineno &&
		a->known == b->known && a->why == b->why &&
		!strcmp(a->key, b->key);
}


static int note_add(struct profile *prof, unsigned lineno, bool known,
		    const struct pl *key, const char *why, const char *meant)
{
	struct profile_note *note;
	size_t *count;
	struct le *prev;
	size_t i, len;

	if (!prof || !key)
		return EINVAL;

	count = known ? &prof->unusedc : &prof->unknownc;

	if (prof->unusedc + prof->unknownc >= PROFILE_NOTES_MAX) {
		++*count;
		return 0;
	}

	note = mem_zalloc(sizeof(*note), note_destructor);
	if (!note)
		return ENOMEM;

	len = min(key->l, KEY_PRINT_MAX);

	note->key = mem_zalloc(len + 1, NULL);
	if (!note->key) {
		mem_deref(note);
		return ENOMEM;
	}

	for (i=0; i<len; i++)
		note->key[i] = key->p[i] >= 0x20 && key->p[i] < 0x7f
			? key->p[i] : '?';

	note->file   = prof->file;
	note->lineno = lineno;
	note->known  = known;
	note->why    = why;
	note->meant  = meant;

	prev = prof->notel.tail;
	while (prev && note_after(prev->data, note))
		prev = prev->prev;

	if (prev && note_same(prev->data, note)) {
		mem_deref(note);
		return 0;
	}

	if (prev)
		list_insert_after(&prof->notel, prev, &note->le, note);
	else
		list_prepend(&prof->notel, &note->le, note);

	++*count;

	return 0;
}


/**
 * Note a key that had no effect, in the order of the files. The same note
 * again, as when many accounts share a template, is none.
 *
 * @param prof   Profile
 * @param lineno Line of the file
 * @param known  Understood, but without use here
 * @param key    Key; what is not printable ASCII becomes a question mark
 * @param why    Static text, or NULL
 *
 * @return 0 if success, otherwise errorcode
 */
int profile_note(struct profile *prof, unsigned lineno, bool known,
		 const struct pl *key, const char *why)
{
	return note_add(prof, lineno, known, key, why, NULL);
}


/**
 * Note a key that is not known
 *
 * @param prof   Profile
 * @param lineno Line of the file
 * @param key    Key
 * @param meant  The key that it may be meant to be, static; or NULL
 *
 * @return 0 if success, otherwise errorcode
 */
int profile_note_unknown(struct profile *prof, unsigned lineno,
			 const struct pl *key, const char *meant)
{
	return note_add(prof, lineno, false, key, NULL, meant);
}
