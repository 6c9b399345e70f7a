/**
 * @file test_lsnr.c  Tests of compat/lsnr.c, on a real SIP stack
 * links: compat/lsnr.c sip_peer.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include "compat/compat.h"
#include "sip_peer.h"


static struct sip_peer sp;
static struct sipevent_sock *evsock;
static char order[16];          /**< Who saw the message, one letter each  */


static bool note(const char *who, bool taken)
{
	const size_t n = strlen(order);

	if (n < sizeof(order) - 1)
		str_ncpy(order + n, who, sizeof(order) - n);

	return taken;
}


/* One that was there before us, like baresip's uag */
static bool before_handler(const struct sip_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;

	return note("b", false);
}


static bool request_handler(const struct sip_msg *msg, void *arg)
{
	const bool *takes = arg;

	(void)note("r", false);

	if (!*takes)
		return false;

	compat_msg_tag_set(msg, 0x1234);
	(void)sip_reply(sp.sip, msg, 200, "Ours");

	return true;
}


static bool response_handler(const struct sip_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;

	return note("s", false);
}


static bool late_response_handler(const struct sip_msg *msg, void *arg)
{
	struct mbuf *mb = mbuf_alloc(16);
	(void)arg;

	/* Tell the test that the response went its way to the end */
	(void)mbuf_write_str(mb, "seen");
	mb->pos = 0;
	(void)sip_send(sp.sip, msg->sock, SIP_TRANSP_UDP, &msg->src, mb);
	mem_deref(mb);

	return note("l", true);
}


static int setup(void **state)
{
	(void)state;

	order[0] = '\0';
	evsock = NULL;

	return sip_peer_open(&sp);
}


static int teardown(void **state)
{
	(void)state;

	mem_deref(evsock);
	sip_peer_close(&sp);

	return 0;
}


static void notify(const char *branch)
{
	sip_peer_send(&sp,
		      "NOTIFY sip:x@127.0.0.1 SIP/2.0\r\n"
		      "Via: SIP/2.0/UDP %J;branch=%s;rport\r\n"
		      "From: <sip:a@127.0.0.1>;tag=1\r\n"
		      "To: <sip:x@127.0.0.1>\r\n"
		      "Call-ID: 1\r\nCSeq: 1 NOTIFY\r\n"
		      "Event: check-sync\r\nContent-Length: 0\r\n\r\n",
		      &sp.peer, branch);
}


static void test_arguments(void **state)
{
	struct sip_lsnr *lsnr = NULL;
	(void)state;

	assert_int_equal(EINVAL, compat_listen_request(NULL, sp.sip,
						       request_handler, NULL));
	assert_int_equal(EINVAL, compat_listen_request(&lsnr, NULL,
						       request_handler, NULL));
	assert_int_equal(EINVAL, compat_listen_request(&lsnr, sp.sip, NULL,
						       NULL));
	assert_int_equal(EINVAL, compat_listen_response(&lsnr, NULL,
							response_handler,
							NULL));
	assert_null(lsnr);

	compat_msg_tag_set(NULL, 1);
	compat_msg_ignore_maddr(NULL);
	compat_msg_reply_to_source(NULL);
	compat_msg_release_sock(NULL);
}


/* Without us, sipevent answers 400: there is no Subscription-State */
static void test_request(void **state)
{
	struct sip_lsnr *before = NULL, *lsnr = NULL;
	bool takes = true;
	(void)state;

	assert_int_equal(0, sipevent_listen(&evsock, sp.sip, 32, 32, NULL,
					    NULL));
	assert_int_equal(0, sip_listen(&before, sp.sip, true, before_handler,
				       NULL));
	assert_int_equal(0, compat_listen_request(&lsnr, sp.sip,
						  request_handler, &takes));
	assert_non_null(lsnr);

	notify("z9hG4bK1");
	assert_true(sip_peer_wait(&sp, 1));
	assert_non_null(strstr(sp.answer, "SIP/2.0 200 Ours\r\n"));
	assert_non_null(strstr(sp.answer, ";tag=0000000000001234\r\n"));
	assert_string_equal("r", order);

	/* What is not ours goes on to the others */
	takes = false;
	notify("z9hG4bK2");
	assert_true(sip_peer_wait(&sp, 2));
	assert_non_null(strstr(sp.answer, "SIP/2.0 400 "));
	assert_string_equal("rr", order);

	/* and all of it when we have gone */
	takes = true;
	lsnr = mem_deref(lsnr);
	notify("z9hG4bK3");
	assert_true(sip_peer_wait(&sp, 3));
	assert_non_null(strstr(sp.answer, "SIP/2.0 400 "));
	assert_string_equal("rr", order);

	mem_deref(before);
}


/* A listener for responses in front does not confuse the one for requests */
static void test_response(void **state)
{
	struct sip_lsnr *late = NULL, *resp = NULL, *req = NULL;
	bool takes = true;
	(void)state;

	assert_int_equal(0, sip_listen(&late, sp.sip, false,
				       late_response_handler, NULL));
	assert_int_equal(0, compat_listen_response(&resp, sp.sip,
						   response_handler, NULL));
	assert_int_equal(0, compat_listen_request(&req, sp.sip,
						  request_handler, &takes));

	sip_peer_send(&sp,
		      "SIP/2.0 200 OK\r\n"
		      "Via: SIP/2.0/UDP %J;branch=z9hG4bK1\r\n"
		      "From: <sip:a@127.0.0.1>;tag=1\r\n"
		      "To: <sip:a@127.0.0.1>;tag=2\r\n"
		      "Call-ID: 1\r\nCSeq: 1 REGISTER\r\n"
		      "Content-Length: 0\r\n\r\n", &sp.laddr);
	assert_true(sip_peer_wait(&sp, 1));
	assert_string_equal("seen", sp.answer);
	assert_string_equal("sl", order);

	notify("z9hG4bK1");
	assert_true(sip_peer_wait(&sp, 2));
	assert_string_equal("slr", order);

	mem_deref(late);
	mem_deref(resp);
	mem_deref(req);
}


/* The stack may end first: then our listeners are gone already */
static void test_stack_first(void **state)
{
	struct sip_lsnr *resp = NULL, *req = NULL;
	(void)state;

	assert_int_equal(0, compat_listen_response(&resp, sp.sip,
						   response_handler, NULL));
	assert_int_equal(0, compat_listen_request(&req, sp.sip,
						  request_handler, NULL));

	sip_close(sp.sip, true);
	sp.sip = mem_deref(sp.sip);

	assert_null(resp);
	assert_null(req);
}


/* The list of a release that is not known: nothing is moved */
static void test_unexpected(void **state)
{
	struct sip_lsnr *probe = NULL, *lsnr = NULL;
	struct le *first, *second;
	struct list *list;
	(void)state;

	assert_int_equal(0, sip_listen(&probe, sp.sip, true, before_handler,
				       NULL));
	list = ((struct le *)(void *)probe)->list;
	first = list->head;
	second = first->next;

	/* A listener for requests before both layers */
	list_unlink((void *)probe);
	list_prepend(list, (void *)probe, probe);

	assert_int_equal(EPROTO, compat_listen_request(&lsnr, sp.sip,
						       request_handler, NULL));
	assert_null(lsnr);

	list_unlink((void *)probe);
	list_append(list, (void *)probe, probe);

	/* Server transactions first */
	list_unlink(first);
	list_insert_after(list, second, first, first);

	assert_int_equal(EPROTO, compat_listen_request(&lsnr, sp.sip,
						       request_handler, NULL));
	assert_null(lsnr);
	assert_int_equal(3, list_count(list));

	/* No server transactions behind the client's */
	list_unlink(second);
	list_append(list, second, second);

	assert_int_equal(EPROTO, compat_listen_request(&lsnr, sp.sip,
						       request_handler, NULL));
	assert_null(lsnr);

	/* An element that is laid out otherwise */
	first->data = second;
	assert_int_equal(EPROTO, compat_listen_request(&lsnr, sp.sip,
						       request_handler, NULL));
	assert_null(lsnr);
	first->data = first;

	assert_ptr_equal(first, list->head);
	assert_int_equal(3, list_count(list));

	mem_deref(probe);
}


static struct sip_msg *msg_via(const char *params)
{
	return sip_peer_msg("NOTIFY sip:x@127.0.0.1 SIP/2.0\r\n"
			    "Via: SIP/2.0/UDP 198.51.100.1:5070"
			    ";branch=z9hG4bK1%s\r\n"
			    "From: <sip:a@127.0.0.1>;tag=1\r\n"
			    "To: <sip:x@127.0.0.1>\r\n"
			    "Call-ID: 1\r\nCSeq: 1 NOTIFY\r\n"
			    "Content-Length: 0\r\n\r\n", params);
}


static void test_maddr(void **state)
{
	static const struct {
		const char *params;
		bool rport;
		const char *to;         /**< Where libre would answer to   */
	} testv[] = {
		{"",                               false, "192.0.2.1:5070"},
		{";rport",                         true,  "192.0.2.1:5060"},
		{";maddr=203.0.113.7",             false, "192.0.2.1:5070"},
		{";maddr=203.0.113.7;rport",       true,  "192.0.2.1:5060"},
		{";rport;maddr=203.0.113.7",       true,  "192.0.2.1:5060"},
		{";rport;ttl=1;maddr=224.0.1.75",  true,  "192.0.2.1:5060"},
		{";MADDR=203.0.113.7;rport",       true,  "192.0.2.1:5060"},
		{";maddr=host.example;rport",      true,  "192.0.2.1:5060"},
		{";maddr=192.0.2.1;rport",         true,  "192.0.2.1:5070"},
	};
	size_t i;
	(void)state;

	for (i=0; i<RE_ARRAY_SIZE(testv); i++) {

		struct sip_msg *msg = msg_via(testv[i].params);
		struct pl rport;
		struct sa dst;
		char buf[64];

		assert_non_null(msg);

		compat_msg_ignore_maddr(msg);

		assert_int_equal(testv[i].rport,
				 !msg_param_exists(&msg->via.params, "rport",
						   &rport));
		sip_reply_addr(&dst, msg, testv[i].rport);

		(void)re_snprintf(buf, sizeof(buf), "%J", &dst);
		assert_string_equal(testv[i].to, buf);

		/* What the answer's Via and the token are made of stays */
		assert_int_equal(0, pl_strcmp(&msg->via.branch, "z9hG4bK1"));
		assert_int_equal(0, pl_strcmp(&msg->via.sentby,
					      "198.51.100.1:5070"));
		mem_deref(msg);
	}
}


static void test_reply_to_source(void **state)
{
	struct sip_msg *msg = msg_via("");
	struct sa dst;
	(void)state;

	compat_msg_reply_to_source(msg);
	sip_reply_addr(&dst, msg, false);

	assert_true(sa_cmp(&dst, &msg->src, SA_ALL));

	mem_deref(msg);
}


/* A request that is kept must not keep the socket */
static void test_release_sock(void **state)
{
	struct sip_msg *msg = msg_via("");
	void *sock = mem_zalloc(1, NULL);
	(void)state;

	msg->sock = mem_ref(sock);
	compat_msg_release_sock(msg);
	assert_int_equal(1, mem_nrefs(sock));

	compat_msg_release_sock(msg);
	assert_int_equal(1, mem_nrefs(sock));

	mem_deref(msg);
	mem_deref(sock);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arguments),
		TEST(test_request),
		TEST(test_response),
		TEST(test_stack_first),
		TEST(test_unexpected),
		cmocka_unit_test(test_maddr),
		cmocka_unit_test(test_reply_to_source),
		cmocka_unit_test(test_release_sock),
	};
	int err;

	err = libre_init();
	if (err)
		return err;

	err = cmocka_run_group_tests(tests, NULL, NULL);

	libre_close();

	return err;
}
