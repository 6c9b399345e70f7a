/**
 * @file console.c  The door for the person at baresip's console
 */
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "addrlist/addrlist.h"
#include "desk.h"
#include "journal/journal.h"
#include "restart/restart.h"
#include "settings/settings.h"
#include "state/state.h"
#include "vendor.h"
#include "guard/guard.h"
#include "phone/phone.h"
#include "provision/provision.h"
#include "doors/doors.h"


static void answer_handler(struct request *req, const struct answer *answer)
{
	const bool more = str_cmp(answer->warning, answer->reason) &&
		str_isset(answer->warning);
	struct re_printf *pf = req->arg;

	(void)re_hprintf(pf, "%u %s%s%s\n", answer->scode, answer->reason,
			 more ? ": " : "", more ? answer->warning : "");
}


static int order(struct re_printf *pf, enum action action,
		 const struct event *event, const char *body)
{
	struct request *req;
	int err;

	err = request_alloc(&req, DOOR_CONSOLE);
	if (err)
		return err;

	req->action = action;
	req->fresh = true;
	req->event = event;
	req->answerh = answer_handler;
	req->arg = pf;

	if (body) {
		char *keep;

		err = str_dup(&keep, body);
		if (err)
			goto out;

		req->keep = keep;
		pl_set_str(&req->body, keep);
		pl_set_str(&req->event_name, event->name);
	}

	desk_handle(req);

 out:
	mem_deref(req);

	return err;
}


static int cmd_resync(struct re_printf *pf, void *arg)
{
	(void)arg;

	return order(pf, ACTION_RESYNC, NULL, NULL);
}


static int cmd_reboot(struct re_printf *pf, void *arg)
{
	(void)arg;

	return order(pf, ACTION_RESTART, NULL, NULL);
}


static int cmd_key(struct re_printf *pf, void *arg)
{
	const struct cmd_arg *carg = arg;
	const struct pl name = PL("ACTION-URI");
	char *body = NULL;
	int err;

	if (!str_isset(carg->prm))
		return re_hprintf(pf, "usage: key NAME, as in: key OK\n");

	err = re_sdprintf(&body, "key=%s", carg->prm);
	if (err)
		return err;

	err = order(pf, ACTION_KEY, event_find(&name), body);

	mem_deref(body);

	return err;
}


static int consent_given(struct re_printf *pf, const struct cmd_arg *carg,
			 bool allow)
{
	struct pl source = pl_null;
	char buf[80];
	int err;

	if (str_isset(carg->prm))
		pl_set_str(&source, carg->prm);

	err = allow ? consent_allow(&source, desk_run, buf, sizeof(buf)) :
		      consent_deny(&source, buf, sizeof(buf));

	if (err == ENOENT)
		return re_hprintf(pf, "nobody has asked: name an address,"
				  " as in: %s 192.0.2.1\n",
				  allow ? "remote_allow" : "remote_deny");

	if (err)
		return re_hprintf(pf, "\"%s\" is no address\n",
				  carg->prm);

	return re_hprintf(pf, "%s may %s control this phone\n", buf,
			  allow ? "now" : "no longer");
}


static int cmd_allow(struct re_printf *pf, void *arg)
{
	return consent_given(pf, arg, true);
}


static int cmd_deny(struct re_printf *pf, void *arg)
{
	return consent_given(pf, arg, false);
}


/* Why a check does not even begin */
static const char *check_fault(int err)
{
	static const struct {
		int err;
		const char *why;
	} faultv[] = {
		{EBUSY,           "another one is going on"},
		{EBADMSG,         "that is no URL"},
		{ENOENT,          "there is no such file or folder here"},
		{EPROTONOSUPPORT, "https, http, tftp and ftp are accepted,"
		 " and paths of this machine"},
	};
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(faultv); i++) {

		if (faultv[i].err == err)
			return faultv[i].why;
	}

	return NULL;
}


static int cmd_check(struct re_printf *pf, void *arg)
{
	const struct cmd_arg *carg = arg;
	char path[1024];
	int err;

	if (!str_isset(carg->prm))
		return re_hprintf(pf, "usage: provcheck FILE|URL\n");

	err = provision_check(carg->prm);
	if (check_fault(err))
		return re_hprintf(pf, "provcheck: %s\n", check_fault(err));
	if (err)
		return re_hprintf(pf, "provcheck: %m\n", err);

	err = state_path(path, sizeof(path), "provcheck.txt");
	if (err)
		return err;

	return re_hprintf(pf, "checking; the report goes to the log and"
			  " to %s\n", path);
}


static int cmd_status(struct re_printf *pf, void *unused)
{
	const struct settings *s = settings();
	int err;
	(void)unused;

	err  = re_hprintf(pf, "provnotify: %s %s, firmware %s, MAC %s\n",
			  s->vendor->name, s->model, s->firmware, s->mac);
	err |= re_hprintf(pf, "accounts:\n%H", accounts_print, NULL);
	err |= re_hprintf(pf, "phone: %H\n", phone_print, NULL);
	err |= re_hprintf(pf, "provisioning: %H\n", provision_print, NULL);
	err |= re_hprintf(pf, "pnp: %H\n", pnp_print, NULL);
	err |= re_hprintf(pf, "restart: %H\n", restart_print, NULL);
	err |= re_hprintf(pf, "may send NOTIFY: %H\n", addrlist_print,
			  s->notify_from);
	err |= re_hprintf(pf, "may GET action URIs: %H\n", addrlist_print,
			  s->http_from);
	err |= re_hprintf(pf, "remote control:%H", consent_print, NULL);
	err |= re_hprintf(pf, "journal: %s\n",
			  s->journal ? s->journal : "off");

	return err;
}


static const struct cmd cmdv[] = {
	{"provnotify",   0, 0,       "Remote management at a glance",
	 cmd_status},
	{"resync",       0, 0,       "Fetch the configuration now",
	 cmd_resync},
	{"reboot",       0, 0,       "Start baresip again",
	 cmd_reboot},
	{"remote_allow", 0, CMD_PRM, "Let a source control it [source]",
	 cmd_allow},
	{"remote_deny",  0, CMD_PRM, "Take that back [source]",
	 cmd_deny},
	{"key",          0, CMD_PRM, "Press a key, as a server would <name>",
	 cmd_key},
	{"provcheck",    0, CMD_PRM, "Check a configuration <file|URL>",
	 cmd_check},
};


/* A request waits for the person here */
static void prompt_handler(const struct request *req)
{
	char *url = NULL;

	if (req->action == ACTION_PNP && !pl_strdup(&url, &req->body)) {

		info("provnotify: %s %j offers to set this phone up from %H:"
		     " answer with \"/remote_allow\" or \"/remote_deny\"\n",
		     door_name(req->door), &req->source.addr, journal_url,
		     url);

		mem_deref(url);
		return;
	}

	info("provnotify: %s %j asks to press %s on %s: answer with"
	     " \"/remote_allow\" or \"/remote_deny\"\n",
	     door_name(req->door), &req->source.addr,
	     req->key_text ? req->key_text : "a key",
	     req->account ? req->account : "this phone");
}


/**
 * Open the door: register the commands
 *
 * @return 0 if success, otherwise errorcode
 */
int console_init(void)
{
	consent_prompt_set(prompt_handler);

	return cmd_register(baresip_commands(), cmdv, RE_ARRAY_SIZE(cmdv));
}


/**
 * Close the door
 */
void console_close(void)
{
	cmd_unregister(baresip_commands(), cmdv);
}
