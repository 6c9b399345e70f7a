/**
 * @file fake_room.h  The provision room with all that is below it faked: no
 *                    baresip, no thread, and a clock that the test moves
 */

enum {
	PROV_ENDS_MAX = 64,
	PROV_CONFIRM  = 180,
};

/** How a request ended */
struct prov_end {
	const struct request *req;
	struct ending ending;
};

/** The fixture */
struct prov {
	struct settings s;
	char dir[128];
	char url[160];
	struct prov_end endv[PROV_ENDS_MAX];
	unsigned endc;
	unsigned orders;        /**< Resyncs that the room ordered itself   */
	enum door door;
	struct request *held[PROV_ENDS_MAX];
	unsigned heldc;
	bool given;             /**< The config has what is asked for       */
	const struct profile_policy *policy; /**< Handed down last          */
};

extern struct prov tp;

int  prov_setup(void **state);
int  prov_teardown(void **state);
void prov_file(const char *dir, const char *name, const char *text);
void prov_serve(const char *text);
void prov_open(void);
void prov_shut(void);
void prov_settle(void);
void prov_seconds(unsigned n);
void prov_crash(void);
void prov_restart(void);
struct request *prov_request(enum door door, bool fresh);
const struct request *prov_resync(enum door door);
const struct ending *prov_ending(const struct request *req);
const struct ending *prov_last(void);
void prov_assert(const struct ending *ending, enum result result,
		 const char *detail);
void prov_assert_last(enum result result, const char *detail);
