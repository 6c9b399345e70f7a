/**
 * @file fuzz_http.c  What comes over HTTP: head, request line, query, page
 *
 * The first byte is no part of it: it says whether the rest is a request or a
 * query. A request that is taken here and by libre, and that ends for both at
 * the same byte, is judged, whatever headers it has.
 *
 * links: doors/http.c guard/page.c guard/refusal.c grammar.c request.c
 * links: fake_guard.c
 */
#include <stdlib.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"
#include "doors/http.h"
#include "../unit/fake_guard.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void must(bool ok)
{
	if (!ok)
		abort();
}


static void must_lie_in(const struct pl *part, const void *mem, size_t size)
{
	if (part->p)
		must(part->p >= (const char *)mem &&
		     part->p + part->l <= (const char *)mem + size);
}


/* What was decoded is no longer than what came, and in memory of its own */
static void fuzz_query(const struct pl *pl)
{
	struct http_query *query = NULL;

	if (http_query_decode(&query, pl)) {
		must(!query);
		return;
	}

	must(query->user.l + query->password.l + query->body.l <= pl->l + 4);
	must_lie_in(&query->user, query + 1, pl->l + 4);
	must_lie_in(&query->password, query + 1, pl->l + 4);
	must_lie_in(&query->body, query + 1, pl->l + 4);

	mem_deref(query);
}


static void fuzz_headers(const struct http_msg *msg)
{
	static char names[] = "phone.lan door.lan:8080";
	struct http_get get = { .msg = msg };
	struct request *req;
	struct answer answer;

	fake.settings.http_host = names;

	must(!request_alloc(&req, DOOR_HTTP));
	req->get = &get;

	(void)sa_set_str(&get.laddr, "192.0.2.9", 80);
	(void)page_refused(req, &answer);
	(void)http_persists(msg);
	(void)http_path_known(&msg->path);

	mem_deref(req);
}


static void fuzz_request(const struct pl *text)
{
	struct mbuf *mb;
	struct http_msg *msg = NULL;
	struct pl head = *text;

	head.l = http_head_len(text);
	must(head.l <= text->l);

	if (!head.l || !http_line_ok(&head))
		return;

	mb = mbuf_alloc(head.l);
	must(mb && !mbuf_write_mem(mb, (const uint8_t *)head.p, head.l));
	mb->pos = 0;

	if (!http_msg_decode(&msg, mb, true) && mb->pos == head.l) {

		must(pl_isset(&msg->met) && msg->path.p[0] == '/');

		fuzz_query(&msg->prm);
		fuzz_headers(msg);
	}

	mem_deref(msg);
	mem_deref(mb);
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pl pl = {(const char *)data + 1, size - 1};

	if (!size)
		return 0;

	if (data[0] & 1)
		fuzz_query(&pl);
	else
		fuzz_request(&pl);

	return 0;
}
