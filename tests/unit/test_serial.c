/**
 * @file test_serial.c  Tests of serial.c
 * links: serial.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "request.h"


static void test_serial(void **state)
{
	char a[REQUEST_SERIAL_MAX], b[REQUEST_SERIAL_MAX];
	size_t n;
	(void)state;

	request_serial(a, sizeof(a));
	request_serial(b, sizeof(b));

	n = strcspn(a, "-");
	assert_in_range(n, 9, REQUEST_SERIAL_MAX - 3);
	assert_memory_equal(a, b, n);
	assert_string_not_equal(a, b);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_serial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
