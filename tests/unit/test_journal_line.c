/**
 * @file test_journal_line.c  Tests of journal/line.c
 * links: journal/line.c grammar.c clock.c request.c compat/fd.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <time.h>
#include <re.h>
#include "request.h"
#include "journal/journal.h"
#include "journal/line.h"


#define BAD "\xef\xbf\xbd"

static struct request *req;


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "1-1", size);
}


static int setup(void **state)
{
	(void)state;

	return request_alloc(&req, DOOR_NOTIFY);
}


static int teardown(void **state)
{
	(void)state;

	req = mem_deref(req);

	return 0;
}


static void request_fill(void)
{
	req->source.proto = "udp";
	assert_int_equal(0, sa_set_str(&req->source.addr, "192.0.2.1", 5060));
	assert_int_equal(0, str_dup(&req->account, "sip:100@example.org"));
	pl_set_str(&req->ruri, "sip:100-0x1@192.0.2.9");
	pl_set_str(&req->from, "<sip:server@example.org>");
	pl_set_str(&req->call_id, "abc@192.0.2.1");
	pl_set_str(&req->cseq, "7 NOTIFY");
	pl_set_str(&req->event_name, "ACTION-URI");
	pl_set_str(&req->params, ";a=b");
	assert_int_equal(0, str_dup(&req->key_text, "digit;OK"));
	req->call_no  = 3;
	req->verdict  = VERDICT_REFUSED;
	req->why      = "not trusted";
	req->breaches = BREACH_NO_CSEQ | BREACH_TO_TAG;
	answer_set(&req->answer, 403, "Forbidden");
}


static const char *print_answer(bool shared)
{
	static char buf[4096];
	struct mbuf *mb = mbuf_alloc(64);
	char *ms;

	assert_int_equal(0, journal_line_answer(mb, req, shared));
	assert_true(mb->end < sizeof(buf));
	memcpy(buf, mb->buf, mb->end);
	buf[mb->end] = '\0';
	mem_deref(mb);

	/* How long it took is not ours to tell */
	ms = strstr(buf, "\"ms\":");
	if (ms) {
		assert_int_equal(strspn(ms + 5, "0123456789"), strlen(ms + 5));
		ms[5] = '\0';
	}

	return buf;
}


static void whole_answer(void **state)
{
	(void)state;

	request_fill();

	assert_string_equal(print_answer(false),
		",\"id\":\"1-1\""
		",\"door\":\"notify\""
		",\"source\":\"udp:192.0.2.1:5060\""
		",\"account\":\"sip:100@example.org\""
		",\"ruri\":\"sip:100-0x1@192.0.2.9\""
		",\"from\":\"<sip:server@example.org>\""
		",\"call_id\":\"abc@192.0.2.1\""
		",\"cseq\":\"7 NOTIFY\""
		",\"event\":\"ACTION-URI\""
		",\"params\":\"a=b\""
		",\"key\":\"digit;OK\""
		",\"call\":3"
		",\"verdict\":\"refused\""
		",\"status\":403"
		",\"why\":\"not trusted\""
		",\"notes\":[\"To tag without a dialog, RFC 3261 8.1.1.2\","
		"\"no CSeq, RFC 3261 8.1.1.5\"]"
		",\"ms\":");
}


static size_t ruri_len(void)
{
	const char *p = strstr(print_answer(false), "\"ruri\":\"");

	assert_non_null(p);

	return strcspn(p + 8, "\"");
}


static void no_password(void **state)
{
	(void)state;

	request_fill();
	pl_set_str(&req->ruri, "sip:100:s3cr3t@192.0.2.9:5060");
	pl_set_str(&req->from, "sip:server:pw@example.org;x=y");

	assert_non_null(strstr(print_answer(false),
			       "\"ruri\":\"sip:100@192.0.2.9:5060\""));
	assert_non_null(strstr(print_answer(false),
			       "\"from\":\"sip:server@example.org;x=y\""));
	assert_null(strstr(print_answer(false), "s3cr3t"));
	assert_null(strstr(print_answer(false), "pw"));
}


/* Without its password it is still one field */
static void long_uri(void **state)
{
	char buf[600];
	(void)state;

	memset(buf, 'x', sizeof(buf));
	req->ruri.p = buf;

	memcpy(buf, "sip:", 4);
	memcpy(&buf[200], ":pw@", 4);
	req->ruri.l = 200 + 4 + 55;
	assert_int_equal(256, ruri_len());
	req->ruri.l = sizeof(buf);
	assert_int_equal(256, ruri_len());
	assert_null(strstr(print_answer(false), "pw"));

	/* What does not fit is not followed by what would */
	memset(&buf[4], 0xff, 196);
	assert_int_equal(4 + 84 * 3, ruri_len());
}


static void shared_answer(void **state)
{
	(void)state;

	request_fill();
	req->breaches = 0;

	assert_string_equal(print_answer(true),
		",\"id\":\"1-1\""
		",\"door\":\"notify\""
		",\"source\":\"udp:192.0.2.1\""
		",\"account\":\"sip:100@example.org\""
		",\"ruri\":\"sip:100-0x1@192.0.2.9\""
		",\"from\":\"<sip:server@example.org>\""
		",\"event\":\"ACTION-URI\""
		",\"params\":\"a=b\""
		",\"key\":\"digit;OK\""
		",\"call\":3"
		",\"verdict\":\"refused\""
		",\"status\":403"
		",\"why\":\"not trusted\"");
}


static void nothing_that_is_not_there(void **state)
{
	(void)state;

	req->door    = DOOR_TIMER;
	req->verdict = VERDICT_IGNORED;

	assert_string_equal(print_answer(false),
			    ",\"id\":\"1-1\",\"door\":\"timer\","
			    "\"verdict\":\"ignored\",\"ms\":");
}


static void ipv6_source(void **state)
{
	(void)state;

	req->source.proto = "tls";
	assert_int_equal(0, sa_set_str(&req->source.addr, "2001:db8::1",
				       5061));

	assert_non_null(strstr(print_answer(false),
			       "\"source\":\"tls:[2001:db8::1]:5061\""));
	assert_non_null(strstr(print_answer(true),
			       "\"source\":\"tls:2001:db8::1\""));
}


static void ending_line(void **state)
{
	struct mbuf *mb = mbuf_alloc(64);
	struct ending ending;
	(void)state;

	request_fill();
	ending_set(&ending, RESULT_ROLLED_BACK, "%u of %u", 1, 2);
	assert_int_equal(0, journal_line_ending(mb, req, ACTION_RESYNC,
						&ending));
	assert_int_equal(0, mbuf_write_u8(mb, 0));
	assert_string_equal((char *)mb->buf,
		",\"id\":\"1-1\""
		",\"door\":\"notify\""
		",\"source\":\"udp:192.0.2.1:5060\""
		",\"account\":\"sip:100@example.org\""
		",\"event\":\"ACTION-URI\""
		",\"key\":\"digit;OK\""
		",\"call\":3"
		",\"action\":\"resync\""
		",\"result\":\"rolled-back\""
		",\"detail\":\"1 of 2\"");
	mem_deref(mb);
}


/* Every name that stands in a line, none of them in need of an escape */
static void names(void **state)
{
	(void)state;

	for (req->breaches = 1; req->breaches <= BREACH_NO_TO;
	     req->breaches <<= 1) {
		struct odict *od = NULL;
		char line[1024];

		(void)re_snprintf(line, sizeof(line), "{\"time\":0%s0}",
				  print_answer(false));
		assert_int_equal(0, json_decode_odict(&od, 8, line,
						      strlen(line), 4));
		assert_non_null(odict_get_type(od, ODICT_ARRAY, "notes"));
		/* time, id, door, verdict, the one note, ms */
		assert_int_equal(6, odict_count(od, true));
		mem_deref(od);
	}
}


static void foreign_text(void **state)
{
	static const struct {
		const char *in;
		size_t len;
		const char *out;
	} testv[] = {
#define IN(s) s, sizeof(s) - 1
		{IN("plain"), "plain"},
		{IN("\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x9e"),
		 "\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x9e"},
		{IN("a\"b\\c"), "a\\\"b\\\\c"},
		{IN("\r\n\t\x01\x12["), "\\r\\n\\t\\u0001\\u0012["},
		{IN("a\0b"), "a" BAD "b"},
		{IN("\x7f"), BAD},
		{IN("\xc2\x9b" "31m"), BAD BAD "31m"},
		{IN("\xc2\xa0"), "\xc2\xa0"},
		{IN("\xff\xfe"), BAD BAD},
		{IN("\xe4\xf6\xfc"), BAD BAD BAD},
		{IN("cut \xe2\x82"), "cut " BAD BAD},
		{IN("\x80"), BAD},
		{IN("\xc0\xaf"), BAD BAD},
		{IN("\xe0\x80\xaf"), BAD BAD BAD},
		{IN("\xed\xa0\x80"), BAD BAD BAD},
		{IN("\xf0\x80\x80\xaf"), BAD BAD BAD BAD},
		{IN("\xf4\x90\x80\x80"), BAD BAD BAD BAD},
		{IN("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf"},
		{IN("\xe2\x82" "A"), BAD BAD "A"},
		{"\xe2\x82\xac", 2, BAD BAD},
	};
	char expected[256];
	size_t i;
	(void)state;

	for (i = 0; i < sizeof(testv)/sizeof(testv[0]); ++i) {

		req->ruri.p = testv[i].in;
		req->ruri.l = testv[i].len;
		(void)re_snprintf(expected, sizeof(expected),
				  ",\"ruri\":\"%s\",", testv[i].out);

		if (!strstr(print_answer(false), expected))
			assert_string_equal(print_answer(false), expected);
	}
}


static void long_text(void **state)
{
	char buf[400];
	(void)state;

	memset(buf, 'x', sizeof(buf));
	req->ruri.p = buf;
	req->ruri.l = 256;
	assert_int_equal(256, ruri_len());
	req->ruri.l = sizeof(buf);
	assert_int_equal(256, ruri_len());

	/* The border of a character is at 255 */
	memcpy(&buf[255], "\xc3\xa4", 2);
	assert_int_equal(255, ruri_len());
	memcpy(&buf[254], "\xc3\xa4", 2);
	assert_int_equal(256, ruri_len());

	/* Each bad byte takes three */
	memset(buf, 0xff, sizeof(buf));
	assert_int_equal(255, ruri_len());
}


static void time_line(void **state)
{
	char buf[64];
	struct tm tm;
	time_t then;
	(void)state;

	assert_true(re_snprintf(buf, sizeof(buf), "%H", journal_line_time,
				NULL) > 0);
	assert_int_equal(24, strlen(buf));
	assert_int_equal('.', buf[19]);
	assert_int_equal('Z', buf[23]);
	assert_int_equal(3, strspn(&buf[20], "0123456789"));

	memset(&tm, 0, sizeof(tm));
	assert_non_null(strptime(buf, "%Y-%m-%dT%H:%M:%S.", &tm));
	then = timegm(&tm);
	assert_true(time(NULL) >= then && time(NULL) - then < 3600);
}


static void urls(void **state)
{
	static const struct {
		const char *in;
		const char *out;
	} testv[] = {
		{"http://host/path?query",          "http://host"},
		{"https://host:8443/",              "https://host:8443"},
		{"https://user:secret@host:8443/",  "https://host:8443"},
		{"https://user:se:cr@et@host/path", "https://host"},
		{"https://user:sec/ret@host/path",  "https://"},
		{"https://user:sec?ret@host",       "https://"},
		{"https://user:sec\\ret@host",      "https://"},
		{"https://user:sec#ret@host",       "https://"},
		{"tftp://10.13.4.121",              "tftp://10.13.4.121"},
		{"ftp://[2001:db8::1]:21/x",        "ftp://[2001:db8::1]:21"},
		{"file:///etc/secret",              "file://"},
		{"host:80/secret",                  "host:80"},
		{"user:secret@host/x",              "host"},
		{"/secret/path",                    ""},
		{"http://ho\r\nst/",                "http://ho"},
		{"http://h\"\x1b[31m",              "http://h"},
		{"?u=http://secret/",               ""},
		{"",                                ""},
		{NULL,                              ""},
	};
	char buf[128];
	size_t i;
	(void)state;

	for (i = 0; i < sizeof(testv)/sizeof(testv[0]); ++i) {
		assert_true(re_snprintf(buf, sizeof(buf), "%H", journal_url,
					testv[i].in) >= 0);
		assert_string_equal(buf, testv[i].out);
	}
}


static void wrong_arguments(void **state)
{
	struct mbuf *mb = mbuf_alloc(64);
	struct ending ending;
	(void)state;

	ending_set(&ending, RESULT_OK, NULL);
	assert_int_equal(EINVAL, journal_line_answer(NULL, req, true));
	assert_int_equal(EINVAL, journal_line_answer(mb, NULL, true));
	assert_int_equal(EINVAL, journal_line_ending(NULL, req, 0, &ending));
	assert_int_equal(EINVAL, journal_line_ending(mb, NULL, 0, &ending));
	assert_int_equal(EINVAL, journal_line_ending(mb, req, 0, NULL));
	mem_deref(mb);
}


#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest testv[] = {
		TEST(whole_answer),
		TEST(no_password),
		TEST(shared_answer),
		TEST(nothing_that_is_not_there),
		TEST(ipv6_source),
		TEST(ending_line),
		TEST(names),
		TEST(foreign_text),
		TEST(long_text),
		TEST(long_uri),
		TEST(time_line),
		TEST(urls),
		TEST(wrong_arguments),
	};

	return cmocka_run_group_tests_name("journal_line", testv, NULL, NULL);
}
