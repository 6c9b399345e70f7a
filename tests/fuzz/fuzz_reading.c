/**
 * @file fuzz_reading.c  The user's own accounts and contacts, before and after
 *
 * Up to a NUL it is how both files were, behind it how they are.
 *
 * links: provision/reading.c
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "compat/compat.h"
#include "state/state.h"
#include "provision/room.h"
#include "provision/reading.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct pl file;


static void must(bool ok)
{
	if (!ok)
		abort();
}


int state_read_at(struct mbuf **mbp, const char *path, size_t max)
{
	(void)path;

	must(file.l <= max);

	*mbp = mbuf_alloc(file.l + 1);
	must(*mbp &&
	     !mbuf_write_mem(*mbp, (const uint8_t *)file.p, file.l));
	(*mbp)->pos = 0;

	return 0;
}


static struct reading *reading_make(const void *p, size_t l)
{
	struct reading *rd = NULL;

	file.p = p;
	file.l = l;

	must(!reading_alloc(&rd));
	must(!reading_read(rd, "/"));

	return rd;
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size ? memchr(data, '\0', size) : NULL;
	const size_t l = nul ? (size_t)(nul - data) : size;
	struct reading *base, *want;
	struct change change;
	uint32_t contacts = 0;

	base = reading_make(data, l);
	want = nul ? reading_make(nul + 1, size - l - 1)
		: reading_make(data, l);

	if (!reading_compare(base, want, &change, &contacts)) {

		const uint32_t n = list_count(&want->linelv[READ_ACCOUNTS]);

		must(change.added + change.changed <= n);
		must(nul || (!change.added && !change.changed &&
			     !change.removed && !contacts));
	}
	else {
		must(want->why[0] != '\0');
	}

	mem_deref(want);
	mem_deref(base);

	return 0;
}
