// roll.c — see roll.h.

#include "adapters/roll/roll.h"

bool hm_roll_init(hm_roll *roll, const hm_allocator *allocator, size_t record_size) {
    *roll = (hm_roll){.record_size = record_size};
    if (uv_mutex_init(&roll->lock) != 0) {
        return false;
    }
    hm_arena_init(&roll->arena, allocator);
    hm_names_init(&roll->names, allocator);
    return true;
}

void hm_roll_finish(hm_roll *roll) {
    hm_names_finish(&roll->names);
    hm_arena_finish(&roll->arena);
    uv_mutex_destroy(&roll->lock);
}

// With the lock.
static hm_rolled *add(hm_roll *roll, const char *name) {
    hm_rolled *record = hm_arena_array(&roll->arena, 1, roll->record_size);
    const char *copy = hm_arena_text(&roll->arena, name);
    hm_rolled **records = hm_arena_grow(
            &roll->arena, roll->records, roll->count, sizeof *roll->records);
    if (records != NULL) {
        roll->records = records;
    }
    uint32_t *number = record != NULL && copy != NULL && records != NULL
                               ? hm_names_put(&roll->names, copy)
                               : NULL;
    if (number == NULL) {
        return NULL;
    }
    *number = (uint32_t)roll->count;
    record->name = copy;
    if (roll->count > 0) {
        records[roll->count - 1]->next = record;
    }
    records[roll->count++] = record;
    return record;
}

void *hm_roll_record(hm_roll *roll, const char *name) {
    uv_mutex_lock(&roll->lock);
    uint32_t number = hm_names_find(&roll->names, name);
    hm_rolled *record =
            number != HM_NAMES_ABSENT ? roll->records[number] : add(roll, name);
    uv_mutex_unlock(&roll->lock);
    return record;
}

hm_rolled *hm_roll_first(hm_roll *roll, size_t *count) {
    uv_mutex_lock(&roll->lock);
    hm_rolled *first = roll->count > 0 ? roll->records[0] : NULL;
    *count = roll->count;
    uv_mutex_unlock(&roll->lock);
    return first;
}
