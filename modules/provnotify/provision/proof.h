/**
 * @file proof.h  The files behind trial.c
 */

/* proof.c */
int  proof_before(struct mbuf **mbp);
void proof_begin(const struct profile *old, const struct mbuf *before);
bool proof_complete(void);
bool proof_failed(const struct mbuf *before);

/* refusal.c */
void refusal_add(struct refusal *ref, const char *hash);
void refusal_resume(struct refusal *ref);
uint32_t refusal_left(const struct refusal *ref, const char *hash);

/* resume.c */
void resume_load(struct standing *st, struct generation **running,
		 struct generation **proved);
