// read.c — rows of a query as columns. How many there are is known at the end: until
// then the elements of a column lie in chunks.

#include <string.h>

#include "adapters/sqlite/cells.h"
#include "adapters/sqlite/connection.h"
#include "adapters/sqlite/table.h"
#include "base/allocator.h"
#include "base/element.h"
#include "base/error.h"
#include "base/names.h"
#include "base/text.h"
#include "base/validity.h"

enum { CHUNK_ROWS = 4096, ALIGNMENT = 64 };

// So many rows of a column.
typedef struct hm_chunk {
    char *elements;
    uint8_t *validity;
} hm_chunk;

// A wanted column while it is read.
typedef struct hm_growing {
    const hm_column *wanted;
    int place; // among those of the query
    hm_chunk *chunks;
    size_t chunk_count;
    bool has_missing;
} hm_growing;

typedef struct hm_reading {
    sqlite3 *database;
    sqlite3_stmt *statement;
    hm_arena scratch; // until all is read
    hm_growing *growing;
    size_t count;
    size_t row_count;
    hm_sqlite_columns *made;
    hm_error *error;
} hm_reading;

static hm_status begin_chunk(hm_reading *reading, hm_growing *growing) {
    const hm_type *type = growing->wanted->type;
    growing->chunks = hm_arena_grow(&reading->scratch, growing->chunks,
            growing->chunk_count, sizeof *growing->chunks);
    if (growing->chunks == NULL) {
        return hm_error_no_memory(reading->error);
    }
    hm_chunk *chunk = &growing->chunks[growing->chunk_count++];
    *chunk = (hm_chunk){hm_arena_elements(&reading->scratch, CHUNK_ROWS, type->size,
                                type->alignment),
            hm_validity_take(&reading->scratch, CHUNK_ROWS)};
    return chunk->elements != NULL && chunk->validity != NULL
                   ? HM_OK
                   : hm_error_no_memory(reading->error);
}

static hm_status take_cell(hm_reading *reading, hm_growing *growing) {
    const hm_type *type = growing->wanted->type;
    size_t at = reading->row_count % CHUNK_ROWS;
    if (at == 0) {
        HM_TRY(begin_chunk(reading, growing));
    }
    const hm_chunk *chunk = &growing->chunks[growing->chunk_count - 1];
    void *element = chunk->elements + at * type->size;
    if (sqlite3_column_type(reading->statement, growing->place) == SQLITE_NULL) {
        hm_element_store_missing(type, element);
        if (type->kind != HM_KIND_FLOAT) {
            hm_validity_clear(chunk->validity, at);
            growing->has_missing = true;
        }
        return HM_OK;
    }
    hm_error detail;
    hm_status status = hm_sqlite_take(reading->statement, growing->place, type,
            &reading->made->arena, element, &detail);
    return status == HM_OK ? HM_OK
                           : hm_error_set(reading->error, status,
                                     "row %zu, column `%s`: %s", reading->row_count + 1,
                                     growing->wanted->name, detail.message);
}

static hm_status take_rows(hm_reading *reading) {
    int found;
    while ((found = sqlite3_step(reading->statement)) == SQLITE_ROW) {
        for (size_t i = 0; i < reading->count; i++) {
            HM_TRY(take_cell(reading, &reading->growing[i]));
        }
        reading->row_count++;
    }
    return found == SQLITE_DONE ? HM_OK
                                : hm_sqlite_error(reading->error, reading->database);
}

static hm_status put_together(
        hm_reading *reading, const hm_growing *growing, hm_value *value) {
    hm_arena *arena = &reading->made->arena;
    const hm_type *type = growing->wanted->type;
    size_t rows = reading->row_count;
    char *elements = hm_arena_elements(arena, rows, type->size, ALIGNMENT);
    uint8_t *validity = growing->has_missing ? hm_validity_take(arena, rows) : NULL;
    if (elements == NULL || (validity == NULL && growing->has_missing)) {
        return hm_error_no_memory(reading->error);
    }
    for (size_t c = 0; c < growing->chunk_count; c++) {
        size_t first = c * CHUNK_ROWS;
        size_t count = rows - first < CHUNK_ROWS ? rows - first : CHUNK_ROWS;
        memcpy(elements + first * type->size, growing->chunks[c].elements,
                count * type->size);
        if (validity != NULL) {
            memcpy(validity + first / 8, growing->chunks[c].validity, (count + 7) / 8);
        }
    }
    *value = hm_value_many(type, elements, rows);
    value->many.validity = validity;
    return HM_OK;
}

static const char *name_at(const void *reading, size_t index) {
    return sqlite3_column_name(((const hm_reading *)reading)->statement, (int)index);
}

static hm_status fail_absent(
        const hm_reading *reading, const char *name, int column_count) {
    const char *nearest =
            hm_names_nearest(name, reading, (size_t)column_count, name_at);
    return hm_error_set(reading->error, HM_BAD_DATA, "there is no column `%s`%s%s%s",
            name, nearest != NULL ? "; did you mean `" : "",
            nearest != NULL ? nearest : "", nearest != NULL ? "`?" : "");
}

static hm_status find_column(hm_reading *reading, hm_growing *growing) {
    const char *name = growing->wanted->name;
    int count = sqlite3_column_count(reading->statement);
    growing->place = -1;
    for (int i = 0; i < count; i++) {
        const char *found = sqlite3_column_name(reading->statement, i);
        if (found == NULL) {
            return hm_error_no_memory(reading->error);
        }
        if (strcmp(found, name) != 0) {
            continue;
        }
        if (growing->place >= 0) {
            return hm_error_set(reading->error, HM_DUPLICATE_NAME,
                    "two columns have the name `%s`; name them with AS", name);
        }
        growing->place = i;
    }
    return growing->place >= 0 ? HM_OK : fail_absent(reading, name, count);
}

static hm_status find_columns(
        hm_reading *reading, const hm_column *wanted, size_t count) {
    reading->growing =
            hm_arena_array(&reading->scratch, count, sizeof *reading->growing);
    if (reading->growing == NULL) {
        return hm_error_no_memory(reading->error);
    }
    reading->count = count;
    for (size_t i = 0; i < count; i++) {
        reading->growing[i].wanted = &wanted[i];
        HM_TRY(find_column(reading, &reading->growing[i]));
    }
    return HM_OK;
}

// One statement that answers rows and changes nothing.
static hm_status prepare(hm_reading *reading, const char *query) {
    const char *rest = "";
    if (sqlite3_prepare_v2(reading->database, query, -1, &reading->statement, &rest) !=
            SQLITE_OK) {
        return hm_sqlite_error(reading->error, reading->database);
    }
    rest += strspn(rest, " \t\r\n;");
    if (*rest != '\0') {
        return hm_error_set(reading->error, HM_BAD_DATA,
                "the query is more than one statement: `%.40s` is behind the first",
                rest);
    }
    bool answers = reading->statement != NULL &&
                   sqlite3_column_count(reading->statement) > 0 &&
                   sqlite3_stmt_readonly(reading->statement);
    return answers ? HM_OK
                   : hm_error_set(reading->error, HM_BAD_DATA,
                             "the query is no SELECT, and only these are asked");
}

static hm_status prepare_table(hm_reading *reading, const char *table) {
    char *query = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
    hm_status status = query != NULL ? prepare(reading, query)
                                     : hm_error_no_memory(reading->error);
    sqlite3_free(query);
    return status;
}

static hm_status make_values(hm_reading *reading) {
    hm_sqlite_columns *made = reading->made;
    made->values = hm_arena_array(&made->arena, reading->count, sizeof *made->values);
    if (made->values == NULL) {
        return hm_error_no_memory(reading->error);
    }
    for (size_t i = 0; i < reading->count; i++) {
        HM_TRY(put_together(reading, &reading->growing[i], &made->values[i]));
    }
    return HM_OK;
}

static hm_status read_all(hm_reading *reading, const char *query, const char *table,
        const hm_column *wanted, size_t wanted_count) {
    HM_TRY(query != NULL ? prepare(reading, query) : prepare_table(reading, table));
    HM_TRY(find_columns(reading, wanted, wanted_count));
    HM_TRY(take_rows(reading));
    return make_values(reading);
}

static hm_sqlite_columns *create_columns(const hm_allocator *allocator) {
    hm_sqlite_columns *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created != NULL) {
        created->allocator = allocator;
        hm_arena_init(&created->arena, allocator);
    }
    return created;
}

hm_status hm_sqlite_read(const char *path, const char *query, const char *table,
        const hm_column *wanted, size_t wanted_count, const hm_allocator *allocator,
        hm_sqlite_columns **columns, hm_error *error) {
    hm_reading reading = {.error = error};
    HM_TRY(hm_sqlite_open(path, HM_SQLITE_READ, &reading.database, error));
    allocator = hm_allocator_or_default(allocator);
    hm_arena_init(&reading.scratch, allocator);
    reading.made = create_columns(allocator);
    hm_status status = reading.made != NULL
                               ? read_all(&reading, query, table, wanted, wanted_count)
                               : hm_error_no_memory(error);
    sqlite3_finalize(reading.statement);
    hm_sqlite_close(path, reading.database);
    hm_arena_finish(&reading.scratch);
    if (status != HM_OK) {
        hm_sqlite_columns_destroy(reading.made);
        return status;
    }
    *columns = reading.made;
    return HM_OK;
}

void hm_sqlite_columns_destroy(hm_sqlite_columns *columns) {
    if (columns != NULL) {
        hm_arena_finish(&columns->arena);
        hm_deallocate_array(columns->allocator, columns, 1, sizeof *columns);
    }
}
