/**
 * @file fuzz_origin.c  The Vias behind the top one
 *
 * Built by "make fuzz":
 * clang -fsanitize=fuzzer,address,undefined fuzz_origin.c origin.c ...
 * links: guard/origin.c request.c fake_guard.c
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <re.h>
#include "request.h"
#include "settings/settings.h"
#include "guard/guard.h"
#include "guard/room.h"
#include "../unit/fake_guard.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static struct mbuf *message(const uint8_t *data, size_t size)
{
	struct mbuf *mb = mbuf_alloc(size + 256);
	int err;

	if (!mb)
		return NULL;

	err  = mbuf_write_str(mb,
		"NOTIFY sip:alice@192.0.2.9 SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
		"To: <sip:alice@pbx.example>\r\n"
		"Via: SIP/2.0/UDP ");
	err |= mbuf_write_mem(mb, data, size);
	err |= mbuf_write_str(mb, ";branch=z9hG4bK2\r\n\r\n");

	mb->pos = 0;

	return err ? mem_deref(mb) : mb;
}


/* It stands in the phrase of an answer */
static void must_be_printable(const char *who)
{
	for (; *who; ++who) {

		if (!isprint((unsigned char)*who) || *who == '"')
			abort();
	}
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request req = { .addressed = ADDRESSED_CONTACT };
	struct sip_msg *msg = NULL;
	struct mbuf *mb;
	char who[64] = "";

	fake_reset();
	fake.notify_from.words = "server 198.51.100.1 proxy.example";

	mb = message(data, size);

	if (mb && !sip_msg_decode(&msg, mb)) {

		req.msg = msg;

		if (!origin_vias(&req, who, sizeof(who)) && !who[0])
			abort();

		must_be_printable(who);
	}

	mem_deref(msg);
	mem_deref(mb);

	return 0;
}
