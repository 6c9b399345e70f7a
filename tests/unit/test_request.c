/**
 * @file test_request.c  Tests of request.c
 * links: request.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "clock.h"
#include "journal/journal.h"


static unsigned freed;


uint64_t clock_us(void)
{
	return 4711;
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "20-7", size);
}


static void destructor(void *arg)
{
	(void)arg;

	++freed;
}


static void *owned(void)
{
	return mem_zalloc(1, destructor);
}


static void test_alloc(void **state)
{
	struct request *req = NULL;
	(void)state;

	assert_int_equal(EINVAL, request_alloc(NULL, DOOR_NOTIFY));
	assert_int_equal(0, request_alloc(&req, DOOR_CONSOLE));

	assert_int_equal(DOOR_CONSOLE, req->door);
	assert_int_equal(4711, req->started);
	assert_string_equal("20-7", req->serial);
	assert_int_equal(ACTION_NONE, req->action);
	assert_int_equal(ADDRESSED_NONE, req->addressed);
	assert_null(req->answerh);

	mem_deref(req);
}


static void test_ownership(void **state)
{
	struct request *req = NULL;
	(void)state;

	assert_int_equal(0, request_alloc(&req, DOOR_NOTIFY));

	req->keep = owned();
	req->chain = owned();
	req->account = owned();
	req->key_text = owned();

	freed = 0;
	(void)mem_ref(req);
	mem_deref(req);
	assert_int_equal(0, freed);

	mem_deref(req);
	assert_int_equal(4, freed);
}


static void test_names(void **state)
{
	(void)state;

	assert_string_equal("notify",  door_name(DOOR_NOTIFY));
	assert_string_equal("http",    door_name(DOOR_HTTP));
	assert_string_equal("pnp",     door_name(DOOR_PNP));
	assert_string_equal("console", door_name(DOOR_CONSOLE));
	assert_string_equal("timer",   door_name(DOOR_TIMER));
	assert_string_equal("boot",    door_name(DOOR_BOOT));

	assert_string_equal("accepted", verdict_name(VERDICT_ACCEPTED));
	assert_string_equal("refused",  verdict_name(VERDICT_REFUSED));
	assert_string_equal("asked",    verdict_name(VERDICT_ASKED));
	assert_string_equal("joined",   verdict_name(VERDICT_JOINED));
	assert_string_equal("ignored",  verdict_name(VERDICT_IGNORED));

	assert_null(action_name(ACTION_NONE));
	assert_string_equal("pnp",     action_name(ACTION_PNP));
	assert_string_equal("resync",  action_name(ACTION_RESYNC));
	assert_string_equal("command", action_name(ACTION_COMMAND));
	assert_string_equal("key",     action_name(ACTION_KEY));
	assert_string_equal("restart", action_name(ACTION_RESTART));
	assert_string_equal("reset",   action_name(ACTION_RESET));

	assert_string_equal("ok",          result_name(RESULT_OK));
	assert_string_equal("unchanged",   result_name(RESULT_UNCHANGED));
	assert_string_equal("failed",      result_name(RESULT_FAILED));
	assert_string_equal("rolled-back", result_name(RESULT_ROLLED_BACK));
	assert_string_equal("no-effect",   result_name(RESULT_NO_EFFECT));
	assert_string_equal("lapsed",      result_name(RESULT_LAPSED));
	assert_string_equal("denied",      result_name(RESULT_DENIED));
}


static void test_breaches(void **state)
{
	static const struct {
		enum breach breach;
		const char *section;
	} testv[] = {
		{BREACH_TO_TAG,      "RFC 3261 8.1.1.2"},
		{BREACH_NO_FROM_TAG, "RFC 3261 8.1.1.3"},
		{BREACH_NO_CSEQ,     "RFC 3261 8.1.1.5"},
		{BREACH_NO_SUBSTATE, "RFC 6665 4.1.3"},
		{BREACH_TWICE,       "RFC 3261 7.3.1"},
		{BREACH_BODY_LONG,   "RFC 3261 18.3"},
		{BREACH_BODY_SHORT,  "RFC 3261 18.3"},
		{BREACH_NO_MAXFWD,   "RFC 3261 8.1.1.6"},
		{BREACH_NO_CALLID,   "RFC 3261 8.1.1.4"},
		{BREACH_CSEQ_METHOD, "RFC 3261 8.1.1.5"},
		{BREACH_NO_TO,       "RFC 3261 8.1.1.2"},
	};
	size_t i, j;
	(void)state;

	for (i=0; i<sizeof(testv)/sizeof(testv[0]); i++) {

		assert_string_equal(testv[i].section,
				    breach_section(testv[i].breach));
		assert_true(str_isset(breach_text(testv[i].breach)));

		for (j=0; j<i; j++)
			assert_string_not_equal(breach_text(testv[j].breach),
						breach_text(testv[i].breach));
	}
}


static void test_answer(void **state)
{
	struct answer answer;
	char text[2 * REQUEST_REASON_MAX];
	(void)state;

	memset(&answer, 0xff, sizeof(answer));
	answer_set(&answer, 403, "Forbidden");

	assert_int_equal(403, answer.scode);
	assert_string_equal("Forbidden", answer.reason);
	assert_string_equal("", answer.warning);
	assert_string_equal("", answer.challenge);
	assert_int_equal(0, answer.retry_after);

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	answer_set(&answer, 400, text);
	assert_int_equal(REQUEST_REASON_MAX - 1, strlen(answer.reason));

	answer_set(&answer, 0, NULL);
	assert_int_equal(0, answer.scode);
	assert_string_equal("", answer.reason);

	answer_set(NULL, 200, "OK");
}


static void test_ending(void **state)
{
	struct ending ending;
	char text[512];
	(void)state;

	memset(&ending, 0, sizeof(ending));
	ending.then = ACTION_RESTART;

	ending_set(&ending, RESULT_FAILED, "%s, %u", "no answer", 3);
	assert_int_equal(RESULT_FAILED, ending.result);
	assert_string_equal("no answer, 3", ending.detail);
	assert_int_equal(ACTION_RESTART, ending.then);

	ending_set(&ending, RESULT_OK, NULL);
	assert_int_equal(RESULT_OK, ending.result);
	assert_string_equal("", ending.detail);

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	ending_set(&ending, RESULT_OK, "%s", text);
	assert_true(strlen(ending.detail) < sizeof(ending.detail));

	ending_set(NULL, RESULT_OK, NULL);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc),
		cmocka_unit_test(test_ownership),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_breaches),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_ending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
