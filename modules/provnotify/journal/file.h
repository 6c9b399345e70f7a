/**
 * @file file.h  The journal's own: from lines to the file
 */

int  journal_file_open(const char *path);
void journal_file_close(void);
void journal_file_add(const struct mbuf *line);
