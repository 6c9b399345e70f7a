/**
 * @file test_handover_restarts.c  Tests of handover.c: how many restarts
 * links: restart/handover.c request.c fake_handover.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "restart/restart.h"
#include "fake_handover.h"


enum {
	MINUTE = 60 * 1000,
};


static void test_three(void **state)
{
	(void)state;

	assert_true(handover_permits());
	order();
	fake.now += MINUTE;
	assert_true(handover_permits());
	order();
	fake.now += MINUTE;
	assert_true(handover_permits());
	order();
	assert_false(handover_permits());

	/* The process after them knows */
	assert_int_equal(0, handover_init());
	assert_false(handover_permits());

	/* The first one is ten minutes old */
	fake.now += 8 * MINUTE - 1;
	assert_false(handover_permits());
	fake.now += 1;
	assert_true(handover_permits());

	/* Then the second one is the oldest of three */
	order();
	assert_false(handover_permits());
	assert_int_equal(0, handover_init());
	assert_false(handover_permits());
	fake.now += MINUTE;
	assert_true(handover_permits());
}


/* Those of another boot are as old as this one is, at least */
static void test_three_boots(void **state)
{
	(void)state;

	order();
	order();
	order();

	fake.boot = boot_b;
	fake.now = 10 * MINUTE - 1;
	assert_int_equal(0, handover_init());
	assert_false(handover_permits());

	fake.now += 1;
	assert_true(handover_permits());
}


/* Files that somebody else has written, or half of one */
static void test_rubbish(void **state)
{
	static const char *textv[] = {
		"", "\n\n\n", "boot", "serial\n", "boot \nms \nserial \n",
		"door 4711\nserial 1", "serial 1\nscode 99999999999\nms x",
		"no such line\n\x01\xff",
	};
	char text[512];
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(textv); i++) {

		const struct handover *ho;

		str_ncpy(fake.handover.text, textv[i],
			 sizeof(fake.handover.text));
		str_ncpy(fake.restarts.text, textv[i],
			 sizeof(fake.restarts.text));
		fake.handover.there = fake.restarts.there = true;

		assert_int_equal(0, handover_init());
		assert_true(handover_permits());

		ho = handover_get();
		assert_int_equal(strstr(textv[i], "serial 1") != NULL,
				 ho != NULL);

		if (ho) {
			assert_int_equal(0, ho->token);
			assert_true(ho->door <= DOOR_BOOT);
		}
	}

	/* Longer than anything that we write */
	memset(text, 'a', sizeof(text));
	memcpy(text, "serial ", 7);
	text[sizeof(text) - 1] = '\0';
	str_ncpy(fake.handover.text, text, sizeof(fake.handover.text));
	fake.handover.there = true;
	assert_int_equal(0, handover_init());

	memset(text, 'a', sizeof(text));
	memcpy(&text[sizeof(text) - 4], " 1\n", 4);
	str_ncpy(fake.restarts.text, text, sizeof(fake.restarts.text));
	fake.restarts.there = true;
	assert_int_equal(0, handover_init());
	assert_true(handover_permits());

	/* More lines than we write */
	for (i=0; i<40; i++) {
		const size_t n = strlen(fake.restarts.text) * (i > 0);

		(void)re_snprintf(fake.restarts.text + n,
				  sizeof(fake.restarts.text) - n, "%s %zu\n",
				  boot_a, i);
	}

	fake.restarts.there = true;
	assert_int_equal(0, handover_init());
	assert_true(handover_permits());

	order();
	assert_null(strstr(fake.restarts.text, " 3\n"));
	assert_null(strstr(fake.restarts.text, " 0\n"));
	assert_non_null(strstr(fake.restarts.text, " 2\n"));
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, handover_setup, \
						   handover_teardown)


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_three),
		TEST(test_three_boots),
		TEST(test_rubbish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
