/**
 * @file plan.c  Which files make a configuration, and in which order
 *
 * A plan is a generation in the making: its parts are asked for one after
 * the other, since what the first one says (it is absent, or a boot file with
 * includes) decides about the rest.
 */
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "vendor.h"
#include "request.h"
#include "settings/settings.h"
#include "provision/room.h"


/**
 * Put what is known of this phone into a URL, and complete it
 *
 * @param urlp Result, owned by the caller
 * @param tmpl URL or absolute path, with {mac} and the like
 * @param s    Settings
 *
 * @return 0 if success, EBADMSG for what is no URL, else errorcode
 */
int plan_url(char **urlp, const char *tmpl, const struct settings *s)
{
	char *str = NULL;
	int err;

	if (!urlp || !tmpl || !s)
		return EINVAL;

	err = vendor_expand(&str, tmpl, s->mac, s->model, s->firmware,
			    s->vendor->name);
	if (err)
		return err;

	err = url_complete(urlp, str);
	mem_deref(str);

	return err;
}


static int part_append(struct generation *gen, const char *url,
		       enum part_rule rule)
{
	struct part *part;
	int err;

	err = part_alloc(&part, url, rule);
	if (err)
		return err;

	list_append(&gen->partl, &part->le, part);

	return 0;
}


static bool is_boot(const char *tmpl)
{
	static const char ext[] = ".boot";
	const size_t l = str_len(tmpl);

	return l > strlen(ext) && !str_cmp(tmpl + l - strlen(ext), ext);
}


/**
 * Fill a generation with what is to be fetched from its URL
 *
 * A file is asked for alone. In a folder the vendor's names hold: where there
 * are boot files the rest are layers (Yealink: boot file, else the common and
 * the MAC's own file), else each name is a choice.
 *
 * @param gen Generation with a complete URL
 * @param s   Settings
 *
 * @return 0 if success, otherwise errorcode
 */
int plan_files(struct generation *gen, const struct settings *s)
{
	enum part_rule rest = RULE_CHOICE;
	size_t i;
	int err = 0;

	if (!gen || !gen->url || !s)
		return EINVAL;

	if (!url_is_folder(gen->url))
		return part_append(gen, gen->url, RULE_SOLE);

	for (i=0; i<RE_ARRAY_SIZE(s->vendor->filev); i++) {

		if (s->vendor->filev[i] && is_boot(s->vendor->filev[i]))
			rest = RULE_LAYER;
	}

	for (i=0; i<RE_ARRAY_SIZE(s->vendor->filev) && !err; i++) {
		const char *tmpl = s->vendor->filev[i];
		char *name = NULL, *url = NULL;

		if (!tmpl)
			break;

		err = vendor_expand(&name, tmpl, s->mac, s->model,
				    s->firmware, s->vendor->name);
		if (err)
			break;

		err = url_resolve(&url, gen->url, name);
		if (!err)
			err = part_append(gen, url,
					  is_boot(tmpl) ? RULE_BOOT : rest);

		mem_deref(name);
		mem_deref(url);
	}

	return err;
}


/**
 * Add a file that a boot file names, behind those that it named before
 *
 * @param gen  Generation
 * @param boot The boot file
 * @param ref  Absolute URL, or path relative to the boot file
 *
 * @return 0 if success, EACCES for another scheme than a server may name,
 *         E2BIG if there are too many, EBADMSG for what is no URL, else
 *         errorcode
 */
int plan_include(struct generation *gen, struct part *boot,
		 const struct pl *ref)
{
	struct part *part;
	char *str = NULL, *url = NULL;
	int err;

	if (!gen || !boot || !ref)
		return EINVAL;

	if (list_count(&gen->partl) >= PARTS_MAX)
		return E2BIG;

	err = pl_strdup(&str, ref);
	if (err)
		return err;

	err = url_resolve(&url, boot->url, str);
	if (err)
		goto out;

	if (!url_may_name(boot->url, url)) {
		err = EACCES;
		goto out;
	}

	err = part_alloc(&part, url, RULE_INCLUDE);
	if (err)
		goto out;

	/* includes come before what was planned behind the boot file */
	while (boot->le.next) {
		const struct part *next = boot->le.next->data;

		if (next->rule != RULE_INCLUDE)
			break;

		boot = boot->le.next->data;
	}

	list_insert_after(&gen->partl, &boot->le, &part->le, part);

 out:
	mem_deref(str);
	mem_deref(url);

	return err;
}


static bool is_taken(const struct generation *gen, enum part_rule rule)
{
	struct le *le;

	for (le = list_head(&gen->partl); le; le = le->next) {
		const struct part *part = le->data;

		if (part->rule == rule && part->state > PART_ABSENT)
			return true;
	}

	return false;
}


/**
 * What is to be fetched next?
 *
 * @param gen Generation
 *
 * @return Part, or NULL if the plan is through
 */
struct part *plan_next(const struct generation *gen)
{
	struct le *le;

	for (le = gen ? list_head(&gen->partl) : NULL; le; le = le->next) {
		struct part *part = le->data;
		const enum part_rule rule = part->rule;

		if (part->state != PART_WANTED)
			continue;

		if ((rule == RULE_BOOT || rule == RULE_LAYER) &&
		    is_taken(gen, RULE_BOOT))
			continue;

		if (rule == RULE_CHOICE && is_taken(gen, RULE_CHOICE))
			continue;

		return part;
	}

	return NULL;
}


/**
 * End a plan: what was not fetched is no part of the generation
 *
 * @param gen Generation
 *
 * @return true if any file was there
 */
bool plan_settle(struct generation *gen)
{
	struct le *le = gen ? list_head(&gen->partl) : NULL;

	while (le) {
		struct part *part = le->data;

		le = le->next;

		if (part->state <= PART_ABSENT) {
			list_unlink(&part->le);
			mem_deref(part);
		}
	}

	return gen && !list_isempty(&gen->partl);
}
