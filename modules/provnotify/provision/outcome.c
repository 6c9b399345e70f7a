/**
 * @file outcome.c  What the end of a transfer means
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <curl/curl.h>
#include <openssl/x509_vfy.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "provision/room.h"
#include "provision/transfer.h"


enum {
	RETRY_MAX = 86400,      /**< Longest Retry-After [s]                */
};

/** What is said of a status that people meet */
static const struct {
	long scode;
	const char *why;
} statusv[] = {
	{400, "rejects the request: is that port https, or does it ask for a"
		" certificate, see provnotify_client_cert?"},
	{401, "asks for a name and a password: see provnotify_user"},
	{403, "forbids it; the URL of a folder ends in /"},
	{407, "stands behind a proxy that asks for a password"},
	{429, "is overloaded"},
	{500, "has an internal error"},
	{502, "has trouble behind it"},
	{503, "is out of service"},
	{504, "has trouble behind it"},
};

/** What is said of an error of libcurl's that people can do something about */
static const struct {
	CURLcode code;
	const char *why;
} codev[] = {
	{CURLE_FILESIZE_EXCEEDED,    "the file is over 1 MiB"},
	{CURLE_WRITE_ERROR,          "the file is over 1 MiB"},
	{CURLE_PARTIAL_FILE,         "the file is cut short"},
	{CURLE_COULDNT_RESOLVE_HOST, "its name has no address: see the URL,"
		" and DNS"},
	{CURLE_COULDNT_CONNECT,      "nobody answers there: see the URL, and"
		" whether the server runs"},
	{CURLE_OPERATION_TIMEDOUT,   "not done in time: see"
		" provnotify_timeout"},
	{CURLE_GOT_NOTHING,          "it hangs up without a word: is that port"
		" https?"},
	{CURLE_SSL_CONNECT_ERROR,    "no TLS: is that port https, with TLS 1.2"
		" or later?"},
	{CURLE_SSL_CACERT_BADFILE,   "provnotify_ca_file cannot be used: PEM"
		" is accepted; without it, this machine needs the CAs of the"
		" package ca-certificates"},
	{CURLE_SSL_CERTPROBLEM,      "provnotify_client_cert cannot be used:"
		" PEM, with certificate and key, is accepted"},
	{CURLE_LOGIN_DENIED,         "asks for a name and a password: see"
		" provnotify_user"},
	{CURLE_TFTP_PERM,            "forbids it"},
};

/** Why a certificate does not convince */
static const struct {
	long verdict;           /**< OpenSSL's                              */
	const char *why;
} certv[] = {
	{X509_V_OK,                     "is for another name than the URL's"},
	{X509_V_ERR_UNSPECIFIED,        "is for another name than the URL's"},
	{X509_V_ERR_CERT_HAS_EXPIRED,   "has expired"},
	{X509_V_ERR_CERT_NOT_YET_VALID, "is not valid yet: see the clock"},
};


/* libcurl does not tell a file that is absent from one that it may not read */
static bool file_is_absent(CURL *easy, const char *url)
{
	char *path;
	bool absent;

	path = curl_easy_unescape(easy, url + strlen("file://"), 0, NULL);

	absent = path && access(path, F_OK) && errno == ENOENT;
	curl_free(path);

	return absent;
}


static bool is_absent(CURL *easy, CURLcode code, const char *url)
{
	switch (code) {

	case CURLE_TFTP_NOTFOUND:
	case CURLE_REMOTE_FILE_NOT_FOUND:
	case CURLE_REMOTE_ACCESS_DENIED:        /* FTP: no such folder */
		return true;

	case CURLE_FILE_COULDNT_READ_FILE:
		return file_is_absent(easy, url);

	default:
		return false;
	}
}


static const char *cert_why(CURL *easy)
{
	long verdict = X509_V_OK;
	size_t i;

	(void)curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verdict);

	for (i=0; i<RE_ARRAY_SIZE(certv); i++) {

		if (certv[i].verdict == verdict)
			return certv[i].why;
	}

	return "is signed by nobody who is known here: see provnotify_ca_file";
}


static const char *code_why(CURLcode code)
{
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(codev); i++) {

		if (codev[i].code == code)
			return codev[i].why;
	}

	return curl_easy_strerror(code);
}


static enum fetched status_judge(long scode, const char **why)
{
	size_t i;

	switch (scode) {

	case 200:
		return FETCHED_NEW;

	case 304:
		return FETCHED_SAME;

	case 301:
	case 302:
	case 303:
	case 307:
	case 308:
		return FETCHED_MOVED;

	case 404:
	case 410:
		return FETCHED_ABSENT;
	}

	*why = "answers with an unexpected status";

	for (i=0; i<RE_ARRAY_SIZE(statusv); i++) {

		if (statusv[i].scode == scode)
			*why = statusv[i].why;
	}

	return FETCHED_FAILED;
}


/**
 * Judge the end of a transfer
 *
 * 404 and 410, TFTP's error 1 (RFC 1350), FTP's 550 (RFC 959) and ENOENT all
 * mean that the file is absent. Retry-After is that of RFC 9110 10.2.3, a day
 * at most.
 *
 * @param res  Filled in
 * @param easy Easy handle whose transfer has ended
 * @param code Its result
 * @param url  Its URL
 */
void outcome_judge(struct fetch_result *res, CURL *easy, CURLcode code,
		   const char *url)
{
	const bool http = url_scheme_is(url, "http") ||
		url_scheme_is(url, "https");
	curl_off_t after = 0;
	const char *why = "";
	long scode = 0;

	if (!res || !easy || !url)
		return;

	memset(res, 0, sizeof(*res));

	if (code != CURLE_OK) {
		const bool cert = code == CURLE_PEER_FAILED_VERIFICATION;

		res->how = is_absent(easy, code, url) ? FETCHED_ABSENT
			: FETCHED_FAILED;
		(void)re_snprintf(res->why, sizeof(res->why), "%H: %s%s",
				  url_print, url,
				  cert ? "its certificate " : "",
				  cert ? cert_why(easy) : code_why(code));
		return;
	}

	res->how = FETCHED_NEW;

	if (!http)
		return;

	(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &scode);
	res->how = status_judge(scode, &why);

	if (res->how != FETCHED_FAILED)
		return;

	(void)curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &after);
	if (after > 0)
		res->retry_after = (uint32_t)(after < RETRY_MAX ? after
					      : RETRY_MAX);

	(void)re_snprintf(res->why, sizeof(res->why), "%H %s (HTTP %u)",
			  url_print, url, why, (unsigned)scode);
}
