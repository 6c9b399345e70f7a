/**
 * @file digest.c  The challenge of a NOTIFY, and what answers it
 *
 * HTTP Digest (RFC 7616, RFC 8760) with the account's own credentials, by
 * MD5 and SHA-256. libre 1.1.0 knows MD5 alone and checks the response alone;
 * user, realm, URI, nonce and the rest are checked here.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include "compat/compat.h"
#include "request.h"
#include "guard/guard.h"
#include "guard/room.h"


#define REALM "provnotify"

enum {
	HEADERS_MAX = 4,        /**< Authorization headers that are read    */
	HEX_SIZE    = 2 * 32 + 1,
};

/** A hash that is offered */
struct algorithm {
	const char *name;
	const EVP_MD *(*md)(void);
};

/*
 * In the order in which they are offered. RFC 8760 wants the better one
 * first, but Kamailio's uac and older PJSIP look at the first one alone and
 * give up where it is not MD5.
 */
static const struct algorithm algorithmv[] = {
	{"MD5",     EVP_md5},
	{"SHA-256", EVP_sha256},
};

/** The search for good credentials among several */
struct search {
	struct request *req;
	enum proof proof;
	unsigned headerc;
};


static const struct algorithm *algorithm_find(const struct pl *name)
{
	size_t i;

	if (!pl_isset(name))
		return &algorithmv[0];

	for (i=0; i<RE_ARRAY_SIZE(algorithmv); i++) {

		if (!pl_strcasecmp(name, algorithmv[i].name))
			return &algorithmv[i];
	}

	return NULL;
}


static int update_handler(const char *p, size_t size, void *arg)
{
	return EVP_DigestUpdate(arg, p, size) ? 0 : EPROTO;
}


/* Hash a formatted text, to lower-case hex digits */
static int hash_printf(char *hex, const struct algorithm *alg,
		       const char *fmt, ...)
{
	uint8_t md[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *ctx;
	unsigned len;
	va_list ap;
	int err;

	ctx = EVP_MD_CTX_new();
	if (!ctx)
		return ENOMEM;

	if (!EVP_DigestInit_ex(ctx, alg->md(), NULL)) {
		err = ENOTSUP;
		goto out;
	}

	va_start(ap, fmt);
	err = re_vhprintf(fmt, ap, update_handler, ctx);
	va_end(ap);
	if (err)
		goto out;

	if (!EVP_DigestFinal_ex(ctx, md, &len)) {
		err = EPROTO;
		goto out;
	}

	if (re_snprintf(hex, HEX_SIZE, "%w", md, (size_t)len) < 0)
		err = EOVERFLOW;

 out:
	EVP_MD_CTX_free(ctx);

	return err;
}


static struct pl account_user(const struct account *acc)
{
	const char *user = account_auth_user(acc);
	const struct uri *luri = account_luri(acc);
	struct pl pl;

	if (!str_isset(user))
		return luri ? luri->user : pl_null;

	pl_set_str(&pl, user);

	return pl;
}


static bool same_target(const struct uri *a, const struct uri *b)
{
	return !pl_casecmp(&a->user, &b->user) &&
		!pl_casecmp(&a->host, &b->host);
}


/*
 * The URI that was asked for is the one that came, or, where a proxy has
 * replaced it by the contact, the account's own address
 */
static bool uri_matches(const struct pl *pl, const struct request *req)
{
	const struct uri *luri = account_luri(ua_account(req->ua));
	struct uri uri;

	if (!pl_cmp(pl, &req->ruri))
		return true;

	if (uri_decode(&uri, pl))
		return false;

	return same_target(&uri, &req->msg->uri) ||
		(luri && same_target(&uri, luri));
}


/* qop=auth was offered; who knows RFC 2069 alone sends none */
static bool qop_matches(const struct httpauth_digest_resp *resp)
{
	if (!pl_isset(&resp->qop))
		return true;

	return !pl_strcasecmp(&resp->qop, "auth") && resp->nc.l == 8 &&
		pl_x32(&resp->nc) && pl_isset(&resp->cnonce);
}


static bool response_matches(const struct credentials *cred,
			     const char *password, const struct pl *method)
{
	const struct algorithm *alg = algorithm_find(&cred->algorithm);
	const struct httpauth_digest_resp *resp = &cred->resp;
	char ha1[HEX_SIZE], ha2[HEX_SIZE], ours[HEX_SIZE];
	int err;

	if (!alg)
		return false;

	err  = hash_printf(ha1, alg, "%r:%r:%s", &resp->username,
			   &resp->realm, password);
	err |= hash_printf(ha2, alg, "%r:%r", method, &resp->uri);
	if (err)
		return false;

	if (pl_isset(&resp->qop))
		err = hash_printf(ours, alg, "%s:%r:%r:%r:%r:%s", ha1,
				  &resp->nonce, &resp->nc, &resp->cnonce,
				  &resp->qop, ha2);
	else
		err = hash_printf(ours, alg, "%s:%r:%s", ha1, &resp->nonce,
				  ha2);

	return !err && resp->response.l == str_len(ours) &&
		!CRYPTO_memcmp(resp->response.p, ours, resp->response.l);
}


static bool header_handler(const struct sip_hdr *hdr,
			   const struct sip_msg *msg, void *arg)
{
	struct search *search = arg;
	struct request *req = search->req;
	const struct account *acc = ua_account(req->ua);
	const struct pl user = account_user(acc);
	struct credentials cred;
	enum proof proof;
	(void)msg;

	if (++search->headerc > HEADERS_MAX)
		return true;

	if (credentials_decode(&cred, &hdr->val) ||
	    !uri_matches(&cred.resp.uri, req))
		return false;

	proof = digest_prove(&cred, req, &user, account_auth_pass(acc),
			     &req->msg->met);
	if (proof > search->proof)
		search->proof = proof;

	return proof == PROOF_GOOD;
}


/**
 * Do credentials prove that the sender knows a password? Good ones are good
 * once. What URI they are for is for the caller to check.
 *
 * @param cred     Credentials
 * @param req      Request
 * @param user     User that they must be of
 * @param password Password that they must be made with
 * @param method   Method of the request
 *
 * @return What they prove
 */
enum proof digest_prove(const struct credentials *cred, struct request *req,
		       const struct pl *user, const char *password,
		       const struct pl *method)
{
	if (!cred || !req || !user || !password || !method ||
	    pl_strcmp(&cred->resp.realm, REALM) ||
	    pl_cmp(&cred->resp.username, user) ||
	    !qop_matches(&cred->resp) ||
	    !response_matches(cred, password, method))
		return PROOF_NONE;

	if (!nonce_valid(&cred->resp.nonce, req))
		return PROOF_STALE;

	nonce_spend(&cred->resp.nonce);
	req->authentic = true;

	return PROOF_GOOD;
}


/**
 * Can a request be challenged at all: is there an account, with a password?
 *
 * @param req Request
 *
 * @return True if it can
 */
bool digest_possible(const struct request *req)
{
	return req->ua && str_isset(account_auth_pass(ua_account(req->ua)));
}


/**
 * Check the credentials of a request. Good ones are good once.
 *
 * @param req Request that can be challenged
 *
 * @return What they prove
 */
enum proof digest_check(struct request *req)
{
	struct search search = { .req = req, .proof = PROOF_NONE };

	(void)sip_msg_hdr_apply(req->msg, true, SIP_HDR_AUTHORIZATION,
				header_handler, &search);

	return search.proof;
}


/**
 * Challenge a request: one WWW-Authenticate for each hash (RFC 8760 2.3)
 *
 * @param answer Answer, set to 401
 * @param req    Request
 * @param stale  True if the credentials were right but for their nonce
 */
void digest_challenge(struct answer *answer, const struct request *req,
		      bool stale)
{
	char nonce[NONCE_LEN + 1];
	char *p = answer->challenge;
	size_t i, left = sizeof(answer->challenge);

	if (nonce_issue(nonce, req))
		return;

	for (i=0; i<RE_ARRAY_SIZE(algorithmv); i++) {

		const int n = re_snprintf(p, left,
			"%sDigest realm=\"" REALM "\", nonce=\"%s\","
			" qop=\"auth\", algorithm=%s%s",
			i ? "\r\nWWW-Authenticate: " : "", nonce,
			algorithmv[i].name, stale ? ", stale=true" : "");
		if (n < 0)
			return;

		p += n;
		left -= (size_t)n;
	}
}
