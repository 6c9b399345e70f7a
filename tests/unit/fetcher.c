/**
 * @file fetcher.c  One download from a server that says what it is told to
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "vendor.h"
#include "profile/profile.h"
#include "provision/room.h"
#include "provision/transfer.h"
#include "fake_worker.h"
#include "http_thread.h"
#include "fetcher.h"
#include "scratch.h"


struct fetcher tf;


/* settings.c's side */


bool settings_given(const struct settings *s, const char *key)
{
	(void)s;
	(void)key;

	return false;
}


/**
 * The handler of all downloads
 *
 * @param res What came of it
 * @param arg The fixture
 */
void tf_handler(const struct fetch_result *res, void *arg)
{
	assert_ptr_equal(&tf, arg);

	tf.res = *res;
	++tf.ended;

	fetch_cancel(tf.fetch);
	tf.fetch = NULL;
}


/**
 * Begin a download, at which the handler must not be called yet
 *
 * @param url URL
 *
 * @return 0 if success, otherwise errorcode
 */
int tf_begin(const char *url)
{
	tf.part = mem_deref(tf.part);
	assert_int_equal(0, part_alloc(&tf.part, url, RULE_SOLE));

	return fetch_start(&tf.fetch, tf.part, tf.running, false, &tf.s,
			   tf_handler, &tf);
}


/**
 * Download
 *
 * @param url URL
 *
 * @return How it ended
 */
enum fetched tf_fetch(const char *url)
{
	tf.ended = 0;
	assert_int_equal(0, tf_begin(url));
	fake_worker_drain();
	assert_int_equal(1, tf.ended);

	return tf.res.how;
}


/**
 * Download from the server
 *
 * @param answer What it says
 *
 * @return How it ended
 */
enum fetched tf_get(const char *answer)
{
	http_thread_say(tf.ht, answer, 0);

	return tf_fetch(tf.url);
}


/**
 * Was it in the last request?
 *
 * @param text Text
 *
 * @return true if it was
 */
bool tf_sent(const char *text)
{
	return strstr(http_thread_request(tf.ht), text) != NULL;
}


/**
 * Check why a download failed
 *
 * @param text What the reason must hold
 */
void tf_why(const char *text)
{
	if (!strstr(tf.res.why, text))
		fail_msg("%s", tf.res.why);

	/* nothing of the URL but scheme, host and port */
	assert_null(strstr(tf.res.why, "secret"));
}


/**
 * A server, and the settings of a phone
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int fetcher_setup(void **state)
{
	(void)state;

	(void)alarm(60);
	memset(&tf, 0, sizeof(tf));

	tf.dir = scratch_make();
	if (!tf.dir || http_thread_start(&tf.ht, NULL))
		return -1;

	tf.s.vendor   = vendor_native();
	tf.s.model    = "baresip";
	tf.s.firmware = "1.0";
	tf.s.verify   = true;
	tf.s.timeout  = 5;
	str_ncpy(tf.s.mac, "001122334455", sizeof(tf.s.mac));

	(void)re_snprintf(tf.base, sizeof(tf.base), "http://127.0.0.1:%u",
			  http_thread_port(tf.ht));
	(void)re_snprintf(tf.url, sizeof(tf.url), "%s/secret/a?secret=1",
			  tf.base);

	return 0;
}


/**
 * End of it
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int fetcher_teardown(void **state)
{
	(void)state;

	mem_deref(tf.part);
	mem_deref(tf.running);
	mem_deref(tf.ht);
	mem_deref(tf.other);

	return scratch_remove();
}
