/**
 * @file volume.c  How loud calls are: an audio filter, since baresip has none
 *
 * It scales what was decoded, in place, before it goes to the player. Ringing
 * does not come this way. The volume is that of the process: a restart begins
 * anew.
 */
#include <stdatomic.h>
#include "compat/compat.h"
#include <rem.h>
#include "request.h"
#include "phone/phone.h"
#include "phone/room.h"


enum {
	VOLUME_MAX  = 15,
	VOLUME_UNIT = 10,       /**< As it came                             */
	GAIN_BITS   = 12,
	GAIN_UNIT   = 1 << GAIN_BITS,
};

/* Three dB a step, and silence */
static const int32_t gainv[VOLUME_MAX + 1] = {
	0, 183, 258, 365, 516, 728, 1029, 1453, 2053, 2900, GAIN_UNIT,
	5786, 8173, 11544, 16306, 23034
};

/* Releases to come may play in a thread of its own */
static atomic_int volume = VOLUME_UNIT;

/* What comes is in another format; the same for all calls, by the config */
static atomic_bool foreign;


static int16_t scale(int16_t sample, int32_t gain)
{
	const int32_t s = sample * gain / GAIN_UNIT;

	return s > INT16_MAX ? INT16_MAX : s < INT16_MIN ? INT16_MIN : s;
}


static void state_destructor(void *arg)
{
	struct aufilt_dec_st *st = arg;

	list_unlink(&st->le);
}


static int update_handler(struct aufilt_dec_st **stp, void **ctx,
			  const struct aufilt *af, struct aufilt_prm *prm,
			  const struct audio *au)
{
	(void)ctx;
	(void)af;
	(void)au;

	if (!stp || !prm)
		return EINVAL;

	if (*stp)
		return 0;

	atomic_store(&foreign, prm->fmt != AUFMT_S16LE);
	if (atomic_load(&foreign))
		warning("provnotify: the volume keys have no effect: auplay"
			" format is not s16\n");

	*stp = mem_zalloc(sizeof(**stp), state_destructor);

	return *stp ? 0 : ENOMEM;
}


static int decode_handler(struct aufilt_dec_st *st, struct auframe *af)
{
	const int32_t gain = gainv[atomic_load(&volume)];
	int16_t *sampv = af->sampv;
	size_t i;
	(void)st;

	if (gain == GAIN_UNIT || af->fmt != AUFMT_S16LE)
		return 0;

	for (i=0; i<af->sampc; i++)
		sampv[i] = scale(sampv[i], gain);

	return 0;
}


static struct aufilt filter = {
	.name    = "provnotify_volume",
	.decupdh = update_handler,
	.dech    = decode_handler,
};


/**
 * Put the filter into all calls to come
 */
void volume_init(void)
{
	atomic_store(&volume, VOLUME_UNIT);
	atomic_store(&foreign, false);
	aufilt_register(baresip_aufiltl(), &filter);
}


/**
 * Take it out
 */
void volume_close(void)
{
	aufilt_unregister(&filter);
}


/**
 * Why can calls be no louder, or no lower?
 *
 * @param step 1 or -1
 *
 * @return NULL if they can, otherwise why not, static
 */
const char *volume_why(int step)
{
	const int to = atomic_load(&volume) + step;

	if (atomic_load(&foreign))
		return "the volume cannot be changed: auplay_format is not"
			" s16";

	return to < 0 ? "it is silent" :
		to > VOLUME_MAX ? "it is as loud as it can be" : NULL;
}


/**
 * Make calls louder or lower by one of fifteen steps
 *
 * @param step 1 or -1
 */
void volume_step(int step)
{
	if (!volume_why(step))
		atomic_fetch_add(&volume, step);
}
