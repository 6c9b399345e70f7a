/**
 * @file fuzz_url.c  The URL of a server, and what its boot files name
 *
 * The first byte chooses the vendor. The first line is a URL with {mac} and
 * the like, as the config or a PnP server has it; each further one is what a
 * boot file includes.
 *
 * links: provision/plan.c provision/url.c provision/source.c
 * links: provision/generation.c vendor.c profile/profile.c profile/account.c
 * links: profile/check.c profile/note.c profile/features.c grammar.c
 * links: fake_format.c stub_baresip.c
 */
#include <stdlib.h>
#include <string.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "request.h"
#include "settings/settings.h"
#include "vendor.h"
#include "provision/room.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void must(bool ok)
{
	if (!ok)
		abort();
}


bool settings_given(const struct settings *s, const char *key)
{
	(void)s;
	(void)key;

	return false;
}


static const struct vendor *vendor_of(uint8_t n)
{
	static const struct pl namev[] = {
		PL("native"), PL("yealink"), PL("gigaset"), PL("audiocodes")
	};

	return vendor_find(&namev[n % RE_ARRAY_SIZE(namev)]);
}


/* It goes into a request and into the journal: one line, without blanks */
static void must_be_url(const char *url)
{
	const char *p;

	must(str_isset(url) && strstr(url, "://"));

	for (p = url; *p; ++p)
		must((uint8_t)*p > ' ' && *p != 0x7f);
}


/* What people see holds no password, path or query */
static void shown_check(const char *url)
{
	char *str = NULL;
	const char *host;

	must(!re_sdprintf(&str, "%H", url_print, url));

	/* libcurl makes URLs that it does not read again, as file://%A/ */
	if (strcmp(str, "nowhere")) {
		host = strstr(str, "://");
		must(host && !strpbrk(host + 3, "/?#@ \t\r\n"));
	}

	mem_deref(str);
}


static void login_check(const char *url, struct settings *s)
{
	const char *user, *pass;

	if (source_login(&user, &pass, url, s, NULL))
		return;

	must(!user || url_same_origin(s->url, url));
}


static void url_check(const char *url, struct settings *s)
{
	must_be_url(url);
	shown_check(url);
	login_check(url, s);
	(void)url_same_origin(url, url);
}


static void plan_check(struct generation *gen, struct settings *s)
{
	struct part *part;

	/* Every other file is there */
	while ((part = plan_next(gen))) {

		url_check(part->url, s);
		must(!strchr(part->name, '/'));
		part->state = str_len(part->url) & 1 ? PART_ABSENT : PART_NEW;
	}

	(void)plan_settle(gen);
}


static void includes(struct generation *gen, char *lines)
{
	struct part *boot = list_ledata(gen->partl.head);
	char *ref;

	while (boot && (ref = strsep(&lines, "\n"))) {
		struct pl pl;

		pl_set_str(&pl, ref);
		(void)plan_include(gen, boot, &pl);
	}

	must(list_count(&gen->partl) <= PARTS_MAX);
}


/* A server's boot file cannot have a file of this machine read */
static void must_not_be_file(const struct generation *gen)
{
	struct le *le;

	if (url_scheme_is(gen->url, "file"))
		return;

	for (le = list_head(&gen->partl); le; le = le->next) {
		const struct part *part = le->data;

		must(!url_scheme_is(part->url, "file"));
	}
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pl pl = {(const char *)data + 1, size - 1};
	static char user[] = "u", base[] = "https://prov.example/";
	struct settings s = {.mac = "00a0b0c0d0e0", .user = user};
	struct generation *gen = NULL;
	char *text = NULL, *lines, *url = NULL;

	if (!size)
		return 0;

	s.vendor   = vendor_of(data[0]);
	s.model    = (char *)"SIP-T46S";
	s.firmware = (char *)"1";
	s.url      = base;

	must(!pl_strdup(&text, &pl));

	lines = text;

	if (!plan_url(&url, strsep(&lines, "\n"), &s)) {

		url_check(url, &s);
		must(!generation_alloc(&gen, url));

		if (!plan_files(gen, &s)) {
			includes(gen, lines);
			must_not_be_file(gen);
			plan_check(gen, &s);
		}
	}

	mem_deref(gen);
	mem_deref(url);
	mem_deref(text);

	return 0;
}
