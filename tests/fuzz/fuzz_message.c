/**
 * @file fuzz_message.c  A whole SIP message, as libre and the door read it
 *
 * What libre takes is asked everything that the door for NOTIFY asks of it.
 *
 * links: doors/message.c doors/ring.c phone/event.c phone/number.c grammar.c
 * links: request.c fake_clock.c fake_uag.c stub_baresip.c
 */
#include <stdlib.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "state/state.h"
#include "phone/phone.h"
#include "doors/message.h"
#include "doors/ring.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void must(bool ok)
{
	if (!ok)
		abort();
}


struct ua *accounts_nth(unsigned n)
{
	(void)n;

	return NULL;
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "1-1", size);
}


const uint8_t *state_secret(void)
{
	static const uint8_t secret[STATE_SECRET_LEN];

	return secret;
}


/* A part of the message, with nothing of the blanks around it */
static void must_lie_in(const struct pl *part, const struct mbuf *mb)
{
	const char *start = (const char *)mb->buf;

	if (!part->l)
		return;

	must(part->p >= start && part->p + part->l <= start + mb->end);
	must(!strchr(" \t\r\n", part->p[0]) || !part->p[0]);
}


static void event_check(const struct sip_msg *msg)
{
	const struct event *event;
	struct pl name, params;

	if (message_event(&name, &params, msg))
		return;

	must_lie_in(&name, msg->mb);
	must_lie_in(&params, msg->mb);
	must(!params.l || params.p[0] == ';');

	event = event_find(&name);
	if (event)
		(void)event_reboot(event, &params);
}


static void body_check(const struct sip_msg *msg)
{
	uint32_t breaches = 0;
	struct pl body;

	message_body(&body, &breaches, msg);
	must_lie_in(&body, msg->mb);
	must(!(breaches & ~(uint32_t)(BREACH_BODY_LONG | BREACH_BODY_SHORT)));

	(void)message_has_url(msg, &body);
}


static void message_check(const struct sip_msg *msg)
{
	const uint32_t breaches = message_breaches(msg);
	const uint64_t token = ring_token(msg);
	struct source src;
	uint32_t bit;

	for (bit = 1; bit && bit <= breaches; bit <<= 1)
		must(!(breaches & bit) || breach_text(bit)[0] != '?');

	/* A retransmission is known by it */
	must(token && token == ring_token(msg));

	event_check(msg);
	body_check(msg);
	message_source(&src, msg);
	(void)message_is_broadcast(msg);
	(void)message_via_is_copied(msg);
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mbuf *mb = mbuf_alloc(size + 1);
	struct sip_msg *msg = NULL;

	must(mb && !mbuf_write_mem(mb, data, size) && !ring_init());
	mb->pos = 0;

	if (!sip_msg_decode(&msg, mb) && msg->req) {
		(void)sa_set_str(&msg->src, "192.0.2.1", 5060);
		(void)sa_set_str(&msg->dst, "192.0.2.9", 5060);
		message_check(msg);
	}

	mem_deref(msg);
	mem_deref(mb);
	ring_close();

	return 0;
}
