/**
 * @file grammar.c  What may stand in a SIP message, checked once and early
 *
 * Narrower than RFC 3261 25.1 where it allows what baresip's address line
 * takes for its own: no escapes, and in a user none of ; , ? / and no blanks.
 */
#include <string.h>
#include <re.h>
#include "grammar.h"


#define ALPHA "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"
#define MARK  "-_.!~*'()"


static bool consists_of(const struct pl *pl, const char *set, size_t max)
{
	size_t i;

	if (!pl_isset(pl) || pl->l > max)
		return false;

	for (i=0; i<pl->l; i++) {
		if (!pl->p[i] || !strchr(set, pl->p[i]))
			return false;
	}

	return true;
}


/* One label of a hostname: RFC 3261 25.1, domainlabel */
static bool is_label(const char *p, size_t len)
{
	const struct pl label = {p, len};

	return consists_of(&label, ALPHA DIGIT "-", 63) && p[0] != '-' &&
		p[len-1] != '-';
}


static bool is_hostname(const struct pl *pl)
{
	const char *p = pl->p, *end = pl->p + pl->l;
	const char *label = p;

	if (pl->l > 1 && end[-1] == '.')
		--end;

	for (; p <= end; p++) {

		if (p < end && *p != '.')
			continue;

		if (!is_label(label, p - label))
			return false;

		if (p == end)
			return strchr(ALPHA, *label) != NULL;

		label = p + 1;
	}

	return false;
}


/**
 * Is it a host: a name, an IPv4 address, an IPv6 address in brackets?
 *
 * @param pl Text
 *
 * @return true if it matches RFC 3261 25.1, host
 */
bool grammar_host(const struct pl *pl)
{
	struct pl inner;
	struct sa sa;

	if (!pl_isset(pl) || pl->l > GRAMMAR_HOST_MAX)
		return false;

	if (pl->p[0] == '[') {
		inner.p = pl->p + 1;
		inner.l = pl->l - 2;

		return pl->l > 2 && pl->p[pl->l-1] == ']' &&
			consists_of(&inner, DIGIT "abcdefABCDEF:", 39) &&
			!sa_set(&sa, &inner, 0) && sa_af(&sa) == AF_INET6;
	}

	if (consists_of(pl, DIGIT ".", 15))
		return !sa_set(&sa, pl, 0);

	return is_hostname(pl);
}


/**
 * Is it the user part of a SIP URI?
 *
 * @param pl Text
 *
 * @return true if it matches RFC 3261 25.1, user, without escapes and without
 *         what separates
 */
bool grammar_user(const struct pl *pl)
{
	return consists_of(pl, ALPHA DIGIT MARK "+&=$", GRAMMAR_USER_MAX);
}


/**
 * Is it a port?
 *
 * @param pl   Text
 * @param port The port, if it is one
 *
 * @return true if it is, from 1 to 65535
 */
bool grammar_port(const struct pl *pl, uint16_t *port)
{
	uint32_t n;

	if (!port || !consists_of(pl, DIGIT, 5))
		return false;

	n = pl_u32(pl);
	if (n < 1 || n > 65535)
		return false;

	*port = n;

	return true;
}


/**
 * Is it host[:port]?
 *
 * @param pl   Text
 * @param host The host
 * @param port The port, 0 if there is none
 *
 * @return true if it matches RFC 3261 25.1, hostport
 */
bool grammar_hostport(const struct pl *pl, struct pl *host, uint16_t *port)
{
	struct pl rest;
	size_t i;

	if (!pl_isset(pl) || !host || !port)
		return false;

	for (i=0; i<pl->l; i++) {
		if (pl->p[i] == (pl->p[0] == '[' ? ']' : ':'))
			break;
	}

	if (pl->p[0] == '[' && i < pl->l)
		++i;

	host->p = pl->p;
	host->l = i;
	rest.p  = pl->p + i;
	rest.l  = pl->l - i;
	*port   = 0;

	if (rest.l) {
		if (rest.p[0] != ':')
			return false;

		pl_advance(&rest, 1);

		if (!grammar_port(&rest, port))
			return false;
	}

	return grammar_host(host);
}


/**
 * Is it a number that can be dialled: [sip:|sips:]USER[@HOST[:PORT]]?
 *
 * @param pl Text
 *
 * @return true if it is
 */
bool grammar_number(const struct pl *pl)
{
	struct pl user, host, rest;
	const char *at;
	uint16_t port;

	if (!pl_isset(pl))
		return false;

	rest = *pl;

	if (rest.l > 4 && !strncasecmp(rest.p, "sip:", 4))
		pl_advance(&rest, 4);
	else if (rest.l > 5 && !strncasecmp(rest.p, "sips:", 5))
		pl_advance(&rest, 5);

	user = rest;
	at = pl_strchr(&rest, '@');

	if (at) {
		user.l = at - rest.p;
		pl_advance(&rest, user.l + 1);

		if (!grammar_hostport(&rest, &host, &port))
			return false;
	}

	return consists_of(&user, ALPHA DIGIT "+*#._~-", GRAMMAR_NUMBER_MAX);
}


static bool is_printable(const struct pl *pl, const char *but, size_t max)
{
	size_t i;

	if (!pl_isset(pl) || pl->l > max)
		return false;

	for (i=0; i<pl->l; i++) {

		const uint8_t c = pl->p[i];

		if (c < 0x20 || c == 0x7f || strchr(but, c))
			return false;
	}

	return true;
}


/**
 * May it stand in a quoted string (RFC 3261 25.1) as it is?
 *
 * @param pl Text, UTF-8
 *
 * @return true if it has neither control characters nor " nor \
 */
bool grammar_text(const struct pl *pl)
{
	return is_printable(pl, "\"\\", GRAMMAR_TEXT_MAX);
}


/**
 * May it be a password? It is hashed and never sent.
 *
 * @param pl Text, UTF-8
 *
 * @return true if it has no control characters
 */
bool grammar_secret(const struct pl *pl)
{
	return is_printable(pl, "", GRAMMAR_TEXT_MAX);
}


/**
 * Is it one plain word, such as the name of a module?
 *
 * @param pl Text
 *
 * @return true if it is
 */
bool grammar_word(const struct pl *pl)
{
	return consists_of(pl, ALPHA DIGIT "-_.", 32);
}


/**
 * Is it the URI of an outbound proxy: sip:HOST[:PORT], then parameters of
 * plain words?
 *
 * @param pl Text
 *
 * @return true if it is
 */
bool grammar_proxy_uri(const struct pl *pl)
{
	struct pl rest, hostport, host, params;
	uint16_t port;

	if (!pl_isset(pl) || pl->l > GRAMMAR_URI_MAX)
		return false;

	if (re_regex(pl->p, pl->l, "sip:[^;]+[^]*", &hostport, &params) ||
	    hostport.p != pl->p + 4 ||
	    !grammar_hostport(&hostport, &host, &port))
		return false;

	for (rest = params; rest.l; rest = params) {

		struct pl name, eq, val;

		if (re_regex(rest.p, rest.l, ";[^;=]+[=]*[^;]*[^]*",
			     &name, &eq, &val, &params) ||
		    name.p != rest.p + 1 || eq.l > 1 || eq.l != !!val.l ||
		    !grammar_word(&name) || (val.l && !grammar_word(&val)))
			return false;
	}

	return true;
}


/**
 * The UTF-8 character that a text begins with, RFC 3629 4
 *
 * @param p   Text
 * @param len Its length [bytes], at least 1
 *
 * @return Length of the character [bytes], 0 if there is none
 */
size_t grammar_utf8(const uint8_t *p, size_t len)
{
	static const struct {
		uint8_t first, last;    /* Range of the first byte  */
		uint8_t low, high;      /* Range of the second byte */
		size_t len;
	} v[] = {
		{0x00, 0x7f, 0x00, 0xff, 1},
		{0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	size_t i, j;

	for (i=0; i<sizeof(v)/sizeof(v[0]); i++) {

		if (p[0] < v[i].first || p[0] > v[i].last)
			continue;

		if (v[i].len > len)
			return 0;

		if (v[i].len > 1 && (p[1] < v[i].low || p[1] > v[i].high))
			return 0;

		for (j=2; j<v[i].len; j++) {
			if ((p[j] & 0xc0) != 0x80)
				return 0;
		}

		return v[i].len;
	}

	return 0;
}
