// arena.h — the memory that threads share: where everything lies at the same place each
// time, whose changes can be taken back, and where accesses are watched: of what was
// freed, and of two threads one of which writes while nothing orders them.

#ifndef HM_TESTS_EXPLORER_ARENA_H
#define HM_TESTS_EXPLORER_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Forgets what was allocated.
void hm_arena_reset(void);

// Never the same memory twice. It is not zeroed.
void *hm_arena_allocate(size_t size, size_t alignment);

// Nobody may touch it from now on, nor have touched it without being ordered before.
void hm_arena_free(void *memory, size_t size);

bool hm_arena_has(const void *at);

// Where in the arena, by byte.
size_t hm_arena_offset(const void *at);
enum { HM_ARENA_SIZE = 4 * 1024 * 1024 };

// Before accesses. What is not in the arena is a thread's own.
void hm_arena_read(const void *at, size_t size);
void hm_arena_write(void *at, size_t size);

// Before accesses that are atomic, or ordered by the explorer: they are no race.
void hm_arena_touch(const void *at, size_t size);
void hm_arena_change(void *at, size_t size);

// Accounts for what was written since: before the hash of the memory counts.
void hm_arena_settle(void);

// Takes back all changes but the first so many.
void hm_arena_take_back(size_t change_count);

#endif
