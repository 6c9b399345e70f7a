/**
 * @file line.c  What stands in a line of the journal
 *
 * Lines are printed field by field, each one with a comma before it, since
 * `time` comes first in all of them. What came from the network can hold any
 * bytes: it is made UTF-8 and cut to size here, and escaped by libre.
 */
#include <string.h>
#include <time.h>
#include <re.h>
#include "request.h"
#include "clock.h"
#include "grammar.h"
#include "journal/journal.h"
#include "journal/line.h"


enum {
	FIELD_MAX = 256,        /**< Longest text of a field [bytes]        */
};


/** What a field is to say */
struct text {
	char buf[FIELD_MAX + 1];
	size_t len;
	bool full;              /**< Something did not fit: no more is added */
};


/*
 * Length of the character at the start of a text, 0 = none that is valid here:
 * no NUL, which libre cannot escape, no DEL and none of the C1 controls, which
 * a terminal obeys
 */
static size_t char_len(const uint8_t *p, size_t l)
{
	const size_t len = grammar_utf8(p, l);

	if (!p[0] || p[0] == 0x7f || (len == 2 && p[0] == 0xc2 && p[1] < 0xa0))
		return 0;

	return len;
}


/* Add foreign text: whole characters, as many as fit, the rest cut */
static void text_add(struct text *text, const struct pl *pl)
{
	static const char bad[] = "\xef\xbf\xbd";
	size_t i = 0;

	while (i < pl->l && !text->full) {
		const size_t len = char_len((const uint8_t *)&pl->p[i],
					    pl->l - i);
		const char *p = len ? &pl->p[i] : bad;
		const size_t n = len ? len : sizeof(bad) - 1;

		if (text->len + n > FIELD_MAX) {
			text->full = true;
			break;
		}

		memcpy(&text->buf[text->len], p, n);
		text->len += n;
		i += len ? len : 1;
	}

	text->buf[text->len] = '\0';
}


static int add_text(struct mbuf *mb, const char *key, const struct text *text)
{
	return mbuf_printf(mb, ",\"%s\":\"%H\"", key, utf8_encode, text->buf);
}


static int add_pl(struct mbuf *mb, const char *key, const struct pl *pl)
{
	struct text text = {.len = 0};

	if (!pl_isset(pl))
		return 0;

	text_add(&text, pl);

	return add_text(mb, key, &text);
}


static int add_str(struct mbuf *mb, const char *key, const char *str)
{
	struct pl pl;

	if (!str)
		return 0;

	pl_set_str(&pl, str);

	return add_pl(mb, key, &pl);
}


/* A URI without the password that its user part may carry */
static int add_uri(struct mbuf *mb, const char *key, const struct pl *uri)
{
	struct pl user, password, host;
	struct text text = {.len = 0};

	if (re_regex(uri->p, uri->l, "[^:]+:[^:@]+:[^@]*@[^]+", NULL, &user,
		     &password, &host))
		return add_pl(mb, key, uri);

	/* From the scheme to the user, then from the @ on */
	user.l += user.p - uri->p;
	user.p  = uri->p;

	--host.p;
	++host.l;

	text_add(&text, &user);
	text_add(&text, &host);

	return add_text(mb, key, &text);
}


/* A number that is 0 is not there */
static int add_num(struct mbuf *mb, const char *key, unsigned num)
{
	return num ? mbuf_printf(mb, ",\"%s\":%u", key, num) : 0;
}


static int add_source(struct mbuf *mb, const struct source *src, bool port)
{
	if (!src->proto || !sa_isset(&src->addr, SA_ADDR))
		return 0;

	return mbuf_printf(mb, port ? ",\"source\":\"%s:%J\""
				    : ",\"source\":\"%s:%j\"",
			   src->proto, &src->addr);
}


static int add_notes(struct mbuf *mb, uint32_t breaches)
{
	const char *comma = "";
	uint32_t bit;
	int err;

	if (!breaches)
		return 0;

	err = mbuf_printf(mb, ",\"notes\":[");

	for (bit = 1; bit && bit <= breaches; bit <<= 1) {

		if (!(breaches & bit))
			continue;

		err |= mbuf_printf(mb, "%s\"%s, %s\"", comma,
				   breach_text(bit), breach_section(bit));
		comma = ",";
	}

	return err | mbuf_printf(mb, "]");
}


/* Without the first semicolon, which says nothing to a reader */
static int add_params(struct mbuf *mb, const struct pl *params)
{
	struct pl pl = *params;

	while (pl.l && (pl.p[0] == ';' || pl.p[0] == ' '))
		pl_advance(&pl, 1);

	return add_pl(mb, "params", &pl);
}


/**
 * Print the fields of the line at a request's answer, after its time
 *
 * @param mb     Buffer to print to
 * @param req    Request, answered
 * @param shared Leave out what differs between requests that are written
 *               down as one: port, transaction, time taken
 *
 * @return 0 if success, otherwise errorcode
 */
int journal_line_answer(struct mbuf *mb, const struct request *req,
			bool shared)
{
	int err;

	if (!mb || !req)
		return EINVAL;

	err  = add_str(mb, "id", req->serial);
	err |= add_str(mb, "door", door_name(req->door));
	err |= add_source(mb, &req->source, !shared);
	err |= add_str(mb, "account", req->account);
	err |= add_uri(mb, "ruri", &req->ruri);
	err |= add_uri(mb, "from", &req->from);
	if (!shared) {
		err |= add_pl(mb, "call_id", &req->call_id);
		err |= add_pl(mb, "cseq", &req->cseq);
	}
	err |= add_pl(mb, "event", &req->event_name);
	err |= add_params(mb, &req->params);
	err |= add_str(mb, "key", req->key_text);
	err |= add_num(mb, "call", req->call_no);
	err |= add_str(mb, "verdict", verdict_name(req->verdict));
	err |= add_num(mb, "status", req->answer.scode);
	err |= add_str(mb, "why", req->why);
	err |= add_notes(mb, req->breaches);
	if (!shared)
		err |= mbuf_printf(mb, ",\"ms\":%llu",
				   (clock_us() - req->started) / 1000);

	return err;
}


/**
 * Print the fields of the line at a request's end, after its time
 *
 * @param mb     Buffer to print to
 * @param req    Request
 * @param action What was done
 * @param ending How it ended
 *
 * @return 0 if success, otherwise errorcode
 */
int journal_line_ending(struct mbuf *mb, const struct request *req,
			enum action action, const struct ending *ending)
{
	int err;

	if (!mb || !req || !ending)
		return EINVAL;

	err  = add_str(mb, "id", req->serial);
	err |= add_str(mb, "door", door_name(req->door));
	err |= add_source(mb, &req->source, true);
	err |= add_str(mb, "account", req->account);
	err |= add_pl(mb, "event", &req->event_name);
	err |= add_str(mb, "key", req->key_text);
	err |= add_num(mb, "call", req->call_no);
	err |= add_str(mb, "action", action_name(action));
	err |= add_str(mb, "result", result_name(ending->result));
	err |= add_str(mb, "detail", ending->detail);

	return err;
}


/**
 * Print the time, as RFC 3339 has it: UTC, with milliseconds
 *
 * @param pf     Print function
 * @param unused Not used
 *
 * @return 0 if success, otherwise errorcode
 */
int journal_line_time(struct re_printf *pf, void *unused)
{
	struct timespec ts;
	struct tm tm;
	(void)unused;

	if (clock_gettime(CLOCK_REALTIME, &ts) || !gmtime_r(&ts.tv_sec, &tm))
		return errno;

	/* strftime() looks at the file of the time zone each time */
	return re_hprintf(pf, "%04d-%02d-%02dT%02d:%02d:%02d.%03uZ",
			  tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
			  tm.tm_hour, tm.tm_min, tm.tm_sec,
			  (unsigned)(ts.tv_nsec / 1000000));
}


/**
 * Print a URL as it may be shown: the scheme, the host and the port. User,
 * password, path and query can hold secrets (RFC 3986 3.2.1).
 *
 * @param pf  Print function
 * @param url URL as it came, in any shape; may be NULL
 *
 * @return 0 if success, otherwise errorcode
 */
int journal_url(struct re_printf *pf, const char *url)
{
	static const char shown[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._:[]";
	struct pl scheme = PL_INIT;
	const char *host = url;
	const char *at;
	struct pl pl;

	if (!url)
		return 0;

	pl.l = strspn(url, shown);
	if (!strncmp(&url[pl.l], "//", 2)) {
		scheme.p = url;
		scheme.l = pl.l + 2;
		host = url + scheme.l;
	}

	/* A password with a slash in it looks like the end of the host: then
	   no host is shown */
	at = strrchr(host, '@');
	if (at && strcspn(host, "/?#\\") < (size_t)(at - host))
		return re_hprintf(pf, "%r", &scheme);

	pl.p = at ? at + 1 : host;
	pl.l = strspn(pl.p, shown);

	return re_hprintf(pf, "%r%r", &scheme, &pl);
}
