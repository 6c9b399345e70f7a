/**
 * @file events.c  Events of baresip, under one name in all releases
 *
 * Up to 3.14 a handler has the type ua_event_h, from 3.15 on bevent_h. baresip
 * knows a handler by its address alone, so one handler serves all listeners.
 */
#include "compat.h"

#if PN_BARESIP < 31500
#define EV(name) UA_EVENT_ ##name
typedef enum ua_event event_t;
#else
#define EV(name) BEVENT_ ##name
typedef enum bevent_ev event_t;
#endif


struct compat_listener {
	struct le le;
	compat_event_h *h;
	void *arg;
};

static struct list listenerl;

static const struct {
	event_t ev;
	enum compat_event common;
} eventv[] = {
	{EV(REGISTER_OK),          COMPAT_REGISTER_OK},
	{EV(REGISTER_FAIL),        COMPAT_REGISTER_FAIL},
	{EV(UNREGISTERING),        COMPAT_UNREGISTERING},
	{EV(SHUTDOWN),             COMPAT_SHUTDOWN},
	{EV(EXIT),                 COMPAT_EXIT},
	{EV(CALL_INCOMING),        COMPAT_CALL_INCOMING},
#if PN_BARESIP >= 20000
	{EV(CALL_OUTGOING),        COMPAT_CALL_OUTGOING},
#endif
	{EV(CALL_RINGING),         COMPAT_CALL_RINGING},
	{EV(CALL_PROGRESS),        COMPAT_CALL_PROGRESS},
	{EV(CALL_ESTABLISHED),     COMPAT_CALL_ESTABLISHED},
	{EV(CALL_CLOSED),          COMPAT_CALL_CLOSED},
	{EV(CALL_TRANSFER_FAILED), COMPAT_CALL_TRANSFER_FAILED},
};


static void event_pass(event_t ev, struct ua *ua, struct call *call,
		       const char *text)
{
	struct le *le = listenerl.head;
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(eventv); i++) {
		if (eventv[i].ev == ev)
			break;
	}

	if (i >= RE_ARRAY_SIZE(eventv))
		return;

	while (le) {
		const struct compat_listener *l = le->data;

		le = le->next;

		l->h(eventv[i].common, ua, call, text, l->arg);
	}
}


#if PN_BARESIP < 31500
static void event_handler(struct ua *ua, enum ua_event ev, struct call *call,
			  const char *prm, void *arg)
{
	(void)arg;

	event_pass(ev, ua, call, prm);
}


static int event_start(void)
{
	return uag_event_register(event_handler, NULL);
}


static void event_stop(void)
{
	uag_event_unregister(event_handler);
}


#else
static void event_handler(enum bevent_ev ev, struct bevent *event, void *arg)
{
	(void)arg;

	event_pass(ev, bevent_get_ua(event), bevent_get_call(event),
		   bevent_get_text(event));
}


static int event_start(void)
{
	return bevent_register(event_handler, NULL);
}


static void event_stop(void)
{
	bevent_unregister(event_handler);
}
#endif


static void destructor(void *arg)
{
	struct compat_listener *l = arg;

	list_unlink(&l->le);

	if (list_isempty(&listenerl))
		event_stop();
}


/**
 * Listen to baresip's events
 *
 * @param lp  Pointer to allocated listener; dereference it to stop
 * @param h   Event handler
 * @param arg Handler argument
 *
 * @return 0 if success, otherwise errorcode
 */
int compat_listen(struct compat_listener **lp, compat_event_h *h, void *arg)
{
	struct compat_listener *l;
	int err;

	if (!lp || !h)
		return EINVAL;

	l = mem_zalloc(sizeof(*l), destructor);
	if (!l)
		return ENOMEM;

	if (list_isempty(&listenerl)) {
		err = event_start();
		if (err) {
			mem_deref(l);
			return err;
		}
	}

	l->h = h;
	l->arg = arg;

	list_append(&listenerl, &l->le, l);

	*lp = l;

	return 0;
}
