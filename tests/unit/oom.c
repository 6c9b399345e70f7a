/**
 * @file oom.c  Runs each test again with the first, the second, the third ...
 *              allocation of the module failing
 *
 * "make oom" links it with each test program. An allocation counts that is
 * made while a function of the module is on its thread's stack, by whomever:
 * the module's functions are compiled with -finstrument-functions, those of
 * the tests are not. A run is a process of its own. One that ends in a failed
 * assertion is right: that is how a test sees an error. One that dies, hangs,
 * breaks a rule of the sanitizers or leaks is not.
 *
 * A test that has failed is left by longjmp(), and what it held then leaks by
 * no fault of the module. So leaks are looked for before the jump, while all
 * the test's variables are still there; what they point at is then forgiven,
 * the test's own teardown runs, and what has leaked after it is the module's.
 *
 * OOM_RUNS=n tries at most n allocations of each test, picked at random with
 * OOM_SEED, and fewer where one run takes long; 0 tries all. To look at one:
 * OOM_ONLY=test OOM_NTH=n ASAN_OPTIONS=fast_unwind_on_malloc=0 build/oom/...
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <sanitizer/lsan_interface.h>


enum {
	STATUS_OK    = 0,
	STATUS_TEST  = 1,       /**< An assertion failed                    */
	STATUS_LEAK  = 97,
	STATUS_FAULT = 99,      /**< The sanitizers have ended the process  */

	WAIT_S       = 60,      /**< What has not come by then does not     */
	VAIN_S       = 4,       /**< The same where it may be in vain       */
	HANG_MS      = 120000,
	SAMPLE_MS    = 3000,    /**< For the runs of a test, where not all  */
	WRONGS_MAX   = 3,       /**< No more of a test are looked for       */
};

typedef int (group_h)(const char *name, const struct CMUnitTest *testv,
		      size_t testc, CMFixtureFunction setup,
		      CMFixtureFunction teardown);

/** What a run tells the program that started it */
struct account {
	atomic_ulong count;     /**< Allocations of the module              */
	atomic_bool failed;     /**< The one that was to fail has           */
};

static struct {
	bool armed;
	unsigned long nth;      /**< The one that fails; 0 is none          */
	unsigned wait;          /**< How long a test may go on then [s]     */
	struct account *account;
	uintptr_t base;         /**< Where the stack of the test begins     */
} oom;

static _Thread_local unsigned depth;

/** A program names the tests whose waiting may be in vain, "all", and why */
extern const char oom_may_wait[] __attribute__((weak));


#pragma GCC visibility push(default)

void *__interceptor_malloc(size_t size);
void *__interceptor_calloc(size_t count, size_t size);
void *__interceptor_realloc(void *mem, size_t size);

void *oom_malloc(size_t size) __asm__("malloc");
void *oom_calloc(size_t count, size_t size) __asm__("calloc");
void *oom_realloc(void *mem, size_t size) __asm__("realloc");
char *oom_strdup(const char *str) __asm__("strdup");

const char *__asan_default_options(void);
void __cyg_profile_func_enter(void *func, void *caller);
void __cyg_profile_func_exit(void *func, void *caller);
void __longjmp_chk(jmp_buf env, int val) __attribute__((noreturn));
group_h _cmocka_run_group_tests;

#pragma GCC visibility pop


/** What the sanitizers do where the environment does not say */
const char *__asan_default_options(void)
{
	return "exitcode=99:allocator_may_return_null=1"
		":leak_check_at_exit=0:handle_abort=1";
}


void __cyg_profile_func_enter(void *func, void *caller)
{
	(void)func;
	(void)caller;

	++depth;
}


void __cyg_profile_func_exit(void *func, void *caller)
{
	(void)func;
	(void)caller;

	if (depth)              /* a test may have jumped out of all */
		--depth;
}


/* Is it this one? */
static bool fails(void)
{
	if (!oom.armed || !depth)
		return false;

	if (atomic_fetch_add(&oom.account->count, 1) + 1 != oom.nth)
		return false;

	oom.account->failed = true;
	(void)alarm(oom.wait);
	errno = ENOMEM;

	return true;
}


void *oom_malloc(size_t size)
{
	return fails() ? NULL : __interceptor_malloc(size);
}


void *oom_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __interceptor_calloc(count, size);
}


void *oom_realloc(void *mem, size_t size)
{
	return fails() ? NULL : __interceptor_realloc(mem, size);
}


char *oom_strdup(const char *str)
{
	const size_t size = strlen(str) + 1;
	char *copy = oom_malloc(size);

	return copy ? memcpy(copy, str, size) : NULL;
}


/* A test may have an _exit() of its own */
__attribute__((noreturn))
static void end(int status)
{
	for (;;)
		(void)syscall(SYS_exit_group, status);
}


static void leak_check(void)
{
	oom.armed = false;

	if (__lsan_do_recoverable_leak_check())
		end(STATUS_LEAK);
}


/* What the stack from here to the test points at is the test's own */
__attribute__((noinline, no_sanitize_address))
static void stack_forgive(void)
{
	uintptr_t p = (uintptr_t)__builtin_frame_address(0);

	for (; p < oom.base; p += sizeof(void *))
		__lsan_ignore_object(*(void **)p);
}


/** How cmocka leaves a test that has failed */
void __longjmp_chk(jmp_buf env, int val)
{
	const bool armed = oom.armed;

	__builtin_unwind_init();

	if (oom.account) {
		leak_check();
		stack_forgive();
		depth = 0;
		oom.armed = armed;
	}

	longjmp(env, val);
}


static bool waits(const char *test)
{
	return oom_may_wait && (!strcmp(oom_may_wait, "all") ||
				strstr(oom_may_wait, test));
}


/* One run of one test; never comes back */
__attribute__((noinline, noreturn))
static void run(int out, unsigned long nth, const struct CMUnitTest *test,
		CMFixtureFunction setup, CMFixtureFunction teardown)
{
	group_h *group = (group_h *)dlsym(RTLD_NEXT,
					  "_cmocka_run_group_tests");
	int err;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)dup2(out, STDOUT_FILENO);
	(void)dup2(out, STDERR_FILENO);

	cmocka_set_message_output(CM_OUTPUT_STDOUT);

	oom.base  = (uintptr_t)__builtin_frame_address(0);
	oom.nth   = nth;
	oom.wait  = waits(test->name) ? VAIN_S : WAIT_S;
	oom.armed = true;
	depth     = 0;

	err = group("oom", test, 1, setup, teardown);

	leak_check();
	(void)fflush(stdout);

	end(err ? STATUS_TEST : STATUS_OK);
}


/* Wait for its end; -1 if there is none */
static int wait_for(pid_t pid)
{
	struct pollfd fd = { .events = POLLIN };
	int status = -1, n;

	fd.fd = pidfd_open(pid, 0);
	if (fd.fd < 0)
		return -1;

	do {
		n = poll(&fd, 1, HANG_MS);
	} while (n < 0 && errno == EINTR);

	if (n <= 0)
		(void)kill(pid, SIGKILL);

	(void)waitpid(pid, &status, 0);
	(void)close(fd.fd);

	return n > 0 ? status : -1;
}


/* What was wrong with a run that has ended so; NULL if nothing */
static const char *wrong(int status, const char *test, unsigned long nth)
{
	if (status == -1)
		return "hangs";

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM && nth)
		return waits(test) ? NULL : "waits in vain";

	if (WIFSIGNALED(status))
		return strsignal(WTERMSIG(status));

	switch (WEXITSTATUS(status)) {

	case STATUS_OK:
		return NULL;

	case STATUS_TEST:
		return nth ? NULL : "fails when it runs alone";

	case STATUS_LEAK:
		return "leaks";

	default:
		return "breaks a sanitizer's rule, or exits";
	}
}


static void show(int out)
{
	char buf[4096];
	ssize_t n;

	(void)lseek(out, 0, SEEK_SET);

	while ((n = read(out, buf, sizeof(buf))) > 0)
		(void)fwrite(buf, 1, (size_t)n, stdout);
}


/* Run it with the nth allocation failing: is all well? */
static bool tried(unsigned long nth, const struct CMUnitTest *test,
		  CMFixtureFunction setup, CMFixtureFunction teardown)
{
	const int out = memfd_create("oom", MFD_CLOEXEC);
	const char *what;
	pid_t pid;

	oom.account->count  = 0;
	oom.account->failed = false;

	(void)fflush(stdout);

	pid = fork();
	if (!pid)
		run(out, nth, test, setup, teardown);

	what = pid < 0 ? "cannot fork" : wrong(wait_for(pid), test->name,
						 nth);
	if (what) {
		show(out);
		(void)printf("# %s: %s with allocation %lu failing\n",
			     test->name, what, nth);
	}

	(void)close(out);

	return !what;
}


static unsigned long number(const char *name)
{
	const char *str = getenv(name);

	return str ? strtoul(str, NULL, 10) : 0;
}


static unsigned long clock_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);

	return (unsigned long)ts.tv_sec * 1000 +
		(unsigned long)ts.tv_nsec / 1000000;
}


/* How many runs, if there are so many allocations and one run took so long? */
static unsigned long runs_for(unsigned long count, unsigned long ms)
{
	unsigned long most = number("OOM_RUNS");

	if (!most)
		return count;

	if (most * ms > SAMPLE_MS)
		most = ms < SAMPLE_MS ? SAMPLE_MS / ms : 1;

	return count > most ? most : count;
}


/* All of them, or one of each of so many equal parts */
static bool test_run(size_t index, const struct CMUnitTest *test,
		     CMFixtureFunction setup, CMFixtureFunction teardown)
{
	const unsigned long nth = number("OOM_NTH");
	const unsigned long started = clock_now();
	unsigned long count, runs, i, failed = 0;
	unsigned wrongs;

	if (nth)
		return tried(nth, test, setup, teardown);

	wrongs = !tried(0, test, setup, teardown);
	count  = oom.account->count;
	runs   = runs_for(count, clock_now() - started);

	for (i=0; i<runs && wrongs < WRONGS_MAX; i++) {

		const unsigned long from = count * i / runs;
		const unsigned long to   = count * (i + 1) / runs;

		wrongs += !tried(from + 1 +
				 (unsigned long)random() % (to - from),
				 test, setup, teardown);
		failed += oom.account->failed;
	}

	(void)printf("%s %zu - %s # %lu of %lu allocations failed\n",
		     wrongs ? "not ok" : "ok", index, test->name, failed,
		     count);

	return !wrongs;
}


/*
 * What OpenSSL makes once, at the first use, is not the module's; in a phone,
 * TLS has long since used it
 */
static void openssl_init(void)
{
	uint8_t buf[EVP_MAX_MD_SIZE];

	__lsan_disable();
	(void)RAND_bytes(buf, 1);
	(void)EVP_Digest(buf, 1, buf, NULL, EVP_sha256(), NULL);
	(void)EVP_Digest(buf, 1, buf, NULL, EVP_md5(), NULL);
	SSL_CTX_free(SSL_CTX_new(TLS_method()));
	__lsan_enable();
}


/** What the macros of cmocka call */
int _cmocka_run_group_tests(const char *name, const struct CMUnitTest *testv,
			    size_t testc, CMFixtureFunction setup,
			    CMFixtureFunction teardown)
{
	const char *only = getenv("OOM_ONLY");
	int failed = 0;
	size_t i;

	(void)name;

	srandom((unsigned)number("OOM_SEED"));

	oom.account = mmap(NULL, sizeof(*oom.account), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (oom.account == MAP_FAILED)
		return 1;

	openssl_init();

	(void)printf("1..%zu\n", testc);

	for (i=0; i<testc; i++) {
		if (only && strcmp(only, testv[i].name))
			continue;

		failed += !test_run(i + 1, &testv[i], setup, teardown);
	}

	return failed;
}
