/**
 * @file test_audiocodes.c  AudioCodes' path/key=value
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


#define SIP "voip/signalling/sip/"


static void test_whole(void **state)
{
	const struct profile_account *acc;
	struct decoded d;
	(void)state;

	decode(&d, "# made by a script\n"
	       "; provisioning\n"
	       "voip/line/0/enabled=1 \n"
	       "voip/line/0/id=3001\n"
	       "voip/line/0/description=Desk One \n"
	       "voip/line/0/auth_name=a3001\n"
	       "voip/line/0/auth_password=pw=1\n"
	       "voip/line/0/extension_display=3001\n"
	       "voip/line/1/enabled=0\n"
	       "voip/line/1/id=\n"
	       "voip/line/1/description= \n"
	       "voip/line/0/do_not_disturb/activated=0\n"
	       SIP "transport_protocol=tls\n"
	       SIP "proxy_address=sip.example.net\n"
	       SIP "proxy_port=65535\n"
	       SIP "proxy_timeout=1800\n"
	       SIP "use_proxy=1\n"
	       SIP "sip_outbound_proxy/enabled=1 \n"
	       SIP "sip_outbound_proxy/addr=sbc.example.net \n"
	       SIP "sip_outbound_proxy/port=5062\n"
	       SIP "redundant_proxy/address=r.example.net\n"
	       "voip/codec/codec_info/0/name=G722\n"
	       "voip/codec/codec_info/1/enabled=1\n"
	       "voip/codec/codec_info/1/name=PCMA\n"
	       "voip/codec/codec_info/1/ptime=20\n"
	       "voip/codec/codec_info/2/enabled=0\n"
	       "voip/codec/codec_info/2/name=PCMU\n"
	       "voip/media/out_of_band_dtmf=RFC2833\n"
	       "voip/services/msg_waiting_ind/subscribe=1\n"
	       "voip/services/msg_waiting_ind/voice_mail_number=*97\n"
	       "voip/services/notify/check_sync/force_reboot_enabled=1\n"
	       "voip/auto_answer/enabled=1\n"
	       "provisioning/configuration/url=http://192.0.2.7/cfg/\n"
	       "provisioning/period/type=HOURLY\n"
	       "provisioning/period/hourly/hours_interval=6\n");

	acc = account_at(&d, 0);
	assert_int_equal(list_count(&d.prof->accountl), 1);
	assert_int_equal(acc->line, 1);
	assert_int_equal(acc->lineno, 3);
	assert_string_equal(acc->display, "Desk One");
	assert_string_equal(acc->auth_user, "a3001");
	assert_string_equal(acc->secret, "pw=1");
	assert_string_equal(acc->voicemail, "*97");
	assert_string_equal(acc->second.host, "r.example.net");
	assert_line(acc, "<sip:3001@sip.example.net;transport=tls>"
		    ";regint=1800"
		    ";outbound=\"sip:sbc.example.net:5062;transport=tls\""
		    ";audio_codecs=G722/16000/1,PCMA/8000/1;mwi=yes");
	assert_int_equal(d.prof->features.dnd, 0);
	assert_int_equal(d.prof->policy.checksync, CHECKSYNC_ALWAYS);
	assert_string_equal(d.prof->source.url, "http://192.0.2.7/cfg/");
	assert_int_equal(d.prof->source.interval, 360);
	assert_int_equal(d.prof->unknownc, 0);
	assert_non_null(note_of(&d, "voip/auto_answer/enabled"));

	decoded_free(&d);
}


static void test_registrar(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, "voip/line/1/id=u\n" SIP "proxy_address=a.example\n"
	       SIP "sip_registrar/addr=b.example\n"
	       SIP "sip_registrar/enabled=1\n");
	assert_line(account_at(&d, 0),
		    "<sip:u@a.example>;regint=3600;"
		    "outbound=\"sip:b.example\"");
	assert_int_equal(account_at(&d, 0)->line, 2);
	decoded_free(&d);

	decode(&d, "voip/line/1/id=u\n" SIP "proxy_address=a.example\n"
	       SIP "proxy_port=5080\n"
	       SIP "sip_registrar/addr=b.example\n"
	       SIP "sip_registrar/enabled=0\n");
	assert_line(account_at(&d, 0), "<sip:u@a.example:5080>;regint=3600");
	decoded_free(&d);
}


/* A key for all lines may stand in another file than the lines */
static void test_several_files(void **state)
{
	struct decoded d;
	(void)state;

	decoded_start(&d, NULL);
	decoded_add(&d, "include common.cfg\nvoip/line/0/id=u\n");
	decoded_add(&d, SIP "proxy_address=a.example\n");
	decoded_end(&d);
	assert_line(account_at(&d, 0), "<sip:u@a.example>;regint=3600");
	decoded_free(&d);
}


static int include_handler(const struct pl *ref, void *arg)
{
	return mbuf_printf(arg, "%r|", ref);
}


static void test_include(void **state)
{
	struct mbuf *mb = mbuf_alloc(64);
	bool overwrite = false;
	struct pl pl;
	(void)state;

	pl_set_str(&pl, "include  http://x/?a=b\n# include no\n"
		   "voip/line/0/id=include me\ninclude <two.cfg>\n"
		   "include \"\"\ninclude <>\ninclude ''\n");
	assert_int_equal(format_includes(&pl, NULL, &overwrite,
					 include_handler, mb), 0);
	mbuf_write_u8(mb, 0);
	assert_string_equal((char *)mb->buf, "http://x/?a=b|two.cfg|");
	assert_false(overwrite);
	mem_deref(mb);
}


static void test_refused(void **state)
{
	(void)state;

	assert_refused("voip/line/0/id=u\nvoip/line/0/auth", 2, "cut short");
	assert_refused("voip/line/0/id=u\n", 1, "domain");
	assert_refused("voip/line/0/enabled=1\n"
		       SIP "proxy_address=d\n", 1, "user");
	assert_refused("voip/line/0/id=a b\n", 1, "voip/line/0/id");
	assert_refused(SIP "proxy_port=65536\n", 1, "not a port");
	assert_refused(SIP "proxy_address=d/\n", 1, "not a host");
	assert_refused(SIP "transport_protocol=SCTP\n", 1, "UDP TCP TLS");
	assert_refused("voip/line/0/description=\"x\"\n", 1, "description");
}


static void test_unknown(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, "voip/line/0/id=u\n" SIP "proxy_address=d\n"
	       "not a key\nvoip/lime/0/id=x\nmarvel/of/all=1\na b/c=1\n"
	       "voip/media/out_of_band_dtmf=MORSE\n"
	       "personal_settings/language=ENGLISH\n"
	       "the secret is = s3cr3t\n");
	assert_int_equal(d.err, 0);
	assert_int_equal(d.prof->unknownc, 5);
	assert_string_equal(note_of(&d, "voip/lime/0/id")->meant,
			    "voip/line/#/id");
	assert_null(note_of(&d, "the secret is"));
	assert_false(note_of(&d, "marvel/of/all")->known);
	assert_true(note_of(&d, "voip/media/out_of_band_dtmf")->known);
	assert_true(note_of(&d, "personal_settings/language")->known);
	decoded_free(&d);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_registrar),
		cmocka_unit_test(test_several_files),
		cmocka_unit_test(test_include),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
