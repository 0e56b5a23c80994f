// parts.c — see parts.h.

#include "adapters/table/parts.h"

#include <stdatomic.h>
#include <string.h>

#include "adapters/table/team.h"
#include "base/allocator.h"
#include "base/error.h"

// The end of the part that begins at `at`: behind the first line end that leaves it
// large enough.
static const char *part_end(const char *at, const char *end, size_t size) {
    if ((size_t)(end - at) <= size) {
        return end;
    }
    const char *line_end = memchr(at + size - 1, '\n', (size_t)(end - at) - size + 1);
    return line_end != NULL ? line_end + 1 : end;
}

void hm_part_init(
        hm_part *part, const hm_table *table, const char *text, const char *end) {
    *part = (hm_part){.text = text, .text_end = end, .at = text, .end = end};
    hm_arena_init(&part->arena, table->allocator);
    hm_name_list_init(&part->names, table->allocator);
}

void hm_part_finish(hm_part *part, hm_table *table) {
    hm_arena_join(&table->arena, &part->arena);
    hm_name_list_finish(&part->names);
}

static size_t count_parts(const char *text, const char *end, size_t size) {
    size_t count = 0;
    for (const char *at = text; at < end; count++) {
        at = part_end(at, end, size);
    }
    return count;
}

hm_status hm_parts_init(
        hm_parts *parts, hm_table *table, const char *text, const char *end) {
    size_t count = count_parts(text, end, table->part_size);
    *parts = (hm_parts){.table = table, .count = count};
    if (count == 0) {
        return HM_OK;
    }
    parts->items = hm_allocate_array(table->allocator, count, sizeof *parts->items);
    if (parts->items == NULL) {
        parts->count = 0;
        return hm_error_no_memory(table->error);
    }
    const char *at = text;
    for (size_t i = 0; i < count; i++) {
        const char *next = part_end(at, end, table->part_size);
        hm_part *part = &parts->items[i];
        hm_part_init(part, table, text, end);
        part->at = at;
        part->end = next;
        at = next;
    }
    return HM_OK;
}

void hm_parts_finish(hm_parts *parts) {
    for (size_t i = 0; i < parts->count; i++) {
        hm_part_finish(&parts->items[i], parts->table);
    }
    if (parts->items != NULL) {
        hm_deallocate_array(parts->table->allocator, parts->items, parts->count,
                sizeof *parts->items);
    }
    *parts = (hm_parts){0};
}

size_t hm_parts_place(hm_parts *parts) {
    size_t row = 0;
    for (size_t i = 0; i < parts->count; i++) {
        parts->items[i].first_row = row;
        row += parts->items[i].row_count;
    }
    return row;
}

typedef struct round {
    hm_parts *parts;
    hm_part_work *work;
    atomic_size_t next;   // part that nobody has begun
    atomic_size_t failed; // the first one known to have failed, or their count
} round;

static void note_failure(round *all, size_t part) {
    size_t failed = atomic_load_explicit(&all->failed, memory_order_relaxed);
    while (part < failed &&
            !atomic_compare_exchange_weak_explicit(&all->failed, &failed, part,
                    memory_order_relaxed, memory_order_relaxed)) {
    }
}

// Parts are begun in their order: those before the first that fails are all done.
static void do_parts(void *context) {
    round *all = context;
    for (;;) {
        size_t part = atomic_fetch_add_explicit(&all->next, 1, memory_order_relaxed);
        if (part >= atomic_load_explicit(&all->failed, memory_order_relaxed)) {
            return;
        }
        hm_part *item = &all->parts->items[part];
        item->status = all->work(all->parts->table, item);
        if (item->status != HM_OK) {
            note_failure(all, part);
        }
    }
}

hm_status hm_parts_do(hm_parts *parts, hm_part_work *work) {
    round all = {.parts = parts, .work = work};
    atomic_init(&all.next, 0);
    atomic_init(&all.failed, parts->count);
    hm_team_do(parts->table->thread_count, parts->count, do_parts, &all);
    size_t failed = atomic_load_explicit(&all.failed, memory_order_relaxed);
    if (failed == parts->count) {
        return HM_OK;
    }
    const hm_part *part = &parts->items[failed];
    if (parts->table->error != NULL) {
        *parts->table->error = part->error;
    }
    return part->status;
}

bool hm_parts_are_surprised(const hm_parts *parts) {
    for (size_t i = 0; i < parts->count; i++) {
        if (parts->items[i].status != HM_OK) {
            return parts->items[i].is_surprised;
        }
    }
    return false;
}
