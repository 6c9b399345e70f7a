/**
 * @file thread.h  The worker's own: what its thread and the main loop
 *                        share
 *
 * A task moves from list to list, always under the mutex:
 *
 *     worker_run()    jobl -> runl                  -> endedl -> done handler
 *     worker_fetch()  newl -> activel, in the multi -> endedl -> done handler
 */

/** A job or a transfer */
struct task {
	struct le le;
	worker_job_h *job;      /**< NULL: a transfer                       */
	worker_done_h *doneh;
	CURL *easy;
	worker_curl_h *curlh;
	void *arg;
	int err;
	CURLcode code;
	bool aborted;
};

/** All that the thread touches; leaked with it if it does not end in time */
struct worker {
	pthread_mutex_t mutex;  /**< Guards the lists and the flags         */
	pthread_cond_t cond;    /**< A task ended                           */
	struct list jobl;       /**< Wait for their turn                    */
	struct list runl;       /**< The one that runs                      */
	struct list newl;       /**< Transfers that wait for the thread     */
	struct list activel;    /**< Transfers that curl has                */
	struct list endedl;     /**< Wait for the main loop                 */
	bool told;              /**< The main loop has a message            */
	bool closing;           /**< All transfers are to be aborted        */
	bool quit;              /**< The thread is to end                   */
	struct mqueue *mq;
	CURLM *multi;
	pthread_t thread;
	bool started;           /**< Main loop only                         */
};

void worker_wake_main(struct worker *w);
struct task *worker_find(const struct list *list, const CURL *easy);
struct task *worker_take(struct worker *w, struct list *from,
			 struct list *to);
int  worker_thread_start(struct worker *w);
