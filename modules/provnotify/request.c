/**
 * @file request.c  struct request, the one thing that all rooms share
 */
#include <string.h>
#include <re.h>
#include "request.h"
#include "clock.h"


static const char *doorv[] = {
	"notify", "http", "pnp", "console", "timer", "boot",
};

static const char *verdictv[] = {
	"accepted", "refused", "asked", "joined", "ignored",
};

static const char *actionv[] = {
	NULL, "pnp", "resync", "command", "key", "restart", "reset",
};

static const char *resultv[] = {
	"ok", "unchanged", "failed", "rolled-back", "no-effect", "lapsed",
	"denied",
};

/* In the order of enum breach */
static const struct {
	const char *text;
	const char *section;
} breachv[] = {
	{"To tag without a dialog",        "RFC 3261 8.1.1.2"},
	{"no From tag",                    "RFC 3261 8.1.1.3"},
	{"no CSeq",                        "RFC 3261 8.1.1.5"},
	{"no Subscription-State",          "RFC 6665 4.1.3"},
	{"header stands twice",            "RFC 3261 7.3.1"},
	{"body longer than Content-Length", "RFC 3261 18.3"},
	{"body shorter than Content-Length", "RFC 3261 18.3"},
	{"no Max-Forwards",                "RFC 3261 8.1.1.6"},
	{"no Call-ID",                     "RFC 3261 8.1.1.4"},
	{"CSeq of another method",         "RFC 3261 8.1.1.5"},
	{"no To",                          "RFC 3261 8.1.1.2"},
};


static size_t breach_index(enum breach breach)
{
	size_t i = 0;

	while (i < sizeof(breachv)/sizeof(breachv[0]) - 1 &&
	       !(breach & (1u << i)))
		++i;

	return i;
}


static void destructor(void *arg)
{
	struct request *req = arg;

	mem_deref(req->keep);
	mem_deref(req->chain);
	mem_deref(req->account);
	mem_deref(req->key_text);
}


/**
 * Allocate a request, with its start time and its id in the journal
 *
 * @param reqp Pointer to allocated request
 * @param door Where it came in
 *
 * @return 0 if success, otherwise errorcode
 */
int request_alloc(struct request **reqp, enum door door)
{
	struct request *req;

	if (!reqp)
		return EINVAL;

	req = mem_zalloc(sizeof(*req), destructor);
	if (!req)
		return ENOMEM;

	req->door = door;
	req->started = clock_us();
	request_serial(req->serial, sizeof(req->serial));

	*reqp = req;

	return 0;
}


/**
 * Name of a door, as in the journal
 *
 * @param door Door
 *
 * @return Static text
 */
const char *door_name(enum door door)
{
	return doorv[door];
}


/**
 * Name of a verdict, as in the journal
 *
 * @param verdict Verdict
 *
 * @return Static text
 */
const char *verdict_name(enum verdict verdict)
{
	return verdictv[verdict];
}


/**
 * Name of an action, as in the journal
 *
 * @param action Action
 *
 * @return Static text, NULL for none
 */
const char *action_name(enum action action)
{
	return actionv[action];
}


/**
 * Name of a result, as in the journal
 *
 * @param result Result
 *
 * @return Static text
 */
const char *result_name(enum result result)
{
	return resultv[result];
}


/**
 * What a breach is
 *
 * @param breach One breach
 *
 * @return Static text
 */
const char *breach_text(enum breach breach)
{
	return breachv[breach_index(breach)].text;
}


/**
 * The section of the RFC that a breach is against
 *
 * @param breach One breach
 *
 * @return Static text
 */
const char *breach_section(enum breach breach)
{
	return breachv[breach_index(breach)].section;
}


/**
 * Set status and phrase of an answer, and clear the rest
 *
 * @param answer Answer
 * @param scode  Status code, 0 = do not answer
 * @param reason Phrase; cut to fit
 */
void answer_set(struct answer *answer, uint16_t scode, const char *reason)
{
	if (!answer)
		return;

	memset(answer, 0, sizeof(*answer));

	answer->scode = scode;
	str_ncpy(answer->reason, reason ? reason : "",
		 sizeof(answer->reason));
}


/**
 * Set how an action ended
 *
 * @param ending Ending
 * @param result Result
 * @param fmt    Formatted detail, or NULL
 * @param ...    Variable arguments
 */
void ending_set(struct ending *ending, enum result result,
		const char *fmt, ...)
{
	va_list ap;

	if (!ending)
		return;

	ending->result = result;
	ending->detail[0] = '\0';

	if (!fmt)
		return;

	va_start(ap, fmt);
	(void)re_vsnprintf(ending->detail, sizeof(ending->detail), fmt, ap);
	va_end(ap);
}
