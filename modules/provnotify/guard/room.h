/**
 * @file room.h  What the files of the guard share
 */

/** How far a source is trusted */
enum trust {
	TRUST_NONE,
	TRUST_RESYNC,       /**< Could be forged: a resync at most          */
	TRUST_ALL,
};

/** What the credentials of a request prove */
enum proof {
	PROOF_NONE,         /**< None are there, or they are wrong          */
	PROOF_WRONG,        /**< A login: some are there                    */
	PROOF_STALE,        /**< Right, but with a nonce that is over       */
	PROOF_GOOD,
};

/** May a source press keys? */
enum leave {
	LEAVE_GIVEN,
	LEAVE_ASKED,        /**< The request waits for a person now         */
	LEAVE_PENDING,      /**< Another one does, or too many              */
	LEAVE_REFUSED,      /**< Not by a person                            */
	LEAVE_OFF,          /**< Not by the settings                        */
};

/** Why a request is refused, or must wait */
enum refusal {
	REFUSAL_NOT_SEARCHED,
	REFUSAL_BAD_OFFER,
	REFUSAL_NOT_LISTED,
	REFUSAL_NOT_SERVER,
	REFUSAL_RELAYED,
	REFUSAL_NOT_CONTACT,
	REFUSAL_BREACH,
	REFUSAL_OVER_QUOTA,
	REFUSAL_OVER_QUOTA_HTTP,
	REFUSAL_FOREIGN,
	REFUSAL_BAD_HOST,
	REFUSAL_NO_LOGIN,
	REFUSAL_LOCKED_OUT,
	REFUSAL_NO_ACCOUNT,
	REFUSAL_NO_DIALOG,
	REFUSAL_NO_PASSWORD,
	REFUSAL_CHALLENGED,
	REFUSAL_BAD_TYPE,
	REFUSAL_BAD_BODY,
	REFUSAL_ASKED,
	REFUSAL_PENDING,
	REFUSAL_DENIED,
	REFUSAL_SWITCHED_OFF,
};

enum {
	NONCE_LEN = 40,     /**< Characters of a nonce                      */
};

/* refusal.c */
bool request_refuse(struct request *req, struct answer *answer,
		    enum refusal refusal);

/* origin.c */
void origin_init(void);
void origin_close(void);
enum trust origin_trust(const struct request *req);
bool origin_vias(const struct request *req, char *who, size_t size);

/* credentials.c */
struct credentials {
	struct httpauth_digest_resp resp;
	struct pl algorithm;    /**< May be unset                           */
};

int  credentials_decode(struct credentials *cred, const struct pl *hval);

/* digest.c */
enum proof digest_prove(const struct credentials *cred, struct request *req,
		       const struct pl *user, const char *password,
		       const struct pl *method);
bool digest_possible(const struct request *req);
enum proof digest_check(struct request *req);
void digest_challenge(struct answer *answer, const struct request *req,
		      bool stale);

/* nonce.c */
int  nonce_init(void);
int  nonce_issue(char *nonce, const struct request *req);
bool nonce_valid(const struct pl *nonce, const struct request *req);
void nonce_spend(const struct pl *nonce);

/* consent.c */
void consent_init(consent_lapse_h *lapseh);
void consent_close(void);
enum leave consent_check(struct request *req);

/* decision.c */
enum {
	ASKER_DOORS = 3,        /**< Doors that consent is asked for        */
};

/** Who asks: a source, as far as consent goes */
struct asker {
	enum door door;
	struct sa addr;         /**< The port does not count                */
};

void asker_set(struct asker *asker, const struct request *req);
bool asker_cmp(const struct asker *a, const struct asker *b);
int  asker_decode(struct asker *asker, const struct pl *pl);
int  asker_decode_all(struct asker *askerv, const struct pl *pl);
int  asker_print(struct re_printf *pf, const struct asker *asker);
void decision_load(void);
void decision_store(void);
void decision_close(void);
bool decision_get(const struct asker *asker, bool *allowed);
int  decision_set(const struct asker *asker, bool allowed);
int  decision_print(struct re_printf *pf, void *unused);

/* page.c */
bool page_refused(struct request *req, struct answer *answer);

/* login.c */
bool login_refused(struct request *req, struct answer *answer);
void login_close(void);

/* quota.c */
uint32_t quota_wait(const struct sa *addr);
void quota_take(const struct sa *addr);
void quota_close(void);
