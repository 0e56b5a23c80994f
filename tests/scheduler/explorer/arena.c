// arena.c — see arena.h. Beside the memory lies for each byte a note of who accessed it
// last; being memory too, that is taken back with it.

#include "tests/scheduler/explorer/arena.h"

#include <string.h>

#include "tests/scheduler/explorer/hash.h"
#include "tests/scheduler/explorer/world.h"

enum {
    FILLED_SIZE = 4096, // of a larger block so much is filled
    LOG_LENGTH = 1 << 20,
    POISON = 0xa5,
};

// Who wrote a byte, when by its own clock, and when each thread read it since.
typedef struct note {
    uint32_t round;  // a note of an earlier round says nothing
    uint16_t writer; // its number + 1
    uint16_t written;
    uint16_t read[HM_MOST_FIBERS];
} note;

typedef struct change {
    uint64_t *at;
    uint64_t before;
} change;

static struct {
    _Alignas(64) unsigned char memory[HM_ARENA_SIZE];
    uint64_t freed[HM_ARENA_SIZE / 64]; // a bit for each byte
    note notes[HM_ARENA_SIZE];
} all;

enum { WORDS = sizeof all / sizeof(uint64_t) };

static uint32_t changed_at[WORDS]; // the segment in which a word was changed last
static uint32_t segment;           // from one settling to the next
static change changes[LOG_LENGTH];
static size_t settled; // so many changes are in the hash
static uint32_t round_number;

// What the sources keep outside of the arena, as the process's pool: it is put back
// when all begins anew.
enum { STATIC_COUNT = 64 };
static struct {
    void *at;
    uint64_t before;
    size_t size;
} statics[STATIC_COUNT];
static size_t static_count;
extern char __data_start, _end; // by the linker

static void keep_static(void *at, size_t size) {
    uintptr_t offset = (uintptr_t)at - (uintptr_t)&__data_start;
    if (offset >= (uintptr_t)&_end - (uintptr_t)&__data_start || size > 8) {
        return; // on a stack
    }
    for (size_t i = 0; i < static_count; i++) {
        if (statics[i].at == at) {
            return;
        }
    }
    hm_require(static_count < STATIC_COUNT, "too many static variables");
    memcpy(&statics[static_count].before, at, size);
    statics[static_count].size = size;
    statics[static_count++].at = at;
}

static void put_statics_back(void) {
    while (static_count > 0) {
        static_count--;
        memcpy(statics[static_count].at, &statics[static_count].before,
                statics[static_count].size);
    }
}

void hm_arena_reset(void) {
    put_statics_back();
    memset(all.freed, 0, (hm_now.used / 64 + 1) * sizeof(uint64_t));
    hm_now.used = 0;
    hm_now.change_count = 0;
    hm_now.memory_hash = 0;
    settled = 0;
    segment++;
    round_number++;
}

bool hm_arena_has(const void *at) {
    return (uintptr_t)at - (uintptr_t)all.memory < HM_ARENA_SIZE;
}

size_t hm_arena_offset(const void *at) {
    return (size_t)((uintptr_t)at - (uintptr_t)all.memory);
}

static uint64_t hash_word(const uint64_t *at) {
    return hm_hash_pair((uintptr_t)at, *at);
}

// Before a word of all this is written.
static void keep_word(uint64_t *at) {
    size_t index = (size_t)(at - (uint64_t *)(void *)&all);
    if (changed_at[index] == segment) {
        return;
    }
    changed_at[index] = segment;
    hm_require(hm_now.change_count < LOG_LENGTH, "too many changes");
    changes[hm_now.change_count++] = (change){at, *at};
    hm_now.memory_hash -= hash_word(at);
}

static void keep(void *at, size_t size) {
    if (!hm_how.is_exhaustive || hm_running == NULL) {
        return;
    }
    uintptr_t begin = (uintptr_t)at & ~(uintptr_t)7;
    for (; begin < (uintptr_t)at + size; begin += sizeof(uint64_t)) {
        keep_word((uint64_t *)begin); // NOLINT: a word of `all`
    }
}

void hm_arena_settle(void) {
    for (; settled < hm_now.change_count; settled++) {
        hm_now.memory_hash += hash_word(changes[settled].at);
    }
    segment++;
}

void hm_arena_take_back(size_t change_count) {
    for (size_t i = hm_now.change_count; i-- > change_count;) {
        *changes[i].at = changes[i].before;
    }
    hm_now.change_count = change_count;
    settled = change_count;
    segment++;
}

void *hm_arena_allocate(size_t size, size_t alignment) {
    size_t begin = (hm_now.used + alignment - 1) / alignment * alignment;
    hm_require(begin + size <= HM_ARENA_SIZE, "the arena is full");
    hm_now.used = begin + size;
    memset(all.memory + begin, POISON, size < FILLED_SIZE ? size : FILLED_SIZE);
    return all.memory + begin;
}

static void require_alive(size_t offset) {
    hm_require((all.freed[offset / 64] >> offset % 64 & 1) == 0,
            "thread %u touches memory that was freed", hm_now.last_run);
}

static note *note_of(size_t offset) {
    note *of = &all.notes[offset];
    keep(of, sizeof *of);
    if (of->round != round_number) {
        *of = (note){.round = round_number};
    }
    return of;
}

// Two accesses one of which writes: one is ordered before the other, or this is wrong.
static void require_order(size_t offset, const note *of, bool writes) {
    const uint16_t *seen = hm_running->view.clocks;
    hm_require(of->writer == 0 || of->written <= seen[of->writer - 1],
            "thread %u accesses what thread %u wrote, and nothing orders them: %s %zu",
            hm_now.last_run, of->writer - 1u, "byte", offset);
    for (uint32_t i = 0; writes && i < hm_now.fiber_count; i++) {
        hm_require(of->read[i] <= seen[i],
                "thread %u writes what thread %u read, and nothing orders them: "
                "byte %zu",
                hm_now.last_run, i, offset);
    }
}

// What is accessed with one instruction is so each time: its first byte stands for it.
static void note_access(size_t offset, size_t size, bool writes, bool is_race) {
    uint16_t own = (uint16_t)(hm_running - hm_now.fibers);
    uint16_t clock = hm_running->view.clocks[own];
    for (size_t i = 0; i < (size > 8 ? size : 1); i++) {
        note *of = note_of(offset + i);
        if (is_race) {
            require_order(offset + i, of, writes);
        }
        if (writes) {
            of->writer = (uint16_t)(own + 1);
            of->written = clock;
        } else {
            of->read[own] = clock;
        }
    }
}

static void watch(const void *at, size_t size, bool writes, bool is_race) {
    if (hm_running == NULL || !hm_arena_has(at)) {
        // A pointer out of memory that nobody has written yet.
        hm_require((uintptr_t)at >> 48 == 0, "thread %u follows a wild pointer",
                hm_now.last_run);
        return;
    }
    require_alive(hm_arena_offset(at));
    if (hm_how.is_weak) {
        note_access(hm_arena_offset(at), size, writes, is_race);
    }
}

void hm_arena_read(const void *at, size_t size) {
    watch(at, size, false, true);
}

void hm_arena_write(void *at, size_t size) {
    watch(at, size, true, true);
    if (hm_arena_has(at)) {
        keep(at, size);
    } else {
        keep_static(at, size);
    }
}

void hm_arena_touch(const void *at, size_t size) {
    watch(at, size, false, false);
}

void hm_arena_change(void *at, size_t size) {
    if (hm_arena_has(at)) {
        require_alive(hm_arena_offset(at));
        keep(at, size);
    }
}

void hm_arena_free(void *memory, size_t size) {
    size_t begin = hm_arena_offset(memory);
    if (hm_running == NULL || size > FILLED_SIZE) {
        return;
    }
    for (size_t i = begin; i < begin + size; i++) {
        require_alive(i);
        if (hm_how.is_weak) {
            require_order(i, note_of(i), true);
        }
        keep(&all.freed[i / 64], sizeof(uint64_t));
        all.freed[i / 64] |= UINT64_C(1) << i % 64;
    }
}
