/**
 * @file test_worker.c  Tests of worker.c: jobs
 * links: worker/worker.c worker/thread.c clock.c compat/fd.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>
#include <curl/curl.h>
#include <re.h>
#include "clock.h"
#include "worker/worker.h"


enum {
	JOBS     = 100,
	FLUSH_MS = 10000,
};

static struct {
	pthread_t main;
	unsigned ran;           /**< Jobs, counted by the thread            */
	unsigned done;
	unsigned expected;      /**< The loop ends when so many are done    */
	unsigned order[JOBS];
	int err;
	bool masked;
	atomic_bool stuck;
} tw;


static int threads_count(void)
{
	DIR *dir = opendir("/proc/self/task");
	int n = 0;

	if (!dir)
		return -1;

	while (readdir(dir))
		++n;

	(void)closedir(dir);

	return n - 2;
}


static int setup(void **state)
{
	(void)state;

	memset(&tw, 0, sizeof(tw));
	tw.main = pthread_self();
	(void)alarm(60);

	return worker_init();
}


static int teardown(void **state)
{
	(void)state;

	worker_close(FLUSH_MS);

	return 0;
}


static void one_done(void)
{
	assert_true(pthread_equal(pthread_self(), tw.main));

	if (++tw.done == tw.expected)
		re_cancel();
}


static void run(unsigned expected)
{
	tw.expected = expected;

	if (tw.done < expected)
		assert_int_equal(0, re_main(NULL));

	assert_int_equal(expected, tw.done);
}


static int count_job(void *arg)
{
	(void)arg;

	++tw.ran;

	return 0;
}


static void count_done(int err, void *arg)
{
	(void)arg;

	tw.err = err;
	one_done();
}


static int thread_job(void *arg)
{
	sigset_t set;

	tw.masked = !pthread_sigmask(SIG_SETMASK, NULL, &set) &&
		sigismember(&set, SIGTERM) && sigismember(&set, SIGINT) &&
		sigismember(&set, SIGHUP) && sigismember(&set, SIGALRM);

	return pthread_equal(pthread_self(), *(pthread_t *)arg) ? EPERM : 42;
}


static void in_a_thread(void **state)
{
	const int threads = threads_count();
	sigset_t set;
	(void)state;

	assert_int_equal(0, worker_run(thread_job, count_done, &tw.main));
	assert_int_equal(threads, threads_count());
	run(1);

	assert_int_equal(42, tw.err);
	assert_true(tw.masked);

	assert_int_equal(0, pthread_sigmask(SIG_SETMASK, NULL, &set));
	assert_false(sigismember(&set, SIGTERM));
}


static int order_job(void *arg)
{
	*(unsigned *)arg = tw.ran++;

	return 0;
}


static void order_done(int err, void *arg)
{
	assert_int_equal(0, err);
	assert_ptr_equal(arg, &tw.order[tw.done]);
	one_done();
}


static void in_order(void **state)
{
	unsigned i;
	(void)state;

	for (i = 0; i < JOBS; ++i)
		assert_int_equal(0, worker_run(order_job, order_done,
					       &tw.order[i]));
	run(JOBS);

	for (i = 0; i < JOBS; ++i)
		assert_int_equal(i, tw.order[i]);
}


static void next_done(int err, void *arg)
{
	assert_int_equal(0, err);
	(void)arg;

	if (tw.done + 1 < JOBS)
		assert_int_equal(0, worker_run(count_job, next_done, NULL));
	one_done();
}


static void one_after_the_other(void **state)
{
	(void)state;

	assert_int_equal(0, worker_run(count_job, NULL, NULL));
	assert_int_equal(0, worker_run(count_job, next_done, NULL));
	run(JOBS);

	assert_int_equal(JOBS + 1, tw.ran);
}


/* As sys_daemon() does for baresip -d, between the modules and the loop */
static void survives_two_forks(void **state)
{
	int pfd[2];
	char c = 0;
	pid_t pid;
	(void)state;

	assert_int_equal(0, worker_run(count_job, count_done, NULL));
	assert_int_equal(0, pipe(pfd));

	pid = fork();
	assert_true(pid >= 0);

	if (pid == 0) {
		if (fork() != 0)
			_exit(0);

		(void)alarm(10);
		tw.expected = 1;
		(void)re_main(NULL);
		worker_close(FLUSH_MS);
		if (tw.ran == 1 && tw.done == 1)
			(void)!write(pfd[1], "y", 1);
		_exit(0);
	}

	(void)close(pfd[1]);
	assert_int_equal(1, read(pfd[0], &c, 1));
	assert_int_equal('y', c);
	(void)close(pfd[0]);
}


static void close_runs_what_is_queued(void **state)
{
	unsigned i;
	(void)state;

	for (i = 0; i < JOBS; ++i)
		assert_int_equal(0, worker_run(count_job, count_done, NULL));

	worker_close(FLUSH_MS);

	assert_int_equal(JOBS, tw.ran);
	assert_int_equal(JOBS, tw.done);
	assert_int_equal(0, tw.err);
	assert_int_equal(ESHUTDOWN, worker_run(count_job, count_done, NULL));
	assert_int_equal(0, worker_init());
}


static void close_runs_what_done_adds(void **state)
{
	(void)state;

	assert_int_equal(0, worker_run(count_job, next_done, NULL));
	worker_close(FLUSH_MS);

	assert_int_equal(JOBS, tw.ran);
	assert_int_equal(JOBS, tw.done);
}


static int stuck_job(void *arg)
{
	char c;

	(void)arg;
	tw.stuck = true;

	for (;;)
		(void)!read(*(int *)arg, &c, 1);

	return 0;
}


static void stuck_done(int err, void *arg)
{
	(void)err;
	(void)arg;

	fail();
}


static void close_does_not_wait_for_ever(void **state)
{
	static int pfd[2];
	(void)state;

	/* Nobody ever writes to it */
	assert_int_equal(0, pipe(pfd));
	assert_int_equal(0, worker_run(count_job, count_done, NULL));
	assert_int_equal(0, worker_run(stuck_job, stuck_done, &pfd[0]));
	assert_int_equal(0, worker_run(count_job, count_done, NULL));
	run(1);
	assert_int_equal(0, tw.err);
	while (!tw.stuck)
		(void)sched_yield();

	worker_close(10);

	assert_int_equal(1, tw.ran);
	assert_int_equal(2, tw.done);
	assert_int_equal(ECANCELED, tw.err);

	/* The next one has nothing to do with it */
	assert_int_equal(0, worker_init());
	assert_int_equal(0, worker_run(count_job, count_done, NULL));
	run(3);
	assert_int_equal(2, tw.ran);
}


static void wrong_arguments(void **state)
{
	(void)state;

	assert_int_equal(EALREADY, worker_init());
	assert_int_equal(EINVAL, worker_run(NULL, count_done, NULL));
	worker_close(0);
	worker_close(0);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest testv[] = {
		TEST(in_a_thread),
		TEST(in_order),
		TEST(one_after_the_other),
		TEST(survives_two_forks),
		TEST(close_runs_what_is_queued),
		TEST(close_runs_what_done_adds),
		TEST(wrong_arguments),
		TEST(close_does_not_wait_for_ever),
	};
	int err;

	if (libre_init())
		return 1;

	err = cmocka_run_group_tests_name("worker", testv, NULL, NULL);
	libre_close();

	return err;
}
