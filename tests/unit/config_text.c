/**
 * @file config_text.c  Config files as text, for tests of the settings
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "settings/settings.h"
#include "config_text.h"


/* NULL, and the errors as one string, if there are errors */
struct settings *text_parse(const char *text, char **errors)
{
	struct mbuf *mb = mbuf_alloc(64);
	struct settings *s = NULL;
	struct pl pl;
	int err;

	pl_set_str(&pl, text);

	err = settings_parse(&s, TEXT_FILE, &pl, "/etc/bs", mb);

	mbuf_set_pos(mb, 0);

	if (err) {
		assert_int_equal(EINVAL, err);
		assert_null(s);
		assert_true(mb->end > 0);
	}
	else if (mb->end) {
		fail_msg("errors, yet 0");
	}

	if (errors)
		assert_int_equal(0, mbuf_strdup(mb, errors, mb->end));
	else if (err)
		fail_msg("\"%s\" was refused", text);

	mem_deref(mb);

	return s;
}


struct settings *text_parse_one(const char *key, const char *value)
{
	char text[2048];

	(void)re_snprintf(text, sizeof(text), MAC_LINE "provnotify_%s %s\n",
			  key, value);

	return text_parse(text, NULL);
}


/* The errors of a text must be these */
void text_errors(const char *text, const char *expected)
{
	char *errors = NULL;

	assert_null(text_parse(text, &errors));
	assert_string_equal(expected, errors);
	mem_deref(errors);
}


/* A value must be refused; shown unless it is secret */
void text_refused(const char *key, const char *value, bool shown,
		  const char *accepted)
{
	char text[2048], expected[1024];
	char *errors = NULL;

	(void)re_snprintf(text, sizeof(text), "\nprovnotify_%s %s\n", key,
			  value);

	if (shown)
		(void)re_snprintf(expected, sizeof(expected), TEXT_FILE ":2:"
				  " provnotify_%s: \"%s\" is wrong, accepted"
				  " is %s", key, value, accepted);
	else
		(void)re_snprintf(expected, sizeof(expected), TEXT_FILE ":2:"
				  " provnotify_%s: accepted is %s", key,
				  accepted);

	if (text_parse(text, &errors))
		fail_msg("%s \"%s\" passed", key, value);

	assert_int_equal(0, strncmp(errors, expected, strlen(expected)));
	assert_ptr_equal(strchr(errors, '\n'), errors + strlen(errors) - 1);
	mem_deref(errors);
}
