/**
 * @file reply.c  The answer to a GET, as text
 *
 * Small and plain: nothing that came in goes out again but what
 * phonecfg=get reads out.
 */
#include <re.h>
#include "request.h"
#include "phone/phone.h"
#include "doors/reply.h"


static int print_headers(struct mbuf *mb, const struct answer *answer)
{
	int err = 0;

	if (answer->scode == 401)
		err |= mbuf_printf(mb, "WWW-Authenticate: %s\r\n"
				   "WWW-Authenticate: Basic"
				   " realm=\"provnotify\"\r\n",
				   answer->challenge);

	if (answer->scode == 405)
		err |= mbuf_printf(mb, "Allow: GET\r\n");

	if (answer->retry_after)
		err |= mbuf_printf(mb, "Retry-After: %u\r\n",
				   answer->retry_after);

	if (str_isset(answer->warning))
		err |= mbuf_printf(mb, "Warning: 399 provnotify \"%s\"\r\n",
				   answer->warning);

	return err;
}


static int print_body(struct mbuf *mb, const struct request *req,
		      const struct answer *answer)
{
	if (answer->scode == 200 && readout_wanted(req->chain))
		return mbuf_printf(mb, "%H", readout_print, req->chain);

	return mbuf_printf(mb, "%s%s%s\n", answer->reason,
			   answer->warning[0] ? ": " : "", answer->warning);
}


/**
 * Print the answer to a GET (RFC 9112)
 *
 * @param mb     Buffer to print to
 * @param req    Request
 * @param answer What to answer
 * @param last   True if the connection is closed after it
 *
 * @return 0 if success, otherwise errorcode
 */
int reply_print(struct mbuf *mb, const struct request *req,
		const struct answer *answer, bool last)
{
	struct mbuf *body;
	int err;

	if (!mb || !req || !answer)
		return EINVAL;

	body = mbuf_alloc(256);
	if (!body)
		return ENOMEM;

	err  = print_body(body, req, answer);
	err |= mbuf_printf(mb, "HTTP/1.1 %u %s\r\n", answer->scode,
			   answer->reason);
	err |= print_headers(mb, answer);
	err |= mbuf_printf(mb,
			   "Content-Type: text/plain; charset=utf-8\r\n"
			   "Content-Length: %zu\r\n"
			   "Cache-Control: no-store\r\n"
			   "X-Content-Type-Options: nosniff\r\n"
			   "Connection: %s\r\n"
			   "\r\n"
			   "%b",
			   body->end, last ? "close" : "keep-alive",
			   body->buf, body->end);

	mem_deref(body);

	return err;
}
