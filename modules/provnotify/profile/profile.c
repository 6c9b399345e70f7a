/**
 * @file profile.c  The vendor-neutral configuration of a phone
 */
#include <string.h>
#include <re.h>
#include "profile/profile.h"


enum {
	INDEX_SIZE     = 512,   /**< Buckets, a power of two                */
	PROVIDERS_MAX  = 64,
};


static void features_init(struct profile_features *features)
{
	size_t i;

	features->dnd = features->dnd_code = features->call_waiting = -1;

	for (i=0; i<PROFILE_FORWARD_KINDS; i++) {
		features->forwardv[i].on      = -1;
		features->forwardv[i].seconds = -1;
	}
}


static void features_reset(struct profile_features *features)
{
	size_t i;

	for (i=0; i<PROFILE_FORWARD_KINDS; i++)
		mem_deref(features->forwardv[i].target);
}


static void profile_destructor(void *arg)
{
	struct profile *prof = arg;

	hash_clear(prof->index);
	list_flush(&prof->accountl);
	list_flush(&prof->providerl);
	list_flush(&prof->keyl);
	list_flush(&prof->notel);
	mem_deref(prof->index);
	mem_deref(prof->model);
	features_reset(&prof->features);
	mem_deref(prof->policy.notify_from);
	mem_deref(prof->policy.http_from);
	mem_deref(prof->source.url);
	mem_deref(prof->source.user);
	mem_deref(prof->source.password);
}


static void account_destructor(void *arg)
{
	struct profile_account *acc = arg;

	list_unlink(&acc->le);
	hash_unlink(&acc->he);
	mem_deref(acc->user);
	mem_deref(acc->domain);
	mem_deref(acc->auth_user);
	mem_deref(acc->secret);
	mem_deref(acc->display);
	mem_deref(acc->server.host);
	mem_deref(acc->registrar.host);
	mem_deref(acc->proxy.host);
	mem_deref(acc->second.host);
	mem_deref(acc->outbound);
	mem_deref(acc->codecs);
	mem_deref(acc->mediaenc);
	mem_deref(acc->medianat);
	mem_deref(acc->voicemail);
	features_reset(&acc->features);
}


/**
 * Make an empty profile
 *
 * @param profp Pointer to allocated profile
 *
 * @return 0 if success, otherwise errorcode
 */
int profile_alloc(struct profile **profp)
{
	struct profile *prof;
	int err;

	if (!profp)
		return EINVAL;

	prof = mem_zalloc(sizeof(*prof), profile_destructor);
	if (!prof)
		return ENOMEM;

	features_init(&prof->features);

	prof->policy.remote           = -1;
	prof->policy.consent          = -1;
	prof->policy.checksync        = -1;
	prof->policy.checksync_reboot = -1;
	prof->policy.reboot_in_call   = -1;
	prof->policy.challenge        = -1;
	prof->source.repeat           = -1;
	prof->source.interval         = -1;
	prof->source.hours            = -1;

	err = hash_alloc(&prof->index, INDEX_SIZE);
	if (err)
		mem_deref(prof);
	else
		*profp = prof;

	return err;
}


static struct profile_account *account_alloc(unsigned line)
{
	struct profile_account *acc;

	acc = mem_zalloc(sizeof(*acc), account_destructor);
	if (!acc)
		return NULL;

	acc->line          = line;
	acc->enabled       = ENABLED_UNSAID;
	acc->provider      = PROVIDER_NONE;
	acc->use_proxy     = -1;
	acc->use_registrar = -1;
	acc->expires       = acc->expires_unsaid = -1;
	acc->srtp_plain    = -1;
	acc->mwi           = -1;
	features_init(&acc->features);

	return acc;
}


static bool has_line(struct le *le, void *arg)
{
	const struct profile_account *acc = le->data;
	const unsigned *line = arg;

	return acc->line == *line;
}


/**
 * Find the account of a line, or make it
 *
 * @param prof Profile
 * @param line Number of the line, 1 to PROFILE_LINE_MAX
 * @param accp Pointer to the account, owned by the profile
 *
 * @return 0 if success, ERANGE if there is no such line, EOVERFLOW if there
 *         are too many, otherwise errorcode
 */
int profile_account_add(struct profile *prof, unsigned line,
			struct profile_account **accp)
{
	struct profile_account *acc;
	struct le *le;

	if (!prof || !accp)
		return EINVAL;

	if (line < 1 || line > PROFILE_LINE_MAX)
		return ERANGE;

	le = hash_lookup(prof->index, line, has_line, &line);
	if (le) {
		*accp = le->data;
		return 0;
	}

	if (prof->accountc >= PROFILE_ACCOUNTS_MAX)
		return EOVERFLOW;

	acc = account_alloc(line);
	if (!acc)
		return ENOMEM;

	acc->file = prof->file;
	hash_append(prof->index, line, &acc->he, acc);

	/* From the end: a file has them in order */
	le = prof->accountl.tail;
	while (le && ((struct profile_account *)le->data)->line > line)
		le = le->prev;

	if (le)
		list_insert_after(&prof->accountl, le, &acc->le, acc);
	else
		list_prepend(&prof->accountl, &acc->le, acc);

	++prof->accountc;
	*accp = acc;

	return 0;
}


/**
 * Find the template of a provider, or make it: what it says holds for all
 * accounts of that provider which do not say it themselves
 *
 * @param prof Profile
 * @param n    Number of the provider
 * @param accp Pointer to the template, owned by the profile
 *
 * @return 0 if success, EOVERFLOW if there are too many, otherwise errorcode
 */
int profile_provider_add(struct profile *prof, unsigned n,
			 struct profile_account **accp)
{
	struct profile_account *acc;
	struct le *le;

	if (!prof || !accp)
		return EINVAL;

	le = list_apply(&prof->providerl, true, has_line, &n);
	if (le) {
		*accp = le->data;
		return 0;
	}

	if (list_count(&prof->providerl) >= PROVIDERS_MAX)
		return EOVERFLOW;

	acc = account_alloc(n);
	if (!acc)
		return ENOMEM;

	acc->file = prof->file;
	list_append(&prof->providerl, &acc->le, acc);
	*accp = acc;

	return 0;
}


struct address {
	const char *user;
	const char *domain;
};


static bool has_address(struct le *le, void *arg)
{
	const struct profile_account *acc = le->data;
	const struct address *addr = arg;

	return !str_cmp(acc->user, addr->user) &&
		!str_casecmp(acc->domain, addr->domain);
}


/**
 * Find an account by its address, once profile_check() has been called
 *
 * @param prof   Profile
 * @param user   User, with the case that it has
 * @param domain Host, in any case
 *
 * @return Account, or NULL if there is none
 */
struct profile_account *profile_account_find(const struct profile *prof,
					     const char *user,
					     const char *domain)
{
	struct address addr = {user, domain};

	if (!prof || !user || !domain)
		return NULL;

	return list_ledata(hash_lookup(prof->index, hash_joaat_str(user),
				       has_address, &addr));
}
