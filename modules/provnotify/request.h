/**
 * @file request.h  struct request, the one thing that all rooms share
 *
 * A door makes a request of what came in, the desk turns it into a deed, the
 * guard judges it, the journal writes it down. It is reference counted, owns
 * nothing but what its destructor says, and never points at a user agent for
 * longer than its answer takes.
 */

enum {
	REQUEST_REASON_MAX  = 80,   /**< Phrase of an answer, with its NUL   */
	REQUEST_WARNING_MAX = 160,  /**< Text of a Warning, with its NUL     */
	REQUEST_SERIAL_MAX  = 24,   /**< The journal's id, with its NUL      */
};

/** Where a request came in */
enum door {
	DOOR_NOTIFY,
	DOOR_HTTP,
	DOOR_PNP,
	DOOR_CONSOLE,
	DOOR_TIMER,
	DOOR_BOOT,
};

/** What the guard says of a request */
enum verdict {
	VERDICT_ACCEPTED,
	VERDICT_REFUSED,
	VERDICT_ASKED,      /**< A person must consent first                */
	VERDICT_JOINED,     /**< The same is waiting already                */
	VERDICT_IGNORED,    /**< Not even answered                          */
};

/** The kinds of deed, least dangerous first */
enum action {
	ACTION_NONE,
	ACTION_PNP,         /**< Adopt the URL of a PnP server              */
	ACTION_RESYNC,
	ACTION_COMMAND,     /**< A command of the user's own, on the console */
	ACTION_KEY,         /**< Press keys                                 */
	ACTION_RESTART,
	ACTION_RESET,       /**< Forget all that was provisioned            */
};

/** How a deed ended */
enum result {
	RESULT_OK,
	RESULT_UNCHANGED,
	RESULT_FAILED,
	RESULT_ROLLED_BACK,
	RESULT_NO_EFFECT,
	RESULT_LAPSED,
	RESULT_DENIED,
};

/** What a sender did against the RFCs, see request_breach() */
enum breach {
	BREACH_TO_TAG         = 1 << 0,
	BREACH_NO_FROM_TAG    = 1 << 1,
	BREACH_NO_CSEQ        = 1 << 2,
	BREACH_NO_SUBSTATE    = 1 << 3,
	BREACH_TWICE          = 1 << 4,
	BREACH_BODY_LONG      = 1 << 5,
	BREACH_BODY_SHORT     = 1 << 6,
	BREACH_NO_MAXFWD      = 1 << 7,
	BREACH_NO_CALLID      = 1 << 8,
	BREACH_CSEQ_METHOD    = 1 << 9,
	BREACH_NO_TO          = 1 << 10,
};

/** Which of the phone's names a Request-URI used */
enum addressed {
	ADDRESSED_NONE,     /**< No account: "anonymous"                    */
	ADDRESSED_AOR,      /**< The user of an address of record           */
	ADDRESSED_CONTACT,  /**< A contact user                             */
};

struct request;
struct event;
struct chain;
struct http_msg;
struct sip_msg;
struct ua;

/** Who asks */
struct source {
	const char *proto;      /**< "udp", "tcp", "tls", "http", "https"   */
	struct sa addr;         /**< Address and port; unset: this phone    */
	bool stream;            /**< Hard to forge: TCP or TLS              */
};

/** What a GET says beside its keys */
struct http_get {
	const struct http_msg *msg;
	struct pl target;       /**< As it was sent                         */
	struct pl user;         /**< Login in its query, may be unset       */
	struct pl password;
	struct sa laddr;        /**< Address of ours that it came to        */
};

/** What the door is told to answer */
struct answer {
	uint16_t scode;                     /**< Status, 0 = do not answer  */
	uint32_t retry_after;               /**< Seconds, 0 = no header     */
	char reason[REQUEST_REASON_MAX];    /**< Phrase                     */
	char warning[REQUEST_WARNING_MAX];  /**< Warning text, may be empty */
	char challenge[256];                /**< WWW-Authenticate value     */
};

/** How an action ended, and what the desk must do next */
struct ending {
	enum result result;
	char detail[256];
	enum action then;       /**< ACTION_NONE, or handed back to the desk */
};

typedef void (request_answer_h)(struct request *req,
				const struct answer *answer);

/** One request */
struct request {
	char serial[REQUEST_SERIAL_MAX]; /**< The journal's id              */
	enum door door;
	uint64_t started;       /**< When it came in, [us] monotonic        */
	uint64_t token;         /**< Its transaction, keyed (notify.c)      */

	/* What came, filled in by the door. Points into keep. */
	struct source source;
	struct pl ruri;
	struct pl user;         /**< User part of the Request-URI           */
	struct pl from;
	struct pl call_id;
	struct pl cseq;
	struct pl event_name;
	struct pl params;       /**< Parameters of the event                */
	struct pl ctype;        /**< Content type as sent, may be unset     */
	struct pl body;         /**< Trimmed                                */
	uint32_t breaches;      /**< enum breach                            */
	bool broadcast;         /**< Sent to everybody                      */
	const struct sip_msg *msg;  /**< NOTIFY: for Via and Authorization  */
	const struct http_get *get; /**< HTTP: until the answer, may be NULL */
	void *keep;             /**< Owns what the fields above point into  */
	request_answer_h *answerh;
	void *arg;              /**< The door's own                         */

	/* What it means, filled in by the desk */
	const struct event *event;
	enum action action;     /**< What will be done                      */
	enum addressed addressed;
	char *account;          /**< Address of record, owned               */
	struct ua *ua;          /**< Valid until the answer only            */
	struct chain *chain;    /**< Parsed keys, owned                     */
	bool fresh;             /**< Console: not held back by a back-off   */
	const char *fault;      /**< What is wrong with it: the phrase      */
	uint16_t fault_code;    /**< Its status, 0 = 400                    */
	bool bad_type;          /**< Content type is none that is taken     */
	char *key_text;         /**< Keys as the journal shows them, owned  */
	uint32_t call_no;       /**< Number of the call it is about, or 0   */

	/* What was said of it */
	enum verdict verdict;
	bool authentic;         /**< By its digest, which is now spent      */
	struct answer answer;
	const char *why;        /**< Static text for the journal, or NULL   */
};

int  request_alloc(struct request **reqp, enum door door);
const char *door_name(enum door door);
const char *verdict_name(enum verdict verdict);
const char *action_name(enum action action);
const char *result_name(enum result result);
const char *breach_text(enum breach breach);
const char *breach_section(enum breach breach);

void answer_set(struct answer *answer, uint16_t scode, const char *reason);
void ending_set(struct ending *ending, enum result result,
		const char *fmt, ...);

/* serial.c */
void request_serial(char *buf, size_t size);
