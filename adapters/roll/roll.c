// roll.c — see roll.h.

#include "adapters/roll/roll.h"

#include <string.h>

enum { FIRST_ROWS = 64 };

bool hm_roll_init(hm_roll *roll, const hm_allocator *allocator, size_t record_size) {
    *roll = (hm_roll){.record_size = record_size};
    if (uv_mutex_init(&roll->lock) != 0) {
        return false;
    }
    hm_arena_init(&roll->arena, allocator);
    roll->last = &roll->first;
    return true;
}

void hm_roll_finish(hm_roll *roll) {
    hm_arena_finish(&roll->arena);
    uv_mutex_destroy(&roll->lock);
}

// FNV-1a.
static uint64_t digest(const char *name) {
    uint64_t sum = UINT64_C(14695981039346656037);
    for (; *name != '\0'; name++) {
        sum = (sum ^ (unsigned char)*name) * UINT64_C(1099511628211);
    }
    return sum;
}

static hm_rolled **row_of(const hm_roll *roll, uint64_t sum) {
    return &roll->table[sum & (roll->row_count - 1)];
}

// Old tables stay in the arena: together they are no larger than the new one.
static bool grow(hm_roll *roll) {
    size_t row_count = roll->row_count > 0 ? 2 * roll->row_count : FIRST_ROWS;
    hm_rolled **table = hm_arena_array(&roll->arena, row_count, sizeof *table);
    if (table == NULL) {
        return false;
    }
    roll->table = table;
    roll->row_count = row_count;
    for (hm_rolled *record = roll->first; record != NULL; record = record->next) {
        hm_rolled **row = row_of(roll, record->digest);
        record->same = *row;
        *row = record;
    }
    return true;
}

static hm_rolled *find(const hm_roll *roll, const char *name, uint64_t sum) {
    hm_rolled *record = roll->row_count > 0 ? *row_of(roll, sum) : NULL;
    while (record != NULL &&
            (record->digest != sum || strcmp(record->name, name) != 0)) {
        record = record->same;
    }
    return record;
}

static hm_rolled *add(hm_roll *roll, const char *name, uint64_t sum) {
    if (roll->record_count == roll->row_count && !grow(roll)) {
        return NULL;
    }
    hm_rolled *record = hm_arena_array(&roll->arena, 1, roll->record_size);
    const char *copy = hm_arena_text(&roll->arena, name);
    if (record == NULL || copy == NULL) {
        return NULL;
    }
    hm_rolled **row = row_of(roll, sum);
    record->name = copy;
    record->digest = sum;
    record->same = *row;
    *row = record;
    *roll->last = record;
    roll->last = &record->next;
    roll->record_count++;
    return record;
}

void *hm_roll_record(hm_roll *roll, const char *name) {
    uint64_t sum = digest(name);
    uv_mutex_lock(&roll->lock);
    hm_rolled *record = find(roll, name, sum);
    record = record != NULL ? record : add(roll, name, sum);
    uv_mutex_unlock(&roll->lock);
    return record;
}

hm_rolled *hm_roll_first(hm_roll *roll, size_t *count) {
    uv_mutex_lock(&roll->lock);
    hm_rolled *first = roll->first;
    *count = roll->record_count;
    uv_mutex_unlock(&roll->lock);
    return first;
}
