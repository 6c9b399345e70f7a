/**
 * @file fuzz_grammar.c  What may stand in a SIP message
 *
 * What one of them takes cannot become a second header, parameter or command,
 * wherever it is put.
 *
 * links: grammar.c
 */
#include <stdlib.h>
#include <string.h>
#include <re.h>
#include "grammar.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void must(bool ok)
{
	if (!ok)
		abort();
}


static void must_have_none(const struct pl *pl, const char *bad)
{
	size_t i;

	for (i=0; i<pl->l; i++) {
		const uint8_t c = (uint8_t)pl->p[i];

		must(c >= 0x20 && c != 0x7f && !strchr(bad, c));
	}
}


static void uri_check(const struct pl *pl)
{
	struct pl user = *pl;
	struct uri uri;
	char *str = NULL;

	if (grammar_user(&user) && user.l) {

		must(re_sdprintf(&str, "sip:%r@h", &user) == 0);
		pl_set_str(&user, str);
		must(!uri_decode(&uri, &user));
		must(uri.user.l == pl->l && !uri.password.l &&
		     !uri.params.l && !uri.headers.l);
		mem_deref(str);
	}

	if (grammar_proxy_uri(pl)) {
		must_have_none(pl, " \"<>,");
		must(!uri_decode(&uri, pl));
	}
}


static void hostport_check(const struct pl *pl)
{
	struct pl host = PL_INIT;
	uint16_t port = 0;

	if (!grammar_hostport(pl, &host, &port))
		return;

	must(host.l && host.p >= pl->p && host.p + host.l <= pl->p + pl->l);
	must_have_none(&host, " \"<>,;@/?&=%");
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pl pl = {(const char *)data, size};
	uint16_t port = 0;

	if (grammar_host(&pl))
		must_have_none(&pl, " \"<>,;@/?&=%");
	if (grammar_port(&pl, &port))
		must_have_none(&pl, " \"<>,;@/?&=%:.-+");
	if (grammar_number(&pl))
		must_have_none(&pl, " \"<>,;/?&=%");
	if (grammar_word(&pl))
		must_have_none(&pl, " \"<>,;");
	if (grammar_user(&pl))
		must_have_none(&pl, " \"<>,@:");
	if (grammar_text(&pl))
		must_have_none(&pl, "");
	if (grammar_secret(&pl))
		must_have_none(&pl, "");

	uri_check(&pl);
	hostport_check(&pl);

	return 0;
}
