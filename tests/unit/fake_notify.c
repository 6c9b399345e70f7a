/**
 * @file fake_notify.c  What stands behind the door for NOTIFY, for its tests
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
#include "accounts/accounts.h"
#include "desk.h"
#include "journal/journal.h"
#include "state/state.h"
#include "phone/phone.h"
#include "doors/doors.h"
#include "fake_clock.h"
#include "fake_notify.h"
#include "fake_uag.h"
#include "sip_peer.h"


static const struct event eventv[] = {
	{"check-sync", ACTION_RESYNC, -1, NULL,   false},
	{"ACTION-URI", ACTION_KEY,    0,  NULL,   false},
	{"talk",       ACTION_KEY,    0,  "talk", true},
	{"ua-profile", ACTION_PNP,    0,  NULL,   false},
};

struct sip_peer sp;
struct fake_notify desk;

static struct sipevent_sock *evsock;


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
	req->authentic = desk.authentic;
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


bool pnp_is_answer(const struct sip_msg *msg)
{
	return !pl_strcmp(&msg->callid, "search");
}


void pnp_answered(enum verdict verdict)
{
	assert_int_equal(desk.verdict, verdict);
	++desk.answered;
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "7", size);
}


const uint8_t *state_secret(void)
{
	static const uint8_t secret[STATE_SECRET_LEN];

	return secret;
}


/**
 * Open the door of a real SIP stack
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int notify_setup(void **state)
{
	(void)state;

	fake_clock_reset();
	memset(&desk, 0, sizeof(desk));
	desk.verdict = VERDICT_ACCEPTED;
	answer_set(&desk.answer, 200, "OK");

	if (sip_peer_open(&sp) ||
	    sipevent_listen(&evsock, sp.sip, 32, 32, NULL, NULL))
		return -1;

	fake_uag.sip = sp.sip;

	return notify_init();
}


/**
 * Close all
 *
 * @param state Unused
 *
 * @return 0
 */
int notify_teardown(void **state)
{
	(void)state;

	desk.req = mem_deref(desk.req);
	notify_close();
	evsock = mem_deref(evsock);
	sip_peer_close(&sp);
	fake_uag_reset();

	return 0;
}


/**
 * Send a NOTIFY, and wait for its answer
 *
 * @param ruri    Request-URI
 * @param branch  Branch of its Via
 * @param headers More headers
 * @param body    Body
 */
void notify_to(const char *ruri, const char *branch,
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


/**
 * Send a check-sync, and wait for its answer
 *
 * @param branch Branch of its Via
 */
void notify(const char *branch)
{
	notify_to("sip:1-x@127.0.0.1", branch,
		  "Call-ID: 1\r\nEvent: check-sync\r\n", "");
}


/**
 * Is a text in the last answer?
 *
 * @param text Text
 */
void assert_has(const char *text)
{
	if (!strstr(sp.answer, text))
		fail_msg("no \"%s\" in: %s", text, sp.answer);
}
