/**
 * @file test_notify_again.c  Tests of doors/notify.c: retransmissions
 * links: doors/notify.c doors/message.c doors/ring.c compat/lsnr.c request.c
 *	fake_notify.c fake_uag.c fake_clock.c sip_peer.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "restart/restart.h"
#include "doors/doors.h"
#include "doors/ring.h"
#include "fake_clock.h"
#include "fake_notify.h"
#include "fake_uag.h"
#include "sip_peer.h"


/* Accepted, asked and joined ones are answered the same, and done once */
static void test_retransmission(void **state)
{
	static const enum verdict verdictv[] = {
		VERDICT_ACCEPTED, VERDICT_ASKED, VERDICT_JOINED,
	};
	char branch[32], answer[sizeof(sp.answer)];
	size_t i;
	(void)state;

	(void)fake_uag_add("sip:1@a.example", "1-x", 60);

	for (i=0; i<RE_ARRAY_SIZE(verdictv); i++) {

		(void)re_snprintf(branch, sizeof(branch), "z9hG4bK%zu", i);
		desk.verdict = verdictv[i];
		answer_set(&desk.answer, 200, "OK");
		str_ncpy(desk.answer.warning, "as it is",
			 sizeof(desk.answer.warning));
		desk.n = 0;

		notify(branch);
		str_ncpy(answer, sp.answer, sizeof(answer));
		assert_has(";tag=");

		/* What the desk would say now is of no matter */
		answer_set(&desk.answer, 403, "Forbidden");
		fake_clock_advance(31 * 1000);
		notify(branch);
		assert_string_equal(answer, sp.answer);
		notify(branch);
		assert_string_equal(answer, sp.answer);
		assert_int_equal(1, desk.n);

		/* It is over after 32 s */
		fake_clock_advance(1000);
		notify(branch);
		assert_int_equal(2, desk.n);
		assert_has("403 Forbidden");
	}
}


static void copy_tag(char *tag, size_t size)
{
	const char *p = strstr(sp.answer, "To: <sip:x@127.0.0.1>;tag=");

	assert_non_null(p);
	str_ncpy(tag, p, size);
}


/* A refusal repeats itself, without being remembered */
static void test_refusal_again(void **state)
{
	char first[64], again[64];
	(void)state;

	desk.verdict = VERDICT_REFUSED;
	answer_set(&desk.answer, 403, "Forbidden");

	notify("z9hG4bK1");
	copy_tag(first, 48);
	assert_null(ring_find(desk.token));

	notify("z9hG4bK1");
	copy_tag(again, 48);
	assert_int_equal(2, desk.n);
	assert_string_equal(first, again);

	notify("z9hG4bK2");
	copy_tag(again, 48);
	assert_string_not_equal(first, again);
}


/* but for one whose digest was right: it is spent, and would be wrong now */
static void test_refusal_authentic(void **state)
{
	(void)state;

	desk.verdict = VERDICT_REFUSED;
	desk.authentic = true;
	answer_set(&desk.answer, 400, "Unknown Key");
	notify("z9hG4bK1");

	desk.authentic = false;
	answer_set(&desk.answer, 401, "Unauthorized");
	notify("z9hG4bK1");
	assert_has("400 Unknown Key");
	assert_int_equal(1, desk.n);
}


/* Real servers use Call-ID and CSeq again: only the branch tells */
static void test_same_call_id(void **state)
{
	(void)state;

	notify("z9hG4bK1");
	assert_has("200 OK");
	notify("z9hG4bK2");
	assert_has("200 OK");
	assert_int_equal(2, desk.n);
}


/* Sent to everybody: not answered, and not remembered */
static void test_ignored(void **state)
{
	(void)state;

	desk.verdict = VERDICT_IGNORED;
	answer_set(&desk.answer, 0, NULL);

	sip_peer_send(&sp,
		      "NOTIFY sip:224.0.1.75 SIP/2.0\r\n"
		      "Via: SIP/2.0/UDP %J;branch=z9hG4bK1;rport\r\n"
		      "From: <sip:a@127.0.0.1>;tag=1\r\n"
		      "To: <sip:x@127.0.0.1>\r\nCall-ID: 1\r\n"
		      "CSeq: 1 NOTIFY\r\nEvent: check-sync\r\n"
		      "Content-Length: 0\r\n\r\n", &sp.peer);

	/* The first answer is that of another event, behind it */
	notify_to("sip:x@127.0.0.1", "z9hG4bK2",
		  "Call-ID: 1\r\nEvent: other\r\n", "");
	assert_has("481 ");
	assert_int_equal(1, desk.n);
	assert_int_equal(1, sp.answers);
	assert_null(ring_find(desk.token));
}


/* A request that waits for hours holds no socket */
static void test_kept(void **state)
{
	(void)state;

	desk.keeps = true;
	notify("z9hG4bK1");

	assert_non_null(desk.req);
	assert_null(desk.req->msg->sock);
	assert_int_equal(0, pl_strcmp(&desk.req->user, "1-x"));
	assert_int_equal(1, mem_nrefs(desk.req));
	assert_int_equal(1, mem_nrefs(desk.req->msg));
}


/* The NOTIFY that ordered the restart is sent again to the next process */
static void test_resumed(void **state)
{
	struct handover handover;
	char answer[sizeof(sp.answer)];
	(void)state;

	str_ncpy(desk.answer.warning, "as it is", sizeof(desk.answer.warning));
	notify("z9hG4bK1");
	str_ncpy(answer, sp.answer, sizeof(answer));

	memset(&handover, 0, sizeof(handover));
	handover.token = desk.token;
	handover.answer = desk.answer;

	notify_close();
	assert_int_equal(0, notify_init());
	notify_resumed(NULL);
	notify_resumed(&handover);

	notify("z9hG4bK1");
	assert_string_equal(answer, sp.answer);
	assert_int_equal(1, desk.n);

	/* Too old: nothing was handed over but the id */
	notify_close();
	assert_int_equal(0, notify_init());
	handover.token = 0;
	notify_resumed(&handover);
	notify("z9hG4bK1");
	assert_int_equal(2, desk.n);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, notify_setup, \
						   notify_teardown)


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_retransmission),
		TEST(test_refusal_again),
		TEST(test_refusal_authentic),
		TEST(test_same_call_id),
		TEST(test_ignored),
		TEST(test_kept),
		TEST(test_resumed),
	};
	int err;

	err = libre_init();
	if (err)
		return err;

	err = cmocka_run_group_tests(tests, NULL, NULL);

	libre_close();

	return err;
}
