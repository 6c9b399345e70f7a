/**
 * @file sip_peer.c  A SIP stack on loopback, and a peer that talks to it
 */
#include <string.h>
#include <re.h>
#include "patience.h"
#include "sip_peer.h"


static void recv_handler(const struct sa *src, struct mbuf *mb, void *arg)
{
	struct sip_peer *sp = arg;
	struct pl pl;
	(void)src;

	pl_set_mbuf(&pl, mb);
	(void)pl_strcpy(&pl, sp->answer, sizeof(sp->answer));
	++sp->answers;

	re_cancel();
}


static void late_handler(void *arg)
{
	bool *late = arg;

	*late = true;
	re_cancel();
}


/**
 * Open a stack and a peer on free ports of 127.0.0.1
 *
 * @param sp Stack and peer
 *
 * @return 0 if success, otherwise errorcode
 */
int sip_peer_open(struct sip_peer *sp)
{
	struct sa sa;
	int err;

	memset(sp, 0, sizeof(*sp));

	err  = sa_set_str(&sa, "127.0.0.1", 0);
	err |= sip_alloc(&sp->sip, NULL, 32, 32, 32, "stack", NULL, NULL);
	if (err)
		return err;

	err  = sip_transp_add(sp->sip, SIP_TRANSP_UDP, &sa);
	err |= sip_transp_laddr(sp->sip, &sp->laddr, SIP_TRANSP_UDP, NULL);
	err |= udp_listen(&sp->us, &sa, recv_handler, sp);
	if (err)
		return err;

	return udp_local_get(sp->us, &sp->peer);
}


/**
 * Close both
 *
 * @param sp Stack and peer
 */
void sip_peer_close(struct sip_peer *sp)
{
	sp->us = mem_deref(sp->us);
	sip_close(sp->sip, true);
	sp->sip = mem_deref(sp->sip);
}


/**
 * Let the peer send a packet
 *
 * @param sp  Stack and peer
 * @param fmt Formatted packet
 */
void sip_peer_send(struct sip_peer *sp, const char *fmt, ...)
{
	struct mbuf *mb = mbuf_alloc(4096);
	va_list ap;

	va_start(ap, fmt);
	(void)mbuf_vprintf(mb, fmt, ap);
	va_end(ap);

	mb->pos = 0;
	(void)udp_send(sp->us, &sp->laddr, mb);

	mem_deref(mb);
}


/**
 * Run the main loop till the peer has got so many packets
 *
 * @param sp Stack and peer
 * @param n  Number of packets since the stack was opened
 *
 * @return True if it has, false if nothing came for long
 */
bool sip_peer_wait(struct sip_peer *sp, unsigned n)
{
	struct tmr tmr;
	bool late = false;

	tmr_init(&tmr);
	tmr_start(&tmr, patience_ms(), late_handler, &late);

	while (sp->answers < n && !late)
		(void)re_main(NULL);

	tmr_cancel(&tmr);

	return sp->answers >= n;
}


/**
 * A SIP message as if it had come by UDP from 192.0.2.1:5060
 *
 * @param fmt Formatted message
 *
 * @return Message, NULL if libre would drop it
 */
struct sip_msg *sip_peer_msg(const char *fmt, ...)
{
	struct mbuf *mb = mbuf_alloc(4096);
	struct sip_msg *msg = NULL;
	va_list ap;

	va_start(ap, fmt);
	(void)mbuf_vprintf(mb, fmt, ap);
	va_end(ap);

	mb->pos = 0;

	if (!sip_msg_decode(&msg, mb)) {
		msg->tp = SIP_TRANSP_UDP;
		(void)sa_set_str(&msg->src, "192.0.2.1", 5060);
		(void)sa_set_str(&msg->dst, "192.0.2.9", 5060);
	}

	mem_deref(mb);

	return msg;
}
