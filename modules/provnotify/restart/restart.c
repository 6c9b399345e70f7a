/**
 * @file restart.c  Starting the process again
 *
 *     idle -- order --> waiting    for the last call to end
 *                       writing    what the next process must know
 *                       stopping   BYE, un-REGISTER, two seconds at most
 *                                  (exec, exit: baresip's own shutdown, and
 *                                  restart_now() at its very end)
 *                       command    runs; its failure brings the phone back
 */
#include <string.h>
#include <unistd.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "addrlist/addrlist.h"
#include "clock.h"
#include "settings/settings.h"
#include "restart/restart.h"


enum {
	STOP_MS         = 2000,     /**< For BYE and un-REGISTER [ms]       */
	STATUS_TEMPFAIL = 75,       /**< EX_TEMPFAIL of sysexits.h          */
};

enum state {
	STATE_IDLE,
	STATE_WAITING,
	STATE_WRITING,
	STATE_STOPPING,
	STATE_COMMAND,
};

static struct {
	enum state state;
	struct request *req;            /**< Who ordered it                 */
	restart_end_h *endh;
	struct compat_listener *listener;
	struct deadline deadline;       /**< Of the present state           */
	struct deadline idle;           /**< A call ended: is it the last?  */
} room;


/* Back to work: the restart did not happen */
static void fail(const char *why)
{
	struct ending ending;
	struct request *req = room.req;

	memset(&ending, 0, sizeof(ending));
	ending_set(&ending, RESULT_FAILED, "%s", why);

	deadline_cancel(&room.deadline);
	room.req = NULL;
	room.state = STATE_IDLE;

	handover_drop();

	room.endh(req, &ending);

	mem_deref(req);
}


static void cap_handler(void *arg)
{
	(void)arg;

	/* A dead registrar would hold us for 32 s */
	re_cancel();
}


static void calls_hangup(void)
{
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next) {

		uint32_t n = list_count(compat_ua_calls(le->data));

		while (n--)
			compat_call_end(ua_call(le->data), 0, NULL);
	}
}


static void accounts_register(bool on)
{
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next) {

		if (!account_regint(ua_account(le->data)))
			continue;

		if (on)
			(void)ua_register(le->data);
		else
			ua_unregister(le->data);
	}
}


static void command_handler(const char *why)
{
	accounts_register(true);
	fail(why);
}


static void command_start(void *arg)
{
	(void)arg;

	room.state = STATE_COMMAND;

	if (command_run(settings()->restart_command, command_handler))
		command_handler("the command did not start");
}


static void stop(void)
{
	room.state = STATE_STOPPING;

	if (settings()->restart == RESTART_COMMAND) {
		calls_hangup();
		accounts_register(false);
		deadline_start(&room.deadline, STOP_MS, command_start, NULL);
		return;
	}

	signals_watch();
	deadline_start(&room.deadline, STOP_MS, cap_handler, NULL);

	info("provnotify: restarting\n");
	ua_stop_all(false);
}


static void written_handler(int err)
{
	if (room.state != STATE_WRITING)
		return;

	if (err)
		warning("provnotify: restart: the state dir cannot be written"
			" (%m): the journal will lack its ending\n", err);

	stop();
}


static void write_down(void)
{
	char why[160];
	int err = 0;

	deadline_cancel(&room.deadline);
	deadline_cancel(&room.idle);

	if (settings_check(why, sizeof(why))) {
		fail(why);
		return;
	}

	if (settings()->restart == RESTART_EXEC)
		err = reexec_check();

	if (err) {
		warning("provnotify: restart: the program cannot be started"
			" again: %m\n", err);
		fail("the program cannot be started again");
		return;
	}

	room.state = STATE_WRITING;

	if (handover_write(room.req, written_handler))
		written_handler(ENOMEM);
}


static void waited_handler(void *arg)
{
	(void)arg;

	info("provnotify: restart: calls have held it back for %u hours\n",
	     settings()->reboot_wait);
	write_down();
}


/* A TERM or quit comes before we stop the phone ourselves */
static bool is_pending(void)
{
	return room.state == STATE_WAITING || room.state == STATE_WRITING ||
		(room.state == STATE_STOPPING &&
		 settings()->restart == RESTART_COMMAND);
}


static void idle_handler(void *arg)
{
	(void)arg;

	/* TERM and quit take all accounts down, and with them their calls */
	if (is_pending() && list_isempty(uag_list()))
		fail("the phone was ended");
	else if (room.state == STATE_WAITING && !accounts_calls())
		write_down();
}


static void event_handler(enum compat_event ev, struct ua *ua,
			  struct call *call, const char *text, void *arg)
{
	(void)ua;
	(void)call;
	(void)text;
	(void)arg;

	if (!is_pending())
		return;

	/* The call is still in the list while its end is told. That of an
	   account that `uadel` took shows by the account's end alone. */
	if (ev == COMPAT_CALL_CLOSED || ev == COMPAT_UNREGISTERING ||
	    ev == COMPAT_SHUTDOWN)
		deadline_start(&room.idle, 0, idle_handler, NULL);
}


/**
 * Remember how baresip was started, and take what the last process left
 *
 * @param endh Called when an ordered restart does not happen
 *
 * @return 0 if success, otherwise errorcode
 */
int restart_init(restart_end_h *endh)
{
	int err;

	if (!endh)
		return EINVAL;

	room.endh = endh;

	err = reexec_init();
	if (err)
		return err;

	err = handover_init();
	if (err)
		return err;

	return compat_listen(&room.listener, event_handler, NULL);
}


/**
 * The phone ends. A restart that still waits for a call ends with it.
 */
void restart_close(void)
{
	deadline_cancel(&room.deadline);
	deadline_cancel(&room.idle);
	room.listener = mem_deref(room.listener);

	command_close();

	/* A command that ends us has done what it should */
	if (is_pending() || (room.state == STATE_STOPPING && signals_came()))
		fail("the phone was ended");
}


/**
 * If a restart was ordered, do it. The last thing that the module does.
 */
void restart_now(void)
{
	int err;

	if (room.state != STATE_STOPPING) {

		signals_leave();
		room.req = mem_deref(room.req);
		room.state = STATE_IDLE;
		reexec_close();
		return;
	}

	if (settings()->restart == RESTART_EXEC) {

		err = reexec();

		(void)re_fprintf(stderr, "provnotify: restart: %m\n", err);
	}

	_exit(STATUS_TEMPFAIL);
}


/**
 * Order a restart: now, or when the last call has ended
 *
 * @param req Request that ordered it; ends through the handler if it fails,
 *            and through the next process if it does not
 *
 * @return 0 if success, EALREADY if one is waiting, otherwise errorcode
 */
int restart_order(struct request *req)
{
	const struct settings *s = settings();

	if (!req)
		return EINVAL;

	if (room.state != STATE_IDLE)
		return EALREADY;

	room.req = mem_ref(req);

	if (!s->reboot_in_call && accounts_calls()) {

		room.state = STATE_WAITING;
		info("provnotify: restart waits for the last call to end\n");
		deadline_start(&room.deadline,
			       (uint64_t)s->reboot_wait * 3600 * 1000,
			       waited_handler, NULL);
		return 0;
	}

	write_down();

	return 0;
}


/**
 * May a restart be ordered now? At most three are, in ten minutes.
 *
 * @return True if it may
 */
bool restart_permitted(void)
{
	return handover_permits();
}


/**
 * Is a restart ordered that has not happened yet?
 *
 * @return True if there is one
 */
bool restart_waiting(void)
{
	return room.state != STATE_IDLE;
}


/**
 * Print what becomes of an ordered restart
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int restart_print(struct re_printf *pf, void *unused)
{
	static const char *statev[] = {
		"none ordered", "waits for the last call to end",
		"about to happen", "about to happen", "the command runs",
	};
	(void)unused;

	return re_hprintf(pf, "%s", statev[room.state]);
}
