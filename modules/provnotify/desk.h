/**
 * @file desk.h  The one place where a request becomes a deed
 */

struct handover;

int  desk_init(void);
void desk_close(void);
void desk_handle(struct request *req);
void desk_run(struct request *req);
void desk_ended(struct request *req, const struct ending *ending);
void desk_order(enum door door, enum action action, bool fresh);
void desk_resumed(const struct handover *handover);
