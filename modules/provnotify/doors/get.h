/**
 * @file get.h  A GET, as a request
 */

int  get_make(struct request **reqp, const char *proto,
	      const struct sa *peer);
void get_fault(struct request *req, uint16_t scode, const char *reason);
void get_fill(struct request *req, struct http_get *get,
	      const struct http_msg *msg);
