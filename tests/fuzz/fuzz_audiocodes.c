/**
 * @file fuzz_audiocodes.c  Any bytes as a file of that format
 * links: roundtrip.c profile/profile.c profile/note.c profile/account.c
 *        profile/check.c profile/features.c grammar.c formats/format.c
 *        formats/text.c formats/decode.c formats/set.c formats/native.c
 *        formats/near.c
 *        formats/yealink.c formats/yealink_table.c formats/yealink_idle.c
 *        formats/yealink_set.c formats/gigaset.c formats/audiocodes.c
 */
#include <re.h>
#include "profile/profile.h"
#include "formats/formats.h"
#include "formats/decode.h"
#include "../unit/roundtrip.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/** One input */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	roundtrip_file(data, size, audiocodes_decode);

	return 0;
}
