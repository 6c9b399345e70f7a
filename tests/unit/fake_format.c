/**
 * @file fake_format.c  A format for tests: "LINE USER DOMAIN SECRET EXPIRES"
 *
 * "unknown" anywhere in a line makes it an unknown key, "include NAME" names
 * another file, "interval N" asks for a resync each N minutes. All else is
 * refused.
 */
#include <errno.h>
#include <string.h>
#include <re.h>
#include "profile/profile.h"
#include "formats/formats.h"


static int line_decode(struct profile *prof, const struct pl *pl,
		       unsigned lineno)
{
	struct pl line, user, domain, secret, expires;
	struct profile_account *acc;
	int err;

	if (!re_regex(pl->p, pl->l, "include [^ ]+", NULL))
		return 0;

	if (!re_regex(pl->p, pl->l, "interval [0-9]+", &expires)) {
		prof->source.interval = (int32_t)pl_u32(&expires);
		return 0;
	}

	if (!re_regex(pl->p, pl->l, "url [^ ]+", &line))
		return pl_strdup(&prof->source.url, &line);

	if (!re_regex(pl->p, pl->l, "unknown"))
		return profile_note(prof, lineno, false, pl, NULL);

	if (re_regex(pl->p, pl->l, "[0-9]+ [^ ]+ [^ ]+ [^ ]+ [0-9]+", &line,
		     &user, &domain, &secret, &expires))
		return EBADMSG;

	err = profile_account_add(prof, pl_u32(&line), &acc);
	if (err)
		return err;

	acc->lineno  = lineno;
	acc->expires = (int32_t)pl_u32(&expires);

	mem_deref(acc->user);
	mem_deref(acc->domain);
	mem_deref(acc->secret);
	acc->user = acc->domain = acc->secret = NULL;

	err |= pl_strdup(&acc->user, &user);
	err |= pl_strdup(&acc->domain, &domain);
	err |= pl_strdup(&acc->secret, &secret);

	return err;
}


int format_decode(struct profile *prof, const struct pl *text,
		  struct format_error *error)
{
	struct pl rest = *text;
	unsigned lineno = 0;

	while (rest.l) {
		const char *nl = pl_strchr(&rest, '\n');
		struct pl line = rest;
		int err;

		if (nl)
			line.l = (size_t)(nl - rest.p);

		pl_advance(&rest, (ssize_t)(line.l + (nl ? 1 : 0)));
		++lineno;

		err = line.l ? line_decode(prof, &line, lineno) : 0;
		if (err) {
			error->lineno = lineno;
			str_ncpy(error->text, "not an account",
				 sizeof(error->text));
			return err;
		}
	}

	return 0;
}


int format_includes(const struct pl *text, const char *model,
		    bool *overwrite, format_include_h *h, void *arg)
{
	struct pl rest = *text, ref;
	int err = 0;
	(void)model;

	*overwrite = false;

	while (!err && !re_regex(rest.p, rest.l, "include [^ \n]+", &ref)) {
		pl_advance(&rest, (ssize_t)(ref.p + ref.l - rest.p));
		err = h(&ref, arg);
	}

	return err;
}
