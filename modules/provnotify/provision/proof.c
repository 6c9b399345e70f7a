/**
 * @file proof.c  What a trial is judged by
 */
#include <errno.h>
#include "compat/compat.h"
#include "clock.h"
#include "profile/profile.h"
#include "provision/room.h"
#include "provision/entry.h"
#include "provision/proof.h"


static bool is_over(const struct entry *e)
{
	return !e->ua || e->answered || entry_registered(e);
}


static bool is_proved(const struct entry *e)
{
	return !e->proving || !entry_registers(e) || entry_registered(e);
}


/**
 * Can it be told who is registered? Not before each account is made, and has
 * had an answer to its first REGISTER, or the lack of one.
 *
 * @return true if it can
 */
bool proof_ready(void)
{
	return !apply_busy() && entry_all(is_over);
}


/**
 * Take down which accounts are registered now
 *
 * @param mbp Lines, "user@domain"; NULL if there are none
 *
 * @return 0 if success, otherwise errorcode
 */
int proof_before(struct mbuf **mbp)
{
	struct mbuf *mb = NULL;
	struct le *le;
	int err = 0;

	if (!mbp)
		return EINVAL;

	for (le = list_head(entry_list()); le && !err; le = le->next) {
		const struct entry *e = le->data;

		if (!entry_registered(e))
			continue;

		if (!mb)
			mb = mbuf_alloc(1024);
		if (!mb)
			return ENOMEM;

		/* fast: there may be thousands */
		err |= mbuf_write_str(mb, e->acc->user);
		err |= mbuf_write_u8(mb, '@');
		err |= mbuf_write_str(mb, e->acc->domain);
		err |= mbuf_write_u8(mb, '\n');
	}

	if (err)
		mb = mem_deref(mb);

	*mbp = mb;

	return err;
}


static void before_mark(const struct mbuf *before)
{
	struct pl rest = {(const char *)before->buf, before->end};

	while (rest.l) {
		struct pl user = rest, domain;
		struct entry *e;
		const char *p;

		p = pl_strchr(&rest, '\n');
		if (p)
			user.l = p - rest.p;

		pl_advance(&rest, user.l + (p ? 1 : 0));

		p = pl_strrchr(&user, '@');
		if (!p)
			continue;

		domain.p = p + 1;
		domain.l = user.p + user.l - domain.p;
		user.l = p - user.p;

		e = entry_find(&user, &domain);
		if (e)
			e->before = true;
	}
}


/**
 * Begin a trial: mark what is new or changed since the last proved generation,
 * and who was registered with that
 *
 * @param old    Profile of the last proved generation, or NULL
 * @param before Who was registered before the trial, or NULL
 */
void proof_begin(const struct profile *old, const struct mbuf *before)
{
	struct le *le;

	for (le = list_head(entry_list()); le; le = le->next) {
		struct entry *e = le->data;

		e->both = e->before = false;
		e->proving = true;
	}

	for (le = old ? list_head(&old->accountl) : NULL; le; le = le->next) {
		struct entry *e = entry_get(le->data);

		if (e) {
			e->both = true;
			e->proving = !profile_account_equal(le->data, e->acc);
		}
	}

	if (before)
		before_mark(before);
}


/**
 * Have all new and changed accounts registered that should?
 *
 * @return true if they have, or there are none
 */
bool proof_complete(void)
{
	return entry_all(is_proved);
}


/**
 * At the end of the trial: is anything worse than before?
 *
 * An account that is in both sets and was registered is not; or some were, and
 * none is.
 *
 * @param before Who was registered before the trial, or NULL
 *
 * @return true if the trial has failed
 */
bool proof_failed(const struct mbuf *before)
{
	bool should = false, registered = false;
	struct le *le;

	for (le = list_head(entry_list()); le; le = le->next) {
		const struct entry *e = le->data;

		if (!entry_registers(e))
			continue;

		should = true;

		if (entry_registered(e))
			registered = true;
		else if (e->both && e->before)
			return true;
	}

	return before && should && !registered;
}
