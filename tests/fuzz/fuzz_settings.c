/**
 * @file fuzz_settings.c  The config file
 *
 * Built by "make fuzz":
 * clang -fsanitize=fuzzer,address,undefined fuzz_settings.c ... -lre -lcurl
 * links: settings/parse.c settings/table.c settings/value.c settings/net.c
 * settings/key.c mac.c vendor.c addrlist/addrlist.c addrlist/subnet.c
 */
#include <stdlib.h>
#include <string.h>
#include <re.h>
#include "settings/settings.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void must(bool ok)
{
	if (!ok)
		abort();
}


/* Nothing of the file gets into a terminal as it is */
static void errors_check(const struct mbuf *errors)
{
	size_t i;

	must(errors->end && errors->buf[errors->end - 1] == '\n');

	for (i=0; i<errors->end; i++)
		must(errors->buf[i] == '\n' ||
		     (errors->buf[i] >= ' ' && errors->buf[i] <= '~'));
}


static void parsed_check(const struct settings *s)
{
	must(s->vendor && s->model && s->firmware);
	must(s->state_dir && s->state_dir[0] == '/');
	must(!s->journal || s->journal[0] == '/');
	must(!s->ca_file || s->ca_file[0] == '/');
	must(!s->mac[0] || strlen(s->mac) == 12);
	must(s->quota >= 1 && s->timeout >= 1 && s->confirm >= 1);
	must((s->restart == RESTART_COMMAND) == (s->restart_command != NULL));
	must(sa_isset(&s->pnp_address, SA_ALL));
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pl text = {(const char *)data, size};
	struct mbuf *errors = mbuf_alloc(256);
	struct settings *s = NULL;
	int err;

	must(errors != NULL);

	err = settings_parse(&s, "config", &text, "/c", errors);

	if (err) {
		must(err == EINVAL && !s);
		errors_check(errors);
	}
	else {
		must(!errors->end);
		parsed_check(s);
	}

	mem_deref(s);
	mem_deref(errors);

	return 0;
}
