/**
 * @file test_message_broadcast.c  Tests of doors/message.c: sent to everybody
 * links: doors/message.c sip_peer.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <ifaddrs.h>
#include <net/if.h>
#include "compat/compat.h"
#include "request.h"
#include "doors/message.h"
#include "sip_peer.h"


static bool ifaddrs_err;


/* The interfaces of a phone: loopback, a LAN, a small one, a tunnel, IPv6 */
int getifaddrs(struct ifaddrs **ifap)
{
	static struct sa addrv[4];
	static struct ifaddrs ifav[6] = {
		{.ifa_name = (char *)"raw", .ifa_flags = IFF_BROADCAST},
		{.ifa_name = (char *)"lo"},
		{.ifa_name = (char *)"lan", .ifa_flags = IFF_BROADCAST},
		{.ifa_name = (char *)"small", .ifa_flags = IFF_BROADCAST},
		{.ifa_name = (char *)"tun", .ifa_flags = IFF_POINTOPOINT},
		{.ifa_name = (char *)"six", .ifa_flags = IFF_BROADCAST},
	};
	static struct sa six;
	size_t i;

	if (ifaddrs_err)
		return -1;

	(void)sa_set_str(&addrv[0], "127.0.0.1", 0);
	(void)sa_set_str(&addrv[1], "198.51.100.255", 0);
	(void)sa_set_str(&addrv[2], "203.0.113.3", 0);
	(void)sa_set_str(&addrv[3], "203.0.113.7", 0);
	(void)sa_set_str(&six, "2001:db8::ffff", 0);

	for (i=1; i<5; i++) {
		ifav[i].ifa_addr = &addrv[i - 1].u.sa;
		ifav[i].ifa_broadaddr = &addrv[i - 1].u.sa;
	}

	ifav[5].ifa_addr = &six.u.sa;

	for (i=0; i<5; i++)
		ifav[i].ifa_next = &ifav[i + 1];

	*ifap = ifav;

	return 0;
}


void freeifaddrs(struct ifaddrs *ifa)
{
	(void)ifa;
}


static bool is_broadcast(const char *host, const char *dst)
{
	struct sip_msg *msg;
	bool broadcast;

	msg = sip_peer_msg("NOTIFY sip:x@%s SIP/2.0\r\n"
			   "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
			   "To: <sip:x@192.0.2.9>\r\n\r\n", host);
	assert_non_null(msg);
	assert_int_equal(0, sa_set_str(&msg->dst, dst, 5060));

	broadcast = message_is_broadcast(msg);
	mem_deref(msg);

	return broadcast;
}


static void test_broadcast(void **state)
{
	(void)state;

	assert_true(is_broadcast("224.0.1.75", "192.0.2.9"));
	assert_true(is_broadcast("224.0.1.75:5060", "192.0.2.9"));
	assert_true(is_broadcast("239.255.255.250", "192.0.2.9"));
	assert_true(is_broadcast("255.255.255.255", "192.0.2.9"));
	assert_true(is_broadcast("0.0.0.0", "192.0.2.9"));
	assert_true(is_broadcast("[ff02::1]", "2001:db8::9"));
	assert_true(is_broadcast("[::]", "2001:db8::9"));

	assert_false(is_broadcast("192.0.2.9", "192.0.2.9"));
	assert_false(is_broadcast("127.0.0.1", "127.0.0.1"));
	assert_false(is_broadcast("223.255.255.254", "192.0.2.9"));
	assert_false(is_broadcast("240.0.0.1", "192.0.2.9"));
	assert_false(is_broadcast("[2001:db8::9]", "2001:db8::9"));
	assert_false(is_broadcast("phone.example", "192.0.2.9"));
}


/* That of an interface of ours, where it has one */
static void test_broadcast_here(void **state)
{
	(void)state;

	assert_true(is_broadcast("198.51.100.255", "192.0.2.9"));
	assert_true(is_broadcast("203.0.113.3", "192.0.2.9"));

	/* The peer of a tunnel is none, nor any other address */
	assert_false(is_broadcast("203.0.113.7", "192.0.2.9"));
	assert_false(is_broadcast("198.51.100.127", "192.0.2.9"));
	assert_false(is_broadcast("198.51.100.9", "192.0.2.9"));

	/* It is our own address: then it is no broadcast */
	assert_false(is_broadcast("198.51.100.255", "198.51.100.255"));

	ifaddrs_err = true;
	assert_false(is_broadcast("198.51.100.255", "192.0.2.9"));
	ifaddrs_err = false;
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broadcast),
		cmocka_unit_test(test_broadcast_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
