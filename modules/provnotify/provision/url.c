/**
 * @file url.c  Addresses of provisioning servers: complete, compare, show
 */
#include <errno.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "provision/room.h"


/* Memory of curl's to memory of ours */
static int part_dup(char **strp, CURLU *url, CURLUPart part, unsigned flags)
{
	char *str = NULL;
	int err;

	if (curl_url_get(url, part, &str, flags))
		return ENOENT;

	err = str_dup(strp, str);
	curl_free(str);

	return err;
}


static int url_parse(CURLU **urlp, const char *str)
{
	CURLU *url = curl_url();

	if (!url)
		return ENOMEM;

	if (curl_url_set(url, CURLUPART_URL, str, CURLU_URLENCODE)) {
		curl_url_cleanup(url);
		return EBADMSG;
	}

	*urlp = url;

	return 0;
}


/**
 * Complete a URL: blanks escaped, a bare host becomes a folder, a path of this
 * machine a file URL
 *
 * @param urlp Result, owned by the caller
 * @param str  URL, or absolute path
 *
 * @return 0 if success, EBADMSG for what is no URL, else errorcode
 */
int url_complete(char **urlp, const char *str)
{
	CURLU *url = NULL;
	int err;

	if (!urlp || !str)
		return EINVAL;

	err = url_parse(&url, str[0] == '/' ? "file:///" : str);
	if (err)
		return err;

	if (str[0] == '/' &&
	    curl_url_set(url, CURLUPART_PATH, str, CURLU_URLENCODE))
		err = EBADMSG;
	else
		err = part_dup(urlp, url, CURLUPART_URL, 0);

	curl_url_cleanup(url);

	return err;
}


/**
 * Resolve what a file names against the URL of that file, RFC 3986 5.2
 *
 * @param urlp Result, owned by the caller
 * @param base URL of the file
 * @param ref  Absolute URL, or path relative to the base
 *
 * @return 0 if success, EBADMSG for what is no URL, else errorcode
 */
int url_resolve(char **urlp, const char *base, const char *ref)
{
	CURLU *url = NULL;
	int err;

	if (!urlp || !base || !ref)
		return EINVAL;

	err = url_parse(&url, base);
	if (err)
		return err;

	if (curl_url_set(url, CURLUPART_URL, ref, CURLU_URLENCODE))
		err = EBADMSG;
	else
		err = part_dup(urlp, url, CURLUPART_URL, 0);

	curl_url_cleanup(url);

	return err;
}


/**
 * Is a URL of this scheme?
 *
 * @param str    URL
 * @param scheme Scheme without colon
 *
 * @return true if it is
 */
bool url_scheme_is(const char *str, const char *scheme)
{
	const size_t l = str_len(scheme);
	struct pl pl;

	if (!str || str_len(str) <= l || str[l] != ':')
		return false;

	pl.p = str;
	pl.l = l;

	return 0 == pl_strcasecmp(&pl, scheme);
}


/**
 * May what came from one URL name another one to be fetched?
 *
 * A file of this machine is read only on the word of another: not on that of
 * a server.
 *
 * @param base Where that came from; NULL: from a server
 * @param url  Complete URL
 *
 * @return true if it may
 */
bool url_may_name(const char *base, const char *url)
{
	static const char *schemev[] = {"https", "http", "tftp", "ftp"};
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(schemev); i++) {

		if (url_scheme_is(url, schemev[i]))
			return true;
	}

	return url_scheme_is(url, "file") && url_scheme_is(base, "file");
}


/**
 * Does a URL name a folder?
 *
 * @param str Complete URL
 *
 * @return true if it ends in a slash
 */
bool url_is_folder(const char *str)
{
	const size_t l = str_len(str);

	return l && str[l - 1] == '/';
}


/**
 * Do two URLs name the same scheme, host and port? RFC 6454 section 4
 *
 * @param a URL
 * @param b URL
 *
 * @return true if they do
 */
bool url_same_origin(const char *a, const char *b)
{
	static const CURLUPart partv[] = {
		CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT
	};
	CURLU *ua = NULL, *ub = NULL;
	bool same = false;
	size_t i;

	if (!a || !b || url_parse(&ua, a) || url_parse(&ub, b))
		goto out;

	same = true;

	for (i=0; i<RE_ARRAY_SIZE(partv) && same; i++) {
		char *pa = NULL, *pb = NULL;

		(void)part_dup(&pa, ua, partv[i], CURLU_DEFAULT_PORT);
		(void)part_dup(&pb, ub, partv[i], CURLU_DEFAULT_PORT);

		/* a file URL has neither host nor port */
		same = (!pa && !pb) || (pa && pb && !str_casecmp(pa, pb));

		mem_deref(pa);
		mem_deref(pb);
	}

 out:
	curl_url_cleanup(ua);
	curl_url_cleanup(ub);

	return same;
}


/* A server that redirects chooses the host, and a terminal may obey it */
static void ascii_only(char *str)
{
	for (; str && *str; ++str) {
		if (*str <= 0x20 || *str > 0x7e)
			*str = '_';
	}
}


/**
 * Show a URL to people: without userinfo, path and query, as printable ASCII
 *
 * @param pf  Print function
 * @param str URL, may be NULL
 *
 * @return 0 if success, otherwise errorcode
 */
int url_print(struct re_printf *pf, const char *str)
{
	char *scheme = NULL, *host = NULL, *port = NULL;
	CURLU *url = NULL;
	int err;

	if (!str || url_parse(&url, str))
		return re_hprintf(pf, "nowhere");

	(void)part_dup(&scheme, url, CURLUPART_SCHEME, 0);
	(void)part_dup(&host, url, CURLUPART_HOST, 0);
	(void)part_dup(&port, url, CURLUPART_PORT, 0);

	ascii_only(host);

	err = re_hprintf(pf, "%s://%s%s%s", scheme, host ? host : "",
			 port ? ":" : "", port ? port : "");

	curl_url_cleanup(url);
	mem_deref(scheme);
	mem_deref(host);
	mem_deref(port);

	return err;
}
