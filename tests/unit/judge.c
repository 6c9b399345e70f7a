/**
 * @file judge.c  Requests, and what the guard says of them, for its tests
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "phone/phone.h"
#include "fake_guard.h"
#include "judge.h"


const struct event checksync = { "check-sync", ACTION_RESYNC,
					-1, NULL, false };
const struct event action_uri = { "ACTION-URI", ACTION_KEY,
					 -1, NULL, false };
const struct event talk = { "talk", ACTION_KEY, -1, "OK", true };
const struct event profile = { "ua-profile", ACTION_PNP,
				      -1, NULL, false };

struct request *req;
struct answer answer;
struct joins joins;


static bool joins_handler(const struct request *r)
{
	++joins.count;
	joins.action = r->action;

	return joins.waits;
}


static void lapse_handler(struct request *r, enum result result)
{
	(void)r;
	(void)result;
}


void make(const struct event *event, enum action action,
		 const char *source, const char *headers)
{
	char *sip;

	assert_int_equal(re_sdprintf(&sip,
		"NOTIFY " RURI " SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
		"%s"
		"To: <sip:alice@pbx.example>\r\n"
		"From: <sip:pbx@pbx.example>;tag=1\r\n"
		"\r\n", headers), 0);

	req = mem_deref(req);
	assert_int_equal(fake_request(&req, source, sip), 0);
	mem_deref(sip);

	req->event = event;
	req->action = action;
}


void make_sync(void)
{
	make(&checksync, ACTION_RESYNC, SERVER, "");
}


void make_reboot(void)
{
	make(&checksync, ACTION_RESTART, SERVER, "");
}


void make_key(void)
{
	make(&action_uri, ACTION_KEY, SERVER, "");

	/* Of which the guard asks the phone */
	req->chain = mem_zalloc(sizeof(struct chain), NULL);
	assert_non_null(req->chain);
}


void make_anonymous(void)
{
	req->ua = NULL;
	req->account = mem_deref(req->account);
	req->addressed = ADDRESSED_NONE;
}


enum verdict judge(void)
{
	const char *p;

	memset(&answer, 0xff, sizeof(answer));

	const enum verdict verdict = guard_check(req, &answer);

	/* It becomes a quoted string of a header */
	for (p = answer.warning; *p; ++p)
		assert_true(*p >= ' ' && *p < 0x7f && *p != '"');

	for (p = answer.reason; *p; ++p)
		assert_true(*p >= ' ' && *p < 0x7f);

	return verdict;
}


/* Judge; a warning is one that names what the sender must know */
void check(enum verdict verdict, uint16_t scode, const char *reason,
		  const char *warning)
{
	assert_int_equal(judge(), verdict);
	assert_int_equal(answer.scode, scode);
	assert_string_equal(answer.reason, reason);

	if (warning)
		assert_non_null(strstr(answer.warning, warning));
	else
		assert_string_equal(answer.warning, "");
}


void check_accepted(void)
{
	check(VERDICT_ACCEPTED, 200, "OK", NULL);
}


void check_refused(uint16_t scode, const char *reason,
			  const char *warning)
{
	check(VERDICT_REFUSED, scode, reason, warning);
	assert_non_null(req->why);
}


int judge_setup(void **state)
{
	(void)state;

	fake_reset();
	fake.settings.remote_control = CONSENT_ALLOW;
	memset(&joins, 0, sizeof(joins));

	return guard_init(joins_handler, lapse_handler);
}


int judge_teardown(void **state)
{
	(void)state;

	req = mem_deref(req);
	guard_close();
	fake_worker();

	return 0;
}
