/**
 * @file test_near.c  Misspelt keys, which a * must not swallow
 * links: decoded.c profile/profile.c profile/note.c profile/account.c
 * profile/check.c profile/features.c grammar.c formats/format.c formats/text.c
 * formats/decode.c formats/near.c formats/set.c formats/native.c
 * formats/yealink.c formats/yealink_table.c formats/yealink_idle.c
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


#define YEALINK "#!version:1.0.0.1\n"
#define AUDIO   "voip/line/0/id=u\nvoip/signalling/sip/proxy_address=d\n"

/** A key, and what it is meant to be */
static const struct {
	const char *head;       /**< Of the file                            */
	const char *key;
	const char *meant;      /**< NULL: it is not misspelt               */
	bool known;
} keyv[] = {
	{YEALINK, "account.1.pasword", "account.#.password", false},
	{YEALINK, "account.1.passwords", "account.#.password", false},
	{YEALINK, "account.12.user_nane", "account.#.user_name", false},
	{YEALINK, "account.1.auth_nmae", "account.#.auth_name", false},
	{YEALINK, "Account.1.Enable", "account.#.enable", false},
	{YEALINK, "account.1.sip_server.1.adress",
	 "account.#.sip_server.#.address", false},
	{YEALINK, "sip.notify_reboot_enabel", "sip.notify_reboot_enable",
	 false},
	{YEALINK, "static.auto_provision.server.urll",
	 "auto_provision.server.url", false},
	{AUDIO, "voip/line/0/auth_pasword", "voip/line/#/auth_password",
	 false},
	{AUDIO, "voip/signalling/sip/proxy_adress",
	 "voip/signalling/sip/proxy_address", false},

	/* known, and near to nothing */
	{YEALINK, "account.1.sip_server.1.retry_counts", NULL, true},
	{YEALINK, "account.1.label", NULL, true},
	{YEALINK, "sip.use_mac_in_ua", NULL, true},
	{AUDIO, "voip/line/0/extension_display", NULL, true},

	/* unknown, and too far from all */
	{YEALINK, "account.1.pazzwort", NULL, false},
	{YEALINK, "acc", NULL, false},
	{AUDIO, "house/key", NULL, false},
};


static void test_keys(void **state)
{
	char text[256];
	size_t i;
	(void)state;

	for (i=0; i<sizeof(keyv)/sizeof(keyv[0]); i++) {

		const struct profile_note *note;
		struct decoded d;

		(void)re_snprintf(text, sizeof(text), "%s%s=1\n",
				  keyv[i].head, keyv[i].key);
		decode(&d, text);
		assert_int_equal(d.err, 0);

		note = note_of(&d, keyv[i].key);
		if (!note)
			fail_msg("%s", keyv[i].key);

		assert_int_equal(note->known, keyv[i].known);

		if (str_cmp(note->meant ? note->meant : "",
			    keyv[i].meant ? keyv[i].meant : ""))
			fail_msg("%s: %s", keyv[i].key, note->meant);

		decoded_free(&d);
	}
}


/* What is meant is said, not done */
static void test_no_guess(void **state)
{
	struct decoded d;
	(void)state;

	decode(&d, YEALINK "account.1.enable = 1\naccount.1.user_name = u\n"
	       "account.1.sip_server.1.address = d\n"
	       "account.1.pasword = secret\n");
	assert_int_equal(d.err, 0);
	assert_null(account_at(&d, 0)->secret);
	assert_int_equal(d.prof->unknownc, 1);
	decoded_free(&d);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_no_guess),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
