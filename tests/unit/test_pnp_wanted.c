/**
 * @file test_pnp_wanted.c  Tests of doors/pnp.c: when it searches
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
#include "fake_uag.h"
#include "sip_peer.h"
#include "searcher.h"


static void test_auto(void **state)
{
	(void)state;

	sr.s.pnp = PNP_AUTO;
	start();
	pnp_close();

	/* Provisioned ones do not count: their URL may not be proved yet */
	(void)fake_uag_add("sip:1@a.example", "1-x", 60);
	sr.ours = true;
	start();
	pnp_close();

	sr.ours = false;
	assert_int_equal(0, pnp_init());
	pass(2 * LATEST_MS, 0);

	/* A phone with accounts, that is to ask all the same */
	sr.s.pnp = PNP_YES;
	pnp_close();
	start();
}


static void test_off(void **state)
{
	(void)state;

	sr.s.pnp = PNP_NO;
	assert_int_equal(0, pnp_init());
	pass(2 * LATEST_MS, 0);
	pnp_close();

	sr.s.pnp = PNP_YES;
	sr.has_url = true;
	assert_int_equal(0, pnp_init());
	pass(2 * LATEST_MS, 0);
}


/* The search ends with a URL, and begins again where that is forgotten */
static void test_url(void **state)
{
	(void)state;

	start();
	pnp_answered(VERDICT_ACCEPTED);
	sr.has_url = true;
	pass(3 * LATEST_MS, 0);

	sr.has_url = false;
	pass(AGAIN_MS + SEARCH_MS, 4);
}


/* A phone without a network, or with another one, does not wait for long */
static void test_network(void **state)
{
	struct sa sa;
	(void)state;

	sip_transp_flush(sr.sp.sip);
	assert_int_equal(0, pnp_init());
	pass(60000, 0);

	(void)sa_set_str(&sa, "127.0.0.1", 0);
	assert_int_equal(0, sip_transp_add(sr.sp.sip, SIP_TRANSP_UDP, &sa));
	pass(10000, 1);
	pass(SEARCH_MS, 3);
	pass(60000, 0);

	sip_transp_flush(sr.sp.sip);
	(void)sa_set_str(&sa, "127.0.0.2", 0);
	assert_int_equal(0, sip_transp_add(sr.sp.sip, SIP_TRANSP_UDP, &sa));
	pass(10000, 4);
	assert_non_null(strstr(header("Contact: "), "127.0.0.2"));
}


#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, searcher_open, searcher_close)


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_auto),
		TEST(test_off),
		TEST(test_url),
		TEST(test_network),
	};
	int err;

	err = libre_init();
	if (err)
		return err;

	err = cmocka_run_group_tests(tests, NULL, NULL);

	libre_close();

	return err;
}
