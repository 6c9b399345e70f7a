/**
 * @file patience.h  How long a test waits for what does not come
 */
#include <stdlib.h>


/* Ten seconds, or PATIENCE_MS of the environment: make oom has tests fail,
   and cannot wait so long for each of thousands [ms] */
static inline unsigned patience_ms(void)
{
	const char *ms = getenv("PATIENCE_MS");

	return ms ? (unsigned)strtoul(ms, NULL, 10) : 10 * 1000;
}
