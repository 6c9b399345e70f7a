/**
 * @file deed_transfer.c  What the keys of a transfer do
 */
#include "compat/compat.h"
#include "request.h"
#include "phone/phone.h"
#include "phone/room.h"


static int run_transfer(const struct move *move, struct outcome *out)
{
	(void)out;

	return transfer_begin(move->call);
}


/* CANCEL:id means that call; a mere press what is being done with it */
static int run_cancel(const struct move *move, struct outcome *out)
{
	(void)out;

	if (pl_isset(&move->press->arg))
		talk_end(move->call);
	else
		dialer_clear();

	return 0;
}


static const char *check_typed(struct move *move)
{
	(void)move;

	return dialer_typed() ? NULL : "nothing was typed";
}


static int consult(const struct move *move, const struct pl *number,
		   struct outcome *out)
{
	uint32_t no = 0;
	int err;

	err = transfer_consult(move->call, number, &no);

	return outcome_call(out, err, no);
}


static int run_consult(const struct move *move, struct outcome *out)
{
	const struct pl number = dialer_number();

	return consult(move, &number, out);
}


static int run_atrans(const struct move *move, struct outcome *out)
{
	return consult(move, &move->press->arg, out);
}


static int run_blind(const struct move *move, struct outcome *out)
{
	const struct pl number = dialer_number();
	(void)out;

	return transfer_blind(move->call, &number);
}


static int run_btrans(const struct move *move, struct outcome *out)
{
	(void)out;

	return transfer_blind(move->call, &move->press->arg);
}


static int run_complete(const struct move *move, struct outcome *out)
{
	(void)out;

	return transfer_complete(move->call);
}


const struct deed
	deed_transfer = {"hold, and type",    NULL,        run_transfer},
	deed_cancel   = {"stop typing",       NULL,        run_cancel},
	deed_consult  = {"call, to consult",  check_typed, run_consult},
	deed_blind    = {"transfer",          check_typed, run_blind},
	deed_complete = {"connect the two",   NULL,        run_complete},
	deed_atrans   = {"call, to consult",  NULL,        run_atrans},
	deed_btrans   = {"transfer",          NULL,        run_btrans};
