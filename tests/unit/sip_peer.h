/**
 * @file sip_peer.h  A SIP stack on loopback, and a peer that talks to it
 */

/** A stack and its peer, each with a UDP socket of its own */
struct sip_peer {
	struct sip *sip;
	struct sa laddr;        /**< Of the stack                           */
	struct sa peer;         /**< Of the peer                            */
	struct udp_sock *us;    /**< The peer's socket                      */
	char answer[4096];      /**< What the peer got last, and a NUL      */
	unsigned answers;       /**< How many packets it got                */
};

int  sip_peer_open(struct sip_peer *sp);
void sip_peer_close(struct sip_peer *sp);
void sip_peer_send(struct sip_peer *sp, const char *fmt, ...);
bool sip_peer_wait(struct sip_peer *sp, unsigned n);
struct sip_msg *sip_peer_msg(const char *fmt, ...);
