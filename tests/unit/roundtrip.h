/**
 * @file roundtrip.h  What must hold for every profile, whatever was decoded
 */

void roundtrip(struct profile *prof);
void roundtrip_file(const uint8_t *data, size_t size,
		    int (*decodeh)(struct profile *prof,
				   const struct pl *text,
				   struct format_error *error));
