/**
 * @file fuzz_handover.c  What outlives a restart
 *
 * The input is the file `restarts`, then a NUL, then the file `handover`.
 *
 * links: restart/handover.c request.c
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "state/state.h"
#include "worker/worker.h"
#include "restart/restart.h"


enum {
	NOW_MS = 700000,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct pl handover, restarts;
static char written[2048];


static void must(bool ok)
{
	if (!ok)
		abort();
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "1-1", size);
}


uint64_t clock_ms(void)
{
	return NOW_MS;
}


uint64_t clock_us(void)
{
	return NOW_MS * (uint64_t)1000;
}


int clock_boot_id(char *buf, size_t size)
{
	str_ncpy(buf, "b-1", size);

	return 0;
}


int state_read(struct mbuf **mbp, const char *name)
{
	const struct pl *pl = strcmp(name, "handover") ? &restarts : &handover;

	if (!pl->l)
		return ENOENT;

	*mbp = mbuf_alloc(pl->l);
	must(*mbp && !mbuf_write_mem(*mbp, (const uint8_t *)pl->p, pl->l));
	(*mbp)->pos = 0;

	return 0;
}


int state_leave(const char *name, const uint8_t *buf, size_t len)
{
	must(len < sizeof(written));

	if (!strcmp(name, "handover")) {
		memcpy(written, buf, len);
		written[len] = '\0';
	}

	return 0;
}


int state_remove(const char *name)
{
	must(!strcmp(name, "handover"));
	handover.l = 0;

	return 0;
}


int worker_run(worker_job_h *job, worker_done_h *done, void *arg)
{
	const int err = job(arg);

	if (done)
		done(err, arg);

	return 0;
}


static void done_h(int err)
{
	must(!err);
}


/* What was read, as the request that orders the next restart */
static struct request *request_make(const struct handover *ho)
{
	struct request *req = NULL;

	must(strlen(ho->serial) < sizeof(ho->serial) && ho->serial[0]);
	must(strlen(ho->answer.reason) < sizeof(ho->answer.reason));
	must(strlen(ho->answer.warning) < sizeof(ho->answer.warning));
	must(ho->action == ACTION_RESTART && ho->door <= DOOR_BOOT);

	must(!request_alloc(&req, ho->door));
	str_ncpy(req->serial, ho->serial, sizeof(req->serial));
	req->token = ho->token;
	req->answer = ho->answer;

	return req;
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size ? memchr(data, '\0', size) : NULL;
	const struct handover *ho;
	struct request *req;

	restarts.p = (const char *)data;
	restarts.l = nul ? (size_t)(nul - data) : size;
	handover.p = restarts.p + restarts.l + 1;
	handover.l = nul ? size - restarts.l - 1 : 0;

	must(!handover_init());
	must(!handover.l);
	(void)handover_permits();

	ho = handover_get();
	if (!ho)
		return 0;

	/* What was written reads as what it was */
	req = request_make(ho);
	must(!handover_write(req, done_h));
	pl_set_str(&handover, written);
	must(!handover_init());

	ho = handover_get();
	must(ho && !strcmp(ho->serial, req->serial));
	must(ho->token == req->token && ho->door == req->door);
	must(ho->answer.scode == req->answer.scode);
	must(!strcmp(ho->answer.reason, req->answer.reason));
	must(!strcmp(ho->answer.warning, req->answer.warning));

	mem_deref(req);

	return 0;
}
