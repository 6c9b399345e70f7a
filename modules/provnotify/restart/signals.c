/**
 * @file signals.c  A TERM or INT that comes while the phone stops
 *
 * baresip's handler does not tell modules, and stops a phone that is stopping
 * already. Ours stands before it, so that the phone ends and is not started
 * again.
 */
#include <signal.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "restart/restart.h"


static const int signalv[] = {SIGTERM, SIGINT};

static struct {
	struct sigaction chainv[RE_ARRAY_SIZE(signalv)];
	bool watching;
} room;

static volatile sig_atomic_t came;


static void signal_handler(int sig)
{
	size_t i;

	came = 1;

	for (i=0; i<RE_ARRAY_SIZE(signalv); i++) {
		const struct sigaction *chain = &room.chainv[i];

		if (signalv[i] == sig && chain->sa_handler != SIG_IGN &&
		    chain->sa_handler != SIG_DFL)
			chain->sa_handler(sig);
	}
}


/**
 * Watch for signals, and pass them on to baresip's handler
 */
void signals_watch(void)
{
	struct sigaction sa;
	size_t i;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = signal_handler;

	for (i=0; i<RE_ARRAY_SIZE(signalv); i++)
		(void)sigaction(signalv[i], &sa, &room.chainv[i]);

	room.watching = true;
}


/**
 * Leave signals to baresip again: our handler must not outlive the module
 */
void signals_leave(void)
{
	size_t i;

	if (!room.watching)
		return;

	room.watching = false;

	for (i=0; i<RE_ARRAY_SIZE(signalv); i++)
		(void)sigaction(signalv[i], &room.chainv[i], NULL);
}


/**
 * Was there a TERM or INT since signals_watch()?
 *
 * @return True if there was one
 */
bool signals_came(void)
{
	return came;
}
