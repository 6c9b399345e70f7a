/**
 * @file test_pnp.c  Tests of doors/pnp.c: a search, on a real SIP stack
 * links: doors/pnp.c compat/lsnr.c request.c vendor.c
 *	searcher.c fake_uag.c fake_clock.c sip_peer.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "doors/doors.h"
#include "fake_clock.h"
#include "sip_peer.h"
#include "searcher.h"


static bool is_answer(const char *call_id)
{
	struct sip_msg *msg = sip_peer_msg("NOTIFY sip:a@b SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
		"From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
		"Call-ID: %s\r\nCSeq: 1 NOTIFY\r\n"
		"Event: ua-profile\r\n\r\n", call_id);
	bool is;

	assert_non_null(msg);
	is = pnp_is_answer(msg);
	mem_deref(msg);

	return is;
}


/* Does the search that the peer heard of last take an answer? */
static bool is_on(void)
{
	return is_answer(header("Call-ID: "));
}


static void test_subscribe(void **state)
{
	char buf[128];
	(void)state;

	start();

	assert_string_equal("sip:MAC%3A001565123456@224.0.1.75 SIP/2.0",
			    header("SUBSCRIBE "));
	assert_string_equal("<sip:MAC%3A001565123456@224.0.1.75>",
			    header("To: "));
	assert_non_null(strstr(header("From: "), ">;tag="));
	assert_string_equal("ua-profile;profile-type=\"device\";"
			    "vendor=\"baresip\";model=\"baresip\";"
			    "version=\"1.0.0\"", header("Event: "));
	assert_string_equal("0", header("Expires: "));
	assert_string_equal("application/url", header("Accept: "));
	assert_string_equal("baresip/1.0.0 (provnotify)",
			    header("User-Agent: "));

	(void)re_snprintf(buf, sizeof(buf), "<sip:%J>", &sr.sp.laddr);
	assert_string_equal(buf, header("Contact: "));

	(void)re_snprintf(buf, sizeof(buf), "SIP/2.0/UDP %J;branch=z9hG4bK",
			  &sr.sp.laddr);
	assert_memory_equal(buf, header("Via: "), strlen(buf));
	assert_non_null(strstr(header("Via: "), ";rport"));
	assert_null(strstr(sr.asked, "{"));
}


/* The same request, as any unreliable one; then no more, and no answer */
static void test_resent(void **state)
{
	char first[sizeof(sr.asked)];
	(void)state;

	start();
	str_ncpy(first, sr.asked, sizeof(first));

	pass(499, 0);
	pass(1, 1);
	assert_string_equal(first, sr.asked);
	pass(999, 0);
	pass(1, 1);
	pass(1999, 0);
	pass(1, 1);
	assert_string_equal(first, sr.asked);

	pass(SEARCH_MS - 3501, 0);
	assert_true(is_on());
	pass(1, 0);
	assert_false(is_on());
	pass(AGAIN_MS - SEARCH_MS - 1, 0);
	assert_false(is_on());
}


/* Every ten minutes, each search with a Call-ID of its own */
static void test_again(void **state)
{
	char call_id[64];
	unsigned i;
	(void)state;

	start();
	pass(SEARCH_MS, 3);

	for (i=0; i<3; i++) {
		const unsigned before = sr.lapses;

		str_ncpy(call_id, header("Call-ID: "), sizeof(call_id));

		pass(AGAIN_MS - SEARCH_MS - 1, 0);
		assert_int_equal(before, sr.lapses);

		pass(LATEST_MS - AGAIN_MS + SEARCH_MS, 4);
		assert_string_not_equal(call_id, header("Call-ID: "));
		assert_int_equal(before + 1, sr.lapses);

		/* From the start of that search on, whenever it was */
		fake_clock_reset();
		pnp_close();
		start();
		pass(SEARCH_MS, 3);
	}
}


static void test_answered(void **state)
{
	(void)state;

	start();
	assert_true(is_on());
	assert_false(is_answer("another"));

	/* One that was refused does not end the search, one that was taken
	   does: a second one is none */
	pnp_answered(VERDICT_REFUSED);
	assert_true(is_on());
	pnp_answered(VERDICT_ASKED);
	assert_false(is_on());
	pass(SEARCH_MS, 0);
}


static void respond(const char *status, const char *call_id)
{
	sip_peer_send(&sr.sp, "SIP/2.0 %s\r\n"
		      "Via: SIP/2.0/UDP %J;branch=z9hG4bKx\r\n"
		      "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
		      "Call-ID: %s\r\nCSeq: 1 SUBSCRIBE\r\n"
		      "Content-Length: 0\r\n\r\n", status, &sr.sp.laddr,
		      call_id);
}


static unsigned strays;         /**< Responses that libre would see         */


static bool stray_handler(const struct sip_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;

	++strays;
	re_cancel();

	return true;
}


/* A 2xx stops the resending; it is taken, another one goes its way */
static void test_response(void **state)
{
	struct sip_lsnr *lsnr = NULL;
	(void)state;

	strays = 0;
	assert_int_equal(0, sip_listen(&lsnr, sr.sp.sip, false, stray_handler,
				       NULL));
	start();

	respond("100 Trying", header("Call-ID: "));
	respond("489 Bad Event", header("Call-ID: "));
	respond("200 OK", "another");
	assert_int_equal(0, re_main(NULL));
	assert_int_equal(1, strays);
	pass(500, 1);

	respond("202 Accepted subscription", header("Call-ID: "));
	respond("200 OK", "another");
	assert_int_equal(0, re_main(NULL));
	assert_int_equal(2, strays);
	pass(4000, 0);

	assert_true(is_on());
	mem_deref(lsnr);
}


static void test_print(void **state)
{
	char buf[128], wanted[128];
	(void)state;

	start();
	(void)re_snprintf(buf, sizeof(buf), "%H", pnp_print, NULL);
	(void)re_snprintf(wanted, sizeof(wanted), "searching at %J",
			  &sr.sp.peer);
	assert_string_equal(wanted, buf);

	pass(SEARCH_MS, 3);
	(void)re_snprintf(buf, sizeof(buf), "%H", pnp_print, NULL);
	assert_memory_equal("searching again at ", buf, 19);

	sr.has_url = true;
	(void)re_snprintf(buf, sizeof(buf), "%H", pnp_print, NULL);
	assert_string_equal("not searching", buf);
}


#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, searcher_open, searcher_close)


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_subscribe),
		TEST(test_resent),
		TEST(test_again),
		TEST(test_answered),
		TEST(test_response),
		TEST(test_print),
	};
	int err;

	err = libre_init();
	if (err)
		return err;

	err = cmocka_run_group_tests(tests, NULL, NULL);

	libre_close();

	return err;
}
