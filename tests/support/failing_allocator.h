// failing_allocator.h — an allocator that fails when it is told to, and counts.

#ifndef HM_TESTS_SUPPORT_FAILING_ALLOCATOR_H
#define HM_TESTS_SUPPORT_FAILING_ALLOCATOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <hamilton/allocator.h>

// Any thread may allocate; the fields are read and set while none does.
typedef struct hm_failing_allocator {
    hm_allocator allocator; // hand out a pointer to this
    _Atomic(size_t) calls;  // how often memory was asked for
    size_t fail_at;         // the call that fails, from 1; 0 for none
    bool for_good;          // and all after it
    _Atomic(size_t) live;   // bytes not yet given back
    _Atomic(size_t) peak;   // the most that live ever was
} hm_failing_allocator;

void hm_failing_allocator_init(hm_failing_allocator *failing);

#endif
