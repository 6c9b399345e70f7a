/**
 * @file addrlist.c  Lists of addresses, CIDR, wildcards and names
 */
#include <ctype.h>
#include <string.h>
#include <re.h>
#include "addrlist/addrlist.h"
#include "addrlist/subnet.h"
#include "addrlist/entry.h"


enum {
	NAME_LEN  = 253,        /**< RFC 1035 2.3.4, without the root's dot */
	LABEL_LEN = 63,
};


static void entry_destructor(void *arg)
{
	struct addr_entry *entry = arg;

	list_unlink(&entry->le);
	mem_deref(entry->host);
	mem_deref(entry->netv);
}


static void addrlist_destructor(void *arg)
{
	struct addrlist *al = arg;

	list_flush(&al->entryl);
	mem_deref(al->text);
}


/**
 * Append an entry to a list
 *
 * @param entryp Pointer to the entry, which the list owns; may be NULL
 * @param entryl List
 * @param host   Host name, NULL for a network
 * @param size   Room for so many networks
 *
 * @return 0 if success, otherwise errorcode
 */
int addr_entry_add(struct addr_entry **entryp, struct list *entryl,
		   const char *host, size_t size)
{
	struct addr_entry *entry;
	int err = 0;

	if (!entryl)
		return EINVAL;

	entry = mem_zalloc(sizeof(*entry), entry_destructor);
	if (!entry)
		return ENOMEM;

	list_append(entryl, &entry->le, entry);

	if (host)
		err = str_dup(&entry->host, host);

	if (size) {
		entry->netv = mem_zalloc(size * sizeof(*entry->netv), NULL);
		if (!entry->netv)
			err = ENOMEM;
	}

	if (err)
		mem_deref(entry);
	else if (entryp)
		*entryp = entry;

	return err;
}


/*
 * RFC 1123 2.1. The last label is no number, also none in hex: getaddrinfo()
 * would take "10.1" and "0x7f000001" for addresses.
 */
static bool is_name(const char *str)
{
	const char *label = str;
	size_t i, l;

	for (;;) {
		l = strcspn(label, ".");

		if (!l || l > LABEL_LEN || label[0] == '-' ||
		    label[l-1] == '-')
			return false;

		for (i=0; i<l; i++) {

			if (!isalnum((uint8_t)label[i]) &&
			    label[i] != '-' && label[i] != '_')
				return false;
		}

		if (!label[l])
			break;

		label += l + 1;
	}

	return strspn(label, "0123456789") != l &&
		strncasecmp(label, "0x", 2);
}


/* An address of IPv6 in brackets, as the journal shows it */
static void unbracket(struct pl *word)
{
	const struct pl in = {word->p + 1, word->l - 2};

	if (word->l > 2 && word->p[0] == '[' && in.p[in.l] == ']' &&
	    pl_strchr(&in, ':') && !pl_strchr(&in, '/'))
		*word = in;
}


static int word_decode(struct addrlist *al, struct pl word, bool server)
{
	char str[NAME_LEN + 1];
	struct addr_entry *entry;
	struct subnet net;
	int err;

	unbracket(&word);

	if (pl_strcpy(&word, str, sizeof(str)) || str_len(str) != word.l)
		return EBADMSG;

	if (!str_casecmp(str, "any")) {
		al->any = true;
		return 0;
	}

	if (!str_casecmp(str, "server")) {
		al->server = server;
		return server ? 0 : EBADMSG;
	}

	if (is_name(str))
		return addr_entry_add(NULL, &al->entryl, str, 0);

	err = subnet_decode(&net, str);
	if (err)
		return err;

	err = addr_entry_add(&entry, &al->entryl, NULL, 1);
	if (err)
		return err;

	entry->netv[0] = net;
	entry->netc = 1;

	return 0;
}


/**
 * Decode a list: "any", "server", IPv4 and IPv6 addresses, networks in CIDR
 * notation, IPv4 wildcards (10.10.*.*) and host names, separated by blanks or
 * commas. Names are not looked up yet.
 *
 * @param alp    Pointer to allocated list
 * @param pl     Text, may be empty
 * @param server Whether the word "server" may stand in it
 * @param bad    Set to the word that is wrong, if any
 *
 * @return 0 if success, EBADMSG for a word that is wrong, else errorcode
 */
int addrlist_decode(struct addrlist **alp, const struct pl *pl,
		    bool server, struct pl *bad)
{
	struct addrlist *al;
	struct pl left, word;
	int err;

	if (!alp || !pl || !bad)
		return EINVAL;

	*bad = pl_null;

	al = mem_zalloc(sizeof(*al), addrlist_destructor);
	if (!al)
		return ENOMEM;

	left = *pl;
	err = pl_isset(pl) ? pl_strdup(&al->text, pl) : 0;

	while (!err && !re_regex(left.p, left.l, "[^ \t,]+", &word)) {

		pl_advance(&left, word.p + word.l - left.p);

		err = word_decode(al, word, server);
		if (err == EBADMSG)
			*bad = word;
	}

	if (err)
		mem_deref(al);
	else
		*alp = al;

	return err;
}


/**
 * Is an address in a list? Names count with what they last resolved to;
 * "server" is not judged here.
 *
 * @param al List, NULL = empty
 * @param sa Address; its port does not count. An IPv4 address mapped into
 *           IPv6 is one of IPv4.
 *
 * @return True if it is
 */
bool addrlist_match(const struct addrlist *al, const struct sa *sa)
{
	struct subnet net;
	struct le *le;
	size_t i;

	if (!al || !sa || subnet_set(&net, &sa->u.sa))
		return false;

	if (al->any)
		return true;

	for (le = list_head(&al->entryl); le; le = le->next) {
		const struct addr_entry *entry = le->data;

		for (i=0; i<entry->netc; i++) {

			if (subnet_within(&net, &entry->netv[i]))
				return true;
		}
	}

	return false;
}


/**
 * Has a list an entry of this kind?
 *
 * @param al   List, NULL = empty
 * @param kind Kind of entry
 *
 * @return True if it has
 */
bool addrlist_has(const struct addrlist *al, enum addr_kind kind)
{
	struct le *le;

	if (!al)
		return false;

	if (kind == ADDR_SERVER)
		return al->server;

	if (kind == ADDR_ANY)
		return al->any;

	for (le = list_head(&al->entryl); le; le = le->next) {
		const struct addr_entry *entry = le->data;

		if ((kind == ADDR_NAME) == (entry->host != NULL))
			return true;
	}

	return false;
}


/**
 * Does a name stand in a list?
 *
 * @param al   List, NULL = empty
 * @param host Host name, compared without case
 *
 * @return True if it does, or if the list has "any"
 */
bool addrlist_match_name(const struct addrlist *al, const struct pl *host)
{
	struct le *le;

	if (!al || !pl_isset(host))
		return false;

	for (le = list_head(&al->entryl); le; le = le->next) {
		const struct addr_entry *entry = le->data;

		if (entry->host && !pl_strcasecmp(host, entry->host))
			return true;
	}

	return al->any;
}


/**
 * Is a list empty: nobody?
 *
 * @param al List, NULL = empty
 *
 * @return True if it is
 */
bool addrlist_isempty(const struct addrlist *al)
{
	return !al || (!al->any && !al->server && list_isempty(&al->entryl));
}


static bool entry_covered(const struct addr_entry *entry,
			  const struct addrlist *of)
{
	struct pl host;
	struct le *le;

	if (entry->host) {
		pl_set_str(&host, entry->host);
		return addrlist_match_name(of, &host);
	}

	for (le = list_head(&of->entryl); le; le = le->next) {
		const struct addr_entry *wide = le->data;

		if (!wide->host &&
		    subnet_within(&entry->netv[0], &wide->netv[0]))
			return true;
	}

	return of->any;
}


/**
 * Is a list no wider than another? Each entry must be covered by one of the
 * other: what a name resolves to changes, so a name is covered by itself or
 * by "any" alone, and covers no address.
 *
 * @param al List, NULL = empty
 * @param of The other list, NULL = empty
 *
 * @return True if it is no wider
 */
bool addrlist_subset(const struct addrlist *al, const struct addrlist *of)
{
	struct le *le;

	if (addrlist_isempty(al))
		return true;

	if (!of || (al->any && !of->any) ||
	    (al->server && !of->server && !of->any))
		return false;

	for (le = list_head(&al->entryl); le; le = le->next) {

		if (!entry_covered(le->data, of))
			return false;
	}

	return true;
}


/**
 * Print a list as it was written
 *
 * @param pf Print function
 * @param al List, NULL = empty
 *
 * @return 0 if success, otherwise errorcode
 */
int addrlist_print(struct re_printf *pf, const struct addrlist *al)
{
	return re_hprintf(pf, "%s",
			  addrlist_isempty(al) ? "nobody" : al->text);
}
