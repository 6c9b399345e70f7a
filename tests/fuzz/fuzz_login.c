/**
 * @file fuzz_login.c  The login of a GET, and the credentials of a NOTIFY
 *
 * The first byte says which. The rest is the value of its Authorization
 * header; more headers may follow on further lines.
 *
 * links: guard/login.c guard/digest.c guard/nonce.c guard/credentials.c
 * links: guard/refusal.c request.c fake_guard.c
 */
#include <stdlib.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"
#include "../unit/fake_guard.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void must(bool ok)
{
	if (!ok)
		abort();
}


/* The password is in the corpus, so a Basic login can be right */
static void get_check(const struct pl *value)
{
	struct http_get get = {.target = PL("/servlet?key=OK")};
	struct mbuf *mb = mbuf_alloc(value->l + 128);
	struct http_msg *msg = NULL;
	struct request *req = NULL;
	struct answer answer;

	must(mb && !mbuf_printf(mb, "GET /servlet?key=OK HTTP/1.1\r\n"
				"Authorization: %r\r\n\r\n", value));
	mb->pos = 0;

	if (http_msg_decode(&msg, mb, true))
		goto out;

	must(!request_alloc(&req, DOOR_HTTP));
	must(!sa_set_str(&req->source.addr, "192.0.2.1", 4321));
	get.msg = msg;
	req->get = &get;

	answer_set(&answer, 200, "OK");

	if (login_refused(req, &answer))
		must(answer.scode == 401 && answer.challenge[0]);
	else
		must(strcasestr((const char *)mb->buf, "Basic ") != NULL);

	must(!req->authentic);

 out:
	mem_deref(req);
	mem_deref(msg);
	mem_deref(mb);
}


/* Without the password, and a nonce that nobody issued */
static void notify_check(const struct pl *value)
{
	struct request *req = NULL;
	char *text = NULL;

	must(!re_sdprintf(&text, "NOTIFY sip:alice@192.0.2.9 SIP/2.0\r\n"
			  "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
			  "To: <sip:alice@pbx.example>\r\n"
			  "Authorization: %r\r\n\r\n", value));

	if (!fake_request(&req, "udp:192.0.2.1:5060", text)) {
		must(digest_check(req) == PROOF_NONE);
		must(!req->authentic);
	}

	mem_deref(req);
	mem_deref(text);
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pl value = {(const char *)data + 1, size - 1};
	static char user[] = "admin", password[] = "s:cret";

	if (!size)
		return 0;

	fake_reset();
	login_close();
	must(!nonce_init());
	fake.settings.http_user = user;
	fake.settings.http_password = password;

	if (data[0] & 1)
		get_check(&value);
	else
		notify_check(&value);

	return 0;
}
