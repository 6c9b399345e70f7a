/**
 * @file tls.c  TLS for servers, under its name in each release
 */
#define USE_OPENSSL 1   /* libre's header hides its context otherwise */
#include <openssl/ssl.h>
#include "compat/compat.h"


#if PN_BARESIP >= 30000
#define METHOD TLS_METHOD_TLS
#else
#define METHOD TLS_METHOD_SSLV23
#endif


static int tls_restrict(struct tls *tls)
{
#if PN_BARESIP >= 40000
	return tls_set_min_proto_version(tls, TLS1_2_VERSION);
#else
	SSL_CTX *ctx = tls_openssl_context(tls);

	(void)SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION);

	return SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 ?
		0 : EPROTO;
#endif
}


/**
 * Allocate a context for a server: TLS 1.2 or later
 *
 * @param tlsp Pointer to allocated TLS context
 * @param cert Path of a PEM file with certificate and key
 *
 * @return 0 if success, otherwise errorcode
 */
int compat_tls_server(struct tls **tlsp, const char *cert)
{
	struct tls *tls;
	int err;

	if (!tlsp || !cert)
		return EINVAL;

	err = tls_alloc(&tls, METHOD, cert, NULL);
	if (err)
		return err;

	err = tls_restrict(tls);

	if (err)
		mem_deref(tls);
	else
		*tlsp = tls;

	return err;
}
