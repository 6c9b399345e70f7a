/**
 * @file manifest.c  What is written beside the files of a generation, as JSON
 */
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "provision/room.h"


enum {
	HASH_SIZE = 32,
	KEY_SIZE  = 32,
};


static int add_str(struct odict *od, const char *key, const char *str)
{
	return str_isset(str) ? odict_entry_add(od, key, ODICT_STRING, str)
		: 0;
}


static int add_u64(struct odict *od, const char *key, uint64_t v)
{
	return odict_entry_add(od, key, ODICT_INT, (int64_t)v);
}


static uint64_t get_u64(const struct odict *od, const char *key)
{
	uint64_t v = 0;

	return odict_get_number(od, &v, key) && v <= INT64_MAX ? v : 0;
}


static int get_dup(char **strp, const struct odict *od, const char *key)
{
	const char *str = odict_string(od, key);

	return str ? str_dup(strp, str) : 0;
}


static void get_copy(char *buf, size_t size, const struct odict *od,
		     const char *key)
{
	const char *str = odict_string(od, key);

	str_ncpy(buf, str ? str : "", size);
}


static int text_decode(struct odict **odp, const struct mbuf *mb)
{
	return json_decode_odict(odp, HASH_SIZE, (const char *)mb->buf,
				 mb->end, 1);
}


static int text_encode(struct mbuf **mbp, const struct odict *od)
{
	struct mbuf *mb;
	int err;

	mb = mbuf_alloc(512);
	if (!mb)
		return ENOMEM;

	err = mbuf_printf(mb, "%H\n", json_encode_odict, od);
	if (err)
		mem_deref(mb);
	else
		*mbp = mb;

	return err;
}


/* What is said of the n-th file, as "0.url" */
static const char *key_of(char *buf, unsigned ix, const char *what)
{
	(void)re_snprintf(buf, KEY_SIZE, "%u.%s", ix, what);

	return buf;
}


static int part_encode(struct odict *od, unsigned ix, const struct part *part)
{
	char key[KEY_SIZE];
	int err = 0;

	err |= add_str(od, key_of(key, ix, "url"), part->url);
	err |= add_str(od, key_of(key, ix, "etag"), part->etag);
	err |= add_str(od, key_of(key, ix, "modified"), part->modified);
	err |= add_str(od, key_of(key, ix, "sha256"), part->hash);

	return err;
}


static int part_decode(struct generation *gen, unsigned ix,
		       const struct odict *od)
{
	char key[KEY_SIZE];
	struct part *part;
	const char *url;
	int err;

	url = odict_string(od, key_of(key, ix, "url"));
	if (!str_isset(url))
		return EBADMSG;

	err = part_alloc(&part, url, RULE_SOLE);
	if (err)
		return err;

	part->state = PART_SAME;
	list_append(&gen->partl, &part->le, part);

	err |= get_dup(&part->etag, od, key_of(key, ix, "etag"));
	err |= get_dup(&part->modified, od, key_of(key, ix, "modified"));
	get_copy(part->hash, HASH_MAX, od, key_of(key, ix, "sha256"));

	return err;
}


/**
 * Encode what a generation is made of
 *
 * @param mbp Text
 * @param gen Generation
 *
 * @return 0 if success, otherwise errorcode
 */
int manifest_encode(struct mbuf **mbp, const struct generation *gen)
{
	struct odict *od;
	unsigned n = 0;
	struct le *le;
	int err;

	if (!mbp || !gen)
		return EINVAL;

	err = odict_alloc(&od, HASH_SIZE);
	if (err)
		return err;

	err |= add_u64(od, "when", gen->when);
	err |= add_str(od, "url", gen->url);
	err |= add_u64(od, "adopted", gen->adopted);
	err |= add_str(od, "sha256", gen->hash);
	err |= add_u64(od, "files", list_count(&gen->partl));

	for (le = list_head(&gen->partl); le; le = le->next)
		err |= part_encode(od, n++, le->data);

	if (!err)
		err = text_encode(mbp, od);

	mem_deref(od);

	return err;
}


/**
 * Decode what a generation is made of; the files themselves are not read
 *
 * @param gen Generation without parts
 * @param mb  Text
 *
 * @return 0 if success, EBADMSG if it is no manifest, else errorcode
 */
int manifest_decode(struct generation *gen, const struct mbuf *mb)
{
	struct odict *od = NULL;
	uint64_t i, n;
	int err;

	if (!gen || !mb)
		return EINVAL;

	err = text_decode(&od, mb);
	if (err)
		return err;

	n = get_u64(od, "files");
	if (!n || n > PARTS_MAX)
		err = EBADMSG;

	for (i=0; i<n && !err; i++)
		err = part_decode(gen, (unsigned)i, od);

	gen->when = get_u64(od, "when");
	gen->adopted = get_u64(od, "adopted");
	get_copy(gen->hash, HASH_MAX, od, "sha256");

	if (!err)
		err = get_dup(&gen->url, od, "url");

	mem_deref(od);

	return err;
}


/**
 * Encode which generation runs
 *
 * @param mbp Text
 * @param st  What is to be said
 *
 * @return 0 if success, otherwise errorcode
 */
int standing_encode(struct mbuf **mbp, const struct standing *st)
{
	struct odict *od;
	int err;

	if (!mbp || !st)
		return EINVAL;

	err = odict_alloc(&od, HASH_SIZE);
	if (err)
		return err;

	err |= add_u64(od, "running", st->running);
	err |= add_u64(od, "proved", st->proved);
	err |= add_u64(od, "starts", st->starts);

	if (st->refused.wait) {
		err |= add_str(od, "refused", st->refused.hash);
		err |= add_u64(od, "wait", st->refused.wait);
		err |= add_u64(od, "until", st->refused.until);
		err |= add_str(od, "boot", st->refused.boot);
	}

	if (!err)
		err = text_encode(mbp, od);

	mem_deref(od);

	return err;
}


/**
 * Decode which generation runs
 *
 * @param st What was said
 * @param mb Text
 *
 * @return 0 if success, EBADMSG if it is no such text, else errorcode
 */
int standing_decode(struct standing *st, const struct mbuf *mb)
{
	struct odict *od = NULL;
	int err;

	if (!st || !mb)
		return EINVAL;

	memset(st, 0, sizeof(*st));

	err = text_decode(&od, mb);
	if (err)
		return err;

	if (!odict_lookup(od, "running")) {
		mem_deref(od);
		return EBADMSG;
	}

	st->running = (unsigned)get_u64(od, "running");
	st->proved  = (unsigned)get_u64(od, "proved");
	st->starts  = (uint32_t)get_u64(od, "starts");

	st->refused.wait  = (uint32_t)get_u64(od, "wait");
	st->refused.until = get_u64(od, "until");
	get_copy(st->refused.hash, HASH_MAX, od, "refused");
	get_copy(st->refused.boot, sizeof(st->refused.boot), od, "boot");

	mem_deref(od);

	return 0;
}
