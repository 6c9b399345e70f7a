/**
 * @file storer.h  A state dir, and generations to be put into it
 */

struct storer {
	const char *base;
	char dir[128];
	struct generation *gen;
	struct standing st;
	int err;                /**< Of the last commit                     */
};

extern struct storer ts;

int  storer_setup(void **state);
int  storer_teardown(void **state);
void storer_h(int err, void *arg);
void storer_part(const char *url, const char *text);
void storer_generation(unsigned n, const char *text);
int  storer_commit(unsigned n, const char *text, unsigned proved);
unsigned storer_count(void);
void storer_spoil(const char *name, const char *text);
