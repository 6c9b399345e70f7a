/**
 * @file test_yealink_set.c  Yealink: boot files, models, features, keys
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

#define ACCOUNT "account.1.enable = 1\naccount.1.user_name = u\n" \
	"account.1.sip_server.1.address = d\n"


static void test_models(void **state)
{
	static const char text[] = V ACCOUNT
		"[T48S]account.1.display_name = big\n"
		"[ T23G , SIP-T46S ]\n"
		"account.1.auth_name = mine\n"
		"[ phone ]\n"
		"account.1.auth_name = old\n"
		"features.dnd.enable = 1\n";
	struct decoded d;
	(void)state;

	decoded_start(&d, "SIP-T46S");
	decoded_add(&d, text);
	decoded_end(&d);
	assert_null(account_at(&d, 0)->display);
	assert_string_equal(account_at(&d, 0)->auth_user, "mine");
	assert_int_equal(d.prof->features.dnd, -1);
	assert_int_equal(d.prof->unusedc, 3);
	decoded_free(&d);

	decoded_start(&d, "t48s");
	decoded_add(&d, text);
	decoded_end(&d);
	assert_string_equal(account_at(&d, 0)->display, "big");
	assert_null(account_at(&d, 0)->auth_user);
	decoded_free(&d);

	decode(&d, text);
	assert_null(account_at(&d, 0)->display);
	assert_null(account_at(&d, 0)->auth_user);
	decoded_free(&d);
}


static int include_handler(const struct pl *ref, void *arg)
{
	struct mbuf *mb = arg;

	return mbuf_printf(mb, "%r|", ref);
}


static void assert_includes(const char *text, const char *model,
			    const char *list, bool overwrite)
{
	struct mbuf *mb = mbuf_alloc(64);
	bool over = !overwrite;
	struct pl pl;

	pl_set_str(&pl, text);
	assert_int_equal(format_includes(&pl, model, &over, include_handler,
					 mb), 0);
	assert_int_equal(over, overwrite);
	mbuf_write_u8(mb, 0);
	assert_string_equal((char *)mb->buf, list);
	mem_deref(mb);
}


static void test_boot(void **state)
{
	static const char boot[] = V
		"include:config <common.cfg>\r\n"
		"include:config \"http://10.0.0.1/$MAC.cfg\"\n"
		"include:config plain.cfg\n"
		"#include:config no.cfg\n"
		"[T46S]include:config \"t46.cfg\"\n"
		"[T48S,T29G]include:config \"t48.cfg\"\n"
		"overwrite_mode = 1\n";
	static const char excluded[] = V
		"include:config \"all.cfg\"\n"
		"[T46S]\n"
		"include:config \"t46.cfg\"\n"
		"[T48S]\n"
		"specific_model.excluded_mode = 0\n"
		"[T46S]\n"
		"static.specific_model.excluded_mode = 1\n"
		"overwrite_mode = 0\n";
	struct decoded d;
	(void)state;

	assert_includes(boot, "T46S", "common.cfg|http://10.0.0.1/$MAC.cfg|"
			"plain.cfg|t46.cfg|", true);
	assert_includes(boot, "T29G", "common.cfg|http://10.0.0.1/$MAC.cfg|"
			"plain.cfg|t48.cfg|", true);
	assert_includes(boot, NULL, "common.cfg|http://10.0.0.1/$MAC.cfg|"
			"plain.cfg|", true);
	assert_includes(excluded, "SIP-T46S", "t46.cfg|", false);
	assert_includes(V "specific_model.excluded_mode = 1\n"
			"include:config a.cfg\noverwrite_mode = 1\n",
			"T46S", "a.cfg|", true);

	/* As a file among others it is in order, and has no accounts */
	decode(&d, boot);
	assert_int_equal(d.err, 0);
	assert_int_equal(d.prof->usedc, 4);
	assert_int_equal(d.prof->unusedc, 2);
	assert_int_equal(d.prof->unknownc, 0);
	decoded_free(&d);
}


static void test_features(void **state)
{
	const struct profile_features *f;
	struct decoded d;
	(void)state;

	decode(&d, V
	       "features.dnd.enable = 0\n"
	       "call_waiting.enable = 0\n"
	       "forward.always.enable = 1\n"
	       "forward.always.target = 0049891234\n"
	       "forward.busy.target = not a number\n"
	       "forward.no_answer.enable = 1\n"
	       "forward.no_answer.target = sip:vm@pbx.example.net\n"
	       "forward.no_answer.timeout = 20\n");

	assert_int_equal(d.err, 0);
	f = &d.prof->features;
	assert_int_equal(f->dnd, 0);
	assert_int_equal(f->call_waiting, 0);
	assert_int_equal(f->forwardv[PROFILE_FORWARD_ALWAYS].on, 1);
	assert_string_equal(f->forwardv[PROFILE_FORWARD_ALWAYS].target,
			    "0049891234");
	assert_int_equal(f->forwardv[PROFILE_FORWARD_BUSY].on, -1);
	assert_null(f->forwardv[PROFILE_FORWARD_BUSY].target);
	assert_true(note_of(&d, "forward.busy.target")->known);
	assert_int_equal(f->forwardv[PROFILE_FORWARD_NO_ANSWER].seconds,
			 120);
	decoded_free(&d);
}


/* What each account says is the phone's, if all say the same; else it is the
   account's alone */
static void test_features_of_accounts(void **state)
{
#define TWO ACCOUNT "account.2.enable = 1\naccount.2.user_name = w\n" \
	"account.2.sip_server.1.address = d\n" \
	"account.1.dnd.enable = 1\n" \
	"account.1.busy_fwd.enable = 1\naccount.1.busy_fwd.target = 12\n"
	const struct profile_forward *fwd;
	struct decoded d;
	(void)state;

	decode(&d, V TWO "account.2.dnd.enable = 1\n"
	       "account.2.busy_fwd.enable = 1\n"
	       "account.2.busy_fwd.target = 12\n");
	fwd = &d.prof->features.forwardv[PROFILE_FORWARD_BUSY];
	assert_int_equal(d.prof->features.dnd, 1);
	assert_int_equal(fwd->on, 1);
	assert_string_equal(fwd->target, "12");
	assert_int_equal(d.prof->unusedc, 0);
	decoded_free(&d);

	decode(&d, V TWO "account.2.busy_fwd.enable = 1\n"
	       "account.2.busy_fwd.target = 13\n");
	fwd = &d.prof->features.forwardv[PROFILE_FORWARD_BUSY];
	assert_int_equal(d.prof->features.dnd, -1);
	assert_int_equal(fwd->on, -1);
	assert_int_equal(d.prof->unusedc, 0);
	decoded_free(&d);

	/* What is said for the phone stands */
	decode(&d, V ACCOUNT "account.1.dnd.enable = 1\n"
	       "features.dnd.enable = 0\n");
	assert_int_equal(d.prof->features.dnd, 0);
	decoded_free(&d);
}


static void test_policy(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, V
	       "features.action_uri_limit_ip = 10.0.0.1, 10.10.*.*\n"
	       "features.show_action_uri_option = 0\n"
	       "features.reboot_in_talk_enable = 1\n"
	       "sip.notify_reboot_enable = 2\n"
	       "sip.trust_ctrl = 1\n"
	       "sip.request_validation.digest.list = INVITE,NOTIFY\n");
	assert_int_equal(d.err, 0);
	assert_string_equal(d.prof->policy.http_from, "10.0.0.1, 10.10.*.*");
	assert_string_equal(d.prof->policy.notify_from, "server");
	assert_int_equal(d.prof->policy.consent, CONSENT_ALLOW);
	assert_int_equal(d.prof->policy.reboot_in_call, 1);
	assert_int_equal(d.prof->policy.checksync, CHECKSYNC_IGNORE);
	assert_int_equal(d.prof->policy.challenge, CHALLENGE_ALL);
	assert_int_equal(d.prof->policy.checksync_reboot, -1);
	decoded_free(&d);

	decode(&d, V "features.action_uri.enable = 0\n"
	       "features.show_action_uri_option = 0\n");
	assert_int_equal(d.prof->policy.consent, CONSENT_DENY);
	decoded_free(&d);

	decode(&d, V "sip.trust_ctrl = 1\nsip.trust_ctrl = 0\n");
	assert_null(d.prof->policy.notify_from);
	assert_int_equal(d.prof->policy.consent, -1);
	decoded_free(&d);
}


static void test_keys(void **state)
{
	const struct profile_key *key;
	struct decoded d;
	struct le *le;
	(void)state;

	decode(&d, V
	       "linekey.3.type = 16\nlinekey.3.value = 1002\n"
	       "linekey.3.label = \"Bob\"\n"
	       "linekey.1.line = 2\nlinekey.1.type = 15\n"
	       "linekey.2.type = 17\nlinekey.2.value = http://x/\n"
	       "linekey.4.type = 13\nlinekey.4.value = a b\n"
	       "linekey.9.type = 0\n"
	       "memorykey.2.value = sip:100@x.example\n"
	       "memorykey.2.type = 13\n");

	assert_int_equal(d.err, 0);
	assert_int_equal(d.prof->unknownc, 0);
	assert_int_equal(list_count(&d.prof->keyl), 3);

	le = d.prof->keyl.head;
	key = le->data;
	assert_true(key->memory);
	assert_int_equal(key->n, 2);
	assert_int_equal(key->kind, PROFILE_KEY_DIAL);
	assert_string_equal(key->value, "sip:100@x.example");

	key = le->next->data;
	assert_false(key->memory);
	assert_int_equal(key->n, 1);
	assert_int_equal(key->kind, PROFILE_KEY_LINE);
	assert_int_equal(key->line, 2);

	key = le->next->next->data;
	assert_int_equal(key->n, 3);
	assert_string_equal(key->value, "1002");
	assert_string_equal(key->label, "\"Bob\"");

	assert_non_null(note_of(&d, "linekey.2.type"));
	assert_non_null(note_of(&d, "linekey.4"));
	decoded_free(&d);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_models),
		cmocka_unit_test(test_boot),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_features_of_accounts),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
