/**
 * @file deed.c  What keys do
 */
#include "compat/compat.h"
#include "request.h"
#include "settings/settings.h"
#include "phone/phone.h"
#include "phone/room.h"


/**
 * Say what a key that calls has come to
 *
 * @param out What came of it
 * @param err What the call came to: 0, or an errorcode
 * @param no  Number of the call, 0 if it has none yet
 *
 * @return The errorcode
 */
int outcome_call(struct outcome *out, int err, uint32_t no)
{
	if (err == ENODEV)
		(void)re_snprintf(out->text, sizeof(out->text), "no account");
	else if (!err && no)
		(void)re_snprintf(out->text, sizeof(out->text), "call %u", no);

	return err;
}


static int run_take(const struct move *move, struct outcome *out)
{
	(void)out;

	return talk_take(move->call);
}


static int run_end(const struct move *move, struct outcome *out)
{
	(void)out;

	talk_end(move->call);

	return 0;
}


/* A call of our own cannot be held, nor heard beside another one */
static const char *check_alone(struct move *move)
{
	(void)move;

	return calls_calling() ? "a call of our own rings there" : NULL;
}


static int run_toggle(const struct move *move, struct outcome *out)
{
	(void)out;

	return call_is_onhold(move->call) ? talk_take(move->call) :
		talk_hold(move->call);
}


static const char *check_hold(struct move *move)
{
	if (call_is_onhold(move->call))
		return "the call is held already";

	return check_alone(move);
}


static int run_hold(const struct move *move, struct outcome *out)
{
	(void)out;

	return talk_hold(move->call);
}


static const char *check_resume(struct move *move)
{
	if (!pl_isset(&move->press->arg))
		move->call = calls_held();

	if (!move->call)
		return "no call is held";

	if (!call_is_onhold(move->call))
		return "the call is not held";

	return check_alone(move);
}


static int run_mute(const struct move *move, struct outcome *out)
{
	struct audio *audio = call_audio(move->call);
	(void)out;

	audio_mute(audio, !audio_ismuted(audio));

	return 0;
}


static const char *check_dtmf(struct move *move)
{
	return calls_is_active(move->call) ? NULL : "the call is held";
}


/* Without the release the event would last until the next digit */
static int run_dtmf(const struct move *move, struct outcome *out)
{
	const int err = call_send_digit(move->call, move->press->key->digit);
	(void)out;

	return err ? err : call_send_digit(move->call, KEYCODE_REL);
}


static const char *check_type(struct move *move)
{
	(void)move;

	return dialer_full() ? "the number is too long" : NULL;
}


static int run_type(const struct move *move, struct outcome *out)
{
	(void)out;

	dialer_type(move->press->key->digit);

	return 0;
}


static int run_offhook(const struct move *move, struct outcome *out)
{
	(void)move;
	(void)out;

	dialer_open(0);

	return 0;
}


static int run_onhook(const struct move *move, struct outcome *out)
{
	(void)move;
	(void)out;

	dialer_clear();

	return 0;
}


static const char *check_dial(struct move *move)
{
	(void)move;

	return dialer_typed() ? NULL : "nothing was typed";
}


static int run_dial(const struct move *move, struct outcome *out)
{
	uint32_t no = 0;
	int err;
	(void)move;

	err = dialer_dial(&no);

	return outcome_call(out, err, no);
}


static int run_dial_or_stop(const struct move *move, struct outcome *out)
{
	return dialer_typed() ? run_dial(move, out) : run_onhook(move, out);
}


static const char *check_redial(struct move *move)
{
	(void)move;

	return dialer_can_redial() ? NULL : "no number was called yet";
}


static int run_redial(const struct move *move, struct outcome *out)
{
	uint32_t no = 0;
	int err;
	(void)move;

	err = dialer_redial(&no);

	return outcome_call(out, err, no);
}


static int run_number(const struct move *move, struct outcome *out)
{
	uint32_t no = 0;
	int err;

	err = dialer_call(number_account(&move->press->arg2),
			  &move->press->arg, &no);

	return outcome_call(out, err, no);
}


/* These keys stand for a check-sync, whose policy holds for them too */
static const char *check_policy(struct move *move)
{
	(void)move;

	return settings()->checksync == CHECKSYNC_IGNORE ?
		"check-sync is ignored: provnotify_checksync" : NULL;
}


static const char *check_reset(struct move *move)
{
	(void)move;

	return settings()->factory_reset ? NULL :
		"no reset: provnotify_factory_reset";
}


static int run_resync(const struct move *move, struct outcome *out)
{
	(void)move;

	out->then = ACTION_RESYNC;

	return 0;
}


static int run_restart(const struct move *move, struct outcome *out)
{
	(void)move;

	out->then = ACTION_RESTART;

	return 0;
}


static int run_reset(const struct move *move, struct outcome *out)
{
	(void)move;

	out->then = ACTION_RESET;

	return 0;
}


const struct deed
	deed_answer       = {"answer",            NULL,         run_take},
	deed_reject       = {"reject",            NULL,         run_end},
	deed_stop         = {"stop",              NULL,         run_end},
	deed_hangup       = {"hang up",           NULL,         run_end},
	deed_toggle       = {"hold, or resume",   check_alone,  run_toggle},
	deed_hold         = {"hold",              check_hold,   run_hold},
	deed_resume       = {"resume",            check_resume, run_take},
	deed_mute         = {"mute, or unmute",   NULL,         run_mute},
	deed_dtmf         = {"send as DTMF",      check_dtmf,   run_dtmf},
	deed_type         = {"type",              check_type,   run_type},
	deed_offhook      = {"start dialling",    NULL,         run_offhook},
	deed_dial         = {"dial",              check_dial,   run_dial},
	deed_dial_or_stop = {"dial, or stop",     NULL,     run_dial_or_stop},
	deed_onhook       = {"stop",              NULL,         run_onhook},
	deed_redial       = {"redial",            check_redial, run_redial},
	deed_number       = {"call",              NULL,         run_number},
	deed_resync       = {"resync",            check_policy, run_resync},
	deed_restart      = {"restart",           check_policy, run_restart},
	deed_reset        = {"reset",             check_reset,  run_reset};
