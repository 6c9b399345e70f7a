/**
 * @file test_settings_policy.c  Tests of settings_policy() of settings.c
 * links: settings/settings.c settings/parse.c settings/table.c
 * settings/value.c settings/net.c settings/key.c mac.c vendor.c
 * addrlist/addrlist.c addrlist/subnet.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "addrlist/addrlist.h"
#include "profile/profile.h"
#include "settings/settings.h"
#include "state/state.h"


extern unsigned stub_warnings;

static const char *config;
static struct profile_policy pol;


int state_read_at(struct mbuf **mbp, const char *path, size_t max)
{
	struct mbuf *mb = mbuf_alloc(256);
	(void)path;
	(void)max;

	assert_non_null(mb);
	assert_int_equal(0, mbuf_write_str(mb, config));
	mb->pos = 0;
	*mbp = mb;

	return 0;
}


int state_read(struct mbuf **mbp, const char *name)
{
	(void)mbp;
	(void)name;

	return ENOENT;
}


int state_write(const char *name, const uint8_t *buf, size_t len)
{
	(void)name;
	(void)buf;
	(void)len;

	return 0;
}


void addrlist_resolve(struct addrlist *al)
{
	assert_non_null(al);
}


/* Reads a config, and starts with a policy that says nothing */
static void begin(const char *text)
{
	config = text;
	stub_warnings = 0;

	memset(&pol, 0, sizeof(pol));
	pol.remote = pol.consent = pol.checksync = -1;
	pol.checksync_reboot = pol.reboot_in_call = pol.challenge = -1;

	assert_int_equal(0, settings_read("/etc/bs"));
}


static int teardown(void **state)
{
	(void)state;

	settings_close();

	return 0;
}


static bool may_notify(const char *addr)
{
	struct sa sa;

	assert_int_equal(0, sa_set_str(&sa, addr, 0));

	return addrlist_match(settings()->notify_from, &sa);
}


static void test_policy_over_default(void **state)
{
	(void)state;

	begin("");

	pol.consent = CONSENT_ALLOW;
	pol.checksync = CHECKSYNC_ALWAYS;
	pol.checksync_reboot = 0;
	pol.reboot_in_call = 1;
	pol.challenge = CHALLENGE_ALL;
	settings_policy(&pol);

	assert_int_equal(CONSENT_ALLOW, settings()->remote_control);
	assert_int_equal(CHECKSYNC_ALWAYS, settings()->checksync);
	assert_false(settings()->checksync_reboot);
	assert_true(settings()->reboot_in_call);
	assert_int_equal(CHALLENGE_ALL, settings()->digest);

	/* and back, as after a rollback */
	settings_policy(NULL);

	assert_int_equal(CONSENT_ASK, settings()->remote_control);
	assert_int_equal(CHECKSYNC_HEADER, settings()->checksync);
	assert_true(settings()->checksync_reboot);
	assert_false(settings()->reboot_in_call);
	assert_int_equal(CHALLENGE_NONE, settings()->digest);
}


static void test_config_over_policy(void **state)
{
	(void)state;

	begin("provnotify_remote_control ask\n"
	      "provnotify_checksync header\n"
	      "provnotify_checksync_reboot yes\n"
	      "provnotify_reboot_in_call no\n"
	      "provnotify_digest reboot\n"
	      "provnotify_http_from 192.0.2.1\n");

	pol.consent = CONSENT_ALLOW;
	pol.remote = 0;
	pol.checksync = CHECKSYNC_ALWAYS;
	pol.checksync_reboot = 0;
	pol.reboot_in_call = 1;
	pol.challenge = CHALLENGE_NONE;
	pol.http_from = "any";
	settings_policy(&pol);

	assert_int_equal(CONSENT_ASK, settings()->remote_control);
	assert_int_equal(CHECKSYNC_HEADER, settings()->checksync);
	assert_true(settings()->checksync_reboot);
	assert_false(settings()->reboot_in_call);
	assert_int_equal(CHALLENGE_REBOOT, settings()->digest);
	assert_false(addrlist_has(settings()->http_from, ADDR_ANY));
}


static void test_no_remote_control(void **state)
{
	(void)state;

	begin("");

	pol.remote = 0;
	pol.consent = CONSENT_ALLOW;
	settings_policy(&pol);

	assert_int_equal(CONSENT_DENY, settings()->remote_control);
}


static void test_narrows(void **state)
{
	(void)state;

	begin("provnotify_notify_from 192.0.2.0/24\n");

	pol.notify_from = "192.0.2.1";
	settings_policy(&pol);

	assert_true(may_notify("192.0.2.1"));
	assert_false(may_notify("192.0.2.2"));
	assert_int_equal(0, stub_warnings);

	settings_policy(NULL);
	assert_true(may_notify("192.0.2.2"));
}


static void test_never_widens(void **state)
{
	static char *widerv[] = {"any", "192.0.2.0/23", "server", "10.1.1.1"};
	size_t i;
	(void)state;

	begin("provnotify_notify_from 192.0.2.0/24\n");

	for (i=0; i<RE_ARRAY_SIZE(widerv); i++) {

		pol.notify_from = widerv[i];
		settings_policy(&pol);

		assert_int_equal(i + 1, stub_warnings);
		assert_true(may_notify("192.0.2.2"));
		assert_false(may_notify("192.0.3.2"));
		assert_false(may_notify("10.1.1.1"));
		assert_false(addrlist_has(settings()->notify_from,
					  ADDR_SERVER));
	}
}


static void test_http_from(void **state)
{
	struct sa sa;
	(void)state;

	begin("");
	assert_int_equal(0, sa_set_str(&sa, "192.0.2.1", 0));
	assert_false(addrlist_match(settings()->http_from, &sa));

	pol.http_from = "192.0.2.1";
	settings_policy(&pol);
	assert_true(addrlist_match(settings()->http_from, &sa));

	/* no list at all: the one before stands */
	pol.http_from = "1.2.3.4.5/99";
	settings_policy(&pol);
	assert_false(addrlist_match(settings()->http_from, &sa));
	assert_int_equal(1, stub_warnings);
}


int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_policy_over_default),
		TEST(test_config_over_policy),
		TEST(test_no_remote_control),
		TEST(test_narrows),
		TEST(test_never_widens),
		TEST(test_http_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
