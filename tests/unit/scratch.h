/**
 * @file scratch.h  A folder for one test
 */

const char *scratch_make(void);
int  scratch_remove(void);
mode_t scratch_mode(const char *name);
