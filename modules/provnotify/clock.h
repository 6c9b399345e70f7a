/**
 * @file clock.h  Deadlines that a step of the wall clock does not move
 */

struct deadline;

typedef void (deadline_h)(void *arg);
/** How far the wall clock was set: forward is positive [ms] */
typedef void (clock_step_h)(int64_t by, void *arg);

/** One deadline, embedded in what waits for it; zeroed = not running */
struct deadline {
	struct le le;
	uint64_t when;          /**< [ms], monotonic                        */
	deadline_h *h;
	void *arg;
};

int  clock_init(clock_step_h *steph, void *arg);
void clock_close(void);
uint64_t clock_ms(void);
uint64_t clock_us(void);
int  clock_boot_id(char *buf, size_t size);

void deadline_start(struct deadline *dl, uint64_t delay, deadline_h *h,
		    void *arg);
void deadline_cancel(struct deadline *dl);
bool deadline_running(const struct deadline *dl);
uint64_t deadline_left(const struct deadline *dl);
