/**
 * @file room.h  What the files of the phone share
 */

struct uri;

/** What the phone is doing: a column of the table of keys */
enum phase {
	PHASE_IDLE,
	PHASE_RINGING,          /**< A call comes in                        */
	PHASE_DIALLING,         /**< Off-hook, or something was typed       */
	PHASE_CALLING,          /**< A call of our own rings there          */
	PHASE_CALL,             /**< In a call, held or not                 */
	PHASE_COUNT
};

/** What may follow the name of a key */
enum grammar {
	ARG_NONE,
	ARG_ID,                 /**< :id of a call, or nothing              */
	ARG_NUMBER,             /**< =number                                */
	ARG_TIMED,              /**< =number=seconds                        */
	ARG_FROM,               /**< =number&outgoing_uri=account           */
	ARG_NTH,                /**< A number from 1, part of the name      */
	ARG_QUERY,              /**< =get&accounts=1&...                    */
	ARG_DIALOG,             /**< The Call-ID of a talk or hold event    */
};

struct deed;

/** One row of the table of keys */
struct key {
	const char *name;
	const struct deed *const *deedv;  /**< By phase, NULL: no effect    */
	const char *text;       /**< For the README                         */
	enum grammar arg;
	unsigned max;           /**< ARG_NTH: the highest                   */
	char digit;             /**< What it types                          */
	bool ringing_first;     /**< Means the call that rings, if one does */
};

/** What a press comes to right now */
struct move {
	const struct press *press;
	const struct deed *deed;    /**< NULL: it would do nothing          */
	struct call *call;          /**< Which it is about, or NULL         */
	const char *why;            /**< Why it would do nothing, static    */
};

/** What came of it */
struct outcome {
	char text[160];         /**< May be empty                           */
	enum action then;       /**< Handed back to the desk                */
};

/* Why it would do nothing, NULL if it would not; may choose another call */
typedef const char *(deed_check_h)(struct move *move);
typedef int (deed_run_h)(const struct move *move, struct outcome *out);

/** What a key does */
struct deed {
	const char *name;       /**< For the README                         */
	deed_check_h *check;    /**< NULL: it can always be done            */
	deed_run_h *run;
};

/** A number that may be called */
struct number {
	struct pl user;
	struct pl host;         /**< IPv6 with brackets; unset: as account */
	uint16_t port;          /**< 0 = none                               */
	bool secure;            /**< sips:                                  */
};

/** What is known of a call beside what baresip knows */
struct slot {
	struct le le;
	char *id;               /**< Call-ID                                */
	uint32_t no;            /**< Counts up from 1                       */
	uint32_t held;          /**< The higher, the later it was held      */
	bool answered;          /**< Answered here                          */
};

/* phone.c */
const char *phase_name(enum phase phase, bool held);

/* key.c */
const struct key *key_find(const struct pl *name, struct pl *nth);
const struct key *key_dialog(const char *name);

/* plan.c */
void move_plan(struct move *move, const struct press *press);

/* deed.c */
extern const struct deed
	deed_answer, deed_reject, deed_stop, deed_hangup, deed_toggle,
	deed_hold, deed_resume, deed_mute, deed_dtmf, deed_type,
	deed_offhook, deed_dial, deed_dial_or_stop, deed_onhook, deed_line,
	deed_redial, deed_number, deed_dnd_on, deed_dnd_off, deed_resync,
	deed_restart, deed_reset;

/* ownkey.c */
extern const struct deed deed_own;
const struct own_key *ownkey_find(const struct pl *name);
void ownkey_init(void);
void ownkey_close(void);

/* number.c */
void phone_trim(struct pl *pl);
bool phone_u32(uint32_t *n, const struct pl *pl);
int  number_decode(struct number *num, const struct pl *pl);
bool number_from_ok(const struct pl *from);
struct ua *number_account(const struct pl *from);
int  number_uri(char **urip, const struct number *num,
		const struct uri *luri);

/* dialer.c */
void dialer_clear(void);
void dialer_close(void);
void dialer_open(unsigned account);
bool dialer_active(void);
bool dialer_typed(void);
bool dialer_full(void);
void dialer_type(char digit);
int  dialer_dial(uint32_t *no);
bool dialer_can_redial(void);
int  dialer_redial(uint32_t *no);
int  dialer_call(struct ua *ua, const struct pl *number, uint32_t *no);

/* call.c */
int  calls_init(void);
void calls_close(void);
enum phase calls_phase(const struct call *call);
uint32_t calls_number(const struct call *call);
struct call *calls_nth(uint32_t no);
struct call *calls_dialog(const struct pl *call_id);
struct call *calls_ringing(const struct ua *ua);
struct call *calls_up(const struct ua *ua);
struct call *calls_held(void);
struct call *calls_active(const struct call *but);
struct call *calls_calling(void);
bool calls_is_active(const struct call *call);
int  calls_print(struct re_printf *pf, void *unused);

/* slot.c */
struct slot *slot_find(const struct call *call);
struct slot *slot_get(const struct call *call);
void slot_held(const struct call *call);
void slot_answered(const struct call *call);
void slot_drop(const struct call *call);
void slot_flush(void);
const struct list *slot_list(void);

/* talk.c */
int  talk_take(struct call *call);
int  talk_hold(struct call *call);
void talk_end(struct call *call);
int  talk_connect(struct ua *ua, const char *uri, uint32_t *no);

/* feature.c */
int  feature_init(void);
void feature_close(void);
bool feature_dnd(void);
void feature_dnd_set(bool dnd);
