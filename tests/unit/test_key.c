/**
 * @file test_key.c  Tests of phone/key.c, plan.c and deed.c: each key in each
 *                   state of the phone
 * links: phone/call.c phone/chain.c phone/deed.c phone/dialer.c phone/event.c
 * links: phone/feature.c phone/key.c phone/number.c phone/ownkey.c
 * links: phone/phone.c phone/plan.c phone/run.c phone/slot.c phone/talk.c
 * links: request.c grammar.c fake_phone.c fake_clock.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "settings.h"
#include "phone/phone.h"
#include "phone/room.h"
#include "fake_clock.h"
#include "fake_phone.h"


/** States of the phone; A and B are calls of accounts 1 and 2 */
enum scene {
	IDLE,
	RINGS,                  /**< A rings                                */
	TYPED,                  /**< "12" was typed                         */
	OFFHOOK,                /**< Nothing was typed                      */
	CALLING,                /**< A of our own rings there               */
	TALKING,                /**< A is up                                */
	HELD,                   /**< A is held                              */
	SECOND,                 /**< A is up, B rings                       */
	BOTH,                   /**< A is held, B is up                     */
	WAITING,                /**< A is held, B of our own rings there    */
	SCENES
};

static struct ua *ua1, *ua2;
static struct call *a, *b;
static struct call *seen[2];    /* References, so that they can be seen */


static struct call *make(struct ua *ua, enum call_state state, bool outgoing)
{
	struct call *call = fake_call(ua, state, outgoing);

	fake_event(COMPAT_CALL_RINGING, call);

	return mem_ref(call);
}


static void scene_open(enum scene scene)
{
	fake_clock_reset();
	fake_open();

	ua1 = fake_ua("100", "one.example");
	ua2 = fake_ua("200", "two.example");
	a = b = NULL;

	fake_settings()->factory_reset = true;
	(void)calls_init();

	switch (scene) {

	case RINGS:
		a = make(ua1, CALL_STATE_INCOMING, false);
		break;

	case TYPED:
		dialer_type('1');
		dialer_type('2');
		break;

	case OFFHOOK:
		dialer_open(0);
		break;

	case CALLING:
		a = make(ua1, CALL_STATE_RINGING, true);
		break;

	case TALKING:
	case HELD:
		a = make(ua1, CALL_STATE_ESTABLISHED, true);
		a->onhold = scene == HELD;
		break;

	case SECOND:
		a = make(ua1, CALL_STATE_ESTABLISHED, true);
		b = make(ua2, CALL_STATE_INCOMING, false);
		break;

	case BOTH:
		a = make(ua1, CALL_STATE_ESTABLISHED, true);
		a->onhold = true;
		b = make(ua2, CALL_STATE_ESTABLISHED, true);
		break;

	case WAITING:
		a = make(ua1, CALL_STATE_ESTABLISHED, true);
		a->onhold = true;
		b = make(ua2, CALL_STATE_RINGING, true);
		break;

	default:
		break;
	}

	seen[0] = a;
	seen[1] = b;
}


static void scene_close(void)
{
	feature_dnd_set(false);
	dialer_close();
	calls_close();
	fake_close();
	mem_deref(seen[0]);
	mem_deref(seen[1]);
}


static int note(char *buf, size_t size, const char *fmt, ...)
{
	const size_t len = strlen(buf);
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = re_vsnprintf(buf + len, size - len, fmt, ap);
	va_end(ap);

	return n;
}


/* What has become of a call, in words */
static void call_note(char *buf, size_t size, char name,
		      const struct call *call, const struct call *was)
{
	if (!call)
		return;

	if (call->state == CALL_STATE_TERMINATED)
		(void)note(buf, size, " end %c", name);
	if (call->answered)
		(void)note(buf, size, " answer %c", name);
	if (call->onhold != was->onhold)
		(void)note(buf, size, " %s %c",
			   call->onhold ? "hold" : "resume", name);
	if (call->muted)
		(void)note(buf, size, " mute %c", name);
	if (call->digits[0])
		(void)note(buf, size, " dtmf %c %s", name, call->digits);
}


/* Press a key in a scene, and say in words what it did; "-" for nothing */
static void press(char *buf, size_t size, const char *name, enum scene scene)
{
	struct call was[2];
	struct ending ending;
	struct chain *chain = NULL;
	struct fault fault = {NULL};
	const char *why = NULL;
	char body[64];
	struct pl pl;
	bool nothing, active, typed;
	int i;

	scene_open(scene);

	memset(was, 0, sizeof(was));
	for (i=0; i<2; i++) {
		if (seen[i])
			was[i] = *seen[i];
	}

	(void)re_snprintf(body, sizeof(body), "key=%s", name);
	pl_set_str(&pl, body);
	assert_int_equal(0, chain_decode(&chain, &pl, &fault));

	active = dialer_active();
	typed = dialer_typed();
	nothing = chain_no_effect(chain, &why);

	memset(&ending, 0, sizeof(ending));
	chain_run(chain, &ending);

	/* What was said before is what then happened */
	assert_int_equal(nothing, ending.result == RESULT_NO_EFFECT);
	assert_int_equal(nothing, why != NULL);
	if (nothing)
		assert_non_null(strstr(ending.detail, why));

	buf[0] = '\0';
	call_note(buf, size, 'A', seen[0], &was[0]);
	call_note(buf, size, 'B', seen[1], &was[1]);

	if (fake.connects)
		(void)note(buf, size, " call %s", fake.uri);
	else if (active && !dialer_active())
		(void)note(buf, size, " close");
	else if (!active && dialer_active())
		(void)note(buf, size, " open");
	if (!typed && dialer_typed())
		(void)note(buf, size, " type");
	if (feature_dnd())
		(void)note(buf, size, " dnd");
	if (ending.then)
		(void)note(buf, size, " %s", action_name(ending.then));

	if (ending.result == RESULT_FAILED)
		(void)note(buf, size, " failed");
	else if (ending.result == RESULT_NO_EFFECT)
		(void)note(buf, size, " -");

	mem_deref(chain);
	scene_close();
}


/* Word for word what section 4 of the contract says */
static void test_states(void **state)
{
	static const struct {
		const char *name;
		const char *effectv[SCENES];
	} rowv[] = {
	/* idle, rings, typed, offhook, calling, talking, held, second, both,
	   waiting */
	{"OK",     {"-", "answer A", "call sip:12@one.example", "-", "-", "-",
		    "-", "hold A answer B", "-", "-"}},
	{"enter",  {"-", "answer A", "call sip:12@one.example", "-", "-", "-",
		    "-", "hold A answer B", "-", "-"}},
	{"5",      {"open type", "-", "", "type", "-", "dtmf A 5_", "-",
		    "dtmf A 5_", "dtmf B 5_", "-"}},
	{"STAR",   {"open type", "-", "", "type", "-", "dtmf A *_", "-",
		    "dtmf A *_", "dtmf B *_", "-"}},
	{"#",      {"open type", "-", "", "type", "-", "dtmf A #_", "-",
		    "dtmf A #_", "dtmf B #_", "-"}},
	{"POUND",  {"open type", "-", "", "type", "-", "dtmf A #_", "-",
		    "dtmf A #_", "dtmf B #_", "-"}},
	{"SPEAKER", {"open", "answer A", "call sip:12@one.example", "close",
		     "end A", "end A", "end A", "end A", "end B", "end B"}},
	{"HEADSET", {"open", "answer A", "call sip:12@one.example", "close",
		     "-", "-", "-", "-", "-", "-"}},
	{"OFFHOOK", {"open", "answer A", "call sip:12@one.example", "close",
		     "-", "-", "-", "-", "-", "-"}},
	{"X",      {"-", "end A", "close", "close", "end A", "end A", "end A",
		    "end B", "end B", "end B"}},
	{"CANCEL", {"-", "end A", "close", "close", "end A", "end A", "end A",
		    "end B", "end B", "end B"}},
	{"CANCEL:1", {"-", "end A", "-", "-", "end A", "end A", "end A",
		      "end A", "end A", "end A"}},
	{"CANCEL:7", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
	{"ONHOOK", {"-", "end A", "close", "close", "end A", "end A", "end A",
		    "end A", "end B", "end B"}},
	{"CallEnd", {"-", "end A", "close", "close", "end A", "end A",
		     "end A", "end A", "end B", "end B"}},
	{"ANSWER", {"-", "answer A", "-", "-", "-", "-", "-",
		    "hold A answer B", "-", "-"}},
	{"ASW",    {"-", "answer A", "-", "-", "-", "-", "-",
		    "hold A answer B", "-", "-"}},
	{"ASW:2",  {"-", "-", "-", "-", "-", "-", "-",
		    "hold A answer B", "-", "-"}},
	{"ASW : 1", {"-", "answer A", "-", "-", "-", "-", "-", "-", "-",
		     "-"}},
	{"F_HOLD", {"-", "-", "-", "-", "-", "hold A", "resume A", "hold A",
		    "hold B", "-"}},
	{"HOLD",   {"-", "-", "-", "-", "-", "hold A", "resume A", "hold A",
		    "hold B", "-"}},
	{"HOLD:1", {"-", "-", "-", "-", "-", "hold A", "resume A", "hold A",
		    "resume A hold B", "-"}},
	{"UNHOLD", {"-", "-", "-", "-", "-", "-", "resume A", "-",
		    "resume A hold B", "-"}},
	{"UNHOLD:2", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
	{"SWAP",   {"-", "-", "-", "-", "-", "-", "resume A", "-",
		    "resume A hold B", "-"}},
	{"MUTE",   {"-", "-", "-", "-", "-", "mute A", "mute A", "mute A",
		    "mute B", "-"}},
	{"L1",     {"open", "answer A", "", "", "-", "hold A", "resume A",
		    "hold A", "resume A hold B", "-"}},
	{"L2",     {"open", "-", "", "", "-", "-", "-", "hold A answer B",
		    "hold B", "-"}},
	{"L3",     {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
	{"RD",     {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
	{"number=300&outgoing_uri=200@two.example",
	 {"call sip:300@two.example", "-", "-", "-", "-",
	  "hold A call sip:300@two.example", "call sip:300@two.example",
	  "hold A call sip:300@two.example",
	  "hold B call sip:300@two.example", "-"}},
	{"number=300",
	 {"call sip:300@one.example", "-", "-", "-", "-",
	  "hold A call sip:300@one.example", "call sip:300@one.example",
	  "hold A call sip:300@one.example",
	  "hold B call sip:300@one.example", "-"}},
	{"DNDOn",  {"dnd", "dnd", "dnd", "dnd", "dnd", "dnd", "dnd", "dnd",
		    "dnd", "dnd"}},
	{"DNDOff", {"", "", "", "", "", "", "", "", "", ""}},
	{"AutoP",  {"resync", "resync", "resync", "resync", "resync",
		    "resync", "resync", "resync", "resync", "resync"}},
	{"reboot", {"restart", "restart", "restart", "restart", "restart",
		    "restart", "restart", "restart", "restart", "restart"}},
	{"Reset",  {"reset", "reset", "reset", "reset", "reset", "reset",
		    "reset", "reset", "reset", "reset"}},
	};
	size_t i, j;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(rowv); i++) {
		for (j=0; j<SCENES; j++) {
			char buf[256];

			press(buf, sizeof(buf), rowv[i].name, j);

			if (strcmp(buf[0] ? buf + 1 : buf,
				   rowv[i].effectv[j]))
				fail_msg("%s in scene %zu: \"%s\", not"
					 " \"%s\"", rowv[i].name, j, buf,
					 rowv[i].effectv[j]);
		}
	}
}


/* Known, and without effect in every state */
static void test_without_effect(void **state)
{
	static const char *namev[] = {
		"VOLUME_UP", "VOLUME_DOWN", "F_TRANSFER", "ATrans=200",
		"BTrans=200@example.com", "F_CONFERENCE", "SPLIT", "D1",
		"D10", "MSG", "AlwaysFwdOn=200", "AlwaysFwdOff",
		"BusyFwdOn=200", "BusyFwdOff", "NoAnswFwdOn=200=24",
		"NoAnswFwdOff", "CallWaitingOn", "CallWaitingOff", "UP",
		"DOWN", "LEFT", "RIGHT", "F1", "F2", "F3", "F4", "BACK_IDLE",
		"phonecfg=get", "phonecfg=get&accounts=1&dnd=1&fw=1",
		"phonecfg=get[&accounts=1][&dnd=0][&fw=1]",
	};
	char buf[256];
	size_t i, j;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(namev); i++) {
		for (j=0; j<SCENES; j++) {
			press(buf, sizeof(buf), namev[i], j);
			assert_string_equal(buf, " -");
		}
	}
}


static const struct key *find(const char *name)
{
	struct pl pl, nth = pl_null;

	pl_set_str(&pl, name);

	return key_find(&pl, &nth);
}


static void test_find(void **state)
{
	struct pl pl = PL("l12"), nth = pl_null;
	(void)state;

	assert_string_equal(find("f_hold")->name, "F_HOLD");
	assert_string_equal(find("OK")->name, "OK");
	assert_string_equal(find("LEFT")->name, "LEFT");

	assert_string_equal(key_find(&pl, &nth)->name, "L");
	assert_int_equal(pl_u32(&nth), 12);

	assert_null(find(""));
	assert_null(find("L"));
	assert_null(find("L0"));
	assert_null(find("L01"));
	assert_null(find("L100"));
	assert_null(find("L1x"));
	assert_null(find("D11"));
	assert_null(find("F5"));
	assert_null(find("10"));
	assert_null(find("OKK"));
	assert_null(find("talk"));
	assert_null(find("%23"));
}


static void test_policy(void **state)
{
	static const char *namev[] = {"key=AutoP", "key=Reboot", "key=Reset"};
	struct fault fault;
	size_t i;
	(void)state;

	scene_open(IDLE);
	fake_settings()->checksync = CHECKSYNC_IGNORE;
	fake_settings()->factory_reset = false;

	for (i=0; i<RE_ARRAY_SIZE(namev); i++) {
		struct chain *chain = NULL;
		const char *why = NULL;
		struct pl pl;

		pl_set_str(&pl, namev[i]);
		assert_int_equal(0, chain_decode(&chain, &pl, &fault));
		assert_true(chain_no_effect(chain, &why));
		assert_non_null(strstr(why, "provnotify_"));
		mem_deref(chain);
	}

	scene_close();
}


static void test_mute_again(void **state)
{
	const struct pl pl = PL("key=MUTE;MUTE");
	struct chain *chain = NULL;
	struct ending ending;
	struct fault fault;
	(void)state;

	scene_open(TALKING);

	assert_int_equal(0, chain_decode(&chain, &pl, &fault));
	chain_run(chain, &ending);
	assert_false(a->muted);

	mem_deref(chain);
	scene_close();
}


static int line_count(const char *p, size_t size, void *arg)
{
	size_t i, *lines = arg;

	for (i=0; i<size; i++) {
		if (p[i] == '\n')
			++*lines;
	}

	return 0;
}


static void test_table(void **state)
{
	size_t lines = 0;
	struct re_printf pf = {line_count, &lines};
	char *str = NULL;
	(void)state;

	assert_int_equal(0, key_table_print(&pf, NULL));
	assert_true(lines > 60);

	assert_int_equal(0, re_sdprintf(&str, "%H", key_table_print, NULL));
	assert_non_null(strstr(str, "| `OK` | OK (tick) key | - | answer |"
				    " dial | - | - |\n"));
	assert_non_null(strstr(str, "| `L1`..`L99` |"));
	assert_non_null(strstr(str, "| `CANCEL[:id]` |"));
	assert_null(strstr(str, "talk"));
	mem_deref(str);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_without_effect),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_mute_again),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
