/**
 * @file sender.c  A sender that answers a digest challenge, for tests
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <openssl/evp.h>
#include <re.h>
#include "sender.h"


static void hash(char *hex, bool sha256, const char *text)
{
	uint8_t md[EVP_MAX_MD_SIZE];
	unsigned len, i;

	assert_int_equal(EVP_Digest(text, strlen(text), md, &len,
				    sha256 ? EVP_sha256() : EVP_md5(), NULL),
			 1);

	for (i=0; i<len; i++)
		(void)re_snprintf(hex + 2*i, 3, "%02x", md[i]);
}


static void response(char *hex, const struct sender *s, const char *nonce)
{
	char a1[65], a2[65], text[512];

	(void)re_snprintf(text, sizeof(text), "%s:%s:%s", s->user, s->realm,
			  s->pass);
	hash(a1, s->sha256, text);

	(void)re_snprintf(text, sizeof(text), "%s:%s",
			  s->method ? s->method : "NOTIFY", s->uri);
	hash(a2, s->sha256, text);

	if (s->qop)
		(void)re_snprintf(text, sizeof(text), "%s:%s:%s:%s:%s:%s",
				  a1, nonce, s->nc, s->cnonce, s->qop, a2);
	else
		(void)re_snprintf(text, sizeof(text), "%s:%s:%s",
				  a1, nonce, a2);
	hash(hex, s->sha256, text);

	if (s->cut)
		hex[s->cut] = '\0';

	for (; s->upper && *hex; ++hex) {

		if (*hex >= 'a')
			*hex -= 'a' - 'A';
	}
}


/* The header that a sender answers a nonce with */
char *sender_answer(const struct sender *s, const char *nonce)
{
	struct mbuf *mb = mbuf_alloc(512);
	char hex[65], *str;

	response(hex, s, nonce);

	assert_non_null(mb);
	assert_int_equal(mbuf_printf(mb,
		"Authorization: Digest username=\"%s\", realm=\"%s\","
		" nonce=\"%s\", uri=\"%s\", response=\"%s\"",
		s->user, s->realm, nonce, s->uri, hex), 0);

	if (s->qop)
		assert_int_equal(mbuf_printf(mb,
			", qop=%s, nc=%s, cnonce=\"%s\"",
			s->qop, s->nc, s->cnonce), 0);

	if (s->algorithm)
		assert_int_equal(mbuf_printf(mb, ", algorithm=%s",
					     s->algorithm), 0);

	assert_int_equal(mbuf_write_str(mb, "\r\n"), 0);

	mb->pos = 0;
	assert_int_equal(mbuf_strdup(mb, &str, mb->end), 0);
	mem_deref(mb);

	return str;
}


static char *one_challenged(struct pl text, const char *algorithm, bool stale)
{
	struct httpauth_digest_chall chall;
	char *nonce;

	assert_int_equal(httpauth_digest_challenge_decode(&chall, &text), 0);
	assert_int_equal(pl_strcmp(&chall.realm, "provnotify"), 0);
	assert_int_equal(pl_strcmp(&chall.qop, "auth"), 0);
	assert_int_equal(pl_strcmp(&chall.algorithm, algorithm), 0);
	assert_int_equal(pl_strcmp(&chall.stale, "true"), stale ? 0 : EINVAL);
	assert_int_equal(pl_strdup(&nonce, &chall.nonce), 0);

	return nonce;
}


/* Read both challenges, check them, and give their nonce */
char *sender_challenged(const char *challenge, bool stale)
{
	struct pl text, first, second;
	char *nonce, *other;

	pl_set_str(&text, challenge);
	assert_int_equal(re_regex(text.p, text.l,
				  "[^\r\n]+\r\nWWW-Authenticate: [^\r\n]+",
				  &first, &second), 0);

	/* Who reads the first one alone finds what everybody knows */
	nonce = one_challenged(first, "MD5", stale);
	other = one_challenged(second, "SHA-256", stale);
	assert_string_equal(nonce, other);
	mem_deref(other);

	return nonce;
}
