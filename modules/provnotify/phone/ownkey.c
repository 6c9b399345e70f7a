/**
 * @file ownkey.c  The user's own keys: a name, and a command of baresip
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "settings/settings.h"
#include "phone/phone.h"
#include "phone/room.h"


enum {
	REPLY_MAX = 4096,       /**< Of what a command prints               */
};

static struct deadline started;


/* What a command prints beyond the end is dropped, and no error of it */
static int reply_handler(const char *p, size_t size, void *arg)
{
	struct mbuf *mb = arg;
	const size_t space = REPLY_MAX - mb->end;

	return mbuf_write_mem(mb, (const uint8_t *)p,
			      size < space ? size : space);
}


/* The first line that has something in it, without what is not ASCII */
static void reply_line(char *buf, size_t size, const struct mbuf *mb)
{
	size_t i, n = 0;

	for (i=0; i<mb->end && n + 1 < size; i++) {

		const uint8_t c = mb->buf[i];

		if (c == '\n' && n)
			break;

		if ((c > ' ' || (c == ' ' && n)) && c < 0x7f)
			buf[n++] = (char)c;
	}

	buf[n] = '\0';
}


static int run_own(const struct move *move, struct outcome *out)
{
	const char *command = move->press->own->command;
	struct mbuf *mb = mbuf_alloc(256);
	struct re_printf pf = {reply_handler, mb};
	int err;

	if (!mb)
		return ENOMEM;

	/* Some write them as at the console */
	if (command[0] == '/')
		++command;

	err = cmd_process_long(baresip_commands(), command, strlen(command),
			       &pf, NULL);
	if (err) {
		char line[80];

		reply_line(line, sizeof(line), mb);
		(void)re_snprintf(out->text, sizeof(out->text), "%s%s%m",
				  line, line[0] ? ": " : "", err);
	}

	mem_deref(mb);

	return err;
}


const struct deed deed_own = {"command", NULL, run_own};


/* Only now all modules are loaded */
static void start_handler(void *arg)
{
	(void)arg;

	if (!cmd_find_long(baresip_commands(), "dial"))
		warning("provnotify: menu.so is not loaded: a provnotify_key"
			" cannot use its commands (dial, hangup, ...)\n");
}


/**
 * Find a key of the user's own
 *
 * @param name Name, compared without case
 *
 * @return Key, NULL if there is none
 */
const struct own_key *ownkey_find(const struct pl *name)
{
	struct le *le;

	for (le = list_head(&settings()->keyl); le; le = le->next) {
		const struct own_key *own = le->data;

		if (!pl_strcasecmp(name, own->name))
			return own;
	}

	return NULL;
}


/**
 * Check the user's own keys: none may hide behind a built-in one
 *
 * @return 0 if success, EINVAL if one could never be pressed
 */
int phone_check_keys(void)
{
	struct le *le;
	int err = 0;

	for (le = list_head(&settings()->keyl); le; le = le->next) {
		const struct own_key *own = le->data;
		struct pl name, nth;

		pl_set_str(&name, own->name);

		if (!key_find(&name, &nth))
			continue;

		warning("provnotify: config:%u: provnotify_key %s is a key of"
			" the phone itself; accepted is any other name\n",
			own->lineno, own->name);
		err = EINVAL;
	}

	return err;
}


/**
 * Start of the user's own keys: are the commands there that they need?
 */
void ownkey_init(void)
{
	if (!list_isempty(&settings()->keyl))
		deadline_start(&started, 0, start_handler, NULL);
}


/**
 * End of the user's own keys
 */
void ownkey_close(void)
{
	deadline_cancel(&started);
}
