/**
 * @file line.h  The journal's own: what stands in a line
 */

int  journal_line_answer(struct mbuf *mb, const struct request *req,
			 bool shared);
int  journal_line_ending(struct mbuf *mb, const struct request *req,
			 enum action action, const struct ending *ending);
int  journal_line_time(struct re_printf *pf, void *unused);
