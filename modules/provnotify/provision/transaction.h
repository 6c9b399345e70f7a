/**
 * @file transaction.h  The files behind resync.c; to be included behind
 *                      request.h, provision.h and room.h
 */

/* ride.c */
void ride_init(provision_end_h *endh);
int  ride_add(struct list *list, struct request *req);
void ride_move(struct list *to, struct list *from);
bool ride_has(const struct list *list, bool (*h)(const struct request *req));
void ride_end(struct list *list, const struct ending *ending);

/* queue.c */
int  queue_add(struct request *req);
bool queue_waits(void);
uint64_t queue_left(void);
bool queue_take(struct list *ridel, bool *fresh);
void queue_close(const struct ending *ending);

/* summary.c */
int  summary_print(struct re_printf *pf, const struct generation *gen);
int  summary_keys(struct re_printf *pf, const struct generation *gen);
void summary_last_set(const char *text);
const char *summary_last(void);

/* trial.c */
typedef void (trial_lost_h)(void);

void trial_init(trial_lost_h *losth);
void trial_close(void);
void trial_start(void);
const struct generation *trial_running(void);
int  trial_prepare(struct generation *gen, struct standing *st);
void trial_take(struct generation *gen, const struct standing *st,
		struct list *ridel);
void trial_pause(bool pause);
bool trial_lost(void);
void trial_refuse(struct standing *st);
void trial_revert(const struct standing *st, const struct ending *ending);
void trial_reapply(void);
uint32_t trial_refused(const struct generation *gen);
void trial_look(void);
int  trial_print(struct re_printf *pf, void *unused);

/* retry.c */
void retry_init(provision_order_h *orderh);
void retry_close(void);
void retry_interval(void);
void retry_begin(void);
void retry_failed(uint32_t retry_after);
void retry_later(uint32_t left);
void retry_ok(void);
void retry_look(void);
void retry_event(enum compat_event ev);
uint64_t retry_hold(void);
int  retry_print(struct re_printf *pf, void *unused);

/* resync.c */
void resync_init(provision_order_h *orderh);
void resync_start(bool ordered);
void resync_look(void);
void resync_close(void);
int  resync_print(struct re_printf *pf, void *unused);

/* check.c */
void check_close(void);
