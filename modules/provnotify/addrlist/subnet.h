/**
 * @file subnet.h  Addresses under a mask, as address lists hold them
 */

/** An address under a mask */
struct subnet {
	uint64_t addr[2];       /**< In network order, as is the mask       */
	uint64_t mask[2];
	bool v4;                /**< IPv4, mapped into IPv6                 */
};

int  subnet_decode(struct subnet *net, const char *str);
int  subnet_set(struct subnet *net, const struct sockaddr *sa);
bool subnet_within(const struct subnet *net, const struct subnet *of);
