/**
 * @file fuzz_fetch.c  What an HTTP server answers, through libcurl
 *
 * An answer ends at a NUL; the next connection (a redirect, a login) gets
 * what follows. Every host is a UNIX socket of this process.
 *
 * links: provision/fetch.c provision/outcome.c provision/url.c
 * provision/generation.c profile/profile.c profile/account.c profile/check.c
 * profile/note.c profile/features.c grammar.c fake_format.c
 * fake_worker.c stub_baresip.c
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "request.h"
#include "settings/settings.h"
#include "formats/formats.h"
#include "provision/room.h"
#include "provision/transfer.h"
#include "../unit/fake_worker.h"


#define URL "http://prov.example/secret/a.cfg?secret"

enum {
	CONNECTIONS_MAX = 16,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	int fd;
	char name[32];              /**< Of its abstract socket             */
	struct pl answers;          /**< Those that were not given yet      */
	int fdv[CONNECTIONS_MAX];   /**< The server's ends                  */
	size_t fdc;
	struct fetch *fetch;
	struct fetch_result res;
	unsigned ended;
	bool says_secret;           /**< By itself                          */
} server;


static void must(bool ok)
{
	if (!ok)
		abort();
}


/* A name that no other process has, and no file */
static void server_open(void)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	socklen_t len = sizeof(addr.sun_family);

	server.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(server.fd >= 0);

	must(!bind(server.fd, (struct sockaddr *)&addr, len));
	must(!listen(server.fd, CONNECTIONS_MAX));

	len = sizeof(addr);
	must(!getsockname(server.fd, (struct sockaddr *)&addr, &len));
	memcpy(server.name, addr.sun_path + 1,
	       len - sizeof(addr.sun_family) - 1);
}


/* The connection is made, the request is about to go: give the next answer */
static int connected(void *arg, char *to, char *from, int to_port,
		     int from_port)
{
	const char *nul = pl_strchr(&server.answers, '\0');
	size_t l = nul ? (size_t)(nul - server.answers.p) : server.answers.l;
	int fd;
	(void)arg;
	(void)to;
	(void)from;
	(void)to_port;
	(void)from_port;

	if (server.fdc >= CONNECTIONS_MAX)
		return CURL_PREREQFUNC_ABORT;

	fd = accept(server.fd, NULL, NULL);
	must(fd >= 0);
	must(write(fd, server.answers.p, l) == (ssize_t)l);
	must(!shutdown(fd, SHUT_WR));

	pl_advance(&server.answers, (ssize_t)(l + (nul ? 1 : 0)));
	server.fdv[server.fdc++] = fd;

	return CURL_PREREQFUNC_OK;
}


int curlopt_set(CURL *easy, const char *url, const struct settings *s,
		const struct generation *running)
{
	CURLcode code;
	(void)s;
	(void)running;

	if (!url_scheme_is(url, "http"))
		return EPROTONOSUPPORT;

	code  = curl_easy_setopt(easy, CURLOPT_URL, url);
	code |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http");
	code |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
	code |= curl_easy_setopt(easy, CURLOPT_ABSTRACT_UNIX_SOCKET,
				 server.name);
	code |= curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, connected);
	code |= curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	code |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	code |= curl_easy_setopt(easy, CURLOPT_TIMEOUT, 10L);
	code |= curl_easy_setopt(easy, CURLOPT_USERPWD, "user:secret");
	code |= curl_easy_setopt(easy, CURLOPT_HTTPAUTH,
				 CURLAUTH_BASIC | CURLAUTH_DIGEST);
	code |= curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
				 (curl_off_t)FORMAT_FILE_MAX);

	return code ? EINVAL : 0;
}


static void must_be_printable(const char *str, size_t max)
{
	must(str_len(str) <= max);

	for (; str && *str; ++str)
		must(*str >= 0x20 && *str <= 0x7e);
}


static void fetch_handler(const struct fetch_result *res, void *arg)
{
	(void)arg;

	server.res = *res;
	++server.ended;
	fetch_cancel(server.fetch);
	server.fetch = NULL;
}


/* The running generation, which has the file already */
static struct generation *running(void)
{
	struct generation *gen = NULL;
	struct part *part = NULL;

	must(!generation_alloc(&gen, URL) && !part_alloc(&part, URL,
							 RULE_SOLE));
	list_append(&gen->partl, &part->le, part);
	must(!str_dup(&part->etag, "\"1\""));

	return gen;
}


static void result_check(const struct part *part)
{
	const struct fetch_result *res = &server.res;

	must(server.ended == 1 && res->how != FETCHED_MOVED);
	must(!res->why[0] == (res->how != FETCHED_FAILED));
	must(res->retry_after <= 86400);
	must_be_printable(res->why, TEXT_MAX);
	must(!strstr(res->why, "secret") || server.says_secret);

	must(!part->mb == (res->how != FETCHED_NEW));
	must(!part->mb || part->mb->end <= FORMAT_FILE_MAX);
	must_be_printable(part->etag, 256);
	must_be_printable(part->modified, 256);
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct generation *gen;
	struct settings s = {.timeout = 10};
	struct part *part = NULL;

	if (size > 60000)
		return 0;

	memset(&server, 0, sizeof(server));
	server_open();
	server.answers.p = (const char *)data;
	server.answers.l = size;
	server.says_secret = memmem(data, size, "secret", 6) != NULL;

	gen = running();
	must(!part_alloc(&part, URL, RULE_SOLE));
	must(!fetch_start(&server.fetch, part, gen, false, &s, fetch_handler,
			  NULL));
	fake_worker_drain();
	result_check(part);

	while (server.fdc)
		(void)close(server.fdv[--server.fdc]);

	(void)close(server.fd);
	mem_deref(part);
	mem_deref(gen);

	return 0;
}
