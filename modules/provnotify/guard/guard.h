/**
 * @file guard.h  May it? One verdict on one request
 */

/** A request that waits for a person, or no longer */
typedef void (consent_prompt_h)(const struct request *req);
typedef void (consent_run_h)(struct request *req);
typedef void (consent_lapse_h)(struct request *req, enum result result);

/** What the guard asks the desk: is the same waiting already? */
typedef bool (guard_joins_h)(const struct request *req);

int  guard_init(guard_joins_h *joinsh, consent_lapse_h *lapseh);
void guard_close(void);
enum verdict guard_check(struct request *req, struct answer *answer);
bool guard_trusts_addr(const struct sa *addr);

/* consent.c */
void consent_prompt_set(consent_prompt_h *prompth);
int  consent_allow(const struct pl *source, consent_run_h *runh, char *who,
		   size_t size);
int  consent_deny(const struct pl *source, char *who, size_t size);
void consent_lapse(enum door door);
int  consent_print(struct re_printf *pf, void *unused);
