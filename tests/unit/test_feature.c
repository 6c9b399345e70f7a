/**
 * @file test_feature.c  Tests of phone/feature.c and feature_file.c
 * links: phone/call.c phone/chain.c phone/deed.c phone/deed_feature.c
 * links: phone/deed_transfer.c phone/dialer.c phone/event.c phone/feature.c
 * links: phone/feature_file.c phone/feature_given.c phone/incoming.c
 * links: phone/key.c phone/number.c phone/ownkey.c phone/phone.c phone/plan.c
 * links: phone/run.c phone/slot.c
 * links: phone/speed.c phone/talk.c phone/transfer.c phone/volume.c
 * links: request.c grammar.c fake_phone.c fake_calls.c fake_clock.c
 * links: stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "profile/profile.h"
#include "phone/phone.h"
#include "phone/room.h"
#include "fake_phone.h"


extern unsigned stub_warnings;

static struct profile prof;
static struct profile_features *const given = &prof.features;


static void unsaid(struct profile_features *features)
{
	size_t i;

	features->dnd = features->dnd_code = features->call_waiting = -1;
	for (i=0; i<PROFILE_FORWARD_KINDS; i++)
		features->forwardv[i].on = features->forwardv[i].seconds = -1;
}


static int setup(void **state)
{
	(void)state;

	stub_warnings = 0;
	fake_open();

	memset(&prof, 0, sizeof(prof));
	unsaid(given);

	return feature_init();
}


static int teardown(void **state)
{
	size_t i;
	(void)state;

	for (i=0; i<PROFILE_FORWARD_KINDS; i++)
		mem_deref(given->forwardv[i].target);

	feature_close();
	fake_close();

	return 0;
}


static void set(enum feature_id id, const char *target, uint32_t seconds)
{
	struct pl pl;

	pl_set_str(&pl, target ? target : "");
	feature_set(id, true, &pl, seconds);
}


static void restart(void)
{
	feature_close();
	assert_int_equal(0, feature_init());
}


static void assert_forward(enum feature_id id, const char *target,
			   uint32_t seconds)
{
	assert_true(feature_on(id, NULL));
	assert_string_equal(feature_get(id, NULL)->target, target);
	assert_int_equal(feature_get(id, NULL)->seconds, seconds);
}


static void test_defaults(void **state)
{
	(void)state;

	assert_false(feature_on(FEATURE_DND, NULL));
	assert_true(feature_on(FEATURE_CALL_WAITING, NULL));
	assert_false(feature_on(FEATURE_ALWAYS, NULL));
	assert_false(feature_on(FEATURE_BUSY, NULL));
	assert_false(feature_on(FEATURE_NO_ANSWER, NULL));
}


static void test_kept(void **state)
{
	(void)state;

	set(FEATURE_DND, NULL, 0);
	set(FEATURE_DND, NULL, 0);
	assert_int_equal(fake.writes, 1);

	set(FEATURE_ALWAYS, "200", 0);
	set(FEATURE_NO_ANSWER, "sip:300@example.com:5070", 24);
	feature_set(FEATURE_CALL_WAITING, false, NULL, 0);
	assert_string_equal(fake.file, "dnd on\ncall_waiting off\n"
			    "always_forward on 200 0\n"
			    "no_answer_forward on sip:300@example.com:5070"
			    " 24\n");

	restart();
	assert_true(feature_on(FEATURE_DND, NULL));
	assert_false(feature_on(FEATURE_CALL_WAITING, NULL));
	assert_forward(FEATURE_ALWAYS, "200", 0);
	assert_forward(FEATURE_NO_ANSWER, "sip:300@example.com:5070", 24);

	feature_set(FEATURE_DND, false, NULL, 0);
	feature_set(FEATURE_ALWAYS, false, NULL, 0);
	restart();
	assert_false(feature_on(FEATURE_DND, NULL));
	assert_false(feature_on(FEATURE_ALWAYS, NULL));
	assert_int_equal(stub_warnings, 0);
}


static void test_damaged(void **state)
{
	static const char *textv[] = {
		"", "\n", "dnd", "xyz\n", "dnd \xff", "dnd on x;y\n",
		"always_forward on\n", "busy_forward on <sip:1>\n",
		"no_answer_forward on 1 x\n", "given\n", "dnd on 1 2 3\n",
	};
	size_t i;
	(void)state;

	fake.has_file = true;

	for (i=0; i<RE_ARRAY_SIZE(textv); i++) {

		(void)re_snprintf(fake.file, sizeof(fake.file), "%s",
				  textv[i]);

		restart();
		assert_false(feature_on(FEATURE_DND, NULL));
		assert_false(feature_on(FEATURE_ALWAYS, NULL));
		assert_false(feature_on(FEATURE_BUSY, NULL));
		assert_false(feature_on(FEATURE_NO_ANSWER, NULL));
		assert_int_equal(stub_warnings, i + 1);
	}

	/* The rest is taken */
	(void)re_snprintf(fake.file, sizeof(fake.file), "x\ndnd on");
	restart();
	assert_true(feature_on(FEATURE_DND, NULL));
}


static void test_full_disk(void **state)
{
	(void)state;

	fake.write_err = ENOSPC;
	set(FEATURE_DND, NULL, 0);
	assert_true(feature_on(FEATURE_DND, NULL));
	assert_int_equal(stub_warnings, 1);

	fake.worker_err = ENOMEM;
	feature_set(FEATURE_DND, false, NULL, 0);
	assert_false(feature_on(FEATURE_DND, NULL));
	assert_int_equal(stub_warnings, 2);
}


/* A key wins until what was provisioned changes */
static void test_given(void **state)
{
	struct profile_forward *fwd = given->forwardv;
	(void)state;

	given->dnd = 1;
	fwd[PROFILE_FORWARD_NO_ANSWER].on = 1;
	assert_int_equal(0, str_dup(&fwd[PROFILE_FORWARD_NO_ANSWER].target,
				    "200"));
	feature_give(&prof);
	assert_true(feature_on(FEATURE_DND, NULL));
	assert_forward(FEATURE_NO_ANSWER, "200", 12);
	assert_int_equal(fake.writes, 1);

	feature_set(FEATURE_DND, false, NULL, 0);
	feature_give(&prof);
	assert_false(feature_on(FEATURE_DND, NULL));

	restart();
	feature_give(&prof);
	assert_false(feature_on(FEATURE_DND, NULL));
	assert_forward(FEATURE_NO_ANSWER, "200", 12);
	assert_int_equal(fake.writes, 2);

	/* Another value changes: this one stays */
	fwd[PROFILE_FORWARD_NO_ANSWER].seconds = 30;
	feature_give(&prof);
	assert_false(feature_on(FEATURE_DND, NULL));
	assert_forward(FEATURE_NO_ANSWER, "200", 30);

	given->dnd = 0;
	feature_give(&prof);
	given->dnd = 1;
	feature_give(&prof);
	assert_true(feature_on(FEATURE_DND, NULL));

	/* Nothing is provisioned any more */
	set(FEATURE_BUSY, "300", 0);
	feature_give(NULL);
	assert_false(feature_on(FEATURE_DND, NULL));
	assert_false(feature_on(FEATURE_NO_ANSWER, NULL));
	assert_forward(FEATURE_BUSY, "300", 0);
	assert_int_equal(stub_warnings, 0);
}


static void test_given_without_target(void **state)
{
	struct profile_forward *fwd = given->forwardv;
	(void)state;

	fwd[PROFILE_FORWARD_ALWAYS].on = 1;
	feature_give(&prof);
	assert_false(feature_on(FEATURE_ALWAYS, NULL));
	assert_int_equal(stub_warnings, 1);

	assert_int_equal(0, str_dup(&fwd[PROFILE_FORWARD_ALWAYS].target,
				    "200;x"));
	feature_give(&prof);
	assert_false(feature_on(FEATURE_ALWAYS, NULL));
	assert_int_equal(stub_warnings, 2);
}


static void line(struct profile_account *acc, unsigned n)
{
	memset(acc, 0, sizeof(*acc));
	acc->line = n;
	unsaid(&acc->features);
	list_append(&prof.accountl, &acc->le, acc);
}


/* What is said of an account holds for that one */
static void test_accounts(void **state)
{
	static char target[] = "200";
	struct ua *one = fake_ua("1", "h"), *two = fake_ua("2", "h");
	struct ua *own = fake_ua("3", "h");
	struct profile_account a, b;
	struct profile_forward *fwd;
	char buf[128];
	(void)state;

	line(&a, 1);
	line(&b, 2);
	one->line = 1;
	two->line = 2;

	a.features.dnd = 1;
	fwd = &b.features.forwardv[PROFILE_FORWARD_NO_ANSWER];
	fwd->on = 1;
	assert_int_equal(0, str_dup(&fwd->target, target));
	feature_give(&prof);

	assert_true(feature_on(FEATURE_DND, one));
	assert_false(feature_on(FEATURE_DND, two));
	assert_false(feature_on(FEATURE_DND, own));
	assert_false(feature_on(FEATURE_DND, NULL));
	assert_true(feature_on(FEATURE_NO_ANSWER, two));
	assert_false(feature_on(FEATURE_NO_ANSWER, one));
	assert_int_equal(12, feature_get(FEATURE_NO_ANSWER, two)->seconds);
	assert_true(feature_on(FEATURE_CALL_WAITING, one));
	(void)re_snprintf(buf, sizeof(buf), "%H", feature_dnd_print, NULL);
	assert_string_equal(buf, ", do not disturb on account 1");

	/* What is on for the phone is on for all, what is off is not said */
	given->dnd = 0;
	feature_give(&prof);
	assert_true(feature_on(FEATURE_DND, one));
	given->dnd = 1;
	feature_give(&prof);
	assert_true(feature_on(FEATURE_DND, two));
	assert_true(feature_on(FEATURE_DND, own));
	(void)re_snprintf(buf, sizeof(buf), "%H", feature_dnd_print, NULL);
	assert_string_equal(buf, ", do not disturb");
	given->dnd = -1;
	feature_give(&prof);
	assert_false(feature_on(FEATURE_DND, two));

	/* A key is for the phone, and holds over a restart ... */
	feature_set(FEATURE_DND, false, NULL, 0);
	assert_false(feature_on(FEATURE_DND, one));
	feature_give(&prof);
	restart();
	feature_give(&prof);
	assert_false(feature_on(FEATURE_DND, one));
	(void)re_snprintf(buf, sizeof(buf), "%H", feature_dnd_print, NULL);
	assert_string_equal(buf, "");

	/* ... till another value was provisioned for an account */
	b.features.call_waiting = 0;
	feature_give(&prof);
	assert_false(feature_on(FEATURE_DND, one));
	b.features.dnd = 1;
	feature_give(&prof);
	assert_true(feature_on(FEATURE_DND, one));
	assert_true(feature_on(FEATURE_DND, two));
	restart();
	feature_give(&prof);
	assert_true(feature_on(FEATURE_DND, one));

	/* What DND refuses with may be said too */
	assert_int_equal(480, feature_dnd_code());
	given->dnd_code = 603;
	feature_give(&prof);
	assert_int_equal(603, feature_dnd_code());

	feature_give(NULL);
	assert_int_equal(480, feature_dnd_code());
	assert_false(feature_on(FEATURE_DND, one));
	assert_false(feature_on(FEATURE_NO_ANSWER, two));

	mem_deref(fwd->target);
	assert_int_equal(stub_warnings, 0);
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_defaults),
		TEST(test_kept),
		TEST(test_damaged),
		TEST(test_full_disk),
		TEST(test_given),
		TEST(test_given_without_target),
		TEST(test_accounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
