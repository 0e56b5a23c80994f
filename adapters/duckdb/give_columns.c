// give_columns.c — see give_columns.h.

#include "adapters/duckdb/give_columns.h"

#include "adapters/duckdb/give.h"
#include "base/allocator.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/names.h"

// DuckDB takes letters of either case for the same.
static char *lowered(hm_arena *arena, const char *name) {
    char *copy = hm_arena_text(arena, name);
    for (char *at = copy; at != NULL && *at != '\0'; at++) {
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
    }
    return copy;
}

static hm_status check_column(const hm_binding *columns, size_t i, hm_arena *arena,
        hm_names *seen, hm_error *error) {
    const hm_binding *column = &columns[i];
    if (column->value.depth == 0) {
        return hm_error_set(error, HM_SHAPE_MISMATCH,
                "`%s` is one value, but a table is made of arrays", column->name);
    }
    if (column->value.many.length != columns[0].value.many.length) {
        return hm_error_set(error, HM_LENGTH_MISMATCH,
                "`%s` has %zu elements, but `%s` has %zu: columns of one table are "
                "equally long",
                column->name, column->value.many.length, columns[0].name,
                columns[0].value.many.length);
    }
    const char *name = lowered(arena, column->name);
    uint32_t *number = name != NULL ? hm_names_put(seen, name) : NULL;
    if (number == NULL) {
        return hm_error_no_memory(error);
    }
    if (*number != HM_NAMES_ABSENT) {
        return hm_error_set(error, HM_DUPLICATE_NAME,
                "columns `%s` and `%s` have one name to DuckDB", columns[*number].name,
                column->name);
    }
    *number = (uint32_t)i;
    return HM_OK;
}

hm_status hm_give_check(const hm_binding *columns, size_t count, hm_error *error) {
    hm_arena arena;
    hm_names seen;
    hm_arena_init(&arena, hm_allocator_default());
    hm_names_init(&seen, hm_allocator_default());
    hm_status status =
            count > 0 ? HM_OK
                      : hm_error_set(error, HM_BAD_ARGUMENT, "there are no columns");
    for (size_t i = 0; i < count && status == HM_OK; i++) {
        status = check_column(columns, i, &arena, &seen, error);
    }
    hm_names_finish(&seen);
    hm_arena_finish(&arena);
    return status;
}

hm_status hm_give_types(const hm_binding *columns, size_t count,
        duckdb_logical_type *types, hm_error *error) {
    for (size_t i = 0; i < count; i++) {
        const hm_binding *column = &columns[i];
        hm_error detail;
        hm_status status = hm_give_type(
                column->value.type, column->value.depth - 1, &types[i], &detail);
        if (status != HM_OK) {
            return hm_error_set(
                    error, status, "column `%s`: %s", column->name, detail.message);
        }
    }
    return HM_OK;
}
