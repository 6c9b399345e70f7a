/**
 * @file mac.c  The MAC address that servers know this phone by
 */
#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <re.h>
#include "mac.h"


/**
 * Decode a MAC address, with any separators or none
 *
 * @param mac Twelve lower-case hex digits, MAC_SIZE bytes
 * @param pl  Text
 *
 * @return 0 if success, EBADMSG for what is none, as is one of all zeros
 */
int mac_decode(char *mac, const struct pl *pl)
{
	char buf[MAC_SIZE] = "";
	size_t i, n = 0;

	if (!mac || !pl)
		return EINVAL;

	for (i=0; i<pl->l; i++) {
		const uint8_t c = pl->p[i];

		if (ispunct(c) || isspace(c))
			continue;

		if (!isxdigit(c) || n == MAC_SIZE - 1)
			return EBADMSG;

		buf[n++] = tolower(c);
	}

	if (n != MAC_SIZE - 1 || strspn(buf, "0") == n)
		return EBADMSG;

	memcpy(mac, buf, MAC_SIZE);

	return 0;
}


/* The first line of a file of an interface, without its end */
static int attribute_read(char *buf, size_t size, const char *root,
			  const char *ifname, const char *attribute)
{
	char path[PATH_MAX];
	FILE *f;
	int err = 0;

	if (re_snprintf(path, sizeof(path), "%s/sys/class/net/%s/%s", root,
			ifname, attribute) < 0)
		return ENAMETOOLONG;

	f = fopen(path, "re");
	if (!f)
		return errno;

	if (fgets(buf, (int)size, f))
		buf[strcspn(buf, "\n")] = '\0';
	else
		err = ENODATA;

	(void)fclose(f);

	return err;
}


static int interface_mac(char *mac, const char *root, const char *ifname)
{
	char buf[128];
	struct pl pl;
	int err;

	err = attribute_read(buf, sizeof(buf), root, ifname, "address");
	if (err)
		return err;

	pl_set_str(&pl, buf);

	return mac_decode(mac, &pl);
}


/* A destination and a mask of zeros: everything */
static bool is_default4(struct pl *name, uint32_t *metric, const char *line)
{
	struct pl pl;

	if (re_regex(line, str_len(line),
		     "[^\t ]+[\t ]+00000000[\t ]+[0-9A-F]+[\t ]+"
		     "[0-9A-F]+[\t ]+[0-9]+[\t ]+[0-9]+[\t ]+"
		     "[0-9]+[\t ]+00000000",
		     name, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
		     NULL, NULL, NULL, &pl, NULL))
		return false;

	*metric = pl_u32(&pl);

	return true;
}


static bool is_default6(struct pl *name, uint32_t *metric, const char *line)
{
	static const char all[] = "00000000000000000000000000000000 00 ";
	struct pl pl;

	if (strncmp(line, all, strlen(all)))
		return false;

	line += strlen(all);

	/* source, its prefix, gateway, metric, count, use, flags, name */
	if (re_regex(line, str_len(line),
		     "[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ [0-9a-f]+ [0-9a-f]+"
		     " [0-9a-f]+ [0-9a-f]+[ ]+[^ \n]+",
		     NULL, NULL, NULL, &pl, NULL, NULL, NULL, NULL, name))
		return false;

	*metric = pl_x32(&pl);

	return true;
}


/* Of several default routes that of the lowest metric, as the kernel does */
static int route_mac(char *mac, const char *root, const char *table,
		     bool (*is_default)(struct pl *name, uint32_t *metric,
					const char *line))
{
	char path[PATH_MAX], line[256], ifname[64];
	uint32_t best = 0;
	int err = ENOENT;
	FILE *f;

	if (re_snprintf(path, sizeof(path), "%s/proc/net/%s", root,
			table) < 0)
		return ENAMETOOLONG;

	f = fopen(path, "re");
	if (!f)
		return errno;

	while (fgets(line, sizeof(line), f)) {
		uint32_t metric;
		struct pl name;

		if (!is_default(&name, &metric, line) ||
		    (!err && metric >= best) ||
		    pl_strcpy(&name, ifname, sizeof(ifname)) ||
		    interface_mac(mac, root, ifname))
			continue;

		best = metric;
		err  = 0;
	}

	(void)fclose(f);

	return err;
}


/* The loopback has an address of zeros, which is none; the first is the one
   that the kernel found first */
static int first_mac(char *mac, const char *root)
{
	char path[PATH_MAX], buf[32], found[MAC_SIZE];
	uint32_t best = 0;
	int err = ENOENT;
	struct dirent *d;
	DIR *dir;

	if (re_snprintf(path, sizeof(path), "%s/sys/class/net", root) < 0)
		return ENAMETOOLONG;

	dir = opendir(path);
	if (!dir)
		return errno;

	while ((d = readdir(dir)) != NULL) {
		struct pl index;

		if (interface_mac(found, root, d->d_name) ||
		    attribute_read(buf, sizeof(buf), root, d->d_name,
				   "ifindex"))
			continue;

		pl_set_str(&index, buf);

		if (!err && pl_u32(&index) >= best)
			continue;

		memcpy(mac, found, MAC_SIZE);
		best = pl_u32(&index);
		err  = 0;
	}

	(void)closedir(dir);

	return err;
}


/**
 * Find the MAC address of the interface with the default route, else of the
 * first that has one
 *
 * @param mac  Twelve lower-case hex digits, MAC_SIZE bytes
 * @param root Where /proc and /sys are: "" but for tests
 *
 * @return 0 if success, ENOENT if there is none, else errorcode
 */
int mac_find(char *mac, const char *root)
{
	if (!mac || !root)
		return EINVAL;

	if (!route_mac(mac, root, "route", is_default4) ||
	    !route_mac(mac, root, "ipv6_route", is_default6))
		return 0;

	return first_mac(mac, root);
}


/**
 * Make a random MAC address: local, of one interface (IEEE 802, 8.2)
 *
 * @param mac Twelve lower-case hex digits, MAC_SIZE bytes
 */
void mac_random(char *mac)
{
	uint8_t v[6];

	if (!mac)
		return;

	rand_bytes(v, sizeof(v));
	v[0] = (v[0] & 0xfc) | 0x02;

	(void)re_snprintf(mac, MAC_SIZE, "%w", v, sizeof(v));
}
