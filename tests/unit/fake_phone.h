/**
 * @file fake_phone.h  A baresip made of structs, for tests of the phone
 */

struct settings;
struct own_key;

/** An account */
struct ua {
	struct le le;
	struct list calls;
	struct uri luri;
	char aor[128];
	char announced[64];     /**< Header of its INVITEs                  */
	unsigned line;          /**< It was provisioned, 0 = it was not     */
};

/** A call; what was done to it stands in it */
struct call {
	struct le le;
	struct ua *ua;
	char id[32];
	enum call_state state;
	bool outgoing;
	bool onhold;
	bool muted;
	bool answered;
	char digits[32];        /**< Sent, with _ for a release             */
	char peer[64];
	char refer[256];        /**< Where it was transferred               */
	bool kept;              /**< Not dropped when that failed           */
	bool parked;
};

/** What the code under test did, and what shall fail */
struct fake {
	struct ua *selected;
	char uri[256];          /**< Last URI that was called               */
	struct ua *from;        /**< And from where                         */
	unsigned connects;
	uint16_t ended;         /**< Last status of a call that was ended   */
	unsigned ends;
	char command[128];      /**< Last console command                   */
	int command_err;
	const char *command_reply;
	void (*commandh)(void);
	bool menu;              /**< menu.so is loaded                      */

	bool late_id;           /**< The next call gets its Call-ID later  */
	int connect_err, answer_err, hold_err, digit_err, worker_err;
	int write_err;
	char file[1024];        /**< Content of the features file           */
	bool has_file;
	unsigned writes;

	uint16_t replied;       /**< Status of a SIP answer                 */
	char contact[128];      /**< And its Contact                        */
	int transfer_err;
	struct list aufiltl;

	struct list ual;
	sip_msg_h *requesth;
	sip_msg_h *responseh;
	compat_event_h *eventh;
};

extern struct fake fake;

void fake_open(void);
void fake_close(void);
struct ua *fake_ua(const char *user, const char *host);
struct call *fake_call(struct ua *ua, enum call_state state, bool outgoing);
void fake_event(int ev, struct call *call);
void fake_hangup(struct call *call);
struct settings *fake_settings(void);
void fake_key(const char *name, const char *command);
bool fake_request(const char *met, const char *to_tag);
bool fake_invite(const char *user, const char *call_id);
void fake_answer(struct call *call, uint16_t scode, const char *to_tag);
