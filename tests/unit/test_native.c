/**
 * @file test_native.c  baresip's own accounts files
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
#include "formats/formats.h"
#include "decoded.h"


static void test_whole(void **state)
{
	const struct profile_account *acc;
	struct decoded d;
	(void)state;

	decode(&d, "# who we are\n"
	       "\n"
	       "  \"Alice \xc3\x84\" <sip:alice@pbx.example.net:5070"
	       ";transport=tcp>;auth_user=a1;auth_pass=\"x;y z\""
	       ";outbound=\"sip:sbc.example.net;transport=tls\""
	       ";regint=600;audio_codecs=opus/48000/2,pcma"
	       ";mediaenc=srtp-mand;medianat=ice;mwi=no"
	       ";answermode=early;ptime=40\r\n");

	acc = account_at(&d, 0);
	assert_int_equal(acc->line, 1);
	assert_int_equal(acc->lineno, 3);
	assert_string_equal(acc->user, "alice");
	assert_string_equal(acc->domain, "pbx.example.net");
	assert_int_equal(acc->port, 5070);
	assert_string_equal(acc->display, "Alice \xc3\x84");
	assert_string_equal(acc->auth_user, "a1");
	assert_string_equal(acc->secret, "x;y z");
	assert_line(acc, "<sip:alice@pbx.example.net:5070;transport=tcp>"
		    ";regint=600"
		    ";outbound=\"sip:sbc.example.net;transport=tls\""
		    ";audio_codecs=opus/48000/2,pcma;mediaenc=srtp-mand"
		    ";medianat=ice;mwi=no;answermode=early;ptime=40");

	assert_int_equal(d.prof->usedc, 11);
	assert_int_equal(d.prof->unusedc, 0);
	assert_int_equal(d.prof->unknownc, 0);

	decoded_free(&d);
}


static void test_shapes(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, "<sip:a@10.0.0.1>\n"
	       "sip:b@[2001:db8::1]:5061;regint=0\n"
	       "Bob the Builder <sip:c@d>;REGINT = 0 ; mwi\t=\tyes\n"
	       "\"\" <sip:d+1*2@x-y.example.>");

	assert_line(account_at(&d, 0), "<sip:a@10.0.0.1>");
	assert_null(account_at(&d, 0)->display);
	assert_line(account_at(&d, 1), "<sip:b@[2001:db8::1]:5061>;regint=0");
	assert_line(account_at(&d, 2), "<sip:c@d>;regint=0;mwi=yes");
	assert_string_equal(account_at(&d, 2)->display, "Bob the Builder");
	assert_line(account_at(&d, 3), "<sip:d+1*2@x-y.example.>");
	assert_null(account_at(&d, 3)->display);

	assert_ptr_equal(profile_account_find(d.prof, "c", "D"),
			 account_at(&d, 2));
	assert_null(profile_account_find(d.prof, "C", "d"));

	decoded_free(&d);
}


/* What could load modules, open files or listen to the room */
static void test_not_taken(void **state)
{
	const struct profile_note *note;
	struct decoded d;
	(void)state;

	decode(&d, "<sip:a:b@b;regint=7;lr>;audio_source=alsa,x;extra=1"
	       ";shoe=size;stunserver=\"stun:s\";catchall\n");

	assert_line(account_at(&d, 0), "<sip:a@b>");
	assert_int_equal(d.prof->unusedc, 5);
	assert_int_equal(d.prof->unknownc, 3);
	assert_non_null(note_of(&d, "(password in the URI)"));

	note = note_of(&d, "audio_source");
	assert_non_null(note);
	assert_true(note->known);
	assert_int_equal(note->lineno, 1);

	note = note_of(&d, "shoe");
	assert_non_null(note);
	assert_false(note->known);

	decoded_free(&d);
}


/* A parameter in a quoted value is not one */
static void test_injection(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, "<sip:a@b>;auth_pass=\"x;answermode=auto;regint=0\"\n");

	assert_line(account_at(&d, 0), "<sip:a@b>");
	assert_string_equal(account_at(&d, 0)->secret,
			    "x;answermode=auto;regint=0");

	decoded_free(&d);
}


static void test_refused(void **state)
{
	(void)state;

	assert_refused("<sip:a@b>\n<sip:c>\n", 2, "user");
	assert_refused("<sip:a@b>\n<sip:@c>\n", 2, "user");
	assert_refused("<sip:a@b>\nnonsense\n", 2, "not an account");
	assert_refused("<sip:a@b>\n<sip:c@d", 2, "");
	assert_refused("<sip:a@b>;regint=", 1, "parameters");
	assert_refused("<sip:a@b>;auth_pass=\"x", 1, "parameters");
	assert_refused("<sip:a@b>;auth_pass=\"x\"y", 1, "parameters");
	assert_refused("<sip:a@b> junk", 1, "parameters");
	assert_refused("<sip:a@b>\nx<tel:1>", 2, "not an account");
	assert_refused("<sip:a@b:0>", 1, "domain");
	assert_refused("<sip:a@b:65536>", 1, "domain");
	assert_refused("<sip:a@b:5060x>", 1, "domain");
	assert_refused("<sip:a@b_c>", 1, "domain");
	assert_refused("<sip:a@1.2.3.400>", 1, "domain");
	assert_refused("<sip:a@[::zz]>", 1, "domain");
	assert_refused("<sip:a@b/c>", 1, "not an account");
	assert_refused("<sip:a%0d@b>", 1, "user");
	assert_refused("<sip:a b@c>", 1, "user");
	assert_refused("\"a\"b\" <sip:a@b>", 1, "not an account");
	assert_refused("\"a\\b\" <sip:a@b>", 1, "display name");
	assert_refused("<sip:a@b>;auth_user=\"a\\b\"", 1, "auth_user");
	assert_refused("<sip:a@b>;regint=-1", 1, "regint");
	assert_refused("<sip:a@b>;mediaenc=\"a;b\"", 1, "mediaenc");
	assert_refused("<sip:a@b>;audio_codecs=\"a b\"", 1, "audio_codecs");
	assert_refused("<sip:a@b>;outbound=b", 1, "outbound");
	assert_refused("<sip:a@b>;outbound=\"sip:x;y=1>\"", 1, "outbound");
	assert_refused("<sip:a@b>;outbound=\"sip:u@x\"", 1, "outbound");
	assert_refused("<sip:a@b>;answermode=silent", 1,
		       "manual early auto");
	assert_refused("<sip:a@b;transport=sctp>", 1, "udp tcp tls");
	assert_refused("<sip:a@b>;ptime=1000", 1, "ptime");
}


static void test_no_secret_in_reason(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, "<sip:a@b>;auth_pass=\"hunter2\x01\"");
	assert_int_equal(d.err, EBADMSG);
	assert_null(strstr(d.error.text, "hunter2"));
	decoded_free(&d);

	decode(&d, "<sip:a@b>;auth_user=\"hunter2\\\"");
	assert_int_equal(d.err, EBADMSG);
	assert_null(strstr(d.error.text, "hunter2"));
	decoded_free(&d);
}


/* Two with one address: the first stands, and it is said */
static void test_twice(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, "<sip:a@b>;regint=0\n<sip:a@B>\n<sip:A@b>\n");

	assert_int_equal(list_count(&d.prof->accountl), 2);
	assert_line(account_at(&d, 0), "<sip:a@b>;regint=0");
	assert_line(account_at(&d, 1), "<sip:A@b>");
	assert_non_null(note_of(&d, "a"));

	decoded_free(&d);
}


static void test_many(void **state)
{
	struct mbuf *mb = mbuf_alloc(65536);
	struct decoded d;
	char *text;
	unsigned i;
	(void)state;

	for (i=0; i<1000; i++)
		mbuf_printf(mb, "<sip:u%u@example.net>;auth_pass=p%u\n", i,
			    i);

	mb->pos = 0;
	assert_int_equal(mbuf_strdup(mb, &text, mb->end), 0);

	decode(&d, text);
	assert_int_equal(d.err, 0);
	assert_int_equal(list_count(&d.prof->accountl), 1000);
	assert_string_equal(account_at(&d, 999)->user, "u999");
	assert_int_equal(account_at(&d, 999)->line, 1000);
	decoded_free(&d);

	mem_deref(text);
	mem_deref(mb);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_not_taken),
		cmocka_unit_test(test_injection),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_secret_in_reason),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
