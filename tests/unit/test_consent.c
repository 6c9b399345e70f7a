/**
 * @file test_consent.c  Tests of consent.c
 * links: guard/consent.c guard/decision.c request.c fake_guard.c
 * links: stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"
#include "fake_guard.h"


static struct {
	unsigned promptc;
	unsigned runc;
	unsigned endc;
	enum result result;         /**< Of the one that ended last         */
	enum door door;             /**< Of the one that ran last           */
} seen;


static void prompt_handler(const struct request *req)
{
	assert_non_null(req);
	++seen.promptc;
}


static void run_handler(struct request *req)
{
	seen.door = req->door;
	++seen.runc;
}


static void lapse_handler(struct request *req, enum result result)
{
	assert_non_null(req);
	seen.result = result;
	++seen.endc;
}


static int setup(void **state)
{
	(void)state;

	fake_reset();
	consent_init(lapse_handler);
	consent_prompt_set(prompt_handler);
	memset(&seen, 0, sizeof(seen));

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	consent_close();
	fake_worker();

	return 0;
}


static enum leave ask_at(enum door door, const char *addr)
{
	struct request *req;
	enum leave leave;
	char source[64];

	(void)re_snprintf(source, sizeof(source), "udp:%s:5060", addr);

	assert_int_equal(fake_request(&req, source, NULL), 0);
	req->door = door;

	leave = consent_check(req);
	mem_deref(req);

	return leave;
}


static enum leave ask(const char *addr)
{
	return ask_at(DOOR_NOTIFY, addr);
}


/* What the person types; checks whom that meant, if anybody */
static int type(bool allow, const char *source, const char *expected)
{
	char who[64] = "";
	struct pl pl;
	int err;

	pl_set_str(&pl, source);

	err = allow ? consent_allow(&pl, run_handler, who, sizeof(who)) :
		      consent_deny(&pl, who, sizeof(who));

	if (!err)
		assert_string_equal(who, expected);

	return err;
}


static void test_allow(void **state)
{
	(void)state;

	assert_int_equal(ask("192.0.2.1"), LEAVE_ASKED);
	assert_int_equal(seen.promptc, 1);
	assert_int_equal(seen.runc, 0);

	assert_int_equal(ask("192.0.2.1"), LEAVE_PENDING);
	assert_int_equal(seen.promptc, 1);

	assert_int_equal(type(true, "", "notify 192.0.2.1"), 0);
	assert_int_equal(seen.runc, 1);
	assert_int_equal(seen.endc, 0);

	assert_int_equal(ask("192.0.2.1"), LEAVE_GIVEN);

	/* It has run, and does not lapse */
	fake_advance(60000);
	assert_int_equal(seen.endc, 0);
	assert_int_equal(seen.runc, 1);
}


static void test_deny(void **state)
{
	(void)state;

	assert_int_equal(ask("192.0.2.1"), LEAVE_ASKED);
	assert_int_equal(type(false, "", "notify 192.0.2.1"), 0);
	assert_int_equal(seen.endc, 1);
	assert_int_equal(seen.result, RESULT_DENIED);
	assert_int_equal(ask("192.0.2.1"), LEAVE_REFUSED);

	/* The person thinks again, and again */
	assert_int_equal(type(true, "192.0.2.1", "192.0.2.1"), 0);
	assert_int_equal(ask("192.0.2.1"), LEAVE_GIVEN);
	assert_int_equal(type(false, "192.0.2.1", "192.0.2.1"), 0);
	assert_int_equal(ask("192.0.2.1"), LEAVE_REFUSED);

	assert_int_equal(seen.runc, 0);
	assert_int_equal(seen.endc, 1);
}


/* Without a source it is the last that waits, and so never one of whom the
   person has just decided; of none that waits, the last that asked */
static void test_several(void **state)
{
	(void)state;

	assert_int_equal(ask("192.0.2.3"), LEAVE_ASKED);
	assert_int_equal(type(true, "192.0.2.3", "192.0.2.3"), 0);

	assert_int_equal(ask("192.0.2.1"), LEAVE_ASKED);
	assert_int_equal(ask("192.0.2.2"), LEAVE_ASKED);

	assert_int_equal(type(false, "", "notify 192.0.2.2"), 0);
	assert_int_equal(type(true, "", "notify 192.0.2.1"), 0);
	assert_int_equal(ask("192.0.2.2"), LEAVE_REFUSED);
	assert_int_equal(ask("192.0.2.1"), LEAVE_GIVEN);

	assert_int_equal(type(true, "", "notify 192.0.2.2"), 0);
	assert_int_equal(ask("192.0.2.2"), LEAVE_GIVEN);
}


static void test_lapse(void **state)
{
	(void)state;

	assert_int_equal(ask("192.0.2.1"), LEAVE_ASKED);

	fake_advance(59999);
	assert_int_equal(seen.endc, 0);

	fake_advance(1);
	assert_int_equal(seen.endc, 1);
	assert_int_equal(seen.result, RESULT_LAPSED);

	/* Nothing was decided: asked again, and allowed late */
	assert_int_equal(ask("192.0.2.1"), LEAVE_ASKED);
	fake_advance(60000);
	assert_int_equal(type(true, "", "notify 192.0.2.1"), 0);
	assert_int_equal(seen.runc, 0);
	assert_int_equal(ask("192.0.2.1"), LEAVE_GIVEN);
}


/* Who is allowed late is who asked last, and no offer that waits longer: a
   person who means a key does not hand the phone to a server */
static void test_late(void **state)
{
	(void)state;

	assert_int_equal(ask_at(DOOR_PNP, "192.0.2.9"), LEAVE_ASKED);
	assert_int_equal(ask("192.0.2.1"), LEAVE_ASKED);
	fake_advance(60000);
	assert_int_equal(type(true, "", "notify 192.0.2.1"), 0);
	assert_int_equal(seen.runc, 0);

	/* Asked for once more, the offer is meant */
	assert_int_equal(type(true, "", "pnp 192.0.2.9"), 0);
	assert_int_equal(seen.runc, 1);

	/* When its search is over, it is not */
	assert_int_equal(ask("192.0.2.2"), LEAVE_ASKED);
	assert_int_equal(ask_at(DOOR_PNP, "192.0.2.9"), LEAVE_ASKED);
	consent_lapse(DOOR_PNP);
	assert_int_equal(type(true, "", "notify 192.0.2.2"), 0);
	assert_int_equal(seen.runc, 2);
}


static void test_doors(void **state)
{
	(void)state;

	/* Over HTTP it is asked separately */
	assert_int_equal(ask("192.0.2.1"), LEAVE_ASKED);
	assert_int_equal(ask_at(DOOR_HTTP, "192.0.2.1"), LEAVE_ASKED);

	/* The one that asked last */
	assert_int_equal(type(true, "", "http 192.0.2.1"), 0);
	assert_int_equal(seen.runc, 1);
	assert_int_equal(seen.door, DOOR_HTTP);
	assert_int_equal(ask("192.0.2.1"), LEAVE_PENDING);
	assert_int_equal(ask_at(DOOR_HTTP, "192.0.2.1"), LEAVE_GIVEN);

	assert_int_equal(type(false, "notify 192.0.2.1",
			      "notify 192.0.2.1"), 0);
	assert_int_equal(ask("192.0.2.1"), LEAVE_REFUSED);
	assert_int_equal(ask_at(DOOR_HTTP, "192.0.2.1"), LEAVE_GIVEN);
}


/* An address means both doors, and needs not to have asked */
static void test_address(void **state)
{
	(void)state;

	assert_int_equal(ask("192.0.2.1"), LEAVE_ASKED);
	assert_int_equal(ask_at(DOOR_HTTP, "192.0.2.1"), LEAVE_ASKED);
	assert_int_equal(ask("192.0.2.2"), LEAVE_ASKED);

	assert_int_equal(type(true, "192.0.2.1", "192.0.2.1"), 0);
	assert_int_equal(seen.runc, 2);
	assert_int_equal(ask("192.0.2.2"), LEAVE_PENDING);

	assert_int_equal(type(true, "192.0.2.3", "192.0.2.3"), 0);
	assert_int_equal(seen.runc, 2);
	assert_int_equal(ask("192.0.2.3"), LEAVE_GIVEN);
	assert_int_equal(ask_at(DOOR_HTTP, "192.0.2.3"), LEAVE_GIVEN);

	assert_int_equal(type(true, "2001:db8::1", "2001:db8::1"), 0);
}


static void test_wrong_input(void **state)
{
	char who[8];
	(void)state;

	assert_int_equal(type(true, "", ""), ENOENT);
	assert_int_equal(type(false, "", ""), ENOENT);

	assert_int_not_equal(type(true, "pbx.example", ""), 0);
	assert_int_not_equal(type(true, "192.0.2.1:5060", ""), 0);
	assert_int_not_equal(type(true, "console 192.0.2.1", ""), 0);
	assert_int_not_equal(type(true, "notify http 192.0.2.1", ""), 0);
	assert_int_not_equal(type(true, "pbx.example", ""), ENOENT);

	assert_int_equal(consent_allow(NULL, NULL, who, sizeof(who)), EINVAL);
	assert_int_equal(consent_deny(NULL, NULL, 0), EINVAL);
	assert_int_equal(consent_deny(NULL, who, sizeof(who)), ENOENT);

	assert_int_equal(ask("192.0.2.1"), LEAVE_ASKED);
}


static void test_eight(void **state)
{
	char addr[32];
	unsigned i;
	(void)state;

	for (i=1; i<=8; i++) {
		(void)re_snprintf(addr, sizeof(addr), "192.0.2.%u", i);
		assert_int_equal(ask(addr), LEAVE_ASKED);
		fake_advance(1000);
	}

	assert_int_equal(ask("192.0.2.9"), LEAVE_PENDING);
	assert_int_equal(seen.promptc, 8);

	/* Who could not wait has not asked */
	assert_int_equal(type(true, "", "notify 192.0.2.8"), 0);
	assert_int_equal(ask("192.0.2.9"), LEAVE_ASKED);
	assert_int_equal(ask("192.0.2.10"), LEAVE_PENDING);

	/* The first one lapses first */
	fake_advance(52000);
	assert_int_equal(seen.endc, 1);
	assert_int_equal(ask("192.0.2.10"), LEAVE_ASKED);
	assert_int_equal(ask("192.0.2.1"), LEAVE_PENDING);
}


static void test_settings(void **state)
{
	(void)state;

	fake.settings.remote_control = CONSENT_ALLOW;
	assert_int_equal(ask("192.0.2.1"), LEAVE_GIVEN);

	fake.settings.remote_control = CONSENT_DENY;
	assert_int_equal(ask("192.0.2.1"), LEAVE_OFF);

	/* A person's word stands over it */
	assert_int_equal(type(true, "192.0.2.1", "192.0.2.1"), 0);
	assert_int_equal(ask("192.0.2.1"), LEAVE_GIVEN);

	fake.settings.remote_control = CONSENT_ALLOW;
	assert_int_equal(type(false, "192.0.2.1", "192.0.2.1"), 0);
	assert_int_equal(ask("192.0.2.1"), LEAVE_REFUSED);

	assert_int_equal(seen.promptc, 0);
}


/* A PnP server's offer: the answer is for this one alone */
static void test_offer(void **state)
{
	(void)state;

	assert_int_equal(ask_at(DOOR_PNP, "192.0.2.1"), LEAVE_ASKED);
	fake_advance(600000);
	assert_int_equal(seen.endc, 0);
	assert_int_equal(type(true, "", "pnp 192.0.2.1"), 0);
	assert_int_equal(ask("192.0.2.1"), LEAVE_ASKED);
	assert_int_equal(ask_at(DOOR_PNP, "192.0.2.1"), LEAVE_ASKED);
	assert_int_equal(type(true, "192.0.2.1", "192.0.2.1"), 0);
	assert_int_equal(seen.runc, 3);
	assert_int_equal(ask_at(DOOR_PNP, "192.0.2.1"), LEAVE_ASKED);
	assert_int_equal(type(false, "pnp 192.0.2.1", "pnp 192.0.2.1"), 0);
	assert_int_equal(seen.result, RESULT_DENIED);

	assert_int_equal(ask_at(DOOR_PNP, "192.0.2.1"), LEAVE_ASKED);
	assert_int_equal(ask("192.0.2.2"), LEAVE_ASKED);
	consent_lapse(DOOR_PNP);
	assert_int_equal(seen.endc, 2);
	assert_int_equal(seen.result, RESULT_LAPSED);

	fake.settings.pnp = PNP_YES;
	assert_int_equal(ask_at(DOOR_PNP, "192.0.2.1"), LEAVE_GIVEN);
	fake_worker();
	assert_null(strstr(fake.file, "pnp"));
}


static void test_restart(void **state)
{
	(void)state;

	assert_int_equal(ask("192.0.2.1"), LEAVE_ASKED);
	assert_int_equal(type(true, "", "notify 192.0.2.1"), 0);
	assert_int_equal(type(false, "192.0.2.2", "192.0.2.2"), 0);
	assert_int_equal(ask("192.0.2.3"), LEAVE_ASKED);
	fake_worker();

	consent_close();

	/* What waits does not survive */
	assert_int_equal(seen.endc, 1);
	assert_int_equal(seen.result, RESULT_LAPSED);

	consent_init(lapse_handler);

	assert_int_equal(type(true, "", ""), ENOENT);
	assert_int_equal(ask("192.0.2.1"), LEAVE_GIVEN);
	assert_int_equal(ask_at(DOOR_HTTP, "192.0.2.1"), LEAVE_ASKED);
	assert_int_equal(ask("192.0.2.2"), LEAVE_REFUSED);
	assert_int_equal(ask_at(DOOR_HTTP, "192.0.2.2"), LEAVE_REFUSED);
	assert_int_equal(ask("192.0.2.3"), LEAVE_ASKED);
}


static void test_print(void **state)
{
	char buf[256];
	(void)state;

	assert_true(re_snprintf(buf, sizeof(buf), "%H", consent_print,
				NULL) > 0);
	assert_string_equal(buf, " ask\n");

	assert_int_equal(type(false, "notify 192.0.2.1",
			      "notify 192.0.2.1"), 0);
	assert_int_equal(ask("192.0.2.2"), LEAVE_ASKED);
	fake_advance(18000);

	assert_true(re_snprintf(buf, sizeof(buf), "%H", consent_print,
				NULL) > 0);
	assert_string_equal(buf, " ask\n"
			    "  notify 192.0.2.1  denied\n"
			    "  notify 192.0.2.2  waits for remote_allow,"
			    " 42 s left\n");
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_allow, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deny, setup, teardown),
		cmocka_unit_test_setup_teardown(test_several, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_lapse, setup, teardown),
		cmocka_unit_test_setup_teardown(test_late, setup, teardown),
		cmocka_unit_test_setup_teardown(test_doors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_address, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wrong_input, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_eight, setup, teardown),
		cmocka_unit_test_setup_teardown(test_settings, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_offer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_restart, setup, teardown),
		cmocka_unit_test_setup_teardown(test_print, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
