/**
 * @file native.c  baresip's own `accounts` file
 *
 * One account a line: "Name" <sip:user@domain:port;transport=tcp>;param=value
 * as baresip's account module reads it. Of the parameters only those are taken
 * that cannot load modules, open files or listen to the room.
 */
#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <re.h>
#include "grammar.h"
#include "profile/profile.h"
#include "formats/formats.h"
#include "formats/decode.h"


static const char not_provisioned[] = "not taken from a server";


static int set_proxy_uri(struct decoder *dec, const struct format_row *row,
			 void *field, const struct pl *val)
{
	(void)row;

	if (pl_isset(val) && !grammar_proxy_uri(val))
		return decode_refuse(dec, "sip:host[:port][;transport=tcp] "
				     "is accepted");

	return set_string(field, val);
}


static int set_module(struct decoder *dec, const struct format_row *row,
		      void *field, const struct pl *val)
{
	(void)row;

	if (pl_isset(val) && !grammar_word(val))
		return decode_refuse(dec, "one word is accepted");

	return set_string(field, val);
}


/* name[/rate[/channels]],... */
static int set_codecs(struct decoder *dec, const struct format_row *row,
		      void *field, const struct pl *val)
{
	size_t i;
	(void)row;

	for (i=0; i<val->l; i++) {
		if (!isalnum((uint8_t)val->p[i]) &&
		    !strchr("-_./,", val->p[i]))
			return decode_refuse(dec, "name/rate/channels,... "
					     "is accepted, without blanks");
	}

	if (val->l > 200)
		return decode_refuse(dec, "more than 200 bytes");

	return set_string(field, val);
}


static const struct format_word answerv[] = {
	{"",       ANSWER_UNSET},
	{"manual", ANSWER_MANUAL},
	{"early",  ANSWER_EARLY},
	{"auto",   ANSWER_AUTO},
	{NULL, 0}
};

static const struct format_word mwiv[] = {
	{"",    -1},
	{"yes", 1},
	{"no",  0},
	{NULL, 0}
};

static const struct format_word transpv[] = {
	{"",    TRANSPORT_UNSET},
	{"udp", TRANSPORT_UDP},
	{"tcp", TRANSPORT_TCP},
	{"tls", TRANSPORT_TLS},
	{NULL, 0}
};

#define FIELD(name) offsetof(struct profile_account, name)
#define REFUSED(key) {key, SCOPE_ACCOUNT, NULL, 0, not_provisioned, NULL}

static const struct format_row rowv[] = {
	REFUSED("100rel"),
	REFUSED("answerdelay"),
	{"answermode", SCOPE_ACCOUNT, set_word, FIELD(answer),
		"manual, early or auto", answerv},
	{"audio_codecs", SCOPE_ACCOUNT, set_codecs, FIELD(codecs),
		"codecs in the order offered", NULL},
	REFUSED("audio_player"),
	REFUSED("audio_source"),
	REFUSED("autelev_pt"),
	{"auth_pass", SCOPE_ACCOUNT, set_secret, FIELD(secret),
		"password", NULL},
	{"auth_user", SCOPE_ACCOUNT, set_text, FIELD(auth_user),
		"user name for authentication", NULL},
	REFUSED("call_transfer"),
	REFUSED("catchall"),
	REFUSED("cert"),
	REFUSED("check_origin"),
	REFUSED("dtmfmode"),
	REFUSED("extra"),
	REFUSED("fbregint"),
	REFUSED("inreq_allowed"),
	{"mediaenc", SCOPE_ACCOUNT, set_module, FIELD(mediaenc),
		"media encryption", NULL},
	{"medianat", SCOPE_ACCOUNT, set_module, FIELD(medianat),
		"media NAT traversal", NULL},
	{"mwi", SCOPE_ACCOUNT, set_word, FIELD(mwi),
		"whether to subscribe to the voice mail", mwiv},
	REFUSED("natpinhole"),
	{"outbound", SCOPE_ACCOUNT, set_proxy_uri, FIELD(outbound),
		"outbound proxy", NULL},
	REFUSED("outbound1"),
	REFUSED("outbound2"),
	REFUSED("prio"),
	{"ptime", SCOPE_ACCOUNT, set_ptime, FIELD(ptime),
		"packet length in ms", NULL},
	REFUSED("pubint"),
	{"regint", SCOPE_ACCOUNT, set_seconds, FIELD(expires),
		"seconds a registration lasts, 0 = no REGISTER", NULL},
	REFUSED("regq"),
	REFUSED("rtcp_mux"),
	REFUSED("rwait"),
	REFUSED("sip_autoanswer"),
	REFUSED("sip_autoanswer_beep"),
	REFUSED("sipnat"),
	REFUSED("stunpass"),
	REFUSED("stunserver"),
	REFUSED("stunuser"),
	REFUSED("tcpsrcport"),
	{"transport", SCOPE_ACCOUNT, set_word, FIELD(transport),
		"udp, tcp or tls", transpv},
	REFUSED("uas_pass"),
	REFUSED("uas_user"),
	REFUSED("video_codecs"),
	REFUSED("video_display"),
	REFUSED("video_source"),
};

/** What is understood of baresip's own parameters */
const struct format_table native_table = {
	"native", NULL, {rowv, sizeof(rowv) / sizeof(rowv[0])}, NULL, 1, NULL
};


/* One ;name or ;name=value or ;name="value" off the front */
static int param_next(struct pl *rest, struct pl *name, struct pl *val)
{
	struct pl eq, quoted, tail;

	if (re_regex(rest->p, rest->l, "[ \t]*;[ \t]*[^ \t;=\"]+[ \t]*[=]*"
		     "[ \t]*[^]*", NULL, NULL, name, NULL, &eq, NULL, &tail)
	    || eq.l > 1 || !strchr("; \t", rest->p[0]))
		return EBADMSG;

	*val = pl_null;

	if (eq.l && tail.l && tail.p[0] == '"') {

		if (re_regex(tail.p, tail.l, "\"[^\"]*\"[^]*", &quoted, rest)
		    || quoted.p != tail.p + 1)
			return EBADMSG;

		*val = quoted;
	}
	else {
		val->p = tail.p;
		while (val->l < tail.l && !strchr("; \t\"",
						  tail.p[val->l]))
			++val->l;

		*rest = tail;
		pl_advance(rest, val->l);

		if ((eq.l != 0) != (val->l != 0))
			return EBADMSG;
	}

	text_trim(rest);

	return rest->l && rest->p[0] != ';' ? EBADMSG : 0;
}


static int params_decode(struct decoder *dec, struct pl rest, bool uri)
{
	struct pl name, val, key;
	char buf[32];
	int err = 0;

	text_trim(&rest);

	while (rest.l && !err) {

		size_t i;

		if (param_next(&rest, &name, &val))
			return text_refuse(dec->error, dec->lineno,
					   "parameters: ;name=value is "
					   "accepted");

		key = name;
		if (name.l < sizeof(buf)) {
			for (i=0; i<name.l; i++)
				buf[i] = tolower((uint8_t)name.p[i]);
			key.p = buf;
		}

		if (uri && pl_strcmp(&key, "transport"))
			err = profile_note(dec->prof, dec->lineno, false,
					   &key, "of the URI only the "
					   "transport is taken");
		else
			err = decode_key(dec, &key, &val);
	}

	return err;
}


/* The address: who it is, checked part by part */
static int address_decode(struct decoder *dec, const struct sip_addr *addr,
			  const struct pl *line)
{
	static const struct format_row row = {"", 0, NULL, 0, NULL, NULL};
	const struct uri *uri = &addr->uri;
	struct pl name = {line->p, 0}, hostport, host;
	struct profile_account *acc = dec->acc;
	int err = 0;

	if (pl_strcasecmp(&uri->scheme, "sip") ||
	    uri->scheme.p != addr->auri.p || pl_isset(&uri->path))
		return text_refuse(dec->error, dec->lineno,
				   "not an account: \"Name\" "
				   "<sip:user@domain>;param=value is "
				   "accepted");

	if (addr->auri.p > line->p && addr->auri.p[-1] == '<')
		name.l = addr->auri.p - 1 - line->p;
	text_trim(&name);

	if (name.l > 1 && name.p[0] == '"' && name.p[name.l-1] == '"') {
		pl_advance(&name, 1);
		--name.l;
	}

	pl_set_str(&dec->key, "display name");
	err = set_text(dec, &row, &acc->display, &name);
	if (err)
		return err;

	pl_set_str(&dec->key, "user");
	err = set_user(dec, &row, &acc->user, &uri->user);
	if (err)
		return err;

	if (uri->user.l && uri->user.p[uri->user.l] == ':') {
		pl_set_str(&dec->key, "(password in the URI)");
		err = profile_note(dec->prof, dec->lineno, true, &dec->key,
				   "auth_pass is what counts");
		if (err)
			return err;
	}

	hostport.p = uri->host.p;
	if (hostport.p > addr->auri.p && hostport.p[-1] == '[')
		--hostport.p;
	hostport.l = uri->path.p - hostport.p;

	if (!grammar_hostport(&hostport, &host, &acc->port))
		return text_refuse(dec->error, dec->lineno, "domain: not a "
				   "host with or without a port: a name, an "
				   "IPv4 address or [IPv6] is accepted");

	return set_string(&acc->domain, &host);
}


static int line_decode(struct decoder *dec, const struct pl *line,
		       unsigned n)
{
	struct sip_addr addr;
	int err;

	if (sip_addr_decode(&addr, line))
		return text_refuse(dec->error, dec->lineno,
				   "not an account: \"Name\" "
				   "<sip:user@domain>;param=value is "
				   "accepted");

	pl_set_str(&dec->key, "account");
	dec->acc = NULL;
	err = decode_account(dec, n, &dec->acc);
	if (err)
		return err;

	dec->acc->enabled = 1;

	err = address_decode(dec, &addr, line);
	if (err)
		return err;

	err = params_decode(dec, addr.uri.params, true);
	if (!err)
		err = params_decode(dec, addr.params, false);

	return err;
}


/**
 * Decode an `accounts` file of baresip's
 *
 * The accounts are counted on from those that the profile has.
 *
 * @param prof  Profile
 * @param text  The file, checked with text_check()
 * @param error Why it was refused
 *
 * @return 0 if success, EBADMSG if it is refused, otherwise errorcode
 */
int native_decode(struct profile *prof, const struct pl *text,
		  struct format_error *error)
{
	struct lines lines = {*text, 0};
	struct decoder dec;
	struct pl line;
	unsigned n = 0;
	int err = 0;

	memset(&dec, 0, sizeof(dec));
	dec.table = &native_table;
	dec.prof  = prof;
	dec.error = error;

	if (prof->accountl.tail)
		n = ((struct profile_account *)
		     prof->accountl.tail->data)->line;

	while (!err && text_line(&lines, &line)) {

		if (!line.l || line.p[0] == '#')
			continue;

		dec.lineno = lines.lineno;
		err = line_decode(&dec, &line, ++n);
	}

	return err;
}
