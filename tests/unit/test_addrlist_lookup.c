/**
 * @file test_addrlist_lookup.c  Tests of addrlist/lookup.c
 *
 * The worker and the resolver are the test's own: a look-up runs when the
 * test says so, and finds what the test says.
 * links: addrlist/lookup.c addrlist/addrlist.c addrlist/subnet.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <netdb.h>
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "addrlist/addrlist.h"
#include "worker/worker.h"


enum {
	MANY = 100,
};

static struct {
	/* The worker */
	worker_job_h *job;
	worker_done_h *done;
	void *arg;
	int err;

	/* The resolver: this many addresses of 192.0.2.x, 0 = an error */
	unsigned found;
	unsigned first;
	unsigned asked;
	bool v6;
	bool freed;
} tw;


int worker_run(worker_job_h *job, worker_done_h *done, void *arg)
{
	if (tw.err)
		return tw.err;

	assert_null(tw.job);

	tw.job  = job;
	tw.done = done;
	tw.arg  = arg;

	return 0;
}


static void worker_work(int err)
{
	worker_job_h *job = tw.job;

	assert_non_null(job);
	tw.job = NULL;

	if (!err)
		err = job(tw.arg);

	tw.done(err, tw.arg);
}


int getaddrinfo(const char *node, const char *service,
		const struct addrinfo *hints, struct addrinfo **res)
{
	static struct addrinfo aiv[MANY];
	static struct sockaddr_in inv[MANY];
	static struct sockaddr_in6 in6;
	unsigned i;

	assert_non_null(node);
	assert_null(service);
	assert_int_equal(AF_UNSPEC, hints->ai_family);

	++tw.asked;

	if (!tw.found || !strcmp(node, "gone.example"))
		return EAI_AGAIN;

	memset(aiv, 0, sizeof(aiv));

	for (i=0; i<tw.found; i++) {
		inv[i].sin_family = AF_INET;
		inv[i].sin_addr.s_addr = htonl(0xc0000200 + tw.first + i);
		aiv[i].ai_addr = (void *)&inv[i];
		aiv[i].ai_next = i+1 < tw.found ? &aiv[i+1] : NULL;
	}

	if (tw.v6) {
		in6.sin6_family = AF_INET6;
		in6.sin6_addr.s6_addr[0] = 0x20;
		in6.sin6_addr.s6_addr[15] = 7;
		aiv[0].ai_addr = (void *)&in6;
	}

	*res = aiv;

	return 0;
}


void freeaddrinfo(struct addrinfo *res)
{
	assert_non_null(res);
	tw.freed = true;
}


static int setup(void **state)
{
	(void)state;

	memset(&tw, 0, sizeof(tw));

	return 0;
}


static struct addrlist *list(const char *str)
{
	struct addrlist *al = NULL;
	struct pl pl, bad;

	pl_set_str(&pl, str);

	if (addrlist_decode(&al, &pl, true, &bad))
		fail_msg("\"%s\" was refused", str);

	assert_false(pl_isset(&bad));

	return al;
}


static bool match(const struct addrlist *al, const char *addr)
{
	struct sa sa;

	assert_int_equal(0, sa_set_str(&sa, addr, 5060));

	return addrlist_match(al, &sa);
}


static void resolve(void **state)
{
	struct addrlist *al = list("192.0.2.200 gone.example pbx any.example");
	(void)state;

	tw.found = 2;

	addrlist_resolve(al);
	assert_false(match(al, "192.0.2.1"));
	assert_int_equal(0, tw.asked);

	/* one look-up at a time: the worker here takes no second one */
	addrlist_resolve(al);

	worker_work(0);
	assert_int_equal(3, tw.asked);
	assert_true(tw.freed);
	assert_true(match(al, "192.0.2.0"));
	assert_true(match(al, "192.0.2.1"));
	assert_true(match(al, "192.0.2.200"));
	assert_false(match(al, "192.0.2.2"));

	/* moved */
	tw.first = 7;
	tw.v6 = true;
	addrlist_resolve(al);
	assert_true(match(al, "192.0.2.1"));
	worker_work(0);
	assert_false(match(al, "192.0.2.1"));
	assert_true(match(al, "192.0.2.8"));
	assert_true(match(al, "2000::7"));
	assert_true(match(al, "192.0.2.200"));

	/* no answer: the last good one holds */
	tw.found = 0;
	addrlist_resolve(al);
	worker_work(0);
	assert_true(match(al, "192.0.2.8"));

	/* nor does a job count that never ran */
	tw.found = 1;
	addrlist_resolve(al);
	worker_work(ECANCELED);
	assert_true(match(al, "192.0.2.8"));

	mem_deref(al);
}


static void resolve_nothing(void **state)
{
	struct addrlist *al = list("server 192.0.2.1 ::/0 any");
	(void)state;

	addrlist_resolve(al);
	assert_null(tw.job);
	mem_deref(al);
}


static void resolve_many(void **state)
{
	struct addrlist *al = list("pbx");
	(void)state;

	tw.found = MANY;
	addrlist_resolve(al);
	worker_work(0);

	assert_true(match(al, "192.0.2.31"));
	assert_false(match(al, "192.0.2.32"));
	mem_deref(al);
}


static void freed_meanwhile(void **state)
{
	struct addrlist *al = list("pbx 192.0.2.1");
	(void)state;

	tw.found = 1;
	addrlist_resolve(al);
	mem_deref(al);
	worker_work(0);

	al = list("pbx");
	addrlist_resolve(al);
	mem_deref(al);
	worker_work(ECANCELED);
}


static void no_worker(void **state)
{
	struct addrlist *al = list("pbx");
	(void)state;

	tw.err = ESHUTDOWN;
	addrlist_resolve(al);

	tw.err   = 0;
	tw.found = 1;
	addrlist_resolve(al);
	worker_work(0);
	assert_true(match(al, "192.0.2.0"));
	mem_deref(al);
}


/* An address is not covered by what a name happens to be now */
static void no_subset_of_found(void **state)
{
	struct addrlist *al = list("192.0.2.0"), *of = list("pbx");
	(void)state;

	tw.found = 4;
	addrlist_resolve(of);
	worker_work(0);

	assert_true(match(of, "192.0.2.0"));
	assert_false(addrlist_subset(al, of));

	mem_deref(al);
	mem_deref(of);
}


int main(void)
{
	const struct CMUnitTest testv[] = {
		cmocka_unit_test_setup(resolve, setup),
		cmocka_unit_test_setup(resolve_nothing, setup),
		cmocka_unit_test_setup(resolve_many, setup),
		cmocka_unit_test_setup(freed_meanwhile, setup),
		cmocka_unit_test_setup(no_worker, setup),
		cmocka_unit_test_setup(no_subset_of_found, setup),
	};

	return cmocka_run_group_tests(testv, NULL, NULL);
}
