/**
 * @file reading.c  What the user's own files say
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <openssl/sha.h>
#include "compat/compat.h"
#include "state/state.h"
#include "provision/room.h"
#include "provision/reading.h"


static const char *filev[READ_FILES] = {
	[READ_ACCOUNTS] = "accounts",
	[READ_CONTACTS] = "contacts",
	[READ_CONFIG]   = "config",
};


static void line_destructor(void *arg)
{
	struct line *line = arg;

	list_unlink(&line->le);
	mem_deref(line->text);
	mem_deref(line->addr);
}


static void reading_destructor(void *arg)
{
	struct reading *rd = arg;

	list_flush(&rd->linelv[READ_ACCOUNTS]);
	list_flush(&rd->linelv[READ_CONTACTS]);
}


/* The address as baresip names the account: scheme, user, host and port */
static int aor_print(struct re_printf *pf, const struct uri *uri)
{
	struct uri aor;

	memset(&aor, 0, sizeof(aor));
	aor.scheme = uri->scheme;
	aor.user   = uri->user;
	aor.host   = uri->host;
	aor.af     = uri->af;
	aor.port   = uri->port;

	return uri_encode(pf, &aor);
}


static int line_add(struct reading *rd, enum read_file file,
		    const struct pl *text, unsigned lineno)
{
	struct sip_addr addr;
	struct line *line;
	int err;

	line = mem_zalloc(sizeof(*line), line_destructor);
	if (!line)
		return ENOMEM;

	line->lineno = lineno;
	list_append(&rd->linelv[file], &line->le, line);

	err = pl_strdup(&line->text, text);
	if (err)
		return err;

	/* it stays without an address if it has none */
	if (sip_addr_decode(&addr, text))
		return 0;

	return file == READ_ACCOUNTS ?
		re_sdprintf(&line->addr, "%H", aor_print, &addr.uri) :
		pl_strdup(&line->addr, &addr.auri);
}


/* Lines as baresip takes them: not empty, and no "#" in front */
static int lines_read(struct reading *rd, enum read_file file,
		      const struct mbuf *mb)
{
	struct pl rest = {(const char *)mb->buf, mb->end};
	unsigned lineno = 0;
	int err = 0;

	while (rest.l && !err) {
		const char *nl = pl_strchr(&rest, '\n');
		struct pl text = rest;

		if (nl)
			text.l = nl - rest.p;

		pl_advance(&rest, text.l + (nl ? 1 : 0));
		++lineno;

		if (text.l && text.p[text.l - 1] == '\r')
			--text.l;

		if (text.l && text.p[0] != '#')
			err = line_add(rd, file, &text, lineno);
	}

	return err;
}


static int file_read(struct reading *rd, enum read_file file,
		     const char *confdir)
{
	uint8_t md[SHA256_DIGEST_LENGTH];
	struct mbuf *mb = NULL;
	char path[PATH_MAX];
	int err;

	if (re_snprintf(path, sizeof(path), "%s/%s", confdir, filev[file]) < 0)
		return ENAMETOOLONG;

	err = state_read_at(&mb, path, STATE_FILE_MAX);
	if (err == ENOENT)
		return 0;
	if (err)
		return err;

	rd->there[file] = true;

	if (file == READ_CONFIG) {
		SHA256(mb->buf, mb->end, md);
		memcpy(rd->config, md, sizeof(rd->config));
	}
	else {
		err = lines_read(rd, file, mb);
	}

	mem_deref(mb);

	return err;
}


/**
 * Make an empty reading
 *
 * @param rdp Reading
 *
 * @return 0 if success, otherwise errorcode
 */
int reading_alloc(struct reading **rdp)
{
	if (!rdp)
		return EINVAL;

	*rdp = mem_zalloc(sizeof(**rdp), reading_destructor);

	return *rdp ? 0 : ENOMEM;
}


/**
 * Read the user's accounts and contacts, and the hash of the config
 *
 * It blocks: for the start, and for the worker.
 *
 * @param rd      Empty reading
 * @param confdir Folder of baresip's configuration
 *
 * @return 0 if success; a file that is absent has no lines. Else errorcode,
 *         and the reading says why.
 */
int reading_read(struct reading *rd, const char *confdir)
{
	int i, err = 0;

	if (!rd || !confdir)
		return EINVAL;

	for (i=0; i<READ_FILES && !err; i++) {

		err = file_read(rd, (enum read_file)i, confdir);
		if (err)
			(void)re_snprintf(rd->why, sizeof(rd->why), "%s: %m",
					  filev[i], err);
	}

	return err;
}


/**
 * Find the old line that a changed one is to take the place of
 *
 * @param base The older reading, compared
 * @param line Line of the newer one
 *
 * @return Old line of the same address that is to go; NULL if there is none
 */
struct line *reading_partner(const struct reading *base,
			     const struct line *line)
{
	struct le *le;

	if (!base || !line || !line->addr)
		return NULL;

	for (le = list_head(&base->linelv[READ_ACCOUNTS]); le; le = le->next) {
		struct line *old = le->data;

		if (!old->same && !str_cmp(old->addr, line->addr))
			return old;
	}

	return NULL;
}


static bool text_find(struct le *le, void *arg)
{
	const struct line *line = le->data;

	return !line->same && !str_cmp(line->text, arg);
}


static void lines_mark(struct reading *base, struct reading *want,
		       enum read_file file)
{
	struct le *le;

	for (le = list_head(&base->linelv[file]); le; le = le->next)
		((struct line *)le->data)->same = false;

	for (le = list_head(&want->linelv[file]); le; le = le->next) {
		struct line *line = le->data;
		struct le *found;

		found = list_apply(&base->linelv[file], true, text_find,
				   line->text);
		if (found)
			((struct line *)found->data)->same = true;

		line->same = found != NULL;
	}
}


static uint32_t others(const struct reading *rd, enum read_file file)
{
	uint32_t n = 0;
	struct le *le;

	for (le = list_head(&rd->linelv[file]); le; le = le->next)
		n += !((const struct line *)le->data)->same;

	return n;
}


/* One line that is wrong, and nothing changes */
static int lines_check(struct reading *want, enum read_file file)
{
	struct le *le;

	for (le = list_head(&want->linelv[file]); le; le = le->next) {
		const struct line *line = le->data;

		if (line->same || line->addr)
			continue;

		(void)re_snprintf(want->why, sizeof(want->why),
				  "%s, line %u: not a SIP address",
				  filev[file], line->lineno);
		return EBADMSG;
	}

	return 0;
}


/**
 * Compare two readings, and mark the lines that stand in both
 *
 * @param base     The older one
 * @param want     The newer one
 * @param change   How many accounts differ
 * @param contacts How many contacts differ
 *
 * @return 0 if success, ENOENT if a file is gone, EBADMSG for a new line that
 *         is no SIP address; the newer reading says why
 */
int reading_compare(struct reading *base, struct reading *want,
		    struct change *change, uint32_t *contacts)
{
	uint32_t gone;
	struct le *le;
	int i, err;

	if (!base || !want || !change || !contacts)
		return EINVAL;

	for (i=0; i<READ_FILES; i++) {

		if (base->there[i] && !want->there[i]) {
			(void)re_snprintf(want->why, sizeof(want->why),
					  "%s is gone", filev[i]);
			return ENOENT;
		}
	}

	for (i=0; i<READ_CONFIG; i++) {

		lines_mark(base, want, i);

		err = lines_check(want, i);
		if (err)
			return err;
	}

	memset(change, 0, sizeof(*change));

	change->added   = others(want, READ_ACCOUNTS);
	change->removed = others(base, READ_ACCOUNTS);

	for (le = list_head(&want->linelv[READ_ACCOUNTS]); le; le = le->next) {
		const struct line *line = le->data;

		if (!line->same && reading_partner(base, line))
			++change->changed;
	}

	change->added -= change->changed;
	change->removed -= MIN(change->removed, change->changed);

	*contacts = others(want, READ_CONTACTS);
	gone = others(base, READ_CONTACTS);
	*contacts = MAX(*contacts, gone);

	return 0;
}
