/**
 * @file set.c  Values of files into fields of the profile
 */
#include <string.h>
#include <re.h>
#include "grammar.h"
#include "profile/profile.h"
#include "formats/formats.h"
#include "formats/decode.h"


/**
 * Replace a string
 *
 * @param field String, owned
 * @param val   New value; not set: none
 *
 * @return 0 if success, otherwise errorcode
 */
int set_string(char **field, const struct pl *val)
{
	*field = mem_deref(*field);

	return pl_isset(val) ? pl_strdup(field, val) : 0;
}


/**
 * A name that is shown or sent in quotes: char *
 */
int set_text(struct decoder *dec, const struct format_row *row, void *field,
	     const struct pl *val)
{
	(void)row;

	if (pl_isset(val) && !grammar_text(val))
		return decode_refuse(dec, "no control characters, no \" and "
				     "no \\, at most %u bytes",
				     GRAMMAR_TEXT_MAX);

	return set_string(field, val);
}


/**
 * A password: char *
 */
int set_secret(struct decoder *dec, const struct format_row *row, void *field,
	       const struct pl *val)
{
	(void)row;

	if (pl_isset(val) && !grammar_secret(val))
		return decode_refuse(dec, "no control characters, "
				     "at most %u bytes", GRAMMAR_TEXT_MAX);

	return set_string(field, val);
}


/**
 * The user part of a SIP URI: char *
 */
int set_user(struct decoder *dec, const struct format_row *row, void *field,
	     const struct pl *val)
{
	(void)row;

	if (pl_isset(val) && !grammar_user(val))
		return decode_refuse(dec, "not the user of a SIP URI: letters,"
				     " digits and -_.!~*'()+&=$ are accepted");

	return set_string(field, val);
}


/**
 * A host: char *
 */
int set_host(struct decoder *dec, const struct format_row *row, void *field,
	     const struct pl *val)
{
	struct sa sa;
	(void)row;

	if (!pl_isset(val) || grammar_host(val))
		return set_string(field, val);

	if (!sa_set(&sa, val, 0) && sa_af(&sa) == AF_INET6) {

		char **host = field;

		mem_deref(*host);
		*host = NULL;

		return re_sdprintf(host, "[%r]", val);
	}

	return decode_refuse(dec, "not a host: a name, an IPv4 address or an "
			     "IPv6 address is accepted");
}


/**
 * A port: uint16_t, 0 = by default
 */
int set_port(struct decoder *dec, const struct format_row *row, void *field,
	     const struct pl *val)
{
	uint16_t *port = field;
	(void)row;

	*port = 0;

	if (!pl_isset(val) || !pl_strcmp(val, "0"))
		return 0;

	if (!grammar_port(val, port))
		return decode_refuse(dec, "not a port: 1 to 65535 is "
				     "accepted");

	return 0;
}


/**
 * Whether or not: int, -1 = not said
 */
int set_bool(struct decoder *dec, const struct format_row *row, void *field,
	     const struct pl *val)
{
	int *on = field;
	(void)row;

	*on = -1;

	if (!pl_isset(val))
		return 0;

	if (pl_strcmp(val, "0") && pl_strcmp(val, "1"))
		return decode_refuse(dec, "0 or 1 is accepted");

	*on = val->p[0] == '1';

	return 0;
}


static int words_print(struct re_printf *pf, const struct format_word *word)
{
	int err = 0;

	for (; word->word; word++) {
		if (word->word[0])
			err |= re_hprintf(pf, " %s", word->word);
	}

	return err;
}


/**
 * One of the row's words, or any other: int or enum. Another has no use here.
 * Where there is no value it is what the row says for the empty word.
 */
int set_choice(struct decoder *dec, const struct format_row *row,
	       void *field, const struct pl *val)
{
	const struct format_word *word;
	int *value = field;

	for (word = row->wordv; word->word; word++) {

		if (pl_isset(val) ? !pl_strcasecmp(val, word->word)
		    : !word->word[0]) {
			*value = word->value;
			return 0;
		}
	}

	dec->why = "its value is not known here";

	return ENOTSUP;
}


/**
 * One of the row's words and no other: int or enum
 */
int set_word(struct decoder *dec, const struct format_row *row, void *field,
	     const struct pl *val)
{
	return set_choice(dec, row, field, val)
		? decode_refuse(dec, "accepted is one of:%H", words_print,
				row->wordv) : 0;
}


/**
 * How DTMF is sent: enum profile_dtmf
 */
int set_dtmf(struct decoder *dec, const struct format_row *row, void *field,
	     const struct pl *val)
{
	const enum profile_dtmf *dtmf = field;
	int err;

	err = set_choice(dec, row, field, val);
	if (err)
		return err;

	if (*dtmf == DTMF_INBAND)
		dec->why = "baresip sends it by RTP, not as sound";
#if PN_BARESIP < 10100
	else if (*dtmf == DTMF_INFO)
		dec->why = "SIP INFO needs baresip 1.1 or later; 1.0 sends it"
			" by RTP";
#endif
	else
		return 0;

	return ENOTSUP;
}


/**
 * Seconds or another count: int32_t, -1 = not said
 */
int set_seconds(struct decoder *dec, const struct format_row *row,
		void *field, const struct pl *val)
{
	int32_t *n = field;
	struct pl digits;
	(void)row;

	*n = -1;

	if (!pl_isset(val))
		return 0;

	if (val->l > 9 || re_regex(val->p, val->l, "[0-9]+", &digits) ||
	    digits.l != val->l)
		return decode_refuse(dec, "not a number: 0 to 999999999 is "
				     "accepted");

	*n = pl_u32(val);

	return 0;
}


/**
 * Length of a packet in milliseconds: uint32_t, 0 = by default
 */
int set_ptime(struct decoder *dec, const struct format_row *row, void *field,
	      const struct pl *val)
{
	uint32_t *ptime = field;
	int32_t n;
	int err;

	err = set_seconds(dec, row, &n, val);
	if (err)
		return err;

	if (n > 0 && (n < 5 || n > 120))
		return decode_refuse(dec, "5 to 120 ms are accepted");

	*ptime = n > 0 ? n : 0;

	return 0;
}


/**
 * A number that can be dialled: char *. Any other has no use here.
 */
int set_number(struct decoder *dec, const struct format_row *row, void *field,
	       const struct pl *val)
{
	(void)row;

	if (pl_isset(val) && !grammar_number(val)) {
		dec->why = "its value is not a number that can be dialled";
		return ENOTSUP;
	}

	return set_string(field, val);
}


/**
 * Any value, which is checked when it is known what it is for: char *
 */
int set_value(struct decoder *dec, const struct format_row *row, void *field,
	      const struct pl *val)
{
	(void)dec;
	(void)row;

	return pl_isset(val) && !grammar_secret(val) ? ENOTSUP
		: set_string(field, val);
}


/**
 * URL of a server that configurations come from: char *. A bare host name is
 * a TFTP server, as where DHCP names one (RFC 2132 9.4).
 */
int set_url(struct decoder *dec, const struct format_row *row, void *field,
	    const struct pl *val)
{
	static const char *schemev[] = {
		"https://", "http://", "tftp://", "ftp://"
	};
	const bool bare = pl_isset(val) && !memmem(val->p, val->l, "://", 3);
	bool ok = bare || !pl_isset(val);
	char **str = field;
	size_t i;
	(void)row;

	for (i=0; i<val->l; i++) {
		if (val->p[i] <= 0x20 || val->p[i] >= 0x7f)
			return decode_refuse(dec, "not a URL: printable ASCII"
					     " without blanks is accepted");
	}

	for (i=0; i<sizeof(schemev)/sizeof(schemev[0]); i++) {

		const size_t n = strlen(schemev[i]);

		ok |= val->l > n && !strncasecmp(val->p, schemev[i], n);
	}

	if (!ok || val->l > GRAMMAR_URI_MAX) {
		dec->why = "only https, http, tftp and ftp are used";
		return ENOTSUP;
	}

	if (!bare)
		return set_string(field, val);

	*str = mem_deref(*str);

	return re_sdprintf(str, "tftp://%r", val);
}


/**
 * Who may control the phone: a list of addresses, networks and names: char *
 */
int set_addrlist(struct decoder *dec, const struct format_row *row,
		 void *field, const struct pl *val)
{
	struct pl list;
	(void)row;

	if (pl_isset(val) &&
	    (val->l > 1024 ||
	     re_regex(val->p, val->l, "[-a-z0-9.:*/_, \t]+", &list) ||
	     list.l != val->l))
		return decode_refuse(dec, "not a list of addresses: "
				     "192.0.2.1, 192.0.2.0/24, 192.0.2.*, "
				     "any are accepted");

	return set_string(field, val);
}
