/**
 * @file fake_restart.c  The rooms beside restart.c, for its tests
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "addrlist/addrlist.h"
#include "journal/journal.h"
#include "settings/settings.h"
#include "restart/restart.h"
#include "fake_clock.h"
#include "fake_restart.h"
#include "fake_uag.h"


struct fake_restart fake;
struct request *req;

static jmp_buf exit_jmp;
static int exit_status;


void _exit(int status)
{
	exit_status = status;
	longjmp(exit_jmp, 1);
}


const struct settings *settings(void)
{
	return &fake.settings;
}


uint32_t accounts_calls(void)
{
	uint32_t n = 0;
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next)
		n += list_count(ua_calls(le->data));

	return n;
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "7", size);
}


int handover_init(void)
{
	return 0;
}


int handover_write(const struct request *r, void (*done)(int err))
{
	assert_ptr_equal(req, r);

	++fake.writes;
	fake.written = fake.write_err ? NULL : done;

	return fake.write_err;
}


void handover_drop(void)
{
	++fake.drops;
}


bool handover_permits(void)
{
	return fake.permits;
}


int reexec_init(void)
{
	return 0;
}


void reexec_close(void)
{
	fake.reexec_closed = true;
}


int settings_check(char *why, size_t size)
{
	if (!fake.config_bad)
		return 0;

	(void)re_snprintf(why, size, "config:7: wrong");

	return EINVAL;
}


int reexec_check(void)
{
	return fake.check_err;
}


int reexec(void)
{
	return ENOENT;
}


int command_run(const char *line, command_h *h)
{
	fake.command = line;
	fake.commandh = h;

	return fake.command_err;
}


void command_close(void)
{
}


void signals_watch(void)
{
	++fake.watches;
}


void signals_leave(void)
{
	++fake.leaves;
}


bool signals_came(void)
{
	return fake.came;
}


void re_cancel(void)
{
	++fake.cancels;
}


static void end_handler(struct request *r, const struct ending *ending)
{
	assert_ptr_equal(req, r);

	fake.ending = *ending;
	++fake.endings;
}


/**
 * Get ready to restart
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int restart_setup(void **state)
{
	(void)state;

	fake_clock_reset();
	fake_uag_reset();

	memset(&fake, 0, sizeof(fake));
	fake.settings.reboot_wait = 24;
	fake.settings.restart_command = (char *)"systemctl reboot";

	if (request_alloc(&req, DOOR_NOTIFY))
		return -1;

	return restart_init(end_handler);
}


/**
 * End what goes on; whatever happened, nobody holds the request any more
 *
 * @param state Unused
 *
 * @return 0
 */
int restart_teardown(void **state)
{
	(void)state;

	if (restart_waiting() && fake.commandh)
		fake.commandh("over");

	fake.came = true;
	restart_close();
	assert_int_equal(0, ended_with());

	assert_int_equal(1, mem_nrefs(req));
	req = mem_deref(req);

	fake_uag_reset();

	return 0;
}


/**
 * What does the status say?
 *
 * @param text Text
 */
void assert_status(const char *text)
{
	char buf[64];

	(void)re_snprintf(buf, sizeof(buf), "%H", restart_print, NULL);
	assert_string_equal(text, buf);
	assert_int_equal(strcmp(text, "none ordered") != 0,
			 restart_waiting());
}


/**
 * The write is done
 *
 * @param err Its error
 */
void written(int err)
{
	void (*done)(int) = fake.written;

	assert_non_null(done);
	fake.written = NULL;
	done(err);
}


/**
 * Has the order failed?
 *
 * @param detail What the journal says
 */
void assert_failed(const char *detail)
{
	assert_int_equal(1, fake.endings);
	assert_int_equal(RESULT_FAILED, fake.ending.result);
	assert_int_equal(ACTION_NONE, fake.ending.then);
	assert_string_equal(detail, fake.ending.detail);
	assert_int_equal(1, fake.drops);
	assert_status("none ordered");
}


/**
 * What becomes of the process?
 *
 * @return Its status, 0 if it goes on to its end
 */
int ended_with(void)
{
	exit_status = 0;

	if (!setjmp(exit_jmp))
		restart_now();

	return exit_status;
}
