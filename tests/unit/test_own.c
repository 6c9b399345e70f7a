/**
 * @file test_own.c  Tests of own.c and reading.c
 * links: provision/own.c provision/reading.c provision/generation.c
 * provision/plan.c provision/url.c vendor.c profile/profile.c
 * profile/account.c profile/check.c profile/note.c profile/features.c
 * grammar.c state/state.c state/file.c fake_baresip.c fake_contacts.c
 * fake_worker.c fake_format.c fake_clock.c scratch.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "compat/compat.h"
#include "profile/profile.h"
#include "provision/room.h"
#include "fake_baresip.h"
#include "fake_clock.h"
#include "fake_worker.h"
#include "scratch.h"


enum {
	TURNS = 200,
	MANY  = 500,
	SLICE = 25,
};

static struct {
	const char *dir;
	struct own_result res;
	unsigned ended;
	unsigned changed;
} to;


static void changed_h(void)
{
	++to.changed;
}


static void own_handler(const struct own_result *res, void *arg)
{
	assert_ptr_equal(&to, arg);
	to.res = *res;
	++to.ended;
}


static void put(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	(void)re_snprintf(path, sizeof(path), "%s/%s", to.dir, name);

	f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs(text, f);
	assert_int_equal(0, fclose(f));
}


static void settle(void)
{
	unsigned i;

	for (i=0; i<TURNS; i++) {
		fake_clock_advance(0);
		fake_worker_drain();
	}
}


static void event_h(enum compat_event ev, struct ua *ua, struct call *call,
		    const char *text, void *arg)
{
	(void)ua;
	(void)call;
	(void)text;
	(void)arg;

	own_event(ev);
}


/* As baresip does at its start, and the first reading */
static void start(const char *accounts, const char *contacts)
{
	struct compat_listener *listener;
	struct pl pl;

	put("accounts", accounts);
	put("contacts", contacts);
	put("config", "one\n");

	if (contacts[0]) {
		pl_set_str(&pl, contacts);
		assert_int_equal(0, contact_add(baresip_contacts(), NULL,
						&pl));
	}

	assert_int_equal(0, own_init(changed_h));
	assert_int_equal(0, compat_listen(&listener, event_h, NULL));
}


static void resync(void)
{
	to.ended = 0;
	assert_int_equal(0, own_start(own_handler, &to));
	settle();
	assert_int_equal(1, to.ended);
}


static void assert_change(uint32_t added, uint32_t changed, uint32_t removed)
{
	assert_int_equal(0, to.res.err);
	assert_int_equal(added, to.res.accounts.added);
	assert_int_equal(changed, to.res.accounts.changed);
	assert_int_equal(removed, to.res.accounts.removed);
}


static int setup(void **state)
{
	(void)state;

	memset(&to, 0, sizeof(to));
	(void)alarm(60);

	to.dir = scratch_make();
	if (!to.dir)
		return -1;

	fake_clock_reset();
	fake_init(to.dir);

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	own_close();
	fake_close();

	return scratch_remove();
}


static void test_same(void **state)
{
	(void)state;

	start("<sip:a@h>\n", "");
	(void)fake_own("<sip:a@h>");
	resync();

	assert_change(0, 0, 0);
	assert_int_equal(0, to.res.contacts);
	assert_false(to.res.config);
	assert_int_equal(1, fake.allocs);

	/* comments and empty lines are no accounts */
	put("accounts", "# one\n\n<sip:a@h>\r\n#<sip:b@h>\n");
	resync();
	assert_change(0, 0, 0);
}


static void test_difference(void **state)
{
	const struct ua *a, *other;
	(void)state;

	start("<sip:a@h>\n<sip:b@h>;auth_pass=1\n<sip:c@h>\n", "");
	a = fake_own("<sip:a@h>");
	(void)fake_own("<sip:b@h>;auth_pass=1");
	(void)fake_own("<sip:c@h>");
	other = fake_own("<sip:other@h>");

	put("accounts", "<sip:d@h>;regint=0\n<sip:b@h>;auth_pass=2\n"
	    "<sip:a@h>\n");
	resync();

	assert_change(1, 1, 1);
	assert_int_equal(1, to.changed);
	assert_ptr_equal(a, fake_find("sip:a@h"));
	assert_ptr_equal(other, fake_find("sip:other@h"));
	assert_null(fake_find("sip:c@h"));
	assert_string_equal("<sip:b@h>;auth_pass=2",
			    fake_find("sip:b@h")->line);
	assert_int_equal(1, fake_find("sip:b@h")->registers);
	assert_int_equal(0, fake_find("sip:d@h")->registers);
	assert_int_equal(2, fake.destroys);

	resync();
	assert_change(0, 0, 0);
	assert_int_equal(2, fake.destroys);
}


/* Provisioned ones, and those that the user removed by hand */
static void test_not_ours(void **state)
{
	struct ua *ua;
	(void)state;

	start("<sip:a@h>\n<sip:b@h>\n", "");
	ua = fake_own("<sip:a@h>");
	ua->ours = true;

	put("accounts", "\n");
	resync();

	assert_change(0, 0, 2);
	assert_ptr_equal(ua, fake_find("sip:a@h"));
	assert_int_equal(0, fake.destroys);
}


static void test_call(void **state)
{
	struct ua *a, *b;
	(void)state;

	start("<sip:a@h>\n<sip:b@h>\n", "");
	a = fake_own("<sip:a@h>");
	b = fake_own("<sip:b@h>");
	fake_call(a, true);
	fake_call(b, true);

	put("accounts", "<sip:a@h>;mwi=no\n<sip:c@h>\n");
	resync();

	assert_change(1, 1, 1);
	assert_int_equal(2, to.res.accounts.waiting);
	assert_ptr_equal(a, fake_find("sip:a@h"));
	assert_non_null(fake_find("sip:c@h"));
	assert_int_equal(0, fake.destroys);

	fake_call(b, false);
	settle();
	assert_null(fake_find("sip:b@h"));
	assert_ptr_equal(a, fake_find("sip:a@h"));

	/* what is wanted may change while it waits */
	put("accounts", "<sip:a@h>;mwi=yes\n<sip:c@h>\n");
	resync();
	assert_change(0, 1, 0);

	fake_call(a, false);
	settle();
	assert_string_equal("<sip:a@h>;mwi=yes", fake_find("sip:a@h")->line);
	assert_int_equal(2, list_count(&fake.ual));
	assert_int_equal(1, to.ended);
}


static void test_contacts(void **state)
{
	struct contacts *contacts = baresip_contacts();
	(void)state;

	start("", "\"Al\" <sip:al@h>");

	put("contacts", "\"Alfred\" <sip:al@h>\n<sip:bo@h>\n");
	resync();
	assert_int_equal(2, to.res.contacts);
	assert_int_equal(2, list_count(contact_list(contacts)));

	put("contacts", "<sip:bo@h>\n");
	resync();
	assert_int_equal(1, to.res.contacts);
	assert_null(contact_find(contacts, "sip:al@h"));
	assert_non_null(contact_find(contacts, "sip:bo@h"));
}


static void test_config(void **state)
{
	(void)state;

	start("", "");
	put("config", "two\n");
	resync();
	assert_true(to.res.config);

	/* till it is read: at the next start */
	resync();
	assert_true(to.res.config);

	put("config", "one\n");
	resync();
	assert_false(to.res.config);
}


/* One wrong line, and nothing has changed */
static void test_wrong(void **state)
{
	char path[128];
	(void)state;

	start("<sip:a@h>\n", "");
	(void)fake_own("<sip:a@h>");

	put("accounts", "<sip:b@h>\n\n\"x\" nonsense\n");
	resync();
	assert_int_equal(EBADMSG, to.res.err);
	assert_string_equal("accounts, line 3: not a SIP address",
			    to.res.why);
	assert_int_equal(1, fake.allocs);

	put("accounts", "<sip:a@h>\n");
	put("contacts", "\"x\" nonsense\n");
	resync();
	assert_int_equal(EBADMSG, to.res.err);

	(void)re_snprintf(path, sizeof(path), "%s/accounts", to.dir);
	assert_int_equal(0, unlink(path));
	put("contacts", "");
	resync();
	assert_int_equal(ENOENT, to.res.err);
	assert_string_equal("accounts is gone", to.res.why);
	assert_int_equal(0, fake.destroys);
}


/* In slices: no turn of the loop changes more than a few */
static void test_many(void **state)
{
	struct mbuf *mb = mbuf_alloc(1024);
	unsigned i, before;
	(void)state;

	start("", "");

	for (i=0; i<MANY; i++)
		(void)mbuf_printf(mb, "<sip:u%u@h>;regint=0\n", i);
	(void)mbuf_write_u8(mb, 0);

	put("accounts", (char *)mb->buf);
	mem_deref(mb);

	assert_int_equal(0, own_start(own_handler, &to));

	for (i=0; i<TURNS && !to.ended; i++) {
		before = fake.allocs;
		fake_worker_drain();
		assert_true(fake.allocs - before <= SLICE);

		before = fake.allocs;
		fake_clock_turn();
		assert_true(fake.allocs - before <= SLICE);
	}

	assert_change(MANY, 0, 0);
	assert_int_equal(MANY, list_count(&fake.ual));
}


static void test_busy(void **state)
{
	(void)state;

	start("", "");
	assert_int_equal(0, own_start(own_handler, &to));
	assert_int_equal(EBUSY, own_start(own_handler, &to));

	/* closed while it is read */
	own_close();
	settle();
	assert_int_equal(0, to.ended);
	assert_int_equal(EINVAL, own_start(own_handler, &to));
	assert_int_equal(EINVAL, own_start(NULL, NULL));
}


#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_same), T(test_difference), T(test_not_ours),
		T(test_call), T(test_contacts), T(test_config), T(test_wrong),
		T(test_many), T(test_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
