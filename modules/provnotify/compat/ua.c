/**
 * @file ua.c  User agents, where releases differ
 */
#include <string.h>
#include "compat.h"


static bool destroying;


/**
 * Destroy a user agent: BYE for its calls, un-REGISTER, gone
 *
 * 1.0.0 leaves uag_current() pointing at freed memory, and the next `dial`
 * uses it: another one is made the current one first.
 *
 * @param ua User agent
 */
void compat_ua_destroy(struct ua *ua)
{
	if (!ua)
		return;

#if PN_BARESIP < 10100
	if (ua == uag_current()) {
		struct le *le;

		uag_current_set(NULL);

		for (le = list_head(uag_list()); le; le = le->next) {

			if (le->data != ua) {
				uag_current_set(le->data);
				break;
			}
		}
	}
#endif

	destroying = true;
	(void)ua_destroy(ua);
	destroying = false;
}


/**
 * Does a user agent go by the module's own hand?
 *
 * @return True while compat_ua_destroy() is at work
 */
bool compat_ua_destroying(void)
{
	return destroying;
}


/**
 * Tell baresip's menu which account its commands are about
 *
 * From 1.1.0 on the menu finds that out by itself.
 *
 * @param ua User agent
 */
void compat_ua_select(struct ua *ua)
{
#if PN_BARESIP < 10100
	uag_current_set(ua);
#else
	(void)ua;
#endif
}


/**
 * Put a header into the INVITEs that a user agent will send
 *
 * Into nothing else: no release lets a module add to its answers. In 1.0.0 it
 * takes the place of what others may have put there.
 *
 * @param ua    User agent
 * @param name  Name of the header
 * @param value Value
 *
 * @return 0 if success, otherwise errorcode
 */
int compat_ua_announce(struct ua *ua, const char *name, const char *value)
{
	struct sip_hdr hdr;
#if PN_BARESIP < 10100
	struct list hdrl = LIST_INIT;
	int err;
#endif

	memset(&hdr, 0, sizeof(hdr));
	pl_set_str(&hdr.name, name);
	pl_set_str(&hdr.val, value);

#if PN_BARESIP < 10100
	list_append(&hdrl, &hdr.le, &hdr);
	err = ua_set_custom_hdrs(ua, &hdrl);
	list_unlink(&hdr.le);

	return err;
#else
	return ua_add_custom_hdr(ua, &hdr.name, &hdr.val);
#endif
}
