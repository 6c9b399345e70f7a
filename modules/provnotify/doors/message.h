/**
 * @file message.h  What a SIP NOTIFY says
 */

int  message_event(struct pl *name, struct pl *params,
		   const struct sip_msg *msg);
void message_body(struct pl *body, uint32_t *breaches,
		  const struct sip_msg *msg);
uint32_t message_breaches(const struct sip_msg *msg);
bool message_has_url(const struct sip_msg *msg, const struct pl *body);
bool message_via_is_copied(const struct sip_msg *msg);
bool message_is_broadcast(const struct sip_msg *msg);
void message_source(struct source *src, const struct sip_msg *msg);
