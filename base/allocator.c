// allocator.c — the default allocator: jemalloc when the program has it, else the C
// library. The library does not link jemalloc: as a dependency of a shared library it
// could not be loaded by programs that start without it (its thread-local storage is
// static), so its functions are looked for as weak symbols.

#include "base/allocator.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

// jemalloc(3): size and alignment go in, no lookup of the size on the way out.
extern void *mallocx(size_t size, int flags) __attribute__((weak));
extern void sdallocx(void *memory, size_t size, int flags) __attribute__((weak));

// MALLOCX_LG_ALIGN(log2 of the alignment)
static int jemalloc_flags(size_t alignment) {
    return __builtin_ctzll((unsigned long long)alignment);
}

// Large memory lies on huge pages.
static size_t alignment_of(size_t size, size_t alignment) {
    return size >= HM_HUGE_PAGE && alignment < HM_HUGE_PAGE ? HM_HUGE_PAGE : alignment;
}

static void *allocate_aligned(size_t size, size_t alignment) {
    if (mallocx != NULL && sdallocx != NULL) {
        return mallocx(size, jemalloc_flags(alignment));
    }
    if (alignment <= alignof(max_align_t)) {
        return malloc(size);
    }
    // aligned_alloc wants a multiple of the alignment.
    if (size > SIZE_MAX - alignment) {
        return NULL;
    }
    return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void *allocate_default(size_t size, size_t alignment, void *context) {
    (void)context;
    void *memory = allocate_aligned(size, alignment_of(size, alignment));
    if (memory != NULL && size >= HM_HUGE_PAGE) {
        hm_pages_fill(memory, size);
    }
    return memory;
}

static void deallocate_default(
        void *memory, size_t size, size_t alignment, void *context) {
    (void)context;
    if (mallocx != NULL && sdallocx != NULL) {
        sdallocx(memory, size, jemalloc_flags(alignment_of(size, alignment)));
        return;
    }
    free(memory);
}

const hm_allocator *hm_allocator_default(void) {
    static const hm_allocator allocator = {
            .allocate = allocate_default, .deallocate = deallocate_default};
    return &allocator;
}

const hm_allocator *hm_allocator_or_default(const hm_allocator *allocator) {
    return allocator != NULL ? allocator : hm_allocator_default();
}

void *hm_allocate(const hm_allocator *allocator, size_t size, size_t alignment) {
    return allocator->allocate(size > 0 ? size : 1, alignment, allocator->context);
}

void *hm_allocate_array(const hm_allocator *allocator, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        return NULL;
    }
    void *memory = hm_allocate(allocator, bytes, alignof(max_align_t));
    if (memory != NULL) {
        memset(memory, 0, bytes);
    }
    return memory;
}

void hm_deallocate(
        const hm_allocator *allocator, void *memory, size_t size, size_t alignment) {
    if (memory != NULL) {
        allocator->deallocate(
                memory, size > 0 ? size : 1, alignment, allocator->context);
    }
}

void hm_deallocate_array(
        const hm_allocator *allocator, void *memory, size_t count, size_t size) {
    hm_deallocate(allocator, memory, count * size, alignof(max_align_t));
}
