/**
 * @file manifest.c  What is written beside the files of a generation, as JSON
 */
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "profile.h"
#include "provision/room.h"


enum {
	HASH_SIZE = 32,
	DEPTH_MAX = 4,
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
	const struct odict_entry *e = odict_lookup(od, key);

	return e && e->type == ODICT_INT && e->u.integer > 0
		? (uint64_t)e->u.integer : 0;
}


static const char *get_str(const struct odict *od, const char *key)
{
	const struct odict_entry *e = odict_lookup(od, key);

	return e && e->type == ODICT_STRING ? e->u.str : NULL;
}


static const struct odict *get_object(const struct odict *od, const char *key)
{
	const struct odict_entry *e = odict_lookup(od, key);

	return e && odict_type_iscontainer(e->type) ? e->u.odict : NULL;
}


static int get_dup(char **strp, const struct odict *od, const char *key)
{
	const char *str = get_str(od, key);

	return str ? str_dup(strp, str) : 0;
}


static int text_decode(struct odict **odp, const struct mbuf *mb)
{
	return json_decode_odict(odp, HASH_SIZE, (const char *)mb->buf,
				 mb->end, DEPTH_MAX);
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


static int part_encode(struct odict *partv, const struct part *part)
{
	struct odict *od;
	char idx[16];
	int err;

	err = odict_alloc(&od, HASH_SIZE);
	if (err)
		return err;

	(void)re_snprintf(idx, sizeof(idx), "%zu", odict_count(partv, false));

	err |= add_str(od, "url", part->url);
	err |= add_str(od, "etag", part->etag);
	err |= add_str(od, "modified", part->modified);
	err |= add_str(od, "sha256", part->hash);
	err |= odict_entry_add(partv, idx, ODICT_OBJECT, od);

	mem_deref(od);

	return err;
}


static int part_decode(struct generation *gen, const struct odict *od)
{
	struct part *part;
	int err;

	err = part_alloc(&part, get_str(od, "url"), RULE_SOLE);
	if (err)
		return EBADMSG;

	part->state = PART_SAME;
	list_append(&gen->partl, &part->le, part);

	str_ncpy(part->hash, get_str(od, "sha256"), sizeof(part->hash));

	err |= get_dup(&part->etag, od, "etag");
	err |= get_dup(&part->modified, od, "modified");

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
	struct odict *od = NULL, *partv = NULL;
	struct le *le;
	int err;

	if (!mbp || !gen)
		return EINVAL;

	err  = odict_alloc(&od, HASH_SIZE);
	err |= odict_alloc(&partv, HASH_SIZE);
	if (err)
		goto out;

	for (le = list_head(&gen->partl); le; le = le->next)
		err |= part_encode(partv, le->data);

	err |= add_u64(od, "when", gen->when);
	err |= add_str(od, "url", gen->url);
	err |= add_str(od, "sha256", gen->hash);
	err |= odict_entry_add(od, "files", ODICT_ARRAY, partv);
	if (gen->before)
		err |= odict_entry_add(od, "before", ODICT_OBJECT,
				       gen->before);
	if (err)
		goto out;

	err = text_encode(mbp, od);

 out:
	mem_deref(partv);
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
	const struct odict *filev, *before;
	struct odict *od = NULL;
	struct le *le;
	int err;

	if (!gen || !mb)
		return EINVAL;

	err = text_decode(&od, mb);
	if (err)
		return err;

	filev = get_object(od, "files");
	if (!filev || list_isempty(&filev->lst)) {
		err = EBADMSG;
		goto out;
	}

	gen->when = get_u64(od, "when");
	str_ncpy(gen->hash, get_str(od, "sha256"), sizeof(gen->hash));
	err = get_dup(&gen->url, od, "url");

	before = get_object(od, "before");
	if (before)
		gen->before = mem_ref((void *)before);

	for (le = list_head(&filev->lst); le && !err; le = le->next) {
		const struct odict_entry *e = le->data;

		err = odict_type_iscontainer(e->type)
			? part_decode(gen, e->u.odict) : EBADMSG;
	}

 out:
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
	const char *str;
	int err;

	if (!st || !mb)
		return EINVAL;

	memset(st, 0, sizeof(*st));

	err = text_decode(&od, mb);
	if (err)
		return err;

	st->running = (unsigned)get_u64(od, "running");
	st->proved  = (unsigned)get_u64(od, "proved");
	st->starts  = (uint32_t)get_u64(od, "starts");

	str = get_str(od, "refused");
	if (str) {
		str_ncpy(st->refused.hash, str, sizeof(st->refused.hash));
		st->refused.wait  = (uint32_t)get_u64(od, "wait");
		st->refused.until = get_u64(od, "until");

		str = get_str(od, "boot");
		str_ncpy(st->refused.boot, str ? str : "",
			 sizeof(st->refused.boot));
	}

	mem_deref(od);

	return 0;
}
