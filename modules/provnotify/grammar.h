/**
 * @file grammar.h  What may stand in a SIP message, checked once and early
 */

enum {
	GRAMMAR_HOST_MAX   = 255,   /**< RFC 1035 3.1                       */
	GRAMMAR_USER_MAX   = 128,
	GRAMMAR_NUMBER_MAX = 64,    /**< User of a number that is dialled   */
	GRAMMAR_TEXT_MAX   = 128,   /**< Names and credentials              */
	GRAMMAR_URI_MAX    = 512,
};

bool grammar_host(const struct pl *pl);
bool grammar_user(const struct pl *pl);
bool grammar_port(const struct pl *pl, uint16_t *port);
bool grammar_hostport(const struct pl *pl, struct pl *host, uint16_t *port);
bool grammar_number(const struct pl *pl);
bool grammar_text(const struct pl *pl);
bool grammar_secret(const struct pl *pl);
bool grammar_word(const struct pl *pl);
bool grammar_proxy_uri(const struct pl *pl);
size_t grammar_utf8(const uint8_t *p, size_t len);
