/**
 * @file sender.h  A sender that answers a digest challenge, for tests
 */

/** What a sender puts into its Authorization */
struct sender {
	const char *method;     /**< NULL = NOTIFY                          */
	const char *user;
	const char *pass;
	const char *realm;
	const char *uri;
	const char *qop;        /**< NULL = none                            */
	const char *nc;
	const char *cnonce;
	const char *algorithm;  /**< NULL = none                            */
	bool sha256;            /**< What it really hashes with             */
	bool upper;             /**< Capital hex digits                     */
	size_t cut;             /**< Leaves this many digits, 0 = all       */
};

char *sender_answer(const struct sender *s, const char *nonce);
char *sender_challenged(const char *challenge, bool stale);
