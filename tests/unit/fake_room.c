/**
 * @file fake_room.c  The provision room with all that is below it faked: no
 *                    baresip, no thread, and a clock that the test moves
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "settings/settings.h"
#include "journal/journal.h"
#include "state/state.h"
#include "vendor.h"
#include "provision/provision.h"
#include "fake_baresip.h"
#include "fake_clock.h"
#include "fake_worker.h"
#include "fake_room.h"
#include "scratch.h"


enum {
	TURNS = 100,            /**< Turns of the loop without time         */
};

struct prov tp;


/* settings.c's and journal.c's side */


const struct settings *settings(void)
{
	return &tp.s;
}


void settings_policy(const struct profile_policy *pol)
{
	tp.policy = pol;
}


bool settings_given(const struct settings *s, const char *key)
{
	(void)s;
	(void)key;

	return tp.given;
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "1", size);
}


static void end_h(struct request *req, const struct ending *ending)
{
	assert_true(tp.endc < PROV_ENDS_MAX);

	tp.endv[tp.endc].req = req;
	tp.endv[tp.endc].ending = *ending;
	++tp.endc;
}


/**
 * Let all happen that happens without time going by
 */
void prov_settle(void)
{
	unsigned i;

	for (i=0; i<TURNS; i++) {
		fake_clock_advance(0);
		fake_worker_drain();
	}
}


/**
 * Let time go by
 *
 * @param n Time [s]
 */
void prov_seconds(unsigned n)
{
	while (n--) {
		fake_clock_advance(1000);
		prov_settle();
	}
}


/**
 * Make a request, which is freed with the fixture
 *
 * @param door  Where it comes in
 * @param fresh From a person
 *
 * @return Request
 */
struct request *prov_request(enum door door, bool fresh)
{
	struct request *req;

	assert_int_equal(0, request_alloc(&req, door));
	req->fresh = fresh;
	req->action = ACTION_RESYNC;

	assert_true(tp.heldc < PROV_ENDS_MAX);
	tp.held[tp.heldc++] = req;

	return req;
}


static void order_h(enum door door, enum action action, bool fresh)
{
	assert_int_equal(ACTION_RESYNC, action);

	++tp.orders;
	tp.door = door;

	if (!provision_waiting())
		assert_int_equal(0, provision_resync(prov_request(door,
								  fresh)));
}


/**
 * Write a file
 *
 * @param dir  Folder
 * @param name Name
 * @param text Content
 */
void prov_file(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	(void)re_snprintf(path, sizeof(path), "%s/%s", dir, name);

	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(strlen(text), fwrite(text, 1, strlen(text), f));
	assert_int_equal(0, fclose(f));
}


/**
 * What the provisioning server has from now on
 *
 * @param text Content of the file accounts
 */
void prov_serve(const char *text)
{
	char dir[160];

	(void)re_snprintf(dir, sizeof(dir), "%s/prov", tp.dir);
	(void)mkdir(dir, 0700);
	prov_file(dir, "accounts", text);
}


/**
 * Open the room
 */
void prov_open(void)
{
	char dir[160];

	(void)re_snprintf(dir, sizeof(dir), "%s/state", tp.dir);
	assert_int_equal(0, state_init(dir));
	assert_int_equal(0, provision_init(end_h, order_h));
}


/**
 * Shut the room, as the module does at its end
 */
void prov_shut(void)
{
	fake_close();
	provision_close();
	fake_worker_drain();
	state_close();
}


/**
 * End the process without a word, and start it again
 */
void prov_crash(void)
{
	char from[160], to[160];
	bool answers = fake.answers;

	/* what stands on the disk now is what the next start sees */
	(void)re_snprintf(from, sizeof(from), "%s/state/current", tp.dir);
	(void)re_snprintf(to, sizeof(to), "%s/current", tp.dir);
	assert_int_equal(0, link(from, to));

	prov_shut();
	assert_int_equal(0, rename(to, from));
	(void)unlink(to);

	fake_init(tp.dir);
	fake.answers = answers;
	prov_open();
	assert_int_equal(0, provision_start(false));
	prov_settle();
}


/**
 * End the phone by order, and start it again
 */
void prov_restart(void)
{
	bool answers = fake.answers;

	prov_shut();
	fake_init(tp.dir);
	fake.answers = answers;
	prov_open();
	assert_int_equal(0, provision_start(true));
	prov_settle();
}


/**
 * An empty phone with a URL
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int prov_setup(void **state)
{
	const char *base = scratch_make();
	(void)state;

	(void)alarm(60);
	memset(&tp, 0, sizeof(tp));
	str_ncpy(tp.dir, base, sizeof(tp.dir));

	(void)re_snprintf(tp.url, sizeof(tp.url), "file://%s/prov/", tp.dir);

	tp.s.vendor   = vendor_native();
	tp.s.model    = "baresip";
	tp.s.firmware = "1";
	str_ncpy(tp.s.mac, "001122334455", sizeof(tp.s.mac));
	tp.s.url      = tp.url;
	tp.s.verify   = true;
	tp.s.timeout  = 30;
	tp.s.confirm  = PROV_CONFIRM;

	fake_clock_reset();
	fake_init(tp.dir);
	prov_open();

	return 0;
}


/**
 * End of it
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int prov_teardown(void **state)
{
	(void)state;

	prov_shut();

	while (tp.heldc)
		mem_deref(tp.held[--tp.heldc]);

	return scratch_remove();
}


/**
 * How the last request ended
 *
 * @return Ending
 */
const struct ending *prov_last(void)
{
	assert_true(tp.endc > 0);

	return &tp.endv[tp.endc - 1].ending;
}


/**
 * How a request ended
 *
 * @param req Request
 *
 * @return Ending; NULL if it has not ended yet
 */
const struct ending *prov_ending(const struct request *req)
{
	const struct ending *ending = NULL;
	unsigned i;

	for (i=0; i<tp.endc; i++) {

		if (tp.endv[i].req == req) {
			assert_null(ending);
			ending = &tp.endv[i].ending;
		}
	}

	return ending;
}


/**
 * Check an ending
 *
 * @param ending Ending
 * @param result What it must be
 * @param detail What its text must hold
 */
void prov_assert(const struct ending *ending, enum result result,
			  const char *detail)
{
	assert_non_null(ending);

	if (ending->result != result || !strstr(ending->detail, detail))
		fail_msg("%s: %s", result_name(ending->result),
			 ending->detail);
}


/**
 * Check the last ending
 *
 * @param result What it must be
 * @param detail What its text must hold
 */
void prov_assert_last(enum result result, const char *detail)
{
	prov_assert(prov_last(), result, detail);
}


/**
 * Order a resync, and let it happen
 *
 * @param door Where it comes in
 *
 * @return Its request
 */
const struct request *prov_resync(enum door door)
{
	struct request *req = prov_request(door, false);

	assert_int_equal(0, provision_resync(req));
	prov_settle();

	return req;
}
