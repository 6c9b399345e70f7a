/**
 * @file test_decision.c  Tests of decision.c
 * links: guard/decision.c request.c fake_guard.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"
#include "fake_guard.h"


extern unsigned stub_warnings;


static struct asker asker(const char *text)
{
	struct asker asker;
	struct pl pl;

	pl_set_str(&pl, text);
	assert_int_equal(asker_decode(&asker, &pl), 0);

	return asker;
}


/* '+' allowed, '-' denied, '?' nothing was decided */
static char decided(const char *text)
{
	const struct asker who = asker(text);
	bool allowed;

	if (!decision_get(&who, &allowed))
		return '?';

	return allowed ? '+' : '-';
}


static void decide(const char *text, bool allowed)
{
	const struct asker who = asker(text);

	assert_int_equal(decision_set(&who, allowed), 0);
}


static void read_again(void)
{
	decision_close();
	decision_load();
}


static int setup(void **state)
{
	(void)state;

	fake_reset();
	stub_warnings = 0;

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	decision_close();

	return 0;
}


static void test_asker(void **state)
{
	static const char *badv[] = {
		"", " ", "notify", "notify ", "192.0.2.1",
		"console 192.0.2.1", "notify pbx.example",
		"notify 192.0.2.1:5060", "notify 192.0.2.300",
	};
	struct asker a = asker("notify 192.0.2.1"), v[ASKER_DOORS];
	struct request *req;
	struct pl pl;
	char buf[64];
	size_t i;
	(void)state;

	for (i=0; i<sizeof(badv)/sizeof(badv[0]); i++) {
		pl_set_str(&pl, badv[i]);
		assert_int_not_equal(asker_decode(&v[0], &pl), 0);
	}

	assert_int_equal(a.door, DOOR_NOTIFY);
	assert_true(re_snprintf(buf, sizeof(buf), "%H", asker_print, &a) > 0);
	assert_string_equal(buf, "notify 192.0.2.1");

	assert_int_equal(fake_request(&req, "udp:192.0.2.1:5060", NULL), 0);
	asker_set(&v[0], req);
	mem_deref(req);
	assert_true(asker_cmp(&a, &v[0]));

	v[0] = asker("http 192.0.2.1");
	assert_false(asker_cmp(&a, &v[0]));

	v[0] = asker("notify 192.0.2.2");
	assert_false(asker_cmp(&a, &v[0]));

	pl_set_str(&pl, "192.0.2.1");
	assert_int_equal(asker_decode_all(v, &pl), 0);
	assert_true(asker_cmp(&a, &v[0]));
	assert_int_equal(v[1].door, DOOR_HTTP);

	pl_set_str(&pl, "notify 192.0.2.1");
	assert_int_not_equal(asker_decode_all(v, &pl), 0);
}


static void test_kept(void **state)
{
	(void)state;

	decision_load();
	assert_int_equal(stub_warnings, 0);

	decide("notify 192.0.2.1", true);
	decide("http 192.0.2.1", false);
	decide("notify 2001:db8::1", true);
	decide("notify 192.0.2.1", false);
	decide("notify 192.0.2.1", true);

	decision_store();
	assert_int_equal(fake.writes, 0);
	fake_worker();
	assert_string_equal(fake.file,
			    "allow notify 192.0.2.1\n"
			    "deny http 192.0.2.1\n"
			    "allow notify 2001:db8::1\n");

	read_again();
	assert_int_equal(stub_warnings, 0);
	assert_int_equal(decided("notify 192.0.2.1"), '+');
	assert_int_equal(decided("http 192.0.2.1"), '-');
	assert_int_equal(decided("notify 2001:db8::1"), '+');
	assert_int_equal(decided("http 2001:db8::1"), '?');
	assert_int_equal(decided("notify 192.0.2.2"), '?');
}


static void test_broken_file(void **state)
{
	static const char broken[] = "allow notify 192.0.2.1\r\n"
		"\n\nperhaps notify 192.0.2.2\n"
		"allow notify\nallow console 192.0.2.3\n"
		"allow notify 192.0.2.4 \n"
		"allow notify 192.0.2.5\nallow notify 192.0.2.6";
	(void)state;

	memcpy(fake.file, broken, sizeof(broken));

	read_again();
	assert_int_equal(stub_warnings, 1);
	assert_int_equal(decided("notify 192.0.2.1"), '?');
	assert_int_equal(decided("notify 192.0.2.2"), '?');
	assert_int_equal(decided("notify 192.0.2.3"), '?');
	assert_int_equal(decided("notify 192.0.2.5"), '+');
	assert_int_equal(decided("notify 192.0.2.6"), '+');
}


static void test_errors(void **state)
{
	(void)state;

	fake.file_err = EACCES;
	read_again();
	assert_int_equal(stub_warnings, 1);

	decide("notify 192.0.2.1", true);
	decision_store();
	fake_worker();
	assert_int_equal(stub_warnings, 2);

	fake.file_err = 0;
	fake.worker_err = ENOMEM;
	decision_store();
	assert_int_equal(stub_warnings, 3);

	/* It counts all the same */
	assert_int_equal(decided("notify 192.0.2.1"), '+');
}


static void test_bounded(void **state)
{
	char text[64];
	unsigned i;
	(void)state;

	for (i=0; i<1025; i++) {
		(void)re_snprintf(text, sizeof(text), "notify 10.0.%u.%u",
				  i >> 8, i & 0xff);
		decide(text, i % 2);
	}

	assert_int_equal(decided("notify 10.0.0.0"), '?');
	assert_int_equal(decided("notify 10.0.0.1"), '+');
	assert_int_equal(decided("notify 10.0.4.0"), '-');

	decision_store();
	fake_worker();
	read_again();
	assert_int_equal(decided("notify 10.0.0.1"), '+');
	assert_int_equal(decided("notify 10.0.4.0"), '-');
}


static void test_print(void **state)
{
	char buf[128];
	(void)state;

	decide("notify 192.0.2.1", true);
	decide("http 192.0.2.2", false);

	assert_true(re_snprintf(buf, sizeof(buf), "%H", decision_print,
				NULL) > 0);
	assert_string_equal(buf, "  notify 192.0.2.1  allowed\n"
			    "  http 192.0.2.2  denied\n");
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_asker, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(test_broken_file, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_print, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
