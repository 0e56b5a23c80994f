// arena.h — memory that ends all at once: pieces are taken from large blocks and given
// back together.

#ifndef HM_BASE_ARENA_H
#define HM_BASE_ARENA_H

#include <stddef.h>

#include <hamilton/allocator.h>

typedef struct hm_arena_block hm_arena_block;

typedef struct hm_arena {
    const hm_allocator *allocator;
    hm_arena_block *newest;
    char *next; // free memory of the newest block
    char *end;
} hm_arena;

// Keeps allocator, which is not NULL. Allocates nothing yet.
void hm_arena_init(hm_arena *arena, const hm_allocator *allocator);

// Frees everything. Accepts a zeroed arena.
void hm_arena_finish(hm_arena *arena);

// Forgets all pieces but keeps their memory, in one block if it can be had: an arena
// that is filled alike and cleared, again and again, allocates nothing more.
void hm_arena_clear(hm_arena *arena);

// How much memory its blocks take.
size_t hm_arena_size(const hm_arena *arena);

// Moves all pieces of the other arena, of the same allocator, into this one; the other
// is then empty.
void hm_arena_join(hm_arena *arena, hm_arena *other);

// Memory until the arena is finished or cleared, or NULL. Not zeroed.
void *hm_arena_take(hm_arena *arena, size_t size, size_t alignment);

// Zeroed, for count elements of size bytes, aligned for any type; NULL on overflow too.
void *hm_arena_array(hm_arena *arena, size_t count, size_t size);

// The same for elements of a type that may be aligned more than any other.
void *hm_arena_elements(hm_arena *arena, size_t count, size_t size, size_t alignment);

// Room for one more item behind the `count` items of an array that grows by this
// function alone, one item at a time, from NULL: the array, moved or not, or NULL.
void *hm_arena_grow(hm_arena *arena, void *items, size_t count, size_t size);

// Copies of text in the arena, NUL-terminated, or NULL.
char *hm_arena_text(hm_arena *arena, const char *text);
char *hm_arena_slice(hm_arena *arena, const char *text, size_t length);

#endif
