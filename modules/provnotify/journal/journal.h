/**
 * @file journal.h  Two lines of JSON for each request
 */

int  journal_init(const char *path);
void journal_close(void);
void journal_answer(const struct request *req);
void journal_end(const struct request *req, enum action action,
		 const struct ending *ending);
int  journal_url(struct re_printf *pf, const char *url);
