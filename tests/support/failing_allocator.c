// failing_allocator.c — see failing_allocator.h. Memory comes from the C library, where
// the sanitizers watch it.

#include "tests/support/failing_allocator.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

static void *allocate(size_t size, size_t alignment, void *context) {
    hm_failing_allocator *failing = context;
    failing->calls++;
    if (failing->fail_at != 0 &&
            (failing->calls == failing->fail_at ||
                    (failing->for_good && failing->calls > failing->fail_at))) {
        return NULL;
    }
    if (size >
            PTRDIFF_MAX) { // more than there can be; sanitizers would end the program
        return NULL;
    }
    void *memory = alignment <= alignof(max_align_t)
                           ? malloc(size)
                           : aligned_alloc(alignment,
                                     (size + alignment - 1) / alignment * alignment);
    if (memory != NULL) {
        failing->live += size;
        failing->peak = failing->live > failing->peak ? failing->live : failing->peak;
    }
    return memory;
}

static void deallocate(void *memory, size_t size, size_t alignment, void *context) {
    (void)alignment;
    hm_failing_allocator *failing = context;
    failing->live -= size;
    free(memory);
}

void hm_failing_allocator_init(hm_failing_allocator *failing) {
    *failing = (hm_failing_allocator){.allocator = {allocate, deallocate, failing}};
}
