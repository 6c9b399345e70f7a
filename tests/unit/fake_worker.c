/**
 * @file fake_worker.c  The worker without a thread: work is done at once, and
 *                      its end is told when the test says so
 */
#include <errno.h>
#include <curl/curl.h>
#include <re.h>
#include "worker/worker.h"
#include "fake_worker.h"


struct work {
	struct le le;
	worker_done_h *doneh;
	worker_curl_h *curlh;
	CURL *easy;
	CURLcode code;
	int err;
	void *arg;
};

static struct list workl;
static unsigned fetches;


static void destructor(void *arg)
{
	struct work *w = arg;

	list_unlink(&w->le);
}


static struct work *work_add(void *arg)
{
	struct work *w = mem_zalloc(sizeof(*w), destructor);

	if (w) {
		w->arg = arg;
		list_append(&workl, &w->le, w);
	}

	return w;
}


int worker_run(worker_job_h *job, worker_done_h *done, void *arg)
{
	struct work *w = work_add(arg);

	if (!w)
		return ENOMEM;

	w->doneh = done;
	w->err = job(arg);

	return 0;
}


int worker_fetch(CURL *easy, worker_curl_h *done, void *arg)
{
	struct work *w = work_add(arg);

	if (!w)
		return ENOMEM;

	++fetches;
	w->easy = easy;
	w->curlh = done;
	w->code = curl_easy_perform(easy);

	return 0;
}


void worker_abort(CURL *easy)
{
	struct le *le;

	for (le = workl.head; le; le = le->next) {
		struct work *w = le->data;

		if (w->easy == easy)
			w->code = CURLE_ABORTED_BY_CALLBACK;
	}
}


/**
 * Tell the end of one piece of work
 *
 * @return true if there was one
 */
bool fake_worker_step(void)
{
	struct work *w = list_ledata(workl.head);

	if (!w)
		return false;

	list_unlink(&w->le);

	if (w->curlh)
		w->curlh(w->easy, w->code, w->arg);
	else if (w->doneh)
		w->doneh(w->err, w->arg);

	mem_deref(w);

	return true;
}


/**
 * Tell the end of all work, and of what comes of it
 */
void fake_worker_drain(void)
{
	while (fake_worker_step())
		;
}


/**
 * How many transfers there were
 *
 * @return Number since the start of the program
 */
unsigned fake_worker_fetches(void)
{
	return fetches;
}
