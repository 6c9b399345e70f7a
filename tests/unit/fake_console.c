/**
 * @file fake_console.c  The rooms that the console talks to, for its tests
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
#include "accounts/accounts.h"
#include "addrlist/addrlist.h"
#include "desk.h"
#include "journal/journal.h"
#include "restart/restart.h"
#include "settings/settings.h"
#include "state/state.h"
#include "vendor.h"
#include "guard/guard.h"
#include "phone/phone.h"
#include "provision/provision.h"
#include "doors/doors.h"
#include "fake_console.h"


const struct event actionuri = {
	"ACTION-URI", ACTION_KEY, 0, NULL, false
};

struct fake_console fake;


void info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)re_vsnprintf(fake.log, sizeof(fake.log), fmt, ap);
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
	return &fake.settings;
}


void request_serial(char *buf, size_t size)
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


int provision_check(const char *what)
{
	str_ncpy(fake.checked, what, sizeof(fake.checked));

	return fake.check_err;
}


int state_path(char *path, size_t size, const char *name)
{
	return re_snprintf(path, size, "/state/%s", name) < 0 ? ENOMEM : 0;
}


/* A room that prints its name */
#define PRINTS(name, text)						\
	int name(struct re_printf *pf, void *unused)			\
	{								\
		(void)unused;						\
									\
		return re_hprintf(pf, text);				\
	}

PRINTS(accounts_print, "  ACCOUNTS\n")
PRINTS(consent_print, " CONSENT\n")
PRINTS(phone_print, "PHONE")
PRINTS(provision_print, "PROVISIONING")
PRINTS(restart_print, "RESTART")
PRINTS(pnp_print, "PNP")


int journal_url(struct re_printf *pf, const char *url)
{
	return re_hprintf(pf, "URL(%s)", url);
}


int addrlist_print(struct re_printf *pf, const struct addrlist *al)
{
	(void)al;

	return re_hprintf(pf, "LIST");
}


/**
 * Open the console
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int console_setup(void **state)
{
	(void)state;

	memset(&fake, 0, sizeof(fake));
	answer_set(&fake.answer, 200, "OK");

	return console_init();
}


/**
 * Close it: no command is left
 *
 * @param state Unused
 *
 * @return 0
 */
int console_teardown(void **state)
{
	(void)state;

	console_close();
	assert_null(fake.cmdv);

	return 0;
}


static const struct cmd *command(const char *name)
{
	size_t i;

	for (i=0; i<fake.cmdc; i++) {

		if (!strcmp(fake.cmdv[i].name, name))
			return &fake.cmdv[i];
	}

	fail_msg("no command %s", name);

	return NULL;
}


/**
 * Type a command: does it print this?
 *
 * @param name Its name
 * @param prm  Its parameter, or NULL
 * @param text What it prints
 */
void assert_says(const char *name, const char *prm, const char *text)
{
	struct cmd_arg arg = { .prm = (char *)prm };
	char buf[1024] = "";

	assert_true(re_snprintf(buf, sizeof(buf), "%H", command(name)->h,
				&arg) >= 0);
	assert_string_equal(text, buf);
}
