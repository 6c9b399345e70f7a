/**
 * @file decl.c  Our declarations of baresip against a real baresip.h
 *
 * It is compiled and never run. Functions are declared a second time, which
 * compiles only if both are the same. Types and values cannot stand twice in
 * one scope, so ours stand inside a function and are compared there.
 */
#include <re.h>
#include <stddef.h>
#include <baresip.h>

#define PN_DECL_FUNCTIONS
#include "compat/baresip_1.h"
#undef PN_DECL_FUNCTIONS

#if PN_BARESIP >= 10100
#define VALUES_1_1(X)							\
	X(UA_EVENT_FALLBACK_OK) X(UA_EVENT_FALLBACK_FAIL)		\
	X(UA_EVENT_CALL_ANSWERED)
#else
#define VALUES_1_1(X)
#endif

#define VALUES(X)							\
	X(ANSWERMODE_MANUAL) X(ANSWERMODE_EARLY) X(ANSWERMODE_AUTO)	\
	X(CALL_STATE_IDLE) X(CALL_STATE_INCOMING)			\
	X(CALL_STATE_OUTGOING) X(CALL_STATE_RINGING)			\
	X(CALL_STATE_EARLY) X(CALL_STATE_ESTABLISHED)			\
	X(CALL_STATE_TERMINATED) X(CALL_STATE_UNKNOWN)			\
	X(VIDMODE_OFF) X(VIDMODE_ON)					\
	X(UA_EVENT_REGISTERING) X(UA_EVENT_REGISTER_OK)			\
	X(UA_EVENT_REGISTER_FAIL) X(UA_EVENT_UNREGISTERING)		\
	X(UA_EVENT_MWI_NOTIFY) X(UA_EVENT_SHUTDOWN) X(UA_EVENT_EXIT)	\
	X(UA_EVENT_CALL_INCOMING) X(UA_EVENT_CALL_RINGING)		\
	X(UA_EVENT_CALL_PROGRESS) X(UA_EVENT_CALL_ESTABLISHED)		\
	X(UA_EVENT_CALL_CLOSED) X(UA_EVENT_CALL_TRANSFER)		\
	X(UA_EVENT_CALL_TRANSFER_FAILED)				\
	X(CMD_PRM)							\
	VALUES_1_1(X)

#define MEMBERS(X)							\
	X(auframe, fmt) X(auframe, sampv) X(auframe, sampc)		\
	X(auframe, timestamp)						\
	X(aufilt_dec_st, af) X(aufilt_dec_st, le)			\
	X(aufilt_prm, srate) X(aufilt_prm, ch) X(aufilt_prm, fmt)	\
	X(aufilt, le) X(aufilt, name) X(aufilt, encupdh)		\
	X(aufilt, ench) X(aufilt, decupdh) X(aufilt, dech)		\
	X(cmd_arg, key) X(cmd_arg, prm) X(cmd_arg, data)		\
	X(cmd, name) X(cmd, key) X(cmd, flags) X(cmd, desc) X(cmd, h)

#define STRUCTS(X)							\
	X(auframe) X(aufilt_dec_st) X(aufilt_prm) X(aufilt)		\
	X(cmd_arg) X(cmd)

#define SIZE(type, member) sizeof(((struct type *)0)->member)

/* The real ones, kept under another name */
enum {
#define X(name) REAL_ ##name = (int)name,
	VALUES(X)
#undef X
#define X(type, member)							\
	REAL_AT_ ##type ##_ ##member = offsetof(struct type, member),	\
	REAL_SIZE_ ##type ##_ ##member = SIZE(type, member),
	MEMBERS(X)
#undef X
#define X(type) REAL_SIZE_ ##type = sizeof(struct type),
	STRUCTS(X)
#undef X
	REAL_KEYCODE_REL = KEYCODE_REL
};

#undef KEYCODE_REL
#undef DECL_EXPORTS

void decl_check(void);


void decl_check(void)
{
#define PN_DECL_TYPES
#include "compat/baresip_1.h"

#define X(name) _Static_assert((int)name == (int)REAL_ ##name, #name);
	VALUES(X)
	X(KEYCODE_REL)
#undef X
#define X(type, member)							\
	_Static_assert(offsetof(struct type, member) ==			\
		       REAL_AT_ ##type ##_ ##member, #type "." #member); \
	_Static_assert(SIZE(type, member) ==				\
		       REAL_SIZE_ ##type ##_ ##member, #type "." #member);
	MEMBERS(X)
#undef X
#define X(type)								\
	_Static_assert(sizeof(struct type) == REAL_SIZE_ ##type, #type);
	STRUCTS(X)
#undef X
}
