/**
 * @file credentials.c  What stands in an Authorization header
 */
#include <re.h>
#include "request.h"
#include "guard/guard.h"
#include "guard/room.h"


enum {
	HEADER_MAX = 1024,      /**< A longer one is not read [bytes]       */
};


/**
 * Decode the value of an Authorization header (RFC 7616 3.4)
 *
 * libre 1.1.0 decodes all but the algorithm.
 *
 * @param cred Credentials, pointing into the header
 * @param hval Value of the header
 *
 * @return 0 if success, otherwise errorcode
 */
int credentials_decode(struct credentials *cred, const struct pl *hval)
{
	int err;

	if (!cred || !hval)
		return EINVAL;

	if (hval->l > HEADER_MAX)
		return EMSGSIZE;

	err = httpauth_digest_response_decode(&cred->resp, hval);
	if (err)
		return err;

	if (re_regex(hval->p, hval->l,
		     "[ \t\r\n,]+algorithm[ \t\r\n]*=[ \t\r\n]*[~ \t\r\n,]+",
		     NULL, NULL, NULL, &cred->algorithm))
		cred->algorithm = pl_null;

	return 0;
}
