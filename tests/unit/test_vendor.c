/**
 * @file test_vendor.c  Tests of vendor.c
 * links: vendor.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "compat/compat.h"
#include "vendor.h"


static const struct vendor *vendor(const char *name)
{
	struct pl pl;

	pl_set_str(&pl, name);

	return vendor_find(&pl);
}


static char *expand(const char *tmpl, const char *model)
{
	char *str = NULL;

	assert_int_equal(0, vendor_expand(&str, tmpl, "001565abcdef", model,
					  "66.86.0.15", "yealink"));
	return str;
}


static void assert_expands(const char *tmpl, const char *expected)
{
	char *str = expand(tmpl, "T46S");

	assert_string_equal(expected, str);
	mem_deref(str);
}


static void find(void **state)
{
	(void)state;

	assert_string_equal("yealink", vendor("yealink")->name);
	assert_ptr_equal(vendor("Gigaset"), vendor("gigaset"));
	assert_ptr_equal(vendor_native(), vendor("native"));
	assert_null(vendor("yealin"));
	assert_null(vendor("yealinks"));
	assert_null(vendor(""));
	assert_null(vendor_find(NULL));
}


static void names(void **state)
{
	char *str = NULL;
	(void)state;

	assert_int_equal(0, re_sdprintf(&str, "%H", vendor_names, NULL));
	assert_string_equal("native, yealink, gigaset, audiocodes", str);
	mem_deref(str);
}


/* Files in a folder as the phones ask for them, User-Agents as they send */
static void phones(void **state)
{
	static const struct {
		const char *name;
		const char *agent;
		const char *filev[4];
		const char *event;
		const char *ruri;
		bool reboot;
	} testv[] = {
		{"native", "baresip/1.2.3 (provnotify)",
		 {"001565abcdef.accounts", "accounts"},
		 "profile-type=\"device\";vendor=\"baresip\";"
		 "model=\"baresip\";version=\"1.2.3\"",
		 "sip:MAC%3A001565abcdef@224.0.1.75", true},
		{"yealink", "Yealink SIP-T46S 66.86.0.15 00:15:65:ab:cd:ef",
		 {"001565abcdef.boot", "y000000000000.boot",
		  "y000000000066.cfg", "001565abcdef.cfg"},
		 "profile-type=\"device\";vendor=\"Yealink\";"
		 "model=\"T46S\";version=\"66.86.0.15\"",
		 "sip:MAC%3A001565abcdef@224.0.1.75", true},
		{"gigaset",
		 "Gigaset N870 IP PRO/83.V2.11.0+build.a546b91;001565ABCDEF",
		 {"001565ABCDEF.xml"},
		 "profile-type=\"device\";vendor=\"Gigaset\";"
		 "model=\"N870 IP PRO\";version=\"83.V2.11.0+build.a546b91\"",
		 "sip:MAC%3A001565ABCDEF@224.0.1.75", false},
		{"audiocodes",
		 "AUDC/3.4.6.604 AUDC-IPPhone-445HD_UC_3.4.6.604/1",
		 {"001565ABCDEF.cfg", "001565abcdef.cfg"},
		 "profile-type=\"application\";model=\"445HD\";"
		 "version=\"3.4.6.604\"",
		 "sip:224.0.1.75:5060", true},
	};
	size_t i, j;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {
		const struct vendor *v = vendor(testv[i].name);
		const char *firmware = v->firmware ? v->firmware : "1.2.3";
		const struct {
			const char *tmpl;
			const char *expected;
		} textv[] = {
			{v->agent,     testv[i].agent},
			{v->pnp_event, testv[i].event},
			{v->pnp_ruri,  testv[i].ruri},
			{v->filev[0],  testv[i].filev[0]},
			{v->filev[1],  testv[i].filev[1]},
			{v->filev[2],  testv[i].filev[2]},
			{v->filev[3],  testv[i].filev[3]},
		};

		assert_int_equal(testv[i].reboot, v->checksync_reboot);

		for (j=0; j<RE_ARRAY_SIZE(textv); j++) {
			char *str = NULL;

			if (!textv[j].expected) {
				assert_null(textv[j].tmpl);
				continue;
			}

			assert_int_equal(0, vendor_expand(&str,
				textv[j].tmpl, "001565abcdef", v->model,
				firmware, v->name));
			assert_string_equal(textv[j].expected, str);
			mem_deref(str);
		}
	}
}


static void firmware(void **state)
{
	char *str = NULL;
	struct pl major;
	(void)state;

	assert_int_equal(0, vendor_firmware(&str, vendor("yealink")));
	assert_string_equal("66.86.0.15", str);
	str = mem_deref(str);

	assert_int_equal(0, vendor_firmware(&str, vendor_native()));
	assert_int_equal(0, re_regex(str, str_len(str),
				     "[0-9]+.[0-9]+.[0-9]+", &major, NULL,
				     NULL));
	assert_true(pl_u32(&major) >= 1);
	mem_deref(str);

	assert_int_equal(EINVAL, vendor_firmware(NULL, vendor_native()));
	assert_int_equal(EINVAL, vendor_firmware(&str, NULL));
}


static void expansion(void **state)
{
	(void)state;

	assert_expands("", "");
	assert_expands("plain", "plain");
	assert_expands("{mac}{MAC}{mac:}",
		       "001565abcdef001565ABCDEF00:15:65:ab:cd:ef");
	assert_expands("{model}-{vendor}-{firmware}",
		       "T46S-yealink-66.86.0.15");
	assert_expands("http://h/$MAC/$mac/$MODEL/$model.cfg",
		       "http://h/001565ABCDEF/001565abcdef/T46S/T46S.cfg");
	assert_expands("http://h/%MACD.xml", "http://h/001565ABCDEF.xml");

	/* what is none of them stays */
	assert_expands("{}{ma}{mac{serial}}$ %MAC %20$",
		       "{}{ma}{mac{serial}}$ %MAC %20$");
}


static void number(void **state)
{
	static const struct {
		const char *model;
		const char *file;
	} testv[] = {
		{"T46G",  "y000000000028.cfg"},
		{"t54w",  "y000000000096.cfg"},
		{"T46U",  "y000000000108.cfg"},
		{"T58W",  "y000000000150.cfg"},
		{"W60B",  "y000000000077.cfg"},
		{"T1000", "y000000000000.cfg"},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {
		char *str = expand("y{number}.cfg", testv[i].model);

		assert_string_equal(testv[i].file, str);
		mem_deref(str);
	}
}


/* What is put in is not looked at again */
static void once(void **state)
{
	char *str = expand("{model}", "{mac}$MAC");
	(void)state;

	assert_string_equal("{mac}$MAC", str);
	mem_deref(str);
}


static void arguments(void **state)
{
	char *str = NULL;
	(void)state;

	assert_int_equal(EINVAL, vendor_expand(NULL, "", "", "", "", ""));
	assert_int_equal(EINVAL, vendor_expand(&str, NULL, "", "", "", ""));
	assert_int_equal(EINVAL, vendor_expand(&str, "", NULL, "", "", ""));
	assert_int_equal(EINVAL, vendor_expand(&str, "", "", NULL, "", ""));
	assert_int_equal(EINVAL, vendor_expand(&str, "", "", "", NULL, ""));
	assert_int_equal(EINVAL, vendor_expand(&str, "", "", "", "", NULL));
	assert_null(str);
}


int main(void)
{
	const struct CMUnitTest testv[] = {
		cmocka_unit_test(find),
		cmocka_unit_test(names),
		cmocka_unit_test(phones),
		cmocka_unit_test(firmware),
		cmocka_unit_test(expansion),
		cmocka_unit_test(number),
		cmocka_unit_test(once),
		cmocka_unit_test(arguments),
	};

	return cmocka_run_group_tests(testv, NULL, NULL);
}
