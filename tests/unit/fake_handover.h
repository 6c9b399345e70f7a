/**
 * @file fake_handover.h  The state dir, the worker and the clock below
 *                        handover.c, for its tests
 */

/** One file of the state dir */
struct file {
	const char *name;
	char text[2048];
	bool there;
};

/** What is below */
struct fake_handover {
	struct file handover;
	struct file restarts;
	int write_err;          /**< What writing a file says               */
	int worker_err;         /**< What the worker says to a job          */
	const char *boot;       /**< The boot of the machine                */
	uint64_t now;           /**< Time [ms]                              */
	unsigned dones;         /**< How often a write was done             */
	int done_err;           /**< and with what error                    */
};

extern struct fake_handover fake;
extern struct request *req;     /**< The one that orders                   */
extern const char boot_a[];
extern const char boot_b[];

int  handover_setup(void **state);
int  handover_teardown(void **state);
void done_handler(int err);
void work(void);
void order(void);
