// repeat.c — see repeat.h.

#include "adapters/results/repeat.h"

#include <stdalign.h>
#include <string.h>

bool hm_repeat(
        const hm_value *value, size_t count, hm_arena *arena, hm_value *repeated) {
    bool is_pointer = value->by_reference;
    const void *found = hm_value_data(value);
    const void *element = is_pointer ? (const void *)&found : found;
    size_t size = is_pointer ? sizeof found : value->type->size;
    size_t alignment = is_pointer ? alignof(void *) : value->type->alignment;
    char *elements = hm_arena_elements(arena, count, size, alignment);
    if (elements == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(elements + i * size, element, size);
    }
    hm_value made = hm_value_many(value->type, elements, count);
    made.by_reference = is_pointer;
    *repeated = made;
    return true;
}
