/**
 * @file test_provnotify.c  Tests of provnotify.c: from the ground up, and back
 * links: provnotify.c fake_uag.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
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
#include "fake_uag.h"


extern const struct mod_export exports;
extern unsigned stub_warnings;

static struct settings fake_settings = {
	.state_dir = (char *)"/state",
	.journal   = (char *)"/state/journal.jsonl",
};

static char told[512];          /**< What was opened and closed, in order  */
static const char *broken;      /**< The room that does not open           */
static struct handover handover;
static bool ordered;            /**< Was this start ordered?               */
static clock_step_h *steph;
static bool renewed;


static int tell(const char *what)
{
	const size_t n = strlen(told);

	(void)re_snprintf(told + n, sizeof(told) - n, "%s%s", n ? " " : "",
			  what);

	return broken && !strcmp(broken, what) ? EIO : 0;
}


/* A room that tells that it is opened and closed */
#define ROOM(name)							\
	int name ##_init(void)						\
	{								\
		return tell("+" #name);					\
	}								\
									\
	void name ##_close(void)					\
	{								\
		(void)tell("-" #name);					\
	}

ROOM(accounts)
ROOM(phone)
ROOM(desk)
ROOM(notify)
ROOM(console)
ROOM(servlet)
ROOM(pnp)


int conf_path_get(char *path, size_t sz)
{
	str_ncpy(path, "/conf", sz);

	return 0;
}


int settings_read(const char *confdir)
{
	assert_string_equal("/conf", confdir);

	return tell("+settings");
}


const struct settings *settings(void)
{
	return &fake_settings;
}


int phone_check_keys(void)
{
	return tell("keys");
}


void settings_keep_mac(void)
{
	(void)tell("mac");
}


void settings_close(void)
{
	(void)tell("-settings");
}


int state_init(const char *dir)
{
	assert_string_equal("/state", dir);

	return tell("+state");
}


void state_close(void)
{
	(void)tell("-state");
}


bool accounts_renew(int64_t by)
{
	renewed = by < 0;

	return renewed;
}


void renew_close(void)
{
	renewed = false;
}


int clock_init(clock_step_h *h, void *arg)
{
	(void)arg;

	steph = h;

	return tell("+clock");
}


void clock_close(void)
{
	(void)tell("-clock");
}


int worker_init(void)
{
	return tell("+worker");
}


void worker_close(uint64_t max_ms)
{
	assert_int_equal(2000, max_ms);

	(void)tell("-worker");
}


int journal_init(const char *path)
{
	assert_string_equal("/state/journal.jsonl", path);

	return tell("+journal");
}


void journal_close(void)
{
	(void)tell("-journal");
}


void restart_now(void)
{
	(void)tell("restart");
}


const struct handover *handover_get(void)
{
	return ordered ? &handover : NULL;
}


void notify_resumed(const struct handover *ho)
{
	assert_ptr_equal(ordered ? &handover : NULL, ho);
}


void desk_resumed(const struct handover *ho)
{
	assert_ptr_equal(ordered ? &handover : NULL, ho);
}


int provision_start(bool ord)
{
	assert_int_equal(ordered, ord);

	return tell("start");
}


static int setup(void **state)
{
	(void)state;

	fake_uag_reset();
	fake_uag.sip = (struct sip *)8;
	told[0] = '\0';
	broken = NULL;
	ordered = false;
	stub_warnings = 0;

	return 0;
}


#define UP								\
	"+settings keys +state mac +clock +worker +journal +accounts"	\
	" +phone +desk +notify +console +servlet start +pnp"
#define DOWN								\
	"-pnp -servlet -console -notify -desk -phone -accounts -journal" \
	" -worker -clock -state restart -settings"


static void test_open_close(void **state)
{
	(void)state;

	assert_string_equal("provnotify", exports.name);

	assert_int_equal(0, exports.init());
	assert_string_equal(UP, told);

	/* The restart comes when all is written, and has its settings */
	told[0] = '\0';
	assert_int_equal(0, exports.close());
	assert_string_equal(DOWN, told);

	told[0] = '\0';
	assert_int_equal(0, exports.close());
	assert_string_equal("", told);
	assert_int_equal(0, stub_warnings);
}


static void test_ordered(void **state)
{
	(void)state;

	ordered = true;
	assert_int_equal(0, exports.init());
	assert_int_equal(0, exports.close());
}


/* The module does not load, and leaves nothing open: not even half a room */
static void test_broken(void **state)
{
	(void)state;

	broken = "+worker";
	assert_int_equal(EIO, exports.init());
	assert_string_equal("+settings keys +state mac +clock +worker"
			    " -worker -clock -state restart -settings", told);
	assert_int_equal(1, stub_warnings);

	told[0] = '\0';
	broken = "+settings";
	assert_int_equal(EIO, exports.init());
	assert_string_equal("+settings -settings", told);

	told[0] = '\0';
	broken = "+pnp";
	assert_int_equal(EIO, exports.init());
	assert_string_equal(UP " " DOWN, told);
}


/* Preloaded with -m: there is no SIP stack yet */
static void test_too_early(void **state)
{
	(void)state;

	fake_uag.sip = NULL;
	assert_int_equal(EINVAL, exports.init());
	assert_string_equal("", told);
	assert_int_equal(1, stub_warnings);
}


static void test_clock_step(void **state)
{
	(void)state;

	renewed = false;
	assert_int_equal(0, exports.init());
	assert_false(renewed);

	steph(-1000, NULL);
	assert_true(renewed);

	assert_int_equal(0, exports.close());
	fake_uag_reset();
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_open_close, setup),
		cmocka_unit_test_setup(test_ordered, setup),
		cmocka_unit_test_setup(test_broken, setup),
		cmocka_unit_test_setup(test_too_early, setup),
		cmocka_unit_test_setup(test_clock_step, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
