/**
 * @file ride.c  The requests that ride in one resync, and end with it
 */
#include <errno.h>
#include "compat/compat.h"
#include "request.h"
#include "profile/profile.h"
#include "provision/provision.h"
#include "provision/room.h"
#include "provision/transaction.h"


/** One request */
struct ride {
	struct le le;
	struct request *req;
};

static provision_end_h *end_handler;


static void destructor(void *arg)
{
	struct ride *ride = arg;

	list_unlink(&ride->le);
	mem_deref(ride->req);
}


/**
 * Say who is told of the end of a request
 *
 * @param endh Called exactly once for each request
 */
void ride_init(provision_end_h *endh)
{
	end_handler = endh;
}


/**
 * Let a request ride along
 *
 * @param list Those that ride together
 * @param req  Request, referenced
 *
 * @return 0 if success, otherwise errorcode
 */
int ride_add(struct list *list, struct request *req)
{
	struct ride *ride;

	if (!list || !req)
		return EINVAL;

	ride = mem_zalloc(sizeof(*ride), destructor);
	if (!ride)
		return ENOMEM;

	ride->req = mem_ref(req);
	list_append(list, &ride->le, ride);

	return 0;
}


/**
 * Let all requests change over
 *
 * @param to   Where they ride from now on
 * @param from Where they rode
 */
void ride_move(struct list *to, struct list *from)
{
	struct le *le;

	while ((le = list_head(from))) {
		list_unlink(le);
		list_append(to, le, le->data);
	}
}


/**
 * Does any of the requests have a property?
 *
 * @param list Those that ride together
 * @param h    Tells of a request whether it has
 *
 * @return true if one does
 */
bool ride_has(const struct list *list, bool (*h)(const struct request *req))
{
	struct le *le;

	for (le = list_head(list); le; le = le->next) {
		const struct ride *ride = le->data;

		if (h(ride->req))
			return true;
	}

	return false;
}


/**
 * End all requests
 *
 * @param list   Those that rode together; empty afterwards
 * @param ending How it ended
 */
void ride_end(struct list *list, const struct ending *ending)
{
	struct le *le;

	/* The handler may let new requests in, but never into this list */
	while ((le = list_head(list))) {
		struct ride *ride = le->data;

		list_unlink(le);
		end_handler(ride->req, ending);
		mem_deref(ride);
	}
}
