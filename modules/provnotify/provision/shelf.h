/**
 * @file shelf.h  For store.c
 */

int  shelf_path(char *path, unsigned n, const char *name);
int  shelf_part(char *path, unsigned n, unsigned ix, const struct part *part);
int  shelf_make(unsigned n);
int  shelf_sync(unsigned n);
void shelf_remove(unsigned n);
void shelf_clean(const struct standing *st);
