/**
 * @file applier.h  Profiles, and a phone to apply them to
 */

struct applier {
	struct profile *prof;
	struct change change;
	unsigned applied;
};

extern struct applier ta;

int  applier_setup(void **state);
int  applier_teardown(void **state);
void applier_h(void *arg);
void applier_profile(const char *text);
void applier_begin(const char *text);
void applier_apply(const char *text);
void applier_assert(uint32_t added, uint32_t changed, uint32_t removed);
