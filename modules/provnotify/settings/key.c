/**
 * @file key.c  Keys of the user's own: provnotify_key
 */
#include <ctype.h>
#include <re.h>
#include "settings/settings.h"
#include "settings/room.h"


enum {
	NAME_LEN = 32,          /**< Longest name                           */
};


static void own_key_destructor(void *arg)
{
	struct own_key *key = arg;

	list_unlink(&key->le);
	mem_deref(key->name);
	mem_deref(key->command);
}


static bool is_key_name(const struct pl *name)
{
	size_t i;

	for (i=0; i<name->l; i++) {
		const uint8_t c = name->p[i];

		if (!isalnum(c) && c != '_' && c != '-')
			return false;
	}

	return name->l <= NAME_LEN;
}


static struct own_key *own_key_find(const struct list *keyl,
				    const struct pl *name)
{
	struct le *le;

	for (le = list_head(keyl); le; le = le->next) {
		struct own_key *key = le->data;

		if (!pl_strcasecmp(name, key->name))
			return key;
	}

	return NULL;
}


static int key_decode(struct setting_line *line, void *p)
{
	struct pl name, command;
	struct own_key *key;
	struct list *keyl = p;
	int err;

	if (re_regex(line->val.p, line->val.l, "[^ \t]+[ \t]+", &name, NULL))
		return EBADMSG;

	command = line->val;
	pl_advance(&command, name.p + name.l - command.p);
	setting_trim(&command);
	setting_unquote(&command);

	line->bad = name;

	if (!is_key_name(&name) || !command.l)
		return EBADMSG;

	key = own_key_find(keyl, &name);
	if (key) {
		line->before = key->lineno;
		return EALREADY;
	}

	key = mem_zalloc(sizeof(*key), own_key_destructor);
	if (!key)
		return ENOMEM;

	err  = pl_strdup(&key->name, &name);
	err |= pl_strdup(&key->command, &command);
	if (err) {
		mem_deref(key);
		return err;
	}

	key->lineno = line->lineno;
	list_append(keyl, &key->le, key);

	return 0;
}


const struct setting_type type_key = {
	key_decode, "NAME and a command line of baresip; NAME is up to 32 of"
	" letters, digits, _ and -", NULL, false
};
