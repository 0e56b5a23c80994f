// allocator.h — where all memory of the library comes from.
//
//     static const hm_allocator mine = {allocate, deallocate, &pool};
//     options.allocator = &mine;
//
// Without one the library uses jemalloc when the program has it, else aligned_alloc.

#ifndef HAMILTON_ALLOCATOR_H
#define HAMILTON_ALLOCATOR_H

#include <stddef.h>

#include <hamilton/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Both functions are called from any thread. Failing is allowed at every call: the
/// library then returns HM_NO_MEMORY and stays usable.
typedef struct hm_allocator {
    /// At least size bytes (never 0), aligned to alignment (a power of two), or NULL.
    void *(*allocate)(size_t size, size_t alignment, void *context);

    /// Gets back what allocate gave, with the same size and alignment. Never NULL.
    void (*deallocate)(void *memory, size_t size, size_t alignment, void *context);

    void *context; ///< passed to both
} hm_allocator;

/// The allocator that is used where none is given: static, never NULL.
HM_API const hm_allocator *hm_allocator_default(void);

#ifdef __cplusplus
}
#endif

#endif
