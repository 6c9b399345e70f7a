/**
 * @file feature_file.c  DND, call waiting and forwards as they are kept
 *
 * A line for each: `[given] NAME on|off [TARGET [SECONDS]]`; given is what was
 * provisioned. A file without a line was cut short; where nobody has said
 * anything it is `none`.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "phone/phone.h"
#include "phone/room.h"


static const char *namev[FEATURE_COUNT] = {
	[FEATURE_DND]          = "dnd",
	[FEATURE_CALL_WAITING] = "call_waiting",
	[FEATURE_ALWAYS]       = "always_forward",
	[FEATURE_BUSY]         = "busy_forward",
	[FEATURE_NO_ANSWER]    = "no_answer_forward",
};


static const char none[] = "none\n";


static int line_encode(struct mbuf *mb, const char *who, const char *name,
		       const struct feature *feature)
{
	int err;

	if (feature->on < 0)
		return 0;

	err = mbuf_printf(mb, "%s%s %s", who, name,
			  feature->on ? "on" : "off");

	if (feature->target)
		err |= mbuf_printf(mb, " %s %u", feature->target,
				   feature->seconds);

	return err | mbuf_write_u8(mb, '\n');
}


/**
 * Encode what is to be kept
 *
 * @param mbp    Pointer to allocated buffer
 * @param setv   Values by keys
 * @param givenv Provisioned values
 *
 * @return 0 if success, otherwise errorcode
 */
int feature_encode(struct mbuf **mbp, const struct feature *setv,
		   const struct feature *givenv)
{
	struct mbuf *mb;
	int err = 0;
	size_t i;

	if (!mbp || !setv || !givenv)
		return EINVAL;

	mb = mbuf_alloc(256);
	if (!mb)
		return ENOMEM;

	for (i=0; i<FEATURE_COUNT; i++) {
		err |= line_encode(mb, "", namev[i], &setv[i]);
		err |= line_encode(mb, "given ", namev[i], &givenv[i]);
	}

	if (!mb->end)
		err |= mbuf_write_str(mb, none);

	if (err)
		mem_deref(mb);
	else
		*mbp = mb;

	return err;
}


/* Take the first word off a line */
static struct pl word(struct pl *line)
{
	struct pl pl = *line;
	const char *blank = pl_strchr(line, ' ');

	if (blank)
		pl.l = blank - pl.p;

	pl_advance(line, blank ? pl.l + 1 : pl.l);

	return pl;
}


static int line_decode(struct feature *setv, struct feature *givenv,
		       struct pl line)
{
	struct feature *feature = setv;
	struct pl name = word(&line), on, target, seconds;
	struct number num;
	uint32_t n = 0;
	size_t i = 0;

	if (!pl_strcmp(&name, "given")) {
		name = word(&line);
		feature = givenv;
	}

	on = word(&line);
	target = word(&line);
	seconds = word(&line);

	while (i < FEATURE_COUNT && pl_strcmp(&name, namev[i]))
		++i;

	if (i >= FEATURE_COUNT || line.l ||
	    (pl_strcmp(&on, "on") && pl_strcmp(&on, "off")) ||
	    (target.l && number_decode(&num, &target)) ||
	    (seconds.l && !phone_u32(&n, &seconds)))
		return EBADMSG;

	/* What forwards needs to know where to */
	if (i >= FEATURE_ALWAYS && on.l == 2 && !target.l)
		return EBADMSG;

	feature += i;
	feature->on = on.l == 2;
	feature->seconds = n;
	feature->target = mem_deref(feature->target);

	return target.l ? pl_strdup(&feature->target, &target) : 0;
}


/**
 * Decode what was kept
 *
 * @param setv   Values by keys
 * @param givenv Provisioned values
 * @param mb     Content of the file
 *
 * @return 0 if success, EBADMSG if some of it is damaged; the rest is taken
 */
int feature_decode(struct feature *setv, struct feature *givenv,
		   struct mbuf *mb)
{
	struct pl rest, line;
	int err = 0;

	if (!setv || !givenv || !mb)
		return EINVAL;

	pl_set_mbuf(&rest, mb);

	if (!pl_strcmp(&rest, none))
		return 0;

	if (!rest.l)
		return EBADMSG;

	while (rest.l) {
		const char *end = pl_strchr(&rest, '\n');

		line = rest;
		if (end)
			line.l = end - line.p;

		pl_advance(&rest, line.l + (end ? 1 : 0));

		err |= line_decode(setv, givenv, line);
	}

	return err;
}
