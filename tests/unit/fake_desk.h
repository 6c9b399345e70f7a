/**
 * @file fake_desk.h  The rooms around the desk, for its tests
 */

/** What they say, and what they were given */
struct fake_desk {
	struct settings settings;

	enum verdict verdict;
	uint16_t scode;
	enum action lowered;            /**< The guard lowers it to this   */
	guard_joins_h *joinsh;
	consent_lapse_h *lapseh;
	restart_end_h *restart_endh;
	provision_end_h *provision_endh;
	provision_order_h *orderh;

	enum action chain_action;
	enum action then;               /**< What the chain hands back     */
	const char *no_effect;
	bool readout;
	const char *fault;

	bool permitted;
	bool restart_waits;
	bool resync_waits;
	int restart_err;
	int resync_err;

	enum action ended_action;
	struct ending ending;
	struct answer answer;
};

extern struct fake_desk fake;
extern char told[256];          /**< Who was asked, in order               */
extern struct request *req;     /**< The one that is handled               */
extern const struct event checksync, actionuri, talk, profile;

int  desk_setup(void **state);
int  desk_teardown(void **state);
void request_new(enum door door, const struct event *event);
void handle_checksync(const char *params);
void handle_keys(enum door door);
