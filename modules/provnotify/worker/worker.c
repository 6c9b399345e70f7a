/**
 * @file worker.c  The one thread: a queue of jobs beside curl's multi
 *
 * The thread is made by the first turn of the main loop that finds work: what
 * is queued while modules load must wait for the two forks of `baresip -d`,
 * which no thread survives.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <time.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "clock.h"
#include "worker/worker.h"
#include "worker/thread.h"


static struct worker *wk;


static void destructor(void *arg)
{
	struct worker *w = arg;

	mem_deref(w->mq);
	(void)curl_multi_cleanup(w->multi);
	pthread_cond_destroy(&w->cond);
	pthread_mutex_destroy(&w->mutex);
}


/* End what the thread has not begun */
static void waiting_end(struct worker *w, int err)
{
	struct task *task;

	while ((task = worker_take(w, &w->jobl, &w->endedl)))
		task->err = err;

	while ((task = worker_take(w, &w->newl, &w->endedl)))
		task->aborted = true;
}


/* Make the thread once there is work for it */
static void thread_need(struct worker *w)
{
	int err;

	if (w->started || (list_isempty(&w->jobl) && list_isempty(&w->newl)))
		return;

	err = worker_thread_start(w);
	if (err) {
		warning("provnotify: could not start a thread (%m)\n", err);
		waiting_end(w, err);
	}
}


/* Hand over one result. The loop has its turn between two of them. */
static bool result_deliver(struct worker *w)
{
	struct task *task;

	pthread_mutex_lock(&w->mutex);
	w->told = false;
	task = list_ledata(list_head(&w->endedl));
	if (task) {
		list_unlink(&task->le);
		if (!list_isempty(&w->endedl))
			worker_wake_main(w);
	}
	pthread_mutex_unlock(&w->mutex);

	if (!task)
		return false;

	if (task->curlh)
		task->curlh(task->easy, task->aborted ?
			    CURLE_ABORTED_BY_CALLBACK : task->code, task->arg);
	else if (task->doneh)
		task->doneh(task->err, task->arg);

	mem_deref(task);

	return true;
}


static void mqueue_handler(int id, void *data, void *arg)
{
	struct worker *w = arg;
	(void)id;
	(void)data;

	thread_need(w);
	(void)result_deliver(w);
}


/* Before the thread is there the main loop is woken, to make it */
static void thread_wake(struct worker *w)
{
	if (w->started) {
		(void)curl_multi_wakeup(w->multi);
		return;
	}

	pthread_mutex_lock(&w->mutex);
	worker_wake_main(w);
	pthread_mutex_unlock(&w->mutex);
}


static int task_queue(struct list *list, const struct task *what)
{
	struct task *task;

	task = mem_alloc(sizeof(*task), NULL);
	if (!task)
		return ENOMEM;

	*task = *what;

	pthread_mutex_lock(&wk->mutex);
	list_append(list, &task->le, task);
	pthread_mutex_unlock(&wk->mutex);

	thread_wake(wk);

	return 0;
}


/**
 * Prepare the worker. The thread starts with the first work, once the main
 * loop runs.
 *
 * @return 0 if success, otherwise errorcode
 */
int worker_init(void)
{
	pthread_condattr_t attr;
	struct worker *w;
	int err;

	if (wk)
		return EALREADY;

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return ENOMEM;

	w = mem_zalloc(sizeof(*w), destructor);
	if (!w) {
		err = ENOMEM;
		goto out;
	}

	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&w->cond, &attr);
	(void)pthread_condattr_destroy(&attr);
	(void)pthread_mutex_init(&w->mutex, NULL);

	err = mqueue_alloc(&w->mq, mqueue_handler, w);
	if (err)
		goto out;

	/* Without its wake-up the thread would sleep on */
	w->multi = curl_multi_init();
	if (!w->multi || curl_multi_wakeup(w->multi)) {
		err = ENOMEM;
		goto out;
	}

	wk = w;

 out:
	if (err) {
		mem_deref(w);
		curl_global_cleanup();
	}

	return err;
}


/* Wait till something ended; false if nothing will, or not in time */
static bool ended_wait(struct worker *w, uint64_t end)
{
	const struct timespec ts = {
		.tv_sec  = (time_t)(end / 1000),
		.tv_nsec = (long)(end % 1000) * 1000000,
	};
	bool ended;
	int err = 0;

	pthread_mutex_lock(&w->mutex);

	while (!err && list_isempty(&w->endedl) &&
	       !(list_isempty(&w->jobl) && list_isempty(&w->runl) &&
		 list_isempty(&w->newl) && list_isempty(&w->activel)))
		err = pthread_cond_timedwait(&w->cond, &w->mutex, &ts);

	ended = !list_isempty(&w->endedl);

	pthread_mutex_unlock(&w->mutex);

	return ended && clock_ms() < end;
}


/* A thread that still runs needs its code after the module was unloaded */
static void code_keep(void)
{
	Dl_info info;

	if (dladdr(&wk, &info) && info.dli_fname)
		(void)dlopen(info.dli_fname,
			     RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}


/**
 * Abort all transfers, run the jobs that are queued, also those that done
 * handlers add meanwhile, and end the thread. Jobs that are not begun in time
 * end with ECANCELED. What the thread is still busy with then (a name look-up
 * can take half a minute) is leaked on purpose, thread and all: this is for
 * the moment before an exec or an exit, which must not wait for it.
 *
 * @param max_ms How long to wait for the jobs [ms]
 */
void worker_close(uint64_t max_ms)
{
	const uint64_t end = clock_ms() + max_ms;
	struct worker *w = wk;
	bool late;

	if (!w)
		return;

	pthread_mutex_lock(&w->mutex);
	w->closing = true;
	pthread_mutex_unlock(&w->mutex);

	do {
		while (result_deliver(w))
			;

		thread_need(w);
		thread_wake(w);

	} while (ended_wait(w, end));

	wk = NULL;
	waiting_end(w, ECANCELED);

	pthread_mutex_lock(&w->mutex);
	w->quit = true;
	late = !list_isempty(&w->runl) || !list_isempty(&w->activel);
	pthread_mutex_unlock(&w->mutex);

	while (result_deliver(w))
		;

	if (late) {
		warning("provnotify: left a job behind that did not end\n");
		code_keep();
		(void)pthread_detach(w->thread);
		w->mq = mem_deref(w->mq);
		return;
	}

	if (w->started) {
		(void)curl_multi_wakeup(w->multi);
		(void)pthread_join(w->thread, NULL);
	}

	mem_deref(w);
	curl_global_cleanup();
}


/**
 * Run a job in the thread
 *
 * @param job  Job; what it may do is said in worker.h
 * @param done Called on the main loop with what the job returned, or with
 *             ECANCELED if it was given up; may be NULL
 * @param arg  Argument of both
 *
 * @return 0 if success, otherwise errorcode (ESHUTDOWN: no worker any more)
 */
int worker_run(worker_job_h *job, worker_done_h *done, void *arg)
{
	const struct task task = {
		.job = job, .doneh = done, .arg = arg,
	};

	if (!job)
		return EINVAL;

	return wk ? task_queue(&wk->jobl, &task) : ESHUTDOWN;
}


/**
 * Run a transfer in the thread, beside others
 *
 * @param easy Handle with all options set; stays the caller's, who must not
 *             touch it till done is called. Its callbacks run in the thread.
 * @param done Called on the main loop with the result
 * @param arg  Handler argument
 *
 * @return 0 if success, otherwise errorcode (ESHUTDOWN: no worker any more)
 */
int worker_fetch(CURL *easy, worker_curl_h *done, void *arg)
{
	const struct task task = {
		.easy = easy, .curlh = done, .arg = arg,
	};

	if (!easy || !done)
		return EINVAL;

	return wk ? task_queue(&wk->newl, &task) : ESHUTDOWN;
}


/**
 * Abort a transfer. Its done handler is called later, once, with
 * CURLE_ABORTED_BY_CALLBACK, also if it had ended by itself meanwhile.
 *
 * @param easy Handle that was given to worker_fetch()
 */
void worker_abort(CURL *easy)
{
	struct task *task;

	if (!wk || !easy)
		return;

	pthread_mutex_lock(&wk->mutex);

	task = worker_find(&wk->newl, easy);
	if (!task)
		task = worker_find(&wk->activel, easy);
	if (!task)
		task = worker_find(&wk->endedl, easy);
	if (task)
		task->aborted = true;

	pthread_mutex_unlock(&wk->mutex);

	thread_wake(wk);
}
