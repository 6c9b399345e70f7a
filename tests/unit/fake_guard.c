/**
 * @file fake_guard.c  What stands below the guard, for its tests
 */
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "addrlist/addrlist.h"
#include "clock.h"
#include "journal/journal.h"
#include "settings/settings.h"
#include "state/state.h"
#include "worker/worker.h"
#include "phone/phone.h"
#include "fake_guard.h"


enum {
	JOBS_MAX = 32,
};

struct fake fake;

static struct list running;     /* struct deadline */

static struct {
	worker_job_h *job;
	worker_done_h *done;
	void *arg;
} jobv[JOBS_MAX];

static size_t jobc;


void fake_reset(void)
{
	static const struct pl user = PL("alice"), host = PL("pbx.example");

	memset(&fake, 0, sizeof(fake));

	fake.settings.notify_from = &fake.notify_from;
	fake.settings.http_from = &fake.http_from;
	fake.settings.quota = 10;
	fake.settings.checksync_reboot = true;
	fake.notify_from.words = "server";
	fake.http_from.words = "";
	fake.server = "192.0.2.1:5060";
	fake.server_name = "pbx.example";
	fake.auth_pass = "secret";
	fake.luri.user = user;
	fake.luri.host = host;
	fake.now = 1000000000;

	list_clear(&running);
	jobc = 0;
}


/* Let time pass; what is due fires */
void fake_advance(uint64_t ms)
{
	struct le *le;

	fake.now += ms * 1000;

	for (le = list_head(&running); le; ) {
		struct deadline *dl = le->data;

		le = le->next;

		if (dl->when <= clock_ms()) {
			list_unlink(&dl->le);
			dl->h(dl->arg);
			le = list_head(&running);
		}
	}
}


/* Do what the worker was given */
void fake_worker(void)
{
	size_t i;

	for (i=0; i<jobc; i++)
		jobv[i].done(jobv[i].job(jobv[i].arg), jobv[i].arg);

	jobc = 0;
}


struct ua *fake_ua(void)
{
	return (struct ua *)&fake;
}


/* A request as the door makes it, source "udp:192.0.2.1:5060" */
int fake_request(struct request **reqp, const char *source, const char *sip)
{
	struct sip_msg *msg = NULL;
	struct mbuf *mb = NULL;
	struct request *req;
	struct pl proto, addr;
	int err;

	err = request_alloc(&req, DOOR_NOTIFY);
	if (err)
		return err;

	req->addressed = ADDRESSED_CONTACT;
	req->ua = fake_ua();
	err = str_dup(&req->account, "sip:alice@pbx.example");

	err |= re_regex(source, strlen(source), "[^:]+:[^]+", &proto, &addr);
	err |= sa_decode(&req->source.addr, addr.p, addr.l);
	if (err)
		goto out;

	req->source.proto = pl_strcmp(&proto, "udp") ? "tcp" : "udp";
	req->source.stream = pl_strcmp(&proto, "udp");

	if (sip) {
		mb = mbuf_alloc(1024);
		err = mbuf_write_str(mb, sip);
		if (err)
			goto out;

		mb->pos = 0;

		err = sip_msg_decode(&msg, mb);
		if (err)
			goto out;

		msg->src = req->source.addr;
		req->msg = req->keep = msg;
		req->ruri = msg->ruri;
		req->user = msg->uri.user;
	}

 out:
	mem_deref(mb);

	if (err)
		mem_deref(req);
	else
		*reqp = req;

	return err;
}


const struct settings *settings(void)
{
	return &fake.settings;
}


static bool has_word(const struct addrlist *al, const char *word)
{
	struct pl rest, pl;

	pl_set_str(&rest, al->words);

	while (!re_regex(rest.p, rest.l, "[^ ]+", &pl)) {

		pl_advance(&rest, pl.p + pl.l - rest.p);

		if (!pl_strcasecmp(&pl, word))
			return true;
	}

	return false;
}


bool addrlist_match(const struct addrlist *al, const struct sa *sa)
{
	char buf[64];

	(void)re_snprintf(buf, sizeof(buf), "%j", sa);

	return has_word(al, "any") || has_word(al, buf);
}


void addrlist_resolve(struct addrlist *al)
{
	++al->resolved;
}


bool addrlist_has(const struct addrlist *al, enum addr_kind kind)
{
	return kind == ADDR_SERVER && has_word(al, "server");
}


bool addrlist_match_name(const struct addrlist *al, const struct pl *host)
{
	char buf[64];

	return re_snprintf(buf, sizeof(buf), "%r", host) > 0 &&
		has_word(al, buf);
}


bool accounts_is_server(const struct ua *ua, const struct source *src)
{
	struct sa sa;
	(void)ua;

	if (!fake.server ||
	    sa_decode(&sa, fake.server, strlen(fake.server)))
		return false;

	return sa_cmp(&sa, &src->addr, src->stream ? SA_ALL : SA_ADDR);
}


bool accounts_is_server_addr(const struct ua *ua, const struct sa *addr)
{
	const struct source src = { .addr = *addr };

	return accounts_is_server(ua, &src);
}


bool accounts_is_server_name(const struct ua *ua, const struct pl *host)
{
	(void)ua;

	return fake.server_name && !pl_strcasecmp(host, fake.server_name);
}


struct account *ua_account(const struct ua *ua)
{
	return (struct account *)ua;
}


const char *account_auth_user(const struct account *acc)
{
	(void)acc;

	return fake.auth_user;
}


const char *account_auth_pass(const struct account *acc)
{
	(void)acc;

	return fake.auth_pass;
}


struct uri *account_luri(const struct account *acc)
{
	(void)acc;

	return &fake.luri;
}


bool phone_dialog(const struct pl *call_id)
{
	(void)call_id;

	return fake.dialog;
}


bool chain_restarts(const struct chain *chain)
{
	(void)chain;

	return fake.chain_restarts;
}


uint64_t clock_us(void)
{
	return fake.now;
}


uint64_t clock_ms(void)
{
	return fake.now / 1000;
}


void deadline_start(struct deadline *dl, uint64_t delay, deadline_h *h,
		    void *arg)
{
	deadline_cancel(dl);

	dl->when = clock_ms() + delay;
	dl->h = h;
	dl->arg = arg;

	list_append(&running, &dl->le, dl);
}


void deadline_cancel(struct deadline *dl)
{
	list_unlink(&dl->le);
}


bool deadline_running(const struct deadline *dl)
{
	return dl->le.list != NULL;
}


uint64_t deadline_left(const struct deadline *dl)
{
	return dl->le.list ? dl->when - clock_ms() : 0;
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "serial", size);
}


int state_read(struct mbuf **mbp, const char *name)
{
	struct mbuf *mb;
	int err;
	(void)name;

	if (fake.file_err)
		return fake.file_err;

	if (!fake.file[0])
		return ENOENT;

	mb = mbuf_alloc(strlen(fake.file));
	if (!mb)
		return ENOMEM;

	err = mbuf_write_str(mb, fake.file);
	mb->pos = 0;

	if (err)
		mem_deref(mb);
	else
		*mbp = mb;

	return err;
}


int state_write(const char *name, const uint8_t *buf, size_t len)
{
	(void)name;

	++fake.writes;

	if (fake.file_err)
		return fake.file_err;

	if (len >= sizeof(fake.file))
		return ENOSPC;

	memcpy(fake.file, buf, len);
	fake.file[len] = '\0';

	return 0;
}


int worker_run(worker_job_h *job, worker_done_h *done, void *arg)
{
	if (fake.worker_err)
		return (int)fake.worker_err;

	if (jobc >= JOBS_MAX)
		return ENOMEM;

	jobv[jobc].job = job;
	jobv[jobc].done = done;
	jobv[jobc++].arg = arg;

	return 0;
}
