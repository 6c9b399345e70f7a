/**
 * @file fuzz_addrlist.c  Lists of addresses, and what must hold for any two
 *
 * The input is two lists, a line each, then the bytes of an address. Built by
 * "make fuzz":
 * clang -fsanitize=fuzzer,address,undefined fuzz_addrlist.c ... -lre
 * links: addrlist/addrlist.c addrlist/lookup.c addrlist/subnet.c
 */
#include <stdlib.h>
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "addrlist/addrlist.h"
#include "worker/worker.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void must(bool ok)
{
	if (!ok)
		abort();
}


/* Runs at once, without the job: no name is looked up */
int worker_run(worker_job_h *job, worker_done_h *done, void *arg)
{
	(void)job;
	done(ECANCELED, arg);

	return 0;
}


static struct addrlist *decode(const struct pl *pl, bool server)
{
	struct addrlist *al = NULL;
	struct pl bad;
	int err;

	err = addrlist_decode(&al, pl, server, &bad);

	must(!err == (al != NULL));
	must(!err == !pl_isset(&bad));

	if (err)
		must(err == EBADMSG && bad.p >= pl->p &&
		     bad.p + bad.l <= pl->p + pl->l);

	return al;
}


static void printed(const struct addrlist *al)
{
	char *str = NULL;
	struct addrlist *again;
	struct pl pl;

	if (addrlist_isempty(al))
		return;

	must(!re_sdprintf(&str, "%H", addrlist_print, al));
	pl_set_str(&pl, str);

	again = decode(&pl, true);
	must(addrlist_subset(al, again) && addrlist_subset(again, al));

	mem_deref(again);
	mem_deref(str);
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct addrlist *al = NULL, *of = NULL;
	struct pl left = {(const char *)data, size}, linev[2];
	uint8_t v6[16] = {0};
	struct sa sav[2];
	size_t i;

	for (i=0; i<2; i++) {
		const char *end = pl_strchr(&left, '\n');

		linev[i] = left;
		if (end)
			linev[i].l = (size_t)(end - left.p);
		pl_advance(&left, end ? linev[i].l + 1 : linev[i].l);
	}

	memcpy(v6, left.p, left.l < sizeof(v6) ? left.l : sizeof(v6));
	sa_set_in6(&sav[0], v6, 5060);
	sa_set_in(&sav[1], (uint32_t)v6[0] << 24 | v6[1] << 16 | v6[2] << 8 |
		  v6[3], 5060);

	al = decode(&linev[0], true);
	of = decode(&linev[1], false);
	must(!of || !addrlist_has(of, ADDR_SERVER));

	if (!al || !of)
		goto out;

	printed(al);
	must(addrlist_subset(al, al));

	/* who may by the narrower list may by the wider one */
	for (i=0; i<2; i++) {

		if (addrlist_subset(al, of) && addrlist_match(al, &sav[i]))
			must(addrlist_match(of, &sav[i]));
	}

	addrlist_resolve(al);

 out:
	mem_deref(al);
	mem_deref(of);

	return 0;
}
