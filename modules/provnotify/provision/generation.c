/**
 * @file generation.c  One version of the configuration, and its files
 */
#include <errno.h>
#include <string.h>
#include <openssl/sha.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "formats/formats.h"
#include "provision/room.h"


static void part_destructor(void *arg)
{
	struct part *part = arg;

	list_unlink(&part->le);
	mem_deref(part->url);
	mem_deref(part->name);
	mem_deref(part->etag);
	mem_deref(part->modified);
	mem_deref(part->mb);
}


static void generation_destructor(void *arg)
{
	struct generation *gen = arg;

	list_flush(&gen->partl);
	mem_deref(gen->url);
	mem_deref(gen->before);
	mem_deref(gen->prof);
}


/* The last step of a URL's path: what people call the file */
static void name_of(struct pl *name, const char *url)
{
	struct pl pl;
	const char *p;

	pl_set_str(&pl, url);

	p = pl_strchr(&pl, '?');
	if (p)
		pl.l = p - pl.p;

	p = pl_strrchr(&pl, '/');
	if (p)
		pl_advance(&pl, p + 1 - pl.p);

	*name = pl;
}


/**
 * Make a part that is still to be fetched
 *
 * @param partp Part, in no list yet
 * @param url   Complete URL
 * @param rule  Why it is in the plan
 *
 * @return 0 if success, otherwise errorcode
 */
int part_alloc(struct part **partp, const char *url, enum part_rule rule)
{
	struct part *part;
	struct pl name;
	int err;

	if (!partp || !url)
		return EINVAL;

	part = mem_zalloc(sizeof(*part), part_destructor);
	if (!part)
		return ENOMEM;

	part->rule = rule;
	name_of(&name, url);

	err  = str_dup(&part->url, url);
	err |= pl_strdup(&part->name, &name);
	if (err)
		mem_deref(part);
	else
		*partp = part;

	return err;
}


/**
 * Make a generation without parts
 *
 * @param genp Generation
 * @param url  Where it comes from, or NULL
 *
 * @return 0 if success, otherwise errorcode
 */
int generation_alloc(struct generation **genp, const char *url)
{
	struct generation *gen;
	int err = 0;

	if (!genp)
		return EINVAL;

	gen = mem_zalloc(sizeof(*gen), generation_destructor);
	if (!gen)
		return ENOMEM;

	if (url)
		err = str_dup(&gen->url, url);
	if (err)
		mem_deref(gen);
	else
		*genp = gen;

	return err;
}


/**
 * Find a part by its URL
 *
 * @param gen Generation, may be NULL
 * @param url Complete URL
 *
 * @return Part, or NULL if the generation has none
 */
const struct part *generation_part(const struct generation *gen,
				   const char *url)
{
	struct le *le;

	for (le = gen ? list_head(&gen->partl) : NULL; le; le = le->next) {
		const struct part *part = le->data;

		if (!str_cmp(part->url, url))
			return part;
	}

	return NULL;
}


/**
 * Take a part over as the running generation has it
 *
 * @param part  Part without content
 * @param known The same part of the running generation
 *
 * @return 0 if success, otherwise errorcode
 */
int part_inherit(struct part *part, const struct part *known)
{
	int err = 0;

	if (!part || !known)
		return EINVAL;

	part->mb = mem_ref(known->mb);
	part->state = PART_SAME;

	if (known->etag)
		err |= str_dup(&part->etag, known->etag);
	if (known->modified)
		err |= str_dup(&part->modified, known->modified);

	return err;
}


static int hash_make(char *hash, const void *buf, size_t len)
{
	uint8_t md[SHA256_DIGEST_LENGTH];

	SHA256(buf, len, md);

	return re_snprintf(hash, HASH_MAX, "%w", md, sizeof(md)) < 0
		? ENOMEM : 0;
}


/**
 * Hash all parts, and the whole over their names and hashes
 *
 * @param gen Generation, all of whose parts have their content
 *
 * @return 0 if success, otherwise errorcode
 */
int generation_hash(struct generation *gen)
{
	struct mbuf *all;
	struct le *le;
	int err = 0;

	if (!gen)
		return EINVAL;

	all = mbuf_alloc(512);
	if (!all)
		return ENOMEM;

	for (le = list_head(&gen->partl); le && !err; le = le->next) {
		struct part *part = le->data;

		err  = hash_make(part->hash, part->mb->buf, part->mb->end);
		err |= mbuf_printf(all, "%s\n%s\n", part->name, part->hash);
	}

	if (!err)
		err = hash_make(gen->hash, all->buf, all->end);

	mem_deref(all);

	return err;
}


static void refusal_print(char *why, size_t size, const struct part *part,
			  unsigned lineno, const char *reason)
{
	if (lineno)
		(void)re_snprintf(why, size, "%s, line %u: %s",
				  part ? part->name : "?", lineno, reason);
	else
		(void)re_snprintf(why, size, "%s: %s",
				  part ? part->name : "?", reason);
}


/**
 * Find a part by its place, which profile.h calls a file
 *
 * @param gen Generation
 * @param n   Place, from 0
 *
 * @return Part, or NULL if there are not so many
 */
const struct part *part_nth(const struct generation *gen, unsigned n)
{
	struct le *le;

	for (le = gen ? list_head(&gen->partl) : NULL; le; le = le->next) {

		if (!n--)
			return le->data;
	}

	return NULL;
}


static int ignore_h(const struct pl *ref, void *arg)
{
	(void)ref;
	(void)arg;

	return 0;
}


static void text_get(struct pl *text, const struct part *part)
{
	text->p = (const char *)part->mb->buf;
	text->l = part->mb->end;
}


/* Does any part say that a blank value is a default? */
static bool has_overwrite(const struct generation *gen, const char *model)
{
	struct pl text;
	struct le *le;

	for (le = list_head(&gen->partl); le; le = le->next) {
		bool overwrite = false;

		text_get(&text, le->data);

		if (!format_includes(&text, model, &overwrite, ignore_h,
				     NULL) && overwrite)
			return true;
	}

	return false;
}


/**
 * Decode all parts into one profile, the later ones over the earlier
 *
 * Calls nothing but what is pure: it may run in the worker.
 *
 * @param gen   Generation, all of whose parts have their content
 * @param model Model of this phone
 * @param why  Which file was refused, in which line and why
 * @param size Size of that buffer
 *
 * @return 0 if success, EBADMSG if a file was refused, else errorcode
 */
int generation_decode(struct generation *gen, const char *model, char *why,
		      size_t size)
{
	const char *reason = NULL;
	unsigned lineno = 0;
	struct profile *prof;
	struct le *le;
	int err;

	if (!gen || !model || !why)
		return EINVAL;

	err = profile_alloc(&prof);
	if (err)
		return err;

	gen->prof = prof;

	err = str_dup(&prof->model, model);
	prof->overwrite = has_overwrite(gen, model);

	for (le = list_head(&gen->partl); le && !err; le = le->next) {
		const struct part *part = le->data;
		struct format_error error;
		struct pl text;

		text_get(&text, part);
		memset(&error, 0, sizeof(error));

		err = format_decode(prof, &text, &error);
		if (err) {
			refusal_print(why, size, part, error.lineno,
				      error.text);
			return EBADMSG;
		}
	}

	if (err)
		return err;

	err = profile_check(prof, &lineno, &reason);
	if (err)
		refusal_print(why, size, part_nth(gen, prof->file), lineno,
			      reason);

	return err ? EBADMSG : 0;
}
