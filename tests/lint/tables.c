/**
 * @file tables.c  Prints the tables in the code as the README has them
 *
 *     tables keys|formats|settings
 */
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "profile/profile.h"
#include "settings/room.h"
#include "settings/settings.h"
#include "formats/formats.h"
#include "phone/phone.h"


/* The names alone: what they mean is written by hand */
static int settings_print(struct re_printf *pf, void *unused)
{
	return setting_names(pf, unused);
}


int main(int argc, char *argv[])
{
	static const struct {
		const char *name;
		re_printf_h *h;
	} tablev[] = {
		{"keys",     key_table_print},
		{"formats",  format_table_print},
		{"settings", settings_print},
	};
	size_t i;

	for (i=0; i<RE_ARRAY_SIZE(tablev); i++) {

		if (argc == 2 && !strcmp(argv[1], tablev[i].name))
			return re_printf("%H", tablev[i].h, NULL) < 0;
	}

	return 2;
}
