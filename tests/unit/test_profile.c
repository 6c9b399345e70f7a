/**
 * @file test_profile.c  Profiles: accounts, keys, notes, alike or not
 * links: profile/profile.c profile/note.c profile/account.c profile/check.c
 *        profile/features.c grammar.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <re.h>
#include "profile/profile.h"


static struct profile *profile_new(void)
{
	struct profile *prof = NULL;

	assert_int_equal(profile_alloc(&prof), 0);

	return prof;
}


static struct profile_account *account_new(struct profile *prof,
					   unsigned line, const char *user,
					   const char *domain)
{
	struct profile_account *acc = NULL;

	assert_int_equal(profile_account_add(prof, line, &acc), 0);

	if (user)
		assert_int_equal(str_dup(&acc->user, user), 0);
	if (domain)
		assert_int_equal(str_dup(&acc->domain, domain), 0);

	return acc;
}


static void check(struct profile *prof)
{
	unsigned lineno = 0;
	const char *why = NULL;

	assert_int_equal(profile_check(prof, &lineno, &why), 0);
}


static void test_accounts(void **state)
{
	struct profile *prof = profile_new();
	struct profile_account *a, *b;
	(void)state;

	b = account_new(prof, 20, "b", "x");
	a = account_new(prof, 3, "a", "x");
	assert_ptr_equal(account_new(prof, 20, NULL, NULL), b);
	account_new(prof, 7, "c", "x");

	assert_ptr_equal(prof->accountl.head->data, a);
	assert_ptr_equal(prof->accountl.tail->data, b);
	assert_int_equal(list_count(&prof->accountl), 3);

	assert_int_equal(profile_account_add(prof, PROFILE_LINE_MAX, &a), 0);
	assert_int_equal(profile_account_add(prof, 0, &a), ERANGE);
	assert_int_equal(profile_account_add(prof, PROFILE_LINE_MAX + 1, &a),
			 ERANGE);
	assert_int_equal(profile_account_add(prof, (unsigned)-1, &a), ERANGE);

	check(prof);
	assert_ptr_equal(profile_account_find(prof, "b", "X"), b);
	assert_null(profile_account_find(prof, "b", "y"));

	mem_deref(prof);
}


static void test_limits(void **state)
{
	struct profile *prof = profile_new();
	struct profile_account *acc;
	struct profile_key *key;
	unsigned i;
	(void)state;

	for (i=1; i<=PROFILE_ACCOUNTS_MAX; i++)
		assert_int_equal(profile_account_add(prof, i, &acc), 0);
	assert_int_equal(profile_account_add(prof, i, &acc), EOVERFLOW);
	assert_int_equal(profile_account_add(prof, 5, &acc), 0);

	for (i=0; i<PROFILE_KEYS_MAX; i++)
		assert_int_equal(profile_key_add(prof, i & 1, i, &key), 0);
	assert_int_equal(profile_key_add(prof, true, 9999, &key), EOVERFLOW);
	assert_int_equal(profile_key_add(prof, true, 7, &key), 0);
	assert_int_equal(key->n, 7);

	for (i=0; !profile_provider_add(prof, i, &acc); i++)
		;
	assert_int_equal(i, 64);

	mem_deref(prof);
}


/* What an account has outlives the profile, for whoever holds it */
static void test_held(void **state)
{
	struct profile *prof = profile_new();
	struct profile_account *acc = account_new(prof, 1, "a", "x");
	(void)state;

	check(prof);
	mem_ref(acc);
	mem_deref(prof);

	assert_string_equal(acc->user, "a");
	mem_deref(acc);
}


static void test_equal(void **state)
{
	struct profile *prof = profile_new();
	struct profile_account *a, *b;
	(void)state;

	a = account_new(prof, 1, "u", "x");
	b = account_new(prof, 2, "u", "x");

	assert_true(profile_account_equal(a, b));
	assert_true(profile_account_equal(NULL, NULL));
	assert_false(profile_account_equal(a, NULL));

#define DIFFERS(field, value) do {			\
		b->field = value;			\
		assert_false(profile_account_equal(a, b));	\
		b->field = a->field;			\
		assert_true(profile_account_equal(a, b));	\
	} while (0)

#define DIFFERS_STR(field) do {				\
		char *saved = b->field;			\
		b->field = NULL;			\
		assert_int_equal(str_dup(&b->field, "other"), 0); \
		assert_false(profile_account_equal(a, b));	\
		assert_false(profile_account_equal(b, a));	\
		mem_deref(b->field);			\
		b->field = saved;			\
		assert_true(profile_account_equal(a, b));	\
	} while (0)

	DIFFERS(port, 1);
	DIFFERS(transport, TRANSPORT_TCP);
	DIFFERS(expires, 0);
	DIFFERS(dtmf, DTMF_INFO);
	DIFFERS(mwi, 0);
	DIFFERS(answer, ANSWER_AUTO);
	DIFFERS(ptime, 40);

	DIFFERS_STR(user);
	DIFFERS_STR(domain);
	DIFFERS_STR(auth_user);
	DIFFERS_STR(secret);
	DIFFERS_STR(display);
	DIFFERS_STR(outbound);
	DIFFERS_STR(codecs);
	DIFFERS_STR(mediaenc);
	DIFFERS_STR(medianat);

	/* These change without a new account */
	assert_int_equal(str_dup(&b->voicemail, "9"), 0);
	assert_int_equal(str_dup(&b->second.host, "y"), 0);
	b->lineno = 77;
	assert_true(profile_account_equal(a, b));

	mem_deref(prof);
}


static void test_line(void **state)
{
	struct profile *prof = profile_new();
	struct profile_account *acc = account_new(prof, 1, "u", "x");
	char *line = NULL;
	(void)state;

	/* No secret, no name that somebody could have made a parameter of */
	assert_int_equal(str_dup(&acc->secret, "p;regint=0"), 0);
	assert_int_equal(str_dup(&acc->display, "D <sip:x@y>"), 0);
	assert_int_equal(str_dup(&acc->auth_user, "w"), 0);
	acc->port      = 5070;
	acc->transport = TRANSPORT_TLS;
	acc->expires   = 0;
	acc->ptime     = 30;
	acc->mwi       = 0;
	acc->answer    = ANSWER_MANUAL;

	assert_int_equal(profile_account_line(&line, acc), 0);
	assert_string_equal(line, "<sip:u@x:5070;transport=tls>;regint=0;"
			    "mwi=no;answermode=manual;ptime=30");
	mem_deref(line);

	acc->user = mem_deref(acc->user);
	assert_int_equal(profile_account_line(&line, acc), EINVAL);
	assert_int_equal(profile_account_line(NULL, acc), EINVAL);

	mem_deref(prof);
}


static void test_check_fails(void **state)
{
	struct profile *prof = profile_new();
	struct profile_account *acc;
	const char *why = NULL;
	unsigned lineno = 0;
	(void)state;

	account_new(prof, 1, "a", "x");
	acc = account_new(prof, 2, NULL, "x");
	acc->enabled = 1;
	acc->file    = 3;
	acc->lineno  = 44;

	assert_int_equal(profile_check(prof, &lineno, &why), EBADMSG);
	assert_int_equal(lineno, 44);
	assert_int_equal(prof->file, 3);
	assert_non_null(strstr(why, "no user"));

	assert_int_equal(profile_check(NULL, &lineno, &why), EINVAL);

	mem_deref(prof);
}


static void test_notes(void **state)
{
	struct profile *prof = profile_new();
	const struct profile_note *note;
	char key[200];
	struct pl pl = {key, sizeof(key)};
	(void)state;

	memset(key, 'k', sizeof(key));
	key[0] = '\n';
	key[1] = (char)0xe2;

	prof->file = 2;
	assert_int_equal(profile_note(prof, 8, true, &pl, "why"), 0);
	pl.l = 0;
	assert_int_equal(profile_note(prof, 9, false, &pl, NULL), 0);

	note = prof->notel.head->data;
	assert_int_equal(strlen(note->key), 64);
	assert_memory_equal(note->key, "??kk", 4);
	assert_int_equal(note->file, 2);
	assert_int_equal(note->lineno, 8);
	assert_true(note->known);
	assert_string_equal(note->why, "why");
	assert_int_equal(prof->unusedc, 1);
	assert_int_equal(prof->unknownc, 1);

	mem_deref(prof);
}


static void test_codec_add(void **state)
{
	struct profile *prof = profile_new();
	struct profile_account *acc = account_new(prof, 1, "u", "x");
	struct profile_codec *codec;
	struct pl name;
	unsigned i;
	(void)state;

	pl_set_str(&name, "opus");
	codec = profile_codec_add(acc, &name, 0);
	assert_non_null(codec);
	pl_set_str(&name, "OPUS");
	assert_ptr_equal(profile_codec_add(acc, &name, 0), codec);

	pl_set_str(&name, "a-name-that-is-too-long");
	assert_null(profile_codec_add(acc, &name, 0));

	for (i=1; profile_codec_add(acc, NULL, i); i++)
		;
	assert_int_equal(i, PROFILE_CODECS_MAX);
	assert_non_null(profile_codec_add(acc, NULL, 1));

	mem_deref(prof);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accounts),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_check_fails),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_codec_add),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
