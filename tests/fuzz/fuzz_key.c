/**
 * @file fuzz_key.c  Fuzzes phone/chain.c: the body of an ACTION-URI
 *
 * The first byte says whether it is a body, an event's name, or its
 * parameters. What is taken must be shown in ASCII that is taken again, and
 * come to the same.
 *
 * links: phone/call.c phone/chain.c phone/deed.c phone/deed_feature.c
 * links: phone/deed_transfer.c phone/dialer.c phone/event.c phone/feature.c
 * links: phone/feature_file.c phone/feature_given.c phone/incoming.c
 * links: phone/key.c phone/number.c phone/ownkey.c phone/phone.c phone/plan.c
 * links: phone/run.c phone/slot.c
 * links: phone/speed.c phone/talk.c phone/transfer.c phone/volume.c
 * links: request.c grammar.c fake_phone.c fake_calls.c fake_clock.c
 * links: stub_baresip.c
 */
#include <stdlib.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "phone/phone.h"
#include "phone/room.h"
#include "../unit/fake_phone.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void check(bool ok)
{
	if (!ok)
		abort();
}


/* Decode, print; NULL if it was refused */
static char *decode(const struct pl *body, size_t *pressc)
{
	struct fault fault = {NULL};
	struct chain *chain = NULL;
	char *str = NULL;
	const int err = chain_decode(&chain, body, &fault);

	check((err == 0) == (chain != NULL));
	check((err == EBADMSG) == (fault.reason != NULL));

	if (err)
		return NULL;

	check(chain->pressc > 0 && chain->pressc <= CHAIN_MAX);
	*pressc = chain->pressc;

	check(!re_sdprintf(&str, "key=%H", chain_print, chain));
	mem_deref(chain);

	return str;
}


static void fuzz_chain(const struct pl *body)
{
	size_t n1 = 0, n2 = 0, i;
	char *first, *second;
	struct pl pl;

	first = decode(body, &n1);
	if (!first)
		return;

	for (i=0; first[i]; i++)
		check(first[i] > ' ' && first[i] < 0x7f);

	/* A digit that is not shown cannot be read again */
	if (!strstr(first, "digit")) {

		pl_set_str(&pl, first);
		second = decode(&pl, &n2);

		check(second && !strcmp(first, second) && n1 == n2);
		mem_deref(second);
	}

	mem_deref(first);
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pl name = PL("check-sync");
	struct pl pl;

	if (!size)
		return 0;

	pl.p = (const char *)data + 1;
	pl.l = size - 1;

	switch (data[0] % 3) {

	case 0:
		fuzz_chain(&pl);
		break;

	case 1:
		(void)event_find(&pl);
		break;

	default:
		(void)event_reboot(event_find(&name), &pl);
		break;
	}

	return 0;
}
