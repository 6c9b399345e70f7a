/**
 * @file http.c  What an HTTP GET of an action URI says
 *
 * libre decodes the message; here stands what it leaves open, and what it must
 * not see: on a line that is not a request's it searches in quadratic time.
 */
#include <ctype.h>
#include <string.h>
#include <re.h>
#include "doors/http.h"


/* Of Yealink's firmware, new and old */
static const char *pathv[] = {
	"/servlet",
	"/cgi-bin/ConfigManApp.com",
	"/cgi-bin/cgiServer.exx",
};

/* What may stand before the key: p=login&q=login&username=...&pwd=... */
static const char *loginv[] = {"p", "q", "username", "pwd", "jumpto"};

enum {
	LOGIN_USER = 2,
	LOGIN_PASSWORD = 3,
	LOGIN_COUNT = sizeof(loginv) / sizeof(loginv[0]),
};


/**
 * Length of a request's head, up to and with the empty line at its end
 *
 * @param text What has come so far
 *
 * @return Length [bytes], 0 = there is more to come
 */
size_t http_head_len(const struct pl *text)
{
	bool started = false, line = false;
	size_t i;

	for (i=0; i<text->l; i++) {

		switch (text->p[i]) {

		case '\r':
			break;

		case '\n':
			if (started && line)
				return i + 1;

			line = true;
			break;

		default:
			started = true;
			line = false;
			break;
		}
	}

	return 0;
}


/* Take off the first word, up to a blank */
static struct pl word_take(struct pl *line)
{
	const char *blank = pl_strchr(line, ' ');
	struct pl word = *line;

	if (blank)
		word.l = blank - line->p;

	pl_advance(line, (ssize_t)(word.l + (blank ? 1 : 0)));

	return word;
}


static bool made_of(const struct pl *pl, int (*ctype)(int c))
{
	size_t i;

	for (i=0; i<pl->l; i++) {

		if (!ctype((uint8_t)pl->p[i]))
			return false;
	}

	return pl->l > 0;
}


static bool is_target(const struct pl *pl)
{
	size_t i;

	for (i=0; i<pl->l; i++) {

		if ((uint8_t)pl->p[i] <= ' ' || pl->p[i] == 0x7f)
			return false;
	}

	return pl->l && pl->p[0] == '/';
}


/**
 * Is the first line of a head that of a request (RFC 9112 3)? Its target must
 * be a path.
 *
 * @param head Head
 *
 * @return True if it is
 */
bool http_line_ok(const struct pl *head)
{
	struct pl line = *head, method, target;
	const char *end;

	while (line.l && (line.p[0] == '\r' || line.p[0] == '\n'))
		pl_advance(&line, 1);

	end = pl_strchr(&line, '\n');
	if (!end)
		return false;

	line.l = end - line.p;

	while (line.l && line.p[line.l-1] == '\r')
		--line.l;

	method = word_take(&line);
	target = word_take(&line);

	return made_of(&method, isupper) && is_target(&target) &&
		line.l == 8 && !strncmp(line.p, "HTTP/1.", 7) &&
		isdigit((uint8_t)line.p[7]);
}


/**
 * Is a path one of the three that take action URIs?
 *
 * @param path Path, without its query
 *
 * @return True if it is
 */
bool http_path_known(const struct pl *path)
{
	size_t i;

	for (i=0; i<sizeof(pathv)/sizeof(pathv[0]); i++) {

		if (!pl_strcmp(path, pathv[i]))
			return true;
	}

	return false;
}


/**
 * May another request follow on the same connection? Not where this one has a
 * body: a page of somebody's could hide requests in it.
 *
 * @param msg Request
 *
 * @return True if it may
 */
bool http_persists(const struct http_msg *msg)
{
	return !pl_strcmp(&msg->ver, "1.1") &&
		!http_msg_hdr_has_value(msg, HTTP_HDR_CONNECTION, "close") &&
		!http_msg_xhdr(msg, "Content-Length") &&
		!http_msg_xhdr(msg, "Transfer-Encoding");
}


static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';

	c |= 0x20;

	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


/* Once; what comes out is never longer than what goes in (RFC 3986 2.1) */
static int percent_decode(struct pl *dst, char **outp, const struct pl *src)
{
	char *out = *outp;
	size_t i;

	for (i=0; i<src->l; i++) {
		int high, low;

		if (src->p[i] != '%') {
			*out++ = src->p[i];
			continue;
		}

		if (i + 2 >= src->l)
			return EBADMSG;

		high = hex_value(src->p[i+1]);
		low  = hex_value(src->p[i+2]);
		if (high < 0 || low < 0)
			return EBADMSG;

		*out++ = (char)(high << 4 | low);
		i += 2;
	}

	dst->p = *outp;
	dst->l = out - *outp;
	*outp = out;

	return 0;
}


/* Take off a parameter of the login, if one stands here: its index, or -1 */
static int login_take(struct pl *val, struct pl *rest)
{
	const char *amp = pl_strchr(rest, '&');
	struct pl param = *rest, name;
	const char *eq;
	size_t i;

	if (amp)
		param.l = amp - rest->p;

	eq = pl_strchr(&param, '=');
	if (!eq)
		return -1;

	name.p = param.p;
	name.l = eq - param.p;
	val->p = eq + 1;
	val->l = param.l - name.l - 1;

	for (i=0; i<LOGIN_COUNT; i++) {

		if (pl_strcasecmp(&name, loginv[i]))
			continue;

		pl_advance(rest, (ssize_t)(param.l + (amp ? 1 : 0)));

		return (int)i;
	}

	return -1;
}


static bool starts_with(const struct pl *pl, const char *str)
{
	return pl->l >= strlen(str) && !strncasecmp(pl->p, str, strlen(str));
}


static int login_decode(struct http_query *query, char **outp,
			struct pl *rest)
{
	struct pl *dstv[LOGIN_COUNT] = {
		[LOGIN_USER]     = &query->user,
		[LOGIN_PASSWORD] = &query->password,
	};
	struct pl val;
	int err = 0, n;

	if (!starts_with(rest, "p=login&"))
		return 0;

	while (!err && (n = login_take(&val, rest)) >= 0) {

		if (dstv[n])
			err = percent_decode(dstv[n], outp, &val);
	}

	return err;
}


/**
 * Decode the query of an action URI
 *
 * @param queryp Pointer to allocated query
 * @param params Query with its question mark, as sent; may be empty
 *
 * @return 0 if success, EBADMSG if a percent sign encodes nothing, otherwise
 *         errorcode
 */
int http_query_decode(struct http_query **queryp, const struct pl *params)
{
	static const struct pl key = PL("key=");
	struct http_query *query;
	struct pl rest, body;
	char *end;
	int err;

	if (!queryp || !params)
		return EINVAL;

	query = mem_zalloc(sizeof(*query) + key.l + params->l, NULL);
	if (!query)
		return ENOMEM;

	end = (char *)(query + 1);
	rest = *params;

	if (rest.l && rest.p[0] == '?')
		pl_advance(&rest, 1);

	err = login_decode(query, &end, &rest);
	if (err)
		goto out;

	/* The one key that stands without its name */
	query->body.p = end;
	if (starts_with(&rest, "phonecfg=")) {
		memcpy(end, key.p, key.l);
		end += key.l;
	}

	err = percent_decode(&body, &end, &rest);
	query->body.l = end - query->body.p;

 out:
	if (err)
		mem_deref(query);
	else
		*queryp = query;

	return err;
}
