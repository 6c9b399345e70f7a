/**
 * @file test_notify.c  Tests of doors/notify.c, on a real SIP stack
 * links: doors/notify.c doors/message.c doors/ring.c compat/lsnr.c request.c
 *	fake_uag.c fake_clock.c sip_peer.c stub_baresip.c
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
#include "accounts.h"
#include "desk.h"
#include "journal.h"
#include "restart.h"
#include "state.h"
#include "phone/phone.h"
#include "doors/doors.h"
#include "doors/ring.h"
#include "fake_clock.h"
#include "fake_uag.h"
#include "sip_peer.h"


extern unsigned stub_warnings;

static const struct event eventv[] = {
	{"check-sync", ACTION_RESYNC, -1, NULL,   false},
	{"ACTION-URI", ACTION_KEY,    0,  NULL,   false},
	{"talk",       ACTION_KEY,    0,  "talk", true},
	{"ua-profile", ACTION_PNP,    0,  NULL,   false},
};

static struct sip_peer sp;
static struct sipevent_sock *evsock;

/** The desk: what it says, and what it was given */
static struct {
	enum verdict verdict;
	struct answer answer;
	bool keeps;

	unsigned n;
	struct request *req;            /**< Kept, if it keeps them        */
	uint64_t token;
	uint32_t breaches;
	enum addressed addressed;
	bool broadcast;
	struct sa source;
	char text[512];                 /**< Its fields, one by one        */
} desk;


void desk_handle(struct request *req)
{
	++desk.n;

	desk.token = req->token;
	desk.breaches = req->breaches;
	desk.addressed = req->addressed;
	desk.broadcast = req->broadcast;
	desk.source = req->source.addr;

	(void)re_snprintf(desk.text, sizeof(desk.text),
			  "%s %s|%r|%r|%r|%r|%r|%s|%r|%r|%r|%r",
			  door_name(req->door), req->source.proto,
			  &req->ruri, &req->user, &req->from, &req->call_id,
			  &req->cseq, req->event->name, &req->event_name,
			  &req->params, &req->ctype, &req->body);

	req->verdict = desk.verdict;
	req->answer = desk.answer;
	req->answerh(req, &req->answer);
	req->ua = NULL;

	if (desk.keeps)
		desk.req = mem_ref(req);
}


const struct event *event_find(const struct pl *name)
{
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(eventv); i++) {
		if (!pl_strcasecmp(name, eventv[i].name))
			return &eventv[i];
	}

	return NULL;
}


bool phone_dialog(const struct pl *call_id)
{
	return !pl_strcmp(call_id, "dialog");
}


struct ua *accounts_find(const struct pl *user, const struct source *src,
			 enum addressed *how)
{
	struct le *le;

	assert_string_equal("udp", src->proto);

	*how = ADDRESSED_NONE;

	for (le = list_head(uag_list()); le; le = le->next) {
		const struct ua *ua = le->data;

		if (!pl_strcmp(user, ua->cuser)) {
			*how = ADDRESSED_CONTACT;
			return le->data;
		}
	}

	return NULL;
}


void journal_serial(char *buf, size_t size)
{
	str_ncpy(buf, "7", size);
}


const uint8_t *state_secret(void)
{
	static const uint8_t secret[STATE_SECRET_LEN];

	return secret;
}


static int setup(void **state)
{
	(void)state;

	fake_clock_reset();
	memset(&desk, 0, sizeof(desk));
	desk.verdict = VERDICT_ACCEPTED;
	answer_set(&desk.answer, 200, "OK");
	stub_warnings = 0;

	if (sip_peer_open(&sp) ||
	    sipevent_listen(&evsock, sp.sip, 32, 32, NULL, NULL))
		return -1;

	fake_uag.sip = sp.sip;

	return notify_init();
}


static int teardown(void **state)
{
	(void)state;

	desk.req = mem_deref(desk.req);
	notify_close();
	evsock = mem_deref(evsock);
	sip_peer_close(&sp);
	fake_uag_reset();

	return 0;
}


/* Send a NOTIFY, and wait for its answer */
static void notify_to(const char *ruri, const char *branch,
		      const char *headers, const char *body)
{
	const unsigned n = sp.answers + 1;

	sip_peer_send(&sp,
		      "NOTIFY %s SIP/2.0\r\n"
		      "Via: SIP/2.0/UDP %J;branch=%s;rport\r\n"
		      "From: <sip:a@127.0.0.1>;tag=1\r\n"
		      "To: <sip:x@127.0.0.1>\r\n"
		      "CSeq: 1 NOTIFY\r\nMax-Forwards: 70\r\n"
		      "Subscription-State: terminated\r\n"
		      "%sContent-Length: %zu\r\n\r\n%s",
		      ruri, &sp.peer, branch, headers, strlen(body), body);

	assert_true(sip_peer_wait(&sp, n));
}


static void notify(const char *branch)
{
	notify_to("sip:1-x@127.0.0.1", branch,
		  "Call-ID: 1\r\nEvent: check-sync\r\n", "");
}


static void assert_has(const char *text)
{
	if (!strstr(sp.answer, text))
		fail_msg("no \"%s\" in: %s", text, sp.answer);
}


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


static void test_closed(void **state)
{
	(void)state;

	notify_close();
	notify("z9hG4bK1");
	assert_has("481 ");
	assert_int_equal(0, desk.n);

	fake_uag.sip = NULL;
	assert_int_equal(EINVAL, notify_init());
	assert_int_equal(1, stub_warnings);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_fields),
		TEST(test_breaches),
		TEST(test_dialog),
		TEST(test_contact),
		TEST(test_headers),
		TEST(test_retransmission),
		TEST(test_refusal_again),
		TEST(test_same_call_id),
		TEST(test_ignored),
		TEST(test_not_ours),
		TEST(test_other_method),
		TEST(test_maddr),
		TEST(test_kept),
		TEST(test_resumed),
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
