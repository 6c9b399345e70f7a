/**
 * @file test_yealink.c  Yealink configuration files and boot files
 * links: decoded.c profile/profile.c profile/note.c profile/account.c
 * profile/check.c profile/features.c grammar.c formats/format.c formats/text.c
 * formats/decode.c formats/set.c formats/native.c formats/yealink.c
 * formats/near.c formats/yealink_table.c formats/yealink_idle.c
 * formats/yealink_set.c formats/gigaset.c formats/audiocodes.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "profile/profile.h"
#include "settings/settings.h"
#include "formats/formats.h"
#include "decoded.h"


#define V "#!version:1.0.0.1\n"


static void test_whole(void **state)
{
	const struct profile_account *acc;
	struct decoded d;
	(void)state;

	decode(&d, V
	       "## a comment\n"
	       "\n"
	       "account.1.enable = 1\n"
	       "account.1.label = Reception\n"
	       "account.1.display_name = Front Desk\n"
	       "account.1.auth_name = front-auth\n"
	       "account.1.user_name = 4711\n"
	       "account.1.password = pa=ss word;#\n"
	       "account.1.sip_server.1.address = pbx.example.net\n"
	       "account.1.sip_server.1.port = 5061\n"
	       "account.1.sip_server.1.transport_type = 2\n"
	       "account.1.sip_server.1.expires = 900\n"
	       "account.1.sip_server.2.address = pbx2.example.net\n"
	       "account.1.sip_server.2.port = 5071\n"
	       "account.1.sip_server.2.transport_type = 1\n"
	       "account.1.outbound_proxy_enable = 1\n"
	       "account.1.outbound_proxy.1.address = 2001:db8::5\n"
	       "account.1.outbound_proxy.1.port = %NULL%\n"
	       "account.1.srtp_encryption = 2\n"
	       "account.1.subscribe_mwi = 1\n"
	       "account.1.auto_answer = 1\n"
	       "account.1.dtmf.type = 2\n"
	       "voice_mail.number.1 = *97\n");

	acc = account_at(&d, 0);
	assert_int_equal(acc->line, 1);
	assert_int_equal(acc->lineno, 4);
	assert_string_equal(acc->user, "4711");
	assert_string_equal(acc->display, "Front Desk");
	assert_string_equal(acc->auth_user, "front-auth");
	assert_string_equal(acc->secret, "pa=ss word;#");
	assert_string_equal(acc->second.host, "pbx2.example.net");
	assert_int_equal(acc->second.port, 5071);
	assert_string_equal(acc->voicemail, "*97");
	assert_line(acc, "<sip:4711@pbx.example.net:5061;transport=tls>"
		    ";regint=900"
		    ";outbound=\"sip:[2001:db8::5];transport=tls\""
		    ";mediaenc=srtp-mand;mwi=yes;answermode=auto"
		    ";dtmfmode=info");

	/* label, the second server's transport, DTMF that 1.0 cannot */
	assert_int_equal(d.prof->usedc, 18);
	assert_int_equal(d.prof->unusedc, 3);
	assert_int_equal(d.prof->unknownc, 0);
	assert_non_null(strstr(note_of(&d, "account.1.dtmf.type")->why,
			       "1.1"));

	decoded_free(&d);
}


static void test_static_and_old_keys(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, V
	       "static.auto_provision.server.url = tftp://10.0.0.9\n"
	       "static.auto_provision.server.username = phone\n"
	       "static.auto_provision.server.password = s3\n"
	       "auto_provision.repeat.enable = 1\n"
	       "account.2.enable=1\n"
	       "account.2.user_name=b\n"
	       "account.2.sip_server_host=10.0.0.1\n"
	       "account.2.sip_server_port=5060\n"
	       "account.2.transport=1\n"
	       "account.2.outbound_proxy_enable=0\n"
	       "account.2.outbound_host=10.0.0.2\n");

	assert_line(account_at(&d, 0),
		    "<sip:b@10.0.0.1;transport=tcp>;regint=3600");
	assert_int_equal(account_at(&d, 0)->line, 2);
	assert_string_equal(d.prof->source.url, "tftp://10.0.0.9");
	assert_string_equal(d.prof->source.user, "phone");
	assert_string_equal(d.prof->source.password, "s3");
	assert_int_equal(d.prof->source.interval, 1440);

	decoded_free(&d);
}


/* A Route is written only where the address itself does not lead there */
/* A bare host name is a TFTP server, as in DHCP's option 66 */
static void test_bare_server(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, V "auto_provision.server.url = 10.13.4.121\n");
	assert_int_equal(d.err, 0);
	assert_string_equal(d.prof->source.url, "tftp://10.13.4.121");
	decoded_free(&d);

	decode(&d, V "auto_provision.server.url = 10.13.4.121\n"
	       "auto_provision.server.url = %NULL%\n");
	assert_null(d.prof->source.url);
	decoded_free(&d);
}


/* What is not said of how long a registration lasts */
#define HOUR ";regint=3600"


static void test_route(void **state)
{
	static const struct {
		const char *keys;
		const char *line;
	} v[] = {
		{"", "<sip:u@a.example>" HOUR},
		{"account.1.sip_server.1.port=5060\n",
		 "<sip:u@a.example:5060>" HOUR},
		{"account.1.sip_server.1.port=5070\n",
		 "<sip:u@a.example:5070>" HOUR},
		{"account.1.sip_server.1.port=0\n", "<sip:u@a.example>" HOUR},
		{"account.1.outbound_proxy_enable=1\n"
		 "account.1.outbound_proxy.1.address=A.example\n",
		 "<sip:u@a.example>" HOUR},
		{"account.1.outbound_proxy_enable=1\n"
		 "account.1.outbound_proxy.1.address=a.example\n"
		 "account.1.outbound_proxy.1.port=5080\n",
		 "<sip:u@a.example>" HOUR ";outbound=\"sip:a.example:5080\""},
		{"account.1.outbound_proxy.1.address=b.example\n",
		 "<sip:u@a.example>" HOUR},
	};
	size_t i;
	(void)state;

	for (i=0; i<sizeof(v)/sizeof(v[0]); i++) {

		struct decoded d;
		char text[512];

		(void)re_snprintf(text, sizeof(text), V "%s"
				  "account.1.enable=1\n"
				  "account.1.user_name=u\n"
				  "account.1.sip_server.1.address=a.example\n",
				  v[i].keys);
		decode(&d, text);
		assert_line(account_at(&d, 0), v[i].line);
		decoded_free(&d);
	}
}


#define ACCOUNT "account.1.enable = 1\naccount.1.user_name = u\n" \
	"account.1.sip_server.1.address = d\n"


static void test_codecs_new(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, V ACCOUNT
	       "account.1.codec.opus.enable = 1\n"
	       "account.1.codec.opus.priority = 1\n"
	       "account.1.codec.g722.enable = 0\n"
	       "account.1.codec.pcma.priority = 1\n"
	       "account.1.codec.ilbc.enable = 1\n"
	       "account.1.codec.pcmu.rtpmap = 0\n"
	       "account.1.codec.pcmu = 1\n");

	/* pcma and opus share a place: pcma is known from the factory on */
	assert_string_equal(account_at(&d, 0)->codecs,
			    "PCMA/8000/1,opus/48000/2,PCMU/8000/1,"
			    "iLBC/8000/1");
	assert_non_null(note_of(&d, "g729"));
	assert_non_null(note_of(&d, "account.1.codec.pcmu.rtpmap"));
	assert_non_null(note_of(&d, "account.1.codec.pcmu"));
	decoded_free(&d);

	/* Nothing said: all that baresip has */
	decode(&d, V ACCOUNT);
	assert_null(account_at(&d, 0)->codecs);
	decoded_free(&d);

	/* None that baresip has: the same, and it is noted */
	decode(&d, V ACCOUNT
	       "account.1.codec.pcmu.enable = 0\n"
	       "account.1.codec.pcma.enable = 0\n"
	       "account.1.codec.g722.enable = 0\n");
	assert_null(account_at(&d, 0)->codecs);
	assert_non_null(note_of(&d, "g729"));
	decoded_free(&d);
}


static void test_codecs_old(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, V ACCOUNT
	       "account.1.codec.1.enable = 1\n"
	       "account.1.codec.1.priority = 3\n"
	       "account.1.codec.2.enable = 0\n"
	       "account.1.codec.6.enable = 1\n"
	       "account.1.codec.6.payload_type = G722\n"
	       "account.1.codec.6.priority = 1\n"
	       "account.1.codec.6.rtpmap = 9\n"
	       "account.1.codec.3.enable = 1\n"
	       "account.1.codec.0.enable = 1\n");

	assert_string_equal(account_at(&d, 0)->codecs,
			    "G722/16000/1,PCMU/8000/1");
	assert_int_equal(d.prof->unknownc, 0);
	assert_non_null(note_of(&d, "codec"));
	assert_non_null(note_of(&d, "account.1.codec.0.enable"));
	decoded_free(&d);
}


static void test_not_enabled(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, V
	       "account.1.enable = 0\naccount.1.user_name = a\n"
	       "account.2.user_name = b\n"
	       "voice_mail.number.3 = 9\n"
	       "account.4.enable = %NULL%\n");

	assert_int_equal(d.err, 0);
	assert_true(list_isempty(&d.prof->accountl));
	assert_null(note_of(&d, "a"));
	assert_non_null(note_of(&d, "b"));
	decoded_free(&d);
}


/* A later file overrides, a blank value leaves, %NULL% puts back */
static void test_several_files(void **state)
{
	struct decoded d;
	(void)state;

	decoded_start(&d, NULL);
	decoded_add(&d, V ACCOUNT "account.1.display_name = Common\n"
		    "account.1.password = one\nfeatures.dnd.enable = 1\n"
		    "account.1.sip_server.1.expires = 60\n");
	decoded_add(&d, V "account.1.user_name = v\n"
		    "account.1.display_name =\n"
		    "account.1.password = %NULL%\n"
		    "account.1.enable =\n"
		    "account.1.sip_server.1.expires = %NULL%\n");
	decoded_end(&d);

	assert_line(account_at(&d, 0), "<sip:v@d>;regint=3600");
	assert_string_equal(account_at(&d, 0)->display, "Common");
	assert_null(account_at(&d, 0)->secret);
	assert_int_equal(d.prof->features.dnd, 1);
	decoded_free(&d);

	decoded_start(&d, NULL);
	d.prof->overwrite = true;
	decoded_add(&d, V ACCOUNT "account.1.display_name = Common\n");
	decoded_add(&d, V "account.1.display_name =\n");
	decoded_end(&d);
	assert_null(account_at(&d, 0)->display);
	decoded_free(&d);
}


static void test_which_file(void **state)
{
	struct decoded d;
	(void)state;

	decoded_start(&d, NULL);
	decoded_add(&d, V ACCOUNT);
	decoded_add(&d, V "nonsense.key = 1\n\naccount.2.enable = 1\n"
		    "account.2.user_name = x\n");
	decoded_end(&d);

	assert_int_equal(d.err, EBADMSG);
	assert_int_equal(d.prof->file, 1);
	assert_int_equal(d.lineno, 4);
	assert_non_null(strstr(d.why, "domain"));
	assert_int_equal(note_of(&d, "nonsense.key")->file, 1);
	decoded_free(&d);
}


static void test_refused(void **state)
{
	(void)state;

	assert_refused(V "account.1.enable = 1\naccount.1.us", 3,
		       "cut short");
	assert_refused(V "account.1.enable = 1\naccount.1.us\n\n  \n", 3,
		       "cut short");
	assert_refused(V "\naccount.1.enable = 1\n", 3, "user");
	assert_refused(V "account.1.enable = 1\naccount.1.user_name = u\n", 2,
		       "domain");
	assert_refused(V "account.1.user_name = u;x\n", 2,
		       "account.1.user_name");
	assert_refused(V "account.1.user_name = u@d\n", 2, "user");
	assert_refused(V "account.1.sip_server.1.address = a b\n", 2,
		       "not a host");
	assert_refused(V "account.1.sip_server.1.address = a>;x=1\n", 2,
		       "not a host");
	assert_refused(V "account.1.sip_server.1.port = 70000\n", 2,
		       "not a port");
	assert_refused(V "account.1.sip_server.1.port = 5060x\n", 2,
		       "not a port");
	assert_refused(V "account.1.enable = yes\n", 2, "one of: 0 1");
	assert_refused(V "account.1.srtp_encryption = 7\n", 2, "one of");
	assert_refused(V "account.1.display_name = a\"b\n", 2, "display_name");
	assert_refused(V "account.1.sip_server.1.expires = soon\n", 2,
		       "not a number");
	assert_refused(V "auto_provision.server.url = http://a b/\n", 2,
		       "not a URL");
	assert_refused(V "features.action_uri_limit_ip = 10.0.0.1;any\n", 2,
		       "addresses");
	assert_refused(V "forward.no_answer.timeout = 21\n", 2, "20");
	assert_refused(V "\n\naccount.1.label = \xff\n", 4, "UTF-8");
}


/* Lines and keys that nobody knows are told, and stop nothing */
static void test_unknown(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, V ACCOUNT
	       "no equals sign s3cret\n"
	       "account.1.user_nane = typo\n"
	       "account.0.enable = 1\n"
	       "account.100000.enable = 1\n"
	       "features.no_such_thing = 1\n"
	       "a.1.2/3.4.5 = 1\n"
	       "static.auto_provision.server.url = file:///etc/passwd\n"
	       "action_url.registered = http://x/\n"
	       "= 1\n"
	       "key with = blanks\n"
	       "last = line\n");

	assert_int_equal(d.err, 0);
	assert_int_equal(list_count(&d.prof->accountl), 1);
	assert_null(d.prof->source.url);
	assert_int_equal(d.prof->usedc, 3);
	assert_int_equal(d.prof->unusedc, 5);
	assert_int_equal(d.prof->unknownc, 6);
	assert_false(note_of(&d, "account.1.user_nane")->known);
	assert_int_equal(note_of(&d, "account.1.user_nane")->lineno, 6);
	assert_true(note_of(&d, "features.no_such_thing")->known);
	assert_non_null(note_of(&d, "(line)"));
	decoded_free(&d);
}


static void test_windows(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, "\xef\xbb\xbf#!version:1.0.0.1\r\n"
	       "account.1.enable=1\r\naccount.1.user_name\t=\tu \r\n"
	       "account.1.sip_server.1.address = d");
	assert_line(account_at(&d, 0), "<sip:u@d>;regint=3600");
	decoded_free(&d);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_static_and_old_keys),
		cmocka_unit_test(test_bare_server),
		cmocka_unit_test(test_route),
		cmocka_unit_test(test_codecs_new),
		cmocka_unit_test(test_codecs_old),
		cmocka_unit_test(test_not_enabled),
		cmocka_unit_test(test_several_files),
		cmocka_unit_test(test_which_file),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_windows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
