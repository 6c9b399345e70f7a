/**
 * @file stub_baresip.c  baresip's log, for tests without baresip
 */
#include <re.h>


void debug(const char *fmt, ...);
void info(const char *fmt, ...);
void warning(const char *fmt, ...);

/** How many warnings there were */
unsigned stub_warnings;


void debug(const char *fmt, ...)
{
	(void)fmt;
}


void info(const char *fmt, ...)
{
	(void)fmt;
}


void warning(const char *fmt, ...)
{
	(void)fmt;

	++stub_warnings;
}
