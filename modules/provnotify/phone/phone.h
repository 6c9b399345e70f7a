/**
 * @file phone.h  The phone: its events, its keys, its calls
 */

enum {
	CHAIN_MAX = 32,         /**< Keys in one chain                      */
};

/** How an event is taken */
struct event {
	const char *name;       /**< As on the wire, compared without case  */
	enum action action;     /**< What it asks for                       */
	int reboot;             /**< -1: as the parameter says, 0, 1        */
	const char *key;        /**< talk and hold: the key they press      */
	bool dialog;            /**< Only inside a call's dialog            */
};

const struct event *event_find(const struct pl *name);
bool event_reboot(const struct event *ev, const struct pl *params);

struct key;
struct profile;

/** One key of a chain, as it was sent */
struct press {
	const struct key *key;  /**< NULL: a key of the user's own          */
	const struct own_key *own;
	struct pl arg;          /**< Call id, number, line: may be unset    */
	struct pl arg2;         /**< outgoing_uri or seconds                */
};

/** A chain of keys, whole or not at all */
struct chain {
	char *text;             /**< Owned copy that the presses point into */
	struct press pressv[CHAIN_MAX];
	size_t pressc;
};

/** Why a chain was not taken: the 400's phrase, static */
struct fault {
	const char *reason;
};

int  chain_decode(struct chain **chainp, const struct pl *body,
		  struct fault *fault);
int  chain_talk(struct chain **chainp, const struct event *ev,
		const struct pl *call_id);
enum action chain_action(const struct chain *chain);
bool chain_restarts(const struct chain *chain);
bool chain_no_effect(const struct chain *chain, const char **why);
uint32_t chain_call(const struct chain *chain);
int  chain_print(struct re_printf *pf, const struct chain *chain);
void chain_run(const struct chain *chain, struct ending *ending);

bool readout_wanted(const struct chain *chain);
int  readout_print(struct re_printf *pf, const struct chain *chain);

int  phone_check_keys(void);
int  phone_init(void);
void phone_close(void);
int  phone_print(struct re_printf *pf, void *unused);
bool phone_dialog(const struct pl *call_id);
void phone_announce(struct ua *ua);
void phone_features_set(const struct profile *prof);
int  key_table_print(struct re_printf *pf, void *unused);
