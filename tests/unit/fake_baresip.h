/**
 * @file fake_baresip.h  User agents and the index of accounts without baresip
 */

struct profile;

struct ua {
	struct le le;
	struct le le_alive;
	char *line;             /**< As it was made                         */
	char *aor;
	struct sip_addr addr;
	char *auth_user;
	char *secret;
	char *display;
	uint32_t regint;
	bool ours;              /**< accounts_add() was called              */
	bool announced;         /**< phone_announce() was                   */
	unsigned number;
	bool registered;
	unsigned registers;     /**< Calls of ua_register()                 */
	struct list calls;
	struct le call;         /**< The one call that it can have          */
};

/** What the fake was asked to do, and what it does wrong */
struct fake {
	struct list ual;
	struct list alivel;     /**< Those that are being destroyed as well */
	unsigned allocs;
	unsigned destroys;
	bool destroying;        /**< By compat_ua_destroy()                 */
	unsigned registers;
	bool answers;           /**< Each REGISTER is answered at once      */
	uint32_t answered;      /**< How many have been                     */
	const char *refuses;    /**< The secret that is refused             */
	bool alloc_fails;
	char confdir[256];
	const struct profile *features; /**< What the phone was given     */
};

extern struct fake fake;

void fake_init(const char *confdir);
void fake_close(void);
struct ua *fake_find(const char *aor);
struct ua *fake_own(const char *line);
void fake_registered(struct ua *ua, bool ok);
void fake_call(struct ua *ua, bool up);
void fake_uadel(struct ua *ua);
