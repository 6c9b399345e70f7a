/**
 * @file chain.c  A chain of keys, decoded whole and run in order
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "phone/phone.h"
#include "phone/room.h"


enum {
	SECONDS_MAX = 600,      /**< Longer than any phone rings            */
};

/* What phonecfg=get may be followed by */
#define QUERY "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01&=[]"

/* Returns the phrase of the 400, or NULL; the argument is in press->arg */
typedef const char *(arg_h)(struct press *press);


static void destructor(void *arg)
{
	struct chain *chain = arg;

	mem_deref(chain->text);
}


/* Cut at the first of some characters; both parts without blanks around */
static char text_cut(struct pl *head, struct pl *tail, const struct pl *pl,
		     const char *set)
{
	size_t i = 0;
	char c = '\0';

	while (i < pl->l && !strchr(set, pl->p[i]))
		++i;

	head->p = pl->p;
	head->l = i;
	*tail = pl_null;

	if (i < pl->l) {
		c = pl->p[i];
		tail->p = pl->p + i + 1;
		tail->l = pl->l - i - 1;
	}

	phone_trim(head);
	phone_trim(tail);

	return c;
}


/* What is decoded lies in a text that ends in a NUL */
static bool made_of(const struct pl *pl, const char *set)
{
	return pl->l && strspn(pl->p, set) >= pl->l;
}


static const char *arg_id(struct press *press)
{
	return made_of(&press->arg, "0123456789") ? NULL : "Bad Call Id";
}


static const char *arg_number(struct press *press)
{
	struct number num;

	if (!pl_isset(&press->arg))
		return "Missing Number";

	return number_decode(&num, &press->arg) ? "Bad Number" : NULL;
}


static const char *arg_timed(struct press *press)
{
	const struct pl val = press->arg;
	uint32_t n;

	(void)text_cut(&press->arg, &press->arg2, &val, "=");

	if (!phone_u32(&n, &press->arg2) || n == 0 || n > SECONDS_MAX)
		return "Bad Seconds";

	return arg_number(press);
}


static const char *arg_from(struct press *press)
{
	const struct pl val = press->arg;
	struct pl name, rest;

	if (text_cut(&press->arg, &rest, &val, "&")) {

		if (!text_cut(&name, &press->arg2, &rest, "=") ||
		    pl_strcasecmp(&name, "outgoing_uri") ||
		    pl_strchr(&press->arg2, '&') ||
		    !number_from_ok(&press->arg2))
			return "Bad Outgoing URI";
	}

	return arg_number(press);
}


static const char *arg_query(struct press *press)
{
	struct pl what, rest;

	/* Some clients send the square brackets of the manual */
	(void)text_cut(&what, &rest, &press->arg, "&[");

	if (pl_strcasecmp(&what, "get") || !made_of(&press->arg, QUERY))
		return "Bad Query";

	return NULL;
}


/* What follows a name, and after which character; by grammar */
static const struct {
	char sep;
	bool needed;
	arg_h *argh;
} argv[] = {
	[ARG_NONE]   = {'\0', false, NULL},
	[ARG_ID]     = {':',  false, arg_id},
	[ARG_NUMBER] = {'=',  true,  arg_number},
	[ARG_TIMED]  = {'=',  true,  arg_timed},
	[ARG_FROM]   = {'=',  true,  arg_from},
	[ARG_NTH]    = {'\0', false, NULL},
	[ARG_QUERY]  = {'=',  true,  arg_query},
	[ARG_DIALOG] = {'\0', false, NULL},
};


static const char *press_decode(struct press *press, const struct pl *pl)
{
	struct pl name, val;
	char sep;

	sep = text_cut(&name, &val, pl, ":=");

	if (!pl_isset(pl))
		return "Missing Key";

	press->key = key_find(&name, &press->arg);
	if (!press->key) {
		press->own = ownkey_find(pl);
		return press->own ? NULL : "Unknown Key";
	}

	if (!sep && argv[press->key->arg].needed)
		return "Missing Argument";

	if (!sep)
		return NULL;

	if (sep != argv[press->key->arg].sep)
		return "Unexpected Argument";

	press->arg = val;

	return argv[press->key->arg].argh(press);
}


/* The body without `key=`, where it stands */
static const char *body_open(struct pl *keys, const struct pl *body)
{
	struct pl name, val;
	size_t i;

	for (i=0; i<body->l; i++) {
		const uint8_t c = body->p[i];

		if (c < ' ' || c == 0x7f)
			return "Control Character in Body";
	}

	*keys = *body;

	if (text_cut(&name, &val, body, "=") != '=')
		return "Missing Key";

	if (!pl_strcasecmp(&name, "key"))
		*keys = val;
	else if (pl_strcasecmp(&name, "number"))
		return "Missing Key";

	return NULL;
}


static const char *keys_decode(struct chain *chain, struct pl keys)
{
	const char *reason = NULL;
	struct pl pl, rest;
	char sep;

	do {
		if (chain->pressc >= CHAIN_MAX)
			return "Too Many Keys";

		sep = text_cut(&pl, &rest, &keys, ";");

		reason = press_decode(&chain->pressv[chain->pressc++], &pl);

		keys = rest;

	} while (sep && !reason);

	return reason;
}


/**
 * Decode a chain of keys, whole or not at all
 *
 * The body is that of Yealink's ACTION-URI: `key=NAME;NAME...`, or
 * `number=NUMBER&outgoing_uri=ACCOUNT`.
 *
 * @param chainp Pointer to allocated chain
 * @param body   Body, which is copied
 * @param fault  What is wrong with it
 *
 * @return 0 if success, EBADMSG with a fault, otherwise errorcode
 */
int chain_decode(struct chain **chainp, const struct pl *body,
		 struct fault *fault)
{
	struct chain *chain;
	struct pl text, keys;
	int err;

	if (!chainp || !body || !fault)
		return EINVAL;

	fault->reason = pl_isset(body) ? body_open(&keys, body) :
		"Missing Key";
	if (fault->reason)
		return EBADMSG;

	chain = mem_zalloc(sizeof(*chain), destructor);
	if (!chain)
		return ENOMEM;

	err = pl_strdup(&chain->text, &keys);
	if (err)
		goto out;

	pl_set_str(&text, chain->text);

	fault->reason = keys_decode(chain, text);
	if (fault->reason)
		err = EBADMSG;

 out:
	if (err)
		mem_deref(chain);
	else
		*chainp = chain;

	return err;
}


/**
 * Make a chain of what an event inside a call's dialog presses
 *
 * @param chainp  Pointer to allocated chain
 * @param ev      Event, talk or hold
 * @param call_id Call-ID of the dialog
 *
 * @return 0 if success, EINVAL if the event presses nothing
 */
int chain_talk(struct chain **chainp, const struct event *ev,
	       const struct pl *call_id)
{
	struct chain *chain;
	int err;

	if (!chainp || !ev || !key_dialog(ev->key) || !pl_isset(call_id))
		return EINVAL;

	chain = mem_zalloc(sizeof(*chain), destructor);
	if (!chain)
		return ENOMEM;

	err = pl_strdup(&chain->text, call_id);
	if (err) {
		mem_deref(chain);
		return err;
	}

	chain->pressc = 1;
	chain->pressv[0].key = key_dialog(ev->key);
	pl_set_str(&chain->pressv[0].arg, chain->text);

	*chainp = chain;

	return 0;
}
