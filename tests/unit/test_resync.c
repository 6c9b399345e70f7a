/**
 * @file test_resync.c  Tests of the whole transaction, without a thread and on
 *                      a clock that the test moves
 * links: provision/resync.c provision/step.c provision/back.c provision/resume.c provision/trial.c provision/proof.c
 * provision/refusal.c provision/retry.c provision/ride.c provision/store.c provision/shelf.c provision/queue.c provision/summary.c provision/swap.c
 * provision/manifest.c provision/generation.c provision/plan.c provision/url.c
 * provision/gather.c provision/fetch.c provision/outcome.c provision/curlopt.c
 * provision/apply.c provision/entry.c provision/own.c provision/reading.c
 * provision/check.c provision/provision.c
 * profile.c profile_account.c profile_check.c profile_note.c grammar.c vendor.c request.c
 * state.c state_file.c
 * fake_baresip.c fake_worker.c fake_format.c fake_clock.c scratch.c
 * stub_baresip.c
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
#include <sys/stat.h>
#include "compat/compat.h"
#include "request.h"
#include "clock.h"
#include "settings.h"
#include "journal.h"
#include "state.h"
#include "vendor.h"
#include "provision/provision.h"
#include "fake_baresip.h"
#include "fake_clock.h"
#include "fake_worker.h"
#include "scratch.h"


enum {
	ENDS_MAX = 64,
	TURNS    = 200,         /**< Turns of the loop without time         */
	CONFIRM  = 180,
};

/** How a request ended */
struct end {
	const struct request *req;
	struct ending ending;
};

static struct {
	struct settings s;
	char dir[128];
	char url[160];
	struct end endv[ENDS_MAX];
	unsigned endc;
	unsigned orders;        /**< Resyncs that the room ordered itself   */
	enum door door;
	struct request *held[ENDS_MAX];
	unsigned heldc;
} tp;


const struct settings *settings(void)
{
	return &tp.s;
}


void journal_serial(char *buf, size_t size)
{
	str_ncpy(buf, "1", size);
}


static void end_h(struct request *req, const struct ending *ending)
{
	assert_true(tp.endc < ENDS_MAX);

	tp.endv[tp.endc].req = req;
	tp.endv[tp.endc].ending = *ending;
	++tp.endc;
}


/* All that happens without time going by */
static void settle(void)
{
	unsigned i;

	for (i=0; i<TURNS; i++) {
		fake_clock_advance(0);
		fake_worker_drain();
	}
}


static void seconds(unsigned n)
{
	while (n--) {
		fake_clock_advance(1000);
		settle();
	}
}


static struct request *request_make(enum door door, bool fresh)
{
	struct request *req;

	assert_int_equal(0, request_alloc(&req, door));
	req->fresh = fresh;
	req->action = ACTION_RESYNC;

	assert_true(tp.heldc < ENDS_MAX);
	tp.held[tp.heldc++] = req;

	return req;
}


static void order_h(enum door door, enum action action, bool fresh)
{
	assert_int_equal(ACTION_RESYNC, action);

	++tp.orders;
	tp.door = door;

	if (!provision_waiting())
		assert_int_equal(0, provision_resync(request_make(door,
								  fresh)));
}


static void file_put(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	(void)re_snprintf(path, sizeof(path), "%s/%s", dir, name);

	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(strlen(text), fwrite(text, 1, strlen(text), f));
	assert_int_equal(0, fclose(f));
}


static void serve(const char *text)
{
	char dir[160];

	(void)re_snprintf(dir, sizeof(dir), "%s/prov", tp.dir);
	(void)mkdir(dir, 0700);
	file_put(dir, "accounts", text);
}


static void room_open(void)
{
	char dir[160];

	(void)re_snprintf(dir, sizeof(dir), "%s/state", tp.dir);
	assert_int_equal(0, state_init(dir));
	assert_int_equal(0, provision_init(end_h, order_h));
}


static void room_shut(void)
{
	fake_close();
	provision_close();
	fake_worker_drain();
	state_close();
}


/* The process ends without a word, and starts again */
static void crash(void)
{
	char from[160], to[160];
	bool answers = fake.answers;

	/* what stands on the disk now is what the next start sees */
	(void)re_snprintf(from, sizeof(from), "%s/state/current", tp.dir);
	(void)re_snprintf(to, sizeof(to), "%s/current", tp.dir);
	assert_int_equal(0, link(from, to));

	room_shut();
	assert_int_equal(0, rename(to, from));
	(void)unlink(to);

	fake_init(tp.dir);
	fake.answers = answers;
	room_open();
	assert_int_equal(0, provision_start(false));
	settle();
}


static void restart(void)
{
	bool answers = fake.answers;

	room_shut();
	fake_init(tp.dir);
	fake.answers = answers;
	room_open();
	assert_int_equal(0, provision_start(true));
	settle();
}


static int setup(void **state)
{
	const char *base = scratch_make();
	(void)state;

	(void)alarm(60);
	memset(&tp, 0, sizeof(tp));
	str_ncpy(tp.dir, base, sizeof(tp.dir));

	(void)re_snprintf(tp.url, sizeof(tp.url), "file://%s/prov/", tp.dir);

	tp.s.vendor   = vendor_native();
	tp.s.model    = "baresip";
	tp.s.firmware = "1";
	str_ncpy(tp.s.mac, "001122334455", sizeof(tp.s.mac));
	tp.s.url      = tp.url;
	tp.s.verify   = true;
	tp.s.timeout  = 30;
	tp.s.confirm  = CONFIRM;

	fake_clock_reset();
	fake_init(tp.dir);
	room_open();

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	room_shut();

	while (tp.heldc)
		mem_deref(tp.held[--tp.heldc]);

	return scratch_remove();
}


static const struct ending *last_end(void)
{
	assert_true(tp.endc > 0);

	return &tp.endv[tp.endc - 1].ending;
}


/* How a request ended, or NULL if it has not */
static const struct ending *end_of(const struct request *req)
{
	const struct ending *ending = NULL;
	unsigned i;

	for (i=0; i<tp.endc; i++) {

		if (tp.endv[i].req == req) {
			assert_null(ending);
			ending = &tp.endv[i].ending;
		}
	}

	return ending;
}


static void assert_ending(const struct ending *ending, enum result result,
			  const char *detail)
{
	assert_non_null(ending);

	if (ending->result != result || !strstr(ending->detail, detail))
		fail_msg("%s: %s", result_name(ending->result),
			 ending->detail);
}


static void assert_end(enum result result, const char *detail)
{
	assert_ending(last_end(), result, detail);
}



static const struct request *resync(enum door door)
{
	struct request *req = request_make(door, false);

	assert_int_equal(0, provision_resync(req));
	settle();

	return req;
}


static void test_first(void **state)
{
	(void)state;

	serve("1 alice example.com a 600\n2 bob example.com b 600\n");
	resync(DOOR_NOTIFY);

	assert_int_equal(1, tp.endc);
	assert_end(RESULT_OK, "2 accounts added, 0 changed, 0 removed");
	assert_int_equal(2, fake.registers);
	assert_true(fake_find("sip:alice@example.com")->ours);
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);
}


static void test_unchanged(void **state)
{
	struct stat before, after;
	char path[200];
	(void)state;

	serve("1 alice example.com a 600\n");
	resync(DOOR_NOTIFY);

	(void)re_snprintf(path, sizeof(path), "%s/state/current", tp.dir);
	assert_int_equal(0, stat(path, &before));

	resync(DOOR_NOTIFY);

	assert_int_equal(0, stat(path, &after));
	assert_int_equal(before.st_ino, after.st_ino);

	assert_int_equal(2, tp.endc);
	assert_end(RESULT_UNCHANGED, "nothing has changed");
	assert_int_equal(1, fake.registers);
}


static void test_difference(void **state)
{
	const struct ua *bob;
	(void)state;

	serve("1 alice example.com a 600\n2 bob example.com b 600\n"
	      "3 carol example.com c 600\n");
	resync(DOOR_NOTIFY);
	bob = fake_find("sip:bob@example.com");

	serve("1 alice example.com new 600\n2 bob example.com b 600\n"
	      "4 dave example.com d 600\nunknown.key = 1\n");
	resync(DOOR_NOTIFY);

	assert_end(RESULT_OK, "1 account added, 1 changed, 1 removed");
	assert_non_null(strstr(last_end()->detail, "unknown.key"));
	assert_non_null(strstr(last_end()->detail, "line 4"));
	assert_null(strstr(last_end()->detail, "prov/"));

	assert_ptr_equal(bob, fake_find("sip:bob@example.com"));
	assert_int_equal(1, bob->registers);
	assert_null(fake_find("sip:carol@example.com"));
	assert_non_null(fake_find("sip:dave@example.com"));
	assert_string_equal("new", fake_find("sip:alice@example.com")->secret);
	assert_int_equal(3, list_count(&fake.ual));
}


static void test_broken(void **state)
{
	(void)state;

	serve("1 alice example.com a 600\n");
	resync(DOOR_NOTIFY);

	serve("1 alice example.com b 600\nrubbish\n");
	resync(DOOR_NOTIFY);

	assert_end(RESULT_FAILED, "accounts, line 2: not an account");
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);

	/* 30 s, doubling, on the old configuration */
	seconds(29);
	assert_int_equal(2, tp.endc);
	seconds(10);
	assert_int_equal(3, tp.endc);
	assert_int_equal(DOOR_TIMER, tp.door);
	seconds(50);
	assert_int_equal(3, tp.endc);
	seconds(20);
	assert_int_equal(4, tp.endc);

	/* one that comes in a back-off starts at once */
	serve("1 alice example.com b 600\n");
	resync(DOOR_NOTIFY);
	assert_end(RESULT_OK, "1 changed");
	assert_int_equal(5, tp.endc);

	seconds(7200);
	assert_int_equal(5, tp.endc);
}


static void test_absent(void **state)
{
	char path[200];
	(void)state;

	resync(DOOR_NOTIFY);
	assert_end(RESULT_FAILED, "has none of the files");

	serve("1 alice example.com a 600\n");
	resync(DOOR_NOTIFY);
	assert_end(RESULT_OK, "1 account added");

	(void)re_snprintf(path, sizeof(path), "%s/prov/accounts", tp.dir);
	assert_int_equal(0, unlink(path));
	resync(DOOR_NOTIFY);

	assert_end(RESULT_FAILED, "does not have accounts any more");
	assert_non_null(fake_find("sip:alice@example.com"));
}


static void test_own_name_first(void **state)
{
	(void)state;

	serve("1 alice example.com a 600\n");
	file_put(tp.dir, "prov/001122334455.accounts",
		 "1 bob example.com b 600\n");
	resync(DOOR_NOTIFY);

	assert_int_equal(1, list_count(&fake.ual));
	assert_non_null(fake_find("sip:bob@example.com"));
}


/* The password is changed to a wrong one: the old one comes back */
static void test_rollback(void **state)
{
	(void)state;

	serve("1 alice example.com a 600\n2 bob example.com b 600\n");
	resync(DOOR_NOTIFY);

	fake.refuses = "bad";
	serve("1 alice example.com bad 600\n2 bob example.com b 600\n");
	resync(DOOR_NOTIFY);
	assert_int_equal(1, tp.endc);

	seconds(CONFIRM - 1);
	assert_int_equal(1, tp.endc);
	assert_string_equal("bad", fake_find("sip:alice@example.com")->secret);

	seconds(3);
	assert_int_equal(2, tp.endc);
	assert_end(RESULT_ROLLED_BACK, "back to generation 1");
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);
	assert_true(fake_find("sip:alice@example.com")->registered);
	assert_int_equal(2, list_count(&fake.ual));

	/* refused for an hour, but for a person */
	resync(DOOR_NOTIFY);
	assert_end(RESULT_FAILED, "refused");

	assert_int_equal(0, provision_resync(request_make(DOOR_CONSOLE,
							  true)));
	settle();
	assert_string_equal("bad", fake_find("sip:alice@example.com")->secret);

	seconds(CONFIRM + 2);
	assert_end(RESULT_ROLLED_BACK, "back to generation 1");

	/* now for two hours; another version is not refused */
	seconds(7000);
	resync(DOOR_NOTIFY);
	assert_end(RESULT_FAILED, "refused");
	serve("1 alice example.com a2 600\n2 bob example.com b 600\n");
	resync(DOOR_NOTIFY);
	assert_end(RESULT_OK, "1 changed");
}


static void test_refused_again(void **state)
{
	unsigned n;
	(void)state;

	serve("1 alice example.com a 600\n");
	resync(DOOR_NOTIFY);

	fake.refuses = "bad";
	serve("1 alice example.com bad 600\n");
	resync(DOOR_NOTIFY);
	seconds(CONFIRM + 1);
	assert_end(RESULT_ROLLED_BACK, "");

	/* the refusal outlives a restart */
	restart();
	assert_end(RESULT_FAILED, "refused");

	/* and when it is over, it is tried again */
	n = fake.allocs;
	seconds(3590);
	assert_int_equal(n, fake.allocs);
	seconds(20);
	assert_true(fake.allocs > n);
}


/* All new accounts that should register do: proved before the time is up */
static void test_proof(void **state)
{
	(void)state;

	fake.answers = false;
	serve("1 alice example.com a 600\n2 bob example.com b 0\n");
	resync(DOOR_NOTIFY);
	assert_int_equal(0, tp.endc);

	seconds(5);
	fake_registered(fake_find("sip:alice@example.com"), true);
	settle();

	assert_int_equal(1, tp.endc);
	assert_end(RESULT_OK, "2 accounts added");
}


/* Nothing was registered before: nothing to fall back to, proved at its end */
static void test_proof_end(void **state)
{
	const struct request *req;
	(void)state;

	fake.answers = false;
	serve("1 alice example.com a 600\n");
	req = resync(DOOR_NOTIFY);
	seconds(CONFIRM - 1);
	assert_null(end_of(req));
	seconds(2);
	assert_ending(end_of(req), RESULT_OK, "1 account added");
}


/* A further change takes the trial over; both fall back to the first */
static void test_taken_over(void **state)
{
	const struct request *first, *second, *third;
	(void)state;

	serve("1 alice example.com a 600\n2 bob example.com b 600\n");
	resync(DOOR_NOTIFY);

	fake.refuses = "bad";
	serve("1 alice example.com bad 600\n2 bob example.com b 600\n");
	first = resync(DOOR_NOTIFY);
	seconds(100);
	serve("1 alice example.com bad 600\n2 bob example.com b 600\n"
	      "3 carol example.com bad 600\n");
	second = resync(DOOR_NOTIFY);

	seconds(CONFIRM - 10);

	/* unchanged meanwhile: it ends alone */
	third = resync(DOOR_NOTIFY);
	assert_ending(end_of(third), RESULT_UNCHANGED, "");
	assert_null(end_of(first));
	assert_null(end_of(second));

	seconds(12);
	assert_ending(end_of(first), RESULT_ROLLED_BACK, "generation 1");
	assert_ending(end_of(second), RESULT_ROLLED_BACK, "generation 1");
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);
	assert_int_equal(2, list_count(&fake.ual));
}


static void test_restart(void **state)
{
	const struct request *req;
	(void)state;

	serve("1 alice example.com a 600\n");
	resync(DOOR_NOTIFY);

	/* an ordered start: from the state dir at once, then asked */
	tp.s.at_boot = false;
	restart();
	assert_int_equal(DOOR_BOOT, tp.door);
	assert_int_equal(1, list_count(&fake.ual));
	assert_end(RESULT_UNCHANGED, "");

	/* one in a trial begins it anew, against the same */
	fake.refuses = "bad";
	serve("1 alice example.com bad 600\n");
	req = resync(DOOR_NOTIFY);
	seconds(100);
	fake.answers = false;
	restart();
	assert_ending(end_of(req), RESULT_LAPSED, "begins anew");

	seconds(CONFIRM - 5);
	assert_string_equal("bad", fake_find("sip:alice@example.com")->secret);
	seconds(10);
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);
}


static void test_crashes(void **state)
{
	unsigned i;
	(void)state;

	serve("1 alice example.com a 600\n");
	resync(DOOR_NOTIFY);

	fake.answers = false;
	serve("1 alice example.com b 600\n");
	resync(DOOR_NOTIFY);

	for (i=0; i<3; i++) {
		crash();
		assert_string_equal("b", fake_find("sip:alice@example.com")
				    ->secret);
	}

	crash();
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);

	resync(DOOR_NOTIFY);
	assert_end(RESULT_FAILED, "refused");
}


/* Starts that ended in order do not count */
static void test_orderly(void **state)
{
	unsigned i;
	(void)state;

	serve("1 alice example.com a 600\n");
	resync(DOOR_NOTIFY);

	fake.answers = false;
	serve("1 alice example.com b 600\n");
	resync(DOOR_NOTIFY);

	for (i=0; i<6; i++) {
		restart();
		assert_string_equal("b", fake_find("sip:alice@example.com")
				    ->secret);
	}
}


static void test_call(void **state)
{
	struct ua *alice;
	(void)state;

	serve("1 alice example.com a 600\n2 bob example.com b 600\n");
	resync(DOOR_NOTIFY);

	alice = fake_find("sip:alice@example.com");
	fake_call(alice, true);

	serve("1 alice example.com a2 600\n2 bob example.com b2 600\n");
	resync(DOOR_NOTIFY);
	seconds(10);

	assert_ptr_equal(alice, fake_find("sip:alice@example.com"));
	assert_string_equal("b2", fake_find("sip:bob@example.com")->secret);
	assert_int_equal(1, tp.endc);

	/* a further resync does not wait for the call */
	serve("1 alice example.com a3 600\n2 bob example.com b2 600\n");
	resync(DOOR_NOTIFY);
	assert_string_equal("a", alice->secret);

	fake_call(alice, false);
	settle();
	assert_string_equal("a3", fake_find("sip:alice@example.com")->secret);
	seconds(3);
	assert_int_equal(3, tp.endc);
	assert_int_equal(2, list_count(&fake.ual));
}


static void test_shadow(void **state)
{
	(void)state;

	(void)fake_own("<sip:alice@EXAMPLE.com>;auth_pass=mine");
	serve("1 alice example.com a 600\n2 bob example.com b 600\n");
	resync(DOOR_NOTIFY);

	assert_end(RESULT_OK, "1 account added");
	assert_int_equal(2, list_count(&fake.ual));
	assert_false(fake_find("sip:alice@EXAMPLE.com")->ours);
}


static void test_jitter(void **state)
{
	unsigned n;
	(void)state;

	serve("1 alice example.com a 600\n");
	tp.s.jitter = 1000;

	assert_false(provision_waiting());
	resync(DOOR_NOTIFY);
	assert_true(provision_waiting());
	n = fake_worker_fetches();

	/* a person does not wait, and takes the other along */
	assert_int_equal(0, provision_resync(request_make(DOOR_CONSOLE,
							  true)));
	settle();
	assert_false(provision_waiting());
	assert_int_equal(2, tp.endc);
	assert_int_equal(n + 2, fake_worker_fetches());

	resync(DOOR_TIMER);
	seconds(1001);
	assert_int_equal(3, tp.endc);
	assert_end(RESULT_UNCHANGED, "");
}


/* Those that come while another fetches make one more follow */
static void test_follow(void **state)
{
	unsigned n;
	(void)state;

	serve("1 alice example.com a 600\n");

	n = fake_worker_fetches();
	assert_int_equal(0, provision_resync(request_make(DOOR_NOTIFY,
							  false)));
	fake_clock_advance(0);
	assert_false(provision_waiting());

	assert_int_equal(0, provision_resync(request_make(DOOR_NOTIFY,
							  false)));
	assert_true(provision_waiting());
	assert_int_equal(0, provision_resync(request_make(DOOR_CONSOLE,
							  true)));
	settle();

	assert_int_equal(3, tp.endc);
	assert_int_equal(RESULT_OK, tp.endv[0].ending.result);
	assert_int_equal(RESULT_UNCHANGED, tp.endv[1].ending.result);
	assert_int_equal(RESULT_UNCHANGED, tp.endv[2].ending.result);
	assert_int_equal(n + 4, fake_worker_fetches());
}


static void test_burst(void **state)
{
	unsigned i;
	(void)state;

	serve("1 alice example.com a 600\n");

	for (i=0; i<20; i++)
		resync(DOOR_NOTIFY);

	assert_int_equal(20, tp.endc);

	resync(DOOR_NOTIFY);
	assert_int_equal(20, tp.endc);
	assert_true(provision_waiting());
	seconds(29);
	assert_int_equal(20, tp.endc);
	seconds(2);
	assert_int_equal(21, tp.endc);
}


static void test_interval(void **state)
{
	(void)state;

	serve("1 alice example.com a 600\n");
	tp.s.interval = 10;
	resync(DOOR_NOTIFY);
	seconds(599);
	assert_int_equal(1, tp.endc);
	seconds(2);
	assert_int_equal(2, tp.endc);
	seconds(600);
	assert_int_equal(3, tp.endc);
	assert_int_equal(2, tp.orders);
}


/* No account is registered: the way to a better configuration stays open */
static void test_rescue(void **state)
{
	struct ua *alice;
	unsigned n;
	(void)state;

	serve("1 alice example.com a 600\n");
	resync(DOOR_NOTIFY);
	seconds(3600);
	assert_int_equal(1, tp.endc);

	alice = fake_find("sip:alice@example.com");
	fake_registered(alice, false);
	seconds(40);
	assert_int_equal(2, tp.endc);
	assert_end(RESULT_UNCHANGED, "");
	seconds(80);
	assert_int_equal(3, tp.endc);

	fake_registered(alice, true);
	n = tp.endc;
	seconds(7200);
	assert_int_equal(n, tp.endc);
}


static void test_reset(void **state)
{
	struct request *req = request_make(DOOR_NOTIFY, false);
	(void)state;

	serve("1 alice example.com a 600\n");
	resync(DOOR_NOTIFY);

	assert_int_equal(0, provision_reset(req));
	settle();

	assert_end(RESULT_OK, "forgotten");
	assert_ptr_equal(req, tp.endv[tp.endc - 1].req);
	assert_int_equal(0, list_count(&fake.ual));

	restart();
	assert_int_equal(1, list_count(&fake.ual));
	assert_end(RESULT_OK, "1 account added");
}


static void test_state_dir_full(void **state)
{
	char path[200];
	(void)state;

	serve("1 alice example.com a 600\n");
	resync(DOOR_NOTIFY);

	/* a file where the folder of the next generation should be */
	file_put(tp.dir, "state/generations/2", "");
	serve("1 alice example.com b 600\n");
	resync(DOOR_NOTIFY);

	assert_end(RESULT_FAILED, "cannot be written");
	assert_string_equal("a", fake_find("sip:alice@example.com")->secret);

	(void)re_snprintf(path, sizeof(path), "%s/state/generations/2",
			  tp.dir);
	assert_int_equal(0, unlink(path));
	resync(DOOR_NOTIFY);
	assert_end(RESULT_OK, "1 changed");
}


static void test_own(void **state)
{
	(void)state;

	tp.s.url = NULL;
	resync(DOOR_NOTIFY);
	assert_end(RESULT_UNCHANGED, "nothing has changed");

	file_put(tp.dir, "accounts", "<sip:eve@example.com>\n");
	resync(DOOR_NOTIFY);
	assert_end(RESULT_OK, "1 accounts added");

	file_put(tp.dir, "accounts", "not an address\n");
	resync(DOOR_NOTIFY);
	assert_end(RESULT_FAILED, "accounts, line 1: not a SIP address");
	assert_int_equal(1, list_count(&fake.ual));

	file_put(tp.dir, "accounts", "");
	file_put(tp.dir, "config", "changed\n");
	resync(DOOR_NOTIFY);
	assert_end(RESULT_OK, "config changed");
	assert_int_equal(ACTION_RESTART, last_end()->then);
	assert_int_equal(0, list_count(&fake.ual));

	resync(DOOR_NOTIFY);
	assert_end(RESULT_OK, "config changed");
}


/* The user makes an account of a provisioned one's address, and removes it */
static void test_own_shadow(void **state)
{
	(void)state;

	serve("1 alice example.com a 600\n");
	resync(DOOR_NOTIFY);

	tp.s.url = NULL;
	file_put(tp.dir, "accounts", "<sip:alice@example.com>\n");
	resync(DOOR_NOTIFY);
	assert_int_equal(1, list_count(&fake.ual));
	assert_false(fake_find("sip:alice@example.com")->ours);

	file_put(tp.dir, "accounts", "\n");
	resync(DOOR_NOTIFY);
	assert_int_equal(1, list_count(&fake.ual));
	assert_true(fake_find("sip:alice@example.com")->ours);
}


/* Requests that have not ended end with the phone */
static void test_end(void **state)
{
	(void)state;

	tp.s.jitter = 100;
	serve("1 alice example.com a 600\n");
	resync(DOOR_NOTIFY);
	restart();

	assert_int_equal(RESULT_LAPSED, tp.endv[0].ending.result);
}


static void test_print(void **state)
{
	char *str = NULL;
	(void)state;

	serve("1 alice example.com a 600\nunknown.key\n");
	fake.answers = false;
	resync(DOOR_NOTIFY);

	assert_int_equal(0, re_sdprintf(&str, "%H", provision_print, NULL));
	assert_non_null(strstr(str, "generation 1"));
	assert_non_null(strstr(str, "on trial for 180 s"));
	assert_non_null(strstr(str, "unknown.key"));
	assert_null(strstr(str, "prov/"));
	mem_deref(str);
}


static void test_args(void **state)
{
	(void)state;

	assert_int_equal(EINVAL, provision_resync(NULL));
	assert_int_equal(EINVAL, provision_reset(NULL));
	assert_int_equal(EINVAL, provision_check(NULL));
	assert_int_equal(EINVAL, provision_init(NULL, order_h));
	assert_int_equal(EINVAL, provision_init(end_h, NULL));
}


#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_first), T(test_unchanged), T(test_difference),
		T(test_broken), T(test_absent), T(test_own_name_first),
		T(test_rollback), T(test_refused_again), T(test_proof),
		T(test_proof_end), T(test_taken_over), T(test_restart),
		T(test_crashes), T(test_orderly), T(test_call),
		T(test_shadow), T(test_jitter), T(test_follow),
		T(test_burst), T(test_interval), T(test_rescue),
		T(test_reset), T(test_state_dir_full), T(test_own),
		T(test_own_shadow), T(test_end), T(test_print), T(test_args),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
