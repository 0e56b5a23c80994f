// settle.h — threads that keep to a processor each. Where a kernel would put two on one
// and leave them there for as long as a turn takes, nothing but that would be measured.

#ifndef HM_BENCH_SETTLE_H
#define HM_BENCH_SETTLE_H

#include <pthread.h>

// Keeps the calling thread to the first, the second... processor that it may use, if
// there are as many and the system can.
void hm_settle(int number);

// Keeps another thread off the processor that the calling one is on just now, if there
// are several. It takes about a microsecond.
void hm_settle_apart(pthread_t other);

#endif
