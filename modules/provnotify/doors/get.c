/**
 * @file get.c  A GET, as a request
 */
#include <re.h>
#include "request.h"
#include "phone/phone.h"
#include "doors/get.h"
#include "doors/http.h"


/**
 * Make a request that has come over HTTP
 *
 * @param reqp  Pointer to allocated request
 * @param proto "http" or "https"
 * @param peer  Where it comes from
 *
 * @return 0 if success, otherwise errorcode
 */
int get_make(struct request **reqp, const char *proto, const struct sa *peer)
{
	static const struct pl name = PL("ACTION-URI");
	struct request *req;
	int err;

	if (!reqp || !proto || !peer)
		return EINVAL;

	err = request_alloc(&req, DOOR_HTTP);
	if (err)
		return err;

	req->source.proto  = proto;
	req->source.addr   = *peer;
	req->source.stream = true;
	req->event_name = name;
	req->event = event_find(&name);

	*reqp = req;

	return 0;
}


/**
 * Say what is wrong with a request; what was said first stands
 *
 * @param req    Request
 * @param scode  Status
 * @param reason Phrase, static
 */
void get_fault(struct request *req, uint16_t scode, const char *reason)
{
	if (!req || req->fault)
		return;

	req->fault = reason;
	req->fault_code = scode;
}


/**
 * Fill in what a message asks for, or what is wrong with it
 *
 * @param req Request
 * @param get Filled in, too; must last until the request is answered
 * @param msg Message, must last as long
 */
void get_fill(struct request *req, struct http_get *get,
	      const struct http_msg *msg)
{
	struct http_query *query;
	int err;

	if (!req || !get || !msg)
		return;

	req->get = get;
	get->msg = msg;
	get->target.p = msg->path.p;
	get->target.l = msg->path.l + msg->prm.l;

	if (pl_strcmp(&msg->met, "GET"))
		get_fault(req, 405, "Method Not Allowed");

	if (!http_path_known(&msg->path))
		get_fault(req, 404, "Not Found");

	err = http_query_decode(&query, &msg->prm);
	if (err) {
		get_fault(req, err == EBADMSG ? 400 : 503,
			  err == EBADMSG ? "Bad Percent-Encoding" :
			  "Out of Memory");
		return;
	}

	req->keep = query;
	req->body = query->body;
	get->user = query->user;
	get->password = query->password;
}
