/**
 * @file check.c  provcheck: what a configuration says, and what a resync would
 *                change, without changing it
 *
 * The report is made and written in the worker. The log gets the head of it.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "state/state.h"
#include "worker/worker.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"


enum {
	LOG_LINES = 60,         /**< Of the report, in baresip's log        */
};

static struct {
	struct gather *gather;
	bool busy;
} ck;


static void destructor(void *arg)
{
	struct report *rep = arg;

	mem_deref(rep->gen);
	mem_deref(rep->running);
	mem_deref(rep->mb);
}


/* Runs in the worker */
static int report_job(void *arg)
{
	static const char cut[] = "\nand more, which does not fit here\n";
	struct report *rep = arg;
	int err = 0;

	if (rep->gen)
		err = mbuf_printf(rep->mb, "%H", report_print, rep);

	if (!err && rep->mb->end > STATE_FILE_MAX) {
		mbuf_set_end(rep->mb, STATE_FILE_MAX - strlen(cut));
		mbuf_set_pos(rep->mb, rep->mb->end);
		err = mbuf_write_str(rep->mb, cut);
	}

	return err ? err : state_write("provcheck.txt", rep->mb->buf,
				       rep->mb->end);
}


static void reported_h(int err, void *arg)
{
	struct report *rep = arg;
	struct pl rest = {(const char *)rep->mb->buf, rep->mb->end};
	unsigned n;

	ck.busy = false;

	for (n=0; n < LOG_LINES && rest.l; n++) {
		const char *nl = pl_strchr(&rest, '\n');
		struct pl line = rest;

		if (nl)
			line.l = nl - rest.p;

		info("%r\n", &line);
		pl_advance(&rest, line.l + (nl ? 1 : 0));
	}

	if (err)
		warning("provcheck: provcheck.txt cannot be written: %m\n",
			err);
	else if (rest.l)
		info("provcheck: the rest is in provcheck.txt\n");

	mem_deref(rep);
}


static int report_start(const struct gathered *res)
{
	struct report *rep;
	int err;

	rep = mem_zalloc(sizeof(*rep), destructor);
	if (!rep)
		return ENOMEM;

	rep->mb = mbuf_alloc(4096);
	if (!rep->mb) {
		err = ENOMEM;
		goto out;
	}

	rep->gen = mem_ref(res->gen);
	rep->running = mem_ref((void *)trial_running());

	if (res->err)
		err = mbuf_printf(rep->mb, "provcheck: refused: %s\n",
				  res->why);
	else
		err = mbuf_printf(rep->mb, "provcheck: fine\n");
	if (err)
		goto out;

	err = worker_run(report_job, reported_h, rep);

 out:
	if (err)
		mem_deref(rep);

	return err;
}


static void gathered_h(const struct gathered *res, void *arg)
{
	int err;
	(void)arg;

	err = report_start(res);
	if (err) {
		ck.busy = false;
		warning("provcheck: %m\n", err);
	}

	gather_cancel(ck.gather);
	ck.gather = NULL;
}


/* A path may be relative, and name a folder */
static int path_resolve(char **strp, const char *what)
{
	char path[PATH_MAX];
	struct stat st;

	if (!realpath(what, path) || stat(path, &st))
		return errno;

	return re_sdprintf(strp, "%s%s", path,
			   S_ISDIR(st.st_mode) ? "/" : "");
}


/**
 * Decode a configuration and report on it, changing nothing
 *
 * The report goes to baresip's log and to provcheck.txt in the state dir.
 *
 * @param what Path or URL, of a file or a folder
 *
 * @return 0 if it has begun, EBUSY if another one is going on, EBADMSG for
 *         what is no URL, else errorcode
 */
int provision_check(const char *what)
{
	char *str = NULL, *url = NULL;
	int err;

	if (!str_isset(what))
		return EINVAL;

	if (ck.busy)
		return EBUSY;

	if (strstr(what, "://"))
		err = str_dup(&str, what);
	else
		err = path_resolve(&str, what);
	if (err)
		goto out;

	err = plan_url(&url, str, settings());
	if (err)
		goto out;

	err = gather_start(&ck.gather, url, trial_running(), true, settings(),
			   gathered_h, NULL);
	ck.busy = !err;

 out:
	mem_deref(str);
	mem_deref(url);

	return err;
}


/**
 * End: a report that is not made yet is none any more
 */
void check_close(void)
{
	gather_cancel(ck.gather);
	memset(&ck, 0, sizeof(ck));
}
