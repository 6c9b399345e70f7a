/**
 * @file test_plan.c  Tests of plan.c
 * links: provision/plan.c provision/generation.c provision/url.c vendor.c
 * profile/profile.c profile/account.c profile/check.c profile/note.c
 * profile/features.c grammar.c fake_format.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "vendor.h"
#include "profile/profile.h"
#include "provision/room.h"


static struct {
	struct settings s;
	struct generation *gen;
} tp;


static void use(const char *vendor, const char *model)
{
	struct pl pl;

	pl_set_str(&pl, vendor);
	tp.s.vendor = vendor_find(&pl);
	assert_non_null(tp.s.vendor);
	tp.s.model = (char *)model;
}


static int setup(void **state)
{
	(void)state;

	memset(&tp, 0, sizeof(tp));
	tp.s.firmware = "1";
	str_ncpy(tp.s.mac, "00a0b0c0d0e0", sizeof(tp.s.mac));
	use("native", "baresip");

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	mem_deref(tp.gen);

	return 0;
}


static void plan(const char *url)
{
	tp.gen = mem_deref(tp.gen);
	assert_int_equal(0, generation_alloc(&tp.gen, url));
	assert_int_equal(0, plan_files(tp.gen, &tp.s));
}


/* The next file must be this one; say what came of it */
static struct part *next(const char *name, enum part_state state)
{
	struct part *part = plan_next(tp.gen);

	assert_non_null(part);
	assert_string_equal(name, part->name);
	part->state = state;

	return part;
}


static void assert_url(const char *expected, const char *tmpl)
{
	char *url = NULL;

	assert_int_equal(0, plan_url(&url, tmpl, &tp.s));
	assert_string_equal(expected, url);
	mem_deref(url);
}


static void test_url(void **state)
{
	char *url;
	(void)state;

	assert_url("http://h/00a0b0c0d0e0.cfg", "http://h/{mac}.cfg");
	assert_url("http://h/00A0B0C0D0E0.cfg", "http://h/$MAC.cfg");
	assert_url("http://h/x?m=00A0B0C0D0E0", "http://h/x?m=%MACD");

	/* a bare host is a folder */
	assert_url("tftp://10.13.4.121/", "tftp://10.13.4.121");

	/* blanks, and paths of this machine */
	assert_url("http://h/a%20b/", "http://h/a b/");
	assert_url("file:///tmp/a%20b/", "/tmp/a b/");

	assert_int_equal(EBADMSG, plan_url(&url, "http://", &tp.s));
	assert_int_equal(EINVAL, plan_url(&url, NULL, &tp.s));
}


static void test_file(void **state)
{
	(void)state;

	plan("http://h/{x}/a.cfg?b=/c/");
	plan("http://h/p/a.cfg?b=c");
	assert_int_equal(RULE_SOLE, next("a.cfg", PART_NEW)->rule);
	assert_null(plan_next(tp.gen));
	assert_true(plan_settle(tp.gen));
}


static void test_choice(void **state)
{
	(void)state;

	plan("http://h/p/");
	next("00a0b0c0d0e0.accounts", PART_ABSENT);
	next("accounts", PART_NEW);
	assert_null(plan_next(tp.gen));
	assert_true(plan_settle(tp.gen));
	assert_int_equal(1, list_count(&tp.gen->partl));
	assert_non_null(generation_part(tp.gen, "http://h/p/accounts"));
	assert_null(generation_part(tp.gen, "http://h/p/other"));

	/* of two such names the first that exists, not both */
	use("audiocodes", "445HD");
	plan("http://h/p/");
	next("00A0B0C0D0E0.cfg", PART_SAME);
	assert_null(plan_next(tp.gen));
	assert_true(plan_settle(tp.gen));
	assert_int_equal(1, list_count(&tp.gen->partl));

	use("gigaset", "N870");
	plan("http://h/p/");
	next("00A0B0C0D0E0.xml", PART_ABSENT);
	assert_null(plan_next(tp.gen));
	assert_false(plan_settle(tp.gen));
}


/* No boot file: the common one, then the phone's own */
static void test_layers(void **state)
{
	(void)state;

	use("yealink", "T46S");
	plan("http://h/");
	next("00a0b0c0d0e0.boot", PART_ABSENT);
	next("y000000000000.boot", PART_ABSENT);
	next("y000000000066.cfg", PART_NEW);
	next("00a0b0c0d0e0.cfg", PART_NEW);
	assert_null(plan_next(tp.gen));
	assert_true(plan_settle(tp.gen));
	assert_int_equal(2, list_count(&tp.gen->partl));
}


static void include(struct part *boot, const char *ref, int err)
{
	struct pl pl;

	pl_set_str(&pl, ref);
	assert_int_equal(err, plan_include(tp.gen, boot, &pl));
}


static void test_boot(void **state)
{
	struct part *boot;
	const struct part *part;
	(void)state;

	use("yealink", "T46S");
	plan("http://h/p/");
	boot = next("00a0b0c0d0e0.boot", PART_NEW);

	include(boot, "sub/a.cfg", 0);
	include(boot, "https://other/b c.cfg", 0);
	include(boot, "/root.cfg", 0);

	/* not on the word of a server */
	include(boot, "file:///etc/passwd", EACCES);
	include(boot, "gopher://h/x.cfg", EACCES);
	include(boot, "scp://h/x.cfg", EACCES);

	part = next("a.cfg", PART_NEW);
	assert_string_equal("http://h/p/sub/a.cfg", part->url);
	assert_int_equal(RULE_INCLUDE, part->rule);
	part = next("b%20c.cfg", PART_NEW);
	assert_string_equal("https://other/b%20c.cfg", part->url);
	part = next("root.cfg", PART_NEW);
	assert_string_equal("http://h/root.cfg", part->url);

	/* neither the other boot file nor the layers */
	assert_null(plan_next(tp.gen));
	assert_true(plan_settle(tp.gen));
	assert_int_equal(4, list_count(&tp.gen->partl));
}


static void test_boot_limits(void **state)
{
	struct part *boot;
	unsigned i;
	(void)state;

	use("yealink", "T46S");
	plan("file:///srv/p/");
	boot = next("00a0b0c0d0e0.boot", PART_NEW);

	/* where the config names a file, that may name others */
	include(boot, "file:///srv/other.cfg", 0);
	include(boot, "a.cfg", 0);

	for (i=6; i<PARTS_MAX; i++)
		include(boot, "b.cfg", 0);

	include(boot, "b.cfg", E2BIG);
}


static void test_origin(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} casev[] = {
		{"http://h/a",       "http://h/b?c",       true},
		{"http://h/a",       "http://h:80/",       true},
		{"HTTP://H/a",       "http://h/",          true},
		{"http://u:p@h/a",   "http://h/",          true},
		{"http://h/a",       "https://h/",         false},
		{"http://h/a",       "http://h:81/",       false},
		{"http://h/a",       "http://h.x/",        false},
		{"http://h/",        "http://h@x/",        false},
		{"file:///a",        "file:///b",          true},
		{"http://h/",        "",                   false},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(casev); i++)
		assert_int_equal(casev[i].same,
				 url_same_origin(casev[i].a, casev[i].b));
}


static void test_print(void **state)
{
	char buf[64];
	(void)state;

	(void)re_snprintf(buf, sizeof(buf), "%H", url_print,
			  "https://user:pass@host:8443/path?query#x");
	assert_string_equal("https://host:8443", buf);

	(void)re_snprintf(buf, sizeof(buf), "%H", url_print,
			  "http://a\xc2\x9b.example:81/");
	assert_string_equal("http://a__.example:81", buf);

	(void)re_snprintf(buf, sizeof(buf), "%H", url_print, "file:///a/b");
	assert_string_equal("file://", buf);

	(void)re_snprintf(buf, sizeof(buf), "%H", url_print, NULL);
	assert_string_equal("nowhere", buf);
}


static void test_args(void **state)
{
	struct part *part;
	char *str;
	(void)state;

	assert_int_equal(EINVAL, part_alloc(NULL, "x", RULE_SOLE));
	assert_int_equal(EINVAL, part_alloc(&part, NULL, RULE_SOLE));
	assert_int_equal(EINVAL, generation_alloc(NULL, NULL));
	assert_int_equal(EINVAL, plan_files(NULL, &tp.s));
	assert_int_equal(EINVAL, plan_include(NULL, NULL, NULL));
	assert_int_equal(EINVAL, url_complete(&str, NULL));
	assert_int_equal(EINVAL, url_resolve(&str, "http://h/", NULL));
	assert_null(plan_next(NULL));
	assert_false(plan_settle(NULL));
	assert_false(url_is_folder(""));
	assert_false(url_scheme_is("http", "http"));
}


#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_url), T(test_file), T(test_choice), T(test_layers),
		T(test_boot), T(test_boot_limits), T(test_origin),
		T(test_print), T(test_args),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
