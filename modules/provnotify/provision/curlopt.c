/**
 * @file curlopt.c  How a download is asked for: who we are, what is allowed
 */
#include <errno.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "vendor.h"
#include "profile/profile.h"
#include "formats/formats.h"
#include "provision/room.h"
#include "provision/transfer.h"


static int agent_set(CURL *easy, const struct settings *s)
{
	char *agent = NULL;
	int err;

	err = vendor_expand(&agent, s->vendor->agent, s->mac, s->model,
			    s->firmware, s->vendor->name);
	if (err)
		return err;

	if (curl_easy_setopt(easy, CURLOPT_USERAGENT, agent))
		err = ENOMEM;

	mem_deref(agent);

	return err;
}


static int login_set(CURL *easy, const char *url, const struct settings *s,
		     const struct generation *running)
{
	const char *user, *pass;
	CURLcode code;
	int err;

	err = source_login(&user, &pass, url, s, running);
	if (err || !user)
		return err;

	code  = curl_easy_setopt(easy, CURLOPT_USERNAME, user);
	code |= curl_easy_setopt(easy, CURLOPT_PASSWORD, pass ? pass : "");
	code |= curl_easy_setopt(easy, CURLOPT_HTTPAUTH,
				 CURLAUTH_BASIC | CURLAUTH_DIGEST);

	return code ? EINVAL : 0;
}


static CURLcode tls_set(CURL *easy, const struct settings *s)
{
	CURLcode code;

	code  = curl_easy_setopt(easy, CURLOPT_SSLVERSION,
				 (long)CURL_SSLVERSION_TLSv1_2);

	/* No handle lives long enough to use a session again, and libcurl 7.88
	   frees one twice where there is no memory to keep it */
	code |= curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);

	code |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER,
				 s->verify ? 1L : 0L);
	code |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST,
				 s->verify ? 2L : 0L);

	if (s->ca_file) {
		code |= curl_easy_setopt(easy, CURLOPT_CAINFO, s->ca_file);
		code |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}

	if (s->client_cert)
		code |= curl_easy_setopt(easy, CURLOPT_SSLCERT,
					 s->client_cert);

	return code;
}


/**
 * Prepare a transfer: User-Agent, credentials, TLS, scheme and limits
 *
 * @param easy    Fresh or reset easy handle
 * @param url     Complete URL
 * @param s       Settings
 * @param running Running generation, or NULL
 *
 * @return 0 if success, EPROTONOSUPPORT for a scheme that is not allowed,
 *         else errorcode
 */
int curlopt_set(CURL *easy, const char *url, const struct settings *s,
		const struct generation *running)
{
	static const char *schemev[] = {"https", "http", "tftp", "ftp",
					"file"};
	const char *scheme = NULL;
	CURLcode code;
	size_t i;
	int err;

	if (!easy || !url || !s)
		return EINVAL;

	for (i=0; i<RE_ARRAY_SIZE(schemev); i++) {

		if (url_scheme_is(url, schemev[i]))
			scheme = schemev[i];
	}

	if (!scheme)
		return EPROTONOSUPPORT;

	err  = agent_set(easy, s);
	err |= login_set(easy, url, s, running);
	if (err)
		return err;

	code  = tls_set(easy, s);
	code |= curl_easy_setopt(easy, CURLOPT_URL, url);
	code |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, scheme);
	code |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	code |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	code |= curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)s->timeout);
	code |= curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
				 (curl_off_t)FORMAT_FILE_MAX);

	/* libcurl 7.88 can sleep till the timeout in a second transfer over
	   one FTP connection */
	if (url_scheme_is(url, "ftp"))
		code |= curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);

	return code ? EINVAL : 0;
}
