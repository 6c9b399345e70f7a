/**
 * @file applier.c  Profiles, and a phone to apply them to
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>
#include "compat/compat.h"
#include "clock.h"
#include "profile/profile.h"
#include "formats/formats.h"
#include "provision/room.h"
#include "provision/entry.h"
#include "applier.h"
#include "fake_baresip.h"
#include "fake_clock.h"


struct applier ta;


/**
 * The handler of all profiles
 *
 * @param arg The fixture
 */
void applier_h(void *arg)
{
	assert_ptr_equal(&ta, arg);
	++ta.applied;
}


static void event_h(enum compat_event ev, struct ua *ua, struct call *call,
		    const char *text, void *arg)
{
	(void)call;
	(void)text;
	(void)arg;

	apply_event(ev, ua);
}


/**
 * Make a profile
 *
 * @param text In the format for tests
 */
void applier_profile(const char *text)
{
	struct format_error error;
	unsigned lineno;
	const char *why;
	struct pl pl;

	ta.prof = mem_deref(ta.prof);
	assert_int_equal(0, profile_alloc(&ta.prof));
	pl_set_str(&pl, text);
	assert_int_equal(0, format_decode(ta.prof, &pl, &error));
	assert_int_equal(0, profile_check(ta.prof, &lineno, &why));
}


/**
 * Begin to apply a profile
 *
 * @param text In the format for tests
 */
void applier_begin(const char *text)
{
	applier_profile(text);
	ta.applied = 0;
	apply_begin();
	assert_int_equal(0, apply_start(ta.prof, applier_h, &ta));
	apply_change(&ta.change);
}


/**
 * Apply a profile
 *
 * @param text In the format for tests
 */
void applier_apply(const char *text)
{
	applier_begin(text);
	fake_clock_advance(0);
	assert_int_equal(1, ta.applied);
	assert_false(apply_busy());
}


/**
 * Check how many accounts the last profile changed
 *
 * @param added   Added
 * @param changed Changed
 * @param removed Removed
 */
void applier_assert(uint32_t added, uint32_t changed, uint32_t removed)
{
	assert_int_equal(added, ta.change.added);
	assert_int_equal(changed, ta.change.changed);
	assert_int_equal(removed, ta.change.removed);
}


/**
 * A phone without accounts
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int applier_setup(void **state)
{
	struct compat_listener *listener;
	(void)state;

	(void)alarm(60);
	memset(&ta, 0, sizeof(ta));
	fake_clock_reset();
	fake_init(NULL);

	return entry_init() || compat_listen(&listener, event_h, NULL);
}


/**
 * End of it
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int applier_teardown(void **state)
{
	(void)state;

	apply_close();
	fake_close();
	mem_deref(ta.prof);

	return 0;
}
