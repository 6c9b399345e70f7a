/**
 * @file serial.c  The id that joins a request's two lines in the journal
 */
#include <time.h>
#include <re.h>
#include "request.h"


static uint64_t start;          /* Of this process, [ms] wall clock     */
static unsigned last;


/**
 * Get an id that no other request has: the start of this process, in
 * milliseconds so that a restart within a second has its own, and a number
 *
 * @param buf  Buffer for the id with its NUL
 * @param size Size of the buffer [bytes], REQUEST_SERIAL_MAX
 */
void request_serial(char *buf, size_t size)
{
	struct timespec ts;

	if (!start && !clock_gettime(CLOCK_REALTIME, &ts))
		start = (uint64_t)ts.tv_sec * 1000 +
			(uint64_t)ts.tv_nsec / 1000000;

	(void)re_snprintf(buf, size, "%llx-%u", start, ++last);
}
