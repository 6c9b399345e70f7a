/**
 * @file step.h  The states of a resync, what happens in them, what is done
 */

enum state {
	STATE_IDLE,
	STATE_WAIT,             /**< Accepted, not begun                    */
	STATE_FETCH,            /**< Plan, fetch, decode, compare           */
	STATE_READY,            /**< Who is registered before it?           */
	STATE_OWN,              /**< No URL: the user's own files           */
	STATE_COMMIT,
	STATE_BACK,             /**< `current` goes back, or is forgotten   */
};

/** What happens */
enum resync_event {
	EV_ORDER,
	EV_DUE,
	EV_SAME,
	EV_NEW,
	EV_READY,
	EV_FAILED,
	EV_DONE,
	EV_LOST,
	EV_RESET,
};

/** A step has something to tell */
typedef void (step_tell_h)(enum resync_event ev);

void step_init(provision_order_h *orderh, step_tell_h *tellh);
void step_close(void);

/* step.c */
enum state step_rest(void);
enum state step_wait(void);
enum state step_begin(void);
enum state step_same(void);
enum state step_failed(void);
enum state step_hold(void);
enum state step_commit(void);
enum state step_commit_failed(void);
enum state step_taken(void);
enum state step_own_done(void);
enum state step_own_failed(void);

/* back.c */
void back_init(provision_order_h *orderh, step_tell_h *tellh);
void back_close(const struct ending *ending);
int  back_add(struct request *req);
bool back_waits(void);
enum state step_back(void);
enum state step_backed(void);
enum state step_back_failed(void);
