/**
 * @file profile.h  The vendor-neutral configuration of a phone
 *
 * The files of a configuration are decoded into one profile, one after the
 * other; profile_check() then makes it whole. Until that has been called only
 * the formats may look into it.
 */

enum {
	PROFILE_CODECS_MAX   = 32,      /**< Codecs of one account          */
	PROFILE_ACCOUNTS_MAX = 16384,
	PROFILE_LINE_MAX     = 99999,   /**< Highest number of a line       */
	PROFILE_KEYS_MAX     = 512,     /**< Line and memory keys           */
	PROFILE_NOTES_MAX    = 8192,    /**< Kept; all are counted          */
};

enum profile_transport {
	TRANSPORT_UNSET, TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_TLS
};
enum profile_srtp { SRTP_UNSET, SRTP_OFF, SRTP_OPTIONAL, SRTP_MANDATORY };
enum profile_dtmf { DTMF_UNSET, DTMF_RTP, DTMF_INFO, DTMF_INBAND };
enum profile_answer { ANSWER_UNSET, ANSWER_MANUAL, ANSWER_EARLY, ANSWER_AUTO };

/** A server, as a vendor's file has it */
struct profile_host {
	char *host;             /**< IPv6 in brackets                       */
	uint16_t port;          /**< 0 = by default                         */
};

/** One codec as a vendor's file has it: until profile_check() */
struct profile_codec {
	char name[16];          /**< As the vendor writes it, may be empty  */
	unsigned id;            /**< Number in the file, 0 = goes by name   */
	int enabled;
	int32_t priority;       /**< Low comes first                        */
	unsigned file;
	unsigned lineno;        /**< 0 = it stands in no file               */
};

enum profile_forward_kind {
	PROFILE_FORWARD_ALWAYS,
	PROFILE_FORWARD_BUSY,
	PROFILE_FORWARD_NO_ANSWER,
	PROFILE_FORWARD_KINDS,
};

/** Where calls are sent on to */
struct profile_forward {
	int on;                 /**< -1 = not said                          */
	char *target;           /**< Number or sip: URI                     */
	int32_t seconds;        /**< No answer: after how many, -1 = unsaid */
};

/** What a person could set at the phone */
struct profile_features {
	int dnd;                /**< -1 = not said                          */
	int dnd_code;           /**< SIP status, -1 = not said: 480         */
	int call_waiting;       /**< -1 = not said                          */
	struct profile_forward forwardv[PROFILE_FORWARD_KINDS];
};

/** Whether a line is in use: 0 and 1, or what holds where it is not said */
enum profile_enabled { ENABLED_UNSAID_OFF = -2, ENABLED_UNSAID = -1 };

/** One account. Every string is owned; NULL = not said */
struct profile_account {
	struct le le;
	struct le he;           /**< By line, after the check by user       */
	unsigned line;          /**< Line number on the phone, from 1       */
	unsigned file;          /**< File it was first seen in, from 0      */
	unsigned lineno;        /**< Line of the file, for messages         */
	int enabled;            /**< enum profile_enabled                   */
	int32_t provider;       /**< Number, or one of PROVIDER_*           */
	char *user;
	char *domain;           /**< Host; IPv6 in brackets                 */
	uint16_t port;          /**< 0 = by default                         */
	char *auth_user;
	char *secret;
	char *display;
	struct profile_host server;     /**< Unsaid domain: it is that too  */
	struct profile_host registrar;
	struct profile_host proxy;      /**< Outbound proxy                 */
	struct profile_host second;     /**< Second server                  */
	int use_proxy;          /**< -1 = not said: if there is one         */
	int use_registrar;      /**< -1 = not said: if there is one         */
	char *outbound;         /**< SIP URI that all is sent to, or NULL   */
	enum profile_transport transport;
	int32_t expires;        /**< Seconds, 0 = no REGISTER, -1 = default */
	int32_t expires_unsaid; /**< The vendor's default, -1 = baresip's   */
	struct profile_codec codecv[PROFILE_CODECS_MAX];
	size_t codecc;
	char *codecs;           /**< "name/rate/ch,..." in order            */
	enum profile_srtp srtp;
	int srtp_plain;         /**< Calls without SRTP too, -1 = not said  */
	char *mediaenc;         /**< baresip's word for it                  */
	char *medianat;
	enum profile_dtmf dtmf;
	int mwi;                /**< -1 = not said                          */
	char *voicemail;        /**< Number or sip: URI                     */
	enum profile_answer answer;
	uint32_t ptime;         /**< ms, 0 = default                        */
	struct profile_features features;   /**< Of this line alone         */
};

/** What profile_account.provider may be, besides a number */
enum {
	PROVIDER_NONE  = -1,
	PROVIDER_FIRST = -2,    /**< The first one that names a domain      */
};

enum profile_key_kind {
	PROFILE_KEY_NONE,
	PROFILE_KEY_LINE,       /**< Chooses an account                     */
	PROFILE_KEY_DIAL,       /**< Dials a number                         */
};

/** One line key or memory key */
struct profile_key {
	struct le le;
	bool memory;            /**< D1.. rather than L1..                  */
	unsigned n;             /**< From 1                                 */
	unsigned file;
	unsigned lineno;
	enum profile_key_kind kind;
	int32_t line;           /**< Account that it is for, -1 = not said  */
	char *value;
	char *label;
};

/** Who may do what; the enumerations are those of settings.h */
struct profile_policy {
	char *notify_from;      /**< Address list, as in the settings       */
	char *http_from;        /**< Address list, as in the settings       */
	int remote;             /**< Controlled at all, -1 = not said       */
	int consent;            /**< enum consent, -1 = not said            */
	int checksync;          /**< enum checksync, -1 = not said          */
	int checksync_reboot;   /**< -1 = not said                          */
	int reboot_in_call;     /**< -1 = not said                          */
	int challenge;          /**< enum challenge, -1 = not said          */
};

/** Where the next configuration comes from */
struct profile_source {
	char *url;
	char *user;
	char *password;
	int repeat;             /**< Whether at intervals, -1 = not said    */
	int32_t interval;       /**< Minutes, 0 = never, -1 = not said      */
	int32_t hours;          /**< Of an hourly interval, -1 = not said   */
};

/** What one key of a file came to */
struct profile_note {
	struct le le;
	unsigned file;          /**< From 0                                 */
	unsigned lineno;
	bool known;             /**< Understood, but without use here       */
	char *key;              /**< Printable                              */
	const char *why;        /**< Static text, or NULL                   */
	const char *meant;      /**< Key it may be meant to be, or NULL     */
};

/** The whole configuration */
struct profile {
	/* Set by whoever decodes, before he does */
	char *model;            /**< Model of this phone, for [MODEL]       */
	bool overwrite;         /**< A blank value is a default             */

	struct list accountl;   /**< struct profile_account, by line        */
	size_t accountc;        /**< How many were made                     */
	struct list keyl;       /**< struct profile_key: memory keys first  */
	struct profile_features features;
	struct profile_policy policy;
	struct profile_source source;
	struct list notel;      /**< struct profile_note                    */
	size_t usedc;           /**< Keys that were used                    */
	size_t unusedc;         /**< Understood, without use here           */
	size_t unknownc;

	unsigned file;          /**< File being decoded, or at fault        */
	struct list providerl;  /**< struct profile_account, as templates   */
	struct hash *index;     /**< Accounts by line, then by user         */
};

/* profile.c */
int  profile_alloc(struct profile **profp);
int  profile_account_add(struct profile *prof, unsigned line,
			 struct profile_account **accp);
int  profile_provider_add(struct profile *prof, unsigned n,
			  struct profile_account **accp);
struct profile_account *profile_account_find(const struct profile *prof,
					     const char *user,
					     const char *domain);

/* note.c */
int  profile_key_add(struct profile *prof, bool memory, unsigned n,
		     struct profile_key **keyp);
int  profile_note(struct profile *prof, unsigned lineno, bool known,
		  const struct pl *key, const char *why);
int  profile_note_unknown(struct profile *prof, unsigned lineno,
			  const struct pl *key, const char *meant);

/* account.c */
struct profile_codec *profile_codec_add(struct profile_account *acc,
					const struct pl *name, unsigned id);
const char *profile_account_differs(const struct profile_account *a,
				    const struct profile_account *b,
				    size_t *ix);
bool profile_account_equal(const struct profile_account *a,
			   const struct profile_account *b);
int  profile_account_line(char **linep, const struct profile_account *acc);

int  profile_account_codecs(struct profile *prof,
			    struct profile_account *acc);

/* features.c */
void profile_features_adopt(struct profile *prof);

/* check.c */
int  profile_check(struct profile *prof, unsigned *lineno, const char **why);
