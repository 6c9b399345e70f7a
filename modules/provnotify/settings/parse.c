/**
 * @file parse.c  From the text of a config file to the settings
 *
 * Not by libre's conf: that one knows no lines and ends a value at its first
 * blank.
 */
#include <string.h>
#include <re.h>
#include "settings/settings.h"
#include "settings/room.h"
#include "addrlist/addrlist.h"
#include "mac.h"
#include "vendor.h"


enum {
	ROWS_MAX  = 64,         /**< Bits of given                          */
	QUOTE_LEN = 64,         /**< Longest value that an error shows      */
};

/** A file on its way into the settings */
struct reading {
	struct settings *s;
	const char *file;
	const char *confdir;
	struct mbuf *errors;
	size_t errorc;
	unsigned linenov[ROWS_MAX]; /**< Where each row stands              */
};


static void destructor(void *arg)
{
	struct settings *s = arg;

	mem_deref(s->model);
	mem_deref(s->firmware);
	mem_deref(s->state_dir);
	mem_deref(s->journal);
	mem_deref(s->notify_from);
	mem_deref(s->http_from);
	mem_deref(s->restart_command);
	mem_deref(s->url);
	mem_deref(s->user);
	mem_deref(s->password);
	mem_deref(s->ca_file);
	mem_deref(s->client_cert);
	mem_deref(s->https_cert);
	mem_deref(s->http_user);
	mem_deref(s->http_password);
	mem_deref(s->http_host);
	list_flush(&s->keyl);
}


/* In quotes, whatever it holds */
static int quoted_print(struct re_printf *pf, const struct pl *pl)
{
	size_t i;
	int err;

	err = re_hprintf(pf, "\"");

	for (i=0; i<pl->l && i<QUOTE_LEN; i++) {
		const uint8_t c = pl->p[i];

		if (c < ' ' || c > '~' || c == '"' || c == '\\')
			err |= re_hprintf(pf, "\\x%02x", c);
		else
			err |= re_hprintf(pf, "%c", c);
	}

	return err | re_hprintf(pf, i < pl->l ? "...\"" : "\"");
}


static int complain(struct reading *rd, unsigned lineno, const char *fmt,
		    ...)
{
	va_list ap;
	int err;

	++rd->errorc;

	err = mbuf_printf(rd->errors, "%s:%u: ", rd->file, lineno);

	va_start(ap, fmt);
	err |= mbuf_vprintf(rd->errors, fmt, ap);
	va_end(ap);

	return err | mbuf_write_u8(rd->errors, '\n');
}


static bool has_control(const struct pl *pl)
{
	size_t i;

	for (i=0; i<pl->l; i++) {
		const uint8_t c = pl->p[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return true;
	}

	return false;
}


static int value_set(struct reading *rd, const struct setting *set,
		     const struct pl *val, unsigned lineno)
{
	struct setting_line line = {
		.s = rd->s, .set = set, .confdir = rd->confdir,
		.lineno = lineno, .val = *val, .bad = *val,
	};
	int err = EBADMSG;

	if ((val->l || set->type->empty) && !has_control(val))
		err = set->type->decode(&line,
					(uint8_t *)rd->s + set->offset);

	if (err == EALREADY)
		return complain(rd, lineno, "provnotify_%s %H stands twice,"
				" first in line %u", set->name,
				quoted_print, &line.bad, line.before);

	if (err == EBADMSG && set->secret)
		return complain(rd, lineno, "provnotify_%s: accepted is %H",
				set->name, setting_accepted, set);

	if (err == EBADMSG)
		return complain(rd, lineno, "provnotify_%s: %H is wrong,"
				" accepted is %H", set->name,
				quoted_print, &line.bad,
				setting_accepted, set);

	return err;
}


/* What stands behind a key that is misspelt may be a password: also what is
   joined to it by other than blanks */
static int unknown_key(struct reading *rd, const struct pl *key,
		       unsigned lineno)
{
	struct pl name = pl_null;

	(void)re_regex(key->p, key->l, "[a-z0-9_\\-]+", &name);

	return complain(rd, lineno, "%H is unknown; keys are %H",
			quoted_print, &name, setting_names, (void *)NULL);
}


static int line_read(struct reading *rd, struct pl *text, unsigned lineno)
{
	static const char ours[] = "provnotify";
	const struct setting *set;
	struct pl key, val;
	unsigned *first;

	setting_trim(text);

	if (text->l < strlen(ours) ||
	    strncasecmp(text->p, ours, strlen(ours)) ||
	    re_regex(text->p, text->l, "[^ \t]+", &key))
		return 0;

	val = *text;
	pl_advance(&val, key.l);
	setting_trim(&val);
	setting_unquote(&val);

	set = setting_find(&key);
	if (!set)
		return unknown_key(rd, &key, lineno);

	first = &rd->linenov[set - settingv];

	if (*first && set->type != &type_key)
		return complain(rd, lineno, "provnotify_%s stands twice,"
				" first in line %u", set->name, *first);

	*first = lineno;
	rd->s->given |= (uint64_t)1 << (set - settingv);

	return value_set(rd, set, &val, lineno);
}


static int lines_read(struct reading *rd, const struct pl *text)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct pl left = *text;
	unsigned lineno = 0;
	int err = 0;

	if (left.l >= strlen(bom) && !memcmp(left.p, bom, strlen(bom)))
		pl_advance(&left, strlen(bom));

	while (left.l && !err) {
		const char *end = pl_strchr(&left, '\n');
		struct pl line = left;

		if (end)
			line.l = (size_t)(end - left.p);

		pl_advance(&left, end ? line.l + 1 : line.l);

		err = line_read(rd, &line, ++lineno);
	}

	return err;
}


static int defaults_set(struct reading *rd)
{
	size_t i;
	int err = 0;

	for (i=0; i<settingc && !err; i++) {
		struct pl def;

		if (!settingv[i].def)
			continue;

		pl_set_str(&def, settingv[i].def);
		err = value_set(rd, &settingv[i], &def, 0);
	}

	return err;
}


/* What hangs on other settings, or on this machine */
static int settings_complete(struct settings *s)
{
	int err = 0;

	if (!s->model)
		err |= str_dup(&s->model, s->vendor->model);

	if (!s->firmware)
		err |= vendor_firmware(&s->firmware, s->vendor);

	if (!settings_given(s, "provnotify_journal"))
		err |= re_sdprintf(&s->journal, "%s/journal.jsonl",
				   s->state_dir);

	if (!settings_given(s, "provnotify_checksync_reboot"))
		s->checksync_reboot = s->vendor->checksync_reboot;

	if (!settings_given(s, "provnotify_mac"))
		(void)mac_find(s->mac, "");

	return err;
}


/**
 * Take all settings from the text of a config file
 *
 * @param sp      Pointer to allocated settings
 * @param file    Name of the file, for errors
 * @param text    Its content, may be empty
 * @param confdir Absolute path of its folder
 * @param errors  Filled with all errors, a line each
 *
 * @return 0 if success, EINVAL if there are errors, else errorcode
 */
int settings_parse(struct settings **sp, const char *file,
		   const struct pl *text, const char *confdir,
		   struct mbuf *errors)
{
	struct reading rd = {
		.file = file, .confdir = confdir, .errors = errors,
	};
	int err;

	if (!sp || !file || !text || !confdir || !errors)
		return EINVAL;

	rd.s = mem_zalloc(sizeof(*rd.s), destructor);
	if (!rd.s)
		return ENOMEM;

	err = defaults_set(&rd);
	if (err)
		goto out;

	err = lines_read(&rd, text);
	if (err)
		goto out;

	err = rd.errorc ? EINVAL : settings_complete(rd.s);

 out:
	if (err)
		mem_deref(rd.s);
	else
		*sp = rd.s;

	return err;
}


/**
 * Does a setting stand in the file?
 *
 * @param s   Settings
 * @param key Key, with its provnotify_
 *
 * @return True if it does
 */
bool settings_given(const struct settings *s, const char *key)
{
	const struct setting *set;
	struct pl pl;

	if (!s || !key)
		return false;

	pl_set_str(&pl, key);
	set = setting_find(&pl);

	return set && (s->given >> (set - settingv)) & 1;
}
