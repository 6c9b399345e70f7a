/**
 * @file mac.h  The MAC address that servers know this phone by
 */

enum {
	MAC_SIZE = 13,          /**< Twelve lower-case hex digits and a NUL */
};

int  mac_decode(char *mac, const struct pl *pl);
int  mac_find(char *mac, const char *root);
void mac_random(char *mac);
