/**
 * @file test_journal.c  Tests of journal.c: what becomes a line, and how many
 * links: journal/journal.c journal/line.c grammar.c journal/file.c
 * state/file.c worker/worker.c worker/thread.c clock.c request.c serial.c
 * compat/fd.c scratch.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <curl/curl.h>
#include <re.h>
#include "request.h"
#include "clock.h"
#include "worker/worker.h"
#include "journal/journal.h"
#include "scratch.h"


enum {
	LINES_MAX = 512,
	FLUSH_MS  = 10000,
};

static struct {
	char path[80];
	struct request *req;
	char call_id[16];
	unsigned sent;
	unsigned expected;
	struct deadline dl;
	char linev[LINES_MAX][1024];
	size_t linec;
} tj;


/* A line that there was no memory for does not come, however long we wait */
const char oom_may_wait[] = "all";


static int setup(void **state)
{
	int err;
	(void)state;

	memset(&tj, 0, sizeof(tj));
	(void)alarm(60);
	(void)re_snprintf(tj.path, sizeof(tj.path), "%s/journal.jsonl",
			  scratch_make());

	err  = clock_init(NULL, NULL);
	err |= worker_init();
	err |= journal_init(tj.path);

	return err;
}


static int teardown(void **state)
{
	(void)state;

	mem_deref(tj.req);
	journal_close();
	worker_close(FLUSH_MS);
	clock_close();

	return scratch_remove();
}


static void lines_read(void)
{
	FILE *f = fopen(tj.path, "r");

	tj.linec = 0;
	if (!f)
		return;

	while (tj.linec < LINES_MAX &&
	       fgets(tj.linev[tj.linec], sizeof(tj.linev[0]), f))
		++tj.linec;

	(void)fclose(f);
}


/* What is in the journal once it is closed */
static void finish(void)
{
	journal_close();
	worker_close(FLUSH_MS);
	lines_read();
}


static void poll_handler(void *arg)
{
	(void)arg;

	lines_read();
	if (tj.linec >= tj.expected)
		re_cancel();
	else
		deadline_start(&tj.dl, 10, poll_handler, NULL);
}


/* Let the phone run till so many lines are there */
static void run(unsigned expected)
{
	tj.expected = expected;
	deadline_start(&tj.dl, 0, poll_handler, NULL);
	assert_int_equal(0, re_main(NULL));
	assert_int_equal(expected, tj.linec);
}


/* A request of which the n-th one has a port, Call-ID and CSeq of its own */
static void answer(enum verdict verdict, unsigned source, uint16_t scode)
{
	struct request *req;

	tj.req = mem_deref(tj.req);
	assert_int_equal(0, request_alloc(&tj.req, DOOR_NOTIFY));
	req = tj.req;

	(void)re_snprintf(tj.call_id, sizeof(tj.call_id), "%u@x", tj.sent);
	sa_set_in(&req->source.addr, 0x7f010000 + source,
		  (uint16_t)(1024 + ++tj.sent));
	req->source.proto = "udp";
	pl_set_str(&req->ruri, "sip:100@127.0.0.1");
	pl_set_str(&req->call_id, tj.call_id);
	pl_set_str(&req->cseq, tj.call_id);
	pl_set_str(&req->event_name, "check-sync");
	req->verdict = verdict;
	answer_set(&req->answer, scode, "Reason");

	journal_answer(req);
}


static void assert_contains(size_t n, const char *str)
{
	assert_true(n < tj.linec);

	if (!strstr(tj.linev[n], str))
		assert_string_equal(tj.linev[n], str);
}


static unsigned lines_with(const char *str)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < tj.linec; ++i)
		n += strstr(tj.linev[i], str) != NULL;

	return n;
}


static void two_lines(void **state)
{
	struct ending ending;
	char id[64];
	(void)state;

	answer(VERDICT_ACCEPTED, 1, 200);
	ending_set(&ending, RESULT_OK, "%s", "detail");
	journal_end(tj.req, ACTION_RESYNC, &ending);
	run(2);

	(void)re_snprintf(id, sizeof(id), "\"id\":\"%s\"", tj.req->serial);
	assert_contains(0, id);
	assert_contains(0, "\"status\":200");
	assert_contains(1, id);
	assert_contains(1, "\"result\":\"ok\",\"detail\":\"detail\"}\n");
	assert_int_equal(0600, scratch_mode("journal.jsonl"));
}


static void alike_become_one(void **state)
{
	int i;
	(void)state;

	for (i = 0; i < 50; ++i)
		answer(VERDICT_REFUSED, 1, 403);
	run(2);

	assert_contains(0, "\"source\":\"udp:127.1.0.1:1025\"");
	assert_contains(0, "\"call_id\":\"0@x\"");
	assert_null(strstr(tj.linev[0], "\"count\":"));
	assert_contains(1, "\"source\":\"udp:127.1.0.1\"");
	assert_contains(1, "\"status\":403,\"count\":49}\n");
	assert_null(strstr(tj.linev[1], "call_id"));

	/* A new second begins with a line at once */
	answer(VERDICT_REFUSED, 1, 403);
	run(3);
	assert_contains(2, "\"source\":\"udp:127.1.0.1:1075\"");
}


static void one_alone_is_not_counted(void **state)
{
	(void)state;

	answer(VERDICT_JOINED, 1, 200);
	answer(VERDICT_JOINED, 2, 200);
	answer(VERDICT_JOINED, 2, 200);
	run(3);
	finish();

	assert_int_equal(3, tj.linec);
	assert_int_equal(1, lines_with("\"count\":"));
	assert_contains(2, "\"source\":\"udp:127.1.0.2\"");
	assert_contains(2, "\"count\":1}\n");
}


static void different_stay_apart(void **state)
{
	struct request *req;
	struct pl *plv[4];
	size_t i;
	(void)state;

	answer(VERDICT_REFUSED, 1, 403);
	req = tj.req;
	plv[0] = &req->ruri;
	plv[1] = &req->from;
	plv[2] = &req->event_name;
	plv[3] = &req->params;

	for (i = 0; i < sizeof(plv)/sizeof(plv[0]); ++i) {
		pl_set_str(plv[i], "other");
		journal_answer(req);
	}

	req->why = "other";
	journal_answer(req);
	req->source.proto = "tcp";
	journal_answer(req);
	req->answer.scode = 404;
	journal_answer(req);
	req->breaches = BREACH_NO_CSEQ;
	journal_answer(req);
	req->door = DOOR_HTTP;
	journal_answer(req);
	req->call_no = 7;
	journal_answer(req);
	assert_int_equal(0, str_dup(&req->account, "sip:a@b"));
	journal_answer(req);
	assert_int_equal(0, str_dup(&req->key_text, "OK"));
	journal_answer(req);
	finish();

	assert_int_equal(13, tj.linec);
	assert_int_equal(0, lines_with("\"count\":"));
}


static void flood_is_capped(void **state)
{
	unsigned i;
	(void)state;

	for (i = 0; i < 100; ++i)
		answer(VERDICT_REFUSED, i, 403);
	for (i = 0; i < 30; ++i)
		answer(VERDICT_JOINED, i, 200);
	for (i = 0; i < 30; ++i)
		answer(VERDICT_ACCEPTED, i, 200);
	run(20 + 20 + 30 + 2);

	assert_int_equal(21, lines_with("\"verdict\":\"refused\""));
	assert_int_equal(21, lines_with("\"verdict\":\"joined\""));
	assert_int_equal(30, lines_with("\"verdict\":\"accepted\""));
	assert_contains(70, "\"verdict\":\"refused\","
			"\"why\":\"too many in a second\",\"count\":80}\n");
	assert_contains(71, "\"count\":10}\n");

	/* The next second has room again */
	answer(VERDICT_REFUSED, 1, 403);
	finish();
	assert_int_equal(73, tj.linec);
}


static void counts_at_the_end(void **state)
{
	unsigned i;
	(void)state;

	for (i = 0; i < 3 * 19; ++i)
		answer(VERDICT_REFUSED, i % 19, 403);
	finish();

	/* Twenty lines, and one for those that found no room */
	assert_int_equal(21, tj.linec);
	assert_contains(19, "\"count\":2}\n");
	assert_contains(20, "\"why\":\"too many in a second\","
			"\"count\":36}\n");
}


static void switched_off(void **state)
{
	struct ending ending;
	(void)state;

	finish();
	assert_int_equal(0, worker_init());
	assert_int_equal(0, journal_init(NULL));
	answer(VERDICT_ACCEPTED, 1, 200);
	ending_set(&ending, RESULT_OK, NULL);
	journal_end(tj.req, ACTION_KEY, &ending);
	finish();

	assert_int_equal(0, tj.linec);
	assert_int_equal(0, scratch_mode("journal.jsonl"));
}


static void twice(void **state)
{
	(void)state;

	assert_int_equal(EALREADY, journal_init(tj.path));
	journal_answer(NULL);
	journal_end(NULL, ACTION_KEY, NULL);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest testv[] = {
		TEST(two_lines),
		TEST(alike_become_one),
		TEST(one_alone_is_not_counted),
		TEST(different_stay_apart),
		TEST(flood_is_capped),
		TEST(counts_at_the_end),
		TEST(switched_off),
		TEST(twice),
	};
	int err;

	if (libre_init())
		return 1;

	err = cmocka_run_group_tests_name("journal", testv, NULL, NULL);
	libre_close();

	return err;
}
