/**
 * @file worker.h  The one thread: a queue of jobs beside curl's multi
 *
 * Jobs run in the thread, one after the other. All else, done handlers too,
 * runs on the main loop, and every function below is called there only.
 *
 * What a job may do: block; use its arg; libre's memory, as long as no other
 * thread touches the same object at that time (up to libre 2 the count of
 * references is a plain number, so a mem_ref() held on both sides is a race);
 * re_snprintf() and the parsers. What it may not: call baresip, its log, the
 * main loop, timers, deadlines, or these functions.
 *
 * A call that returned 0 is followed by exactly one call of its done handler,
 * which is where arg is released: also when worker_close() gives it up. The
 * one exception is what the thread is still busy with when worker_close() has
 * waited long enough: that is leaked.
 */

typedef int  (worker_job_h)(void *arg);
typedef void (worker_done_h)(int err, void *arg);
typedef void (worker_curl_h)(CURL *easy, CURLcode code, void *arg);

int  worker_init(void);
void worker_close(uint64_t max_ms);

int  worker_run(worker_job_h *job, worker_done_h *done, void *arg);
int  worker_fetch(CURL *easy, worker_curl_h *done, void *arg);
void worker_abort(CURL *easy);
