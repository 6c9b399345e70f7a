/**
 * @file fuzz_manifest.c  What the state dir says of generations
 *
 * The first byte says which of the two files it is.
 *
 * links: provision/manifest.c provision/generation.c profile/profile.c
 * links: profile/account.c profile/check.c profile/note.c profile/features.c
 * links: grammar.c fake_format.c
 */
#include <stdlib.h>
#include <string.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "provision/room.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void must(bool ok)
{
	if (!ok)
		abort();
}


/* Read it, and write it; NULL if it was refused */
static struct mbuf *manifest(const struct mbuf *mb)
{
	struct generation *gen = NULL;
	struct mbuf *out = NULL;

	must(!generation_alloc(&gen, NULL));

	if (!manifest_decode(gen, mb)) {

		must(list_count(&gen->partl) > 0 &&
		     list_count(&gen->partl) <= PARTS_MAX);
		must(strlen(gen->hash) < HASH_MAX);
		must(!manifest_encode(&out, gen));
	}

	mem_deref(gen);

	return out;
}


static struct mbuf *standing(const struct mbuf *mb)
{
	struct mbuf *out = NULL;
	struct standing st;

	if (!standing_decode(&st, mb)) {

		must(strlen(st.refused.hash) < sizeof(st.refused.hash));
		must(strlen(st.refused.boot) < sizeof(st.refused.boot));
		must(!standing_encode(&out, &st));
	}

	return out;
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mbuf *(*read_write)(const struct mbuf *mb);
	struct mbuf *mb, *once, *twice;

	if (size < 2)
		return 0;

	read_write = data[0] & 1 ? manifest : standing;

	mb = mbuf_alloc(size - 1);
	must(mb && !mbuf_write_mem(mb, data + 1, size - 1));

	once = read_write(mb);
	if (once) {
		twice = read_write(once);

		/* What was written reads as what it was */
		must(twice && once->end == twice->end &&
		     !memcmp(once->buf, twice->buf, once->end));
		mem_deref(twice);
	}

	mem_deref(once);
	mem_deref(mb);

	return 0;
}
