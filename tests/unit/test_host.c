/**
 * @file test_host.c  Tests of host.c
 * links: accounts/host.c fake_uag.c fake_clock.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "accounts/room.h"
#include "addrlist/addrlist.h"
#include "fake_clock.h"
#include "fake_uag.h"


/** "pbx.example" resolves to 192.0.2.1, once it was looked up */
struct addrlist {
	bool any;
	bool known;
	bool resolved;
};

static uint32_t readings;           /**< Goes up with each new account  */
static unsigned resolves;
static unsigned decodes;


uint32_t users_readings(void)
{
	return readings;
}


int addrlist_decode(struct addrlist **alp, const struct pl *pl,
		    bool server, struct pl *bad)
{
	struct addrlist *al;

	assert_false(server);
	assert_non_null(bad);

	++decodes;

	al = mem_zalloc(sizeof(*al), NULL);
	al->any = !pl_strcmp(pl, "any");
	al->known = !pl_strcasecmp(pl, "pbx.example");
	*alp = al;

	return 0;
}


bool addrlist_has(const struct addrlist *al, enum addr_kind kind)
{
	return kind == ADDR_ANY && al->any;
}


void addrlist_resolve(struct addrlist *al)
{
	al->resolved = true;
	++resolves;
}


bool addrlist_match(const struct addrlist *al, const struct sa *sa)
{
	struct sa pbx;

	assert_int_equal(0, sa_set_str(&pbx, "192.0.2.1", 0));

	return al && (al->any || (al->known && al->resolved &&
				  sa_cmp(sa, &pbx, SA_ADDR)));
}


static int setup(void **state)
{
	(void)state;

	fake_clock_reset();
	readings = 1;
	resolves = 0;
	decodes = 0;

	return host_init();
}


static int teardown(void **state)
{
	(void)state;

	fake_uag_reset();
	host_close();

	return 0;
}


static bool is(const struct ua *ua, const char *addr)
{
	struct sa sa;

	assert_int_equal(0, sa_set_str(&sa, addr, 5060));

	return host_is(ua, &sa);
}


static void assert_host(const char *name, const struct ua *ua)
{
	struct pl host;

	assert_int_equal(0, host_get(&host, ua));
	assert_int_equal(0, pl_strcmp(&host, name));
}


static void test_get(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@pbx.example:5070", "1-x", 0);
	struct pl host;
	(void)state;

	assert_host("pbx.example", ua);

	(void)str_dup(&ua->acc->outbound, "sip:proxy.example;lr");
	assert_host("proxy.example", ua);

	ua->acc->outbound = mem_deref(ua->acc->outbound);
	(void)str_dup(&ua->acc->outbound, "\"Proxy\" <sip:192.0.2.8:5061;"
		      "transport=tls>");
	assert_host("192.0.2.8", ua);

	ua->acc->outbound = mem_deref(ua->acc->outbound);
	(void)str_dup(&ua->acc->outbound, "");
	assert_int_equal(EBADMSG, host_get(&host, ua));
}


static void test_is(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@pbx.example", "1-x", 0);
	struct ua *other = fake_uag_add("sip:2@b.example", "2-x", 0);
	struct ua *registers = fake_uag_add("sip:3@PBX.example", "3-x", 60);
	(void)state;

	assert_true(is(ua, "192.0.2.1"));
	assert_true(is(NULL, "192.0.2.1"));
	assert_false(is(ua, "192.0.2.2"));
	assert_false(is(other, "192.0.2.1"));

	/* Of one that registers, the server is learned */
	assert_false(is(registers, "192.0.2.1"));
}


/* An account that was added meanwhile counts; and with none that has the
   address, not one is looked at */
static void test_many(void **state)
{
	struct ua *ua;
	unsigned i;
	(void)state;

	for (i=0; i<1000; i++)
		(void)fake_uag_add("sip:1@b.example", "1-x", i % 2);

	assert_false(is(NULL, "192.0.2.1"));

	fake_uag.looks = 0;
	assert_false(is(NULL, "192.0.2.1"));
	assert_int_equal(0, fake_uag.looks);

	ua = fake_uag_add("sip:2@pbx.example", "2-x", 0);
	++readings;
	assert_true(is(NULL, "192.0.2.1"));

	mem_deref(ua);
	assert_false(is(NULL, "192.0.2.1"));
}


/* `any` is a word in a list of addresses; here it is a name like others */
static void test_any(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@any", "1-x", 0);
	(void)state;

	assert_false(is(ua, "192.0.2.1"));
	assert_false(is(NULL, "192.0.2.1"));
}


/* Names are looked up before the first request, and again */
static void test_resolve(void **state)
{
	(void)state;

	(void)fake_uag_add("sip:1@pbx.example", "1-x", 0);
	(void)fake_uag_add("sip:2@PBX.example", "2-x", 0);
	(void)fake_uag_add("sip:3@b.example", "3-x", 60);

	fake_clock_advance(0);
	assert_int_equal(1, decodes);
	assert_int_equal(1, resolves);

	(void)is(NULL, "192.0.2.1");
	assert_int_equal(1, resolves);

	fake_clock_advance(299 * 1000);
	assert_int_equal(1, resolves);

	fake_clock_advance(1000);
	assert_int_equal(2, resolves);
	assert_int_equal(1, decodes);

	host_close();
	fake_clock_advance(3600 * 1000);
	assert_int_equal(2, resolves);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_get),
		TEST(test_is),
		TEST(test_many),
		TEST(test_any),
		TEST(test_resolve),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
