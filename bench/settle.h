// settle.h — threads that keep to a processor each. Where a kernel would put two on one
// and leave them there for as long as a turn takes, nothing but that would be measured.

#ifndef HM_BENCH_SETTLE_H
#define HM_BENCH_SETTLE_H

// Keeps the calling thread to the first, the second... processor that it may use, if
// there are as many and the system can.
void hm_settle(int number);

#endif
