/**
 * @file judge.h  Requests, and what the guard says of them, for its tests
 */

#define RURI     "sip:alice-0x1@192.0.2.9:5060"
#define SERVER   "udp:192.0.2.1:5060"
#define STRANGER "udp:198.51.100.1:5060"
#define RELAYED  "Via: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK2\r\n"

/** What the guard asks the desk, and hears */
struct joins {
	unsigned count;
	bool waits;             /**< Is the same waiting already?           */
	enum action action;     /**< What it was asked about last           */
};

extern const struct event checksync, action_uri, talk, profile;
extern struct request *req;
extern struct answer answer;
extern struct joins joins;

int  judge_setup(void **state);
int  judge_teardown(void **state);

void make(const struct event *event, enum action action, const char *source,
	  const char *headers);
void make_sync(void);
void make_reboot(void);
void make_key(void);
void make_anonymous(void);

enum verdict judge(void);
void check(enum verdict verdict, uint16_t scode, const char *reason,
	   const char *warning);
void check_accepted(void);
void check_refused(uint16_t scode, const char *reason, const char *warning);
