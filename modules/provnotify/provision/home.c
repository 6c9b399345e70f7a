/**
 * @file home.c  Where the phone is provisioned from: the URL of the config, or
 *               the one that a PnP server offered
 *
 * What is offered is asked from now on. It is kept as the URL of the
 * generation that came from there: one that is proved keeps its URL over a
 * restart, one that is rolled back or forgotten takes its URL with it.
 */
#include <errno.h>
#include "compat/compat.h"
#include "request.h"
#include "profile.h"
#include "settings.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"


static char *offered;           /**< No generation came from there yet   */


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

	mem_deref(offered);
	offered = mem_ref(url);

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

	return settings()->url || (gen && gen->adopted && gen->proved);
}


/**
 * Where the configuration comes from
 *
 * @return URL, in which {mac} and the like may stand; or NULL
 */
const char *home_url(void)
{
	const struct generation *gen = trial_running();

	if (settings()->url)
		return settings()->url;

	if (offered)
		return offered;

	return gen && gen->adopted ? gen->url : NULL;
}


/**
 * An offer has done its part
 *
 * @param url Where the generation came from that now runs; NULL: forget any
 */
void home_drop(const char *url)
{
	if (!url || !str_cmp(url, offered))
		offered = mem_deref(offered);
}
