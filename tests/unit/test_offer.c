/**
 * @file test_offer.c  Tests of offer.c
 * links: provision/offer.c provision/url.c vendor.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "provision/provision.h"


static const char *fault(const char *str)
{
	struct sa from;
	struct pl pl;

	(void)sa_set_str(&from, "192.0.2.1", 5060);
	pl_set_str(&pl, str);

	return provision_fault(&pl, &from);
}


static void test_fault(void **state)
{
	static const struct {
		const char *url;
		const char *why;
	} testv[] = {
		{"tftp://10.13.4.121", NULL},
		{"http://192.168.100.10/a.xml?mac=00135E874B49&x=1", NULL},
		{"https://prov.example.net/phoneprov/f3df739ac62197cd/", NULL},
		{"HTTP://host/{mac}", NULL},
		{"ftp://{mac}.example.net/$MAC/%MACD.xml", NULL},
		{"http://[2001:db8::1]:8080/", NULL},
		{"ftp://user:pw@192.0.2.1/", NULL},
		{"ftp://192.0.2.1@192.0.2.1/", NULL},
		{"", "not a URL"},
		{"http://", "not a URL"},
		{"http://a b/", "not a URL"},
		{"http://a/\r\nX: y", "not a URL"},
		{"http://a/<b>", "not a URL"},
		{"http://a/\xc3\xa4", "not a URL"},
		{"http://{host}/", "not a URL"},
		{"http://a:99999/", "not a URL"},
		{"<http://a/>", "not a URL"},
		{"prov.example.net", "scheme"},
		{"/etc/passwd", "scheme"},
		{"file:///etc/passwd", "scheme"},
		{"ldap://a/", "scheme"},
		{"javascript:alert(1)", "scheme"},
		{"xhttp://a/", "scheme"},
		{"http//a/", "scheme"},
		{"http://user:pw@192.0.2.2/", "credentials"},
		{"http://user@host/", "credentials"},
		{"http://192.0.2.1@host/", "credentials"},
		{"http://192.0.2.1:80@198.51.100.1/", "credentials"},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		const char *why = fault(testv[i].url);

		if (!testv[i].why && why)
			fail_msg("%s: %s", testv[i].url, why);

		if (testv[i].why && (!why || !strstr(why, testv[i].why)))
			fail_msg("%s: %s", testv[i].url, why ? why : "taken");
	}

	assert_non_null(provision_fault(NULL, NULL));
}


static void test_long(void **state)
{
	char str[2048] = "http://a/";
	(void)state;

	memset(str + 9, 'x', sizeof(str) - 10);
	assert_non_null(strstr(fault(str), "too long"));

	str[1024] = '\0';
	assert_null(fault(str));

	str[1024] = 'x';
	str[1025] = '\0';
	assert_non_null(strstr(fault(str), "too long"));
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fault),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
