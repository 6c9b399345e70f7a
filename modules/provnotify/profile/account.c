/**
 * @file account.c  One account: alike or not, and as baresip's line
 */
#include <stddef.h>
#include <string.h>
#include <re.h>
#include "profile/profile.h"


/**
 * Find a codec of an account, or make it
 *
 * @param acc  Account
 * @param name Name as the vendor writes it, or NULL if it goes by number
 * @param id   Number in the file, if it has no name
 *
 * @return Codec, or NULL if there are too many or the name is too long
 */
struct profile_codec *profile_codec_add(struct profile_account *acc,
					const struct pl *name, unsigned id)
{
	struct profile_codec *codec;
	size_t i;

	if (!acc || (name && name->l >= sizeof(codec->name)))
		return NULL;

	for (i=0; i<acc->codecc; i++) {

		codec = &acc->codecv[i];

		if (name ? (!codec->id && !pl_strcasecmp(name, codec->name))
		    : codec->id == id)
			return codec;
	}

	if (acc->codecc >= PROFILE_CODECS_MAX)
		return NULL;

	codec = &acc->codecv[acc->codecc++];
	memset(codec, 0, sizeof(*codec));
	codec->id = name ? 0 : id;

	if (name)
		(void)pl_strcpy(name, codec->name, sizeof(codec->name));

	return codec;
}


static const char *codec_baresip(const char *name)
{
	static const struct {
		const char *vendor;
		const char *baresip;
	} mapv[] = {
		{"pcmu",    "PCMU/8000/1"},
		{"pcma",    "PCMA/8000/1"},
		{"g722",    "G722/16000/1"},
		{"opus",    "opus/48000/2"},
		{"ilbc",    "iLBC/8000/1"},
		{"gsm",     "GSM/8000/1"},
		{"amr",     "AMR/8000/1"},
		{"amr_wb",  "AMR-WB/16000/1"},
		{"amr-wb",  "AMR-WB/16000/1"},
		{"g726_32", "G726-32/8000/1"},
		{"g726-32", "G726-32/8000/1"},
	};
	size_t i;

	for (i=0; i<sizeof(mapv)/sizeof(mapv[0]); i++) {
		if (!str_casecmp(name, mapv[i].vendor))
			return mapv[i].baresip;
	}

	return NULL;
}


/* Stable: of the same priority, the one that the file has first */
static void codecs_sort(struct profile_account *acc)
{
	size_t i, j;

	for (i=1; i<acc->codecc; i++) {

		const struct profile_codec codec = acc->codecv[i];

		for (j=i; j && acc->codecv[j-1].priority > codec.priority; j--)
			acc->codecv[j] = acc->codecv[j-1];

		acc->codecv[j] = codec;
	}
}


/**
 * Turn a vendor's codecs into baresip's list; those that baresip does not
 * have are noted. If none is left all that baresip has are offered.
 *
 * @param prof Profile, for the notes
 * @param acc  Account
 *
 * @return 0 if success, otherwise errorcode
 */
int profile_account_codecs(struct profile *prof, struct profile_account *acc)
{
	char buf[PROFILE_CODECS_MAX * 16] = "";
	size_t i, len = 0;
	int err = 0;

	if (!prof || !acc)
		return EINVAL;

	codecs_sort(acc);

	for (i=0; i<acc->codecc && !err; i++) {

		const struct profile_codec *codec = &acc->codecv[i];
		const char *name = codec_baresip(codec->name);
		struct pl pl;

		if (codec->enabled != 1)
			continue;

		if (!name) {
			pl_set_str(&pl, codec->name[0] ? codec->name
				   : "codec");
			prof->file = codec->lineno ? codec->file : acc->file;
			err = profile_note(prof, codec->lineno ? codec->lineno
					   : acc->lineno, true, &pl,
					   codec->name[0]
					   ? "a codec that baresip has not"
					   : "a codec without a name");
			continue;
		}

		if (strstr(buf, name))
			continue;

		len += re_snprintf(buf + len, sizeof(buf) - len, "%s%s",
				   len ? "," : "", name);
	}

	if (!err && len)
		err = str_dup(&acc->codecs, buf);

	return err;
}


/** What makes an account another one for baresip */
static const struct {
	const char *name;       /**< For people                             */
	size_t offset;
	size_t size;            /**< [bytes], 0 = a string                  */
} fieldv[] = {
#define STRING(name, field) \
	{name, offsetof(struct profile_account, field), 0}
#define NUMBER(name, field) \
	{name, offsetof(struct profile_account, field), \
	 sizeof(((struct profile_account *)0)->field)}
	STRING("user",           user),
	STRING("domain",         domain),
	NUMBER("port",           port),
	STRING("auth user",      auth_user),
	STRING("password",       secret),
	STRING("display name",   display),
	STRING("route",          outbound),
	NUMBER("transport",      transport),
	NUMBER("expiry",         expires),
	STRING("codecs",         codecs),
	STRING("encryption",     mediaenc),
	STRING("NAT",            medianat),
	NUMBER("DTMF",           dtmf),
	NUMBER("MWI",            mwi),
	NUMBER("answering mode", answer),
	NUMBER("packet time",    ptime),
#undef STRING
#undef NUMBER
};


static bool field_same(const void *a, const void *b, size_t size)
{
	const char *const *sa = a, *const *sb = b;

	if (size)
		return !memcmp(a, b, size);

	return *sa && *sb ? !strcmp(*sa, *sb) : *sa == *sb;
}


/**
 * What makes two accounts different for baresip?
 *
 * Compared is what profile_account_line() writes and what is set beside it.
 * The number of the line, the voice mail and the second server can change
 * without a new account.
 *
 * @param a  First account
 * @param b  Second account
 * @param ix Where to go on, 0 for the first time
 *
 * @return The next thing that differs, for people; NULL if there is no more
 */
const char *profile_account_differs(const struct profile_account *a,
				    const struct profile_account *b,
				    size_t *ix)
{
	while (a && b && ix && *ix < sizeof(fieldv)/sizeof(fieldv[0])) {

		const size_t i = (*ix)++;

		if (!field_same((const char *)a + fieldv[i].offset,
				(const char *)b + fieldv[i].offset,
				fieldv[i].size))
			return fieldv[i].name;
	}

	return NULL;
}


/**
 * Would two accounts be the same for baresip?
 *
 * @param a First account
 * @param b Second account
 *
 * @return true if they would
 */
bool profile_account_equal(const struct profile_account *a,
			   const struct profile_account *b)
{
	size_t ix = 0;

	if (!a || !b)
		return a == b;

	return !profile_account_differs(a, b, &ix);
}


static int params_print(struct re_printf *pf,
			const struct profile_account *acc)
{
	static const char *answerv[] = {NULL, "manual", "early", "auto"};
	int err = 0;

	if (acc->expires >= 0)
		err |= re_hprintf(pf, ";regint=%d", acc->expires);
	if (acc->outbound)
		err |= re_hprintf(pf, ";outbound=\"%s\"", acc->outbound);
	if (acc->codecs)
		err |= re_hprintf(pf, ";audio_codecs=%s", acc->codecs);
	if (acc->mediaenc)
		err |= re_hprintf(pf, ";mediaenc=%s", acc->mediaenc);
	if (acc->medianat)
		err |= re_hprintf(pf, ";medianat=%s", acc->medianat);
	if (acc->mwi >= 0)
		err |= re_hprintf(pf, ";mwi=%s", acc->mwi ? "yes" : "no");
	if (acc->answer != ANSWER_UNSET)
		err |= re_hprintf(pf, ";answermode=%s",
				  answerv[acc->answer]);
	if (acc->ptime)
		err |= re_hprintf(pf, ";ptime=%u", acc->ptime);
	if (acc->dtmf == DTMF_INFO)
		err |= re_hprintf(pf, ";dtmfmode=info");

	return err;
}


/**
 * Write an account as a line of baresip's `accounts` file
 *
 * Only what has been checked against its grammar stands in it. What has none
 * must never be parsed again: the caller hands auth_user, secret and display
 * over with account_set_auth_user(), _auth_pass() and _display_name(). He also
 * calls account_set_mediaenc(): a mediaenc in the line that no module offers
 * is dropped by baresip with a warning, and the calls are then in the clear.
 * Where expires is -1 baresip's own default holds, about an hour. baresip
 * 1.0.0 does not know `dtmfmode`, and passes it over.
 *
 * @param linep Pointer to allocated line
 * @param acc   Account, after profile_check()
 *
 * @return 0 if success, otherwise errorcode
 */
int profile_account_line(char **linep, const struct profile_account *acc)
{
	static const char *transpv[] = {
		"", ";transport=udp", ";transport=tcp", ";transport=tls"
	};
	char port[8] = "";

	if (!linep || !acc || !acc->user || !acc->domain)
		return EINVAL;

	if (acc->port)
		(void)re_snprintf(port, sizeof(port), ":%u", acc->port);

	return re_sdprintf(linep, "<sip:%s@%s%s%s>%H", acc->user, acc->domain,
			   port, transpv[acc->transport], params_print, acc);
}
