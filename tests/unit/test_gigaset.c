/**
 * @file test_gigaset.c  Gigaset's XML
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


#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" \
	"<provisioning version=\"1.1\" productID=\"e2\">\n<nvm>\n"
#define TAIL "</nvm>\n</provisioning>\n"
#define P(name, value) "<param name=\"" name "\" value=\"" value "\"/>\n"


static void test_whole(void **state)
{
	const struct profile_account *acc;
	struct decoded d;
	(void)state;

	decode(&d, HEAD
	       P("SipProvider.2.Name", "House")
	       P("SipProvider.2.Domain", "pbx.example.net")
	       P("SipProvider.2.ProxyServerAddress", "sip.example.net")
	       P("SipProvider.2.ProxyServerPort", "5060")
	       P("SipProvider.2.RegServerAddress", "reg.example.net")
	       P("SipProvider.2.RegServerPort", "5070")
	       P("SipProvider.2.RegServerRefreshTimer", "180")
	       P("SipProvider.2.TransportProtocol", "2")
	       P("SipProvider.2.SRTP_Enabled", "1")
	       P("SipProvider.2.AcceptNonSRTPCalls", "0")
	       P("SipProvider.2.DTMFTransmission", "2")
	       P("SipProvider.2.MWISubscription", "1")
	       P("SipProvider.2.FailoverServerAddress", "b.example.net")
	       "<oper value=\"00003\" name=\"add_hs\">\n"
	       P("hs.RegStatus", "ToReg")
	       "</oper>\n"
	       P("hs.00003.DECT_AC", "0000")
	       P("SipAccount.00003.AuthName", "auth3")
	       P("SipAccount.00003.AuthPassword", "a&amp;b&quot; ")
	       P("SipAccount.00003.UserName", "1003")
	       P("SipAccount.00003.DisplayName", "J&#xf6;rg")
	       P("SipAccount.00003.ProviderId", "2")
	       P("SipAccount.00003.VoiceMailMailbox", "*98")
	       P("SystemSettings.global.CheckSyncRebootEnabled", "1")
	       P("Provisioning.global.ProvisioningServer",
		 "https://prov.example.net/x/")
	       TAIL);

	acc = account_at(&d, 0);
	assert_int_equal(acc->line, 3);
	assert_string_equal(acc->auth_user, "auth3");
	assert_string_equal(acc->secret, "a&b\"");
	assert_string_equal(acc->display, "J\xc3\xb6rg");
	assert_string_equal(acc->voicemail, "*98");
	assert_string_equal(acc->second.host, "b.example.net");
	assert_line(acc, "<sip:1003@pbx.example.net;transport=tcp>"
		    ";regint=180"
		    ";outbound=\"sip:reg.example.net:5070;transport=tcp\""
		    ";mediaenc=srtp-mand;mwi=yes");
	assert_int_equal(d.prof->policy.checksync_reboot, 1);
	assert_string_equal(d.prof->source.url,
			    "https://prov.example.net/x/");

	/* Name, add_hs, its RegStatus, DECT_AC */
	assert_int_equal(d.prof->usedc, 20);
	assert_int_equal(d.prof->unusedc, 4);
	assert_int_equal(d.prof->unknownc, 0);
	assert_int_equal(note_of(&d, "hs.00003.DECT_AC")->lineno, 20);

	decoded_free(&d);
}


#define U(n, user) P("SipAccount.0000" n ".UserName", user)

static void test_providers(void **state)
{
	struct decoded d;
	(void)state;

	/* Unsaid, it is the first with a domain; one that is not used */
	decode(&d, HEAD
	       P("SipProvider.0.MWISubscription", "1")
	       P("SipProvider.1.Domain", "192.0.2.1")
	       P("SipProvider.1.ProxyServerAddress", "192.0.2.1")
	       P("SipProvider.1.ProxyServerPort", "5060")
	       P("SipProvider.1.OutboundProxyMode", "2")
	       P("SipProvider.1.OutboundProxyAddress", "192.0.2.9")
	       P("SipProvider.2.Domain", "b.example")
	       P("SipProvider.2.OutboundProxyAddress", "192.0.2.9")
	       U("1", "a") U("2", "b")
	       P("SipAccount.00002.ProviderId", "2")
	       P("SipAccount.00003.VoiceMailActive", "1")
	       P("SipAccount.00004.UserName", "")
	       TAIL);

	assert_line(account_at(&d, 0), "<sip:a@192.0.2.1>;regint=180");
	assert_line(account_at(&d, 1),
		    "<sip:b@b.example>;regint=180;outbound=\"sip:192.0.2.9\"");
	assert_int_equal(list_count(&d.prof->accountl), 2);
	assert_non_null(note_of(&d, "provider.0"));
	assert_int_equal(note_of(&d, "provider.0")->lineno, 4);
	decoded_free(&d);
}


static void test_srtp(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, HEAD P("SipProvider.1.Domain", "d") U("1", "a")
	       P("SipProvider.1.SRTP_Enabled", "1") TAIL);
	assert_string_equal(account_at(&d, 0)->mediaenc, "srtp");
	decoded_free(&d);

	decode(&d, HEAD P("SipProvider.1.Domain", "e") U("1", "a")
	       P("SipProvider.0.Domain", "d")
	       P("SipAccount.00001.ProviderId", "0")
	       P("SipProvider.0.AcceptNonSRTPCalls", "0")
	       P("SipProvider.0.SRTP_Enabled", "0") TAIL);
	assert_line(account_at(&d, 0), "<sip:a@d>;regint=180");
	assert_null(account_at(&d, 0)->mediaenc);
	decoded_free(&d);
}


static void test_refused(void **state)
{
	(void)state;

	assert_refused(HEAD U("1", "a"), 5, "cut short");
	assert_refused(HEAD U("1", "a") "</nvm>\n", 6, "cut short");
	assert_refused(HEAD U("1", "a") "</nvm></prov>\n", 5, "broken");
	assert_refused(HEAD U("1", "a") TAIL TAIL, 7, "broken");
	assert_refused(HEAD U("1", "a") TAIL, 4, "domain");
	assert_refused(HEAD P("SipProvider.1.Domain", "d")
		       P("SipAccount.1.AuthName", "x") TAIL, 5, "user");
	assert_refused(HEAD P("SipAccount.1.UserName", "a&#10;b") TAIL, 4,
		       "SipAccount.1.UserName");
	assert_refused(HEAD P("SipAccount.1.DisplayName", "a&quot;b") TAIL, 4,
		       "DisplayName");
	assert_refused(HEAD P("SipProvider.1.Domain", "a b") TAIL, 4,
		       "not a host");
	assert_refused(HEAD P("SipProvider.1.TransportProtocol", "9") TAIL, 4,
		       "one of: 1 2 3");
	assert_refused("<?xml version=\"1.0\"?>\n<x><provisioning/></x>\n", 2,
		       "not <provisioning>");
	assert_refused("<?xml version=\"1.0\"?>\n<settings/>\n", 1,
		       "no known format");
	assert_refused("<provisioning><nvm><a><b><c><d><e><f><g>"
		       "</g></f></e></d></c></b></a></nvm></provisioning>", 1,
		       "deep");
}


/* No document type: neither a file nor a thousand laughs */
static void test_entities(void **state)
{
	(void)state;

	assert_refused("<?xml version=\"1.0\"?>\n"
		       "<!DOCTYPE p [<!ENTITY a SYSTEM \"file:///etc/hosts\">"
		       "]>\n<provisioning><nvm>"
		       P("SipAccount.1.UserName", "&a;")
		       "</nvm></provisioning>", 2, "document type");
	assert_refused("<!DOCTYPE provisioning SYSTEM \"http://x/\">"
		       "<provisioning/>", 1, "document type");
	assert_refused("<provisioning><nvm>"
		       P("SipAccount.1.UserName", "&a;")
		       "</nvm></provisioning>", 1, "undefined entity");
	assert_refused("<?xml version=\"1.0\" encoding=\"UTF-16\"?>"
		       "<provisioning><nvm></provisioning>", 1, "broken");
}


static void test_unknown(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, HEAD
	       "<firmware><file version=\"1\" url=\"http://x/\"/></firmware>\n"
	       "<oper name=\"update_dm\" value=\"local\">"
	       P("RegStart", "1700000000") P("RegDuration", "900")
	       "</oper>\n"
	       P("SipAccount.1.UserNane", "x")
	       P("sipaccount.1.UserName", "x")
	       "<param name=\"SipAccount.1.AuthName\"/>\n"
	       "<param/>\n"
	       "<gadget name=\"x\">text</gadget>\n"
	       P("Telephony.0.ToneScheme", "Germany")
	       TAIL);

	assert_int_equal(d.err, 0);
	assert_int_equal(d.prof->unknownc, 4);
	assert_non_null(note_of(&d, "firmware.file"));
	assert_non_null(note_of(&d, "oper.update_dm"));
	assert_non_null(note_of(&d, "oper.update_dm.RegStart"));
	assert_non_null(note_of(&d, "oper.update_dm.RegDuration"));
	assert_false(note_of(&d, "SipAccount.1.UserNane")->known);
	assert_false(note_of(&d, "gadget")->known);
	assert_true(note_of(&d, "Telephony.0.ToneScheme")->known);
	decoded_free(&d);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_providers),
		cmocka_unit_test(test_srtp),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_entities),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
