/**
 * @file consent.c  A person says who may press keys
 *
 * A source is a door and an address. What a person decided of it is kept in
 * the state dir, one line each; the requests that wait for a decision are
 * kept in memory, one for each source, for a minute.
 *
 * The URL that a PnP server offers waits till the next search, and the answer
 * is for that offer alone: in the next cafe the same address is somebody else.
 */
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"


enum {
	WAITING_MAX = 8,
	WAITING_MS  = 60 * 1000,
};

/** A request that waits for a person */
struct waiting {
	struct request *req;        /**< NULL = this place is free          */
	struct asker asker;
	uint32_t turn;              /**< The higher, the later it asked     */
	struct deadline lapse;
};

static struct {
	struct waiting waitingv[WAITING_MAX];
	struct asker last;          /**< Who asked last                     */
	bool asked;                 /**< Has anybody?                       */
	bool answered;              /**< Was that one?                      */
	uint32_t turns;
	consent_prompt_h *prompth;
	consent_lapse_h *lapseh;
} room;


static struct request *waiting_take(struct waiting *wait)
{
	struct request *req = wait->req;

	deadline_cancel(&wait->lapse);
	wait->req = NULL;

	return req;
}


static void waiting_end(struct waiting *wait, enum result result)
{
	struct request *req = waiting_take(wait);

	if (req && room.lapseh)
		room.lapseh(req, result);

	mem_deref(req);
}


static void lapse_handler(void *arg)
{
	waiting_end(arg, RESULT_LAPSED);
}


static enum leave wait_for_person(struct request *req,
					 const struct asker *asker)
{
	struct waiting *place = NULL;
	size_t i;

	for (i=0; i<WAITING_MAX; i++) {

		struct waiting *wait = &room.waitingv[i];

		if (!wait->req)
			place = wait;
		else if (asker_cmp(&wait->asker, asker))
			return LEAVE_PENDING;
	}

	if (!place)
		return LEAVE_PENDING;

	place->req = mem_ref(req);
	place->asker = *asker;
	place->turn = ++room.turns;

	if (req->door != DOOR_PNP)
		deadline_start(&place->lapse, WAITING_MS, lapse_handler,
			       place);

	room.last = *asker;
	room.asked = true;
	room.answered = false;

	if (room.prompth)
		room.prompth(req);

	return LEAVE_ASKED;
}


/**
 * May the source of a request press keys, or say where the phone is set up
 * from? Where a person must say so, the request is kept and waits.
 *
 * @param req Request
 *
 * @return What was decided, or that it waits
 */
enum leave consent_check(struct request *req)
{
	struct asker asker;
	bool allowed;

	asker_set(&asker, req);

	if (req->door == DOOR_PNP)
		return settings()->pnp == PNP_YES ? LEAVE_GIVEN :
			wait_for_person(req, &asker);

	if (decision_get(&asker, &allowed))
		return allowed ? LEAVE_GIVEN : LEAVE_REFUSED;

	switch (settings()->remote_control) {

	case CONSENT_ALLOW:
		return LEAVE_GIVEN;

	case CONSENT_DENY:
		return LEAVE_OFF;

	default:
		return wait_for_person(req, &asker);
	}
}


static void waiting_decided(const struct asker *asker, consent_run_h *runh)
{
	size_t i;

	for (i=0; i<WAITING_MAX; i++) {

		struct waiting *wait = &room.waitingv[i];
		struct request *req;

		if (!wait->req || !asker_cmp(&wait->asker, asker))
			continue;

		if (!runh) {
			waiting_end(wait, RESULT_DENIED);
			continue;
		}

		req = waiting_take(wait);
		runh(req);
		mem_deref(req);
	}
}


/*
 * Who asked last. Once that one is answered, it is the last of those that
 * still wait; one whose time is over is still the one that the person saw.
 */
static const struct asker *last_asker(void)
{
	const struct waiting *last = NULL;
	size_t i;

	if (!room.answered)
		return &room.last;

	for (i=0; i<WAITING_MAX; i++) {

		const struct waiting *wait = &room.waitingv[i];

		if (wait->req && (!last || wait->turn > last->turn))
			last = wait;
	}

	return last ? &last->asker : &room.last;
}


/*
 * Whom does the person mean? An address stands for all doors, one with a door
 * before it for that source, and nothing for the source that asked last.
 */
static int who_decode(struct asker *askerv, size_t *askerc,
		      const struct pl *source)
{
	if (pl_isset(source)) {

		*askerc = ASKER_DOORS;

		if (!asker_decode_all(askerv, source))
			return 0;
	}

	*askerc = 1;

	if (pl_isset(source))
		return asker_decode(&askerv[0], source);

	askerv[0] = *last_asker();

	return room.asked ? 0 : ENOENT;
}


/* A handler that runs what waits means that it is allowed */
static int decide(const struct pl *source, consent_run_h *runh, char *who,
		  size_t size)
{
	struct asker askerv[ASKER_DOORS];
	size_t askerc, i;
	int err = 0;

	err = who_decode(askerv, &askerc, source);
	if (err)
		return err;

	for (i=0; i<askerc; i++) {

		if (askerv[i].door != DOOR_PNP)
			err |= decision_set(&askerv[i], runh != NULL);
	}

	if (err)
		return err;

	decision_store();

	for (i=0; i<askerc; i++)
		room.answered |= asker_cmp(&askerv[i], &room.last);

	if (askerc == 1)
		(void)re_snprintf(who, size, "%H", asker_print, &askerv[0]);
	else
		(void)re_snprintf(who, size, "%j", &askerv[0].addr);

	for (i=0; i<askerc; i++)
		waiting_decided(&askerv[i], runh);

	return 0;
}


/**
 * Read what was decided
 *
 * @param lapseh Called with a request that will not run any more: it has
 *               waited too long, or was denied
 */
void consent_init(consent_lapse_h *lapseh)
{
	room.lapseh = lapseh;

	decision_load();
}


/**
 * Forget all; what still waits has lapsed
 */
void consent_close(void)
{
	size_t i;

	for (i=0; i<WAITING_MAX; i++)
		waiting_end(&room.waitingv[i], RESULT_LAPSED);

	decision_close();

	room.asked = false;
	room.lapseh = NULL;
	room.prompth = NULL;
}


/**
 * What came in through a door waits no longer: a PnP search is over
 *
 * @param door Door
 */
void consent_lapse(enum door door)
{
	size_t i;

	for (i=0; i<WAITING_MAX; i++) {

		struct waiting *wait = &room.waitingv[i];

		if (wait->req && wait->asker.door == door)
			waiting_end(wait, RESULT_LAPSED);
	}

	room.answered |= room.last.door == door;
}


/**
 * Set who is told when a request waits for a person
 *
 * @param prompth Prompt handler
 */
void consent_prompt_set(consent_prompt_h *prompth)
{
	room.prompth = prompth;
}


/**
 * A person allows a source to press keys; what waits of it runs
 *
 * @param source Address for all doors, or door and address; unset: the
 *               source that asked last
 * @param runh   Called with each request that waited
 * @param who    Buffer for the source, as text
 * @param size   Size of that buffer [bytes]
 *
 * @return 0 if success, ENOENT if nobody has asked, otherwise errorcode
 */
int consent_allow(const struct pl *source, consent_run_h *runh, char *who,
		  size_t size)
{
	return runh && who ? decide(source, runh, who, size) : EINVAL;
}


/**
 * A person forbids a source to press keys; what waits of it is dropped
 *
 * @param source Address for all doors, or door and address; unset: the
 *               source that asked last
 * @param who    Buffer for the source, as text
 * @param size   Size of that buffer [bytes]
 *
 * @return 0 if success, ENOENT if nobody has asked, otherwise errorcode
 */
int consent_deny(const struct pl *source, char *who, size_t size)
{
	return who ? decide(source, NULL, who, size) : EINVAL;
}


/**
 * Print the setting, what was decided, and what waits
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int consent_print(struct re_printf *pf, void *unused)
{
	static const char *const modev[] = {"ask", "allow", "deny"};
	size_t i;
	int err;
	(void)unused;

	err  = re_hprintf(pf, " %s\n", modev[settings()->remote_control]);
	err |= decision_print(pf, NULL);

	for (i=0; i<WAITING_MAX; i++) {

		const struct waiting *wait = &room.waitingv[i];

		if (!wait->req)
			continue;

		err |= re_hprintf(pf, "  %H  waits for remote_allow",
				  asker_print, &wait->asker);

		if (deadline_running(&wait->lapse))
			err |= re_hprintf(pf, ", %llu s left",
					  deadline_left(&wait->lapse) / 1000);

		err |= re_hprintf(pf, "\n");
	}

	return err;
}
