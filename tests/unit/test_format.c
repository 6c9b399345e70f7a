/**
 * @file test_format.c  which format it is, and what all formats share
 * links: decoded.c profile/profile.c profile/note.c profile/account.c
 * profile/check.c profile/features.c grammar.c formats/format.c formats/text.c
 * formats/decode.c formats/set.c formats/native.c formats/yealink.c
 * formats/near.c formats/yealink_table.c formats/yealink_idle.c
 * formats/yealink_set.c formats/gigaset.c formats/audiocodes.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "profile/profile.h"
#include "settings/settings.h"
#include "formats/formats.h"
#include "formats/decode.h"
#include "decoded.h"



static void test_detect(void **state)
{
	static const struct {
		const char *text;
		enum format format;
	} v[] = {
		{"", FORMAT_NONE},
		{"\n\n# only a comment\n", FORMAT_NONE},
		{"#!version:1.0.0.1", FORMAT_YEALINK},
		{"\xef\xbb\xbf#!version:1.0.0.1\n", FORMAT_YEALINK},
		{" #!version:1.0.0.1\n", FORMAT_NONE},
		{"<sip:a@b>\n", FORMAT_NATIVE},
		{"# x\n\n \"A\" <sip:a@b>;regint=0\n", FORMAT_NATIVE},
		{"sip:a@b\n", FORMAT_NATIVE},
		{"<?xml version=\"1.0\"?>\n<!-- x -->\n<provisioning a=\"1\">",
		 FORMAT_GIGASET},
		{"<provisioning/>", FORMAT_GIGASET},
		{"<html><body>404</body></html>", FORMAT_NONE},
		{"<settings><phone-settings/></settings>", FORMAT_NONE},
		{"voip/line/0/id=1\n", FORMAT_AUDIOCODES},
		{"# x\n; y\nprovisioning/method = STATIC", FORMAT_AUDIOCODES},
		{"include http://x/y.cfg\n", FORMAT_AUDIOCODES},
		{"http://example.net/?a=b\n", FORMAT_NONE},
		{"key=value\n", FORMAT_NONE},
		{"404 Not Found\n", FORMAT_NONE},
		{"{\"a/b\": 1}", FORMAT_NONE},
	};
	size_t i;
	(void)state;

	for (i=0; i<sizeof(v)/sizeof(v[0]); i++) {

		struct pl pl;

		pl_set_str(&pl, v[i].text);
		if (format_detect(&pl) != v[i].format)
			fail_msg("%s: %s", v[i].text,
				 format_name(format_detect(&pl)));
	}

	assert_int_equal(format_detect(NULL), FORMAT_NONE);
	assert_string_equal(format_name(FORMAT_GIGASET), "gigaset");
	assert_string_equal(format_name(99), "none");
}


static void test_text(void **state)
{
	static const char *goodv[] = {
		"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
		"\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
		"\xf4\x8f\xbf\xbf", "\t",
	};
	static const char *badv[] = {
		"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41",
		"\xe0\x9f\xbf", "\xed\xa0\x80", "\xe1\x80", "\xe1\x80\x41",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
		"\xf1\x80\x80", "\xff", "\x01", "\x1b[0m", "\x7f",
	};
	char text[64];
	size_t i;
	(void)state;

	for (i=0; i<sizeof(goodv)/sizeof(goodv[0]); i++) {

		struct decoded d;

		(void)re_snprintf(text, sizeof(text),
				  "<sip:a@b>\n# %s", goodv[i]);
		decode(&d, text);
		assert_int_equal(d.err, 0);
		decoded_free(&d);
	}

	for (i=0; i<sizeof(badv)/sizeof(badv[0]); i++) {
		(void)re_snprintf(text, sizeof(text), "<sip:a@b>\n# %s",
				  badv[i]);
		assert_refused(text, 2, "");
	}
}


static void test_nul_and_size(void **state)
{
	const size_t size = FORMAT_FILE_MAX + 1;
	struct format_error error;
	struct profile *prof;
	struct pl pl;
	char *buf;
	(void)state;

	assert_int_equal(profile_alloc(&prof), 0);

	pl.p = "<sip:a@b>\n\0<sip:c@d>\n";
	pl.l = 21;
	assert_int_equal(format_decode(prof, &pl, &error), EBADMSG);
	assert_int_equal(error.lineno, 2);
	assert_non_null(strstr(error.text, "NUL"));

	buf = mem_alloc(size, NULL);
	memset(buf, '\n', size);
	memcpy(buf, "<sip:a@b>", 9);
	pl.p = buf;
	pl.l = size;
	assert_int_equal(format_decode(prof, &pl, &error), EBADMSG);
	assert_int_equal(error.lineno, 0);
	assert_non_null(strstr(error.text, "1 MiB"));

	pl.l = size - 1;
	assert_int_equal(format_decode(prof, &pl, &error), 0);

	assert_int_equal(format_decode(NULL, &pl, &error), EINVAL);
	assert_int_equal(format_decode(prof, NULL, &error), EINVAL);
	assert_int_equal(format_decode(prof, &pl, NULL), EINVAL);

	mem_deref(buf);
	mem_deref(prof);
}


/* The key in it comes from the file, and the text goes to a terminal */
static void test_reason_printable(void **state)
{
	(void)state;

	assert_refused("#!version:1\naccount.1.codec.\tf\xc2\x85.priority = x"
		       "\n", 2, "account.1.codec.?f??.priority: ");
}


static void test_none(void **state)
{
	(void)state;

	assert_refused("", 1, "no known format");
	assert_refused("# nothing\n", 1, "no known format");
	assert_refused("404 Not Found\n", 1, "no known format");
}


static void assert_sorted(const struct format_rows *rows)
{
	size_t i;

	for (i=1; rows && i<rows->c; i++) {
		if (strcmp(rows->v[i-1].key, rows->v[i].key) >= 0)
			fail_msg("%s stands before %s", rows->v[i-1].key,
				 rows->v[i].key);
	}
}


/* A row out of order would never be found */
static void test_sorted(void **state)
{
	static const struct format_table *tablev[] = {
		&native_table, &yealink_table, &gigaset_table,
		&audiocodes_table
	};
	size_t i, j;
	(void)state;

	for (i=0; i<sizeof(tablev)/sizeof(tablev[0]); i++) {

		assert_sorted(&tablev[i]->used);
		assert_sorted(tablev[i]->idle);

		for (j=0; j<tablev[i]->used.c; j++)
			assert_non_null(tablev[i]->used.v[j].desc);
	}
}


static void test_table_print(void **state)
{
	struct mbuf *mb = mbuf_alloc(1024);
	(void)state;

	assert_int_equal(mbuf_printf(mb, "%H", format_table_print, NULL), 0);
	mbuf_write_u8(mb, 0);

	assert_non_null(strstr((char *)mb->buf, "### yealink\n\n| key "));
	assert_non_null(strstr((char *)mb->buf,
			       "\n| `account.#.user_name` | user |\n"));
	assert_non_null(strstr((char *)mb->buf, "\n| `action_url.*` | "));
	assert_non_null(strstr((char *)mb->buf, "\n| `audio_source` | "));

	mem_deref(mb);
}


/* A real file has thousands of keys that no softphone has */
static void test_notes(void **state)
{
	struct mbuf *mb = mbuf_alloc(65536);
	struct decoded d;
	char *text;
	unsigned i;
	(void)state;

	mbuf_printf(mb, "#!version:1.0.0.1\n");
	for (i=0; i<PROFILE_NOTES_MAX + 100; i++)
		mbuf_printf(mb, "no.such.key.%u = 1\n", i);

	mb->pos = 0;
	assert_int_equal(mbuf_strdup(mb, &text, mb->end), 0);
	decode(&d, text);

	assert_int_equal(d.err, 0);
	assert_int_equal(d.prof->unknownc, PROFILE_NOTES_MAX + 100);
	assert_int_equal(list_count(&d.prof->notel), PROFILE_NOTES_MAX);
	assert_int_equal(note_of(&d, "no.such.key.7")->lineno, 9);

	decoded_free(&d);
	mem_deref(text);
	mem_deref(mb);
}


/* What is not printable in a key does not reach a log */
static void test_note_printable(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, "#!version:1\n\xc3\xa4\xe2\x80\xa8.key = 1\nlast = 1\n");
	assert_non_null(note_of(&d, "?????.key"));
	decoded_free(&d);
}


static int include_handler(const struct pl *ref, void *arg)
{
	(void)ref;
	(void)arg;

	return EINTR;
}


static void test_includes(void **state)
{
	bool overwrite = true;
	struct pl pl;
	(void)state;

	pl_set_str(&pl, "<sip:a@b>\n");
	assert_int_equal(format_includes(&pl, NULL, &overwrite,
					 include_handler, NULL), 0);
	assert_true(overwrite);

	pl_set_str(&pl, "#!version:1\ninclude:config a\ninclude:config b\n");
	assert_int_equal(format_includes(&pl, NULL, &overwrite,
					 include_handler, NULL), EINTR);
	assert_int_equal(format_includes(NULL, NULL, &overwrite,
					 include_handler, NULL), EINVAL);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detect),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_nul_and_size),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_reason_printable),
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_table_print),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_note_printable),
		cmocka_unit_test(test_includes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
