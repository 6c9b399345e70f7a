/**
 * @file fake_restart.h  The rooms beside restart.c, for its tests
 */

/** What the rooms beside restart.c were asked, and what they say */
struct fake_restart {
	struct settings settings;
	unsigned writes;
	unsigned drops;
	void (*written)(int err);       /**< The write that is under way    */
	int write_err;
	int check_err;
	bool config_bad;
	bool permits;
	const char *command;
	command_h *commandh;
	int command_err;
	unsigned watches;
	unsigned leaves;
	bool came;
	unsigned cancels;
	unsigned endings;
	struct ending ending;
	bool reexec_closed;
};

extern struct fake_restart fake;
extern struct request *req;     /**< The one that orders                   */

int  restart_setup(void **state);
int  restart_teardown(void **state);
void assert_status(const char *text);
void assert_failed(const char *detail);
void written(int err);
int  ended_with(void);
