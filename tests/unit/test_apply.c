/**
 * @file test_apply.c  Tests of apply.c and entry.c
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
	MANY     = 1000,
	SLICE    = 25,
	OPEN     = 64,          /* REGISTERs without an answer */
	PATIENCE = 200,         /* [ms] */
};


static void test_difference(void **state)
{
	const struct ua *b;
	(void)state;

	applier_apply("1 a h x 60\n2 b h x 60\n3 c h x 0\n");
	applier_assert(3, 0, 0);
	assert_int_equal(2, fake.registers);
	b = fake_find("sip:b@h");
	assert_int_equal(2, b->number);

	applier_apply("1 a h y 60\n2 b h x 60\n4 d h x 60\n");
	applier_assert(1, 1, 1);
	assert_ptr_equal(b, fake_find("sip:b@h"));
	assert_int_equal(1, b->registers);
	assert_int_equal(3, list_count(&fake.ual));

	/* on another line: only its number is new */
	applier_apply("1 a h y 60\n7 b h x 60\n4 d h x 60\n");
	applier_assert(0, 0, 0);
	assert_ptr_equal(b, fake_find("sip:b@h"));
	assert_int_equal(7, b->number);

	/* none at all */
	ta.applied = 0;
	assert_int_equal(0, apply_start(NULL, applier_h, &ta));
	fake_clock_advance(0);
	assert_int_equal(1, ta.applied);
	assert_int_equal(0, list_count(&fake.ual));
	assert_int_equal(0, list_count(entry_list()));
}


static void test_call(void **state)
{
	struct ua *a;
	(void)state;

	applier_apply("1 a h x 60\n2 b h x 60\n");
	a = fake_find("sip:a@h");
	fake_call(a, true);

	applier_begin("1 a h y 60\n3 c h x 60\n");
	fake_clock_advance(10000);
	apply_change(&ta.change);
	assert_int_equal(1, ta.change.waiting);
	assert_int_equal(0, ta.applied);
	assert_true(apply_busy());
	assert_ptr_equal(a, fake_find("sip:a@h"));
	assert_non_null(fake_find("sip:c@h"));
	assert_null(fake_find("sip:b@h"));

	fake_call(a, false);
	fake_clock_advance(0);
	assert_int_equal(1, ta.applied);
	assert_string_equal("y", fake_find("sip:a@h")->secret);

	/* one that is to go, but then is not */
	a = fake_find("sip:a@h");
	fake_call(a, true);
	applier_begin("3 c h x 60\n");
	fake_clock_advance(0);
	assert_int_equal(0, ta.applied);
	applier_apply("1 a h y 60\n3 c h x 60\n");
	fake_call(a, false);
	fake_clock_advance(0);
	assert_ptr_equal(a, fake_find("sip:a@h"));
	assert_int_equal(1, ta.applied);
}


static void test_shadow(void **state)
{
	struct ua *own;
	(void)state;

	own = fake_own("<sip:a@H>");
	applier_apply("1 a h x 60\n2 b h x 60\n");
	applier_assert(1, 0, 0);
	assert_int_equal(2, list_count(&fake.ual));

	/* another user, and another case of the user, are other addresses */
	applier_apply("1 A h x 60\n2 b h x 60\n3 a h.h x 60\n");
	applier_assert(2, 0, 0);

	/* the user's goes: the provisioned one comes */
	applier_apply("1 a h x 60\n");
	compat_ua_destroy(own);
	applier_apply("1 a h x 60\n");
	applier_assert(1, 0, 0);

	/* the user's comes: the provisioned one goes */
	(void)fake_own("<sip:a@h;transport=tcp>");
	applier_apply("1 a h x 60\n");
	applier_assert(0, 0, 1);
	assert_int_equal(1, list_count(&fake.ual));
}


/* The user removes a provisioned account by hand */
static void test_gone(void **state)
{
	struct ua *a;
	(void)state;

	applier_apply("1 a h x 60\n2 b h x 0\n");

	compat_ua_destroy(fake_find("sip:a@h"));

	/* not a word is said of this one */
	a = fake_find("sip:b@h");
	list_unlink(&a->le);
	mem_deref(a);

	applier_apply("1 a h x 60\n2 b h x 0\n");
	applier_assert(2, 0, 0);
	assert_int_equal(2, list_count(&fake.ual));
}


/* The phone ends in the middle: nothing is made behind that */
static void test_ends(void **state)
{
	(void)state;

	applier_apply("1 a h x 60\n");

	applier_begin("1 a h x 60\n2 b h x 60\n");
	fake_uadel(fake_find("sip:a@h"));
	fake_clock_advance(0);

	assert_int_equal(0, ta.applied);
	assert_int_equal(0, list_count(&fake.ual));

	/* it did not: a resync brings them back */
	applier_apply("1 a h x 60\n2 b h x 60\n");
	applier_assert(2, 0, 0);
	assert_int_equal(2, list_count(&fake.ual));

	/* what we remove ourselves says nothing */
	applier_apply("");
	applier_apply("1 a h x 60\n");
	applier_assert(1, 0, 0);
}


static char *many_make(void)
{
	struct mbuf *mb = mbuf_alloc(4096);
	char *text = NULL;
	unsigned i;

	for (i=1; i<=MANY; i++)
		(void)mbuf_printf(mb, "%u u%u h x 60\n", i, i);

	mb->pos = 0;
	assert_int_equal(0, mbuf_strdup(mb, &text, mb->end));
	mem_deref(mb);

	return text;
}


/* In slices, and fast */
static void test_many(void **state)
{
	char *text = many_make();
	unsigned allocs, turns = 1;
	(void)state;

	applier_begin(text);
	applier_assert(MANY, 0, 0);

	fake_clock_advance(0);
	assert_int_equal(SLICE, fake.allocs);

	while (!ta.applied) {
		allocs = fake.allocs;
		fake_clock_advance(1);
		assert_true(fake.allocs - allocs <= SLICE);
		++turns;
	}

	assert_int_equal(MANY / SLICE, turns);

	/* one of them changes */
	strstr(text, "u500 h x")[7] = 'y';
	fake.registers = 0;
	applier_apply(text);
	applier_assert(0, 1, 0);
	assert_int_equal(1, fake.registers);
	assert_int_equal(MANY, list_count(&fake.ual));

	mem_deref(text);
}


/* No more without an answer than the socket's buffer has room for */
static void test_pace(void **state)
{
	char *text = many_make();
	unsigned i;
	(void)state;

	fake.answers = false;
	applier_begin(text);
	fake_clock_advance(PATIENCE - 1);
	assert_int_equal(OPEN, fake.registers);

	/* a registrar that is silent holds nothing up for long */
	fake_clock_advance(PATIENCE / 2);
	assert_int_equal(2 * OPEN, fake.registers);

	/* ten answers make room for ten */
	for (i=0; i<10; i++)
		fake_registered(list_ledata(list_head(&fake.ual)), true);
	fake_clock_advance(PATIENCE / 2);
	assert_int_equal(2 * OPEN + 10, fake.registers);

	fake_clock_advance(MANY / OPEN * PATIENCE);
	assert_int_equal(1, ta.applied);
	assert_int_equal(MANY, fake.registers);

	mem_deref(text);
}


static unsigned asked;


static bool registered_h(const struct entry *e)
{
	++asked;

	return e->ua && e->ua->registered;
}


/* What is asked with each answer: of the one that has none yet, first */
static void test_all(void **state)
{
	char *text = many_make();
	struct le *le;
	(void)state;

	assert_true(entry_all(registered_h));

	fake.answers = false;
	applier_begin(text);
	fake_clock_advance(MANY * PATIENCE);
	assert_int_equal(1, ta.applied);

	asked = 0;
	for (le = list_head(&fake.ual); le; le = le->next) {
		assert_false(entry_all(registered_h));
		fake_registered(le->data, true);
	}
	assert_true(entry_all(registered_h));
	assert_true(asked <= 3 * MANY + 1);

	/* one that was registered is not any more; it goes, and all are */
	fake_registered(fake_find("sip:u7@h"), false);
	assert_false(entry_all(registered_h));
	assert_false(entry_all(registered_h));
	applier_begin("8 u8 h x 60\n");
	fake_clock_advance(MANY * PATIENCE);
	assert_true(entry_all(registered_h));

	mem_deref(text);
}


static void test_ipv6(void **state)
{
	const struct ua *ua;
	(void)state;

	applier_apply("1 a [::1] x 60\n");
	ua = fake_find("sip:a@[::1]");
	assert_non_null(ua);
	assert_ptr_equal(ua, entry_of(ua)->ua);
	applier_apply("1 a [::1] x 60\n");
	applier_assert(0, 0, 0);
}


static void test_args(void **state)
{
	struct entry *e;
	(void)state;

	assert_int_equal(EINVAL, apply_start(NULL, NULL, NULL));
	assert_int_equal(EINVAL, entry_add(&e, NULL));
	assert_null(entry_get(NULL));
	assert_null(entry_find(NULL, NULL));
	apply_change(NULL);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_difference), T(test_call), T(test_shadow), T(test_gone),
		T(test_ends), T(test_many), T(test_pace), T(test_all),
		T(test_ipv6), T(test_args),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
