// columns.c — see columns.h.

#include "adapters/table/columns.h"

#include <string.h>

#include "adapters/table/cells.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/json_read.h"
#include "base/validity.h"

// Large enough that starting on a part costs nothing beside reading it, small enough
// that its text stays in a processor's cache.
enum { PART_SIZE = 1 << 20 };

hm_status hm_columns_init(hm_table *table, const hm_column *wanted, size_t wanted_count,
        const hm_allocator *allocator, hm_error *error) {
    *table = (hm_table){.allocator = allocator, .error = error};
    hm_arena_init(&table->arena, allocator);
    hm_names_init(&table->wanted, allocator);
    hm_name_list_init(&table->names, allocator);
    table->part_size = PART_SIZE;
    table->has_lock = uv_mutex_init(&table->lock) == 0;
    table->columns =
            hm_arena_array(&table->arena, wanted_count, sizeof *table->columns);
    if (!table->has_lock || table->columns == NULL ||
            !hm_names_reserve(&table->wanted, wanted_count)) {
        return hm_error_no_memory(error);
    }
    for (size_t i = 0; i < wanted_count; i++) {
        const char *name = hm_arena_text(&table->arena, wanted[i].name);
        if (name == NULL) {
            return hm_error_no_memory(error);
        }
        uint32_t *index = hm_names_put(&table->wanted, name);
        if (*index != HM_NAMES_ABSENT) {
            return hm_error_set(
                    error, HM_DUPLICATE_NAME, "column `%s` is wanted twice", name);
        }
        *index = (uint32_t)i;
        table->columns[i] = (hm_table_column){.name = name, .type = wanted[i].type};
        table->column_count++;
    }
    return HM_OK;
}

void hm_columns_finish(hm_table *table) {
    if (table->has_lock) {
        uv_mutex_destroy(&table->lock);
    }
    hm_name_list_finish(&table->names);
    hm_names_finish(&table->wanted);
    hm_arena_finish(&table->arena);
}

void hm_name_list_init(hm_name_list *names, const hm_allocator *allocator) {
    *names = (hm_name_list){.allocator = allocator};
    hm_names_init(&names->known, allocator);
}

void hm_name_list_finish(hm_name_list *names) {
    hm_deallocate_array(
            names->allocator, names->items, names->capacity, sizeof *names->items);
    hm_names_finish(&names->known);
}

static bool grow_names(hm_name_list *list) {
    size_t capacity = list->capacity > 0 ? list->capacity * 2 : 16;
    hm_file_column *items = hm_allocate_array(list->allocator, capacity, sizeof *items);
    if (items == NULL) {
        return false;
    }
    if (list->count > 0) {
        memcpy(items, list->items, list->count * sizeof *items);
    }
    hm_deallocate_array(
            list->allocator, list->items, list->capacity, sizeof *list->items);
    list->items = items;
    list->capacity = capacity;
    return true;
}

hm_status hm_name_list_add(
        hm_name_list *names, const hm_table *table, const char *name, size_t *index) {
    if (names->count == names->capacity && !grow_names(names)) {
        return HM_NO_MEMORY;
    }
    uint32_t *number = hm_names_put(&names->known, name);
    if (number == NULL) {
        return HM_NO_MEMORY;
    }
    if (*number != HM_NAMES_ABSENT && *name != '\0') {
        return HM_DUPLICATE_NAME;
    }
    *index = names->count++;
    *number = (uint32_t)*index;
    uint32_t wanted = hm_names_find(&table->wanted, name);
    names->items[*index] = (hm_file_column){.name = name,
            .column = wanted != HM_NAMES_ABSENT ? &table->columns[wanted] : NULL};
    return HM_OK;
}

static bool make_room(hm_table *table, hm_table_column *column) {
    const hm_type *type = column->type;
    if (column->kept == HM_CELLS_TEXT) {
        column->texts =
                hm_arena_array(&table->arena, table->row_limit, sizeof *column->texts);
        return column->texts != NULL;
    }
    size_t bytes;
    column->elements = __builtin_mul_overflow(table->row_limit, type->size, &bytes)
                               ? NULL
                               : hm_arena_take(&table->arena, bytes, type->alignment);
    if (type->kind != HM_KIND_FLOAT && type->kind != HM_KIND_JSON) {
        column->validity = hm_validity_take(&table->arena, table->row_limit);
        return column->elements != NULL && column->validity != NULL;
    }
    return column->elements != NULL;
}

hm_status hm_column_reserve(hm_table *table, hm_table_column *column) {
    uv_mutex_lock(&table->lock);
    bool has_room = column->value.type != NULL;
    if (!has_room && make_room(table, column)) {
        column->value = (hm_value){.type = column->type, .depth = 1};
        has_room = true;
    }
    uv_mutex_unlock(&table->lock);
    return has_room ? HM_OK : HM_NO_MEMORY;
}

void hm_columns_reset(hm_table *table, hm_cells kept) {
    for (size_t i = 0; i < table->column_count; i++) {
        hm_table_column *column = &table->columns[i];
        *column = (hm_table_column){
                .name = column->name, .type = column->type, .kept = kept};
    }
}

static uint32_t deepest_text(const hm_table_column *column, size_t row_count) {
    uint32_t deepest = 0;
    for (size_t row = 0; row < row_count && column->type->kind != HM_KIND_JSON; row++) {
        if (column->texts[row].text != NULL) {
            uint32_t depth = hm_json_depth(column->texts[row]);
            deepest = depth > deepest ? depth : deepest;
        }
    }
    return deepest;
}

// A cell without a text is missing.
static hm_status put_missing(hm_table *table, hm_table_column *column, uint32_t depth,
        size_t row, size_t row_count) {
    if (depth == 0) {
        hm_cell_put_missing(column, row);
        return HM_OK;
    }
    if (column->validity == NULL) {
        column->validity = hm_validity_take(&table->arena, row_count);
    }
    if (column->validity == NULL) {
        return hm_error_no_memory(table->error);
    }
    hm_validity_clear(column->validity, row);
    atomic_store_explicit(&column->has_missing, true, memory_order_relaxed);
    return HM_OK;
}

static hm_status read_texts(
        hm_table *table, hm_table_column *column, size_t row_count) {
    uint32_t depth = deepest_text(column, row_count);
    size_t size = depth > 0 ? sizeof(hm_array) : column->type->size;
    column->kept = HM_CELLS_VALUES;
    if (depth > 0) {
        column->elements = hm_arena_array(&table->arena, row_count, size);
    }
    if (depth > 0 ? column->elements == NULL : !make_room(table, column)) {
        return hm_error_no_memory(table->error);
    }
    hm_json_reader reader = {.arena = &table->arena, .error = table->error};
    for (size_t row = 0; row < row_count; row++) {
        hm_json_slice text = column->texts[row];
        if (text.text == NULL) {
            HM_TRY(put_missing(table, column, depth, row, row_count));
        } else {
            hm_json_place row_place = {NULL, "row", .index = row + 1};
            hm_json_place place = {&row_place, "column", .name = column->name};
            HM_TRY(hm_json_read_slice(&reader, text, column->type, depth,
                    (char *)column->elements + row * size, &place));
        }
    }
    column->value.depth = 1 + depth;
    return HM_OK;
}

hm_status hm_columns_complete(hm_table *table, size_t row_count) {
    table->row_count = row_count;
    for (size_t i = 0; i < table->column_count; i++) {
        hm_table_column *column = &table->columns[i];
        if (column->value.type == NULL) {
            continue; // the file lacks it
        }
        if (column->kept == HM_CELLS_TEXT) {
            HM_TRY(read_texts(table, column, row_count));
        }
        bool has_missing =
                atomic_load_explicit(&column->has_missing, memory_order_relaxed);
        column->value.many = (hm_array){.data = column->elements,
                .length = row_count,
                .validity = has_missing ? column->validity : NULL};
    }
    return HM_OK;
}
