/**
 * @file nonce.c  Nonces: fresh, bound to their source, used once
 *
 * Nothing is kept of a nonce until it was used: it carries the time at which
 * it was issued, under a MAC over that time, the source and the account. No
 * two have the same time. The key is new in each process, so that nothing
 * captured before a restart is good after it.
 */
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <re.h>
#include "request.h"
#include "clock.h"
#include "guard/guard.h"
#include "guard/room.h"


enum {
	FRESH_US = 60 * 1000000,    /**< How long a nonce is good [us]      */
	USED_MAX = 256,
	TIME_LEN = 16,              /**< Hex digits of the time             */
	MAC_SIZE = (NONCE_LEN - TIME_LEN) / 2,
};

static struct {
	uint8_t key[32];
	uint64_t last;              /**< Issued last [us]                   */
	uint64_t floor;             /**< None up to this is good any more   */
	uint64_t usedv[USED_MAX];   /**< Issued when [us], in any order     */
} room;


static int nonce_print(char *nonce, uint64_t when, const struct request *req)
{
	uint8_t mac[EVP_MAX_MD_SIZE];
	char text[512];
	int n;

	n = re_snprintf(text, sizeof(text), "%016llx %j %s",
			(unsigned long long)when, &req->source.addr,
			req->account ? req->account : "");
	if (n < 0)
		return EOVERFLOW;

	if (!HMAC(EVP_sha256(), room.key, sizeof(room.key),
		  (const uint8_t *)text, (size_t)n, mac, NULL))
		return EPROTO;

	n = re_snprintf(nonce, NONCE_LEN + 1, "%016llx%w",
			(unsigned long long)when, mac, (size_t)MAC_SIZE);

	return n == NONCE_LEN ? 0 : EOVERFLOW;
}


static uint64_t nonce_time(const struct pl *nonce)
{
	const struct pl when = {nonce->p, TIME_LEN};

	return pl_x64(&when);
}


static bool is_used(uint64_t when)
{
	size_t i;

	if (when <= room.floor)
		return true;

	for (i=0; i<USED_MAX; i++) {

		if (room.usedv[i] == when)
			return true;
	}

	return false;
}


/**
 * Forget all nonces: those that were issued are good no more
 *
 * @return 0 if success, otherwise errorcode
 */
int nonce_init(void)
{
	memset(&room, 0, sizeof(room));

	return RAND_bytes(room.key, sizeof(room.key)) == 1 ? 0 : EIO;
}


/**
 * Issue a nonce
 *
 * @param nonce Buffer of NONCE_LEN + 1 bytes
 * @param req   Request that it challenges
 *
 * @return 0 if success, otherwise errorcode
 */
int nonce_issue(char *nonce, const struct request *req)
{
	const uint64_t now = clock_us();

	if (!nonce || !req)
		return EINVAL;

	room.last = now > room.last ? now : room.last + 1;

	return nonce_print(nonce, room.last, req);
}


/**
 * Is a nonce ours, for this source and account, fresh, and not used yet?
 *
 * @param nonce Nonce as it came
 * @param req   Request that it came with
 *
 * @return True if all that is so
 */
bool nonce_valid(const struct pl *nonce, const struct request *req)
{
	char ours[NONCE_LEN + 1];
	uint64_t when;

	if (!nonce || !req || nonce->l != NONCE_LEN)
		return false;

	when = nonce_time(nonce);

	if (nonce_print(ours, when, req) ||
	    CRYPTO_memcmp(ours, nonce->p, NONCE_LEN))
		return false;

	return when + FRESH_US > clock_us() && !is_used(when);
}


/**
 * Remember that a nonce was used
 *
 * Where the table is full, the oldest one in it goes, and all nonces of that
 * age or older with it: what is forgotten must not become good again.
 *
 * @param nonce Nonce that is valid
 */
void nonce_spend(const struct pl *nonce)
{
	size_t i, oldest = 0;

	if (!nonce || nonce->l != NONCE_LEN)
		return;

	for (i=1; i<USED_MAX; i++) {

		if (room.usedv[i] < room.usedv[oldest])
			oldest = i;
	}

	if (room.usedv[oldest] > room.floor)
		room.floor = room.usedv[oldest];

	room.usedv[oldest] = nonce_time(nonce);
}
