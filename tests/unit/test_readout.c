/**
 * @file test_readout.c  Tests of phone/readout.c
 * links: phone/readout.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "settings/settings.h"
#include "phone/phone.h"
#include "phone/room.h"


/** What stands for a user agent and its account */
struct ua {
	struct le le;
	unsigned number;
	const char *aor;
	const char *name;
	struct uri luri;
	bool registered;
};

static struct list agents;
static struct settings set;
static bool dnd;
static struct feature featurev[FEATURE_COUNT];


struct list *uag_list(void)
{
	return &agents;
}


struct account *ua_account(const struct ua *ua)
{
	return (struct account *)ua;
}


const char *account_aor(const struct account *acc)
{
	return ((const struct ua *)acc)->aor;
}


const char *account_display_name(const struct account *acc)
{
	return ((const struct ua *)acc)->name;
}


struct uri *account_luri(const struct account *acc)
{
	return &((struct ua *)acc)->luri;
}


bool ua_isregistered(const struct ua *ua)
{
	return ua->registered;
}


unsigned accounts_number(const struct ua *ua)
{
	return ua->number;
}


bool feature_on(enum feature_id id, const struct ua *ua)
{
	assert_int_equal(FEATURE_DND, id);
	assert_null(ua);

	return dnd;
}


const struct feature *feature_get(enum feature_id id, const struct ua *ua)
{
	assert_null(ua);

	return &featurev[id];
}


const struct settings *settings(void)
{
	return &set;
}


static void check(const char *query, const char *text)
{
	static const struct key key = { .name = "phonecfg", .arg = ARG_QUERY };
	struct chain chain;
	char *str;

	memset(&chain, 0, sizeof(chain));
	chain.pressc = 1;
	chain.pressv[0].key = &key;
	pl_set_str(&chain.pressv[0].arg, query);

	assert_true(readout_wanted(&chain));
	assert_int_equal(re_sdprintf(&str, "%H", readout_print, &chain), 0);
	assert_string_equal(str, text);
	mem_deref(str);
}


#define HEAD "Firmware=1.2.3\nModel=baresip\n"
#define ALICE "Account1|alice|alice|Alice|Enabled|alice@pbx.example|" \
	"Registered\n"
#define BOB "Account7|bob|bob||Enabled|bob@192.0.2.1:5070|Unregistered\n"

#define NO_FORWARDS "AlwaysFwd=0\nAlwaysFwdTarget=\n" \
	"BusyFwd=0\nBusyFwdTarget=\n" \
	"NoAnswFwd=0\nNoAnswFwdTarget=\nNoAnswFwdSeconds=0\n"


static void test_readout(void **state)
{
	static char one[] = "300", two[] = "sip:400@192.0.2.1";
	const struct feature always = {1, one, 0}, busy = {-1, NULL, 0},
		no_answer = {1, two, 24};
	static char firmware[] = "1.2.3", model[] = "baresip";
	static struct ua alice = {
		.number = 1, .aor = "sip:alice@pbx.example", .name = "Alice",
		.luri.user = PL("alice"), .registered = true,
	};
	static struct ua bob = {
		.number = 7, .aor = "sip:bob@192.0.2.1:5070",
		.luri.user = PL("bob"),
	};
	(void)state;

	set.firmware = firmware;
	set.model = model;

	check("get", HEAD "DND=0\n" NO_FORWARDS);

	list_append(&agents, &alice.le, &alice);
	list_append(&agents, &bob.le, &bob);
	dnd = true;

	check("get", HEAD ALICE BOB "DND=1\n" NO_FORWARDS);
	check("get&accounts=1&dnd=1&fw=1", HEAD ALICE BOB "DND=1\n"
	      NO_FORWARDS);
	check("get[&accounts=1]", HEAD ALICE BOB "DND=1\n" NO_FORWARDS);
	check("get&dnd=0&fw=0", HEAD ALICE BOB);
	check("get[&accounts=0][&dnd=1][&fw=0]", HEAD "DND=1\n");
	check("get[&accounts=0][&dnd=0][&fw=1]", HEAD NO_FORWARDS);
	check("get&ACCOUNTS=0&dnd=0&fw=0", HEAD);

	featurev[FEATURE_ALWAYS] = always;
	featurev[FEATURE_BUSY] = busy;
	featurev[FEATURE_NO_ANSWER] = no_answer;
	check("get&accounts=0&dnd=0&fw=1", HEAD
	      "AlwaysFwd=1\nAlwaysFwdTarget=300\n"
	      "BusyFwd=0\nBusyFwdTarget=\n"
	      "NoAnswFwd=1\nNoAnswFwdTarget=sip:400@192.0.2.1\n"
	      "NoAnswFwdSeconds=24\n");

	/* However long an address is, a part of it is none */
	bob.aor = "sip:bob@a-phone-system-with-a-rather-long-name.in-a-rather"
		"-long-domain.example:5070";
	check("get&dnd=0&fw=0", HEAD ALICE "Account7|bob|bob||Enabled|bob@"
	      "a-phone-system-with-a-rather-long-name.in-a-rather-long-domain"
	      ".example:5070|Unregistered\n");
	bob.aor = "sip:bob@192.0.2.1:5070";

	/* What a server gave as a name is no field and no line of its own */
	alice.name = "A|B\nAccount9|x\r\t\x7f";
	check("get&dnd=0&fw=0", HEAD "Account1|alice|alice|A B Account9 x   |"
	      "Enabled|alice@pbx.example|Registered\n" BOB);
}


static void test_wanted(void **state)
{
	static const struct key ok = { .name = "OK" };
	static const struct key cfg = { .name = "phonecfg", .arg = ARG_QUERY };
	struct chain chain;
	(void)state;

	memset(&chain, 0, sizeof(chain));
	assert_false(readout_wanted(NULL));
	assert_false(readout_wanted(&chain));

	chain.pressc = 1;
	assert_false(readout_wanted(&chain));

	chain.pressv[0].key = &ok;
	assert_false(readout_wanted(&chain));

	chain.pressv[0].key = &cfg;
	assert_true(readout_wanted(&chain));

	chain.pressc = 2;
	assert_false(readout_wanted(&chain));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readout),
		cmocka_unit_test(test_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
