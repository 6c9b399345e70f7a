/**
 * @file test_server.c  Tests of server.c, on a real SIP stack
 * links: accounts/server.c compat/lsnr.c compat/events.c fake_uag.c
 *	sip_peer.c stub_baresip.c
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
#include "fake_uag.h"
#include "sip_peer.h"


extern unsigned stub_warnings;

static struct sip_peer sp;
static struct sip_lsnr *lsnr;
static struct ua *registering;          /**< Whose REGISTER is answered    */
static struct sa host;                  /**< Of accounts without REGISTER  */


int host_init(void)
{
	return 0;
}


void host_close(void)
{
}


int host_get(struct pl *name, const struct ua *ua)
{
	*name = ua->acc->luri.host;

	return 0;
}


bool host_is(const struct ua *ua, const struct sa *addr)
{
	return (!ua || !ua->acc->regint) && sa_cmp(&host, addr, SA_ADDR);
}


/* As in baresip: it tells while it handles the response */
static bool register_handler(const struct sip_msg *msg, void *arg)
{
	struct mbuf *mb = mbuf_alloc(16);
	(void)arg;

	if (registering && msg->scode < 300)
		fake_uag_event(registering, UA_EVENT_REGISTER_OK);

	(void)mbuf_write_str(mb, "seen");
	mb->pos = 0;
	(void)sip_send(sp.sip, msg->sock, SIP_TRANSP_UDP, &msg->src, mb);
	mem_deref(mb);

	return true;
}


static int setup(void **state)
{
	(void)state;

	if (sip_peer_open(&sp))
		return -1;

	fake_uag.sip = sp.sip;
	sa_init(&host, AF_INET);

	return sip_listen(&lsnr, sp.sip, false, register_handler, NULL) ||
		server_init();
}


static int teardown(void **state)
{
	(void)state;

	fake_uag_reset();
	server_close();
	lsnr = mem_deref(lsnr);
	sip_peer_close(&sp);

	return 0;
}


static void respond(struct ua *ua, unsigned scode, const char *met)
{
	const unsigned n = sp.answers + 1;

	registering = ua;
	sip_peer_send(&sp,
		      "SIP/2.0 %u Whatever\r\n"
		      "Via: SIP/2.0/UDP %J;branch=z9hG4bK1\r\n"
		      "From: <sip:a@127.0.0.1>;tag=1\r\n"
		      "To: <sip:a@127.0.0.1>;tag=2\r\n"
		      "Call-ID: 1\r\nCSeq: 1 %s\r\n"
		      "Content-Length: 0\r\n\r\n", scode, &sp.laddr, met);
	assert_true(sip_peer_wait(&sp, n));
}


static struct source source(const char *addr, uint16_t port, bool stream)
{
	struct source src = { .proto = stream ? "tcp" : "udp",
			      .stream = stream };

	assert_int_equal(0, sa_set_str(&src.addr, addr, port));

	return src;
}


static bool trusts(const struct ua *ua, const char *addr, uint16_t port,
		   bool stream)
{
	const struct source src = source(addr, port, stream);

	return accounts_is_server(ua, &src);
}


static void test_udp(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct ua *other = fake_uag_add("sip:2@a.example", "2-x", 60);
	struct sa addr;
	(void)state;

	assert_false(trusts(ua, "127.0.0.1", 5060, false));

	respond(ua, 200, "REGISTER");

	/* Whatever the port: many servers send from others */
	assert_true(trusts(ua, "127.0.0.1", 5060, false));
	assert_true(trusts(ua, "127.0.0.1", sa_port(&sp.peer), false));
	assert_false(trusts(ua, "127.0.0.2", 5060, false));

	/* of this account, or of any */
	assert_false(trusts(other, "127.0.0.1", 5060, false));
	assert_true(trusts(NULL, "127.0.0.1", 5060, false));
	assert_false(trusts(NULL, "127.0.0.2", 5060, false));

	assert_int_equal(0, sa_set_str(&addr, "127.0.0.1", 1));
	assert_true(accounts_is_server_addr(ua, &addr));
	assert_true(accounts_is_server_addr(NULL, &addr));
	assert_false(accounts_is_server_addr(other, &addr));
	assert_false(accounts_is_server(ua, NULL));
}


/* Behind one address may stand many hosts: the port tells the server's own */
static void test_stream(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	(void)state;

	respond(ua, 200, "REGISTER");

	assert_true(trusts(ua, "127.0.0.1", sa_port(&sp.peer), true));
	assert_false(trusts(ua, "127.0.0.1", sa_port(&sp.peer) ^ 1, true));
	assert_true(trusts(NULL, "127.0.0.1", sa_port(&sp.peer), true));
	assert_false(trusts(NULL, "127.0.0.1", sa_port(&sp.peer) ^ 1, true));
}


/* Only the answer to a REGISTER teaches, and only when it is a 2xx */
static void test_other_responses(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	(void)state;

	respond(ua, 200, "OPTIONS");
	assert_false(trusts(ua, "127.0.0.1", 5060, false));

	respond(ua, 401, "REGISTER");
	assert_false(trusts(ua, "127.0.0.1", 5060, false));
}


static void test_forget(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct ua *gone = fake_uag_add("sip:2@a.example", "2-x", 60);
	(void)state;

	respond(ua, 200, "REGISTER");
	respond(gone, 200, "REGISTER");

	ua_destroy(gone);
	assert_true(trusts(NULL, "127.0.0.1", 5060, false));

	/* It is away, as before a restart, and registers again, and again */
	ua_unregister(ua);
	assert_true(trusts(ua, "127.0.0.1", 5060, false));
	assert_true(trusts(NULL, "127.0.0.1", 5060, false));

	respond(ua, 200, "REGISTER");
	respond(ua, 200, "REGISTER");
	assert_true(trusts(ua, "127.0.0.1", 5060, false));

	mem_deref(ua);
	assert_false(trusts(NULL, "127.0.0.1", 5060, false));
}


/* Two accounts with one server; it is the server as long as one has it */
static void test_shared(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct ua *other = fake_uag_add("sip:2@a.example", "2-x", 60);
	(void)state;

	respond(ua, 200, "REGISTER");
	respond(other, 200, "REGISTER");

	mem_deref(ua);
	assert_true(trusts(other, "127.0.0.1", 5060, false));
	assert_true(trusts(NULL, "127.0.0.1", 5060, false));

	mem_deref(other);
	assert_false(trusts(NULL, "127.0.0.1", 5060, false));
}


static void test_unregistered(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 0);
	(void)state;

	assert_int_equal(0, sa_set_str(&host, "192.0.2.1", 0));

	assert_true(trusts(ua, "192.0.2.1", 5060, false));
	assert_true(trusts(NULL, "192.0.2.1", 5060, false));
	assert_false(trusts(ua, "192.0.2.2", 5060, false));
}


static void test_name(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@PBX.example", "1-x", 60);
	struct ua *other = fake_uag_add("sip:2@b.example", "2-x", 60);
	const struct pl name = PL("pbx.EXAMPLE"), unknown = PL("c.example");
	(void)state;

	assert_true(accounts_is_server_name(ua, &name));
	assert_false(accounts_is_server_name(other, &name));
	assert_true(accounts_is_server_name(NULL, &name));
	assert_false(accounts_is_server_name(NULL, &unknown));
	assert_false(accounts_is_server_name(NULL, &pl_null));
	assert_false(accounts_is_server_name(ua, NULL));
}


static void assert_prints(const char *text, const struct ua *ua)
{
	char buf[80];

	(void)re_snprintf(buf, sizeof(buf), "%H", server_print, ua);
	assert_string_equal(text, buf);
}


static void test_print(void **state)
{
	struct ua *ua = fake_uag_add("sip:1@a.example", "1-x", 60);
	struct ua *unregistered = fake_uag_add("sip:2@a.example", "2-x", 0);
	char buf[80];
	(void)state;

	assert_prints("not known yet", ua);
	assert_prints("a.example (not asked)", unregistered);

	respond(ua, 200, "REGISTER");
	(void)re_snprintf(buf, sizeof(buf), "%J", &sp.peer);
	assert_prints(buf, ua);
}


/* A release of libre that is not known: the module must not load */
static void test_unsupported(void **state)
{
	(void)state;

	fake_uag_reset();
	stub_warnings = 0;

	assert_int_equal(EINVAL, server_init());
	assert_int_equal(1, stub_warnings);

	server_close();
	server_close();
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_udp),
		TEST(test_stream),
		TEST(test_other_responses),
		TEST(test_forget),
		TEST(test_shared),
		TEST(test_unregistered),
		TEST(test_name),
		TEST(test_print),
		cmocka_unit_test(test_unsupported),
	};
	int err;

	err = libre_init();
	if (err)
		return err;

	err = cmocka_run_group_tests(tests, NULL, NULL);

	libre_close();

	return err;
}
