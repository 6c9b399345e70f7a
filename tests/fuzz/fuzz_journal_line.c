/**
 * @file fuzz_journal_line.c  Whatever a request says: a line of JSON comes out
 *
 * The input is what a sender wrote, and as text also a URL.
 * links: journal/line.c grammar.c clock.c compat/fd.c request.c
 */
#include <stdlib.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "journal/journal.h"
#include "journal/line.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void must(bool ok)
{
	if (!ok)
		abort();
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "1-1", size);
}


static void line_check(struct request *req)
{
	struct mbuf *mb = mbuf_alloc(512);
	struct odict *od = NULL;
	size_t i;

	must(!mbuf_write_str(mb, "{\"time\":0") &&
	     !journal_line_answer(mb, req, false) &&
	     !mbuf_write_str(mb, "}"));

	/* One line, with nothing that a terminal obeys */
	for (i = 0; i < mb->end; ++i)
		must(mb->buf[i] >= ' ' && mb->buf[i] != 0x7f);

	must(!json_decode_odict(&od, 8, (char *)mb->buf, mb->end, 4));
	must(str_len(odict_string(od, "ruri")) <= 256);
	must(odict_lookup(od, "status") != NULL);

	mem_deref(od);
	mem_deref(mb);
}


static void url_check(const char *url)
{
	static const char secrets[] = "/?#@\\ \r\n\"";
	char *str = NULL;
	const char *host;

	must(!re_sdprintf(&str, "%H", journal_url, url));

	host = strstr(str, "//");
	host = host ? host + 2 : str;
	must(!strpbrk(host, secrets));

	mem_deref(str);
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request *req = NULL;
	char *url = NULL;
	struct pl pl;

	pl.p = (const char *)data;
	pl.l = size;

	must(!request_alloc(&req, DOOR_NOTIFY));
	answer_set(&req->answer, 200, "OK");
	req->ruri = req->from = req->params = pl;
	line_check(req);
	mem_deref(req);

	must(!pl_strdup(&url, &pl));
	url_check(url);
	mem_deref(url);

	return 0;
}
