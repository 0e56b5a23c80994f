// allocator.c — a program that has jemalloc's functions, its own in this case, which
// the library finds and uses, although it does not link them.

#include <stdbool.h>
#include <stdlib.h>

#include <hamilton/allocator.h>

void *mallocx(size_t size, int flags);
void sdallocx(void *memory, size_t size, int flags);

static size_t live;
static int allocations;

__attribute__((visibility("default"))) void *mallocx(size_t size, int flags) {
    live += size;
    allocations++;
    return aligned_alloc((size_t)1 << flags, size);
}

__attribute__((visibility("default"))) void sdallocx(
        void *memory, size_t size, int flags) {
    (void)flags;
    live -= size;
    free(memory);
}

int main(void) {
    const hm_allocator *allocator = hm_allocator_default();
    void *memory = allocator->allocate(192, 64, allocator->context);
    bool used = allocations == 1 && live == 192;
    allocator->deallocate(memory, 192, 64, allocator->context);
    return used && live == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
