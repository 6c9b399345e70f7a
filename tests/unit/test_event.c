/**
 * @file test_event.c  Tests of phone/event.c
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
#include "phone/phone.h"


static const struct event *find(const char *name)
{
	struct pl pl;

	pl_set_str(&pl, name);

	return event_find(&pl);
}


static bool reboot(const char *name, const char *params)
{
	struct pl pl = pl_null;

	if (params)
		pl_set_str(&pl, params);

	return event_reboot(find(name), &pl);
}


static void test_find(void **state)
{
	static const struct {
		const char *name;
		enum action action;
		bool dialog;
	} rowv[] = {
		{"check-sync",  ACTION_RESYNC, false},
		{"Check-Sync",  ACTION_RESYNC, false},
		{"resync",      ACTION_RESYNC, false},
		{"reboot",      ACTION_RESYNC, false},
		{"reboot_now",  ACTION_RESYNC, false},
		{"restart_now", ACTION_RESYNC, false},
		{"reboot=true", ACTION_RESYNC, false},
		{"Reboot = TRUE", ACTION_RESYNC, false},
		{"ACTION-URI",  ACTION_KEY,    false},
		{"action-uri",  ACTION_KEY,    false},
		{"talk",        ACTION_KEY,    true},
		{"hold",        ACTION_KEY,    true},
		{"ua-profile",  ACTION_PNP,    false},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(rowv); i++) {
		const struct event *ev = find(rowv[i].name);

		assert_non_null(ev);
		assert_int_equal(ev->action, rowv[i].action);
		assert_int_equal(ev->dialog, rowv[i].dialog);
	}
}


static void test_stranger(void **state)
{
	(void)state;

	assert_null(find(""));
	assert_null(find("message-summary"));
	assert_null(find("check-syn"));
	assert_null(find("check-sync2"));
	assert_null(find("refer"));
	assert_null(find("reboot=false"));
	assert_null(find("reboot="));
	assert_null(find("check-sync=true"));
	assert_null(event_find(NULL));
	assert_null(event_find(&pl_null));
}


static void test_reboot_param(void **state)
{
	(void)state;

	assert_true(reboot("check-sync", ";reboot=true"));
	assert_true(reboot("check-sync", "; reboot=true"));
	assert_true(reboot("check-sync", " ;\treboot = TRUE "));
	assert_true(reboot("check-sync", ";Reboot=True;x=y"));
	assert_true(reboot("check-sync", ";x=y ; reboot=true"));
	assert_true(reboot("check-sync", "reboot=true"));
	assert_true(reboot("check-sync", ";\r\n reboot\r\n\t= true"));

	assert_false(reboot("check-sync", NULL));
	assert_false(reboot("check-sync", ""));
	assert_false(reboot("check-sync", ";"));
	assert_false(reboot("check-sync", ";;;"));
	assert_false(reboot("check-sync", ";reboot"));
	assert_false(reboot("check-sync", ";reboot="));
	assert_false(reboot("check-sync", ";reboot=false"));
	assert_false(reboot("check-sync", ";reboot=1"));
	assert_false(reboot("check-sync", ";reboot=yes"));
	assert_false(reboot("check-sync", ";reboot=truee"));
	assert_false(reboot("check-sync", ";reboot=tru"));
	assert_false(reboot("check-sync", ";noreboot=true"));
	assert_false(reboot("check-sync", ";reboot=false;reboot=true"));
}


static void test_reboot_synonym(void **state)
{
	(void)state;

	assert_true(reboot("reboot", NULL));
	assert_true(reboot("reboot_now", NULL));
	assert_true(reboot("restart_now", NULL));
	assert_true(reboot("reboot=true", NULL));
	assert_true(reboot("reboot", ";reboot=false"));

	assert_false(reboot("resync", NULL));
	assert_false(reboot("resync", ";reboot=true"));
	assert_false(reboot("ACTION-URI", ";reboot=true"));
	assert_false(event_reboot(NULL, NULL));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_stranger),
		cmocka_unit_test(test_reboot_param),
		cmocka_unit_test(test_reboot_synonym),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
