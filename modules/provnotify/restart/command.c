/**
 * @file command.c  Running the command line of provnotify_restart
 */
#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "restart/restart.h"


enum {
	POLL_MS    = 250,           /**< Look at the command again [ms]     */
	COMMAND_MS = 60 * 1000,     /**< It should have ended us by then    */
};

static struct {
	struct deadline poll;
	uint64_t until;
	pid_t pid;                      /**< 0: it has ended well           */
	command_h *h;
} room;


static void poll_handler(void *arg)
{
	char why[80];
	int status = 0;
	pid_t pid = 0;
	(void)arg;

	if (room.pid)
		pid = waitpid(room.pid, &status, WNOHANG);

	if (pid) {
		room.pid = 0;

		if (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status)) {

			(void)re_snprintf(why, sizeof(why),
					  "the command failed, status %d",
					  WIFEXITED(status) ?
					  WEXITSTATUS(status) : -1);
			room.h(why);
			return;
		}
	}

	if (clock_ms() >= room.until) {
		room.h("the phone still runs a minute after the command");
		return;
	}

	deadline_start(&room.poll, POLL_MS, poll_handler, NULL);
}


/**
 * Run a command line that is to end the phone, such as `systemctl reboot`
 *
 * @param line Command line for the shell, from the user's own config
 * @param h    Called when the phone is still there after all, and why
 *
 * @return 0 if it runs, otherwise errorcode
 */
int command_run(const char *line, command_h *h)
{
	posix_spawn_file_actions_t actions;
	char *argv[] = {"sh", "-c", (char *)line, NULL};
	int err;

	if (!line || !h)
		return EINVAL;

	err = posix_spawn_file_actions_init(&actions);
	if (err)
		return err;

	/* Our sockets are none of its business */
	err = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	if (!err)
		err = posix_spawn(&room.pid, "/bin/sh", &actions, NULL, argv,
				  environ);

	(void)posix_spawn_file_actions_destroy(&actions);

	if (err)
		return err;

	room.h = h;
	room.until = clock_ms() + COMMAND_MS;

	deadline_start(&room.poll, POLL_MS, poll_handler, NULL);

	return 0;
}


/**
 * Do not wait for the command any longer
 */
void command_close(void)
{
	deadline_cancel(&room.poll);
	room.pid = 0;
}
