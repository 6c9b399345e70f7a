/**
 * @file number.c  Numbers that may be called, and the accounts they go from
 *
 * What comes from the network reaches a SIP message only through this
 * grammar: nothing in it can end a URI, begin a parameter or a header.
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "grammar.h"
#include "phone/phone.h"
#include "phone/room.h"


static bool scheme_skip(struct pl *pl, const char *scheme)
{
	const size_t len = strlen(scheme);
	const struct pl head = {pl->p, len};

	if (pl->l < len || pl_strcasecmp(&head, scheme))
		return false;

	pl_advance(pl, len);

	return true;
}


/* [sip:|sips:]USER[@HOST[:PORT]], the user as it is */
static int uri_split(struct number *num, const struct pl *pl)
{
	struct pl hostport;
	const char *at;

	memset(num, 0, sizeof(*num));

	num->user = *pl;

	num->secure = scheme_skip(&num->user, "sips:");
	if (!num->secure)
		(void)scheme_skip(&num->user, "sip:");

	at = pl_strchr(&num->user, '@');
	if (!at)
		return 0;

	hostport.p = at + 1;
	hostport.l = pl->p + pl->l - hostport.p;

	num->user.l = at - num->user.p;

	return grammar_hostport(&hostport, &num->host, &num->port) ? 0 :
		EBADMSG;
}


static bool same(const struct pl *a, const struct pl *b)
{
	return a->l == b->l && !pl_casecmp(a, b);
}


static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}


/**
 * Trim blanks, tabs, and the line ends of a folded header (RFC 3261 7.3.1)
 *
 * @param pl Text
 */
void phone_trim(struct pl *pl)
{
	while (pl->l && is_blank(pl->p[0]))
		pl_advance(pl, 1);

	while (pl->l && is_blank(pl->p[pl->l-1]))
		--pl->l;
}


/**
 * Decode a decimal number and nothing beside it
 *
 * @param n  Number
 * @param pl Text, nine digits at most
 *
 * @return True if it is one
 */
bool phone_u32(uint32_t *n, const struct pl *pl)
{
	size_t i;

	if (!pl_isset(pl) || pl->l > 9)
		return false;

	for (i=0; i<pl->l; i++) {

		if (pl->p[i] < '0' || pl->p[i] > '9')
			return false;
	}

	*n = pl_u32(pl);

	return true;
}


/**
 * Decode a number: [sip:|sips:]USER[\@HOST[:PORT]]
 *
 * @param num Number, points into the text
 * @param pl  Text
 *
 * @return 0 if success, EBADMSG if it is none
 */
int number_decode(struct number *num, const struct pl *pl)
{
	if (!num || !pl)
		return EINVAL;

	return grammar_number(pl) ? uri_split(num, pl) : EBADMSG;
}


/**
 * May this stand as outgoing_uri?
 *
 * It is compared only, so more is allowed than in a number; but no password,
 * since it is shown in the journal.
 *
 * @param from Text: a URI, user, user\@host, \@host, an index, or nothing
 *
 * @return True if it may
 */
bool number_from_ok(const struct pl *from)
{
	struct number num;

	if (!pl_isset(from))
		return true;

	if (uri_split(&num, from))
		return false;

	return (num.host.l && !num.user.l) || grammar_user(&num.user);
}


/* How well an account answers to outgoing_uri, 0 = not at all */
static int from_rank(const struct pl *from, const struct account *acc)
{
	const struct uri *luri = account_luri(acc);
	struct number num;
	struct pl aor;

	if (!luri || uri_split(&num, from))
		return 0;

	pl_set_str(&aor, account_aor(acc));
	if (same(from, &aor))
		return 3;

	if (!num.host.l)
		return same(&num.user, &luri->user) ? 1 : 0;

	if (num.host.p[0] == '[') {
		++num.host.p;
		num.host.l -= 2;
	}

	if (!same(&num.host, &luri->host))
		return 0;

	return (!num.user.l || same(&num.user, &luri->user)) ? 2 : 0;
}


/**
 * Find the account that outgoing_uri names
 *
 * It is matched as a URI, as user\@host, as user, then as the account's
 * number; what matches nothing means the default account, as on a Yealink.
 *
 * @param from Text, may be unset
 *
 * @return User agent, NULL only if there is no account at all
 */
struct ua *number_account(const struct pl *from)
{
	struct ua *best = NULL;
	int rank, best_rank = 0;
	struct le *le;
	uint32_t n;

	if (!pl_isset(from))
		return accounts_nth(0);

	for (le = list_head(uag_list()); le; le = le->next) {

		rank = from_rank(from, ua_account(le->data));
		if (rank > best_rank) {
			best = le->data;
			best_rank = rank;
		}
	}

	if (!best && phone_u32(&n, from))
		best = accounts_nth(n);

	return best ? best : accounts_nth(0);
}


/* sips: means TLS; baresip knows the scheme sip: alone */
static int secure_param(const char **param, const struct uri *luri)
{
	const struct pl name = PL("transport");
	struct pl val;

	*param = "";

	if (uri_param_get(&luri->params, &name, &val))
		*param = ";transport=tls";
	else if (pl_strcasecmp(&val, "tls"))
		return EPROTONOSUPPORT;

	return 0;
}


/**
 * Make the URI of a number, as baresip wants it
 *
 * baresip adds the parameters of the account's own address.
 *
 * @param urip Pointer to allocated string
 * @param num  Number
 * @param luri Address of the account that the call goes out from
 *
 * @return 0 if success, EPROTONOSUPPORT for sips: from an account that has
 *         another transport than TLS
 */
int number_uri(char **urip, const struct number *num, const struct uri *luri)
{
	const char *param = "", *open = "", *close = "";
	struct pl host;
	uint16_t port;
	int err;

	if (!urip || !num || !luri)
		return EINVAL;

	if (num->secure) {
		err = secure_param(&param, luri);
		if (err)
			return err;
	}

	host = num->host;
	port = num->port;

	if (!host.l) {
		host = luri->host;
		port = luri->port;

		if (luri->af == AF_INET6) {
			open = "[";
			close = "]";
		}
	}

	if (port)
		return re_sdprintf(urip, "sip:%H@%s%r%s:%u%s",
				   uri_user_escape, &num->user, open, &host,
				   close, port, param);

	return re_sdprintf(urip, "sip:%H@%s%r%s%s", uri_user_escape,
			   &num->user, open, &host, close, param);
}


/**
 * Make the URI of a number as it was given
 *
 * @param urip Pointer to allocated string
 * @param pl   Text
 * @param ua   Account that the call goes out from
 *
 * @return 0 if success, EBADMSG if it is no number, otherwise errorcode
 */
int number_uri_from(char **urip, const struct pl *pl, const struct ua *ua)
{
	struct number num;
	int err;

	if (!ua)
		return EINVAL;

	err = number_decode(&num, pl);

	return err ? err : number_uri(urip, &num,
				      account_luri(ua_account(ua)));
}
