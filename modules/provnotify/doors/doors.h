/**
 * @file doors.h  Where requests come in and answers go out
 */

struct handover;

int  notify_init(void);
void notify_close(void);
void notify_resumed(const struct handover *handover);

int  servlet_init(void);
void servlet_close(void);

int  console_init(void);
void console_close(void);
