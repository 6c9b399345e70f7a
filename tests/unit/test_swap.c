/**
 * @file test_swap.c  Tests of swap.c
 * links: provision/apply.c provision/entry.c provision/swap.c
 * profile/profile.c profile/account.c profile/check.c profile/note.c
 * profile/features.c grammar.c applier.c fake_baresip.c fake_contacts.c
 * fake_clock.c fake_format.c stub_baresip.c provision/pace.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "clock.h"
#include "profile/profile.h"
#include "provision/room.h"
#include "provision/entry.h"
#include "applier.h"
#include "fake_baresip.h"
#include "fake_clock.h"


#define T(f) \
	cmocka_unit_test_setup_teardown(f, applier_setup, applier_teardown)

enum {
	FAREWELL_MS = 2000,
};


/* The new one registers before the old one goes */
static void test_replace(void **state)
{
	struct ua *old, *new;
	(void)state;

	applier_apply("1 a h x 60\n");
	old = fake_find("sip:a@h");

	fake.answers = false;
	applier_apply("1 a h y 60\n");
	assert_int_equal(2, list_count(&fake.ual));
	new = fake.ual.tail->data;
	assert_ptr_equal(old, fake_find("sip:a@h"));

	fake_registered(new, true);
	fake_clock_advance(0);
	assert_int_equal(1, list_count(&fake.ual));
	assert_ptr_equal(new, fake_find("sip:a@h"));
	assert_int_equal(1, new->registers);
}


/* One contact only: the old one goes, and the new one tries again */
static void test_replace_refused(void **state)
{
	struct ua *new;
	(void)state;

	applier_apply("1 a h x 60\n");
	fake.answers = false;
	applier_apply("1 a h y 60\n");
	new = fake.ual.tail->data;

	fake_registered(new, false);
	fake_clock_advance(0);
	assert_int_equal(1, list_count(&fake.ual));
	assert_int_equal(2, new->registers);

	/* once more only */
	fake_registered(new, false);
	fake_clock_advance(FAREWELL_MS);
	assert_int_equal(2, new->registers);
}


static void test_replace_unanswered(void **state)
{
	(void)state;

	applier_apply("1 a h x 60\n");
	fake.answers = false;
	applier_apply("1 a h y 60\n");

	fake_clock_advance(FAREWELL_MS - 1);
	assert_int_equal(2, list_count(&fake.ual));
	fake_clock_advance(1);
	assert_int_equal(1, list_count(&fake.ual));
	assert_string_equal("y", fake_find("sip:a@h")->secret);
}


/* A call that reaches the old one meanwhile is not cut */
static void test_replace_call(void **state)
{
	struct ua *old;
	(void)state;

	applier_apply("1 a h x 60\n");
	old = fake_find("sip:a@h");
	fake.answers = false;
	applier_apply("1 a h y 60\n");

	fake_call(old, true);
	fake_clock_advance(3 * FAREWELL_MS);
	assert_int_equal(2, list_count(&fake.ual));

	fake_call(old, false);
	fake_clock_advance(FAREWELL_MS);
	assert_int_equal(1, list_count(&fake.ual));
}


static void test_failing(void **state)
{
	(void)state;

	applier_apply("1 a h x 60\n");

	fake.alloc_fails = true;
	applier_apply("1 a h y 60\n2 b h x 60\n");
	assert_string_equal("x", fake_find("sip:a@h")->secret);
	assert_false(entry_registered(entry_of(fake_find("sip:a@h"))));
	assert_int_equal(1, list_count(&fake.ual));

	/* it is tried anew with the next profile */
	fake.alloc_fails = false;
	applier_apply("1 a h y 60\n2 b h x 60\n");
	assert_string_equal("y", fake_find("sip:a@h")->secret);
	assert_int_equal(2, list_count(&fake.ual));
}


/* What no module encrypts is not made to speak in the clear */
static void test_mediaenc(void **state)
{
	struct profile_account *acc;
	(void)state;

	applier_profile("1 a h x 60\n2 b h x 60\n");
	acc = profile_account_find(ta.prof, "a", "h");
	assert_int_equal(0, str_dup(&acc->mediaenc, "srtp"));
	acc = profile_account_find(ta.prof, "b", "h");
	assert_int_equal(0, str_dup(&acc->mediaenc, "zrtp"));

	apply_begin();
	assert_int_equal(0, apply_start(ta.prof, applier_h, &ta));
	fake_clock_advance(0);
	assert_non_null(fake_find("sip:a@h"));
	assert_null(fake_find("sip:b@h"));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_replace), T(test_replace_refused),
		T(test_replace_unanswered), T(test_replace_call),
		T(test_failing), T(test_mediaenc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
