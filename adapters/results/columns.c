// columns.c — see <hamilton/columns.h>. A value that is moved out holds what all of
// them stand on: a count tells when the last one is gone.

#include <stdatomic.h>

#include <hamilton/columns.h>

#include "adapters/results/pick.h"
#include "adapters/results/repeat.h"
#include "base/allocator.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/sized.h"

struct hm_columns {
    const hm_allocator *allocator;
    hm_results *results; // that are owned, or NULL
    hm_arena arena;      // what follows, and values that are repeated

    hm_binding *items;
    size_t count;
    size_t row_count;

    atomic_size_t users; // the owner, and each value that is not released
};

// Release: whoever used it is done. Acquire: the last one sees what they did.
static void leave(hm_columns *columns) {
    if (atomic_fetch_sub_explicit(&columns->users, 1, memory_order_acq_rel) == 1) {
        hm_results_destroy(columns->results);
        hm_arena_finish(&columns->arena);
        hm_deallocate_array(columns->allocator, columns, 1, sizeof *columns);
    }
}

static void release_value(hm_value *value) {
    hm_columns *columns = value->context;
    *value = (hm_value){0};
    leave(columns);
}

// Adds the values that are wanted, as they are.
static hm_status collect(hm_columns *columns, const hm_results *results,
        const hm_columns_options *options, hm_error *error) {
    bool takes_all = options->names == NULL;
    size_t count = takes_all ? hm_results_count(results) : options->name_count;
    columns->items = hm_arena_array(&columns->arena, count, sizeof *columns->items);
    if (columns->items == NULL) {
        return hm_error_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        const char *name = takes_all ? hm_results_name(results, i) : options->names[i];
        const hm_value *value;
        hm_error detail;
        hm_status status = takes_all ? hm_pick_at(results, i, &value, &detail)
                                     : hm_pick_find(results, name, &value, &detail);
        if (status != HM_OK && (status == HM_UNKNOWN_NAME || !options->passes_over)) {
            return hm_error_set(error, status, "%s", detail.message);
        }
        const char *copy = status == HM_OK ? hm_arena_text(&columns->arena, name) : "";
        if (copy == NULL) {
            return hm_error_no_memory(error);
        }
        if (status == HM_OK) {
            columns->items[columns->count++] = (hm_binding){copy, *value};
        }
    }
    return columns->count > 0
                   ? HM_OK
                   : hm_error_set(error, HM_BAD_ARGUMENT, "there are no columns");
}

// The array that tells the length, or NULL; others must agree with it.
static hm_status measure(hm_columns *columns, hm_error *error) {
    const hm_binding *first = NULL;
    for (size_t i = 0; i < columns->count; i++) {
        const hm_binding *item = &columns->items[i];
        if (item->value.depth == 0) {
            continue;
        }
        first = first == NULL ? item : first;
        if (item->value.many.length != first->value.many.length) {
            return hm_error_set(error, HM_LENGTH_MISMATCH,
                    "`%s` has %zu rows and `%s` has %zu", first->name,
                    first->value.many.length, item->name, item->value.many.length);
        }
    }
    columns->row_count = first != NULL ? first->value.many.length : 1;
    return HM_OK;
}

static hm_status repeat_single(hm_columns *columns, hm_error *error) {
    for (size_t i = 0; i < columns->count; i++) {
        hm_value *value = &columns->items[i].value;
        if (value->depth == 0 &&
                !hm_repeat(value, columns->row_count, &columns->arena, value)) {
            return hm_error_no_memory(error);
        }
    }
    return HM_OK;
}

static hm_status fill(hm_columns *columns, const hm_results *results,
        const hm_columns_options *options, hm_error *error) {
    HM_TRY(collect(columns, results, options, error));
    HM_TRY(measure(columns, error));
    return repeat_single(columns, error);
}

hm_status hm_columns_create(const hm_results *results,
        const hm_columns_options *options, hm_columns **columns, hm_error *error) {
    hm_columns_options known = HM_COLUMNS_OPTIONS_INIT;
    if (options != NULL) {
        HM_TRY(hm_sized_read(
                options, &known, sizeof known, "HM_COLUMNS_OPTIONS_INIT", error));
    }
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_columns *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    created->allocator = allocator;
    hm_arena_init(&created->arena, allocator);
    atomic_init(&created->users, 1);
    hm_status status = fill(created, results, &known, error);
    if (status != HM_OK) {
        leave(created);
        return status;
    }
    for (size_t i = 0; i < created->count; i++) {
        created->items[i].value.release = release_value;
        created->items[i].value.context = created;
    }
    atomic_init(&created->users, 1 + created->count);
    *columns = created;
    return HM_OK;
}

void hm_columns_take_over(hm_columns *columns, hm_results *results) {
    columns->results = results;
}

size_t hm_columns_row_count(const hm_columns *columns) {
    return columns->row_count;
}

size_t hm_columns_count(const hm_columns *columns) {
    return columns->count;
}

hm_binding *hm_columns_items(hm_columns *columns) {
    return columns->items;
}

void hm_columns_destroy(hm_columns *columns) {
    for (size_t i = 0; columns != NULL && i < columns->count; i++) {
        hm_value_release(&columns->items[i].value);
    }
    if (columns != NULL) {
        leave(columns);
    }
}
