/**
 * @file deed_feature.c  What keys do that are about no call
 */
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "phone/phone.h"
#include "phone/room.h"


static int run_on(const struct move *move, struct outcome *out)
{
	const struct press *press = move->press;
	(void)out;

	feature_set(press->key->feature, true, &press->arg,
		    pl_u32(&press->arg2));

	return 0;
}


static int run_off(const struct move *move, struct outcome *out)
{
	(void)out;

	feature_set(move->press->key->feature, false, NULL, 0);

	return 0;
}


static const char *check_louder(struct move *move)
{
	(void)move;

	return volume_why(1);
}


static int run_louder(const struct move *move, struct outcome *out)
{
	(void)move;
	(void)out;

	volume_step(1);

	return 0;
}


static const char *check_lower(struct move *move)
{
	(void)move;

	return volume_why(-1);
}


static int run_lower(const struct move *move, struct outcome *out)
{
	(void)move;
	(void)out;

	volume_step(-1);

	return 0;
}


static int run_dial(const struct speed *speed, struct outcome *out)
{
	uint32_t no = 0;
	int err;

	err = dialer_call(speed->ua, &speed->number, &no);

	return outcome_call(out, err, no);
}


static const char *check_speed(struct move *move)
{
	struct speed speed;

	return speed_get(&speed, pl_u32(&move->press->arg)) ? NULL :
		"no speed dial was provisioned for it";
}


static int run_speed(const struct move *move, struct outcome *out)
{
	struct speed speed;

	if (!speed_get(&speed, pl_u32(&move->press->arg)))
		return ENOENT;

	return run_dial(&speed, out);
}


static const char *check_voicemail(struct move *move)
{
	struct speed speed;
	(void)move;

	return speed_voicemail(&speed) ? NULL :
		"no voice mail was provisioned";
}


static int run_voicemail(const struct move *move, struct outcome *out)
{
	struct speed speed;
	(void)move;

	return speed_voicemail(&speed) ? run_dial(&speed, out) : ENOENT;
}


static const char *check_line(struct move *move)
{
	const unsigned n = pl_u32(&move->press->arg);
	struct speed speed;

	return speed_line_get(&speed, n) || accounts_nth(speed_line(n)) ?
		NULL : "there is no such account";
}


static int run_line(const struct move *move, struct outcome *out)
{
	const unsigned n = pl_u32(&move->press->arg);
	struct speed speed;

	if (speed_line_get(&speed, n))
		return run_dial(&speed, out);

	dialer_open(speed_line(n));

	return 0;
}


const struct deed
	deed_on        = {"on",     NULL,            run_on},
	deed_off       = {"off",    NULL,            run_off},
	deed_louder    = {"louder", check_louder,    run_louder},
	deed_lower     = {"lower",  check_lower,     run_lower},
	deed_line      = {"choose the account", check_line, run_line},
	deed_speed     = {"call",   check_speed,     run_speed},
	deed_voicemail = {"call",   check_voicemail, run_voicemail};
