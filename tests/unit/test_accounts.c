/**
 * @file test_accounts.c  Tests of accounts.c and what finds an account
 * links: accounts/accounts.c accounts/index.c accounts/table.c
 *	accounts/users.c compat/call.c fake_uag.c
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
#include "accounts/room.h"
#include "fake_uag.h"


static struct source src;
static const struct ua *servers_ua;     /**< Whose server src is        */


int server_init(void)
{
	return 0;
}


void server_close(void)
{
}


bool accounts_is_server(const struct ua *ua, const struct source *source)
{
	return source == &src && ua == servers_ua;
}


int server_print(struct re_printf *pf, const struct ua *ua)
{
	(void)ua;

	return re_hprintf(pf, "SERVER");
}


static int setup(void **state)
{
	(void)state;

	servers_ua = NULL;
	fake_uag_reset();

	return accounts_init();
}


static int teardown(void **state)
{
	(void)state;

	fake_uag_reset();
	accounts_close();

	return 0;
}


static struct ua *find(const char *user, enum addressed *how)
{
	struct pl pl;

	pl_set_str(&pl, user);

	return accounts_find(&pl, &src, how);
}


static void assert_finds(const char *user, const struct ua *ua,
			 enum addressed how)
{
	enum addressed found;

	assert_ptr_equal(ua, find(user, &found));
	assert_int_equal(how, found);
}


/* An account that the module made */
static struct ua *provision(const char *uri, const char *cuser,
			    uint32_t regint, unsigned line)
{
	struct ua *ua = fake_uag_add(uri, cuser, regint);

	assert_int_equal(0, accounts_add(ua, line));

	return ua;
}


static void test_arguments(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 0);
	enum addressed how;
	(void)state;

	assert_null(find("1", NULL));
	assert_null(accounts_find(NULL, &src, &how));
	assert_int_equal(EINVAL, accounts_add(NULL, 1));
	assert_int_equal(EINVAL, accounts_add(ua, 0));
}


static void test_find(void **state)
{
	struct ua *own, *ours;
	(void)state;

	own  = fake_uag_add("sip:alice@a.example", "alice-0x1", 60);
	ours = provision("sip:Bob@a.example", "bob-0x2", 60, 1);

	assert_finds("alice",     own,  ADDRESSED_AOR);
	assert_finds("ALICE",     own,  ADDRESSED_AOR);
	assert_finds("alice-0x1", own,  ADDRESSED_CONTACT);
	assert_finds("bob",       ours, ADDRESSED_AOR);
	assert_finds("BOB-0X2",   ours, ADDRESSED_CONTACT);
	assert_finds("carol",     NULL, ADDRESSED_NONE);
	assert_finds("anonymous", NULL, ADDRESSED_NONE);
	assert_finds("",          NULL, ADDRESSED_NONE);
}


/* A contact user is meant before the user of an address of record */
static void test_contact_first(void **state)
{
	struct ua *ours, *own;
	(void)state;

	ours = provision("sip:7@a.example", "7-0x1", 60, 1);
	own  = fake_uag_add("sip:8@a.example", "7", 60);

	assert_finds("7", own, ADDRESSED_CONTACT);

	servers_ua = ours;
	assert_finds("7", ours, ADDRESSED_AOR);
}


/* One user at two domains: the account whose server asks is meant */
static void test_same_user(void **state)
{
	struct ua *own, *ours1, *ours2;
	(void)state;

	own   = fake_uag_add("sip:7@a.example", "7-0x1", 60);
	ours1 = provision("sip:7@b.example", "7-0x2", 60, 1);
	ours2 = provision("sip:7@c.example", "7-0x3", 60, 2);

	servers_ua = ours2;
	assert_finds("7", ours2, ADDRESSED_AOR);

	servers_ua = ours1;
	assert_finds("7", ours1, ADDRESSED_AOR);

	servers_ua = own;
	assert_finds("7", own, ADDRESSED_AOR);
}


/* The user's own are found however they come and go */
static void test_own(void **state)
{
	struct ua *own, *ours;
	(void)state;

	ours = provision("sip:1@a.example", "1-x", 60, 1);
	assert_finds("7", NULL, ADDRESSED_NONE);

	own = fake_uag_add("sip:7@a.example", "7-x", 0);
	assert_finds("7", own, ADDRESSED_AOR);
	assert_finds("7-x", own, ADDRESSED_CONTACT);

	/* One that goes without a word, and the next one in its memory */
	mem_deref(own);
	own = fake_uag_add("sip:8@a.example", "8-x", 0);
	assert_finds("7", NULL, ADDRESSED_NONE);
	assert_finds("8", own, ADDRESSED_AOR);

	/* One before one of ours, and one that is brought to the front */
	own = fake_uag_add("sip:9@a.example", "9-x", 60);
	(void)provision("sip:2@a.example", "2-x", 60, 2);
	assert_finds("9", own, ADDRESSED_AOR);

	own = fake_uag_add("sip:10@a.example", "10-x", 60);
	fake_uag_raise(own);
	assert_finds("10", own, ADDRESSED_AOR);

	/* One that was ours */
	accounts_remove(ours);
	assert_finds("1", ours, ADDRESSED_AOR);
}


/* A stranger does not make the phone look at each of its accounts */
static void test_many(void **state)
{
	struct ua *ua = NULL, *own, *twin[2];
	char uri[32], cuser[32];
	unsigned i;
	(void)state;

	own = fake_uag_add("sip:own@a.example", "own-x", 60);

	twin[0] = provision("sip:twin@a.example", "twin-1", 60, 1);
	twin[1] = provision("sip:twin@b.example", "twin-2", 60, 2);

	for (i=3; i<=2000; i++) {
		(void)re_snprintf(uri, sizeof(uri), "sip:%u@a.example", i);
		(void)re_snprintf(cuser, sizeof(cuser), "%u-x", i);
		ua = provision(uri, cuser, 60, i);
	}

	assert_finds("own", own, ADDRESSED_AOR);

	fake_uag.looks = 0;
	assert_finds("2000-x", ua, ADDRESSED_CONTACT);
	assert_finds("2000", ua, ADDRESSED_AOR);
	assert_finds("nobody", NULL, ADDRESSED_NONE);
	assert_true(fake_uag.looks < 100);

	/* Of two with the same user the first one is meant, still */
	assert_finds("twin", twin[0], ADDRESSED_AOR);

	accounts_remove(twin[0]);
	(void)ua_destroy(twin[0]);
	assert_finds("twin", twin[1], ADDRESSED_AOR);
}


static void test_remove(void **state)
{
	struct ua *ua = provision("sip:7@a.example", "7-0x1", 60, 1);
	(void)state;

	assert_true(accounts_ours(ua));

	accounts_remove(ua);
	assert_false(accounts_ours(ua));
	accounts_remove(ua);
	accounts_remove(NULL);

	/* It is still baresip's */
	assert_finds("7", ua, ADDRESSED_AOR);
}


/* `uadel` and the end of the phone destroy accounts behind our back */
static void test_gone(void **state)
{
	struct ua *silent = provision("sip:7@a.example", "7-0x1", 0, 1);
	struct ua *told   = provision("sip:8@a.example", "8-0x2", 60, 2);
	struct ua *left   = provision("sip:9@a.example", "9-0x3", 60, 3);
	(void)state;

	/* It has read the list that begins with the one that goes */
	assert_finds("nobody", NULL, ADDRESSED_NONE);

	mem_deref(silent);
	ua_destroy(told);

	assert_finds("7",     NULL, ADDRESSED_NONE);
	assert_finds("7-0x1", NULL, ADDRESSED_NONE);
	assert_finds("8",     NULL, ADDRESSED_NONE);
	assert_finds("9",     left, ADDRESSED_AOR);

	assert_false(accounts_ours(silent));
	assert_int_equal(0, accounts_number(silent));
	assert_int_equal(3, accounts_number(left));

	/* and nothing of them stays with us */
	accounts_remove(told);
	assert_int_equal(1, fake_uag.accounts);
}


static void test_numbers(void **state)
{
	struct ua *own1, *own2, *ours4, *ours2;
	(void)state;

	assert_null(accounts_nth(0));
	assert_null(accounts_nth(1));

	own1  = fake_uag_add("sip:1@a.example", "1-x", 60);
	ours4 = provision("sip:4@a.example", "4-x", 60, 4);
	own2  = fake_uag_add("sip:2@a.example", "2-x", 60);
	ours2 = provision("sip:3@a.example", "3-x", 60, 2);

	/* Ours keep their line, the user's follow the highest one */
	assert_int_equal(4, accounts_number(ours4));
	assert_int_equal(2, accounts_number(ours2));
	assert_int_equal(5, accounts_number(own1));
	assert_int_equal(6, accounts_number(own2));

	assert_ptr_equal(ours2, accounts_nth(0));
	assert_ptr_equal(ours2, accounts_nth(2));
	assert_ptr_equal(ours4, accounts_nth(4));
	assert_ptr_equal(own1,  accounts_nth(5));
	assert_ptr_equal(own2,  accounts_nth(6));
	assert_null(accounts_nth(1));
	assert_null(accounts_nth(7));
}


static void test_calls(void **state)
{
	struct ua *a = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct ua *b = provision("sip:2@a.example", "2-x", 60, 1);
	struct call *call;
	(void)state;

	assert_int_equal(0, accounts_calls());

	call = fake_uag_call(a);
	(void)fake_uag_call(b);
	(void)fake_uag_call(b);
	assert_int_equal(3, accounts_calls());

	/* One that is out of its account's list for a moment counts too */
	call->onhold = true;
	compat_calls_park(fake_uag_call(a));
	assert_int_equal(4, accounts_calls());
	mem_deref(ua_call(a));

	mem_deref(call);
	assert_int_equal(2, accounts_calls());
}


static void test_print(void **state)
{
	struct ua *own, *ours;
	char buf[512];
	(void)state;

	(void)re_snprintf(buf, sizeof(buf), "%H", accounts_print, NULL);
	assert_string_equal("  no account\n", buf);

	own  = fake_uag_add("sip:1@a.example", "1-x", 0);
	ours = provision("sip:2@a.example", "2-x", 60, 1);
	(void)own;

	(void)re_snprintf(buf, sizeof(buf), "%H", accounts_print, NULL);
	assert_non_null(strstr(buf, "2  sip:1@a.example  does not register,"
			       " your own, server SERVER\n"));
	assert_non_null(strstr(buf, "1  sip:2@a.example  not registered,"
			       " provisioned, server SERVER\n"));

	ours->registered = true;
	(void)re_snprintf(buf, sizeof(buf), "%H", accounts_print, NULL);
	assert_non_null(strstr(buf, "1  sip:2@a.example  registered,"));
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arguments),
		TEST(test_find),
		TEST(test_contact_first),
		TEST(test_same_user),
		TEST(test_own),
		TEST(test_many),
		TEST(test_remove),
		TEST(test_gone),
		TEST(test_numbers),
		TEST(test_calls),
		TEST(test_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
