/**
 * @file source.c  How the server is asked: what the config says, else what was
 *                 provisioned, else the default
 */
#include <errno.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "provision/room.h"


static const struct profile_source *provisioned(const struct generation *gen)
{
	return gen && gen->prof ? &gen->prof->source : NULL;
}


/**
 * Minutes between two resyncs
 *
 * @param s   Settings
 * @param gen Running generation, or NULL
 *
 * @return Time [min], 0 = never
 */
uint32_t source_interval(const struct settings *s,
			 const struct generation *gen)
{
	const struct profile_source *src = provisioned(gen);

	if (!src || src->interval < 0 ||
	    settings_given(s, "provnotify_interval"))
		return s->interval;

	return (uint32_t)src->interval;
}


/**
 * The name and the password for a URL
 *
 * They are for the scheme, host and port alone that they were given with.
 *
 * @param user Name, NULL = none for that URL
 * @param pass Password
 * @param url  Complete URL
 * @param s    Settings
 * @param gen  Running generation, or NULL
 *
 * @return 0 if success, otherwise errorcode
 */
int source_login(const char **user, const char **pass, const char *url,
		 const struct settings *s, const struct generation *gen)
{
	const struct profile_source *src = provisioned(gen);
	const char *tmpl = s->url;
	char *home = NULL;
	int err;

	*user = s->user;
	*pass = s->password;

	if (!s->user && src && src->user) {
		*user = src->user;
		*pass = src->password;

		/* those of a file that names no URL are for where it is */
		if (src->url || !tmpl)
			tmpl = src->url ? src->url : gen->url;
	}

	if (!*user || !tmpl) {
		*user = NULL;
		return 0;
	}

	err = plan_url(&home, tmpl, s);
	if (err)
		return err;

	if (!url_same_origin(home, url))
		*user = NULL;

	mem_deref(home);

	return 0;
}
