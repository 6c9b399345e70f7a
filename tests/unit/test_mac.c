/**
 * @file test_mac.c  Tests of mac.c
 * links: mac.c scratch.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "compat/compat.h"
#include "mac.h"
#include "scratch.h"


static const char route_head[] =
	"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\t"
	"MTU\tWindow\tIRTT\n";

static const char *root;


static void path_make(char *path, size_t size, const char *name)
{
	char *slash;

	(void)re_snprintf(path, size, "%s/%s", root, name);

	for (slash = path + strlen(root) + 1;
	     (slash = strchr(slash, '/')) != NULL; ++slash) {

		*slash = '\0';
		(void)mkdir(path, 0700);
		*slash = '/';
	}
}


static void file_write(const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *f;

	path_make(path, sizeof(path), name);

	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(0, fclose(f));
}


static void interface_make(const char *name, const char *index,
			   const char *address)
{
	char path[PATH_MAX];

	(void)re_snprintf(path, sizeof(path), "sys/class/net/%s/ifindex",
			  name);
	file_write(path, index);

	(void)re_snprintf(path, sizeof(path), "sys/class/net/%s/address",
			  name);
	file_write(path, address);
}


static void routes_make(const char *routes)
{
	char text[1024];

	(void)re_snprintf(text, sizeof(text), "%s%s", route_head, routes);
	file_write("proc/net/route", text);
}


static int setup(void **state)
{
	(void)state;

	root = scratch_make();
	assert_non_null(root);

	interface_make("lo",    "1\n",  "00:00:00:00:00:00\n");
	interface_make("wlan0", "10\n", "00:15:65:00:00:10\n");
	interface_make("eth0",  "2\n",  "00:15:65:00:00:AB\n");
	interface_make("tun0",  "3\n",  "\n");
	interface_make("ib0",   "4\n",
		       "80:00:00:48:fe:80:00:00:00:00:00:00:00:02:c9:03:00:"
		       "00:0f:41\n");

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	return scratch_remove();
}


static void assert_found(const char *expected)
{
	char mac[MAC_SIZE] = "";

	assert_int_equal(0, mac_find(mac, root));
	assert_string_equal(expected, mac);
}


static void decode(void **state)
{
	static const char *goodv[] = {
		"001565abcdef", "00:15:65:AB:CD:EF", "00-15-65-ab-cd-ef",
		"0015.65ab.cdef", " 00 15 65 ab cd ef ", "001565:abcdef\n",
	};
	static const char *badv[] = {
		"", "00:15:65:ab:cd", "00:15:65:ab:cd:ef:01", "001565abcdeg",
		"001565abcde", "00:00:00:00:00:00", "n001565abcdef",
	};
	char mac[MAC_SIZE] = "same";
	struct pl pl;
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(badv); i++) {
		pl_set_str(&pl, badv[i]);
		assert_int_equal(EBADMSG, mac_decode(mac, &pl));
		assert_string_equal("same", mac);
	}

	for (i=0; i<RE_ARRAY_SIZE(goodv); i++) {
		pl_set_str(&pl, goodv[i]);
		assert_int_equal(0, mac_decode(mac, &pl));
		assert_string_equal("001565abcdef", mac);
	}

	assert_int_equal(EINVAL, mac_decode(NULL, &pl));
	assert_int_equal(EINVAL, mac_decode(mac, NULL));
}


static void default_route(void **state)
{
	(void)state;

	routes_make("eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0"
		    "\t0\n"
		    "wlan0\t00000000\t010200C0\t0003\t0\t0\t600\t00000000\t0"
		    "\t0\t0\n");
	assert_found("001565000010");
}


static void lowest_metric(void **state)
{
	(void)state;

	routes_make("wlan0\t00000000\t010200C0\t0003\t0\t0\t600\t00000000\n"
		    "eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\n"
		    "wlan0\t00000000\t010200C0\t0003\t0\t0\t700\t00000000\n");
	assert_found("0015650000ab");
}


/* One that goes through a tunnel, and one to half the world */
static void no_mac_there(void **state)
{
	(void)state;

	routes_make("tun0\t00000000\t00000000\t0003\t0\t0\t0\t00000000\n"
		    "eth0\t00000000\t00000000\t0003\t0\t0\t0\t00000080\n"
		    "wlan0\t00000000\t010200C0\t0003\t0\t0\t600\t00000000\n");
	assert_found("001565000010");
}


/* The second is to half the world, the last one unreachable */
static void default_route6(void **state)
{
	static const char zeros[] = "00000000000000000000000000000000";
	char text[2048];
	(void)state;

	(void)re_snprintf(text, sizeof(text),
		"20010db8000000000000000000000000 40 %s 00 %s 00000100"
		" 00000001 00000000 00000001     eth0\n"
		"%s 01 %s 00 20010db8000000000000000000000001 00000001"
		" 00000001 00000000 00000003     eth0\n"
		"%s 00 %s 00 20010db8000000000000000000000001 00000400"
		" 00000001 00000000 00000003    wlan0\n"
		"%s 00 %s 00 20010db8000000000000000000000001 00000800"
		" 00000001 00000000 00000003     eth0\n"
		"%s 00 %s 00 %s ffffffff 00000001 00000000 00200200"
		"       lo\n", zeros, zeros, zeros, zeros, zeros, zeros,
		zeros, zeros, zeros, zeros, zeros);
	file_write("proc/net/ipv6_route", text);

	routes_make("");
	assert_found("001565000010");

	/* by IPv4 first */
	routes_make("eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\n");
	assert_found("0015650000ab");
}


static void first_interface(void **state)
{
	(void)state;

	assert_found("0015650000ab");

	routes_make("");
	assert_found("0015650000ab");
}


static void nothing(void **state)
{
	char mac[MAC_SIZE] = "same";
	(void)state;

	assert_int_equal(0, teardown(NULL));
	assert_int_equal(ENOENT, mac_find(mac, root));

	assert_int_equal(0, mkdir(root, 0700));
	interface_make("lo", "1\n", "00:00:00:00:00:00\n");
	assert_int_equal(ENOENT, mac_find(mac, root));

	assert_string_equal("same", mac);
	assert_int_equal(EINVAL, mac_find(NULL, root));
	assert_int_equal(EINVAL, mac_find(mac, NULL));
}


static void random_one(void **state)
{
	char a[MAC_SIZE], b[MAC_SIZE], c[MAC_SIZE];
	struct pl pl;
	(void)state;

	mac_random(a);
	mac_random(b);
	mac_random(NULL);

	pl_set_str(&pl, a);
	assert_int_equal(0, mac_decode(c, &pl));
	assert_string_equal(a, c);
	assert_string_not_equal(a, b);

	/* of one interface, and local */
	pl.l = 2;
	assert_int_equal(2, pl_x32(&pl) & 3);
}


int main(void)
{
	const struct CMUnitTest testv[] = {
		cmocka_unit_test(decode),
		cmocka_unit_test_setup_teardown(default_route, setup,
						teardown),
		cmocka_unit_test_setup_teardown(lowest_metric, setup,
						teardown),
		cmocka_unit_test_setup_teardown(no_mac_there, setup,
						teardown),
		cmocka_unit_test_setup_teardown(default_route6, setup,
						teardown),
		cmocka_unit_test_setup_teardown(first_interface, setup,
						teardown),
		cmocka_unit_test_setup_teardown(nothing, setup, teardown),
		cmocka_unit_test(random_one),
	};

	return cmocka_run_group_tests(testv, NULL, NULL);
}
