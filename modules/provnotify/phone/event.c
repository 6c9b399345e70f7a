/**
 * @file event.c  The table of events
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "phone/phone.h"
#include "phone/room.h"


enum {
	REBOOT_NO = 0,
	REBOOT_YES = 1,
	REBOOT_PARAM = -1,      /**< As the parameter says                  */
};

/* The synonyms are those of Linksys, Cisco, Grandstream and old snoms */
static const struct event eventv[] = {
	{"check-sync",  ACTION_RESYNC, REBOOT_PARAM, NULL,   false},
	{"resync",      ACTION_RESYNC, REBOOT_NO,    NULL,   false},
	{"reboot",      ACTION_RESYNC, REBOOT_YES,   NULL,   false},
	{"reboot_now",  ACTION_RESYNC, REBOOT_YES,   NULL,   false},
	{"restart_now", ACTION_RESYNC, REBOOT_YES,   NULL,   false},
	{"reboot=true", ACTION_RESYNC, REBOOT_YES,   NULL,   false},
	{"ACTION-URI",  ACTION_KEY,    REBOOT_NO,    NULL,   false},
	{"talk",        ACTION_KEY,    REBOOT_NO,    "talk", true},
	{"hold",        ACTION_KEY,    REBOOT_NO,    "hold", true},
	{"ua-profile",  ACTION_PNP,    REBOOT_NO,    NULL,   false},
};


/* Take the first parameter off, its name and value without blanks */
static bool param_next(struct pl *params, struct pl *name, struct pl *val)
{
	const char *end = params->p + params->l, *semi, *eq;

	if (!params->l)
		return false;

	semi = memchr(params->p, ';', params->l);

	name->p = params->p;
	name->l = (semi ? semi : end) - params->p;
	*val = pl_null;

	eq = memchr(name->p, '=', name->l);
	if (eq) {
		val->p = eq + 1;
		val->l = name->p + name->l - val->p;
		name->l = eq - name->p;
	}

	phone_trim(name);
	phone_trim(val);

	params->p = semi ? semi + 1 : end;
	params->l = end - params->p;

	return true;
}


/* One of them has a value: it compares as a parameter does */
static bool is_named(const struct pl *name, const char *str)
{
	struct pl left = *name, right, a, aval, b, bval;

	pl_set_str(&right, str);

	return param_next(&left, &a, &aval) && param_next(&right, &b, &bval) &&
		!pl_casecmp(&a, &b) && !aval.p == !bval.p &&
		!pl_casecmp(&aval, &bval);
}


/**
 * Find out what an event is taken for
 *
 * @param name Event package without parameters, compared without case
 *
 * @return Event, NULL if it is none of ours
 */
const struct event *event_find(const struct pl *name)
{
	size_t i;

	if (!pl_isset(name))
		return NULL;

	for (i=0; i<RE_ARRAY_SIZE(eventv); i++) {

		if (is_named(name, eventv[i].name))
			return &eventv[i];
	}

	return NULL;
}


/**
 * Does an event ask for a restart?
 *
 * The parameter `reboot` is that of Yealink's and Gigaset's check-sync; real
 * servers put blanks around its `;` and `=`. Other than true is false.
 *
 * @param ev     Event
 * @param params All of its parameters, may be unset
 *
 * @return True if the phone should restart, false if a resync is enough
 */
bool event_reboot(const struct event *ev, const struct pl *params)
{
	struct pl rest, name, val;

	if (!ev)
		return false;

	if (ev->reboot != REBOOT_PARAM)
		return ev->reboot == REBOOT_YES;

	if (!pl_isset(params))
		return false;

	rest = *params;

	while (param_next(&rest, &name, &val)) {

		if (!pl_strcasecmp(&name, "reboot"))
			return !pl_strcasecmp(&val, "true");
	}

	return false;
}
