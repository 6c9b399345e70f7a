/**
 * @file test_message.c  Tests of doors/message.c
 * links: doors/message.c sip_peer.c
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
#include "doors/message.h"
#include "sip_peer.h"


/* The headers of a NOTIFY without fault, but for the event */
#define GOOD								\
	"From: <sip:a@192.0.2.1>;tag=1\r\n"				\
	"To: <sip:x@192.0.2.9>\r\n"					\
	"Call-ID: 1\r\n"						\
	"CSeq: 1 NOTIFY\r\n"						\
	"Max-Forwards: 70\r\n"						\
	"Subscription-State: terminated\r\n"


static struct sip_msg *notify(const char *headers, const char *body)
{
	struct sip_msg *msg;

	msg = sip_peer_msg("NOTIFY sip:x@192.0.2.9 SIP/2.0\r\n"
			   "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
			   "%s\r\n%s", headers, body);
	assert_non_null(msg);

	return msg;
}


static void assert_event(const char *header, const char *name,
			 const char *params)
{
	struct sip_msg *msg = notify(header, "");
	struct pl n, p;

	assert_int_equal(0, message_event(&n, &p, msg));
	assert_int_equal(0, pl_strcmp(&n, name));

	if (params)
		assert_int_equal(0, pl_strcmp(&p, params));
	else
		assert_false(pl_isset(&p));

	mem_deref(msg);
}


static void test_event(void **state)
{
	struct sip_msg *msg;
	struct pl name, params;
	(void)state;

	assert_event("Event: check-sync\r\n", "check-sync", NULL);
	assert_event("Event: check-sync;reboot=true\r\n",
		     "check-sync", ";reboot=true");
	assert_event("Event: check-sync ; reboot = true \r\n",
		     "check-sync", "; reboot = true");
	assert_event("Event:\tCHECK-SYNC\t;reboot=false\r\n",
		     "CHECK-SYNC", ";reboot=false");
	assert_event("o: ACTION-URI\r\n", "ACTION-URI", NULL);
	assert_event("Event: reboot=true\r\n", "reboot=true", NULL);
	assert_event("Event: check-sync;\r\n", "check-sync", ";");
	assert_event("Event: talk\r\nEvent: hold\r\n", "talk", NULL);

	msg = notify(GOOD, "");
	assert_int_equal(ENOENT, message_event(&name, &params, msg));
	mem_deref(msg);

	msg = notify("Event: \r\n" GOOD, "");
	assert_int_equal(ENOENT, message_event(&name, &params, msg));
	mem_deref(msg);

	msg = notify("Event: ;reboot=true\r\n" GOOD, "");
	assert_int_equal(0, message_event(&name, &params, msg));
	assert_false(pl_isset(&name));
	mem_deref(msg);
}


static void test_body(void **state)
{
	static const struct {
		const char *headers;
		const char *body;
		const char *taken;
		uint32_t breaches;
	} testv[] = {
		{"Content-Length: 6\r\n", "key=OK", "key=OK", 0},
		{"l: 6\r\n",              "key=OK", "key=OK", 0},
		{"Content-Length: 0\r\n", "",       "",       0},
		{"",                      "",       "",       0},

		/* Over UDP the packet ends it where no length is said */
		{"",                      "key=OK\r\n", "key=OK", 0},

		/* Blanks and line ends around it are trimmed */
		{"Content-Length: 12\r\n", " \t\r\nkey=OK\r\n", "key=OK", 0},
		{"Content-Length: 8\r\n",  "key=OK\r\n",        "key=OK", 0},
		{"Content-Length: 4\r\n",  "\r\n\r\n",          "",       0},

		/* Line ends behind it are no fault of note */
		{"Content-Length: 6\r\n", "key=OK\r\n", "key=OK", 0},

		/* More is dropped with a note, less is noted */
		{"Content-Length: 6\r\n",  "key=OK;X", "key=OK",
		 BREACH_BODY_LONG},
		{"Content-Length: 0\r\n",  "key=OK",   "",
		 BREACH_BODY_LONG},
		{"Content-Length: 60\r\n", "key=OK",   "key=OK",
		 BREACH_BODY_SHORT},
		{"Content-Length: 99999999999999999999\r\n", "key=OK",
		 "key=OK", BREACH_BODY_SHORT},
		{"Content-Length: 4294967302\r\n", "key=OK;X", "key=OK;X",
		 BREACH_BODY_SHORT},
		{"Content-Length: six\r\n", "key=OK", "", BREACH_BODY_LONG},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		struct sip_msg *msg = notify(testv[i].headers, testv[i].body);
		uint32_t breaches = BREACH_TWICE;
		struct pl body;

		message_body(&body, &breaches, msg);

		assert_int_equal(strlen(testv[i].taken), body.l);
		assert_memory_equal(testv[i].taken, body.p, body.l);
		assert_int_equal(testv[i].breaches | BREACH_TWICE, breaches);

		mem_deref(msg);
	}
}


static void assert_breaches(uint32_t breaches, const char *headers)
{
	struct sip_msg *msg = notify(headers, "");

	assert_int_equal(breaches, message_breaches(msg));
	mem_deref(msg);
}


static void test_breaches(void **state)
{
	(void)state;

	assert_breaches(0, GOOD);
	assert_breaches(0, "Event: check-sync\r\nContent-Length: 0\r\n" GOOD);

	assert_breaches(BREACH_TO_TAG,
			"From: <sip:a@192.0.2.1>;tag=1\r\n"
			"To: <sip:x@192.0.2.9>;tag=2\r\n"
			"Call-ID: 1\r\nCSeq: 1 NOTIFY\r\nMax-Forwards: 70\r\n"
			"Subscription-State: active\r\n");
	assert_breaches(BREACH_NO_FROM_TAG | BREACH_NO_SUBSTATE,
			"From: <sip:a@192.0.2.1>\r\n"
			"To: <sip:x@192.0.2.9>\r\n"
			"Call-ID: 1\r\nCSeq: 1 NOTIFY\r\n"
			"Max-Forwards: 70\r\n");
	assert_breaches(BREACH_NO_CSEQ | BREACH_NO_CALLID | BREACH_NO_MAXFWD,
			"From: <sip:a@192.0.2.1>;tag=1\r\n"
			"To: <sip:x@192.0.2.9>\r\n"
			"Subscription-State: active\r\n");
	assert_breaches(BREACH_NO_TO,
			"From: <sip:a@192.0.2.1>;tag=1\r\n"
			"Call-ID: 1\r\nCSeq: 1 NOTIFY\r\nMax-Forwards: 70\r\n"
			"Subscription-State: active\r\n");
	assert_breaches(BREACH_CSEQ_METHOD,
			"From: <sip:a@192.0.2.1>;tag=1\r\n"
			"To: <sip:x@192.0.2.9>\r\n"
			"Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"
			"Subscription-State: active\r\n");
}


static void test_twice(void **state)
{
	static const char *headerv[] = {
		"Event: check-sync\r\nEvent: talk\r\n",
		"Event: check-sync\r\no: check-sync\r\n",
		"Subscription-State: active\r\n",
		"From: <sip:a@192.0.2.1>;tag=1\r\n",
		"t: <sip:x@192.0.2.9>\r\n",
		"Call-ID: 1\r\n",
		"CSeq: 1 NOTIFY\r\n",
		"Max-Forwards: 70\r\n",
		"l: 0\r\nContent-Length: 0\r\n",
		"c: text/plain\r\nContent-Type: text/plain\r\n",
	};
	char headers[1024];
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(headerv); i++) {

		(void)re_snprintf(headers, sizeof(headers), "%s%s", GOOD,
				  headerv[i]);
		assert_breaches(BREACH_TWICE, headers);
	}

	/* These may */
	assert_breaches(0, GOOD "Via: SIP/2.0/UDP 192.0.2.3;branch=z9hG4b2\r\n"
			"Contact: <sip:a@192.0.2.1>\r\nX-A: 1\r\nX-A: 2\r\n"
			"Allow: NOTIFY\r\nAllow: INVITE\r\n");
}


/* Where does the Via of a PnP server's NOTIFY lead? It came from 192.0.2.1 */
static void test_via(void **state)
{
	static const struct {
		const char *sentby;
		bool copied;
	} testv[] = {
		{"192.0.2.1:5060", false},
		{"192.0.2.1",      false},
		{"192.0.2.1:1036", false},
		{"192.0.2.9:5060", true},
		{"192.0.2.9",      true},
		{"192.0.2.7:5060", true},
		{"pnp.example",    true},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		struct sip_msg *msg = sip_peer_msg(
			"NOTIFY sip:192.0.2.9 SIP/2.0\r\n"
			"Via: SIP/2.0/UDP %s;branch=z9hG4bK1\r\n"
			"To: <sip:a@b>\r\nFrom: <sip:a@b>\r\n\r\n",
			testv[i].sentby);

		assert_non_null(msg);
		assert_int_equal(testv[i].copied, message_via_is_copied(msg));

		/* The phone itself, where server and phone share an address */
		msg->dst = msg->src;
		sa_set_port(&msg->dst, 1036);
		assert_int_equal(testv[i].copied || i == 2,
				 message_via_is_copied(msg));
		mem_deref(msg);
	}
}


static void test_url(void **state)
{
	static const struct {
		const char *headers;
		const char *body;
		bool url;
	} testv[] = {
		{"Content-Type: application/url\r\n", "http://a/b", true},
		{"Content-Type: Application/URL;x=y\r\n", "",       true},
		{"", "http://prov.example/{mac}.cfg", true},
		{"", "tftp://10.13.4.121",            true},
		{"", "HTTPS://user:pass@a.example:444/b?c=d&e=%20#f", true},
		{"Content-Type: text/plain\r\n", "http://a/b", true},

		{"", "",                         false},
		{"", "10.13.4.121",              false},
		{"", "http://",                  false},
		{"", "see http://a/b",           false},
		{"", "http://a/b and more",      false},
		{"", "http://a/b\r\nhttp://a/c", false},
		{"", "<a href=\"http://a/b\">",  false},
		{"Content-Type: application/xml\r\n",
		 "<?xml version=\"1.0\"?><profile xmlns=\"http://a/b\"/>",
		 false},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		struct sip_msg *msg = notify(testv[i].headers, "");
		struct pl body;

		pl_set_str(&body, testv[i].body);
		assert_int_equal(testv[i].url, message_has_url(msg, &body));

		mem_deref(msg);
	}
}


static void test_source(void **state)
{
	static const struct {
		enum sip_transp tp;
		const char *proto;
		bool stream;
	} testv[] = {
		{SIP_TRANSP_UDP, "udp", false},
		{SIP_TRANSP_TCP, "tcp", true},
		{SIP_TRANSP_TLS, "tls", true},
		{SIP_TRANSP_WS,  "ws",  true},
	};
	struct sip_msg *msg = notify(GOOD, "");
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {
		struct source src;

		memset(&src, 0, sizeof(src));
		msg->tp = testv[i].tp;
		message_source(&src, msg);

		assert_string_equal(testv[i].proto, src.proto);
		assert_int_equal(testv[i].stream, src.stream);
		assert_true(sa_cmp(&msg->src, &src.addr, SA_ALL));
	}

	mem_deref(msg);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_event),
		cmocka_unit_test(test_body),
		cmocka_unit_test(test_breaches),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_via),
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
