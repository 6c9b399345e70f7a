/**
 * @file settings.c  Every provnotify_* key, read once, checked, immutable
 */
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include "compat/compat.h"
#include "settings.h"
#include "setting.h"
#include "mac.h"
#include "state.h"


static const char mac_file[] = "mac";

static struct settings *current;


static void errors_warn(const struct mbuf *errors)
{
	struct pl left, line;

	left.p = (const char *)errors->buf;
	left.l = errors->end;

	while (!re_regex(left.p, left.l, "[^\n]+", &line)) {

		warning("provnotify: %r\n", &line);
		pl_advance(&left, line.p + line.l - left.p);
	}
}


/**
 * Read the settings from the config file, and tell the user what is wrong
 * with it
 *
 * @param confdir Config folder; a relative one is taken from here
 *
 * @return 0 if success, EINVAL if there are errors, else errorcode
 */
int settings_read(const char *confdir)
{
	struct mbuf *mb = NULL, *errors = NULL;
	char *dir = NULL, *file = NULL;
	char cwd[PATH_MAX];
	struct pl text;
	int err;

	if (!confdir)
		return EINVAL;

	if (current)
		return EALREADY;

	if (confdir[0] == '/')
		err = str_dup(&dir, confdir);
	else if (getcwd(cwd, sizeof(cwd)))
		err = re_sdprintf(&dir, "%s/%s", cwd, confdir);
	else
		err = errno;
	if (err)
		goto out;

	err = re_sdprintf(&file, "%s/config", dir);
	if (err)
		goto out;

	errors = mbuf_alloc(256);
	if (!errors) {
		err = ENOMEM;
		goto out;
	}

	err = state_read_at(&mb, file, STATE_FILE_MAX);
	if (err) {
		warning("provnotify: could not read %s (%m)\n", file, err);
		goto out;
	}

	pl_set_mbuf(&text, mb);

	err = settings_parse(&current, file, &text, dir, errors);
	if (err)
		errors_warn(errors);

 out:
	mem_deref(errors);
	mem_deref(file);
	mem_deref(dir);
	mem_deref(mb);

	return err;
}


/**
 * Keep the MAC address that was found, so that servers go on knowing this
 * phone by it whatever cable it hangs on; make one if none was found. To be
 * called once the state dir is open.
 */
void settings_keep_mac(void)
{
	struct mbuf *mb = NULL;
	struct pl kept;
	int err;

	if (!current || settings_given(current, "provnotify_mac"))
		return;

	if (!state_read(&mb, mac_file)) {

		pl_set_mbuf(&kept, mb);
		err = mac_decode(current->mac, &kept);
		mem_deref(mb);
		if (!err)
			return;
	}

	if (!current->mac[0])
		mac_random(current->mac);

	err = state_write(mac_file, (const uint8_t *)current->mac,
			  strlen(current->mac));
	if (err)
		warning("provnotify: could not keep the MAC address (%m)\n",
			err);
}


/**
 * Forget all settings
 */
void settings_close(void)
{
	current = mem_deref(current);
}


/**
 * Get the settings
 *
 * @return Settings, NULL before they are read
 */
const struct settings *settings(void)
{
	return current;
}
