/**
 * @file room.h  What the files of the provision room share
 */

enum {
	PARTS_MAX = 32,         /**< Files in one generation                */
	HASH_MAX  = 65,         /**< SHA-256 in hex, with its NUL           */
	TEXT_MAX  = 200,        /**< Why something failed, with its NUL     */
};

/** Why a file is in the plan, and what its absence means */
enum part_rule {
	RULE_SOLE,              /**< The file that the URL itself names     */
	RULE_BOOT,              /**< Boot file: the first that exists       */
	RULE_LAYER,             /**< Each that exists, the later one wins   */
	RULE_CHOICE,            /**< The first that exists                  */
	RULE_INCLUDE,           /**< Named by a boot file: must exist       */
};

enum part_state {
	PART_WANTED,            /**< Not asked for yet                      */
	PART_ABSENT,            /**< The server does not have it            */
	PART_NEW,               /**< Fetched                                */
	PART_SAME,              /**< As the running generation has it       */
};

/** One file of a generation, as fetched */
struct part {
	struct le le;
	enum part_rule rule;
	enum part_state state;
	char *url;
	char *name;             /**< Last part of the URL, for people       */
	char *etag;             /**< RFC 9110 8.8.3, or NULL                */
	char *modified;         /**< RFC 9110 8.8.2, or NULL                */
	char hash[HASH_MAX];
	struct mbuf *mb;
};

/** One version of the configuration, whole */
struct generation {
	unsigned n;             /**< Number in the state dir, 0 = none yet  */
	uint64_t when;          /**< Fetched [s], Unix time, to be shown    */
	char *url;              /**< From where                             */
	bool adopted;           /**< That URL does not stand in the config  */
	bool proved;
	struct list partl;      /**< struct part, in order of decoding      */
	struct mbuf *before;    /**< Lines: who was registered before it    */
	struct profile *prof;
	char hash[HASH_MAX];    /**< Over the names and hashes of the parts */
};

/** What `current` says: the one file whose rename commits */
struct standing {
	unsigned running;       /**< Generation, 0 = none                   */
	unsigned proved;        /**< Last proved generation, 0 = none       */
	uint32_t starts;        /**< Starts of an unproved one, unended     */
	struct refusal {
		char hash[HASH_MAX];
		uint32_t wait;      /**< Seconds, 0 = nothing refused       */
		uint64_t until;     /**< [ms], monotonic in that boot       */
		char boot[40];
	} refused;
};

/** How many accounts differ */
struct change {
	uint32_t added;
	uint32_t changed;
	uint32_t removed;
	uint32_t waiting;       /**< Held back by a call                    */
};


/* url.c */
int  url_complete(char **urlp, const char *str);
int  url_resolve(char **urlp, const char *base, const char *ref);
bool url_scheme_is(const char *str, const char *scheme);
bool url_may_name(const char *base, const char *url);
bool url_is_folder(const char *str);
bool url_same_origin(const char *a, const char *b);
int  url_print(struct re_printf *pf, const char *str);

/* generation.c */
struct settings;

int  part_alloc(struct part **partp, const char *url, enum part_rule rule);
int  generation_alloc(struct generation **genp, const char *url);
const struct part *generation_part(const struct generation *gen,
				   const char *url);
int  part_inherit(struct part *part, const struct part *known);
int  generation_hash(struct generation *gen);
const struct part *part_nth(const struct generation *gen, unsigned n);
int  generation_decode(struct generation *gen, const char *model, char *why,
		       size_t size);

/* plan.c */
int  plan_url(char **urlp, const char *tmpl, const struct settings *s);
int  plan_files(struct generation *gen, const struct settings *s);
int  plan_include(struct generation *gen, struct part *boot,
		  const struct pl *ref);
struct part *plan_next(const struct generation *gen);
bool plan_settle(struct generation *gen);

/* source.c */
uint32_t source_interval(const struct settings *s,
			 const struct generation *gen);
int  source_login(const char **user, const char **pass, const char *url,
		  const struct settings *s, const struct generation *gen);

/* gather.c */
struct gather;

/** A configuration as the server has it now */
struct gathered {
	int err;
	struct generation *gen; /**< Whole and decoded; NULL if it failed   */
	bool same;              /**< It is what runs already                */
	uint32_t retry_after;   /**< Seconds that the server asks for, or 0 */
	char why[TEXT_MAX];     /**< Why it failed                          */
};

typedef void (gather_h)(const struct gathered *res, void *arg);

int  gather_start(struct gather **gp, const char *url,
		  const struct generation *running, bool whole,
		  const struct settings *s, gather_h *h, void *arg);
void gather_cancel(struct gather *g);

/* home.c */
const char *home_url(void);
void home_drop(const char *url);
void home_asked(bool ok);

/* manifest.c */
int  manifest_encode(struct mbuf **mbp, const struct generation *gen);
int  manifest_decode(struct generation *gen, const struct mbuf *mb);
int  standing_encode(struct mbuf **mbp, const struct standing *st);
int  standing_decode(struct standing *st, const struct mbuf *mb);

/* store.c */
typedef void (store_h)(int err, void *arg);

int  store_read(struct standing *st);
int  store_load(struct generation **genp, unsigned n, const char *model,
		char *why, size_t size);
int  store_hash(char *hash, unsigned n);
int  store_standing(const struct standing *st);
int  store_commit(struct generation *gen, const struct standing *st,
		  store_h *h, void *arg);

/* contents.c */

/** One section of what a configuration says */
struct section {
	const char *title;
	int (*printh)(struct re_printf *pf, const struct profile *prof);
};

extern const struct section sectionv[];         /**< Accounts first         */
extern const size_t sectionc;

/* report.c */

/** A report in the making */
struct report {
	struct generation *gen;         /**< NULL: it was refused           */
	struct generation *running;     /**< May be NULL                    */
	struct mbuf *mb;
};

int report_print(struct re_printf *pf, const struct report *rep);

/* apply.c */
typedef void (apply_h)(void *arg);

int  apply_start(const struct profile *prof, apply_h *h, void *arg);
void apply_begin(void);
void apply_change(struct change *change);
bool apply_busy(void);
void apply_event(enum compat_event ev, struct ua *ua);
void apply_close(void);

/* proof.c */
bool proof_ready(void);

/* own.c */

/** What came of reading the user's own files anew */
struct own_result {
	int err;
	struct change accounts;
	uint32_t contacts;      /**< Contacts that differed                 */
	bool config;            /**< The config has changed                 */
	char why[TEXT_MAX];     /**< Why it failed                          */
};

typedef void (own_h)(const struct own_result *res, void *arg);
typedef void (own_changed_h)(void);

int  own_init(own_changed_h *changedh);
int  own_start(own_h *h, void *arg);
void own_event(enum compat_event ev);
void own_close(void);
