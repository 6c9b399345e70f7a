/**
 * @file vendor.c  One table: what makes this phone a Yealink, a Gigaset, ...
 */
#include <ctype.h>
#include <string.h>
#include "compat/compat.h"
#include "vendor.h"


/*
 * User-Agents as the phones send them over HTTP, Request-URIs and Event
 * parameters as they ask for a PnP server. The first row is the default.
 */
static const struct vendor vendorv[] = {
	{
		.name     = "native",
		.model    = "baresip",
		.agent    = "{model}/{firmware} (provnotify)",
		.filev    = {"{mac}.accounts", "accounts"},
		.checksync_reboot = true,
		.pnp_ruri  = "sip:MAC%3A{mac}@224.0.1.75",
		.pnp_event = "profile-type=\"device\";vendor=\"baresip\";"
			     "model=\"{model}\";version=\"{firmware}\"",
	},
	{
		.name     = "yealink",
		.model    = "T46S",
		.firmware = "66.86.0.15",
		.agent    = "Yealink SIP-{model} {firmware} {mac:}",
		.filev    = {"{mac}.boot", "y000000000000.boot",
			     "y{number}.cfg", "{mac}.cfg"},
		.checksync_reboot = true,
		.pnp_ruri  = "sip:MAC%3A{mac}@224.0.1.75",
		.pnp_event = "profile-type=\"device\";vendor=\"Yealink\";"
			     "model=\"{model}\";version=\"{firmware}\"",
	},
	{
		.name     = "gigaset",
		.model    = "N870 IP PRO",
		.firmware = "83.V2.11.0+build.a546b91",
		.agent    = "Gigaset {model}/{firmware};{MAC}",
		.filev    = {"{MAC}.xml"},
		.checksync_reboot = false,
		.pnp_ruri  = "sip:MAC%3A{MAC}@224.0.1.75",
		.pnp_event = "profile-type=\"device\";vendor=\"Gigaset\";"
			     "model=\"{model}\";version=\"{firmware}\"",
	},
	{
		.name     = "audiocodes",
		.model    = "445HD",
		.firmware = "3.4.6.604",
		.agent    = "AUDC/{firmware} "
			    "AUDC-IPPhone-{model}_UC_{firmware}/1",
		.filev    = {"{MAC}.cfg", "{mac}.cfg"},
		.checksync_reboot = true,
		.pnp_ruri  = "sip:224.0.1.75:5060",
		.pnp_event = "profile-type=\"application\";"
			     "model=\"{model}\";version=\"{firmware}\"",
	},
};

/* The number of a Yealink in the name of its common file */
static const struct {
	const char *model;
	unsigned number;
} numberv[] = {
	{"CP860",   37}, {"CP920",   78}, {"CP960",  73},
	{"T19P_E2", 53}, {"T21P_E2", 52}, {"T23G",   44}, {"T23P",  44},
	{"T27G",    69}, {"T27P",    45}, {"T29G",   46}, {"T30",  127},
	{"T30P",   127}, {"T31",    123}, {"T31G",  123}, {"T31P", 123},
	{"T33G",   124}, {"T33P",   124}, {"T40G",   76}, {"T40P",  54},
	{"T41P",    36}, {"T41S",    68}, {"T42G",   29}, {"T42S",  67},
	{"T42U",   116}, {"T43U",   107}, {"T46G",   28}, {"T46S",  66},
	{"T46U",   108}, {"T48G",    35}, {"T48S",   65}, {"T48U", 109},
	{"T53",     95}, {"T53W",    95}, {"T54S",   70}, {"T54W",  96},
	{"T56A",    58}, {"T57W",    97}, {"T58",    58}, {"T58A",  58},
	{"T58V",    58}, {"T58W",   150}, {"W52P",   25}, {"W60B",  77},
	{"W70B",   146},
};

/** What a template may hold */
enum variable {
	VAR_MAC,
	VAR_MAC_UPPER,
	VAR_MAC_COLON,
	VAR_MODEL,
	VAR_VENDOR,
	VAR_FIRMWARE,
	VAR_NUMBER,
};

static const struct {
	const char *text;
	enum variable var;
} variablev[] = {
	{"{mac}",      VAR_MAC},
	{"{MAC}",      VAR_MAC_UPPER},
	{"{mac:}",     VAR_MAC_COLON},
	{"{model}",    VAR_MODEL},
	{"{vendor}",   VAR_VENDOR},
	{"{firmware}", VAR_FIRMWARE},
	{"{number}",   VAR_NUMBER},
	{"$mac",       VAR_MAC},
	{"$MAC",       VAR_MAC_UPPER},
	{"$model",     VAR_MODEL},
	{"$MODEL",     VAR_MODEL},
	{"%MACD",      VAR_MAC_UPPER},
};


/**
 * Find a vendor
 *
 * @param name Name, compared without case
 *
 * @return Vendor, NULL if there is none of that name
 */
const struct vendor *vendor_find(const struct pl *name)
{
	size_t i;

	if (!name)
		return NULL;

	for (i=0; i<RE_ARRAY_SIZE(vendorv); i++) {

		if (!pl_strcasecmp(name, vendorv[i].name))
			return &vendorv[i];
	}

	return NULL;
}


/**
 * The vendor of a phone that plays no other: baresip itself
 *
 * @return Vendor
 */
const struct vendor *vendor_native(void)
{
	return &vendorv[0];
}


/**
 * Print the names of all vendors
 *
 * @param pf     Print function
 * @param unused Unused
 *
 * @return 0 if success, otherwise errorcode
 */
int vendor_names(struct re_printf *pf, void *unused)
{
	size_t i;
	int err = 0;
	(void)unused;

	for (i=0; i<RE_ARRAY_SIZE(vendorv) && !err; i++)
		err = re_hprintf(pf, "%s%s", i ? ", " : "", vendorv[i].name);

	return err;
}


/**
 * The firmware that a vendor's phone has by default
 *
 * @param strp   Firmware, owned by the caller. For baresip itself: the
 *               release that this was built for
 * @param vendor Vendor
 *
 * @return 0 if success, otherwise errorcode
 */
int vendor_firmware(char **strp, const struct vendor *vendor)
{
	if (!strp || !vendor)
		return EINVAL;

	if (vendor->firmware)
		return str_dup(strp, vendor->firmware);

	return re_sdprintf(strp, "%u.%u.%u", PN_BARESIP / 10000,
			   PN_BARESIP / 100 % 100, PN_BARESIP % 100);
}


static unsigned model_number(const char *model)
{
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(numberv); i++) {

		if (!str_casecmp(model, numberv[i].model))
			return numberv[i].number;
	}

	return 0;
}


static int mac_write(struct mbuf *mb, const char *mac, enum variable var)
{
	size_t i;
	int err = 0;

	for (i=0; mac[i] && !err; i++) {

		if (var == VAR_MAC_COLON && i && !(i & 1))
			err |= mbuf_write_u8(mb, ':');

		err |= mbuf_write_u8(mb, var == VAR_MAC_UPPER ?
				     toupper((uint8_t)mac[i]) : mac[i]);
	}

	return err;
}


/**
 * Put what is known of a phone into a template
 *
 * Replaced are {mac} {MAC} {mac:} (with colons) {model} {vendor} {firmware},
 * {number} (the twelve digits in the name of a Yealink's common file, zeros
 * for a model that is not known), $mac $MAC $model $MODEL as on a Yealink, and
 * %MACD as on a Gigaset. What else it holds stays.
 *
 * @param strp     Result, owned by the caller
 * @param tmpl     Template
 * @param mac      Twelve lower-case hex digits
 * @param model    Model
 * @param firmware Firmware
 * @param vendor   Name of the vendor
 *
 * @return 0 if success, otherwise errorcode
 */
int vendor_expand(char **strp, const char *tmpl, const char *mac,
		  const char *model, const char *firmware,
		  const char *vendor)
{
	struct mbuf *mb;
	size_t i;
	int err = 0;

	if (!strp || !tmpl || !mac || !model || !firmware || !vendor)
		return EINVAL;

	mb = mbuf_alloc(128);
	if (!mb)
		return ENOMEM;

	while (*tmpl && !err) {

		for (i=0; i<RE_ARRAY_SIZE(variablev); i++) {

			if (!strncmp(tmpl, variablev[i].text,
				     str_len(variablev[i].text)))
				break;
		}

		if (i == RE_ARRAY_SIZE(variablev)) {
			err = mbuf_write_u8(mb, *tmpl);
			++tmpl;
			continue;
		}

		tmpl += str_len(variablev[i].text);

		switch (variablev[i].var) {

		case VAR_MAC:
		case VAR_MAC_UPPER:
		case VAR_MAC_COLON:
			err = mac_write(mb, mac, variablev[i].var);
			break;

		case VAR_MODEL:
			err = mbuf_write_str(mb, model);
			break;

		case VAR_VENDOR:
			err = mbuf_write_str(mb, vendor);
			break;

		case VAR_FIRMWARE:
			err = mbuf_write_str(mb, firmware);
			break;

		case VAR_NUMBER:
			err = mbuf_printf(mb, "%012u", model_number(model));
			break;
		}
	}

	if (err)
		goto out;

	mbuf_set_pos(mb, 0);
	err = mbuf_strdup(mb, strp, mbuf_get_left(mb));

 out:
	mem_deref(mb);

	return err;
}
