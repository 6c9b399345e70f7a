/**
 * @file getter.h  Requests as a GET makes them, for tests
 */

struct request *getter_make(const char *source, const char *target,
			    const char *headers);
