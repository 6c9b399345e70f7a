/**
 * @file yealink.c  Yealink's configuration files and boot files, line by line
 *
 * `#!version:` in the first line, then `key = value`, `#` before a comment,
 * `[MODEL,MODEL]` alone before the lines that hold for these models, or in
 * front of one line; `include:config <file>` in a boot file.
 */
#include <string.h>
#include <re.h>
#include "profile/profile.h"
#include "formats/formats.h"
#include "formats/decode.h"
#include "formats/yealink.h"


/** The lines of a file, as a model sees them */
struct reader {
	struct lines lines;
	const char *model;
	struct pl section;      /**< Models that the lines hold for         */
};

/** One line */
struct entry {
	struct pl key;          /**< Not set: a line that is no key = value */
	struct pl val;
	bool include;           /**< val is the file to include             */
	bool specific;          /**< Holds for certain models               */
	bool ours;              /**< Holds for this phone                   */
};


/* SIP-T46S and T46S are the same model */
static void model_short(struct pl *pl)
{
	text_trim(pl);

	if (pl->l > 4 && !strncasecmp(pl->p, "sip-", 4))
		pl_advance(pl, 4);
}


static bool model_listed(const struct pl *models, const char *model)
{
	struct pl rest = *models, item, us;

	pl_set_str(&us, model ? model : "");
	model_short(&us);

	while (rest.l) {

		const char *end = pl_strchr(&rest, ',');

		item.p = rest.p;
		item.l = end ? (size_t)(end - rest.p) : rest.l;

		pl_advance(&rest, item.l + (end ? 1 : 0));
		model_short(&item);

		if (us.l && !pl_casecmp(&item, &us))
			return true;
	}

	return false;
}


/* [MODEL,MODEL] off the front of a line */
static bool models_take(struct pl *line, struct pl *models)
{
	const char *end = pl_strchr(line, ']');

	if (line->p[0] != '[' || !end)
		return false;

	models->p = line->p + 1;
	models->l = end - models->p;

	pl_advance(line, end + 1 - line->p);
	text_trim(line);

	return true;
}


static bool begins(const struct pl *pl, const char *str)
{
	return pl->l >= strlen(str) && !strncasecmp(pl->p, str, strlen(str));
}


static void entry_split(struct entry *e, const struct pl *line)
{
	const char *eq;

	e->key = e->val = pl_null;
	e->include = begins(line, "include:config");

	if (e->include) {

		e->key.p = line->p;
		e->key.l = strlen("include:config");
		e->val   = *line;

		pl_advance(&e->val, e->key.l);
		text_trim(&e->val);

		if (e->val.l && e->val.p[0] == '=') {
			pl_advance(&e->val, 1);
			text_trim(&e->val);
		}

		text_unquote(&e->val);
		return;
	}

	eq = pl_strchr(line, '=');
	if (!eq)
		return;

	e->key.p = line->p;
	e->key.l = eq - line->p;
	e->val.p = eq + 1;
	e->val.l = line->p + line->l - e->val.p;

	text_trim(&e->key);
	text_trim(&e->val);

	if (memchr(e->key.p, ' ', e->key.l))
		e->key = pl_null;
}


static bool entry_next(struct reader *rd, struct entry *e)
{
	struct pl line, models;

	while (text_line(&rd->lines, &line)) {

		if (!line.l || line.p[0] == '#')
			continue;

		models = rd->section;

		if (models_take(&line, &models) && !line.l) {
			rd->section = models;
			continue;
		}

		e->specific = pl_isset(&models);
		e->ours     = !e->specific || model_listed(&models, rd->model);

		entry_split(e, &line);

		return true;
	}

	return false;
}


static int entry_decode(struct decoder *dec, const struct entry *e)
{
	static const struct pl not_set;

	if (!e->ours)
		return profile_note(dec->prof, dec->lineno, true, &e->key,
				    "for another model");

	if (!pl_strcmp(&e->val, "%NULL%"))
		return decode_key(dec, &e->key, &not_set);

	if (!e->val.l)
		return decode_key(dec, &e->key,
				  dec->prof->overwrite ? &not_set : NULL);

	return decode_key(dec, &e->key, &e->val);
}


/**
 * Decode a configuration file or boot file of Yealink's
 *
 * `%NULL%` puts a default back, a blank value leaves what an earlier file
 * said, unless the profile is to be overwritten. What a boot file includes is
 * the caller's business: format_includes(). (Vendors, 2.2)
 *
 * @param prof  Profile, with its model and whether blanks overwrite
 * @param text  The file, checked with text_check()
 * @param error Why it was refused
 *
 * @return 0 if success, EBADMSG if it is refused, otherwise errorcode
 */
int yealink_decode(struct profile *prof, const struct pl *text,
		   struct format_error *error)
{
	struct reader rd = {{*text, 0}, prof->model, PL_INIT};
	struct decoder dec;
	struct entry e;
	int err = 0;

	memset(&dec, 0, sizeof(dec));
	dec.table = &yealink_table;
	dec.prof  = prof;
	dec.error = error;

	while (!err && entry_next(&rd, &e)) {

		struct pl junk;

		dec.lineno = rd.lines.lineno;

		if (e.key.l) {
			err = entry_decode(&dec, &e);
			continue;
		}

		if (text_islast(&rd.lines))
			return text_refuse(error, dec.lineno, "the last line "
					   "is cut short: key = value is "
					   "accepted");

		/* Its text may be half of a password */
		pl_set_str(&junk, "(line)");
		err = profile_note(prof, dec.lineno, false, &junk,
				   "not key = value");
	}

	return err;
}


/**
 * Tell which files a boot file of Yealink's includes, in order
 *
 * @param text      The file
 * @param model     Model of this phone
 * @param overwrite Set if overwrite_mode says so, cleared if it says not
 * @param h         Called for each file
 * @param arg       Handler argument
 *
 * @return 0 if success, otherwise errorcode of the handler
 */
int yealink_includes(const struct pl *text, const char *model,
		     bool *overwrite, format_include_h *h, void *arg)
{
	struct reader rd = {{*text, 0}, model, PL_INIT};
	bool excluded = false, specific = false;
	struct entry e;
	int err = 0;

	while (entry_next(&rd, &e)) {

		const struct pl name = decode_name(&yealink_table, &e.key);

		if (!e.ours)
			continue;

		if (e.include)
			specific |= e.specific;
		else if (!pl_strcmp(&name, "overwrite_mode"))
			*overwrite = !pl_strcmp(&e.val, "1");
		else if (!pl_strcmp(&name, "specific_model.excluded_mode"))
			excluded = !pl_strcmp(&e.val, "1");
	}

	memset(&rd, 0, sizeof(rd));
	rd.lines.rest = *text;
	rd.model      = model;

	/* Excluded mode: a model with files of its own reads no others */
	while (!err && entry_next(&rd, &e)) {

		if (e.include && e.ours && e.val.l &&
		    (e.specific || !excluded || !specific))
			err = h(&e.val, arg);
	}

	return err;
}
