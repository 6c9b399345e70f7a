/**
 * @file test_key.c  Tests of phone/key.c
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
#include "settings/settings.h"
#include "phone/phone.h"
#include "phone/room.h"
#include "fake_phone.h"


static const struct key *find(const char *name)
{
	struct pl pl, nth = pl_null;

	pl_set_str(&pl, name);

	return key_find(&pl, &nth);
}


static void test_find(void **state)
{
	struct pl pl = PL("l12"), nth = pl_null;
	(void)state;

	assert_string_equal(find("f_hold")->name, "F_HOLD");
	assert_string_equal(find("OK")->name, "OK");
	assert_string_equal(find("LEFT")->name, "LEFT");

	assert_string_equal(key_find(&pl, &nth)->name, "L");
	assert_int_equal(pl_u32(&nth), 12);

	assert_null(find(""));
	assert_null(find("L"));
	assert_null(find("L0"));
	assert_null(find("L01"));
	assert_null(find("L100"));
	assert_null(find("L1x"));
	assert_null(find("D11"));
	assert_null(find("F5"));
	assert_null(find("10"));
	assert_null(find("OKK"));
	assert_null(find("talk"));
	assert_null(find("%23"));
}


static void test_policy(void **state)
{
	static const char *namev[] = {"key=AutoP", "key=Reboot", "key=Reset"};
	struct fault fault;
	size_t i;
	(void)state;

	fake_open();
	fake_settings()->checksync = CHECKSYNC_IGNORE;
	fake_settings()->factory_reset = false;

	for (i=0; i<RE_ARRAY_SIZE(namev); i++) {
		struct chain *chain = NULL;
		const char *why = NULL;
		struct pl pl;

		pl_set_str(&pl, namev[i]);
		assert_int_equal(0, chain_decode(&chain, &pl, &fault));
		assert_true(chain_no_effect(chain, &why));
		assert_non_null(strstr(why, "provnotify_"));
		mem_deref(chain);
	}

	fake_close();
}


static int line_count(const char *p, size_t size, void *arg)
{
	size_t i, *lines = arg;

	for (i=0; i<size; i++) {
		if (p[i] == '\n')
			++*lines;
	}

	return 0;
}


static void test_table(void **state)
{
	size_t lines = 0;
	struct re_printf pf = {line_count, &lines};
	char *str = NULL;
	(void)state;

	assert_int_equal(0, key_table_print(&pf, NULL));
	assert_true(lines > 60);

	assert_int_equal(0, re_sdprintf(&str, "%H", key_table_print, NULL));
	assert_non_null(strstr(str, "| `OK` | OK (tick) key | - | answer |"
				    " dial | - | - | call, to consult"
				    " | - |\n"));
	assert_non_null(strstr(str, "| `UP` | Cursor key: there is no screen"
				    " | - |"));
	assert_non_null(strstr(str, "| `L1`..`L99` |"));
	assert_non_null(strstr(str, "| `CANCEL[:id]` |"));
	assert_null(strstr(str, "talk"));
	mem_deref(str);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
