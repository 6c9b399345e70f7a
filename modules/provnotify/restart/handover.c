/**
 * @file handover.c  What outlives a restart
 *
 * Two small files in the state dir. `handover` tells the next process which
 * request ordered the restart, so that its retransmission is answered and not
 * obeyed again, and so that the journal gets its ending. `restarts` remembers
 * the last ordered restarts, so that a server that orders one after another
 * does not keep the phone from working.
 */
#include <string.h>
#include <curl/curl.h>
#include <stdio.h>
#include <inttypes.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "state/state.h"
#include "worker/worker.h"
#include "restart/restart.h"


enum {
	TOKEN_MS     = 32 * 1000,       /**< Timer J, RFC 3261 17.2.2 [ms]  */
	WINDOW_MS    = 10 * 60 * 1000,  /**< In this time...                */
	RESTARTS_MAX = 3,               /**< ...as many ordered restarts    */
	BOOT_ID_MAX  = 40,
};

/** When a restart was ordered */
struct stamp {
	char boot[BOOT_ID_MAX];
	uint64_t ms;                    /**< Monotonic in that boot         */
};

/** Both files, as they will be written by the worker. A power cut ends the
    process that they are for: the disk is not waited for. */
struct job {
	char handover[1024];
	char restarts[RESTARTS_MAX * (BOOT_ID_MAX + 24)];
	void (*done)(int err);
};

static struct {
	char boot[BOOT_ID_MAX];
	struct stamp stampv[RESTARTS_MAX];  /**< Oldest first               */
	size_t stampc;
	struct handover handover;
	bool given;
} room;


/* Age of a stamp; of another boot it is known to be this boot's at least */
static uint64_t stamp_age(const struct stamp *stamp)
{
	const uint64_t now = clock_ms();

	if (str_cmp(stamp->boot, room.boot) || stamp->ms > now)
		return now;

	return now - stamp->ms;
}


static bool next_line(struct pl *line, struct pl *text)
{
	const char *nl;

	if (!text->l)
		return false;

	nl = pl_strchr(text, '\n');

	line->p = text->p;
	line->l = nl ? (size_t)(nl - text->p) : text->l;

	pl_advance(text, (ssize_t)(line->l + (nl ? 1 : 0)));

	return true;
}


static void restarts_read(struct pl *text)
{
	struct pl line, boot, ms;

	while (next_line(&line, text) && room.stampc < RESTARTS_MAX) {

		struct stamp *stamp = &room.stampv[room.stampc];

		if (re_regex(line.p, line.l, "[0-9a-f\\-]+ [0-9]+",
			     &boot, &ms) ||
		    pl_strcpy(&boot, stamp->boot, sizeof(stamp->boot)))
			continue;

		stamp->ms = pl_u64(&ms);
		++room.stampc;
	}
}


static bool field(struct pl *val, const struct pl *line, const char *name)
{
	const size_t n = str_len(name);

	if (line->l < n + 1 || memcmp(line->p, name, n) || line->p[n] != ' ')
		return false;

	val->p = line->p + n + 1;
	val->l = line->l - n - 1;

	return true;
}


static void handover_read(struct pl *text)
{
	struct handover *ho = &room.handover;
	struct stamp stamp;
	struct pl line, val;

	memset(&stamp, 0, sizeof(stamp));

	while (next_line(&line, text)) {

		if (field(&val, &line, "boot"))
			(void)pl_strcpy(&val, stamp.boot, sizeof(stamp.boot));
		else if (field(&val, &line, "ms"))
			stamp.ms = pl_u64(&val);
		else if (field(&val, &line, "serial"))
			(void)pl_strcpy(&val, ho->serial, sizeof(ho->serial));
		else if (field(&val, &line, "door"))
			ho->door = pl_u32(&val) <= DOOR_BOOT ?
				(enum door)pl_u32(&val) : DOOR_BOOT;
		else if (field(&val, &line, "token"))
			ho->token = pl_x64(&val);
		else if (field(&val, &line, "scode"))
			ho->answer.scode = (uint16_t)pl_u32(&val);
		else if (field(&val, &line, "reason"))
			(void)pl_strcpy(&val, ho->answer.reason,
					sizeof(ho->answer.reason));
		else if (field(&val, &line, "warning"))
			(void)pl_strcpy(&val, ho->answer.warning,
					sizeof(ho->answer.warning));
	}

	ho->action = ACTION_RESTART;
	room.given = str_isset(ho->serial);

	if (str_cmp(stamp.boot, room.boot) || stamp_age(&stamp) > TOKEN_MS)
		ho->token = 0;
}


static int job_handler(void *arg)
{
	const struct job *job = arg;
	int err;

	err  = state_leave("restarts", (const void *)job->restarts,
			   str_len(job->restarts));
	err |= state_leave("handover", (const void *)job->handover,
			   str_len(job->handover));

	return err;
}


static void done_handler(int err, void *arg)
{
	struct job *job = arg;

	job->done(err);

	mem_deref(job);
}


static int drop_handler(void *arg)
{
	(void)arg;

	return state_remove("handover");
}


static void stamp_add(void)
{
	struct stamp *last;

	if (room.stampc == RESTARTS_MAX) {
		memmove(&room.stampv[0], &room.stampv[1],
			(RESTARTS_MAX - 1) * sizeof(room.stampv[0]));
		--room.stampc;
	}

	last = &room.stampv[room.stampc++];

	str_ncpy(last->boot, room.boot, sizeof(last->boot));
	last->ms = clock_ms();
}


/**
 * Read what the process before this one left, and remove it
 *
 * @return 0 if success, otherwise errorcode
 */
int handover_init(void)
{
	struct mbuf *mb = NULL;
	struct pl text;
	int err;

	memset(&room, 0, sizeof(room));

	err = clock_boot_id(room.boot, sizeof(room.boot));
	if (err)
		return err;

	if (!state_read(&mb, "restarts")) {
		pl_set_mbuf(&text, mb);
		restarts_read(&text);
		mb = mem_deref(mb);
	}

	if (!state_read(&mb, "handover")) {
		pl_set_mbuf(&text, mb);
		handover_read(&text);
		mb = mem_deref(mb);

		(void)state_remove("handover");
	}

	return 0;
}


/**
 * Write down who ordered the restart that is about to happen
 *
 * @param req  Request that ordered it
 * @param done Called on the main loop when it is written, or is not
 *
 * @return 0 if success, otherwise errorcode
 */
int handover_write(const struct request *req, void (*done)(int err))
{
	struct job *job;
	size_t i, len = 0;
	int err;

	if (!req || !done)
		return EINVAL;

	job = mem_zalloc(sizeof(*job), NULL);
	if (!job)
		return ENOMEM;

	job->done = done;

	stamp_add();

	if (re_snprintf(job->handover, sizeof(job->handover),
			"boot %s\nms %llu\nserial %s\ndoor %u\n"
			"token %016llx\nscode %u\nreason %s\nwarning %s\n",
			room.boot, clock_ms(), req->serial, req->door,
			req->token, req->answer.scode, req->answer.reason,
			req->answer.warning) < 0) {
		err = EOVERFLOW;
		goto out;
	}

	for (i=0; i<room.stampc; i++) {
		int n;

		n = re_snprintf(job->restarts + len,
				sizeof(job->restarts) - len, "%s %llu\n",
				room.stampv[i].boot, room.stampv[i].ms);
		if (n < 0) {
			err = EOVERFLOW;
			goto out;
		}

		len += (size_t)n;
	}

	err = worker_run(job_handler, done_handler, job);

 out:
	if (err)
		mem_deref(job);

	return err;
}


/**
 * Remove the handover: the restart did not happen. Goes behind the write,
 * which may still wait for its turn.
 */
void handover_drop(void)
{
	(void)worker_run(drop_handler, NULL, NULL);
}


/**
 * May one more restart be ordered? Three in ten minutes may.
 *
 * @return True if it may
 */
bool handover_permits(void)
{
	return room.stampc < RESTARTS_MAX ||
		stamp_age(&room.stampv[0]) >= WINDOW_MS;
}


/**
 * What the process before this one handed over
 *
 * @return Handover, NULL if this process was not started by an order
 */
const struct handover *handover_get(void)
{
	return room.given ? &room.handover : NULL;
}
