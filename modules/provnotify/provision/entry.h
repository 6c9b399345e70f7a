/**
 * @file entry.h  The accounts that the module made
 */

/** What is to be done with one */
enum todo {
	TODO_NOTHING,
	TODO_CREATE,
	TODO_REPLACE,
	TODO_REMOVE,
};

/** One provisioned account */
struct entry {
	struct le le;           /**< In the order of the profile            */
	struct le he;           /**< By user                                */
	struct le le_todo;      /**< With those of the same todo            */
	struct profile_account *acc;    /**< As it is, or was last          */
	struct profile_account *want;   /**< As it is to be; NULL: gone     */
	enum todo todo;
	struct ua *ua;          /**< NULL: not made, or gone                */
	struct ua *old;         /**< Replaced, till the new one registered  */
	struct deadline farewell;       /**< When the old one goes          */
	bool again;             /**< Register once more after that          */
	bool alive;             /**< entry_survey() has seen it             */
	bool old_alive;
	bool shadowed;          /**< The user's own has this address        */
	bool failed;            /**< baresip would not have it              */
	bool answered;          /**< Its first REGISTER is over             */

	/* for the proof */
	bool both;              /**< In the last proved generation as well  */
	bool proving;           /**< New or changed since                   */
	bool before;            /**< Was registered before the trial        */
};

/* entry.c */
int  entry_init(void);
void entry_close(void);
const struct list *entry_list(void);
struct entry *entry_find(const struct pl *user, const struct pl *domain);
struct entry *entry_get(const struct profile_account *acc);
struct entry *entry_of(const struct ua *ua);
int  entry_add(struct entry **ep, struct profile_account *acc);
bool entry_has_call(const struct entry *e);
bool entry_registers(const struct entry *e);
bool entry_registered(const struct entry *e);
void entry_lost(struct entry *e, const struct ua *ua);
void entry_survey(void);
bool entry_all(bool (*h)(const struct entry *e));

/* swap.c */
bool entry_ua_calls(const struct ua *ua);
void entry_ua_end(struct ua **uap);
int  entry_make(struct entry *e);
void entry_unmake(struct entry *e);
void entry_farewell(void *arg);
void entry_answered(struct entry *e, bool ok);

/* pace.c */
void pace_sent(uint32_t n);
bool pace_open(void);
