/**
 * @file fuzz_decision.c  The file of what a person decided
 *
 * Built by "make fuzz":
 * clang -fsanitize=fuzzer,address,undefined fuzz_decision.c decision.c ...
 * links: guard/decision.c request.c fake_guard.c stub_baresip.c
 */
#include <stdlib.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"
#include "../unit/fake_guard.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* Read the file, write it, and give what was written */
static void read_write(char *written, size_t size)
{
	decision_load();
	decision_store();
	decision_close();
	fake_worker();

	str_ncpy(written, fake.file, size);
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char once[sizeof(fake.file)], twice[sizeof(fake.file)];

	fake_reset();

	if (size >= sizeof(fake.file))
		return 0;

	memcpy(fake.file, data, size);

	read_write(once, sizeof(once));
	read_write(twice, sizeof(twice));

	/* What was written reads as what it was */
	if (strcmp(once, twice))
		abort();

	return 0;
}
