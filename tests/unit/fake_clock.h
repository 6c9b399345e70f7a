/**
 * @file fake_clock.h  Deadlines on a clock that the test moves
 */

void fake_clock_reset(void);
void fake_clock_advance(uint64_t ms);
void fake_clock_turn(void);
