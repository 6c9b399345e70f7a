/**
 * @file fuzz_credentials.c  The value of an Authorization header
 *
 * Built by "make fuzz":
 * clang -fsanitize=fuzzer,address,undefined fuzz_credentials.c ...
 * links: guard/credentials.c
 */
#include <stdlib.h>
#include <re.h>
#include "request.h"
#include "guard/guard.h"
#include "guard/room.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* What was found lies inside what came */
static void must_lie_in(const struct pl *part, const struct pl *whole)
{
	if (!pl_isset(part))
		return;

	if (part->p < whole->p || part->p + part->l > whole->p + whole->l)
		abort();
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pl pl = {(const char *)data, size};
	struct credentials cred;

	if (credentials_decode(&cred, &pl))
		return 0;

	must_lie_in(&cred.algorithm, &pl);
	must_lie_in(&cred.resp.username, &pl);
	must_lie_in(&cred.resp.realm, &pl);
	must_lie_in(&cred.resp.nonce, &pl);
	must_lie_in(&cred.resp.uri, &pl);
	must_lie_in(&cred.resp.response, &pl);
	must_lie_in(&cred.resp.qop, &pl);
	must_lie_in(&cred.resp.nc, &pl);
	must_lie_in(&cred.resp.cnonce, &pl);

	return 0;
}
