/**
 * @file test_chain.c  Tests of phone/chain.c: what is taken, and what is not
 * links: phone/call.c phone/chain.c phone/deed.c phone/deed_feature.c
 * links: phone/deed_transfer.c phone/dialer.c phone/event.c phone/feature.c
 * links: phone/feature_file.c phone/feature_given.c phone/incoming.c
 * links: phone/key.c phone/number.c phone/ownkey.c phone/phone.c phone/plan.c
 * links: phone/run.c phone/slot.c
 * links: phone/speed.c phone/talk.c phone/transfer.c phone/volume.c
 * links: request.c grammar.c fake_phone.c fake_calls.c fake_clock.c
 * links: stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "phone/phone.h"
#include "phone/room.h"
#include "fake_phone.h"


static int setup(void **state)
{
	(void)state;

	fake_open();
	fake_key("Door", "dial 700");

	return calls_init();
}


static int teardown(void **state)
{
	(void)state;

	calls_close();
	fake_close();

	return 0;
}


/* The phrase of the refusal, or NULL */
static const char *refusal(const struct pl *body)
{
	struct chain *chain = NULL;
	struct fault fault = {NULL};
	const int err = chain_decode(&chain, body, &fault);

	assert_int_equal(err, fault.reason ? EBADMSG : 0);
	assert_int_equal(err == 0, chain != NULL);

	mem_deref(chain);

	return fault.reason;
}


static void check(const char *body, const char *printed)
{
	struct chain *chain = NULL;
	struct fault fault = {NULL};
	char *str = NULL;
	struct pl pl;

	pl_set_str(&pl, body);

	if (chain_decode(&chain, &pl, &fault))
		fail_msg("%s: %s", body, fault.reason);

	assert_int_equal(0, re_sdprintf(&str, "%H", chain_print, chain));
	assert_string_equal(str, printed);

	mem_deref(str);
	mem_deref(chain);
}


static void test_taken(void **state)
{
	(void)state;

	check("key=OK", "OK");
	check("KEY=ok", "OK");
	check("key = OK ; X", "OK;X");
	check("  key=OK  ", "OK");
	check("key=F1;F3;DOWN;DOWN;DOWN;OK;OK", "F1;F3;DOWN;DOWN;DOWN;OK;OK");
	check("key=ASW;MUTE", "ASW;MUTE");
	check("key=Asw:33093", "ASW:33093");
	check("key=HOLD : 3", "HOLD:3");
	check("key=CANCEL:12345678901234567890",
	      "CANCEL:12345678901234567890");
	check("key=1;2;#;*;POUND;STAR", "1;2;#;*;POUND;STAR");
	check("key=L29;D10", "L29;D10");
	check("key=number=200", "number=200");
	check("key=number=200&outgoing_uri=sip:1@x.example",
	      "number=200&outgoing_uri=sip:1@x.example");
	check("number=200", "number=200");
	check("number=+49*1#", "number=+49*1#");
	check("Number = sip:200@x.example:5070 & outgoing_uri = @192.0.2.1",
	      "number=sip:200@x.example:5070&outgoing_uri=@192.0.2.1");
	check("number=200&outgoing_uri=", "number=200");
	check("number=200&outgoing_uri=2;X", "number=200&outgoing_uri=2;X");
	check("key=ATrans=200;BTrans=sip:200@x.example",
	      "ATrans=200;BTrans=sip:200@x.example");
	check("key=NoAnswFwdOn=200=24", "NoAnswFwdOn=200=24");
	check("key=phonecfg=get&accounts=1", "phonecfg=get&accounts=1");
	check("key=door;OK", "Door;OK");
}


static void test_longest(void **state)
{
	char body[256] = "key=OK";
	struct pl pl;
	int i;
	(void)state;

	for (i=1; i<CHAIN_MAX; i++)
		strncat(body, ";OK", sizeof(body) - strlen(body) - 1);

	pl_set_str(&pl, body);
	assert_null(refusal(&pl));

	strncat(body, ";OK", sizeof(body) - strlen(body) - 1);
	pl_set_str(&pl, body);
	assert_string_equal(refusal(&pl), "Too Many Keys");
}


static void test_refused(void **state)
{
	static const struct {
		const char *body;
		const char *phrase;
	} rowv[] = {
		{"",                       "Missing Key"},
		{"OK",                     "Missing Key"},
		{"key",                    "Missing Key"},
		{"key=",                   "Missing Key"},
		{"key= ",                  "Missing Key"},
		{"=OK",                    "Missing Key"},
		{"keys=OK",                "Missing Key"},
		{"xkey=OK",                "Missing Key"},
		{"key=;",                  "Missing Key"},
		{"key=OK;",                "Missing Key"},
		{"key=OK;;X",              "Missing Key"},
		{"key=;OK",                "Missing Key"},
		{"phonecfg=get",           "Missing Key"},
		{"key=BOGUS",              "Unknown Key"},
		{"key=OK;BOGUS",           "Unknown Key"},
		{"key=O K",                "Unknown Key"},
		{"key=%4f%4b",             "Unknown Key"},
		{"key=%23",                "Unknown Key"},
		{"key=OK&x=y",             "Unknown Key"},
		{"key=12",                 "Unknown Key"},
		{"key=L0",                 "Unknown Key"},
		{"key=talk",               "Unknown Key"},
		{"key=\xc3\xa4",           "Unknown Key"},
		{"key=\xff\xfe",           "Unknown Key"},
		{"key=quit",               "Unknown Key"},
		{"key=/dial 200",          "Unknown Key"},
		{"key=Door=1",             "Unknown Key"},
		{"key=Door 1",             "Unknown Key"},
		{"key=OK:1",               "Unexpected Argument"},
		{"key=OK=1",               "Unexpected Argument"},
		{"key=L1:2",               "Unexpected Argument"},
		{"key=HOLD=1",             "Unexpected Argument"},
		{"key=number:200",         "Unexpected Argument"},
		{"key=ATrans",             "Missing Argument"},
		{"key=number",             "Missing Argument"},
		{"key=phonecfg",           "Missing Argument"},
		{"key=HOLD:",              "Bad Call Id"},
		{"key=HOLD:x",             "Bad Call Id"},
		{"key=HOLD:-1",            "Bad Call Id"},
		{"key=HOLD:1 2",           "Bad Call Id"},
		{"number=",                "Missing Number"},
		{"number=&outgoing_uri=1", "Missing Number"},
		{"key=ATrans=",            "Missing Number"},
		{"number=200 300",         "Bad Number"},
		{"number=<sip:200@x>",     "Bad Number"},
		{"number=200?x=y",         "Bad Number"},
		{"number=sip:a:b@x",       "Bad Number"},
		{"number=200%0d%0a",       "Bad Number"},
		{"key=ATrans=200&x=y",     "Bad Number"},
		{"key=AlwaysFwdOn=$(id)", "Bad Number"},
		{"number=200;transport=x", "Unknown Key"},
		{"number=200&key=Reboot",  "Bad Outgoing URI"},
		{"number=200&",            "Bad Outgoing URI"},
		{"number=200&outgoing_uri","Bad Outgoing URI"},
		{"number=200&outgoing_uri=1&x=y", "Bad Outgoing URI"},
		{"number=200&outgoing_uri=a:pw@x", "Bad Outgoing URI"},
		{"number=200&outgoing_uri=\"x\"", "Bad Outgoing URI"},
		{"key=NoAnswFwdOn=200",    "Bad Seconds"},
		{"key=NoAnswFwdOn=200=",   "Bad Seconds"},
		{"key=NoAnswFwdOn=200=0",  "Bad Seconds"},
		{"key=NoAnswFwdOn=200=x",  "Bad Seconds"},
		{"key=NoAnswFwdOn=200=6=6", "Bad Seconds"},
		{"key=NoAnswFwdOn=a b=24", "Bad Number"},
		{"key=phonecfg=set&account.1.label=x", "Bad Query"},
		{"key=phonecfg=",          "Bad Query"},
		{"key=phonecfg=gets",      "Bad Query"},
		{"key=phonecfg=get&x=\xff", "Bad Query"},
		{"key=OK\r\nX",            "Control Character in Body"},
		{"key=OK\n",               "Control Character in Body"},
		{"key=\tOK",               "Control Character in Body"},
		{"key=OK\x7f",             "Control Character in Body"},
		{"number=200\r\nSubject: x", "Control Character in Body"},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(rowv); i++) {
		const char *reason;
		struct pl pl;

		pl_set_str(&pl, rowv[i].body);
		reason = refusal(&pl);

		if (!reason || strcmp(reason, rowv[i].phrase))
			fail_msg("\"%s\": %s, not %s", rowv[i].body,
				 reason ? reason : "taken", rowv[i].phrase);
	}
}


static void test_nul(void **state)
{
	const struct pl a = {"key=OK\0;X", 9}, b = {"\0key=OK", 7};
	(void)state;

	assert_string_equal(refusal(&a), "Control Character in Body");
	assert_string_equal(refusal(&b), "Control Character in Body");
	assert_string_equal(refusal(&pl_null), "Missing Key");
}


static void test_huge(void **state)
{
	const size_t len = 1 << 20;
	char *text = mem_alloc(len, NULL);
	struct pl pl = {text, len};
	size_t i;
	(void)state;

	memset(text, 'A', len);
	memcpy(text, "key=", 4);
	assert_string_equal(refusal(&pl), "Unknown Key");

	for (i=4; i+2<len; i+=2)
		memcpy(text + i, "1;", 2);
	assert_string_equal(refusal(&pl), "Too Many Keys");

	memset(text, '1', len);
	memcpy(text, "number=", 7);
	assert_string_equal(refusal(&pl), "Bad Number");

	mem_deref(text);
}


/* What is decoded is a copy */
static void test_copy(void **state)
{
	char body[] = "key=number=200;Door";
	const struct pl pl = {body, sizeof(body) - 1};
	struct chain *chain = NULL;
	struct fault fault;
	char *str = NULL;
	(void)state;

	assert_int_equal(0, chain_decode(&chain, &pl, &fault));
	memset(body, 'x', sizeof(body));

	assert_int_equal(0, re_sdprintf(&str, "%H", chain_print, chain));
	assert_string_equal(str, "number=200;Door");

	mem_deref(str);
	mem_deref(chain);

	assert_int_equal(EINVAL, chain_decode(NULL, &pl, &fault));
	assert_int_equal(EINVAL, chain_decode(&chain, NULL, &fault));
	assert_int_equal(EINVAL, chain_decode(&chain, &pl, NULL));
}


static void test_talk(void **state)
{
	const struct pl talk = PL("talk"), sync = PL("check-sync");
	const struct pl id = PL("call-id-1");
	struct chain *chain = NULL;
	char *str = NULL;
	(void)state;

	assert_int_equal(0, chain_talk(&chain, event_find(&talk), &id));
	assert_int_equal(0, re_sdprintf(&str, "%H", chain_print, chain));
	assert_string_equal(str, "talk");
	mem_deref(str);
	mem_deref(chain);

	assert_int_equal(EINVAL, chain_talk(&chain, event_find(&sync), &id));
	assert_int_equal(EINVAL, chain_talk(&chain, NULL, &id));
	assert_int_equal(EINVAL, chain_talk(NULL, event_find(&talk), &id));
	assert_int_equal(EINVAL,
			 chain_talk(&chain, event_find(&talk), &pl_null));
}


int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_taken),
		TEST(test_longest),
		TEST(test_refused),
		TEST(test_nul),
		TEST(test_huge),
		TEST(test_copy),
		TEST(test_talk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
