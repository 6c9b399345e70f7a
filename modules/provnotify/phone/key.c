/**
 * @file key.c  The table of keys
 *
 * One row for each key, with what it does in each state of the phone. The
 * names are those of Yealink's action URIs.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "phone/phone.h"
#include "phone/room.h"


/* What keys do: idle, ringing, dialling, calling, in a call */

typedef const struct deed *const behaviour[PHASE_COUNT];

#define ALWAYS(deed) {&(deed), &(deed), &(deed), &(deed), &(deed)}

static behaviour ok = {
	NULL, &deed_answer, &deed_dial, NULL, NULL
};
static behaviour digit = {
	&deed_type, NULL, &deed_type, NULL, &deed_dtmf
};
static behaviour speaker = {
	&deed_offhook, &deed_answer, &deed_dial_or_stop, &deed_stop,
	&deed_hangup
};
static behaviour offhook = {
	&deed_offhook, &deed_answer, &deed_dial_or_stop, NULL, NULL
};
static behaviour hangup = {
	NULL, &deed_reject, &deed_onhook, &deed_stop, &deed_hangup
};
static behaviour answer = {
	NULL, &deed_answer, NULL, NULL, NULL
};
static behaviour toggle = {
	NULL, NULL, NULL, NULL, &deed_toggle
};
static behaviour resume = {
	NULL, NULL, NULL, NULL, &deed_resume
};
static behaviour mute = {
	NULL, NULL, NULL, NULL, &deed_mute
};
static behaviour line = {
	&deed_line, &deed_answer, &deed_line, NULL, &deed_toggle
};
static behaviour redial = {
	&deed_redial, NULL, NULL, NULL, NULL
};
static behaviour number = {
	&deed_number, NULL, NULL, NULL, &deed_number
};
static behaviour dnd_on  = ALWAYS(deed_dnd_on);
static behaviour dnd_off = ALWAYS(deed_dnd_off);
static behaviour resync  = ALWAYS(deed_resync);
static behaviour restart = ALWAYS(deed_restart);
static behaviour reset   = ALWAYS(deed_reset);

static behaviour talk = {
	NULL, &deed_answer, NULL, NULL, &deed_resume
};
static behaviour hold = {
	NULL, NULL, NULL, NULL, &deed_hold
};

#define FIRST .ringing_first = true
#define DIGIT(n, c) KEY(n, ARG_NONE, digit, "Keypad", .digit = c)
#define KEY(n, g, b, t, ...)						\
	{.name = n, .arg = g, .deedv = b, .text = t, __VA_ARGS__}

static const struct key keyv[] = {

	KEY("OK",      ARG_NONE, ok,      "OK (tick) key", FIRST),
	KEY("ENTER",   ARG_NONE, ok,      "Enter key", FIRST),

	DIGIT("0", '0'), DIGIT("1", '1'), DIGIT("2", '2'), DIGIT("3", '3'),
	DIGIT("4", '4'), DIGIT("5", '5'), DIGIT("6", '6'), DIGIT("7", '7'),
	DIGIT("8", '8'), DIGIT("9", '9'), DIGIT("*", '*'), DIGIT("#", '#'),
	DIGIT("STAR", '*'), DIGIT("POUND", '#'),

	KEY("SPEAKER", ARG_NONE, speaker, "Speakerphone key"),
	KEY("HEADSET", ARG_NONE, offhook, "Headset key"),
	KEY("OFFHOOK", ARG_NONE, offhook, "Handset picked up"),
	KEY("ONHOOK",  ARG_NONE, hangup,  "Handset put down"),
	KEY("CALLEND", ARG_NONE, hangup,  "End key"),
	KEY("X",       ARG_NONE, hangup,  "Cancel (X) key", FIRST),
	KEY("CANCEL",  ARG_ID,   hangup,  "Cancel key", FIRST),
	KEY("ANSWER",  ARG_NONE, answer,  "Answer key", FIRST),
	KEY("ASW",     ARG_ID,   answer,  "Answer key", FIRST),

	KEY("F_HOLD",  ARG_NONE, toggle,  "Hold key"),
	KEY("HOLD",    ARG_ID,   toggle,  "Hold key"),
	KEY("UNHOLD",  ARG_ID,   resume,  "Resume key"),
	KEY("SWAP",    ARG_NONE, resume,  "Swaps active and held call"),
	KEY("MUTE",    ARG_NONE, mute,    "Mute key"),

	KEY("VOLUME_UP",    ARG_NONE,   NULL, "Louder"),
	KEY("VOLUME_DOWN",  ARG_NONE,   NULL, "Lower"),
	KEY("F_TRANSFER",   ARG_NONE,   NULL, "Transfer key"),
	KEY("ATrans",       ARG_NUMBER, NULL, "Transfer after a consultation"),
	KEY("BTrans",       ARG_NUMBER, NULL, "Transfer at once"),
	KEY("F_CONFERENCE", ARG_NONE,   NULL, "Conference key"),
	KEY("SPLIT",        ARG_NONE,   NULL, "Splits a conference"),

	KEY("L",       ARG_NTH,  line,    "Line key", .max = 99),
	KEY("D",       ARG_NTH,  NULL,    "Speed dial key", .max = 10),
	KEY("RD",      ARG_NONE, redial,  "Redial key"),
	KEY("MSG",     ARG_NONE, NULL,    "Voice mail key"),
	KEY("number",  ARG_FROM, number,  "Calls a number"),

	KEY("DNDOn",          ARG_NONE,   dnd_on,  "Do not disturb"),
	KEY("DNDOff",         ARG_NONE,   dnd_off, "Do not disturb"),
	KEY("AlwaysFwdOn",    ARG_NUMBER, NULL,    "Forwards every call"),
	KEY("AlwaysFwdOff",   ARG_NONE,   NULL,    "Forwards every call"),
	KEY("BusyFwdOn",      ARG_NUMBER, NULL,    "Forwards when busy"),
	KEY("BusyFwdOff",     ARG_NONE,   NULL,    "Forwards when busy"),
	KEY("NoAnswFwdOn",    ARG_TIMED,  NULL,    "Forwards after a time"),
	KEY("NoAnswFwdOff",   ARG_NONE,   NULL,    "Forwards after a time"),
	KEY("CallWaitingOn",  ARG_NONE,   NULL,    "Call waiting"),
	KEY("CallWaitingOff", ARG_NONE,   NULL,    "Call waiting"),

	KEY("AutoP",   ARG_NONE, resync,  "As check-sync;reboot=false"),
	KEY("Reboot",  ARG_NONE, restart, "As check-sync;reboot=true"),
	KEY("Reset",   ARG_NONE, reset,   "Forgets all that was provisioned"),

	KEY("UP",        ARG_NONE,  NULL, "Cursor key: there is no screen"),
	KEY("DOWN",      ARG_NONE,  NULL, "Cursor key: there is no screen"),
	KEY("LEFT",      ARG_NONE,  NULL, "Cursor key: there is no screen"),
	KEY("RIGHT",     ARG_NONE,  NULL, "Cursor key: there is no screen"),
	KEY("F",         ARG_NTH,   NULL, "Soft key: there is no screen",
	 .max = 4),
	KEY("BACK_IDLE", ARG_NONE,  NULL, "Idle screen: there is no screen"),
	KEY("phonecfg",  ARG_QUERY, NULL, "Read-out of the phone"),
};

/* What the events talk and hold press; no key on the wire has these names */
static const struct key dialogv[] = {
	KEY("talk",    ARG_DIALOG, talk,  NULL),
	KEY("hold",    ARG_DIALOG, hold,  NULL),
};

/* How an argument is shown in the README, by grammar */
static const char *argv[] = {
	[ARG_NONE]   = "",
	[ARG_ID]     = "[:id]",
	[ARG_NUMBER] = "=number",
	[ARG_TIMED]  = "=number=seconds",
	[ARG_FROM]   = "=number[&outgoing_uri=account]",
	[ARG_QUERY]  = "=get[&accounts=1][&dnd=1][&fw=1]",
};


static bool nth_matches(const struct key *key, const struct pl *name,
			struct pl *nth)
{
	const size_t len = strlen(key->name);
	const struct pl head = {name->p, len};
	struct pl tail;
	uint32_t n;

	if (name->l <= len || pl_strcasecmp(&head, key->name))
		return false;

	tail.p = name->p + len;
	tail.l = name->l - len;

	if (tail.p[0] == '0' || !phone_u32(&n, &tail) || n > key->max)
		return false;

	*nth = tail;

	return true;
}


/**
 * Find a key of the phone
 *
 * @param name Name, compared without case
 * @param nth  ARG_NTH: the number in it, else untouched
 *
 * @return Key, NULL if nobody knows it
 */
const struct key *key_find(const struct pl *name, struct pl *nth)
{
	size_t i;

	if (!name || !nth)
		return NULL;

	for (i=0; i<RE_ARRAY_SIZE(keyv); i++) {

		const struct key *key = &keyv[i];

		if (key->arg == ARG_NTH ? nth_matches(key, name, nth) :
		    !pl_strcasecmp(name, key->name))
			return key;
	}

	return NULL;
}


/**
 * Find what an event inside a call's dialog presses
 *
 * @param name "talk" or "hold"
 *
 * @return Key, NULL if there is none
 */
const struct key *key_dialog(const char *name)
{
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(dialogv); i++) {

		if (!str_cmp(name, dialogv[i].name))
			return &dialogv[i];
	}

	return NULL;
}


static int row_print(struct re_printf *pf, const struct key *key)
{
	size_t i;
	int err;

	if (key->arg == ARG_NTH)
		err = re_hprintf(pf, "| `%s1`..`%s%u` | %s |", key->name,
				 key->name, key->max, key->text);
	else
		err = re_hprintf(pf, "| `%s%s` | %s |", key->name,
				 argv[key->arg], key->text);

	for (i=0; i<PHASE_COUNT && !err; i++) {

		const struct deed *deed = key->deedv ? key->deedv[i] : NULL;

		err = re_hprintf(pf, " %s |", deed ? deed->name : "-");
	}

	return err ? err : re_hprintf(pf, "\n");
}


/**
 * Print the table of keys for the README, in Markdown
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int key_table_print(struct re_printf *pf, void *unused)
{
	size_t i;
	int err;
	(void)unused;

	err = re_hprintf(pf, "| key | what it is | idle | a call rings |"
			 " dialling | our call rings there | in a call |\n"
			 "|---|---|---|---|---|---|---|\n");

	for (i=0; i<RE_ARRAY_SIZE(keyv) && !err; i++)
		err = row_print(pf, &keyv[i]);

	return err;
}
