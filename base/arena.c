// arena.c — blocks double in size up to a limit, so that small arenas stay small and
// large ones need few blocks. What does not fit gets a block of its own.

#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/allocator.h"

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 4 << 20 };

struct hm_arena_block {
    hm_arena_block *older;
    size_t size; // of the allocation, this header included
};

static char *align_up(char *at, size_t alignment) {
    return at + (-(uintptr_t)at & (alignment - 1));
}

static bool add_block(hm_arena *arena, size_t needed) {
    size_t size = FIRST_BLOCK;
    if (arena->newest != NULL && arena->newest->size < LARGEST_BLOCK) {
        size = arena->newest->size * 2;
    } else if (arena->newest != NULL) {
        size = LARGEST_BLOCK;
    }
    if (size < needed) {
        size = needed;
    }
    hm_arena_block *block = hm_allocate(arena->allocator, size, alignof(max_align_t));
    if (block == NULL) {
        return false;
    }
    *block = (hm_arena_block){.older = arena->newest, .size = size};
    arena->newest = block;
    arena->next = (char *)(block + 1);
    arena->end = (char *)block + size;
    return true;
}

void hm_arena_init(hm_arena *arena, const hm_allocator *allocator) {
    *arena = (hm_arena){.allocator = allocator};
}

void hm_arena_finish(hm_arena *arena) {
    while (arena->newest != NULL) {
        hm_arena_block *block = arena->newest;
        arena->newest = block->older;
        hm_deallocate(arena->allocator, block, block->size, alignof(max_align_t));
    }
    arena->next = NULL;
    arena->end = NULL;
}

void hm_arena_clear(hm_arena *arena) {
    hm_arena_block *newest = arena->newest;
    if (newest == NULL) {
        return;
    }
    if (newest->older == NULL) {
        arena->next = (char *)(newest + 1);
        return;
    }
    size_t size = 0;
    for (const hm_arena_block *block = newest; block != NULL; block = block->older) {
        size += block->size;
    }
    hm_arena_finish(arena);
    (void)add_block(arena, size); // or there is none for now
}

// The other's blocks go behind the newest one, which goes on being filled.
size_t hm_arena_size(const hm_arena *arena) {
    size_t size = 0;
    for (const hm_arena_block *block = arena->newest; block != NULL;
            block = block->older) {
        size += block->size;
    }
    return size;
}

void hm_arena_join(hm_arena *arena, hm_arena *other) {
    if (arena->newest == NULL) {
        *arena = *other;
    } else if (other->newest != NULL) {
        hm_arena_block *oldest = other->newest;
        while (oldest->older != NULL) {
            oldest = oldest->older;
        }
        oldest->older = arena->newest->older;
        arena->newest->older = other->newest;
    }
    hm_arena_init(other, other->allocator);
}

// Whether the newest block has room at `next` for size bytes, once it is aligned.
static bool has_room(const hm_arena *arena, size_t size, size_t alignment) {
    if (arena->next == NULL) {
        return false;
    }
    const char *at = align_up(arena->next, alignment);
    return at <= arena->end && (size_t)(arena->end - at) >= size;
}

void *hm_arena_take(hm_arena *arena, size_t size, size_t alignment) {
    if (!has_room(arena, size, alignment)) {
        size_t needed;
        if (__builtin_add_overflow(size, sizeof(hm_arena_block) + alignment, &needed) ||
                !add_block(arena, needed)) {
            return NULL;
        }
    }
    char *at = align_up(arena->next, alignment);
    arena->next = at + size;
    return at;
}

void *hm_arena_elements(hm_arena *arena, size_t count, size_t size, size_t alignment) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        return NULL;
    }
    size_t least = alignof(max_align_t);
    void *memory = hm_arena_take(arena, bytes, alignment > least ? alignment : least);
    if (memory != NULL) {
        memset(memory, 0, bytes);
    }
    return memory;
}

void *hm_arena_array(hm_arena *arena, size_t count, size_t size) {
    return hm_arena_elements(arena, count, size, 1);
}

// The capacity follows from the count: the next power of two.
void *hm_arena_grow(hm_arena *arena, void *items, size_t count, size_t size) {
    if (count > 0 && (count & (count - 1)) != 0) {
        return items;
    }
    void *grown = hm_arena_array(arena, count == 0 ? 1 : count * 2, size);
    if (grown != NULL && count > 0) {
        memcpy(grown, items, count * size);
    }
    return grown;
}

char *hm_arena_text(hm_arena *arena, const char *text) {
    return hm_arena_slice(arena, text, strlen(text));
}

char *hm_arena_slice(hm_arena *arena, const char *text, size_t length) {
    char *copy = hm_arena_take(arena, length + 1, 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}
