/**
 * @file table.c  The accounts that the module made, by each of their names
 *
 * The tables grow with the number of accounts. Most buckets are empty or hold
 * one: each account that is looked at in vain is one more to be fetched from
 * memory, which with thousands of them is what a search takes its time for.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/room.h"


enum {
	SIZE_MIN = 64,          /**< Buckets of a table; doubled when there
				     are as many accounts               */
};

struct tables {
	struct hash *namev[NAMES];
	struct hash *uas;
	uint32_t size;
};

static struct {
	struct tables tables;
	uint32_t count;         /**< Accounts in them                       */
} table;


static uint32_t ua_hash(const struct ua *ua)
{
	return hash_joaat((const void *)&ua, sizeof(ua));
}


static void entry_destructor(void *arg)
{
	struct entry *entry = arg;
	int i;

	if (entry->he_ua.list)
		--table.count;

	for (i=0; i<NAMES; i++)
		hash_unlink(&entry->hev[i]);

	hash_unlink(&entry->he_ua);
	mem_deref((void *)entry->cuser);
}


static void tables_free(struct tables *tables)
{
	int i;

	for (i=0; i<NAMES; i++)
		tables->namev[i] = mem_deref(tables->namev[i]);

	tables->uas = mem_deref(tables->uas);
	tables->size = 0;
}


static int tables_alloc(struct tables *tables, uint32_t size)
{
	int err;
	int i;

	memset(tables, 0, sizeof(*tables));

	err = hash_alloc(&tables->uas, size);

	for (i=0; i<NAMES; i++)
		err |= hash_alloc(&tables->namev[i], size);

	if (err)
		tables_free(tables);
	else
		tables->size = size;

	return err ? ENOMEM : 0;
}


static bool move_contact(struct le *le, void *arg)
{
	struct entry *entry = le->data;

	hash_unlink(le);
	hash_append(arg, entry->keyv[NAME_CONTACT], le, entry);

	return false;
}


static bool move_user(struct le *le, void *arg)
{
	struct entry *entry = le->data;

	hash_unlink(le);
	hash_append(arg, entry->keyv[NAME_USER], le, entry);

	return false;
}


static bool move_ua(struct le *le, void *arg)
{
	struct entry *entry = le->data;

	hash_unlink(le);
	hash_append(arg, ua_hash(entry->ua), le, entry);

	return false;
}


/* Accounts with the same name keep their order. Without memory for larger
   tables those that are there go on. */
static void tables_grow(void)
{
	struct tables *from = &table.tables;
	struct tables to;

	if (table.count < from->size || tables_alloc(&to, from->size * 2))
		return;

	(void)hash_apply(from->namev[NAME_CONTACT], move_contact,
			 to.namev[NAME_CONTACT]);
	(void)hash_apply(from->namev[NAME_USER], move_user,
			 to.namev[NAME_USER]);
	(void)hash_apply(from->uas, move_ua, to.uas);

	tables_free(from);
	*from = to;
}


/**
 * Is an account still there?
 *
 * 1.0.0 tells of no account that goes by `uadel` unless it registers. In a
 * call its struct account outlives it, its contact user does not.
 *
 * @param entry Entry
 *
 * @return True if it is
 */
bool entry_alive(const struct entry *entry)
{
	return mem_nrefs(entry->cuser) > 1;
}


/**
 * Find the entry of an account
 *
 * @param ua User agent
 *
 * @return Entry, NULL if the module did not make it
 */
struct entry *table_find(const struct ua *ua)
{
	struct le *le = list_head(hash_list(table.tables.uas, ua_hash(ua)));

	while (le) {
		struct entry *entry = le->data;

		le = le->next;

		if (entry->ua != ua)
			continue;

		if (entry_alive(entry))
			return entry;

		mem_deref(entry);
	}

	return NULL;
}


/**
 * All entries that may have a name
 *
 * @param name Which name
 * @param key  Hash of it
 *
 * @return List of struct entry, to be read only
 */
struct list *table_list(enum name name, uint32_t key)
{
	return hash_list(table.tables.namev[name], key);
}


/**
 * Add an account
 *
 * @param entryp Pointer to its entry
 * @param ua     User agent
 * @param user   User of its address of record
 *
 * @return 0 if success, otherwise errorcode
 */
int table_add(struct entry **entryp, struct ua *ua, const struct pl *user)
{
	struct entry *entry;
	int i;

	if (!entryp || !ua || !user)
		return EINVAL;

	entry = mem_zalloc(sizeof(*entry), entry_destructor);
	if (!entry)
		return ENOMEM;

	entry->ua = ua;
	entry->cuser = mem_ref((void *)ua_local_cuser(ua));

	entry->keyv[NAME_CONTACT] = hash_joaat_str_ci(entry->cuser);
	entry->keyv[NAME_USER] = hash_joaat_pl_ci(user);

	tables_grow();

	for (i=0; i<NAMES; i++)
		hash_append(table.tables.namev[i], entry->keyv[i],
			    &entry->hev[i], entry);

	hash_append(table.tables.uas, ua_hash(ua), &entry->he_ua, entry);
	++table.count;

	*entryp = entry;

	return 0;
}


/**
 * Make the tables, empty
 *
 * @return 0 if success, otherwise errorcode
 */
int table_init(void)
{
	return tables_alloc(&table.tables, SIZE_MIN);
}


/**
 * Forget all
 */
void table_close(void)
{
	hash_flush(table.tables.uas);
	tables_free(&table.tables);
	table.count = 0;
}
