/**
 * @file test_check.c  Tests of check.c and gather.c
 * links: provision/resync.c provision/step.c provision/back.c
 * provision/queue.c provision/retry.c provision/ride.c provision/trial.c
 * provision/proof.c provision/refusal.c provision/resume.c
 * provision/summary.c provision/store.c provision/shelf.c
 * provision/manifest.c provision/generation.c provision/plan.c
 * provision/url.c provision/gather.c provision/source.c provision/fetch.c
 * provision/outcome.c provision/curlopt.c provision/apply.c provision/entry.c
 * provision/swap.c provision/own.c provision/reading.c provision/check.c
 * provision/report.c provision/contents.c
 * provision/provision.c profile/profile.c profile/account.c profile/check.c
 * profile/note.c profile/features.c grammar.c vendor.c request.c state/state.c
 * state/file.c fake_room.c fake_baresip.c fake_contacts.c fake_worker.c
 * fake_format.c fake_clock.c scratch.c stub_baresip.c
 * provision/home.c
 * provision/pace.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "state/state.h"
#include "provision/provision.h"
#include "fake_baresip.h"
#include "fake_clock.h"
#include "fake_room.h"
#include "fake_worker.h"


#define T(f) cmocka_unit_test_setup_teardown(f, prov_setup, prov_teardown)


static char report[8192];


static void check(const char *what)
{
	struct mbuf *mb = NULL;

	assert_int_equal(0, provision_check(what));
	prov_settle();

	assert_int_equal(0, state_read(&mb, "provcheck.txt"));
	assert_true(mb->end < sizeof(report));
	memcpy(report, mb->buf, mb->end);
	report[mb->end] = '\0';
	mem_deref(mb);
}


static void assert_said(const char *text)
{
	if (!strstr(report, text))
		fail_msg("%s", report);
}


static void test_report(void **state)
{
	char path[160];
	(void)state;

	prov_serve("1 alice example.com secret 600\n"
		   "2 bob example.com secret 600\n");
	prov_resync(DOOR_NOTIFY);

	prov_serve("1 alice example.com other 600\n"
		   "3 carol example.com secret 0\n"
		   "unknown.key\n");

	(void)re_snprintf(path, sizeof(path), "%s/prov", tp.dir);
	check(path);

	assert_said("accounts, 71 bytes");
	assert_said("change alice@example.com: password\n");
	assert_said("remove bob@example.com");
	assert_said("add    carol@example.com");
	assert_said("does not register");
	assert_said("accounts, line 3: unknown.key");
	assert_null(strstr(report, " secret"));
	assert_null(strstr(report, "other"));

	/* nothing has changed */
	assert_int_equal(2, list_count(&fake.ual));
	assert_string_equal("secret",
			    fake_find("sip:alice@example.com")->secret);

	/* a file, by its URL */
	(void)re_snprintf(path, sizeof(path), "file://%s/prov/accounts",
			  tp.dir);
	check(path);
	assert_said("2 accounts");
}


/* More than a report holds: it says so */
static void test_long(void **state)
{
	struct mbuf *text = mbuf_alloc(1 << 20), *mb = NULL;
	char path[256], name[151], *str = NULL;
	unsigned i;
	(void)state;

	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';

	assert_non_null(text);

	for (i=0; i<9000; i++)
		assert_int_equal(0, mbuf_printf(text, "unknown.%u%080u\n", i,
						i));

	mbuf_set_pos(text, 0);
	assert_int_equal(0, mbuf_strdup(text, &str, text->end));
	prov_file(tp.dir, "a", str);
	prov_file(tp.dir, name, str);
	str = mem_deref(str);

	for (i=0; i<2; i++) {
		(void)re_snprintf(path, sizeof(path), "%s/%s", tp.dir,
				  i ? name : "a");
		assert_int_equal(0, provision_check(path));
		prov_settle();

		assert_int_equal(0, state_read(&mb, "provcheck.txt"));
		assert_int_equal(0, mbuf_strdup(mb, &str, mb->end));
		assert_non_null(strstr(str, "9000 unknown\n"));
		assert_non_null(strstr(str, "    8192  unknown.#\n"));
		assert_non_null(strstr(str, i ? "which does not fit here\n" :
				       "and 808 more, which are only counted"
				       "\n"));
		str = mem_deref(str);
		mb = mem_deref(mb);
	}

	mem_deref(text);
}


static void test_refused(void **state)
{
	char path[160];
	(void)state;

	prov_serve("1 alice example.com a 600\nnonsense secret\n");
	(void)re_snprintf(path, sizeof(path), "%s/prov/accounts", tp.dir);
	check(path);
	assert_said("refused: file://: accounts, line 2: not an account");
	assert_null(strstr(report, "secret"));

	(void)re_snprintf(path, sizeof(path), "%s/none/", tp.dir);
	assert_int_equal(ENOENT, provision_check(path));
	assert_int_equal(EPROTONOSUPPORT, provision_check("gopher://h/"));
	assert_int_equal(EBADMSG, provision_check("http://"));
	assert_int_equal(EINVAL, provision_check(""));
}


static void test_busy(void **state)
{
	char path[160];
	(void)state;

	prov_serve("1 alice example.com a 600\n");
	(void)re_snprintf(path, sizeof(path), "%s/prov/accounts", tp.dir);
	assert_int_equal(0, provision_check(path));
	assert_int_equal(EBUSY, provision_check(path));
	prov_settle();
	check(path);

	/* closed in the middle of it */
	assert_int_equal(0, provision_check(path));
	prov_restart();
	check(path);
}


/* A file names others, which must be there */
static void test_includes(void **state)
{
	char dir[160];
	(void)state;

	(void)re_snprintf(dir, sizeof(dir), "%s/prov", tp.dir);

	prov_serve("include one\ninclude two\n");
	prov_file(dir, "one", "1 alice example.com a 600\ninclude three\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_FAILED, "does not have two");
	assert_int_equal(0, list_count(&fake.ual));

	prov_file(dir, "two", "1 alice example.com b 600\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_OK, "1 account added");
	assert_string_equal("b", fake_find("sip:alice@example.com")->secret);

	/* also after a restart */
	prov_restart();
	assert_string_equal("b", fake_find("sip:alice@example.com")->secret);

	prov_serve("include gopher://h/x\n");
	prov_resync(DOOR_NOTIFY);
	prov_assert_last(RESULT_FAILED, "accounts names a file that it may"
			 " not name");
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_report), T(test_long), T(test_refused), T(test_busy),
		T(test_includes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
