// trace.h — by which way it came to what is wrong.

#ifndef HM_TESTS_EXPLORER_TRACE_H
#define HM_TESTS_EXPLORER_TRACE_H

#include <stdbool.h>
#include <stdint.h>

void hm_trace_begin(const char *scenario);
void hm_trace_seed(uint64_t seed);

// The running thread is before an access.
void hm_trace_step(const void *at, bool writes);

// From where the access that comes next is made.
void hm_trace_place(const void *place);

#endif
