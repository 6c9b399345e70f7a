/**
 * @file feature.c  Do not disturb
 *
 * An INVITE is refused before libre's sessions see it: the phone does not ring
 * and there is no call. What is set is kept over a restart in the state dir.
 */
#include <string.h>
#include <curl/curl.h>
#include "compat/compat.h"
#include "request.h"
#include "state.h"
#include "worker.h"
#include "phone/phone.h"
#include "phone/room.h"


static const char file[] = "features";

static struct {
	struct sip_lsnr *lsnr;
	bool dnd;
} features;

/** One write, done by the worker */
struct job {
	bool dnd;
};


/* Only releases from 2.0 on know Replaces; the others would ring */
static bool replaces_call(const struct sip_msg *msg)
{
#if PN_BARESIP >= 20000
	return sip_msg_hdr(msg, SIP_HDR_REPLACES) != NULL;
#else
	(void)msg;

	return false;
#endif
}


static bool request_handler(const struct sip_msg *msg, void *arg)
{
	(void)arg;

	if (!features.dnd || pl_strcmp(&msg->met, "INVITE") ||
	    pl_isset(&msg->to.tag) || replaces_call(msg))
		return false;

	info("provnotify: a call was refused: do not disturb\n");

	(void)sip_treply(NULL, uag_sip(), msg, 480, "Temporarily Unavailable");

	return true;
}


static int write_job(void *arg)
{
	const struct job *job = arg;
	const char *text = job->dnd ? "dnd on\n" : "dnd off\n";

	return state_write(file, (const uint8_t *)text, strlen(text));
}


static void write_done(int err, void *arg)
{
	if (err)
		warning("provnotify: do not disturb is not kept over a"
			" restart: %s: %m\n", file, err);

	mem_deref(arg);
}


static int features_write(void)
{
	struct job *job;
	int err;

	job = mem_zalloc(sizeof(*job), NULL);
	if (!job)
		return ENOMEM;

	job->dnd = features.dnd;

	err = worker_run(write_job, write_done, job);
	if (err)
		mem_deref(job);

	return err;
}


static int features_read(void)
{
	struct mbuf *mb = NULL;
	struct pl dnd;
	int err;

	err = state_read(&mb, file);
	if (err)
		return err == ENOENT ? 0 : err;

	err = re_regex((const char *)mbuf_buf(mb), mbuf_get_left(mb),
		       "dnd [a-z]+", &dnd);
	if (!err)
		features.dnd = !pl_strcmp(&dnd, "on");

	mem_deref(mb);

	return err;
}


/**
 * Read what is kept, and listen to INVITEs
 *
 * @return 0 if success, otherwise errorcode
 */
int feature_init(void)
{
	int err;

	err = features_read();
	if (err)
		warning("provnotify: %s cannot be read (%m):"
			" do not disturb is off\n", file, err);

	return compat_listen_request(&features.lsnr, uag_sip(),
				     request_handler, NULL);
}


/**
 * No longer listen
 */
void feature_close(void)
{
	features.lsnr = mem_deref(features.lsnr);
	features.dnd = false;
}


/**
 * Is nobody to disturb?
 *
 * @return True if calls are refused
 */
bool feature_dnd(void)
{
	return features.dnd;
}


/**
 * Refuse all calls with 480, or no longer; kept over a restart
 *
 * @param dnd True to refuse them
 */
void feature_dnd_set(bool dnd)
{
	int err;

	if (dnd == features.dnd)
		return;

	features.dnd = dnd;

	err = features_write();
	if (err)
		warning("provnotify: do not disturb is not kept over a"
			" restart: %m\n", err);
}
