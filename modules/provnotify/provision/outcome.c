/**
 * @file outcome.c  What the end of a transfer means
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "profile.h"
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
	{401, "asks for a name and a password: see provnotify_user"},
	{403, "forbids it"},
	{407, "stands behind a proxy that asks for a password"},
	{429, "is overloaded"},
	{500, "has an internal error"},
	{502, "has trouble behind it"},
	{503, "is out of service"},
	{504, "has trouble behind it"},
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


static enum fetched code_judge(CURL *easy, CURLcode code, const char *url,
			       const char **why)
{
	long scode = 0;

	switch (code) {

	case CURLE_OK:
		return FETCHED_NEW;

	case CURLE_TFTP_NOTFOUND:
	case CURLE_REMOTE_FILE_NOT_FOUND:
		return FETCHED_ABSENT;

	case CURLE_REMOTE_ACCESS_DENIED:
		(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &scode);
		if (scode == 550)       /* FTP: the folder is not there */
			return FETCHED_ABSENT;
		break;

	case CURLE_FILE_COULDNT_READ_FILE:
		if (file_is_absent(easy, url))
			return FETCHED_ABSENT;
		break;

	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_WRITE_ERROR:
		*why = "the file is over 1 MiB";
		return FETCHED_FAILED;

	case CURLE_PARTIAL_FILE:
		*why = "the file is cut short";
		return FETCHED_FAILED;

	default:
		break;
	}

	*why = curl_easy_strerror(code);

	return FETCHED_FAILED;
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
	res->how = code_judge(easy, code, url, &why);

	if (code == CURLE_OK && http) {
		(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &scode);
		res->how = status_judge(scode, &why);
	}

	if (res->how != FETCHED_FAILED)
		return;

	if (scode) {
		(void)curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &after);
		if (after > 0)
			res->retry_after = (uint32_t)(after < RETRY_MAX ?
						      after : RETRY_MAX);

		(void)re_snprintf(res->why, sizeof(res->why),
				  "%H %s (HTTP %u)", url_print, url, why,
				  (unsigned)scode);
	}
	else {
		(void)re_snprintf(res->why, sizeof(res->why), "%H: %s",
				  url_print, url, why);
	}
}
