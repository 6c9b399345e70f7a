/**
 * @file roundtrip.c  What must hold for every profile, whatever was decoded
 *
 * For the fuzz targets: ends the program where it does not hold.
 */
#include <stdlib.h>
#include <string.h>
#include <re.h>
#include "profile/profile.h"
#include "formats/formats.h"
#include "formats/decode.h"
#include "roundtrip.h"


static void must(bool holds)
{
	if (!holds)
		abort();
}


static void must_be_printable(const char *str)
{
	for (; str && *str; str++)
		must((uint8_t)*str >= 0x20 && *str != 0x7f);
}


/* The line says what the account says and nothing else */
static void line_means_account(struct profile_account *acc)
{
	char *line = NULL, *display, *secret, *auth_user;
	const struct profile_account *again;
	struct format_error error;
	struct profile *prof;
	unsigned lineno;
	const char *why;
	struct pl pl;

	must(!profile_account_line(&line, acc));
	must_be_printable(line);
	pl_set_str(&pl, line);

	must(!profile_alloc(&prof));
	must(!text_check(&pl, &error));
	must(!native_decode(prof, &pl, &error));
	must(!profile_check(prof, &lineno, &why));
	must(list_count(&prof->accountl) == 1);

	again = list_ledata(prof->accountl.head);

	/* Set beside the line, so that it must not be in it */
	display   = acc->display;
	secret    = acc->secret;
	auth_user = acc->auth_user;
	acc->display = acc->secret = acc->auth_user = NULL;

	must(again->dtmf == DTMF_UNSET);
	((struct profile_account *)again)->dtmf = acc->dtmf;
	((struct profile_account *)again)->port = acc->port;
	must(profile_account_equal(acc, again));

	acc->display   = display;
	acc->secret    = secret;
	acc->auth_user = auth_user;

	mem_deref(prof);
	mem_deref(line);
}


/**
 * Hold a profile that was checked against all that must be true of it
 *
 * @param prof Profile
 */
void roundtrip(struct profile *prof)
{
	struct le *le;

	for (le = prof->accountl.head; le; le = le->next) {

		struct profile_account *acc = le->data;

		must(acc->user && acc->domain);
		must(acc == profile_account_find(prof, acc->user,
						 acc->domain));
		must_be_printable(acc->display);
		must_be_printable(acc->auth_user);
		must_be_printable(acc->voicemail);
		must(!acc->display || !strpbrk(acc->display, "\"\\"));
		must(!acc->auth_user || !strpbrk(acc->auth_user, "\"\\"));

		/* A quadratic comparison of thousands teaches nothing */
		if (acc->line <= 32)
			line_means_account(acc);
	}

	for (le = prof->notel.head; le; le = le->next)
		must_be_printable(((struct profile_note *)le->data)->key);

	must_be_printable(prof->source.url);
	must_be_printable(prof->features.forwardv[0].target);
}


static int include_handler(const struct pl *ref, void *arg)
{
	(void)arg;

	must(ref->l > 0);

	return 0;
}


/**
 * Decode a file with one decoder, and hold what it came to against that
 *
 * @param data    The file
 * @param size    Its size
 * @param decodeh Decoder
 */
void roundtrip_file(const uint8_t *data, size_t size,
		    int (*decodeh)(struct profile *prof,
				   const struct pl *text,
				   struct format_error *error))
{
	const struct pl text = {(const char *)data, size};
	struct format_error error;
	bool overwrite = false;
	struct profile *prof;
	unsigned lineno;
	const char *why;
	int err;

	memset(&error, 0, sizeof(error));

	if (text_check(&text, &error))
		return;

	must(!profile_alloc(&prof));
	must(!str_dup(&prof->model, "SIP-T46S"));

	must(!format_includes(&text, prof->model, &overwrite, include_handler,
			      NULL));
	prof->overwrite = overwrite;

	err = decodeh(prof, &text, &error);
	must(!err || err == EBADMSG);
	must(!err == !error.text[0]);
	must_be_printable(error.text);

	if (!err) {
		err = profile_check(prof, &lineno, &why);
		must(!err || (err == EBADMSG && why));
	}

	if (!err)
		roundtrip(prof);

	mem_deref(prof);
}
