/**
 * @file searcher.c  A phone that searches for a PnP server, and the server
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "settings/settings.h"
#include "vendor.h"
#include "guard/guard.h"
#include "provision/provision.h"
#include "doors/doors.h"
#include "fake_clock.h"
#include "fake_uag.h"
#include "sip_peer.h"
#include "searcher.h"


struct searcher sr;


const struct settings *settings(void)
{
	return &sr.s;
}


bool provision_has_url(void)
{
	return sr.has_url;
}


bool accounts_ours(const struct ua *ua)
{
	(void)ua;

	return sr.ours;
}


void consent_lapse(enum door door)
{
	assert_int_equal(DOOR_PNP, door);
	++sr.lapses;
}


void request_serial(char *buf, size_t size)
{
	str_ncpy(buf, "7", size);
}


int searcher_open(void **state)
{
	(void)state;

	fake_clock_reset();
	memset(&sr, 0, sizeof(sr));

	if (sip_peer_open(&sr.sp))
		return -1;

	fake_uag.sip = sr.sp.sip;

	sr.s.vendor = vendor_native();
	sr.s.model = (char *)"baresip";
	sr.s.firmware = (char *)"1.0.0";
	sr.s.pnp = PNP_YES;
	sr.s.pnp_address = sr.sp.peer;
	str_ncpy(sr.s.mac, "001565123456", sizeof(sr.s.mac));

	return 0;
}


int searcher_close(void **state)
{
	(void)state;

	pnp_close();
	sip_peer_close(&sr.sp);
	fake_uag_reset();

	return 0;
}


/* Let a packet arrive behind all that was sent */
static void sweep(void)
{
	struct mbuf *mb = mbuf_alloc(16);

	assert_int_equal(0, mbuf_write_str(mb, "that is all"));
	mb->pos = 0;

	if (!sip_send(sr.sp.sip, NULL, SIP_TRANSP_UDP, &sr.sp.peer, mb)) {
		++sr.packets;
		assert_true(sip_peer_wait(&sr.sp, sr.packets));
		assert_string_equal("that is all", sr.sp.answer);
	}

	mem_deref(mb);
}


/* Let time go by, in which so many SUBSCRIBEs must be sent */
void pass(uint64_t ms, unsigned n)
{
	fake_clock_advance(ms);

	sr.packets += n;
	assert_true(sip_peer_wait(&sr.sp, sr.packets));

	if (n)
		str_ncpy(sr.asked, sr.sp.answer, sizeof(sr.asked));

	sweep();
	assert_int_equal(sr.packets, sr.sp.answers);
}


void start(void)
{
	assert_int_equal(0, pnp_init());
	pass(0, 1);
}


/* What was asked last: the value of a header, or the request line */
const char *header(const char *name)
{
	static char buf[256];
	struct pl pl;
	char *p;

	p = strstr(sr.asked, name);
	if (!p)
		return NULL;

	pl_set_str(&pl, p + strlen(name));
	pl.l = strcspn(pl.p, "\r");
	(void)pl_strcpy(&pl, buf, sizeof(buf));

	return buf;
}
