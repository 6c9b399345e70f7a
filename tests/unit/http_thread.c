/**
 * @file http_thread.c  A small HTTP server in a thread, which says what it is
 *                      told to say
 *
 * One request for each connection. It is told what to say while no request is
 * under way, but the last one may still be ending.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <re.h>
#include "http_thread.h"


enum {
	REQUEST_MAX = 8192,
	ANSWERS_MAX = 16,
};

struct http_thread {
	pthread_t thread;
	bool started;
	int fd;
	uint16_t port;
	SSL_CTX *tls;

	pthread_mutex_t mutex;  /**< Of all below                           */
	const char *answerv[ANSWERS_MAX];
	size_t lenv[ANSWERS_MAX];
	unsigned answerc;
	unsigned n;             /**< Requests so far, of this answer        */
	unsigned count;
	char request[REQUEST_MAX];
};


static ssize_t get(SSL *ssl, int fd, char *buf, size_t size)
{
	return ssl ? SSL_read(ssl, buf, (int)size) : read(fd, buf, size);
}


static ssize_t put(SSL *ssl, int fd, const char *buf, size_t len)
{
	return ssl ? SSL_write(ssl, buf, (int)len)
		: send(fd, buf, len, MSG_NOSIGNAL);
}


/* Take note of a request; what is to be answered */
static void request_take(struct http_thread *ht, const char *request,
			 struct pl *answer)
{
	unsigned i;

	pthread_mutex_lock(&ht->mutex);

	str_ncpy(ht->request, request, sizeof(ht->request));

	i = ht->n < ht->answerc ? ht->n : ht->answerc - 1;
	++ht->n;
	++ht->count;

	answer->p = ht->answerv[i];
	answer->l = ht->lenv[i];

	pthread_mutex_unlock(&ht->mutex);
}


static void talk(struct http_thread *ht, SSL *ssl, int fd)
{
	char request[REQUEST_MAX];
	struct pl answer;
	size_t l = 0;

	while (l < REQUEST_MAX - 1) {
		const ssize_t n = get(ssl, fd, request + l,
				      REQUEST_MAX - 1 - l);

		if (n <= 0)
			return;

		l += (size_t)n;
		request[l] = '\0';

		if (strstr(request, "\r\n\r\n"))
			break;
	}

	request_take(ht, request, &answer);

	while (answer.l) {
		const ssize_t n = put(ssl, fd, answer.p, answer.l);

		if (n <= 0)
			break;

		pl_advance(&answer, n);
	}
}


static void *thread_main(void *arg)
{
	struct http_thread *ht = arg;
	sigset_t set;
	int fd;

	/* A client that goes away in a handshake is no end of the test */
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGPIPE);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);

	while ((fd = accept(ht->fd, NULL, NULL)) >= 0) {
		SSL *ssl = ht->tls ? SSL_new(ht->tls) : NULL;

		if (!ssl || (SSL_set_fd(ssl, fd) && SSL_accept(ssl) == 1))
			talk(ht, ssl, fd);

		if (ssl) {
			(void)SSL_shutdown(ssl);
			SSL_free(ssl);
		}

		(void)close(fd);
	}

	return NULL;
}


static void destructor(void *arg)
{
	struct http_thread *ht = arg;

	(void)shutdown(ht->fd, SHUT_RDWR);

	if (ht->started)
		(void)pthread_join(ht->thread, NULL);

	(void)close(ht->fd);
	SSL_CTX_free(ht->tls);
	pthread_mutex_destroy(&ht->mutex);
}


/**
 * Start a server on a free port of 127.0.0.1
 *
 * @param htp  Server; ends when it is dereferenced
 * @param cert PEM file with certificate and key, NULL = no TLS
 *
 * @return 0 if success, otherwise errorcode
 */
int http_thread_start(struct http_thread **htp, const char *cert)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};
	socklen_t len = sizeof(sin);
	struct http_thread *ht;
	int err = 0;

	ht = mem_zalloc(sizeof(*ht), destructor);
	if (!ht)
		return ENOMEM;

	(void)pthread_mutex_init(&ht->mutex, NULL);
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

	ht->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(ht->fd, (struct sockaddr *)&sin, len) ||
	    listen(ht->fd, 8) ||
	    getsockname(ht->fd, (struct sockaddr *)&sin, &len)) {
		err = errno;
		goto out;
	}

	ht->port = ntohs(sin.sin_port);

	if (cert) {
		ht->tls = SSL_CTX_new(TLS_server_method());

		if (SSL_CTX_use_certificate_file(ht->tls, cert,
						 SSL_FILETYPE_PEM) != 1 ||
		    SSL_CTX_use_PrivateKey_file(ht->tls, cert,
						SSL_FILETYPE_PEM) != 1) {
			err = EINVAL;
			goto out;
		}
	}

	err = pthread_create(&ht->thread, NULL, thread_main, ht);
	ht->started = !err;

 out:
	if (err)
		mem_deref(ht);
	else
		*htp = ht;

	return err;
}


/**
 * The port of a server
 *
 * @param ht Server
 *
 * @return Port
 */
uint16_t http_thread_port(const struct http_thread *ht)
{
	return ht->port;
}


/**
 * Say what to answer from now on
 *
 * @param ht     Server
 * @param answer All of it, with its head; must outlive the server
 * @param len    Length of it [bytes], 0 = it is a string
 */
void http_thread_say(struct http_thread *ht, const char *answer, size_t len)
{
	pthread_mutex_lock(&ht->mutex);

	ht->answerv[0] = answer;
	ht->lenv[0] = len ? len : strlen(answer);
	ht->answerc = 1;
	ht->n = 0;

	pthread_mutex_unlock(&ht->mutex);
}


/**
 * Say what to answer after what was said before; the last answer is repeated
 *
 * @param ht     Server
 * @param answer All of it, with its head; must outlive the server
 */
void http_thread_then(struct http_thread *ht, const char *answer)
{
	pthread_mutex_lock(&ht->mutex);

	if (ht->answerc < ANSWERS_MAX) {
		ht->answerv[ht->answerc] = answer;
		ht->lenv[ht->answerc] = strlen(answer);
		++ht->answerc;
	}

	pthread_mutex_unlock(&ht->mutex);
}


/**
 * How many requests there were
 *
 * @param ht Server
 *
 * @return Number
 */
unsigned http_thread_count(struct http_thread *ht)
{
	unsigned count;

	pthread_mutex_lock(&ht->mutex);
	count = ht->count;
	pthread_mutex_unlock(&ht->mutex);

	return count;
}


/**
 * The last request, with its head
 *
 * @param ht Server
 *
 * @return Text, till the next request comes
 */
const char *http_thread_request(struct http_thread *ht)
{
	pthread_mutex_lock(&ht->mutex);
	pthread_mutex_unlock(&ht->mutex);

	return ht->request;
}


/**
 * Make a certificate for 127.0.0.1, signed by itself
 *
 * @param path Where to write it and its key
 *
 * @return 0 if success, otherwise errorcode
 */
int http_thread_cert(const char *path)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_EXTENSION *ext;
	X509 *x = X509_new();
	FILE *f;
	int ok;

	ext = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name,
				  "IP:127.0.0.1");
	f = fopen(path, "w");
	if (!key || !x || !ext || !f)
		return ENOMEM;

	ok = X509_set_version(x, 2) &&
		ASN1_INTEGER_set(X509_get_serialNumber(x), 1) &&
		X509_gmtime_adj(X509_getm_notBefore(x), -3600) &&
		X509_gmtime_adj(X509_getm_notAfter(x), 3600) &&
		X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN",
					   MBSTRING_ASC, (uint8_t *)"test",
					   -1, -1, 0) &&
		X509_set_issuer_name(x, X509_get_subject_name(x)) &&
		X509_set_pubkey(x, key) && X509_add_ext(x, ext, -1) &&
		X509_sign(x, key, EVP_sha256()) &&
		PEM_write_X509(f, x) &&
		PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);

	(void)fclose(f);
	X509_EXTENSION_free(ext);
	X509_free(x);
	EVP_PKEY_free(key);

	return ok ? 0 : EIO;
}
