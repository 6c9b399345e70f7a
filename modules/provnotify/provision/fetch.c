/**
 * @file fetch.c  One download, hop by hop
 *
 * Redirects are followed here rather than by libcurl: each hop is judged anew,
 * so that https never leads to http, and the password goes to no other server.
 */
#include <errno.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "profile/profile.h"
#include "worker/worker.h"
#include "formats/formats.h"
#include "provision/room.h"
#include "provision/transfer.h"


enum {
	HOPS_MAX      = 5,
	VALIDATOR_MAX = 256,    /**< Longest ETag that is kept [bytes]      */
};

struct fetch {
	struct part *part;
	const struct generation *running;       /**< May be NULL            */
	const struct part *known;       /**< The same part of that, or NULL */
	const struct settings *s;
	CURL *easy;
	bool busy;                      /**< The worker has it              */
	struct curl_slist *hdrs;
	char *url;                      /**< Of this hop                    */
	unsigned hops;
	struct mbuf *mb;                /**< The worker writes into it      */
	fetch_h *h;
	void *arg;
};


static void destructor(void *arg)
{
	struct fetch *f = arg;

	curl_easy_cleanup(f->easy);
	curl_slist_free_all(f->hdrs);
	mem_deref(f->url);
	mem_deref(f->mb);
	mem_deref(f->part);
}


/* Runs in the worker */
static size_t body_h(char *buf, size_t size, size_t n, void *arg)
{
	struct fetch *f = arg;

	size *= n;

	if (f->mb->end + size > FORMAT_FILE_MAX)
		return 0;

	return mbuf_write_mem(f->mb, (void *)buf, size) ? 0 : size;
}


/* It goes back to the server as it came, so it must be plain text */
static int validator_get(char **strp, CURL *easy, const char *name)
{
	struct curl_header *hdr;
	const char *p;

	if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &hdr))
		return 0;

	if (!hdr->value[0] || str_len(hdr->value) > VALIDATOR_MAX)
		return 0;

	for (p = hdr->value; *p; ++p) {

		if (*p < 0x20 || *p > 0x7e)
			return 0;
	}

	return str_dup(strp, hdr->value);
}


static bool is_http(const char *url)
{
	return url_scheme_is(url, "http") || url_scheme_is(url, "https");
}


static int header_add(struct fetch *f, const char *name, const char *val)
{
	struct curl_slist *hdrs;
	char *str = NULL;
	int err;

	err = re_sdprintf(&str, "%s: %s", name, val);
	if (err)
		return err;

	hdrs = curl_slist_append(f->hdrs, str);
	mem_deref(str);
	if (!hdrs)
		return ENOMEM;

	f->hdrs = hdrs;

	return 0;
}


/* Ask only for what has changed, RFC 9110 13.1 */
static int condition_set(struct fetch *f)
{
	int err = 0;

	if (!f->known || !is_http(f->url))
		return 0;

	if (f->known->etag)
		err |= header_add(f, "If-None-Match", f->known->etag);

	if (f->known->modified)
		err |= header_add(f, "If-Modified-Since", f->known->modified);

	return err;
}


/* Where to? NULL = nowhere that is allowed */
static const char *redirect_get(const struct fetch *f, const char **why)
{
	char *url = NULL;

	(void)curl_easy_getinfo(f->easy, CURLINFO_REDIRECT_URL, &url);

	if (!url || !is_http(url))
		*why = "redirects to something else than http or https";
	else if (url_scheme_is(f->url, "https") &&
		 !url_scheme_is(url, "https"))
		*why = "redirects from https to http";
	else if (f->hops >= HOPS_MAX)
		*why = "redirects more than five times";
	else
		return url;

	return NULL;
}


static void done_h(CURL *easy, CURLcode code, void *arg);


static int hop_start(struct fetch *f)
{
	CURLcode code;
	int err;

	/* A handle of libcurl 7.88 remembers where the last header of its last
	   transfer was, also over a reset, when that is freed long since; an
	   answer that begins with a folded header makes it write there */
	curl_easy_cleanup(f->easy);
	f->easy = curl_easy_init();
	if (!f->easy)
		return ENOMEM;

	curl_slist_free_all(f->hdrs);
	f->hdrs = NULL;
	mbuf_rewind(f->mb);

	err  = curlopt_set(f->easy, f->url, f->s, f->running);
	err |= condition_set(f);
	if (err)
		return err;

	code  = curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, f->hdrs);
	code |= curl_easy_setopt(f->easy, CURLOPT_WRITEFUNCTION, body_h);
	code |= curl_easy_setopt(f->easy, CURLOPT_WRITEDATA, f);
	if (code)
		return EINVAL;

	err = worker_fetch(f->easy, done_h, mem_ref(f));
	if (err)
		mem_deref(f);
	else
		f->busy = true;

	return err;
}


static int hop_next(struct fetch *f, const char **why)
{
	const char *url = redirect_get(f, why);
	char *dup;
	int err;

	if (!url)
		return EPERM;

	*why = "cannot be asked";

	err = str_dup(&dup, url);
	if (err)
		return err;

	mem_deref(f->url);
	f->url = dup;
	++f->hops;

	return hop_start(f);
}


static int part_fill(struct fetch *f)
{
	struct part *part = f->part;
	int err = 0;

	mbuf_set_pos(f->mb, 0);
	part->mb = mem_ref(f->mb);

	if (is_http(f->url)) {
		err |= validator_get(&part->etag, f->easy, "ETag");
		err |= validator_get(&part->modified, f->easy,
				     "Last-Modified");
	}

	return err;
}


static void judge(struct fetch *f, CURLcode code)
{
	struct fetch_result res;
	const char *why = NULL;

	outcome_judge(&res, f->easy, code, f->url);

	switch (res.how) {

	case FETCHED_MOVED:
		if (!hop_next(f, &why))
			return;
		break;

	case FETCHED_SAME:
		if (!f->known)
			why = "says \"not modified\" of what it never sent";
		break;

	case FETCHED_NEW:
		if (part_fill(f))
			why = "the answer does not fit into memory";
		break;

	default:
		break;
	}

	if (why) {
		res.how = FETCHED_FAILED;
		(void)re_snprintf(res.why, sizeof(res.why), "%H %s",
				  url_print, f->url, why);
	}

	f->h(&res, f->arg);
}


static void done_h(CURL *easy, CURLcode code, void *arg)
{
	struct fetch *f = arg;
	(void)easy;

	f->busy = false;

	if (f->h)
		judge(f, code);

	mem_deref(f);
}


/**
 * Fetch a part in the worker
 *
 * The handler is called on the main loop, and may cancel the fetch. Five
 * redirects are followed, to http and https only, and never from https to
 * http.
 *
 * @param fp      Fetch, to be cancelled in the handler or earlier
 * @param part    Part; gets its content if it is new
 * @param running Running generation, for conditions and provisioned
 *                credentials, or NULL; must outlive the fetch
 * @param whole   Make no condition of it
 * @param s       Settings
 * @param h       Called once, with what came of it
 * @param arg     Handler argument
 *
 * @return 0 if success, EPROTONOSUPPORT for a scheme that is not allowed,
 *         else errorcode
 */
int fetch_start(struct fetch **fp, struct part *part,
		const struct generation *running, bool whole,
		const struct settings *s, fetch_h *h, void *arg)
{
	struct fetch *f;
	int err;

	if (!fp || !part || !s || !h)
		return EINVAL;

	f = mem_zalloc(sizeof(*f), destructor);
	if (!f)
		return ENOMEM;

	f->part  = mem_ref(part);
	f->running = running;
	f->known = whole ? NULL : generation_part(running, part->url);
	f->s     = s;
	f->h     = h;
	f->arg   = arg;
	f->mb    = mbuf_alloc(4096);
	if (!f->mb) {
		err = ENOMEM;
		goto out;
	}

	err = str_dup(&f->url, part->url);
	if (err)
		goto out;

	err = hop_start(f);

 out:
	if (err)
		mem_deref(f);
	else
		*fp = f;

	return err;
}


/**
 * End a fetch: its handler is called no more
 *
 * @param f Fetch, may be NULL
 */
void fetch_cancel(struct fetch *f)
{
	if (!f)
		return;

	f->h = NULL;

	if (f->busy)
		worker_abort(f->easy);

	mem_deref(f);
}
