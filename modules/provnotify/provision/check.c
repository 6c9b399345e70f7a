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
#include "settings.h"
#include "profile.h"
#include "state.h"
#include "worker.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"


enum {
	LOG_LINES = 60,         /**< Of the report, in baresip's log        */
};

/** A report in the making */
struct report {
	struct generation *gen;         /**< NULL: it was refused           */
	struct generation *running;     /**< May be NULL                    */
	struct mbuf *mb;
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


static int account_print(struct re_printf *pf,
			 const struct profile_account *acc)
{
	static const char *transportv[] = {
		[TRANSPORT_UNSET] = "",
		[TRANSPORT_UDP]   = ", udp",
		[TRANSPORT_TCP]   = ", tcp",
		[TRANSPORT_TLS]   = ", tls",
	};
	int err;

	err = re_hprintf(pf, "%4u  %s@%s", acc->line, acc->user, acc->domain);
	if (acc->port)
		err |= re_hprintf(pf, ":%u", acc->port);

	err |= re_hprintf(pf, "%s%s", transportv[acc->transport],
			  acc->secret ? ", with a password" :
			  ", without a password");

	if (acc->expires == 0)
		err |= re_hprintf(pf, ", does not register");
	else if (acc->expires > 0)
		err |= re_hprintf(pf, ", registers for %d s", acc->expires);

	if (acc->outbound)
		err |= re_hprintf(pf, ", through %s", acc->outbound);
	if (acc->codecs)
		err |= re_hprintf(pf, ", codecs %s", acc->codecs);
	if (acc->mediaenc)
		err |= re_hprintf(pf, ", %s", acc->mediaenc);

	return err | re_hprintf(pf, "\n");
}


static int notes_print(struct re_printf *pf, const struct generation *gen,
		       bool known)
{
	struct le *le;
	int err = 0;

	for (le = list_head(&gen->prof->notel); le; le = le->next) {
		const struct profile_note *note = le->data;
		const struct part *part = part_nth(gen, note->file);

		if (note->known != known)
			continue;

		err |= re_hprintf(pf, "      %s, line %u: %s%s%s\n",
				  part ? part->name : "?", note->lineno,
				  note->key, note->why ? ": " : "",
				  note->why ? note->why : "");
	}

	return err;
}


static int diff_line(struct re_printf *pf, const char *what,
		     const struct profile_account *acc, uint32_t *n)
{
	++*n;

	return re_hprintf(pf, "      %s %s@%s\n", what, acc->user,
			  acc->domain);
}


static int diff_print(struct re_printf *pf, const struct profile *old,
		      const struct profile *prof)
{
	const struct profile_account *acc, *other;
	uint32_t n = 0;
	struct le *le;
	int err = 0;

	for (le = list_head(&prof->accountl); le; le = le->next) {

		acc = le->data;
		other = old ? profile_account_find(old, acc->user, acc->domain)
			: NULL;

		if (!other)
			err |= diff_line(pf, "add   ", acc, &n);
		else if (!profile_account_equal(other, acc))
			err |= diff_line(pf, "change", acc, &n);
	}

	for (le = old ? list_head(&old->accountl) : NULL; le; le = le->next) {

		acc = le->data;

		if (!profile_account_find(prof, acc->user, acc->domain))
			err |= diff_line(pf, "remove", acc, &n);
	}

	if (!n)
		err |= re_hprintf(pf, "      change no account\n");

	return err;
}


static int report_print(struct re_printf *pf, const struct report *rep)
{
	const struct generation *gen = rep->gen;
	const struct profile *prof = gen->prof;
	struct le *le;
	int err = 0;

	err |= re_hprintf(pf, "  %u file%s from %H\n",
			  list_count(&gen->partl),
			  list_count(&gen->partl) == 1 ? "" : "s",
			  url_print, gen->url);

	for (le = list_head(&gen->partl); le; le = le->next) {
		const struct part *part = le->data;

		err |= re_hprintf(pf, "      %s, %zu bytes\n", part->name,
				  part->mb->end);
	}

	err |= re_hprintf(pf, "  a resync would\n");
	err |= diff_print(pf, rep->running ? rep->running->prof : NULL, prof);
	err |= re_hprintf(pf, "  %u account%s\n",
			  list_count(&prof->accountl),
			  list_count(&prof->accountl) == 1 ? "" : "s");

	for (le = list_head(&prof->accountl); le; le = le->next)
		err |= account_print(pf, le->data);

	err |= re_hprintf(pf, "  %zu keys used\n  %zu unknown\n",
			  prof->usedc, prof->unknownc);
	err |= notes_print(pf, gen, false);

	err |= re_hprintf(pf, "  %zu understood, without use here\n",
			  prof->unusedc);
	err |= notes_print(pf, gen, true);

	return err;
}


/* Runs in the worker */
static int report_job(void *arg)
{
	struct report *rep = arg;
	int err = 0;

	if (rep->gen)
		err = mbuf_printf(rep->mb, "%H", report_print, rep);

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

	err = gather_start(&ck.gather, url, NULL, settings(), gathered_h,
			   NULL);
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
