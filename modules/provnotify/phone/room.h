/**
 * @file room.h  What the files of the phone share
 */

struct uri;
struct profile;
struct profile_features;

/** What the phone is doing: a column of the table of keys */
enum phase {
	PHASE_IDLE,
	PHASE_RINGING,          /**< A call comes in                        */
	PHASE_DIALLING,         /**< Off-hook, or something was typed       */
	PHASE_CALLING,          /**< A call of our own rings there          */
	PHASE_CALL,             /**< In a call, held or not                 */
	PHASE_TRANSFER,         /**< It is held, and a number is typed      */
	PHASE_CONSULT,          /**< One of the two calls of a consultation */
	PHASE_COUNT
};

/** What a person or a server can switch on and off */
enum feature_id {
	FEATURE_DND,
	FEATURE_CALL_WAITING,
	FEATURE_ALWAYS,         /**< Forwards every call                    */
	FEATURE_BUSY,           /**< Forwards while a call is up            */
	FEATURE_NO_ANSWER,      /**< Forwards after a time                  */
	FEATURE_COUNT
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
	const char *why;        /**< Without deeds: why it has no effect    */
	enum grammar arg;
	unsigned max;           /**< ARG_NTH: the highest                   */
	enum feature_id feature;    /**< What it switches on or off         */
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
	uint32_t partner;       /**< The other call of a consultation, or 0 */
	bool answered;          /**< Answered here                          */
	bool referred;          /**< It was to be transferred               */
	char *ltag;             /**< Of an outgoing call that was answered  */
	char *rtag;
};

/** How something is switched */
struct feature {
	int on;                 /**< -1 = nobody said                       */
	char *target;           /**< Number, or NULL                        */
	uint32_t seconds;       /**< FEATURE_NO_ANSWER: after how many      */
};

/** A number that a key calls */
struct speed {
	struct pl number;
	struct ua *ua;          /**< Account that it goes out from, or NULL */
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
	deed_offhook, deed_dial, deed_dial_or_stop, deed_onhook, deed_redial,
	 deed_number, deed_resync, deed_restart, deed_reset;

int outcome_call(struct outcome *out, int err, uint32_t no);

/* deed_transfer.c */
extern const struct deed
	deed_transfer, deed_cancel, deed_consult, deed_blind, deed_complete,
	deed_atrans, deed_btrans;

/* deed_feature.c */
extern const struct deed
	deed_on, deed_off, deed_louder, deed_lower, deed_line, deed_speed,
	deed_voicemail;

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
int  number_uri_from(char **urip, const struct pl *pl, const struct ua *ua);

/* dialer.c */
void dialer_clear(void);
void dialer_close(void);
void dialer_open(unsigned account);
void dialer_transfer(uint32_t no);
uint32_t dialer_transfers(void);
bool dialer_active(void);
bool dialer_typed(void);
struct pl dialer_number(void);
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
void slot_expect(uint32_t first);
struct call *slot_partner(const struct call *call);
void slot_held(const struct call *call);
void slot_answered(const struct call *call);
void slot_drop(const struct call *call);
void slot_flush(void);
const struct list *slot_list(void);

/* transfer.c */
int  transfer_init(void);
void transfer_close(void);
enum phase transfer_phase(const struct call *call);
int  transfer_begin(struct call *call);
int  transfer_blind(struct call *call, const struct pl *number);
int  transfer_consult(struct call *call, const struct pl *number,
		      uint32_t *no);
int  transfer_complete(struct call *call);
bool transfer_done(const struct call *call, const char *text);
bool transfer_failed(struct call *call, const char *text);

/* talk.c */
int  talk_take(struct call *call);
int  talk_hold(struct call *call);
void talk_end(struct call *call);
int  talk_connect(struct ua *ua, const char *uri, uint32_t *no);

/* feature.c */
int  feature_init(void);
void feature_close(void);
const struct feature *feature_get(enum feature_id id, const struct ua *ua);
bool feature_on(enum feature_id id, const struct ua *ua);
void feature_set(enum feature_id id, bool on, const struct pl *target,
		 uint32_t seconds);
void feature_give(const struct profile *prof);
uint16_t feature_dnd_code(void);
int  feature_dnd_print(struct re_printf *pf, void *unused);

/* feature_given.c */
bool feature_same(const struct feature *a, const struct feature *b);
struct feature feature_given(const struct profile_features *given,
			     enum feature_id id);
const struct feature *feature_of_line(enum feature_id id, const struct ua *ua);
void feature_lines_give(bool changedv[FEATURE_COUNT],
			const struct profile *prof);
void feature_lines_close(void);

/* feature_file.c */
int  feature_encode(struct mbuf **mbp, const struct feature *setv,
		    const struct feature *givenv);
int  feature_decode(struct feature *setv, struct feature *givenv,
		    struct mbuf *mb);

/* incoming.c */
int  incoming_init(void);
void incoming_close(void);
void incoming_rings(const struct call *call);
void incoming_over(const struct call *call);

/* speed.c */
void speed_close(void);
bool speed_get(struct speed *speed, unsigned n);
bool speed_line_get(struct speed *speed, unsigned n);
unsigned speed_line(unsigned n);
bool speed_voicemail(struct speed *speed);

/* volume.c */
void volume_init(void);
void volume_close(void);
const char *volume_why(int step);
void volume_step(int step);
