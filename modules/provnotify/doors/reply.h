/**
 * @file reply.h  The answer to a GET, as text
 */

int reply_print(struct mbuf *mb, const struct request *req,
		const struct answer *answer, bool last);
