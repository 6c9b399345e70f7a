/**
 * @file getter.c  Requests as a GET makes them, for tests
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "getter.h"


/** What a request points into */
struct keep {
	struct http_get get;
	struct http_msg *msg;
};


static void destructor(void *arg)
{
	struct keep *keep = arg;

	mem_deref(keep->msg);
}


/* Source "192.0.2.1"; it comes to 192.0.2.9 */
struct request *getter_make(const char *source, const char *target,
			    const char *headers)
{
	struct mbuf *mb = mbuf_alloc(1024);
	struct request *req;
	struct keep *keep;

	keep = mem_zalloc(sizeof(*keep), destructor);
	assert_non_null(keep);

	assert_int_equal(mbuf_printf(mb, "GET %s HTTP/1.1\r\n%s\r\n", target,
				     headers), 0);
	mb->pos = 0;
	assert_int_equal(http_msg_decode(&keep->msg, mb, true), 0);
	mem_deref(mb);

	keep->get.msg = keep->msg;
	keep->get.target.p = keep->msg->path.p;
	keep->get.target.l = keep->msg->path.l + keep->msg->prm.l;
	assert_int_equal(sa_set_str(&keep->get.laddr, "192.0.2.9", 80), 0);

	assert_int_equal(request_alloc(&req, DOOR_HTTP), 0);
	assert_int_equal(sa_set_str(&req->source.addr, source, 4321), 0);
	req->source.proto = "http";
	req->keep = keep;
	req->get = &keep->get;

	return req;
}
