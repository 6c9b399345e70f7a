/**
 * @file provision.h  Fetch, compare, commit, apply, prove
 */

typedef void (provision_end_h)(struct request *req,
			       const struct ending *ending);
typedef void (provision_order_h)(enum door door, enum action action,
				 bool fresh);

int  provision_init(provision_end_h *endh, provision_order_h *orderh);
void provision_close(void);
int  provision_start(bool ordered);
int  provision_resync(struct request *req);
int  provision_reset(struct request *req);
bool provision_waiting(void);
const char *provision_fault(const struct pl *pl, const struct sa *from);
int  provision_adopt(struct request *req);
bool provision_has_url(void);
int  provision_check(const char *what);
int  provision_print(struct re_printf *pf, void *unused);
