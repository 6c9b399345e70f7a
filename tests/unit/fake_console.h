/**
 * @file fake_console.h  The rooms that the console talks to, for its tests
 */

/** What the rooms were asked, and what they say */
struct fake_console {
	struct settings settings;
	char log[256];                  /**< What was said last            */
	const struct cmd *cmdv;
	size_t cmdc;
	int cmd_err;

	unsigned handled;
	enum door door;
	enum action action;
	bool fresh;
	const struct event *event;
	char event_name[32];
	char body[64];
	struct answer answer;

	consent_prompt_h *prompth;
	char source[64];
	bool allows;
	consent_run_h *runh;
	int consent_err;

	char checked[64];
	int check_err;
};

extern struct fake_console fake;
extern const struct event actionuri;

int  console_setup(void **state);
int  console_teardown(void **state);
void assert_says(const char *name, const char *prm, const char *text);
