/**
 * @file test_number.c  Tests of phone/number.c
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


static int decode(struct number *num, const char *text)
{
	struct pl pl;

	pl_set_str(&pl, text);

	return number_decode(num, &pl);
}


static void check_uri(const char *text, struct ua *ua, const char *uri)
{
	struct number num;
	char *str = NULL;

	assert_int_equal(0, decode(&num, text));
	assert_int_equal(0, number_uri(&str, &num, &ua->luri));
	assert_string_equal(str, uri);

	mem_deref(str);
}


static bool from_ok(const char *text)
{
	struct pl pl;

	pl_set_str(&pl, text);

	return number_from_ok(&pl);
}


static struct ua *account(const char *text)
{
	struct pl pl;

	pl_set_str(&pl, text);

	return number_account(&pl);
}


static int setup(void **state)
{
	(void)state;

	fake_open();

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	fake_close();

	return 0;
}


static void test_good(void **state)
{
	struct number num;
	(void)state;

	assert_int_equal(0, decode(&num, "+49*12#34"));
	assert_int_equal(0, pl_strcmp(&num.user, "+49*12#34"));
	assert_false(pl_isset(&num.host));

	assert_int_equal(0, decode(&num, "SIPS:a.b_c~d-e@[2001:db8::1]:5071"));
	assert_true(num.secure);
	assert_int_equal(0, pl_strcmp(&num.user, "a.b_c~d-e"));
	assert_int_equal(0, pl_strcmp(&num.host, "[2001:db8::1]"));
	assert_int_equal(num.port, 5071);

	assert_int_equal(0, decode(&num, "sip:200@192.0.2.1"));
	assert_false(num.secure);
	assert_int_equal(num.port, 0);
}


static void test_bad(void **state)
{
	static const char *textv[] = {
		"", "sip:", "sips:", "@host", "sip:@host", "200@", "200@:5060",
		"200@host:", "200@host:0", "200@host:65536", "200@host:50a",
		"200@host:5060;x=y", "200@host;transport=tcp", "200;x=y",
		"200?Replaces=x", "200@host?Subject=x", "<sip:200@host>",
		"200 300", "200@ho st", "200\"", "200@[2001:db8::1",
		"200@[zz]", "200@host@host", "200%40host", "tel:200",
		"http://x", "200,300", "200(0)", "2\xc3\xa4", "200\r\nX: y",
		"200@host\r\n", "200:secret@host", "200&x=y", "a=b",
		"0123456789012345678901234567890123456789"
		"0123456789012345678901234",
	};
	struct number num;
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(textv); i++)
		assert_int_equal(EBADMSG, decode(&num, textv[i]));
}


static void test_nul(void **state)
{
	const struct pl pl = {"20\0001", 4};
	struct number num;
	(void)state;

	assert_int_equal(EBADMSG, number_decode(&num, &pl));
}


static void test_uri(void **state)
{
	struct ua *ua = fake_ua("100", "example.com");
	(void)state;

	check_uri("200", ua, "sip:200@example.com");
	check_uri("sip:200", ua, "sip:200@example.com");
	check_uri("*43#", ua, "sip:*43%23@example.com");
	check_uri("200@other.example", ua, "sip:200@other.example");
	check_uri("200@192.0.2.1:5070", ua, "sip:200@192.0.2.1:5070");
	check_uri("200@[2001:db8::1]:5070", ua,
		  "sip:200@[2001:db8::1]:5070");

	ua->luri.port = 5080;
	check_uri("200", ua, "sip:200@example.com:5080");
	check_uri("200@other.example", ua, "sip:200@other.example");

	ua = fake_ua("100", "2001:db8::7");
	check_uri("200", ua, "sip:200@[2001:db8::7]");
}


static void test_secure(void **state)
{
	struct ua *ua = fake_ua("100", "example.com");
	struct number num;
	char *str = NULL;
	(void)state;

	check_uri("sips:200", ua, "sip:200@example.com;transport=tls");

	/* baresip adds the account's own parameters */
	pl_set_str(&ua->luri.params, ";transport=tls");
	check_uri("sips:200", ua, "sip:200@example.com");

	pl_set_str(&ua->luri.params, ";transport=udp");
	assert_int_equal(0, decode(&num, "sips:200"));
	assert_int_equal(EPROTONOSUPPORT,
			 number_uri(&str, &num, &ua->luri));
	assert_null(str);
}


static void test_from(void **state)
{
	(void)state;

	assert_true(from_ok(""));
	assert_true(from_ok("2"));
	assert_true(from_ok("alice"));
	assert_true(from_ok("alice@example.com"));
	assert_true(from_ok("sip:alice@example.com:5070"));
	assert_true(from_ok("@192.168.9.10"));
	assert_true(from_ok("URI"));

	assert_false(from_ok("alice:secret@example.com"));
	assert_false(from_ok("<sip:alice@example.com>"));
	assert_false(from_ok("\"x\""));
	assert_false(from_ok("a b"));
	assert_false(from_ok("@"));
	assert_false(from_ok("alice@"));
	assert_false(from_ok("alice@a@b"));
	assert_false(from_ok("sip:"));
	assert_false(from_ok("\xff\xfe"));
}


static void test_account(void **state)
{
	struct ua *a, *b, *c;
	(void)state;

	assert_null(account("alice"));
	assert_null(number_account(NULL));

	a = fake_ua("alice", "one.example");
	b = fake_ua("alice", "two.example");
	c = fake_ua("1", "2001:db8::1");

	assert_ptr_equal(number_account(NULL), a);
	assert_ptr_equal(account(""), a);
	assert_ptr_equal(account("sip:alice@two.example"), b);
	assert_ptr_equal(account("alice@two.example"), b);
	assert_ptr_equal(account("ALICE@Two.Example"), b);
	assert_ptr_equal(account("@two.example"), b);
	assert_ptr_equal(account("@[2001:db8::1]"), c);
	assert_ptr_equal(account("alice"), a);

	/* A user before an index */
	assert_ptr_equal(account("1"), c);
	assert_ptr_equal(account("2"), b);

	/* What matches nothing is the default */
	assert_ptr_equal(account("bob"), a);
	assert_ptr_equal(account("bob@two.example"), a);
	assert_ptr_equal(account("9"), a);
	assert_ptr_equal(account("URI"), a);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_nul),
		cmocka_unit_test_setup_teardown(test_uri, setup, teardown),
		cmocka_unit_test_setup_teardown(test_secure, setup, teardown),
		cmocka_unit_test(test_from),
		cmocka_unit_test_setup_teardown(test_account, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
