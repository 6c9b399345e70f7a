/**
 * @file doors.h  Where requests come in and answers go out
 */

struct handover;
struct sip_msg;

int  notify_init(void);
void notify_close(void);
void notify_resumed(const struct handover *handover);

int  servlet_init(void);
void servlet_close(void);

int  pnp_init(void);
void pnp_close(void);
bool pnp_is_answer(const struct sip_msg *msg);
void pnp_answered(enum verdict verdict);
int  pnp_print(struct re_printf *pf, void *unused);

int  console_init(void);
void console_close(void);
