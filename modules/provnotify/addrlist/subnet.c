/**
 * @file subnet.c  Addresses under a mask, as address lists hold them
 *
 * All are held as IPv6 addresses, IPv4 mapped into them (RFC 4291 2.5.5.2),
 * so that one comparison serves both. That a network as wide as ::/0 holds no
 * IPv4 address is kept beside.
 */
#include <string.h>
#include <arpa/inet.h>
#include <re.h>
#include "addrlist/subnet.h"


enum {
	ADDR_BITS = 128,
	V4_BITS   = 96,         /**< In front of a mapped IPv4 address      */
};


static void map_v4(struct in6_addr *addr, const struct in_addr *in)
{
	memset(addr, 0, sizeof(*addr));
	memset(&addr->s6_addr[10], 0xff, 2);
	memcpy(&addr->s6_addr[12], in, sizeof(*in));
}


static void mask_set(struct in6_addr *mask, unsigned bits)
{
	size_t i;

	for (i=0; i<sizeof(mask->s6_addr); i++) {
		const unsigned n = bits < 8 ? bits : 8;

		mask->s6_addr[i] = (uint8_t)(0xff00 >> n);
		bits -= n;
	}
}


static void mask_apply(struct subnet *net, const struct in6_addr *addr,
		       const struct in6_addr *mask)
{
	memcpy(net->addr, addr, sizeof(net->addr));
	memcpy(net->mask, mask, sizeof(net->mask));

	net->addr[0] &= net->mask[0];
	net->addr[1] &= net->mask[1];

	net->v4 = IN6_IS_ADDR_V4MAPPED(addr) &&
		mask->s6_addr[10] == 0xff && mask->s6_addr[11] == 0xff;
}


/* 10.10.*.*: a star stands for a whole number, and one there must be */
static int wildcard_decode(struct subnet *net, const char *str)
{
	char buf[INET_ADDRSTRLEN];
	struct in6_addr addr, mask;
	struct in_addr in;
	size_t i, part = 0;

	if (!strchr(str, '*') || str_len(str) >= sizeof(buf))
		return EBADMSG;

	mask_set(&mask, ADDR_BITS);

	for (i=0; str[i]; i++) {

		buf[i] = str[i];

		if (str[i] == '.')
			++part;

		if (str[i] != '*')
			continue;

		if (part > 3 || (i && str[i-1] != '.') ||
		    (str[i+1] && str[i+1] != '.'))
			return EBADMSG;

		mask.s6_addr[12 + part] = 0;
		buf[i] = '0';
	}

	buf[i] = '\0';

	if (inet_pton(AF_INET, buf, &in) != 1)
		return EBADMSG;

	map_v4(&addr, &in);
	mask_apply(net, &addr, &mask);

	return 0;
}


static int cidr_decode(struct subnet *net, const char *str)
{
	char buf[INET6_ADDRSTRLEN];
	const size_t l = strcspn(str, "/");
	const struct pl host = {str, l};
	unsigned first = 0, bits = ADDR_BITS;
	struct in6_addr addr, mask;
	struct in_addr in;
	struct pl pl;

	if (l >= sizeof(buf) || pl_strcpy(&host, buf, sizeof(buf)))
		return EBADMSG;

	if (inet_pton(AF_INET, buf, &in) == 1) {
		map_v4(&addr, &in);
		first = V4_BITS;
	}
	else if (inet_pton(AF_INET6, buf, &addr) != 1) {
		return EBADMSG;
	}

	if (str[l]) {
		pl_set_str(&pl, &str[l + 1]);

		if (!pl.l || pl.l > 3 ||
		    strspn(pl.p, "0123456789") != pl.l)
			return EBADMSG;

		bits = first + pl_u32(&pl);
		if (bits > ADDR_BITS)
			return EBADMSG;
	}

	mask_set(&mask, bits);
	mask_apply(net, &addr, &mask);

	return 0;
}


/**
 * Decode an address, a network in CIDR notation (RFC 4632 3.1, RFC 4291 2.3)
 * or an IPv4 wildcard (10.10.*.*, as in features.action_uri_limit_ip of
 * Yealink's phones)
 *
 * @param net Network; bits of the address behind the mask are cleared
 * @param str Text
 *
 * @return 0 if success, EBADMSG if it is none of these
 */
int subnet_decode(struct subnet *net, const char *str)
{
	if (!net || !str)
		return EINVAL;

	return wildcard_decode(net, str) ? cidr_decode(net, str) : 0;
}


/**
 * Make a network of one address
 *
 * @param net Network
 * @param sa  Address; its port does not count
 *
 * @return 0 if success, EAFNOSUPPORT for what is neither IPv4 nor IPv6
 */
int subnet_set(struct subnet *net, const struct sockaddr *sa)
{
	const struct sockaddr_in6 *in6 = (const void *)sa;
	const struct sockaddr_in *in = (const void *)sa;
	struct in6_addr addr, mask;

	if (!net || !sa)
		return EINVAL;

	if (sa->sa_family == AF_INET)
		map_v4(&addr, &in->sin_addr);
	else if (sa->sa_family == AF_INET6)
		addr = in6->sin6_addr;
	else
		return EAFNOSUPPORT;

	mask_set(&mask, ADDR_BITS);
	mask_apply(net, &addr, &mask);

	return 0;
}


/**
 * Is a network, or an address, within another network?
 *
 * @param net Network
 * @param of  The other one
 *
 * @return True if it is
 */
bool subnet_within(const struct subnet *net, const struct subnet *of)
{
	return net->v4 == of->v4 &&
		(net->mask[0] & of->mask[0]) == of->mask[0] &&
		(net->mask[1] & of->mask[1]) == of->mask[1] &&
		(net->addr[0] & of->mask[0]) == of->addr[0] &&
		(net->addr[1] & of->mask[1]) == of->addr[1];
}
