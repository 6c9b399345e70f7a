/**
 * @file provnotify.c  A SIP server manages this phone as it does a desk phone
 */
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "addrlist/addrlist.h"
#include "clock.h"
#include "desk.h"
#include "journal/journal.h"
#include "restart/restart.h"
#include "settings/settings.h"
#include "state/state.h"
#include "worker/worker.h"
#include "guard/guard.h"
#include "phone/phone.h"
#include "provision/provision.h"
#include "doors/doors.h"


/**
 * @defgroup provnotify provnotify
 *
 * Remote management: check-sync, ACTION-URI and provisioning
 *
 * SIP NOTIFY `check-sync` and `ACTION-URI` make this phone fetch its
 * configuration, start again or press its keys, as they do with a desk phone.
 *
 \verbatim
  module_app              provnotify.so

  provnotify_url          https://prov.example.net/{mac}.cfg
  provnotify_notify_from  server
 \endverbatim
 *
 * All settings stand in the README.
 */


enum {
	FLUSH_MS = 2000,        /**< For what is queued, at the end [ms]    */
};


static void step_handler(int64_t by, void *arg)
{
	(void)arg;

	if (accounts_renew(by))
		info("provnotify: the clock was set back:"
		     " all accounts register anew\n");
}


static int settings_open(void)
{
	char confdir[512];
	int err;

	err = conf_path_get(confdir, sizeof(confdir));

	return err ? err : settings_read(confdir);
}


static int state_open(void)
{
	int err;

	err = state_init(settings()->state_dir);
	if (err)
		return err;

	settings_keep_mac();

	return 0;
}


static int clock_open(void)
{
	return clock_init(step_handler, NULL);
}


static int journal_open(void)
{
	return journal_init(settings()->journal);
}


static void clock_shut(void)
{
	renew_close();
	clock_close();
}


static void worker_shut(void)
{
	worker_close(FLUSH_MS);
}


static int resume(void)
{
	const struct handover *handover = handover_get();

	notify_resumed(handover);
	desk_resumed(handover);

	return provision_start(handover != NULL);
}


/* From the ground up; closed from the top down */
static const struct {
	int (*open)(void);
	void (*close)(void);
} floorv[] = {
	{settings_open,    settings_close},
	{phone_check_keys, NULL},
	{NULL,             restart_now},
	{state_open,       state_close},
	{clock_open,       clock_shut},
	{worker_init,      worker_shut},
	{journal_open,     journal_close},
	{accounts_init,    accounts_close},
	{phone_init,       phone_close},
	{desk_init,        desk_close},
	{notify_init,      notify_close},
	{console_init,     console_close},
	{servlet_init,     servlet_close},
	{resume,           NULL},
	{pnp_init,         pnp_close},
};

static size_t floors;           /**< How many are open                  */


static int module_close(void)
{
	while (floors) {

		--floors;

		if (floorv[floors].close)
			floorv[floors].close();
	}

	return 0;
}


static int module_init(void)
{
	int err = 0;

	if (!uag_sip()) {
		warning("provnotify: loaded too early: use \"module_app"
			" provnotify.so\" in the config, not -m\n");
		return EINVAL;
	}

	while (floors < RE_ARRAY_SIZE(floorv) && !err) {

		if (floorv[floors].open)
			err = floorv[floors].open();

		/* Also the one that failed: it may be half open */
		++floors;
	}

	if (err) {
		warning("provnotify: not loaded (%m)\n", err);
		(void)module_close();
	}

	return err;
}


/* The one symbol that baresip looks for; all others stay inside */
__attribute__((visibility("default")))
const struct mod_export DECL_EXPORTS(provnotify) = {
	"provnotify",
	"application",
	module_init,
	module_close
};
