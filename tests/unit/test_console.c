/**
 * @file test_console.c  Tests of doors/console.c
 * links: doors/console.c request.c fake_clock.c
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
#include "accounts.h"
#include "addrlist.h"
#include "desk.h"
#include "journal.h"
#include "restart.h"
#include "settings.h"
#include "state.h"
#include "vendor.h"
#include "guard/guard.h"
#include "phone/phone.h"
#include "provision/provision.h"
#include "doors/doors.h"


static const struct event actionuri = {
	"ACTION-URI", ACTION_KEY, 0, NULL, false
};

/** What the rooms were asked, and what they say */
static struct {
	const struct cmd *cmdv;
	size_t cmdc;
	int cmd_err;

	unsigned handled;
	enum door door;
	enum action action;
	bool fresh;
	const struct event *event;
	char event_name[32];
	char body[64];
	struct answer answer;

	consent_prompt_h *prompth;
	char source[64];
	bool allows;
	consent_run_h *runh;
	int consent_err;

	char checked[64];
	int check_err;
} fake;

static struct settings fake_settings;
static char log_text[256];


void info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)re_vsnprintf(log_text, sizeof(log_text), fmt, ap);
	va_end(ap);
}


struct commands *baresip_commands(void)
{
	return (struct commands *)8;
}


int cmd_register(struct commands *commands, const struct cmd *cmdv,
		 size_t cmdc)
{
	assert_ptr_equal(8, commands);

	fake.cmdv = cmdv;
	fake.cmdc = cmdc;

	return fake.cmd_err;
}


void cmd_unregister(struct commands *commands, const struct cmd *cmdv)
{
	assert_ptr_equal(8, commands);

	if (fake.cmdv == cmdv)
		fake.cmdv = NULL;
}


const struct settings *settings(void)
{
	return &fake_settings;
}


void journal_serial(char *buf, size_t size)
{
	str_ncpy(buf, "7", size);
}


const struct event *event_find(const struct pl *name)
{
	assert_int_equal(0, pl_strcmp(name, "ACTION-URI"));

	return &actionuri;
}


void desk_handle(struct request *req)
{
	++fake.handled;

	fake.door = req->door;
	fake.action = req->action;
	fake.fresh = req->fresh;
	fake.event = req->event;
	(void)pl_strcpy(&req->event_name, fake.event_name,
			sizeof(fake.event_name));
	(void)pl_strcpy(&req->body, fake.body, sizeof(fake.body));

	req->answer = fake.answer;
	req->answerh(req, &req->answer);
}


void desk_run(struct request *req)
{
	(void)req;
}


void consent_prompt_set(consent_prompt_h *prompth)
{
	fake.prompth = prompth;
}


static int decide(const struct pl *source, char *who, size_t size)
{
	(void)pl_strcpy(source, fake.source, sizeof(fake.source));
	(void)re_snprintf(who, size, "notify 192.0.2.1");

	return fake.consent_err;
}


int consent_allow(const struct pl *source, consent_run_h *runh, char *who,
		  size_t size)
{
	fake.allows = true;
	fake.runh = runh;

	return decide(source, who, size);
}


int consent_deny(const struct pl *source, char *who, size_t size)
{
	fake.allows = false;

	return decide(source, who, size);
}


int consent_print(struct re_printf *pf, void *unused)
{
	(void)unused;

	return re_hprintf(pf, " CONSENT\n");
}


int provision_check(const char *what)
{
	str_ncpy(fake.checked, what, sizeof(fake.checked));

	return fake.check_err;
}


int state_path(char *path, size_t size, const char *name)
{
	return re_snprintf(path, size, "/state/%s", name) < 0 ? ENOMEM : 0;
}


int accounts_print(struct re_printf *pf, void *unused)
{
	(void)unused;

	return re_hprintf(pf, "  ACCOUNTS\n");
}


int phone_print(struct re_printf *pf, void *unused)
{
	(void)unused;

	return re_hprintf(pf, "PHONE");
}


int provision_print(struct re_printf *pf, void *unused)
{
	(void)unused;

	return re_hprintf(pf, "PROVISIONING");
}


int restart_print(struct re_printf *pf, void *unused)
{
	(void)unused;

	return re_hprintf(pf, "RESTART");
}


int addrlist_print(struct re_printf *pf, const struct addrlist *al)
{
	(void)al;

	return re_hprintf(pf, "LIST");
}


static int setup(void **state)
{
	(void)state;

	memset(&fake, 0, sizeof(fake));
	answer_set(&fake.answer, 200, "OK");
	log_text[0] = '\0';

	return console_init();
}


static int teardown(void **state)
{
	(void)state;

	console_close();
	assert_null(fake.cmdv);

	return 0;
}


static int print_command(struct re_printf *pf, const struct cmd_arg *arg)
{
	size_t i;

	for (i=0; i<fake.cmdc; i++) {

		if (!strcmp(fake.cmdv[i].name, log_text))
			return fake.cmdv[i].h(pf, (void *)arg);
	}

	fail_msg("no command %s", log_text);

	return ENOENT;
}


/* Type a command, and see what it prints */
static void assert_says(const char *name, const char *prm, const char *text)
{
	struct cmd_arg arg = { .prm = (char *)prm };
	char buf[1024] = "";

	str_ncpy(log_text, name, sizeof(log_text));
	assert_true(re_snprintf(buf, sizeof(buf), "%H", print_command,
				&arg) >= 0);
	assert_string_equal(text, buf);
}


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
		    "notify 192.0.2.1 may now press keys on this phone\n");
	assert_true(fake.allows);
	assert_ptr_equal(desk_run, fake.runh);
	assert_string_equal("", fake.source);

	assert_says("remote_deny", "192.0.2.1",
		    "notify 192.0.2.1 may no longer press keys on this"
		    " phone\n");
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

	fake.check_err = EALREADY;
	assert_says("provcheck", "http://a/b",
		    "provcheck: Operation already in progress\n");
}


static void test_status(void **state)
{
	static const struct vendor vendor = { .name = "yealink" };
	(void)state;

	fake_settings.vendor = &vendor;
	fake_settings.model = (char *)"T46S";
	fake_settings.firmware = (char *)"66.85";
	str_ncpy(fake_settings.mac, "001565abcdef", sizeof(fake_settings.mac));

	assert_says("provnotify", NULL,
		    "provnotify: yealink T46S, firmware 66.85,"
		    " MAC 001565abcdef\n"
		    "accounts:\n  ACCOUNTS\n"
		    "phone: PHONE\n"
		    "provisioning: PROVISIONING\n"
		    "restart: RESTART\n"
		    "may send NOTIFY: LIST\n"
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
			    " on this phone: answer with \"remote_allow\" or"
			    " \"remote_deny\"\n", log_text);

	(void)str_dup(&req->key_text, "OK");
	(void)str_dup(&req->account, "sip:1@a.example");
	fake.prompth(req);
	assert_non_null(strstr(log_text, "asks to press OK on"
			       " sip:1@a.example: "));

	mem_deref(req);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

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
