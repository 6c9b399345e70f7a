/**
 * @file provision.c  The face of the room
 */
#include <errno.h>
#include <unistd.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/entry.h"
#include "provision/transaction.h"


static struct compat_listener *listener;


static void event_h(enum compat_event ev, struct ua *ua, struct call *call,
		    const char *text, void *arg)
{
	(void)call;
	(void)text;
	(void)arg;

	apply_event(ev, ua);
	own_event(ev);
	retry_event(ev);

	if (ev == COMPAT_REGISTER_OK)
		trial_look();

	if (ev == COMPAT_REGISTER_OK || ev == COMPAT_REGISTER_FAIL)
		resync_look();
}


/* No reason not to start: it may be there when it is needed */
static void look_for(const char *key, const char *path)
{
	if (path && access(path, R_OK))
		warning("provnotify: provnotify_%s %s: %m: no download over"
			" TLS till it can be read\n", key, path, errno);
}


/**
 * Open the room: take the first reading of the user's own files
 *
 * @param endh   Called exactly once for each request that was taken
 * @param orderh Orders a resync: timers and the start come as requests too
 *
 * @return 0 if success, otherwise errorcode
 */
int provision_init(provision_end_h *endh, provision_order_h *orderh)
{
	int err;

	if (!endh || !orderh)
		return EINVAL;

	err = entry_init();
	if (err)
		return err;

	err = own_init(trial_reapply);
	if (err)
		return err;

	ride_init(endh);
	retry_init(orderh);
	resync_init(orderh);

	if (!settings()->verify)
		warning("provnotify: provnotify_verify is no: anyone on the"
			" way can provision this phone\n");

	look_for("ca_file", settings()->ca_file);
	look_for("client_cert", settings()->client_cert);

	return compat_listen(&listener, event_h, NULL);
}


/**
 * Close the room. Requests that have not ended end here.
 */
void provision_close(void)
{
	listener = mem_deref(listener);

	check_close();
	resync_close();
	trial_close();
	retry_close();
	own_close();
	apply_close();
	home_drop(NULL);
}


/**
 * Bring the stored generation back, then ask for a newer one
 *
 * @param ordered true if this start was ordered: then it always asks
 *
 * @return 0 if success, otherwise errorcode
 */
int provision_start(bool ordered)
{
	trial_start();
	resync_start(ordered);

	return 0;
}


/**
 * Print how provisioning stands: lines, the last one without its end
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int provision_print(struct re_printf *pf, void *unused)
{
	int err;

	if (home_url())
		err = re_hprintf(pf, "from %H%s", url_print, home_url(),
				 settings()->url ? "" : ", adopted");
	else
		err = re_hprintf(pf, "no provnotify_url: a resync reads your"
				 " own files");

	err |= trial_print(pf, unused);
	err |= resync_print(pf, unused);
	err |= retry_print(pf, unused);

	return err;
}
