/**
 * @file fake_uag.h  User agents without baresip
 */

struct account {
	char *aor;
	char *outbound;
	struct uri luri;        /**< Points into aor                        */
	uint32_t regint;
};

struct call {
	struct le le;
	struct ua *ua;
	bool onhold;
	char refer[256];        /**< Where it was transferred               */
};

struct ua {
	struct le le;
	struct account *acc;
	struct list calls;
	char *cuser;
	bool registered;
	unsigned registers;     /**< Calls of ua_register()                 */
	unsigned unregisters;   /**< Calls of ua_unregister()               */
	char header[64];        /**< What was set by ua_set_custom_hdrs()   */
};

/** What the fake counts, and what it is told to do */
struct fake_uag {
	unsigned stops;         /**< Calls of ua_stop_all()                 */
	unsigned hangups;       /**< Calls of call_hangup()                 */
	unsigned accounts;      /**< How many there are, freed ones not     */
	unsigned looks;         /**< How often an account was looked at     */
	unsigned resumes;       /**< Held calls that ua_hangup() resumed    */
	int event_err;          /**< uag_event_register() fails with this   */
	struct sip *sip;        /**< What uag_sip() returns                 */
	struct ua *current;     /**< What uag_current() returns             */
	ua_event_h *eh;         /**< Registered handler                     */
	void *eh_arg;
};

extern struct fake_uag fake_uag;

struct ua *fake_uag_add(const char *uri, const char *cuser, uint32_t regint);
struct call *fake_uag_call(struct ua *ua);
void fake_uag_raise(struct ua *ua);
void fake_uag_event(struct ua *ua, enum ua_event ev);
void fake_uag_reset(void);
