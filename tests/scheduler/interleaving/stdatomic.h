// stdatomic.h — for tests/scheduler/test_interleaving.c: every atomic operation is a
// point at which another thread may go on, and so is what follows a store. Threads are
// coroutines of one thread, so plain accesses do.

#ifndef HM_TESTS_INTERLEAVING_STDATOMIC_H
#define HM_TESTS_INTERLEAVING_STDATOMIC_H

#include <stdbool.h>

void interleave(void);

#define interleaved_exchange(at, value)                                                \
    __extension__({                                                                    \
        __auto_type interleaved_at = (at);                                             \
        __auto_type interleaved_before = *interleaved_at;                              \
        *interleaved_at = (value);                                                     \
        interleaved_before;                                                            \
    })

#define _Atomic(type) type
#define _Thread_local // kept by coroutine in the test

#define atomic_init(at, value) ((void)(*(at) = (value)))
#define atomic_load_explicit(at, order) (interleave(), *(at))
#define atomic_store_explicit(at, value, order)                                        \
    (interleave(), (void)(*(at) = (value)), interleave())
#define atomic_exchange_explicit(at, value, order)                                     \
    (interleave(), interleaved_exchange(at, value))
#define atomic_fetch_add_explicit(at, value, order)                                    \
    (interleave(), (*(at) += (value)) - (value))
#define atomic_fetch_sub_explicit(at, value, order)                                    \
    (interleave(), (*(at) -= (value)) + (value))
#define atomic_compare_exchange_strong_explicit(at, expected, value, order, otherwise) \
    (interleave(), *(at) == *(expected) ? (*(at) = (value), true)                      \
                                        : (*(expected) = *(at), false))
#define atomic_compare_exchange_weak_explicit atomic_compare_exchange_strong_explicit

#endif
