// hooks.c — where the compiler calls before each access. The scheduler's sources are
// compiled unchanged for ThreadSanitizer, whose place is taken by this.

#include <string.h>

#include "tests/scheduler/explorer/arena.h"
#include "tests/scheduler/explorer/order.h"
#include "tests/scheduler/explorer/trace.h"
#include "tests/scheduler/explorer/world.h"

void __tsan_init(void);
void __tsan_func_entry(void *from);
void __tsan_func_exit(void);

void __tsan_init(void) {
}

void __tsan_func_entry(void *from) {
    (void)from;
}

void __tsan_func_exit(void) {
}

// --- Plain accesses ---

#define PLAIN(size)                                                                    \
    void __tsan_read##size(void *at);                                                  \
    void __tsan_write##size(void *at);                                                 \
    void __tsan_unaligned_read##size(void *at);                                        \
    void __tsan_unaligned_write##size(void *at);                                       \
    void __tsan_read##size(void *at) {                                                 \
        hm_trace_place(__builtin_return_address(0));                                   \
        hm_arena_read(at, size);                                                       \
    }                                                                                  \
    void __tsan_write##size(void *at) {                                                \
        hm_trace_place(__builtin_return_address(0));                                   \
        hm_arena_write(at, size);                                                      \
    }                                                                                  \
    void __tsan_unaligned_read##size(void *at) {                                       \
        hm_trace_place(__builtin_return_address(0));                                   \
        hm_arena_read(at, size);                                                       \
    }                                                                                  \
    void __tsan_unaligned_write##size(void *at) {                                      \
        hm_trace_place(__builtin_return_address(0));                                   \
        hm_arena_write(at, size);                                                      \
    }

PLAIN(1)
PLAIN(2)
PLAIN(4)
PLAIN(8)
PLAIN(16)

void __tsan_read_range(void *at, unsigned long size);
void __tsan_write_range(void *at, unsigned long size);

void __tsan_read_range(void *at, unsigned long size) {
    hm_arena_read(at, size);
}

void __tsan_write_range(void *at, unsigned long size) {
    hm_arena_write(at, size);
}

// Calls of these are made by compilers too, see tests/scheduler.cmake.
void *__real_memset(void *to, int value, size_t size);
void *__wrap_memset(void *to, int value, size_t size);
void *__real_memcpy(void *restrict to, const void *restrict from, size_t size);
void *__wrap_memcpy(void *restrict to, const void *restrict from, size_t size);

void *__wrap_memset(void *to, int value, size_t size) {
    if (hm_running != NULL && hm_arena_has(to)) {
        hm_arena_write(to, size);
    }
    return __real_memset(to, value, size);
}

void *__wrap_memcpy(void *restrict to, const void *restrict from, size_t size) {
    if (hm_running != NULL && hm_arena_has(to)) {
        hm_arena_write(to, size);
    }
    return __real_memcpy(to, from, size);
}

// --- Atomic operations ---

#define POINT(at, writes)                                                              \
    (hm_trace_place(__builtin_return_address(0)), hm_point(at, writes))

static uint64_t take_other(uint64_t before, uint64_t with) {
    (void)before;
    return with;
}

static uint64_t add(uint64_t before, uint64_t with) {
    return before + with;
}

static uint64_t subtract(uint64_t before, uint64_t with) {
    return before - with;
}

#define REPLACES(bits, name, next)                                                     \
    uint##bits##_t __tsan_atomic##bits##_##name(                                       \
            uint##bits##_t *at, uint##bits##_t value, int order);                      \
    uint##bits##_t __tsan_atomic##bits##_##name(                                       \
            uint##bits##_t *at, uint##bits##_t value, int order) {                     \
        POINT(at, true);                                                               \
        return (uint##bits##_t)hm_order_replace(at, sizeof *at, next, value, order);   \
    }

#define COMPARES(bits, name)                                                           \
    int __tsan_atomic##bits##_compare_exchange_##name(uint##bits##_t *at,              \
            uint##bits##_t *expected, uint##bits##_t value, int order, int otherwise); \
    int __tsan_atomic##bits##_compare_exchange_##name(uint##bits##_t *at,              \
            uint##bits##_t *expected, uint##bits##_t value, int order,                 \
            int otherwise) {                                                           \
        POINT(at, true);                                                               \
        uint64_t other = *expected;                                                    \
        bool is_done =                                                                 \
                hm_order_compare(at, sizeof *at, &other, value, order, otherwise);     \
        *expected = (uint##bits##_t)other;                                             \
        return is_done;                                                                \
    }

#define ATOMIC(bits)                                                                   \
    uint##bits##_t __tsan_atomic##bits##_load(const uint##bits##_t *at, int order);    \
    void __tsan_atomic##bits##_store(                                                  \
            uint##bits##_t *at, uint##bits##_t value, int order);                      \
    uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(uint##bits##_t *at,      \
            uint##bits##_t expected, uint##bits##_t value, int order, int otherwise);  \
    uint##bits##_t __tsan_atomic##bits##_load(const uint##bits##_t *at, int order) {   \
        POINT(at, false);                                                              \
        return (uint##bits##_t)hm_order_load(at, sizeof *at, order);                   \
    }                                                                                  \
    void __tsan_atomic##bits##_store(                                                  \
            uint##bits##_t *at, uint##bits##_t value, int order) {                     \
        POINT(at, true);                                                               \
        hm_order_store(at, sizeof *at, value, order);                                  \
    }                                                                                  \
    uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(uint##bits##_t *at,      \
            uint##bits##_t expected, uint##bits##_t value, int order, int otherwise) { \
        POINT(at, true);                                                               \
        uint64_t other = expected;                                                     \
        hm_order_compare(at, sizeof *at, &other, value, order, otherwise);             \
        return (uint##bits##_t)other;                                                  \
    }                                                                                  \
    COMPARES(bits, strong)                                                             \
    COMPARES(bits, weak)                                                               \
    REPLACES(bits, exchange, take_other)                                               \
    REPLACES(bits, fetch_add, add)                                                     \
    REPLACES(bits, fetch_sub, subtract)

ATOMIC(8)
ATOMIC(32)
ATOMIC(64)
