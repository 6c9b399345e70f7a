/**
 * @file fake_handover.c  The state dir, the worker and the clock below
 *                        handover.c, for its tests
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "journal/journal.h"
#include "restart/restart.h"
#include "state/state.h"
#include "worker/worker.h"
#include "fake_handover.h"


enum {
	JOBS_MAX = 4,
};

const char boot_a[] = "aaaaaaaa-0000-4000-8000-000000000000";
const char boot_b[] = "bbbbbbbb-0000-4000-8000-000000000000";

struct fake_handover fake;
struct request *req;

/** The worker's queue */
static struct {
	worker_job_h *job;
	worker_done_h *done;
	void *arg;
} jobv[JOBS_MAX];

static size_t jobc;


uint64_t clock_ms(void)
{
	return fake.now;
}


uint64_t clock_us(void)
{
	return fake.now * 1000;
}


int clock_boot_id(char *buf, size_t size)
{
	str_ncpy(buf, fake.boot, size);

	return 0;
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "20261121-42", size);
}


static struct file *file_get(const char *name)
{
	if (!strcmp(fake.handover.name, name))
		return &fake.handover;

	assert_string_equal(fake.restarts.name, name);

	return &fake.restarts;
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


int state_leave(const char *name, const uint8_t *buf, size_t len)
{
	struct file *file = file_get(name);

	if (fake.write_err)
		return fake.write_err;

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
	if (fake.worker_err)
		return fake.worker_err;

	assert_true(jobc < JOBS_MAX);

	jobv[jobc].job = job;
	jobv[jobc].done = done;
	jobv[jobc].arg = arg;
	++jobc;

	return 0;
}


/**
 * Let the worker do all jobs
 */
void work(void)
{
	size_t i;

	for (i=0; i<jobc; i++) {
		const int err = jobv[i].job(jobv[i].arg);

		if (jobv[i].done)
			jobv[i].done(err, jobv[i].arg);
	}

	jobc = 0;
}


/**
 * Handler of a write that is done
 *
 * @param err Its error
 */
void done_handler(int err)
{
	fake.done_err = err;
	++fake.dones;
}


/**
 * A phone that nobody has ordered anything of yet
 *
 * @param state Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int handover_setup(void **state)
{
	(void)state;

	memset(&fake, 0, sizeof(fake));
	fake.handover.name = "handover";
	fake.restarts.name = "restarts";
	fake.boot = boot_a;
	fake.now = 3600 * 1000;
	jobc = 0;

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


/**
 * Forget all
 *
 * @param state Unused
 *
 * @return 0
 */
int handover_teardown(void **state)
{
	(void)state;

	req = mem_deref(req);

	return 0;
}


/**
 * An order, written down
 */
void order(void)
{
	const unsigned n = fake.dones;

	assert_int_equal(0, handover_write(req, done_handler));
	work();
	assert_int_equal(n + 1, fake.dones);
}
