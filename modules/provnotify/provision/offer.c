/**
 * @file offer.c  The URL that a PnP server offers: may it be used?
 */
#include <ctype.h>
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "profile/profile.h"
#include "vendor.h"
#include "provision/provision.h"
#include "provision/room.h"


enum {
	OFFER_MAX = 1024,       /**< Longest URL that is taken [bytes]      */
};


/* Printable ASCII, as RFC 3986 has it, and braces for {mac} */
static bool is_plain(const struct pl *pl)
{
	size_t i;

	for (i=0; i<pl->l; i++) {

		if (!isgraph((uint8_t)pl->p[i]) || strchr("<>\"", pl->p[i]))
			return false;
	}

	return pl->l > 0;
}


/* What is said of a URL, once the phone's own data are in it */
static const char *url_fault(const char *str, const struct sa *from)
{
	char *host = NULL, *user = NULL;
	const char *why = NULL;
	CURLU *url;
	struct sa sa;

	if (!url_may_name(NULL, str))
		return "a URL of another scheme than https, http, tftp, ftp";

	url = curl_url();

	if (!url || curl_url_set(url, CURLUPART_URL, str, CURLU_URLENCODE) ||
	    curl_url_get(url, CURLUPART_HOST, &host, 0)) {
		why = "not a URL";
		goto out;
	}

	if (!curl_url_get(url, CURLUPART_USER, &user, 0) &&
	    (sa_set_str(&sa, host, 0) || !sa_cmp(&sa, from, SA_ADDR)))
		why = "a URL with credentials for another host";

 out:
	curl_free(host);
	curl_free(user);
	curl_url_cleanup(url);

	return why;
}


/**
 * What is wrong with a URL that a PnP server offers?
 *
 * A server may name another host, but not what the phone is to say there: else
 * anyone could have it try passwords.
 *
 * @param pl   URL, in which {mac} and the like may stand
 * @param from Who offers it
 *
 * @return Static text for people, NULL if it may be used
 */
const char *provision_fault(const struct pl *pl, const struct sa *from)
{
	char *tmpl = NULL, *str = NULL;
	const char *why = "Out of Memory";

	if (!pl_isset(pl) || !from || !is_plain(pl))
		return "not a URL";

	if (pl->l > OFFER_MAX)
		return "a URL that is too long";

	if (pl_strdup(&tmpl, pl) ||
	    vendor_expand(&str, tmpl, "000000000000", "-", "-", "-"))
		goto out;

	why = url_fault(str, from);

 out:
	mem_deref(tmpl);
	mem_deref(str);

	return why;
}
