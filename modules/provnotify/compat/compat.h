/**
 * @file compat.h  All that differs between baresip releases, nothing else
 *
 * The rest of the module includes this instead of re.h and baresip.h. Where
 * the build found a real baresip.h (PN_BARESIP_H), that one is used; else the
 * module's own declarations, since Debian ships no header. PN_BARESIP is the
 * release as a number: 10000 is 1.0.0, 10100 is 1.1.0, 41000 is 4.10.0.
 */

#ifndef PN_BARESIP
#define PN_BARESIP 10000
#endif

#include <re.h>

#ifdef PN_BARESIP_H
#include <baresip.h>
#else
#if PN_BARESIP >= 20000
#error "from 2.0 on the module needs a real baresip.h: set BARESIP_INC"
#endif
#include "baresip_1.h"
#endif

#ifndef RE_ARRAY_SIZE
#define RE_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif

/** The events that the module uses, under one name in all releases */
enum compat_event {
	COMPAT_REGISTER_OK,
	COMPAT_REGISTER_FAIL,
	COMPAT_UNREGISTERING,
	COMPAT_SHUTDOWN,
	COMPAT_EXIT,
	COMPAT_CALL_INCOMING,
	COMPAT_CALL_OUTGOING,
	COMPAT_CALL_RINGING,
	COMPAT_CALL_PROGRESS,
	COMPAT_CALL_ESTABLISHED,
	COMPAT_CALL_CLOSED,
	COMPAT_CALL_TRANSFER_FAILED,
	COMPAT_OTHER,
};

struct compat_listener;

typedef void (compat_event_h)(enum compat_event ev, struct ua *ua,
			      struct call *call, const char *text, void *arg);

/* events.c */
int  compat_listen(struct compat_listener **lp, compat_event_h *h, void *arg);

/* lsnr.c */
int  compat_listen_response(struct sip_lsnr **lp, struct sip *sip,
			    sip_msg_h *h, void *arg);
int  compat_listen_request(struct sip_lsnr **lp, struct sip *sip,
			   sip_msg_h *h, void *arg);
void compat_msg_tag_set(const struct sip_msg *msg, uint64_t tag);
void compat_msg_reply_to_source(const struct sip_msg *msg);
void compat_msg_ignore_maddr(const struct sip_msg *msg);
void compat_msg_release_sock(const struct sip_msg *msg);

/* ua.c */
void compat_ua_destroy(struct ua *ua);
bool compat_ua_destroying(void);
void compat_ua_select(struct ua *ua);
int  compat_ua_announce(struct ua *ua, const char *name, const char *value);

/* call.c */
void compat_call_end(struct call *call, uint16_t scode, const char *reason);
void compat_call_keep(struct call *call);
void compat_calls_park(const struct call *call);
void compat_calls_unpark(const struct ua *ending);
struct list *compat_ua_calls(const struct ua *ua);
int  compat_call_replace(struct call *call, struct call *other,
			 const char *ltag, const char *rtag);
void compat_call_redirect(struct call *call, const struct sip_msg *msg,
			  const char *uri);

/* hold.c */
int  compat_call_hold(struct call *call, bool hold);
void compat_calls_forget(void);

/* fd.c */
struct compat_fd;
int  compat_fd_listen(struct compat_fd **fdp, int fd, int flags, fd_h *h,
		      void *arg);

/* tcp.c */
int  compat_tcp_sock_fd(const struct tcp_sock *ts);
void compat_tcp_shutdown(const struct tcp_conn *tc);
void compat_sa_unmap(struct sa *sa);

/* tls.c */
int  compat_tls_server(struct tls **tlsp, const char *cert);
