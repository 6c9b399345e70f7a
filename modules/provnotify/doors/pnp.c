/**
 * @file pnp.c  The door that looks for a PnP server: who provisions me?
 *
 *     SUBSCRIBE ua-profile -->  224.0.1.75      at 0, 0.5, 1.5 and 3.5 s
 *                          <--  2xx             or none
 *                          <--  NOTIFY, a URL   before it, or after it
 *     200                  -->
 *
 * A search is over with the first answer that is taken, or after five seconds.
 * What makes a NOTIFY its answer is the Call-ID alone: servers copy the
 * phone's own From, tag and Via, or write others. The NOTIFY comes in through
 * notify.c, which asks here whether it is looked for.
 *
 * The SUBSCRIBE is made by hand, since libre goes on to send one of its own
 * for 32 s and cannot be stopped.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "clock.h"
#include "settings/settings.h"
#include "vendor.h"
#include "guard/guard.h"
#include "provision/provision.h"
#include "doors/doors.h"


enum {
	OVER_MS   = 5 * 1000,       /**< Length of a search                 */
	AGAIN_MS  = 600 * 1000,     /**< Till the next one                  */
	JITTER_MS = 60 * 1000,      /**< And at most this                   */
	LOOK_MS   = 10 * 1000,      /**< Has the network changed?           */
	WORD_LEN  = 24,             /**< Call-ID, tag and branch, with NUL  */
};

/* From one SUBSCRIBE to the next: timer E, RFC 3261 17.1.2.2 */
static const uint32_t resendv[] = {500, 1000, 2000};

static struct {
	struct sip_lsnr *lsnr;
	struct deadline look;
	struct deadline resend;
	struct deadline over;       /**< Runs while a search is on          */
	uint64_t next;              /**< When the next search is due [ms]   */
	struct sa laddr;            /**< Where the last one came from       */
	char call_id[WORD_LEN];     /**< Of the last one                    */
	struct mbuf *mb;            /**< The SUBSCRIBE                      */
	size_t resent;
} pnp;


static bool has_own_account(void)
{
	struct le *le;

	for (le = list_head(uag_list()); le; le = le->next) {

		if (!accounts_ours(le->data))
			return true;
	}

	return false;
}


static bool is_wanted(void)
{
	if (settings()->pnp == PNP_NO || provision_has_url())
		return false;

	return settings()->pnp == PNP_YES || !has_own_account();
}


static bool is_ours(const struct sip_msg *msg)
{
	return pnp.call_id[0] && !pl_strcmp(&msg->callid, pnp.call_id);
}


static void search_end(void)
{
	deadline_cancel(&pnp.resend);
	deadline_cancel(&pnp.over);
}


static void over_handler(void *arg)
{
	(void)arg;

	search_end();
}


static int expand(char **strp, const char *tmpl)
{
	const struct settings *s = settings();

	return vendor_expand(strp, tmpl, s->mac, s->model, s->firmware,
			     s->vendor->name);
}


/* As the phones of this vendor ask; the Contact tells where to answer */
static int subscribe_encode(struct mbuf *mb)
{
	const struct vendor *vendor = settings()->vendor;
	char *ruri = NULL, *event = NULL, *agent = NULL;
	char tag[WORD_LEN], branch[WORD_LEN];
	int err;

	rand_str(pnp.call_id, sizeof(pnp.call_id));
	rand_str(tag, sizeof(tag));
	rand_str(branch, sizeof(branch));

	err  = expand(&ruri, vendor->pnp_ruri);
	err |= expand(&event, vendor->pnp_event);
	err |= expand(&agent, vendor->agent);
	if (err)
		goto out;

	err = mbuf_printf(mb,
			  "SUBSCRIBE %s SIP/2.0\r\n"
			  "Via: SIP/2.0/UDP %J;branch=z9hG4bK%s;rport\r\n"
			  "Max-Forwards: 70\r\n"
			  "From: <%s>;tag=%s\r\n"
			  "To: <%s>\r\n"
			  "Call-ID: %s\r\n"
			  "CSeq: 1 SUBSCRIBE\r\n"
			  "Contact: <sip:%J>\r\n"
			  "Event: ua-profile;%s\r\n"
			  "Expires: 0\r\n"
			  "Accept: application/url\r\n"
			  "User-Agent: %s\r\n"
			  "Content-Length: 0\r\n"
			  "\r\n",
			  ruri, &pnp.laddr, branch, ruri, tag, ruri,
			  pnp.call_id, &pnp.laddr, event, agent);

 out:
	mem_deref(ruri);
	mem_deref(event);
	mem_deref(agent);

	return err;
}


static int subscribe_send(void)
{
	pnp.mb->pos = 0;

	return sip_send(uag_sip(), NULL, SIP_TRANSP_UDP,
			&settings()->pnp_address, pnp.mb);
}


static void resend_handler(void *arg)
{
	(void)arg;

	(void)subscribe_send();

	if (++pnp.resent < RE_ARRAY_SIZE(resendv))
		deadline_start(&pnp.resend, resendv[pnp.resent],
			       resend_handler, NULL);
}


static void search_start(void)
{
	int err = ENOMEM;

	pnp.next = clock_ms() + AGAIN_MS + rand_u32() % JITTER_MS;
	pnp.resent = 0;

	mem_deref(pnp.mb);
	pnp.mb = mbuf_alloc(1024);
	if (!pnp.mb)
		goto out;

	err = subscribe_encode(pnp.mb);
	if (err)
		goto out;

	deadline_start(&pnp.over, OVER_MS, over_handler, NULL);
	deadline_start(&pnp.resend, resendv[0], resend_handler, NULL);

	err = subscribe_send();

 out:
	if (err)
		info("provnotify: PnP: %J cannot be asked: %m\n",
		     &settings()->pnp_address, err);
	else
		info("provnotify: PnP: asking %J who provisions this phone\n",
		     &settings()->pnp_address);
}


/*
 * Is it time for a search? Also when the phone has got an address, or another
 * one: baresip has one handler for that, which is its own.
 */
static void look_handler(void *arg)
{
	struct sa laddr;
	(void)arg;

	if (!is_wanted()) {
		consent_lapse(DOOR_PNP);
		search_end();

		/* A reset may change that */
		deadline_start(&pnp.look, AGAIN_MS, look_handler, NULL);
		return;
	}

	if (!sip_transp_laddr(uag_sip(), &laddr, SIP_TRANSP_UDP,
			      &settings()->pnp_address) &&
	    (clock_ms() >= pnp.next || !sa_cmp(&laddr, &pnp.laddr, SA_ALL))) {

		pnp.laddr = laddr;

		consent_lapse(DOOR_PNP);
		search_start();
	}

	deadline_start(&pnp.look, LOOK_MS, look_handler, NULL);
}


/* Ours is no transaction of libre's, which would complain of the answer */
static bool response_handler(const struct sip_msg *msg, void *arg)
{
	(void)arg;

	if (!is_ours(msg))
		return false;

	if (msg->scode >= 200 && msg->scode < 300)
		deadline_cancel(&pnp.resend);

	return true;
}


/**
 * Is a NOTIFY the answer to a search that is on?
 *
 * @param msg NOTIFY of the event ua-profile
 *
 * @return True if it is
 */
bool pnp_is_answer(const struct sip_msg *msg)
{
	return deadline_running(&pnp.over) && is_ours(msg);
}


/**
 * A NOTIFY that was an answer has been judged. If it was taken the search is
 * over: a second one is none any more.
 *
 * @param verdict What was said of it
 */
void pnp_answered(enum verdict verdict)
{
	if (verdict == VERDICT_ACCEPTED || verdict == VERDICT_ASKED)
		search_end();
}


/**
 * Open the door: search, if this phone is to
 *
 * @return 0 if success, otherwise errorcode
 */
int pnp_init(void)
{
	/* In the first turn of the main loop all accounts are there */
	deadline_start(&pnp.look, 0, look_handler, NULL);

	return compat_listen_response(&pnp.lsnr, uag_sip(), response_handler,
				      NULL);
}


/**
 * Close the door
 */
void pnp_close(void)
{
	search_end();
	deadline_cancel(&pnp.look);

	mem_deref(pnp.lsnr);
	mem_deref(pnp.mb);

	memset(&pnp, 0, sizeof(pnp));
}


/**
 * Print how the search stands
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int pnp_print(struct re_printf *pf, void *unused)
{
	const uint64_t now = clock_ms();
	(void)unused;

	if (!is_wanted())
		return re_hprintf(pf, "not searching");

	if (deadline_running(&pnp.over))
		return re_hprintf(pf, "searching at %J",
				  &settings()->pnp_address);

	return re_hprintf(pf, "searching again at %J in %llu s",
			  &settings()->pnp_address,
			  pnp.next > now ? (pnp.next - now) / 1000 : 0);
}
