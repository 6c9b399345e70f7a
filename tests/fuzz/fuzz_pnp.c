/**
 * @file fuzz_pnp.c  The NOTIFY of a PnP server: is there a URL, and may it be
 *                   used?
 *
 * Built by "make fuzz":
 * clang -fsanitize=fuzzer,address,undefined fuzz_pnp.c ...
 * links: doors/message.c provision/offer.c provision/url.c vendor.c
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "provision/provision.h"
#include "doors/message.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* From the Content-Type on it is the server's */
static struct sip_msg *message(const uint8_t *data, size_t size)
{
	struct mbuf *mb = mbuf_alloc(size + 256);
	struct sip_msg *msg = NULL;
	int err;

	if (!mb)
		return NULL;

	err  = mbuf_write_str(mb,
		"NOTIFY sip:192.0.2.9 SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
		"To: <sip:224.0.1.75>\r\n"
		"From: <sip:224.0.1.75>;tag=1\r\n"
		"Event: ua-profile\r\n"
		"Content-Type: ");
	err |= mbuf_write_mem(mb, data, size);

	mb->pos = 0;

	if (!err)
		(void)sip_msg_decode(&msg, mb);

	mem_deref(mb);

	return msg;
}


/* It is fetched: from elsewhere, and it stays one line */
static void must_be_url(const struct pl *pl)
{
	static const char *schemev[] = {"https:", "http:", "tftp:", "ftp:"};
	bool known = false;
	size_t i;

	for (i=0; i<pl->l; i++) {

		if (!isgraph((unsigned char)pl->p[i]))
			abort();
	}

	for (i=0; i<RE_ARRAY_SIZE(schemev); i++)
		known |= pl->l > strlen(schemev[i]) &&
			!strncasecmp(pl->p, schemev[i], strlen(schemev[i]));

	if (!known || pl->l > 1024)
		abort();
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sip_msg *msg = message(data, size);
	uint32_t breaches = 0;
	struct sa from;
	struct pl body;

	if (!msg)
		return 0;

	(void)sa_set_str(&from, "192.0.2.1", 5060);

	message_body(&body, &breaches, msg);

	if (message_has_url(msg, &body) && !provision_fault(&body, &from))
		must_be_url(&body);

	mem_deref(msg);

	return 0;
}
