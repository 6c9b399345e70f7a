/**
 * @file test_volume.c  Tests of phone/volume.c
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
#include <rem.h>
#include "phone/phone.h"
#include "phone/room.h"
#include "fake_phone.h"


static struct aufilt *filter;
static struct aufilt_dec_st *st;


static int setup(void **state)
{
	struct aufilt_prm prm;
	void *ctx = NULL;
	(void)state;

	fake_open();
	volume_init();

	memset(&prm, 0, sizeof(prm));
	prm.fmt = AUFMT_S16LE;

	filter = list_ledata(list_head(&fake.aufiltl));
	st = NULL;

	return filter->decupdh(&st, &ctx, filter, &prm, NULL);
}


static int teardown(void **state)
{
	(void)state;

	mem_deref(st);
	volume_close();
	fake_close();

	return 0;
}


static int16_t hear(int16_t sample)
{
	int16_t sampv[3] = {sample, 0, sample};
	struct auframe af;

	memset(&af, 0, sizeof(af));
	af.fmt = AUFMT_S16LE;
	af.sampv = sampv;
	af.sampc = 3;

	assert_int_equal(0, filter->dech(st, &af));
	assert_int_equal(sampv[0], sampv[2]);
	assert_int_equal(sampv[1], 0);

	return sampv[0];
}


static unsigned steps(int step)
{
	unsigned n = 0;

	while (!volume_why(step)) {
		volume_step(step);
		++n;
	}

	volume_step(step);

	return n;
}


static void test_steps(void **state)
{
	int16_t before = 0, now;
	unsigned n;
	(void)state;

	assert_int_equal(hear(1000), 1000);
	assert_int_equal(steps(-1), 10);
	assert_int_equal(hear(32767), 0);

	for (n=0; !volume_why(1); ++n) {
		volume_step(1);
		now = hear(1000);
		assert_true(now > before);
		before = now;
	}

	assert_int_equal(n, 15);
}


/* Three dB a step */
static void test_gain(void **state)
{
	(void)state;

	volume_step(-1);
	volume_step(-1);
	assert_in_range(hear(10000), 5000, 5025);
	assert_in_range(-hear(-10000), 5000, 5025);

	(void)steps(1);
	assert_in_range(hear(1000), 5610, 5635);
	assert_int_equal(hear(32767), 32767);
	assert_int_equal(hear(-32768), -32768);
}


static void test_format(void **state)
{
	float sample = 0.5f;
	struct aufilt_dec_st *other = NULL;
	struct aufilt_prm prm;
	struct auframe af;
	void *ctx = NULL;
	(void)state;

	memset(&af, 0, sizeof(af));
	af.fmt = AUFMT_FLOAT;
	af.sampv = &sample;
	af.sampc = 1;

	(void)steps(-1);
	assert_int_equal(0, filter->dech(st, &af));
	assert_true(sample > 0.49f);

	/* Once that is known, the keys have no effect */
	assert_null(volume_why(1));
	memset(&prm, 0, sizeof(prm));
	prm.fmt = AUFMT_FLOAT;
	assert_int_equal(0, filter->decupdh(&other, &ctx, filter, &prm, NULL));
	assert_string_equal(volume_why(1), "the volume cannot be changed:"
			    " auplay_format is not s16");
	assert_non_null(volume_why(-1));
	mem_deref(other);
}


static void test_anew(void **state)
{
	(void)state;

	(void)steps(-1);
	volume_close();
	assert_true(list_isempty(&fake.aufiltl));
	volume_init();
	assert_int_equal(hear(1000), 1000);
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_steps),
		TEST(test_gain),
		TEST(test_format),
		TEST(test_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
