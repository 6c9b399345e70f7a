/**
 * @file test_settings.c  Tests of settings.c
 *
 * The state dir is the test's own: one file, in memory.
 * links: settings/settings.c settings/parse.c settings/table.c
 * settings/value.c settings/net.c settings/key.c mac.c vendor.c
 * addrlist/addrlist.c addrlist/subnet.c stub_baresip.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>
#include "compat/compat.h"
#include "settings/settings.h"
#include "state/state.h"


static const char mac_line[] = "provnotify_mac 001565000001\n";

static struct {
	char config[512];       /**< What settings_read() finds             */
	char path[256];         /**< Where it looked                        */
	char kept[32];          /**< File "mac" of the state dir            */
	int write_err;
	unsigned writes;
} ts;

extern unsigned stub_warnings;


static int mbuf_make(struct mbuf **mbp, const char *text)
{
	struct mbuf *mb = mbuf_alloc(str_len(text) + 1);

	assert_non_null(mb);
	assert_int_equal(0, mbuf_write_str(mb, text));
	mbuf_set_pos(mb, 0);

	*mbp = mb;

	return 0;
}


int state_read_at(struct mbuf **mbp, const char *path, size_t max)
{
	assert_int_equal(STATE_FILE_MAX, max);

	str_ncpy(ts.path, path, sizeof(ts.path));

	return ts.config[0] ? mbuf_make(mbp, ts.config) : ENOENT;
}


int state_read(struct mbuf **mbp, const char *name)
{
	assert_string_equal("mac", name);

	return ts.kept[0] ? mbuf_make(mbp, ts.kept) : ENOENT;
}


int state_write(const char *name, const uint8_t *buf, size_t len)
{
	assert_string_equal("mac", name);
	assert_true(len < sizeof(ts.kept));

	++ts.writes;

	if (ts.write_err)
		return ts.write_err;

	memset(ts.kept, 0, sizeof(ts.kept));
	memcpy(ts.kept, buf, len);

	return 0;
}


void addrlist_resolve(struct addrlist *al)
{
	(void)al;
}


static int setup(void **state)
{
	(void)state;

	memset(&ts, 0, sizeof(ts));
	stub_warnings = 0;

	return 0;
}


static int teardown(void **state)
{
	(void)state;

	settings_close();

	return 0;
}


static void read_file(void **state)
{
	(void)state;

	assert_null(settings());

	str_ncpy(ts.config, "provnotify_quota 7\n",
		 sizeof(ts.config));
	assert_int_equal(0, settings_read("/etc/bs"));
	assert_string_equal("/etc/bs/config", ts.path);
	assert_int_equal(7, settings()->quota);
	assert_string_equal("/etc/bs/provnotify", settings()->state_dir);

	/* once only */
	assert_int_equal(EALREADY, settings_read("/etc/bs"));
	assert_int_equal(7, settings()->quota);

	settings_close();
	assert_null(settings());
	settings_close();
	assert_int_equal(0, stub_warnings);
}


/* What the next process would find, and the first that is wrong with it */
static void read_again(void **state)
{
	char why[64];
	(void)state;

	assert_int_equal(EINVAL, settings_check(why, sizeof(why)));

	str_ncpy(ts.config, mac_line, sizeof(ts.config));
	assert_int_equal(0, settings_read("/etc/bs"));
	assert_int_equal(0, settings_check(why, sizeof(why)));
	assert_string_equal("", why);

	str_ncpy(ts.config, "provnotify_quota x\nprovnotify_foo\n",
		 sizeof(ts.config));
	assert_int_equal(EINVAL, settings_check(why, sizeof(why)));
	assert_int_equal(0, strncmp(why, "/etc/bs/config:1: provnotify_quota:"
				    " \"x\" is wrong", 48));
	assert_int_equal(sizeof(why) - 1, strlen(why));
	assert_int_equal(2, stub_warnings);
	assert_int_equal(10, settings()->quota);

	ts.config[0] = '\0';
	assert_int_equal(ENOENT, settings_check(why, sizeof(why)));
	assert_int_equal(0, strncmp(why, "could not read /etc/bs/config", 29));
}


static void read_relative(void **state)
{
	char cwd[256], path[512];
	(void)state;

	assert_non_null(getcwd(cwd, sizeof(cwd)));
	str_ncpy(ts.config, mac_line, sizeof(ts.config));

	assert_int_equal(0, settings_read("conf.d"));

	(void)re_snprintf(path, sizeof(path), "%s/conf.d/config", cwd);
	assert_string_equal(path, ts.path);
	(void)re_snprintf(path, sizeof(path), "%s/conf.d/provnotify", cwd);
	assert_string_equal(path, settings()->state_dir);
}


static void read_errors(void **state)
{
	(void)state;

	assert_int_equal(ENOENT, settings_read("/etc/bs"));
	assert_null(settings());
	assert_int_equal(1, stub_warnings);

	str_ncpy(ts.config, "provnotify_a b\nprovnotify_quota x\n",
		 sizeof(ts.config));
	assert_int_equal(EINVAL, settings_read("/etc/bs"));
	assert_null(settings());
	assert_int_equal(3, stub_warnings);
}


static void mac_given(void **state)
{
	(void)state;

	settings_keep_mac();

	str_ncpy(ts.config, mac_line, sizeof(ts.config));
	str_ncpy(ts.kept, "001565ffffff", sizeof(ts.kept));
	assert_int_equal(0, settings_read("/etc/bs"));
	settings_keep_mac();

	assert_string_equal("001565000001", settings()->mac);
	assert_string_equal("001565ffffff", ts.kept);
}


static void mac_kept(void **state)
{
	char found[13];
	(void)state;

	str_ncpy(ts.config, "# nothing", sizeof(ts.config));
	assert_int_equal(0, settings_read("/etc/bs"));

	/* the one of this machine; a random one where it has none */
	str_ncpy(found, settings()->mac, sizeof(found));
	settings_keep_mac();
	assert_int_equal(12, strlen(settings()->mac));
	assert_string_equal(settings()->mac, ts.kept);
	if (found[0])
		assert_string_equal(found, ts.kept);

	/* kept, whatever is found later */
	settings_close();
	str_ncpy(ts.kept, "001565FFFFFF\n", sizeof(ts.kept));
	assert_int_equal(0, settings_read("/etc/bs"));
	settings_keep_mac();
	assert_string_equal("001565ffffff", settings()->mac);
	assert_int_equal(1, ts.writes);

	/* rubbish is written anew */
	settings_close();
	str_ncpy(ts.kept, "rubbish", sizeof(ts.kept));
	assert_int_equal(0, settings_read("/etc/bs"));
	settings_keep_mac();
	assert_int_equal(2, ts.writes);
	assert_string_equal(settings()->mac, ts.kept);
	assert_int_equal(0, stub_warnings);

	/* a full disk is no reason to stop */
	settings_close();
	memset(ts.kept, 0, sizeof(ts.kept));
	ts.write_err = ENOSPC;
	assert_int_equal(0, settings_read("/etc/bs"));
	settings_keep_mac();
	assert_int_equal(12, strlen(settings()->mac));
	assert_int_equal(1, stub_warnings);
}


int main(void)
{
	const struct CMUnitTest testv[] = {
		cmocka_unit_test_setup_teardown(read_file, setup,
						teardown),
		cmocka_unit_test_setup_teardown(read_again, setup,
						teardown),
		cmocka_unit_test_setup_teardown(read_relative, setup,
						teardown),
		cmocka_unit_test_setup_teardown(read_errors, setup,
						teardown),
		cmocka_unit_test_setup_teardown(mac_given, setup,
						teardown),
		cmocka_unit_test_setup_teardown(mac_kept, setup,
						teardown),
	};

	return cmocka_run_group_tests(testv, NULL, NULL);
}
