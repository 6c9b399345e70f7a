/**
 * @file vendor.h  What makes this phone a Yealink, a Gigaset, ...
 */

/** One vendor */
struct vendor {
	const char *name;           /**< As in provnotify_vendor            */
	const char *model;          /**< Default model                      */
	const char *firmware;       /**< Default firmware, NULL: baresip's  */
	const char *agent;          /**< HTTP User-Agent, a template        */
	const char *filev[4];       /**< Templates of the names of the files
					 in a folder, in order              */
	bool checksync_reboot;      /**< Default of that setting            */
	const char *pnp_ruri;       /**< PnP Request-URI, a template        */
	const char *pnp_event;      /**< PnP Event parameters, a template   */
};

const struct vendor *vendor_find(const struct pl *name);
const struct vendor *vendor_native(void);
int  vendor_names(struct re_printf *pf, void *unused);
int  vendor_firmware(char **strp, const struct vendor *vendor);
int  vendor_expand(char **strp, const char *tmpl, const char *mac,
		   const char *model, const char *firmware,
		   const char *vendor);
