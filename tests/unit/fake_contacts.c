/**
 * @file fake_contacts.c  Contacts without baresip
 */
#include <errno.h>
#include <string.h>
#include "compat/compat.h"


struct contact {
	struct le le;
	char *text;
	char *uri;
};

static struct list contactl;


static void contact_destructor(void *arg)
{
	struct contact *c = arg;

	list_unlink(&c->le);
	mem_deref(c->text);
	mem_deref(c->uri);
}


struct contacts *baresip_contacts(void)
{
	return (struct contacts *)&contactl;
}


struct list *contact_list(const struct contacts *contacts)
{
	(void)contacts;

	return &contactl;
}


const char *contact_uri(const struct contact *c)
{
	return c->uri;
}


int contact_add(struct contacts *contacts, struct contact **contactp,
		const struct pl *addr)
{
	struct sip_addr sa;
	struct contact *c;
	(void)contacts;
	(void)contactp;

	c = mem_zalloc(sizeof(*c), contact_destructor);
	if (!c)
		return ENOMEM;

	if (sip_addr_decode(&sa, addr)) {
		mem_deref(c);
		return EBADMSG;
	}

	(void)pl_strdup(&c->text, addr);
	(void)pl_strdup(&c->uri, &sa.auri);
	list_append(&contactl, &c->le, c);

	return 0;
}


struct contact *contact_find(const struct contacts *contacts, const char *uri)
{
	struct le *le;
	(void)contacts;

	for (le = contactl.head; le; le = le->next) {

		if (!strcmp(((struct contact *)le->data)->uri, uri))
			return le->data;
	}

	return NULL;
}


void contact_remove(struct contacts *contacts, struct contact *c)
{
	(void)contacts;

	mem_deref(c);
}
