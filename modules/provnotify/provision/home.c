/**
 * @file home.c  Where the phone is provisioned from: the URL of the config, or
 *               the one that a PnP server offered
 *
 * What is offered is asked from now on. It is kept as the URL of the
 * generation that came from there: one that is proved keeps its URL over a
 * restart, one that is rolled back or forgotten takes its URL with it.
 *
 * A proved generation may name another URL, which is asked from then on in the
 * same way. When that has failed for a day, the one before has every second
 * turn.
 */
#include <errno.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"


enum {
	DAY_MS = 24 * 3600 * 1000,
};

static struct {
	char *offered;          /**< No generation came from there yet      */
	uint64_t failing;       /**< Since when the next one fails [ms]     */
	bool before;            /**< It is the turn of the one before       */
} home;


/* What the running generation says that is to be asked from now on */
static const char *next_url(const struct generation *gen)
{
	const char *url;

	if (!gen || !gen->proved)
		return NULL;

	url = gen->prof->source.url;

	return url && url_may_name(gen->url, url) ? url : NULL;
}


static const char *url_before(const struct generation *gen)
{
	return gen && gen->adopted ? gen->url : NULL;
}


/**
 * Try the URL that a PnP server offers
 *
 * @param req Request with the URL as its body; ends as a resync does
 *
 * @return 0 if success, otherwise errorcode, and its end is not told
 */
int provision_adopt(struct request *req)
{
	char *tmpl = NULL, *url = NULL;
	int err;

	if (!req)
		return EINVAL;

	err = pl_strdup(&tmpl, &req->body);
	if (err)
		return err;

	err = plan_url(&url, tmpl, settings());
	if (err)
		goto out;

	mem_deref(home.offered);
	home.offered = mem_ref(url);

	err = provision_resync(req);

 out:
	mem_deref(tmpl);
	mem_deref(url);

	return err;
}


/**
 * Is there a URL that this phone is provisioned from, proved to be a good one?
 *
 * @return true if there is
 */
bool provision_has_url(void)
{
	const struct generation *gen = trial_running();

	return settings()->url || next_url(gen) ||
		(gen && gen->adopted && gen->proved);
}


/**
 * Where the configuration comes from
 *
 * @return URL, in which {mac} and the like may stand; or NULL
 */
const char *home_url(void)
{
	const struct generation *gen = trial_running();
	const char *next = next_url(gen);

	if (settings()->url)
		return settings()->url;

	if (home.offered)
		return home.offered;

	if (!next || (home.before && url_before(gen)))
		return url_before(gen);

	return next;
}


/**
 * An offer has done its part
 *
 * @param url Where the generation came from that now runs; NULL: forget any
 */
void home_drop(const char *url)
{
	if (!url || !str_cmp(url, home.offered))
		home.offered = mem_deref(home.offered);

	home.failing = 0;
	home.before  = false;
}


/**
 * The server was asked
 *
 * @param ok true if it had a whole configuration
 */
void home_asked(bool ok)
{
	const uint64_t now = clock_ms();

	if (ok && !home.before)
		home.failing = 0;
	else if (!ok && !home.failing)
		home.failing = now;

	home.before = !home.before && home.failing &&
		now - home.failing >= DAY_MS;
}
