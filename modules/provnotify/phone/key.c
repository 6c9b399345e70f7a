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


/* What keys do: idle, ringing, dialling, calling, and in a call: talking or
   held, typing where to transfer it, consulting */

typedef const struct deed *const behaviour[PHASE_COUNT];

#define UP(deed) &(deed), &(deed), &(deed)
#define NOT_UP NULL, NULL, NULL, NULL
#define ALWAYS(deed) {&(deed), &(deed), &(deed), &(deed), UP(deed)}
#define IDLE(deed) {&(deed), NULL, NULL, NULL, NULL, NULL, NULL}

static behaviour ok = {
	NULL, &deed_answer, &deed_dial, NULL,
	NULL, &deed_consult, NULL
};
static behaviour digit = {
	&deed_type, NULL, &deed_type, NULL,
	&deed_dtmf, &deed_type, &deed_dtmf
};
static behaviour speaker = {
	&deed_offhook, &deed_answer, &deed_dial_or_stop, &deed_stop,
	UP(deed_hangup)
};
static behaviour offhook = {
	&deed_offhook, &deed_answer, &deed_dial_or_stop, NULL,
	NULL, NULL, NULL
};
static behaviour hangup = {
	NULL, &deed_reject, &deed_onhook, &deed_stop,
	UP(deed_hangup)
};
static behaviour cancel = {
	NULL, &deed_reject, &deed_onhook, &deed_stop,
	&deed_hangup, &deed_cancel, &deed_hangup
};
static behaviour answer = {
	NULL, &deed_answer, NULL, NULL,
	NULL, NULL, NULL
};
static behaviour line = {
	&deed_line, &deed_answer, &deed_line, NULL,
	UP(deed_toggle)
};
static behaviour number = {
	&deed_number, NULL, NULL, NULL,
	UP(deed_number)
};
static behaviour transfer = {
	NOT_UP,
	&deed_transfer, &deed_blind, &deed_complete
};
static behaviour toggle    = {NOT_UP, UP(deed_toggle)};
static behaviour resume    = {NOT_UP, UP(deed_resume)};
static behaviour mute      = {NOT_UP, UP(deed_mute)};
static behaviour atrans    = {NOT_UP, UP(deed_atrans)};
static behaviour btrans    = {NOT_UP, UP(deed_btrans)};
static behaviour redial    = IDLE(deed_redial);
static behaviour speed     = IDLE(deed_speed);
static behaviour voicemail = IDLE(deed_voicemail);
static behaviour louder    = ALWAYS(deed_louder);
static behaviour lower     = ALWAYS(deed_lower);
static behaviour on        = ALWAYS(deed_on);
static behaviour off       = ALWAYS(deed_off);
static behaviour resync    = ALWAYS(deed_resync);
static behaviour restart   = ALWAYS(deed_restart);
static behaviour reset     = ALWAYS(deed_reset);

static behaviour talk = {
	NULL, &deed_answer, NULL, NULL,
	UP(deed_resume)
};
static behaviour hold = {
	NOT_UP,
	UP(deed_hold)
};

#define FIRST .ringing_first = true
#define DIGIT(n, c) KEY(n, ARG_NONE, digit, "Keypad", .digit = c)
#define KEY(n, g, b, t, ...)						\
	{.name = n, .arg = g, .deedv = b, .text = t, __VA_ARGS__}
#define NONE(n, t, w, ...) {.name = n, .text = t, .why = w, __VA_ARGS__}
#define SWITCH(n, g, f, t)						\
	KEY(n "On", g, on, t, .feature = f),				\
	KEY(n "Off", ARG_NONE, off, t, .feature = f)

#define NO_SCREEN "there is no screen"

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
	KEY("X",       ARG_NONE, cancel,  "Cancel (X) key", FIRST),
	KEY("CANCEL",  ARG_ID,   cancel,  "Cancel key", FIRST),
	KEY("ANSWER",  ARG_NONE, answer,  "Answer key", FIRST),
	KEY("ASW",     ARG_ID,   answer,  "Answer key", FIRST),

	KEY("F_HOLD",  ARG_NONE, toggle,  "Hold key"),
	KEY("HOLD",    ARG_ID,   toggle,  "Hold key"),
	KEY("UNHOLD",  ARG_ID,   resume,  "Resume key"),
	KEY("SWAP",    ARG_NONE, resume,  "Swaps active and held call"),
	KEY("MUTE",    ARG_NONE, mute,    "Mute key"),

	KEY("VOLUME_UP",    ARG_NONE,   louder,   "Louder"),
	KEY("VOLUME_DOWN",  ARG_NONE,   lower,    "Lower"),
	KEY("F_TRANSFER",   ARG_NONE,   transfer, "Transfer key"),
	KEY("ATrans",       ARG_NUMBER, atrans,
	    "Transfer after a consultation"),
	KEY("BTrans",       ARG_NUMBER, btrans,   "Transfer at once"),
	NONE("F_CONFERENCE", "Conference key", "baresip cannot mix calls"),
	NONE("SPLIT", "Splits a conference", "baresip cannot mix calls"),

	KEY("L",       ARG_NTH,  line,      "Line key", .max = 99),
	KEY("D",       ARG_NTH,  speed,     "Speed dial key", .max = 10),
	KEY("RD",      ARG_NONE, redial,    "Redial key"),
	KEY("MSG",     ARG_NONE, voicemail, "Voice mail key"),
	KEY("number",  ARG_FROM, number,    "Calls a number"),

	SWITCH("DND",         ARG_NONE,   FEATURE_DND, "Do not disturb"),
	SWITCH("AlwaysFwd",   ARG_NUMBER, FEATURE_ALWAYS,
	       "Forwards every call"),
	SWITCH("BusyFwd",     ARG_NUMBER, FEATURE_BUSY,
	       "Forwards while a call is up, without call waiting"),
	SWITCH("NoAnswFwd",   ARG_TIMED,  FEATURE_NO_ANSWER,
	       "Forwards after a time"),
	SWITCH("CallWaiting", ARG_NONE,   FEATURE_CALL_WAITING,
	       "Rings while a call is up"),

	KEY("AutoP",   ARG_NONE, resync,  "As check-sync;reboot=false"),
	KEY("Reboot",  ARG_NONE, restart, "As check-sync;reboot=true"),
	KEY("Reset",   ARG_NONE, reset,   "Forgets all that was provisioned"),

	NONE("UP",    "Cursor key", NO_SCREEN),
	NONE("DOWN",  "Cursor key", NO_SCREEN),
	NONE("LEFT",  "Cursor key", NO_SCREEN),
	NONE("RIGHT", "Cursor key", NO_SCREEN),
	NONE("F",     "Soft key", NO_SCREEN, .arg = ARG_NTH, .max = 4),
	NONE("BACK_IDLE", "Idle screen", NO_SCREEN),
	NONE("phonecfg", "Read-out of the phone", "it is read out over HTTP",
	     .arg = ARG_QUERY),
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
		err = re_hprintf(pf, "| `%s1`..`%s%u` | %s", key->name,
				 key->name, key->max, key->text);
	else
		err = re_hprintf(pf, "| `%s%s` | %s", key->name,
				 argv[key->arg], key->text);

	if (key->why)
		err |= re_hprintf(pf, ": %s", key->why);

	err |= re_hprintf(pf, " |");

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
			 " dialling | our call rings there | in a call |"
			 " typing a transfer | consulting |\n"
			 "|---|---|---|---|---|---|---|---|---|\n");

	for (i=0; i<RE_ARRAY_SIZE(keyv) && !err; i++)
		err = row_print(pf, &keyv[i]);

	return err;
}
