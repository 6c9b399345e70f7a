/**
 * @file ring.h  What was answered lately, for retransmissions
 */

int  ring_init(void);
void ring_close(void);
uint64_t ring_token(const struct sip_msg *msg);
const struct answer *ring_find(uint64_t token);
void ring_add(uint64_t token, const struct answer *answer);
