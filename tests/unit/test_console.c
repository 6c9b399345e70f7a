/**
 * @file test_console.c  Tests of doors/console.c
 * links: doors/console.c request.c fake_console.c fake_clock.c
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
#include "addrlist/addrlist.h"
#include "desk.h"
#include "settings/settings.h"
#include "vendor.h"
#include "guard/guard.h"
#include "doors/doors.h"
#include "fake_console.h"


static void test_init(void **state)
{
	size_t i;
	(void)state;

	assert_int_equal(7, fake.cmdc);

	/* A key that is taken already would lose us all commands */
	for (i=0; i<fake.cmdc; i++) {
		assert_int_equal(0, fake.cmdv[i].key);
		assert_non_null(fake.cmdv[i].h);
		assert_true(str_isset(fake.cmdv[i].desc));
	}

	fake.cmd_err = EALREADY;
	assert_int_equal(EALREADY, console_init());
}


static void test_resync(void **state)
{
	(void)state;

	assert_says("resync", NULL, "200 OK\n");
	assert_int_equal(1, fake.handled);
	assert_int_equal(DOOR_CONSOLE, fake.door);
	assert_int_equal(ACTION_RESYNC, fake.action);
	assert_true(fake.fresh);
	assert_null(fake.event);
}


static void test_reboot(void **state)
{
	(void)state;

	str_ncpy(fake.answer.warning, "three restarts already",
		 sizeof(fake.answer.warning));
	assert_says("reboot", NULL, "200 OK: three restarts already\n");
	assert_int_equal(ACTION_RESTART, fake.action);
}


static void test_key(void **state)
{
	(void)state;

	assert_says("key", NULL, "usage: key NAME, as in: key OK\n");
	assert_says("key", "", "usage: key NAME, as in: key OK\n");
	assert_int_equal(0, fake.handled);

	assert_says("key", "OK;X", "200 OK\n");
	assert_int_equal(ACTION_KEY, fake.action);
	assert_ptr_equal(&actionuri, fake.event);
	assert_string_equal("ACTION-URI", fake.event_name);
	assert_string_equal("key=OK;X", fake.body);

	answer_set(&fake.answer, 400, "Unknown Key");
	assert_says("key", "NONE", "400 Unknown Key\n");
}


static void test_consent(void **state)
{
	(void)state;

	assert_says("remote_allow", NULL,
		    "notify 192.0.2.1 may now control this phone\n");
	assert_true(fake.allows);
	assert_ptr_equal(desk_run, fake.runh);
	assert_string_equal("", fake.source);

	assert_says("remote_deny", "192.0.2.1",
		    "notify 192.0.2.1 may no longer control this phone\n");
	assert_false(fake.allows);
	assert_string_equal("192.0.2.1", fake.source);

	fake.consent_err = ENOENT;
	assert_says("remote_deny", NULL, "nobody has asked: name an address,"
		    " as in: remote_deny 192.0.2.1\n");
	assert_says("remote_allow", NULL, "nobody has asked: name an address,"
		    " as in: remote_allow 192.0.2.1\n");

	fake.consent_err = EINVAL;
	assert_says("remote_allow", "x", "\"x\" is no address\n");
}


static void test_check(void **state)
{
	(void)state;

	assert_says("provcheck", "", "usage: provcheck FILE|URL\n");
	assert_says("provcheck", "http://a/b",
		    "checking; the report goes to the log and to"
		    " /state/provcheck.txt\n");
	assert_string_equal("http://a/b", fake.checked);

	fake.check_err = EBUSY;
	assert_says("provcheck", "http://a/b",
		    "provcheck: another one is going on\n");
	fake.check_err = EBADMSG;
	assert_says("provcheck", "http://", "provcheck: that is no URL\n");
	fake.check_err = ENOENT;
	assert_says("provcheck", "nothing",
		    "provcheck: there is no such file or folder here\n");
	fake.check_err = EPROTONOSUPPORT;
	assert_says("provcheck", "gopher://a/", "provcheck: https, http, tftp"
		    " and ftp are accepted, and paths of this machine\n");
	fake.check_err = ENOMEM;
	assert_says("provcheck", "a", "provcheck: Cannot allocate memory\n");
}


static void test_status(void **state)
{
	static const struct vendor vendor = { .name = "yealink" };
	(void)state;

	fake.settings.vendor = &vendor;
	fake.settings.model = (char *)"T46S";
	fake.settings.firmware = (char *)"66.85";
	str_ncpy(fake.settings.mac, "001565abcdef", sizeof(fake.settings.mac));

	assert_says("provnotify", NULL,
		    "provnotify: yealink T46S, firmware 66.85,"
		    " MAC 001565abcdef\n"
		    "accounts:\n  ACCOUNTS\n"
		    "phone: PHONE\n"
		    "provisioning: PROVISIONING\n"
		    "pnp: PNP\n"
		    "restart: RESTART\n"
		    "may send NOTIFY: LIST\n"
		    "may GET action URIs: LIST\n"
		    "remote control: CONSENT\n"
		    "journal: off\n");
}


static void test_prompt(void **state)
{
	struct request *req = NULL;
	(void)state;

	assert_int_equal(0, request_alloc(&req, DOOR_NOTIFY));
	assert_int_equal(0, sa_set_str(&req->source.addr, "192.0.2.1", 5060));

	fake.prompth(req);
	assert_string_equal("provnotify: notify 192.0.2.1 asks to press a key"
			    " on this phone: answer with \"/remote_allow\" or"
			    " \"/remote_deny\"\n", fake.log);

	(void)str_dup(&req->key_text, "OK");
	(void)str_dup(&req->account, "sip:1@a.example");
	fake.prompth(req);
	assert_non_null(strstr(fake.log, "asks to press OK on"
			       " sip:1@a.example: "));

	req->door = DOOR_PNP;
	req->action = ACTION_PNP;
	pl_set_str(&req->body, "http://a/secret");
	fake.prompth(req);
	assert_string_equal("provnotify: pnp 192.0.2.1 offers to set this"
			    " phone up from URL(http://a/secret): answer with"
			    " \"/remote_allow\" or \"/remote_deny\"\n",
			    fake.log);

	mem_deref(req);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, console_setup, \
						   console_teardown)


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_init),
		TEST(test_resync),
		TEST(test_reboot),
		TEST(test_key),
		TEST(test_consent),
		TEST(test_check),
		TEST(test_status),
		TEST(test_prompt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
