/**
 * @file test_handover.c  Tests of handover.c
 * links: request.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include "handover.c"
#include "journal.h"


enum {
	JOBS_MAX = 4,
	MINUTE   = 60 * 1000,
};

static const char boot_a[] = "aaaaaaaa-0000-4000-8000-000000000000";
static const char boot_b[] = "bbbbbbbb-0000-4000-8000-000000000000";

/** The state dir: two files */
struct file {
	const char *name;
	char text[2048];
	bool there;
};

static struct file filev[] = {
	{.name = "handover"}, {.name = "restarts"},
};

/** The worker's queue */
static struct {
	worker_job_h *job;
	worker_done_h *done;
	void *arg;
} jobv[JOBS_MAX];

static size_t jobc;
static int worker_err;
static int write_err;

static const char *boot = boot_a;
static uint64_t now;

static unsigned dones;
static int done_err;

static struct request *req;


uint64_t clock_ms(void)
{
	return now;
}


uint64_t clock_us(void)
{
	return now * 1000;
}


int clock_boot_id(char *buf, size_t size)
{
	str_ncpy(buf, boot, size);

	return 0;
}


void journal_serial(char *buf, size_t size)
{
	str_ncpy(buf, "20261121-42", size);
}


static struct file *file_get(const char *name)
{
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(filev); i++) {
		if (!strcmp(filev[i].name, name))
			return &filev[i];
	}

	fail_msg("no file %s", name);

	return NULL;
}


int state_read(struct mbuf **mbp, const char *name)
{
	const struct file *file = file_get(name);
	struct mbuf *mb;

	if (!file->there)
		return ENOENT;

	mb = mbuf_alloc(sizeof(file->text));
	(void)mbuf_write_str(mb, file->text);
	mb->pos = 0;
	*mbp = mb;

	return 0;
}


int state_write(const char *name, const uint8_t *buf, size_t len)
{
	struct file *file = file_get(name);

	if (write_err)
		return write_err;

	assert_true(len < sizeof(file->text));

	memcpy(file->text, buf, len);
	file->text[len] = '\0';
	file->there = true;

	return 0;
}


int state_remove(const char *name)
{
	file_get(name)->there = false;

	return 0;
}


int worker_run(worker_job_h *job, worker_done_h *done, void *arg)
{
	if (worker_err)
		return worker_err;

	assert_true(jobc < JOBS_MAX);

	jobv[jobc].job = job;
	jobv[jobc].done = done;
	jobv[jobc].arg = arg;
	++jobc;

	return 0;
}


static void work(void)
{
	size_t i;

	for (i=0; i<jobc; i++) {
		const int err = jobv[i].job(jobv[i].arg);

		if (jobv[i].done)
			jobv[i].done(err, jobv[i].arg);
	}

	jobc = 0;
}


static void done_handler_test(int err)
{
	done_err = err;
	++dones;
}


static int setup(void **state)
{
	(void)state;

	filev[0].there = filev[1].there = false;
	jobc = 0;
	worker_err = write_err = 0;
	boot = boot_a;
	now = 3600 * 1000;
	dones = 0;

	if (request_alloc(&req, DOOR_NOTIFY))
		return -1;

	req->token = 0x0123456789abcdefULL;
	answer_set(&req->answer, 200, "OK");
	str_ncpy(req->answer.warning, "taken: as it is, or so",
		 sizeof(req->answer.warning));
	str_ncpy(req->answer.challenge, "Digest nonce=\"secret\"",
		 sizeof(req->answer.challenge));

	return handover_init();
}


static int teardown(void **state)
{
	(void)state;

	req = mem_deref(req);

	return 0;
}


/* An order, written down */
static void order(void)
{
	const unsigned n = dones;

	assert_int_equal(0, handover_write(req, done_handler_test));
	work();
	assert_int_equal(n + 1, dones);
}


static void test_arguments(void **state)
{
	(void)state;

	assert_int_equal(EINVAL, handover_write(NULL, done_handler_test));
	assert_int_equal(EINVAL, handover_write(req, NULL));
	assert_null(handover_get());
}


static void test_handed_over(void **state)
{
	const struct handover *ho;
	(void)state;

	order();
	assert_int_equal(0, done_err);
	assert_null(strstr(filev[0].text, "nonce"));

	/* The next process */
	now += 5 * 1000;
	assert_int_equal(0, handover_init());
	assert_false(filev[0].there);

	ho = handover_get();
	assert_non_null(ho);
	assert_string_equal("20261121-42", ho->serial);
	assert_int_equal(DOOR_NOTIFY, ho->door);
	assert_int_equal(ACTION_RESTART, ho->action);
	assert_int_equal(req->token, ho->token);
	assert_int_equal(200, ho->answer.scode);
	assert_string_equal("OK", ho->answer.reason);
	assert_string_equal("taken: as it is, or so", ho->answer.warning);
	assert_string_equal("", ho->answer.challenge);

	/* and the one after that, which nobody ordered */
	assert_int_equal(0, handover_init());
	assert_null(handover_get());
}


static void assert_token(uint64_t token)
{
	const struct handover *ho;

	assert_int_equal(0, handover_init());

	ho = handover_get();
	assert_non_null(ho);
	assert_string_equal("20261121-42", ho->serial);
	assert_int_equal(token, ho->token);
}


/* After 32 s no retransmission comes any more; the journal waits longer */
static void test_token_age(void **state)
{
	(void)state;

	order();
	now += 32 * 1000;
	assert_token(req->token);

	order();
	now += 32 * 1000 + 1;
	assert_token(0);
}


/* The machine was started anew, and its clock with it */
static void test_token_boot(void **state)
{
	(void)state;

	order();
	boot = boot_b;
	now = 20 * 1000;
	assert_token(0);

	/* Even where both clocks show the same */
	boot = boot_a;
	assert_int_equal(0, handover_init());
	order();
	boot = boot_b;
	assert_token(0);
}


static void test_write_fails(void **state)
{
	(void)state;

	write_err = ENOSPC;
	order();
	assert_int_not_equal(0, done_err);

	assert_int_equal(0, handover_init());
	assert_null(handover_get());

	worker_err = ESHUTDOWN;
	assert_int_equal(ESHUTDOWN, handover_write(req, done_handler_test));
}


/* The restart does not happen after all, and the write waits in the queue */
static void test_drop(void **state)
{
	(void)state;

	assert_int_equal(0, handover_write(req, done_handler_test));
	handover_drop();
	work();

	assert_int_equal(0, handover_init());
	assert_null(handover_get());

	/* Those that were ordered count nevertheless */
	assert_true(filev[1].there);
}


static void test_three(void **state)
{
	(void)state;

	assert_true(handover_permits());
	order();
	now += MINUTE;
	assert_true(handover_permits());
	order();
	now += MINUTE;
	assert_true(handover_permits());
	order();
	assert_false(handover_permits());

	/* The process after them knows */
	assert_int_equal(0, handover_init());
	assert_false(handover_permits());

	/* The first one is ten minutes old */
	now += 8 * MINUTE - 1;
	assert_false(handover_permits());
	now += 1;
	assert_true(handover_permits());

	/* Then the second one is the oldest of three */
	order();
	assert_false(handover_permits());
	assert_int_equal(0, handover_init());
	assert_false(handover_permits());
	now += MINUTE;
	assert_true(handover_permits());
}


/* Those of another boot are as old as this one is, at least */
static void test_three_boots(void **state)
{
	(void)state;

	order();
	order();
	order();

	boot = boot_b;
	now = 10 * MINUTE - 1;
	assert_int_equal(0, handover_init());
	assert_false(handover_permits());

	now += 1;
	assert_true(handover_permits());
}


/* Files that somebody else has written, or half of one */
static void test_rubbish(void **state)
{
	static const char *textv[] = {
		"", "\n\n\n", "boot", "serial\n", "boot \nms \nserial \n",
		"door 4711\nserial 1", "serial 1\nscode 99999999999\nms x",
		"no such line\n\x01\xff",
	};
	char text[512];
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(textv); i++) {

		const struct handover *ho;

		str_ncpy(filev[0].text, textv[i], sizeof(filev[0].text));
		str_ncpy(filev[1].text, textv[i], sizeof(filev[1].text));
		filev[0].there = filev[1].there = true;

		assert_int_equal(0, handover_init());
		assert_true(handover_permits());

		ho = handover_get();
		assert_int_equal(strstr(textv[i], "serial 1") != NULL,
				 ho != NULL);

		if (ho) {
			assert_int_equal(0, ho->token);
			assert_true(ho->door <= DOOR_BOOT);
		}
	}

	/* Longer than anything that we write */
	memset(text, 'a', sizeof(text));
	memcpy(text, "serial ", 7);
	text[sizeof(text) - 1] = '\0';
	str_ncpy(filev[0].text, text, sizeof(filev[0].text));
	filev[0].there = true;
	assert_int_equal(0, handover_init());

	memset(text, 'a', sizeof(text));
	memcpy(&text[sizeof(text) - 4], " 1\n", 4);
	str_ncpy(filev[1].text, text, sizeof(filev[1].text));
	filev[1].there = true;
	assert_int_equal(0, handover_init());
	assert_true(handover_permits());

	/* A fourth one is not read */
	(void)re_snprintf(filev[1].text, sizeof(filev[1].text),
			  "%s %llu\n%s %llu\n%s %llu\n%s 0\n",
			  boot_a, now, boot_a, now, boot_a, now, boot_a);
	assert_int_equal(0, handover_init());
	assert_false(handover_permits());
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arguments),
		TEST(test_handed_over),
		TEST(test_token_age),
		TEST(test_token_boot),
		TEST(test_write_fails),
		TEST(test_drop),
		TEST(test_three),
		TEST(test_three_boots),
		TEST(test_rubbish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
