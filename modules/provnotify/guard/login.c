/**
 * @file login.c  The login that a GET must have, and who guesses at it
 *
 * Basic (RFC 7617), Digest (RFC 7616), or in the query, as older firmware of
 * Yealink's has it: p=login&q=login&username=...&pwd=...
 */
#include <string.h>
#include <openssl/crypto.h>
#include <re.h>
#include "request.h"
#include "clock.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"


enum {
	BASIC_MAX   = 512,          /**< Longest login, decoded [bytes]     */
	GUESSES_MAX = 5,
	WINDOW      = 60 * 1000000, /**< In which they are counted [us]     */
	SOURCES_MAX = 64,
};

/** A source that has guessed wrong */
struct guesser {
	struct sa addr;
	uint64_t whenv[GUESSES_MAX];    /**< The last ones [us], a ring     */
	unsigned pos;                   /**< Where the oldest one is        */
};

static struct guesser guesserv[SOURCES_MAX];


static uint64_t last_guess(const struct guesser *gs)
{
	return gs->whenv[(gs->pos + GUESSES_MAX - 1) % GUESSES_MAX];
}


static struct guesser *guesser_find(const struct sa *addr)
{
	size_t i;

	for (i=0; i<SOURCES_MAX; i++) {

		if (last_guess(&guesserv[i]) &&
		    sa_cmp(&guesserv[i].addr, addr, SA_ADDR))
			return &guesserv[i];
	}

	return NULL;
}


/* The place of the one that was quiet for the longest time */
static struct guesser *guesser_add(const struct sa *addr)
{
	struct guesser *gs = &guesserv[0];
	size_t i;

	for (i=1; i<SOURCES_MAX; i++) {

		if (last_guess(&guesserv[i]) < last_guess(gs))
			gs = &guesserv[i];
	}

	memset(gs, 0, sizeof(*gs));
	gs->addr = *addr;

	return gs;
}


static bool same(const struct pl *a, const char *b)
{
	return a->l == str_len(b) && (!a->l || !CRYPTO_memcmp(a->p, b, a->l));
}


/* A user has no colon, a password may (RFC 7617 2) */
static bool login_right(const struct pl *user, const struct pl *password)
{
	const bool user_right = same(user, settings()->http_user);
	const char *pass = settings()->http_password;

	return same(password, pass ? pass : "") && user_right;
}


static bool basic_right(const struct pl *val)
{
	char buf[BASIC_MAX];
	size_t len = sizeof(buf);
	struct pl user, password;
	const char *colon;
	bool right = false;

	if (base64_decode(val->p, val->l, (uint8_t *)buf, &len))
		return false;

	colon = memchr(buf, ':', len);
	if (colon) {
		user.p = buf;
		user.l = colon - buf;
		password.p = colon + 1;
		password.l = len - user.l - 1;

		right = login_right(&user, &password);
	}

	OPENSSL_cleanse(buf, sizeof(buf));

	return right;
}


static enum proof digest_login(struct request *req, const struct pl *val)
{
	const char *pass = settings()->http_password;
	struct credentials cred;
	struct pl user;

	pl_set_str(&user, settings()->http_user);

	if (credentials_decode(&cred, val) ||
	    pl_cmp(&cred.resp.uri, &req->get->target))
		return PROOF_NONE;

	return digest_prove(&cred, req, &user, pass ? pass : "",
			    &req->get->msg->met);
}


/* PROOF_NONE only if there is no login at all */
static enum proof login_check(struct request *req)
{
	static const struct pl basic = PL("Basic ");
	const struct http_get *get = req->get;
	const struct http_hdr *hdr;
	enum proof proof;
	struct pl val;

	hdr = http_msg_xhdr(get->msg, "Authorization");
	if (!hdr) {
		if (!get->user.p)
			return PROOF_NONE;

		return login_right(&get->user, &get->password) ? PROOF_GOOD :
			PROOF_WRONG;
	}

	val = hdr->val;

	if (val.l > basic.l && !strncasecmp(val.p, basic.p, basic.l)) {

		pl_advance(&val, (ssize_t)basic.l);

		return basic_right(&val) ? PROOF_GOOD : PROOF_WRONG;
	}

	proof = digest_login(req, &val);

	return proof == PROOF_NONE ? PROOF_WRONG : proof;
}


/* Seconds that a source must wait until it may try again, rounded up */
static uint32_t login_wait(const struct sa *addr)
{
	const struct guesser *gs = guesser_find(addr);
	const uint64_t now = clock_us();
	uint64_t till;

	if (!gs || !gs->whenv[gs->pos])
		return 0;

	till = gs->whenv[gs->pos] + WINDOW;

	return till > now ? (uint32_t)((till - now + 999999) / 1000000) : 0;
}


static void login_failed(const struct sa *addr)
{
	struct guesser *gs = guesser_find(addr);

	if (!gs)
		gs = guesser_add(addr);

	gs->whenv[gs->pos] = clock_us();
	gs->pos = (gs->pos + 1) % GUESSES_MAX;
}


/**
 * Refuse a GET without the login that the settings ask for: in its first
 * Authorization header, else in its query. Who has guessed wrong too often
 * must wait, even with the right one.
 *
 * @param req    Request
 * @param answer Answer
 *
 * @return True if it is refused
 */
bool login_refused(struct request *req, struct answer *answer)
{
	enum proof proof;
	uint32_t wait;

	if (!req->get || !settings()->http_user)
		return false;

	wait = login_wait(&req->source.addr);
	if (wait) {
		(void)request_refuse(req, answer, REFUSAL_LOCKED_OUT);
		answer->retry_after = wait;
		return true;
	}

	proof = login_check(req);
	if (proof == PROOF_GOOD)
		return false;

	if (proof == PROOF_WRONG)
		login_failed(&req->source.addr);

	(void)request_refuse(req, answer, REFUSAL_NO_LOGIN);
	digest_challenge(answer, req, proof == PROOF_STALE);

	return true;
}


/**
 * Forget who has guessed
 */
void login_close(void)
{
	memset(guesserv, 0, sizeof(guesserv));
}
