/**
 * @file fake_worker.h  The worker without a thread: work is done at once, and
 *                      its end is told when the test says so
 */

bool fake_worker_step(void);
void fake_worker_drain(void);
unsigned fake_worker_fetches(void);
