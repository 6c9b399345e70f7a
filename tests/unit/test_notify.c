/**
 * @file test_notify.c  Tests of doors/notify.c, on a real SIP stack
 * links: doors/notify.c doors/message.c doors/ring.c compat/lsnr.c request.c
 *	fake_notify.c fake_uag.c fake_clock.c sip_peer.c stub_baresip.c
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
#include "doors/doors.h"
#include "fake_notify.h"
#include "fake_uag.h"
#include "sip_peer.h"


extern unsigned stub_warnings;


static void assert_has_not(const char *text)
{
	if (strstr(sp.answer, text))
		fail_msg("\"%s\" in: %s", text, sp.answer);
}


static void test_fields(void **state)
{
	(void)state;

	(void)fake_uag_add("sip:1@a.example", "1-x", 60);

	notify_to("sip:1-x@127.0.0.1;x=y", "z9hG4bK1",
		  "Call-ID: abc\r\nEvent: action-uri ; x = y\r\n"
		  "Content-Type: message/sipfrag;version=2.0\r\n",
		  " key=OK\r\n");

	assert_string_equal("notify udp|sip:1-x@127.0.0.1;x=y|1-x"
			    "|sip:a@127.0.0.1|abc|1 NOTIFY|ACTION-URI"
			    "|action-uri|; x = y"
			    "|message/sipfrag;version=2.0|key=OK", desk.text);
	assert_int_equal(ADDRESSED_CONTACT, desk.addressed);
	assert_int_equal(0, desk.breaches);
	assert_false(desk.broadcast);
	assert_true(sa_cmp(&sp.peer, &desk.source, SA_ALL));
	assert_int_not_equal(0, desk.token);
}


static void test_breaches(void **state)
{
	(void)state;

	notify_to("sip:224.0.1.75", "z9hG4bK1",
		  "Event: check-sync\r\nEvent: check-sync\r\n", "");
	assert_int_equal(BREACH_NO_CALLID | BREACH_TWICE, desk.breaches);
	assert_true(desk.broadcast);
	assert_int_equal(ADDRESSED_NONE, desk.addressed);
}


static void talk(const char *branch, const char *call_id)
{
	const unsigned n = sp.answers + 1;

	sip_peer_send(&sp,
		      "NOTIFY sip:1-x@127.0.0.1 SIP/2.0\r\n"
		      "Via: SIP/2.0/UDP %J;branch=%s;rport\r\n"
		      "From: <sip:a@127.0.0.1>;tag=1\r\n"
		      "To: <sip:x@127.0.0.1>;tag=2\r\n"
		      "Call-ID: %s\r\nCSeq: 2 NOTIFY\r\nMax-Forwards: 70\r\n"
		      "Subscription-State: active\r\nEvent: talk\r\n"
		      "Content-Length: 0\r\n\r\n", &sp.peer, branch, call_id);
	assert_true(sip_peer_wait(&sp, n));
}


/* A To tag is right where there is a dialog */
static void test_dialog(void **state)
{
	(void)state;

	talk("z9hG4bK1", "dialog");
	assert_int_equal(0, desk.breaches);

	/* It has its own tag then, and gets none from us */
	assert_has("To: <sip:x@127.0.0.1>;tag=2\r\n");

	talk("z9hG4bK2", "other");
	assert_int_equal(BREACH_TO_TAG, desk.breaches);
}


static void test_contact(void **state)
{
	char contact[80];
	(void)state;

	(void)fake_uag_add("sip:1@a.example", "1-x", 60);

	notify("z9hG4bK1");
	assert_has("SIP/2.0 200 OK\r\n");
	(void)re_snprintf(contact, sizeof(contact),
			  "Contact: <sip:1-x@%J>\r\n", &sp.laddr);
	assert_has(contact);
	assert_has_not("Warning:");
	assert_has_not("Retry-After:");

	/* To no account: that of the phone */
	notify_to("sip:anonymous@127.0.0.1", "z9hG4bK2",
		  "Call-ID: 1\r\nEvent: check-sync\r\n", "");
	(void)re_snprintf(contact, sizeof(contact),
			  "Contact: <sip:%J>\r\n", &sp.laddr);
	assert_has(contact);
}


static void test_headers(void **state)
{
	(void)state;

	desk.verdict = VERDICT_REFUSED;

	answer_set(&desk.answer, 403, "Not the Contact");
	str_ncpy(desk.answer.warning, "over UDP: provnotify_notify_from",
		 sizeof(desk.answer.warning));
	notify("z9hG4bK1");
	assert_has("SIP/2.0 403 Not the Contact\r\n");
	assert_has("Warning: 399 provnotify"
		   " \"over UDP: provnotify_notify_from\"\r\n");
	assert_has_not("Contact: ");
	assert_has_not("Accept:");

	answer_set(&desk.answer, 480, "Temporarily Unavailable");
	desk.answer.retry_after = 3;
	notify("z9hG4bK2");
	assert_has("Retry-After: 3\r\n");

	answer_set(&desk.answer, 415, "Unsupported Media Type");
	notify("z9hG4bK3");
	assert_has("Accept: message/sipfrag, text/plain\r\n");

	answer_set(&desk.answer, 401, "Unauthorized");
	str_ncpy(desk.answer.challenge, "Digest realm=\"a\", nonce=\"b\"",
		 sizeof(desk.answer.challenge));
	notify("z9hG4bK4");
	assert_has("WWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\n");

	answer_set(&desk.answer, 200, "OK");
	str_ncpy(desk.answer.warning, "no call is up",
		 sizeof(desk.answer.warning));
	desk.verdict = VERDICT_ACCEPTED;
	notify("z9hG4bK5");
	assert_has("Warning: 399 provnotify \"no call is up\"\r\n");
	assert_has("Contact: ");
}


/* What is not ours goes on to sipevent, as without the module */
static void test_not_ours(void **state)
{
	(void)state;

	notify_to("sip:1-x@127.0.0.1", "z9hG4bK1",
		  "Call-ID: 1\r\nEvent: message-summary\r\n", "");
	assert_has("481 ");

	notify_to("sip:1-x@127.0.0.1", "z9hG4bK2", "Call-ID: 1\r\n", "");
	assert_has("489 ");

	/* A profile as XML is not PnP, a URL is */
	notify_to("sip:1-x@127.0.0.1", "z9hG4bK3",
		  "Call-ID: 1\r\nEvent: ua-profile\r\n", "<profile/>");
	assert_has("481 ");
	assert_int_equal(0, desk.n);

	notify_to("sip:1-x@127.0.0.1", "z9hG4bK4",
		  "Call-ID: 1\r\nEvent: ua-profile\r\n",
		  "http://prov.example/");
	assert_int_equal(1, desk.n);
}


/* Another method with one of our events */
static void test_other_method(void **state)
{
	(void)state;

	sip_peer_send(&sp,
		      "PUBLISH sip:x@127.0.0.1 SIP/2.0\r\n"
		      "Via: SIP/2.0/UDP %J;branch=z9hG4bK1;rport\r\n"
		      "From: <sip:a@127.0.0.1>;tag=1\r\n"
		      "To: <sip:x@127.0.0.1>\r\nCall-ID: 1\r\n"
		      "CSeq: 1 PUBLISH\r\nEvent: check-sync\r\n"
		      "Content-Length: 0\r\n\r\n", &sp.peer);
	assert_true(sip_peer_wait(&sp, 1));
	assert_has("501 ");
	assert_int_equal(0, desk.n);
}


/* The answer goes to where the packet came from, not to a third party */
static void test_maddr(void **state)
{
	(void)state;

	sip_peer_send(&sp,
		      "NOTIFY sip:x@127.0.0.1 SIP/2.0\r\n"
		      "Via: SIP/2.0/UDP %J;branch=z9hG4bK1;maddr=127.0.0.2\r\n"
		      "From: <sip:a@127.0.0.1>;tag=1\r\n"
		      "To: <sip:x@127.0.0.1>\r\nCall-ID: 1\r\n"
		      "CSeq: 1 NOTIFY\r\nEvent: check-sync\r\n"
		      "Content-Length: 0\r\n\r\n", &sp.peer);
	assert_true(sip_peer_wait(&sp, 1));
	assert_has("200 OK");
	assert_has("maddr=127.0.0.2");
}


/* The answer to a PnP search, with a Via that leads back to the phone */
static void test_pnp(void **state)
{
	static const char msg[] =
		"NOTIFY sip:%J SIP/2.0\r\n"
		"Via: SIP/2.0/UDP %J;branch=z9hG4bK%u\r\n"
		"From: <sip:a@127.0.0.1>;tag=1\r\n"
		"To: <sip:x@127.0.0.1>\r\nCall-ID: %s\r\n"
		"CSeq: 1 NOTIFY\r\nEvent: ua-profile\r\n"
		"Content-Length: 12\r\n\r\ntftp://host/";
	(void)state;

	sip_peer_send(&sp, msg, &sp.laddr, &sp.laddr, 1, "search");
	assert_true(sip_peer_wait(&sp, 1));
	assert_has("200 OK");
	assert_memory_equal("pnp ", desk.text, 4);
	assert_int_equal(1, desk.answered);

	/* Sent again: the same answer, to the same place */
	sip_peer_send(&sp, msg, &sp.laddr, &sp.laddr, 1, "search");
	assert_true(sip_peer_wait(&sp, 2));
	assert_has("200 OK");
	assert_int_equal(1, desk.n);

	/* No search, or one of somebody else's */
	sip_peer_send(&sp, msg, &sp.laddr, &sp.laddr, 2, "another");
	assert_true(sip_peer_wait(&sp, 3));
	assert_memory_equal("notify ", desk.text, 7);
	assert_int_equal(1, desk.answered);
}


static void test_closed(void **state)
{
	(void)state;

	notify_close();
	notify("z9hG4bK1");
	assert_has("481 ");
	assert_int_equal(0, desk.n);

	fake_uag.sip = NULL;
	stub_warnings = 0;
	assert_int_equal(EINVAL, notify_init());
	assert_int_equal(1, stub_warnings);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, notify_setup, \
						   notify_teardown)


int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_fields),
		TEST(test_breaches),
		TEST(test_dialog),
		TEST(test_contact),
		TEST(test_headers),
		TEST(test_not_ours),
		TEST(test_other_method),
		TEST(test_maddr),
		TEST(test_pnp),
		TEST(test_closed),
	};
	int err;

	err = libre_init();
	if (err)
		return err;

	err = cmocka_run_group_tests(tests, NULL, NULL);

	libre_close();

	return err;
}
