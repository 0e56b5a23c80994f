// allocator.h — calls through an hm_allocator.

#ifndef HM_BASE_ALLOCATOR_H
#define HM_BASE_ALLOCATOR_H

#include <stddef.h>

#include <hamilton/allocator.h>

// NULL means the default.
const hm_allocator *hm_allocator_or_default(const hm_allocator *allocator);

// At least size bytes, or NULL. size may be 0 and then counts as 1.
void *hm_allocate(const hm_allocator *allocator, size_t size, size_t alignment);

// Zeroed memory for count elements of size bytes; NULL also when the product overflows.
void *hm_allocate_array(const hm_allocator *allocator, size_t count, size_t size);

// Undoes hm_allocate with the same size and alignment. Accepts NULL.
void hm_deallocate(
        const hm_allocator *allocator, void *memory, size_t size, size_t alignment);

// Undoes hm_allocate_array with the same count and size. Accepts NULL.
void hm_deallocate_array(
        const hm_allocator *allocator, void *memory, size_t count, size_t size);

#endif
