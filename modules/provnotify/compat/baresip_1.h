/**
 * @file baresip_1.h  The part of baresip 1.0.0 and 1.1.0 that the module uses
 *
 * Debian ships baresip without its header. These declarations state the
 * interface of the installed program. tests/unit/decl.c compiles them together
 * with a real baresip.h where one is found, and so takes the types and the
 * functions one after the other.
 */

struct account;
struct audio;
struct aufilt;
struct auframe;
struct call;
struct commands;
struct contact;
struct contacts;
struct network;
struct ua;

#ifndef PN_DECL_FUNCTIONS

/* Types and values */

enum answermode {
	ANSWERMODE_MANUAL = 0,
	ANSWERMODE_EARLY,
	ANSWERMODE_AUTO
};

enum call_state {
	CALL_STATE_IDLE = 0,
	CALL_STATE_INCOMING,
	CALL_STATE_OUTGOING,
	CALL_STATE_RINGING,
	CALL_STATE_EARLY,
	CALL_STATE_ESTABLISHED,
	CALL_STATE_TERMINATED,
	CALL_STATE_UNKNOWN
};

enum vidmode {
	VIDMODE_OFF = 0,
	VIDMODE_ON,
};

enum ua_event {
	UA_EVENT_REGISTERING = 0,
	UA_EVENT_REGISTER_OK,
	UA_EVENT_REGISTER_FAIL,
	UA_EVENT_UNREGISTERING,
#if PN_BARESIP >= 10100
	UA_EVENT_FALLBACK_OK,
	UA_EVENT_FALLBACK_FAIL,
#endif
	UA_EVENT_MWI_NOTIFY,
	UA_EVENT_SHUTDOWN,
	UA_EVENT_EXIT,

	UA_EVENT_CALL_INCOMING,
	UA_EVENT_CALL_RINGING,
	UA_EVENT_CALL_PROGRESS,
#if PN_BARESIP >= 10100
	UA_EVENT_CALL_ANSWERED,
#endif
	UA_EVENT_CALL_ESTABLISHED,
	UA_EVENT_CALL_CLOSED,
	UA_EVENT_CALL_TRANSFER,
	UA_EVENT_CALL_TRANSFER_FAILED,
};

typedef void (ua_event_h)(struct ua *ua, enum ua_event ev,
			  struct call *call, const char *prm, void *arg);

#define KEYCODE_REL (0x04)

enum {
	CMD_PRM = (1<<0),
};

struct auframe {
	int fmt;
	void *sampv;
	size_t sampc;
	uint64_t timestamp;
};

struct aufilt_enc_st;

struct aufilt_dec_st {
	const struct aufilt *af;
	struct le le;
};

struct aufilt_prm {
	uint32_t srate;
	uint8_t ch;
	int fmt;
};

typedef int (aufilt_encupd_h)(struct aufilt_enc_st **stp, void **ctx,
			      const struct aufilt *af, struct aufilt_prm *prm,
			      const struct audio *au);
typedef int (aufilt_encode_h)(struct aufilt_enc_st *st, struct auframe *af);

typedef int (aufilt_decupd_h)(struct aufilt_dec_st **stp, void **ctx,
			      const struct aufilt *af, struct aufilt_prm *prm,
			      const struct audio *au);
typedef int (aufilt_decode_h)(struct aufilt_dec_st *st, struct auframe *af);

struct aufilt {
	struct le le;
	const char *name;
	aufilt_encupd_h *encupdh;
	aufilt_encode_h *ench;
	aufilt_decupd_h *decupdh;
	aufilt_decode_h *dech;
};

struct cmd_arg {
	char key;
	char *prm;
	void *data;
};

struct cmd {
	const char *name;
	char key;
	int flags;
	const char *desc;
	re_printf_h *h;
};

#ifdef STATIC
#define DECL_EXPORTS(name) exports_ ##name
#else
#define DECL_EXPORTS(name) exports
#endif

#endif

#ifndef PN_DECL_TYPES

/* Account */

int account_set_auth_user(struct account *acc, const char *user);
int account_set_auth_pass(struct account *acc, const char *pass);
int account_set_outbound(struct account *acc, const char *ob, unsigned ix);
int account_set_answermode(struct account *acc, enum answermode mode);
int account_set_display_name(struct account *acc, const char *dname);
int account_set_regint(struct account *acc, uint32_t regint);
int account_set_mediaenc(struct account *acc, const char *mediaenc);
int account_set_medianat(struct account *acc, const char *medianat);
int account_set_audio_codecs(struct account *acc, const char *codecs);
struct uri *account_luri(const struct account *acc);
uint32_t account_regint(const struct account *acc);
const char *account_aor(const struct account *acc);
const char *account_auth_user(const struct account *acc);
const char *account_auth_pass(const struct account *acc);
const char *account_outbound(const struct account *acc, unsigned ix);
const char *account_display_name(const struct account *acc);

/* Call */

int  call_hold(struct call *call, bool hold);
int  call_send_digit(struct call *call, char key);
int  call_transfer(struct call *call, const char *uri);
void call_hangup(struct call *call, uint16_t scode, const char *reason);
enum call_state call_state(const struct call *call);
const char   *call_id(const struct call *call);
const char   *call_peeruri(const struct call *call);
struct audio *call_audio(const struct call *call);
struct ua    *call_get_ua(const struct call *call);
bool          call_is_onhold(const struct call *call);
bool          call_is_outgoing(const struct call *call);
struct call  *call_find_id(const struct list *calls, const char *id);

/* Audio */

void audio_mute(struct audio *a, bool muted);
bool audio_ismuted(const struct audio *a);

/* Audio filters */

void aufilt_register(struct list *aufiltl, struct aufilt *af);
void aufilt_unregister(struct aufilt *af);

/* Configuration */

int  conf_path_get(char *path, size_t sz);

/* Contacts */

int  contact_add(struct contacts *contacts,
		 struct contact **contactp, const struct pl *addr);
void contact_remove(struct contacts *contacts, struct contact *c);
struct contact *contact_find(const struct contacts *contacts,
			     const char *uri);
const char *contact_uri(const struct contact *c);
struct list *contact_list(const struct contacts *contacts);

/* Log */

#ifndef PN_NO_LOG_DECL
void debug(const char *fmt, ...);
void info(const char *fmt, ...);
void warning(const char *fmt, ...);
#endif

/* User agents */

int  ua_alloc(struct ua **uap, const char *aor);
int  ua_connect(struct ua *ua, struct call **callp,
		const char *from_uri, const char *req_uri,
		enum vidmode vmode);
void ua_hangup(struct ua *ua, struct call *call,
	       uint16_t scode, const char *reason);
int  ua_answer(struct ua *ua, struct call *call, enum vidmode vmode);
int  ua_hold_answer(struct ua *ua, struct call *call, enum vidmode vmode);
int  ua_register(struct ua *ua);
void ua_unregister(struct ua *ua);
bool ua_isregistered(const struct ua *ua);
unsigned ua_destroy(struct ua *ua);
const char     *ua_cuser(const struct ua *ua);
const char     *ua_local_cuser(const struct ua *ua);
struct account *ua_account(const struct ua *ua);
struct call    *ua_call(const struct ua *ua);
struct list    *ua_calls(const struct ua *ua);

#if PN_BARESIP < 10100
int  ua_set_custom_hdrs(struct ua *ua, struct list *custom_hdrs);
#else
int  ua_add_custom_hdr(struct ua *ua, const struct pl *name,
		       const struct pl *value);
#endif

void ua_stop_all(bool forced);
int  uag_event_register(ua_event_h *eh, void *arg);
void uag_event_unregister(ua_event_h *eh);
struct ua   *uag_find(const struct pl *cuser);
struct ua   *uag_find_aor(const char *aor);
struct sip  *uag_sip(void);
struct list *uag_list(void);
#if PN_BARESIP < 10100
void         ua_event(struct ua *ua, enum ua_event ev, struct call *call,
		      const char *fmt, ...);
void         uag_current_set(struct ua *ua);
struct ua   *uag_current(void);
#endif

/* Commands */

int  cmd_register(struct commands *commands,
		  const struct cmd *cmdv, size_t cmdc);
void cmd_unregister(struct commands *commands, const struct cmd *cmdv);
int  cmd_process_long(struct commands *commands, const char *str, size_t len,
		      struct re_printf *pf_resp, void *data);
const struct cmd *cmd_find_long(const struct commands *commands,
				const char *name);

/* The one instance */

struct network  *baresip_network(void);
struct contacts *baresip_contacts(void);
struct commands *baresip_commands(void);
struct list     *baresip_aufiltl(void);

#endif
