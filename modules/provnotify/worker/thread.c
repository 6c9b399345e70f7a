/**
 * @file thread.c  The worker's thread
 */
#include <pthread.h>
#include <signal.h>
#include <curl/curl.h>
#include <re.h>
#include "worker/worker.h"
#include "worker/thread.h"


enum {
	IDLE_MS = 60000,        /**< Longest wait of the thread [ms]        */
};


/**
 * Wake the main loop for what ended. One message is under way at a time, so
 * that the pipe is never full.
 *
 * @param w Worker, its mutex held
 */
void worker_wake_main(struct worker *w)
{
	if (!w->told && !w->quit && !mqueue_push(w->mq, 0, NULL))
		w->told = true;
}


static void task_end(struct worker *w, struct task *task)
{
	pthread_mutex_lock(&w->mutex);

	list_unlink(&task->le);
	list_append(&w->endedl, &task->le, task);
	worker_wake_main(w);
	pthread_cond_signal(&w->cond);

	pthread_mutex_unlock(&w->mutex);
}


/**
 * Find the task of a transfer
 *
 * @param list List, its worker's mutex held
 * @param easy Handle of the transfer
 *
 * @return Task, or NULL
 */
struct task *worker_find(const struct list *list, const CURL *easy)
{
	struct le *le;

	LIST_FOREACH(list, le) {
		struct task *task = le->data;

		if (task->easy == easy)
			return task;
	}

	return NULL;
}


/**
 * Take the first task of a list over to another list
 *
 * @param w    Worker
 * @param from Its one list
 * @param to   Its other list
 *
 * @return Task, or NULL if the list is empty
 */
struct task *worker_take(struct worker *w, struct list *from, struct list *to)
{
	struct task *task;

	pthread_mutex_lock(&w->mutex);

	task = list_ledata(list_head(from));
	if (task) {
		list_unlink(&task->le);
		list_append(to, &task->le, task);
	}

	pthread_mutex_unlock(&w->mutex);

	return task;
}


static struct task *aborted_find(struct worker *w)
{
	struct task *found = NULL;
	struct le *le;

	pthread_mutex_lock(&w->mutex);

	LIST_FOREACH(&w->activel, le) {
		struct task *task = le->data;

		if (task->aborted || w->closing) {
			task->aborted = true;
			found = task;
			break;
		}
	}

	pthread_mutex_unlock(&w->mutex);

	return found;
}


/* The mutex is not held around curl: removing may wait for its resolver */
static void transfers_run(struct worker *w)
{
	struct task *task;
	CURLMsg *msg;
	int n;

	while ((task = worker_take(w, &w->newl, &w->activel))) {
		if (curl_multi_add_handle(w->multi, task->easy)) {
			task->code = CURLE_FAILED_INIT;
			task_end(w, task);
		}
	}

	while ((task = aborted_find(w))) {
		(void)curl_multi_remove_handle(w->multi, task->easy);
		task_end(w, task);
	}

	(void)curl_multi_perform(w->multi, &n);

	while ((msg = curl_multi_info_read(w->multi, &n))) {
		const CURLcode code = msg->data.result;

		/* Only this thread takes tasks off the list */
		pthread_mutex_lock(&w->mutex);
		task = worker_find(&w->activel, msg->easy_handle);
		pthread_mutex_unlock(&w->mutex);

		if (!task)
			continue;

		task->code = code;
		(void)curl_multi_remove_handle(w->multi, task->easy);
		task_end(w, task);
	}
}


/* One job, so that the transfers have their turn before the next one */
static void job_run(struct worker *w)
{
	struct task *task = worker_take(w, &w->jobl, &w->runl);

	if (!task)
		return;

	task->err = task->job(task->arg);
	task_end(w, task);
}


static void *thread_main(void *arg)
{
	struct worker *w = arg;
	bool quit = false;

	while (!quit) {
		bool more;

		transfers_run(w);
		job_run(w);

		pthread_mutex_lock(&w->mutex);
		more = !list_isempty(&w->jobl);
		quit = w->quit;
		pthread_mutex_unlock(&w->mutex);

		if (!quit)
			(void)curl_multi_poll(w->multi, NULL, 0,
					      more ? 0 : IDLE_MS, NULL);
	}

	return NULL;
}


/**
 * Start the thread. Signals are baresip's: the thread takes none.
 *
 * @param w Worker
 *
 * @return 0 if success, otherwise errorcode
 */
int worker_thread_start(struct worker *w)
{
	sigset_t all, old;
	int err;

	sigfillset(&all);

	err = pthread_sigmask(SIG_SETMASK, &all, &old);
	if (err)
		return err;

	err = pthread_create(&w->thread, NULL, thread_main, w);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		return err;

	(void)pthread_setname_np(w->thread, "provnotify");
	w->started = true;

	return 0;
}
