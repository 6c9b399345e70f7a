/**
 * @file restart.h  Starting the process again
 */

typedef void (restart_end_h)(struct request *req,
			     const struct ending *ending);

/** What outlives a restart */
struct handover {
	char serial[REQUEST_SERIAL_MAX];
	enum door door;
	enum action action;
	uint64_t token;             /**< 0 = none, or too old to matter     */
	struct answer answer;
};

/* restart.c */
int  restart_init(restart_end_h *endh);
void restart_close(void);
void restart_now(void);
int  restart_order(struct request *req);
bool restart_permitted(void);
bool restart_waiting(void);
int  restart_print(struct re_printf *pf, void *unused);

/* handover.c */
int  handover_init(void);
int  handover_write(const struct request *req, void (*done)(int err));
void handover_drop(void);
bool handover_permits(void);
const struct handover *handover_get(void);

/* reexec.c */
int  reexec_init(void);
void reexec_close(void);
int  reexec_check(void);
int  reexec(void);

/* signals.c */
void signals_watch(void);
void signals_leave(void);
bool signals_came(void);

/* command.c */
typedef void (command_h)(const char *why);

int  command_run(const char *line, command_h *h);
void command_close(void);
