/**
 * @file ring.c  What was answered lately, for retransmissions
 *
 * Every answer is stateless: libre's server transactions would cost 4.6 kB
 * for 32 s each, and answer 482 to a sender that uses a Call-ID and CSeq
 * again, as real ones do. Only the branch tells two requests apart, so a
 * keyed hash of branch, sent-by and source is all that is kept of a request:
 * SipHash, made for tables that foreign bytes go into. It is computed for each
 * NOTIFY of a flood, where HMAC-SHA256 was the largest part of the work.
 */
#include <string.h>
#include <openssl/evp.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "state/state.h"
#include "doors/ring.h"


enum {
	RING_SIZE = 256,
	BINS      = 1024,
	KEY_LEN   = 16,             /**< Of SipHash [bytes]                 */
	RING_MS   = 32 * 1000,      /**< Timer J, RFC 3261 17.2.2 [ms]      */
};

static struct {
	EVP_MAC_CTX *mac;
	uint64_t tokenv[RING_SIZE];     /**< 0 = free                       */
	uint64_t whenv[RING_SIZE];      /**< [ms]                           */
	struct answer answerv[RING_SIZE];
	uint16_t binv[BINS];            /**< How many tokens, by their end  */
	size_t next;
	struct mbuf *mb;                /**< What a token is made of        */
} ring;


/**
 * Start with an empty ring
 *
 * @return 0 if success, otherwise errorcode
 */
int ring_init(void)
{
	EVP_MAC *siphash;

	memset(&ring, 0, sizeof(ring));

	siphash = EVP_MAC_fetch(NULL, "SIPHASH", NULL);
	if (!siphash) {
		warning("provnotify: this OpenSSL offers no SipHash: activate"
			" its default provider in openssl.cnf\n");
		return ENOTSUP;
	}

	ring.mac = EVP_MAC_CTX_new(siphash);
	EVP_MAC_free(siphash);

	ring.mb = mbuf_alloc(256);

	if (!ring.mac || !ring.mb) {
		ring_close();
		return ENOMEM;
	}

	return 0;
}


/**
 * Empty the ring
 */
void ring_close(void)
{
	EVP_MAC_CTX_free(ring.mac);
	ring.mac = NULL;
	ring.mb = mem_deref(ring.mb);
}


/**
 * The token of a request: the same for a retransmission, unknown to others
 *
 * @param msg SIP request
 *
 * @return Token, never 0
 */
uint64_t ring_token(const struct sip_msg *msg)
{
	const struct pl *partv[] = {&msg->via.branch, &msg->via.sentby};
	struct mbuf *mb = ring.mb;
	uint64_t token = 0;
	uint8_t md[16];
	size_t i, len;
	int err;

	mbuf_rewind(mb);

	/* Family, port and address */
	err = mbuf_write_mem(mb, (const void *)&msg->src.u,
			     sa_af(&msg->src) == AF_INET ? 8 : 28);

	for (i=0; i<RE_ARRAY_SIZE(partv); i++) {
		err |= mbuf_write_u8(mb, 0);
		err |= mbuf_write_pl(mb, partv[i]);
	}

	if (!err &&
	    EVP_MAC_init(ring.mac, state_secret(), KEY_LEN, NULL) &&
	    EVP_MAC_update(ring.mac, mb->buf, mb->end) &&
	    EVP_MAC_final(ring.mac, md, &len, sizeof(md)))
		memcpy(&token, md, sizeof(token));

	return token ? token : msg->tag | 1;
}


/**
 * What a request was answered before
 *
 * @param token Token of the request
 *
 * @return Answer, NULL if it is no retransmission
 */
const struct answer *ring_find(uint64_t token)
{
	size_t i;

	/* As for nearly every request */
	if (!ring.binv[token % BINS])
		return NULL;

	for (i=0; i<RING_SIZE; i++) {

		if (ring.tokenv[i] == token &&
		    clock_ms() - ring.whenv[i] < RING_MS)
			return &ring.answerv[i];
	}

	return NULL;
}


/**
 * Remember an answer; the oldest one goes
 *
 * @param token  Token of the request
 * @param answer What it was answered
 */
void ring_add(uint64_t token, const struct answer *answer)
{
	const size_t i = ring.next;

	if (!token || !answer)
		return;

	if (ring.tokenv[i])
		--ring.binv[ring.tokenv[i] % BINS];

	++ring.binv[token % BINS];

	ring.tokenv[i] = token;
	ring.whenv[i] = clock_ms();
	ring.answerv[i] = *answer;
	ring.next = (i + 1) % RING_SIZE;
}
