/**
 * @file lookup.c  Look the names of a list up
 *
 * By getaddrinfo() in the worker, which blocks, but knows /etc/hosts, as
 * libre's own resolver does not.
 */
#include <netdb.h>
#include <curl/curl.h>
#include <re.h>
#include "addrlist/addrlist.h"
#include "addrlist/subnet.h"
#include "addrlist/entry.h"
#include "worker/worker.h"


enum {
	NAME_ADDRS = 32,        /**< Addresses of one name, at most         */
};

/** A look-up: entries of its own, so that the worker shares nothing */
struct lookup {
	struct addrlist *al;
	struct list entryl;     /**< The names, in the order of the list    */
};


static void lookup_destructor(void *arg)
{
	struct lookup *lookup = arg;

	list_flush(&lookup->entryl);
	mem_deref(lookup->al);
}


/* In the worker's thread */
static int lookup_job(void *arg)
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM,
	};
	struct lookup *lookup = arg;
	struct addrinfo *res, *ai;
	struct le *le;

	for (le = list_head(&lookup->entryl); le; le = le->next) {
		struct addr_entry *entry = le->data;

		if (getaddrinfo(entry->host, NULL, &hints, &res))
			continue;

		for (ai = res; ai && entry->netc < NAME_ADDRS;
		     ai = ai->ai_next) {

			if (!subnet_set(&entry->netv[entry->netc],
					ai->ai_addr))
				++entry->netc;
		}

		freeaddrinfo(res);
	}

	return 0;
}


/* The list has not changed meanwhile: its names are as many, in that order */
static void lookup_done(int err, void *arg)
{
	struct lookup *lookup = arg;
	struct le *le, *found = list_head(&lookup->entryl);
	(void)err;

	lookup->al->looking = false;

	for (le = list_head(&lookup->al->entryl); le && found;
	     le = le->next) {
		struct addr_entry *entry = le->data, *answer = found->data;

		if (!entry->host)
			continue;

		found = found->next;

		/* no answer, or never asked: the last good one holds */
		if (!answer->netc)
			continue;

		mem_deref(entry->netv);
		entry->netv = mem_ref(answer->netv);
		entry->netc = answer->netc;
	}

	mem_deref(lookup);
}


/**
 * Look the names of a list up, again if they were. Till the worker is through
 * the last good result holds, and after that for the names that failed.
 *
 * @param al List; may be freed meanwhile
 */
void addrlist_resolve(struct addrlist *al)
{
	struct lookup *lookup;
	struct le *le;
	int err = 0;

	if (!al || al->looking || !addrlist_has(al, ADDR_NAME))
		return;

	lookup = mem_zalloc(sizeof(*lookup), lookup_destructor);
	if (!lookup)
		return;

	lookup->al = mem_ref(al);

	for (le = list_head(&al->entryl); le && !err; le = le->next) {
		const struct addr_entry *entry = le->data;

		if (entry->host)
			err = addr_entry_add(NULL, &lookup->entryl,
					     entry->host, NAME_ADDRS);
	}

	if (!err)
		err = worker_run(lookup_job, lookup_done, lookup);

	if (err)
		mem_deref(lookup);
	else
		al->looking = true;
}
