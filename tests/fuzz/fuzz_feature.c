/**
 * @file fuzz_feature.c  The file of DND, call waiting and forwards
 * links: phone/feature_file.c phone/number.c grammar.c fake_uag.c
 */
#include <stdlib.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "phone/phone.h"
#include "phone/room.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void must(bool ok)
{
	if (!ok)
		abort();
}


struct ua *accounts_nth(unsigned n)
{
	(void)n;

	return NULL;
}


static void features_clear(struct feature *v)
{
	size_t i;

	for (i=0; i<FEATURE_COUNT; i++) {
		mem_deref(v[i].target);
		v[i].target = NULL;
		v[i].on = -1;
		v[i].seconds = 0;
	}
}


/* A forward that is on says where to, in what may be dialled */
static void features_check(const struct feature *v)
{
	struct number num;
	struct pl pl;
	size_t i;

	for (i=0; i<FEATURE_COUNT; i++) {

		must(v[i].on <= 0 || i < FEATURE_ALWAYS ||
		     v[i].target);

		if (v[i].target) {
			pl_set_str(&pl, v[i].target);
			must(!number_decode(&num, &pl));
		}
	}
}


static struct mbuf *read_write(struct mbuf *mb, bool damaged)
{
	struct feature setv[FEATURE_COUNT] = {{.on = -1}};
	struct feature givenv[FEATURE_COUNT] = {{.on = -1}};
	struct mbuf *out = NULL;
	int err;

	features_clear(setv);
	features_clear(givenv);

	err = feature_decode(setv, givenv, mb);
	must(damaged || !err || !mb->end);

	features_check(setv);
	features_check(givenv);

	must(!feature_encode(&out, setv, givenv));

	features_clear(setv);
	features_clear(givenv);

	out->pos = 0;

	return out;
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mbuf *mb, *once, *twice;

	mb = mbuf_alloc(size + 1);
	must(mb && !mbuf_write_mem(mb, data, size));
	mb->pos = 0;

	once  = read_write(mb, true);
	twice = read_write(once, false);

	/* What was written reads as what it was */
	must(once->end == twice->end &&
	     !memcmp(once->buf, twice->buf, once->end));

	mem_deref(twice);
	mem_deref(once);
	mem_deref(mb);

	return 0;
}
