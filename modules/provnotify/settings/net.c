/**
 * @file net.c  Settings that name hosts: lists, addresses, URLs
 */
#include <ctype.h>
#include <string.h>
#include <curl/curl.h>
#include <re.h>
#include "settings/settings.h"
#include "settings/room.h"
#include "addrlist/addrlist.h"
#include "vendor.h"


static int list_decode(struct setting_line *line, void *p, bool server)
{
	struct addrlist *al, **alp = p;
	int err;

	err = addrlist_decode(&al, &line->val, server, &line->bad);
	if (err)
		return err;

	/* Commas alone are as little as nothing */
	if (addrlist_isempty(al) && !line->set->type->empty) {
		line->bad = line->val;
		mem_deref(al);
		return EBADMSG;
	}

	mem_deref(*alp);
	*alp = al;

	return 0;
}


static int notify_from_decode(struct setting_line *line, void *p)
{
	return list_decode(line, p, true);
}


static int http_from_decode(struct setting_line *line, void *p)
{
	return list_decode(line, p, false);
}


/* Names and addresses, as they stand in a Host header */
static int hosts_decode(struct setting_line *line, void *p)
{
	size_t i;

	for (i=0; i<line->val.l; i++) {
		const uint8_t c = line->val.p[i];

		if (!isalnum(c) && !strchr("-._:[] \t,", c))
			return EBADMSG;
	}

	return setting_string(line, p);
}


static int port_decode(uint16_t *port, const struct pl *pl)
{
	uint32_t v;

	if (!setting_is_digits(pl) || pl->l > 5)
		return EBADMSG;

	v = pl_u32(pl);
	if (!v || v > 0xffff)
		return EBADMSG;

	*port = (uint16_t)v;

	return 0;
}


/* 192.0.2.1:5060 or [2001:db8::1]:5060 */
static int endpoint_decode(struct setting_line *line, void *p)
{
	const char *colon = pl_strrchr(&line->val, ':');
	struct pl addr, portpl;
	uint16_t port;
	bool v6;

	if (!colon)
		return EBADMSG;

	addr.p   = line->val.p;
	addr.l   = (size_t)(colon - addr.p);
	portpl.p = colon + 1;
	portpl.l = line->val.l - addr.l - 1;

	v6 = addr.l > 2 && addr.p[0] == '[' && addr.p[addr.l-1] == ']';
	if (v6) {
		++addr.p;
		addr.l -= 2;
	}

	if (port_decode(&port, &portpl) || !addr.l || addr.l > 45 ||
	    (pl_strchr(&addr, ':') != NULL) != v6)
		return EBADMSG;

	return sa_set(p, &addr, port) ? EBADMSG : 0;
}


static int listen_decode(struct setting_line *line, void *p)
{
	uint16_t port;

	if (!pl_strcasecmp(&line->val, "off")) {
		sa_init(p, AF_UNSPEC);
		return 0;
	}

	if (port_decode(&port, &line->val))
		return endpoint_decode(line, p);

	sa_set_in(p, 0, port);

	return 0;
}


/* Scheme, "//" and a host, but for files; curl must agree */
static bool is_url(const char *str)
{
	static const char *schemev[] = {
		"https://", "http://", "tftp://", "ftp://", "file:///"
	};
	CURLU *url;
	bool ok = false;
	size_t i;

	for (i=0; i<sizeof(schemev)/sizeof(schemev[0]) && !ok; i++)
		ok = !strncasecmp(str, schemev[i], strlen(schemev[i])) &&
			str[strlen(schemev[i])] != '/';

	/* blanks and fragments: most likely a comment */
	if (!ok || strpbrk(str, " \t#{}"))
		return false;

	url = curl_url();
	ok  = url && !curl_url_set(url, CURLUPART_URL, str,
				   CURLU_NON_SUPPORT_SCHEME);
	curl_url_cleanup(url);

	return ok;
}


/* What holds a brace once all variables are replaced has an unknown one */
static int url_decode(struct setting_line *line, void *p)
{
	char *tmpl = NULL, *str = NULL;
	int err;

	if (!line->val.l)
		return setting_string(line, p);

	err = pl_strdup(&tmpl, &line->val);
	if (err)
		return err;

	err = vendor_expand(&str, tmpl, "000000000000", "-", "-", "-");
	if (!err)
		err = is_url(str) ? setting_string(line, p) : EBADMSG;

	mem_deref(tmpl);
	mem_deref(str);

	return err;
}


const struct setting_type type_notify_from = {
	notify_from_decode, "server, any, addresses, CIDR, 10.10.*.*, host"
	" names; separated by blanks or commas", NULL, false
};

const struct setting_type type_http_from = {
	http_from_decode, "any, addresses, CIDR, 10.10.*.*, host names;"
	" separated by blanks or commas", NULL, true
};

const struct setting_type type_hosts = {
	hosts_decode, "host names and addresses, separated by blanks or"
	" commas", NULL, true
};

const struct setting_type type_pnp_address = {
	endpoint_decode, "address:port, in numbers", NULL, false
};

const struct setting_type type_listen = {
	listen_decode, "off, a port, or address:port in numbers", NULL, false
};

const struct setting_type type_url = {
	url_decode, "https://, http://, tftp://, ftp:// or file:/// and what"
	" belongs behind it (a blank is %20), with {mac} {MAC} {model}"
	" {vendor} $MAC %MACD in it at will", NULL, true
};
