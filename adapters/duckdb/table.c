// table.c — see table.h.

#include "adapters/duckdb/table.h"

#include <stdint.h>
#include <string.h>

#include "base/allocator.h"
#include "base/error.h"

enum { ALIGNMENT = 64 };

void hm_duckdb_table_destroy(hm_duckdb_table *table) {
    if (table == NULL) {
        return;
    }
    const hm_allocator *allocator = table->allocator;
    for (size_t i = 0; i < table->column_count; i++) {
        hm_deallocate(allocator, table->columns[i].elements,
                table->columns[i].element_bytes, ALIGNMENT);
    }
    while (table->takers != NULL) {
        hm_table_taker *next = table->takers->next;
        hm_taker_finish(&table->takers->taker);
        hm_deallocate_array(allocator, table->takers, 1, sizeof *table->takers);
        table->takers = next;
    }
    hm_arena_finish(&table->arena);
    hm_deallocate_array(allocator, table, 1, sizeof *table);
}

hm_status hm_duckdb_table_allocate(
        hm_duckdb_table *table, size_t row_count, hm_error *error) {
    table->row_count = row_count;
    for (size_t i = 0; i < table->column_count; i++) {
        hm_duckdb_column *column = &table->columns[i];
        if (__builtin_mul_overflow(
                    row_count, column->conversion.size, &column->element_bytes)) {
            return hm_error_no_memory(error);
        }
        column->elements =
                hm_allocate(table->allocator, column->element_bytes, ALIGNMENT);
        if (column->elements == NULL) {
            return hm_error_no_memory(error);
        }
        if (hm_conversion_needs_marks(&column->conversion)) {
            size_t bytes = row_count / 8 + 1;
            column->bits = hm_arena_take(&table->arena, bytes, 1);
            if (column->bits == NULL) {
                return hm_error_no_memory(error);
            }
            memset((void *)column->bits, 0xFF, bytes);
        }
    }
    return HM_OK;
}

hm_table_taker *hm_duckdb_table_add_taker(hm_duckdb_table *table) {
    hm_table_taker *added = hm_allocate_array(table->allocator, 1, sizeof *added);
    if (added != NULL) {
        hm_taker_init(&added->taker, table->allocator);
        added->next = table->takers;
        table->takers = added;
    }
    return added;
}

bool hm_duckdb_table_take(hm_duckdb_table *table, hm_taker *taker, size_t column,
        duckdb_vector vector, size_t from, size_t count, size_t row,
        size_t *fault_row) {
    hm_duckdb_column *to = &table->columns[column];
    size_t size = to->conversion.size;
    const hm_place place = {.elements = (char *)to->elements + row * size,
            .stride = size,
            .bits = to->bits,
            .first_bit = row,
            .has_missing = &to->has_missing};
    size_t taken = hm_take(taker, &to->conversion, vector, from, count, &place);
    *fault_row = row + taken;
    return taken == count;
}

void hm_duckdb_table_note(
        hm_duckdb_table *table, const hm_taker *taker, size_t row, size_t column) {
    bool is_first = table->fault == HM_OK || row < table->fault_row ||
                    (row == table->fault_row && column < table->fault_column);
    if (taker->status == HM_NO_MEMORY || table->fault == HM_NO_MEMORY) {
        table->fault = HM_NO_MEMORY;
    } else if (is_first) {
        table->fault = taker->status;
        table->fault_row = row;
        table->fault_column = column;
        memcpy(table->fault_message, taker->message, sizeof table->fault_message);
    }
}

hm_status hm_duckdb_table_fault(const hm_duckdb_table *table, hm_error *error) {
    return table->fault == HM_NO_MEMORY
                   ? hm_error_no_memory(error)
                   : hm_error_set(error, table->fault, "row %zu, column `%s`: %s",
                             table->fault_row + 1,
                             table->columns[table->fault_column].name,
                             table->fault_message);
}

void hm_duckdb_column_select(hm_text *sql, const hm_duckdb_column *column) {
    hm_text_format(sql, column->conversion.as_text ? "CAST(c%zu AS VARCHAR)" : "c%zu",
            column->source);
}

void hm_duckdb_table_rename(hm_text *sql, const hm_duckdb_table *table) {
    hm_text_append(sql, " AS t(");
    for (size_t i = 0; i < table->name_count; i++) {
        hm_text_format(sql, "%sc%zu", i > 0 ? ", " : "", i);
    }
    hm_text_append(sql, ")");
}

void hm_duckdb_parquet(hm_text *sql, const char *path, bool with_row_number) {
    hm_text_append(sql, "read_parquet(");
    hm_text quoted;
    hm_text_init(&quoted, sql->allocator);
    hm_text_append(&quoted, path[0] == '~' ? "./" : ""); // or it means a home
    hm_text_append(&quoted, path);
    hm_database_quote(sql, '\'', hm_text_get(&quoted));
    sql->failed |= quoted.failed;
    hm_text_finish(&quoted);
    hm_text_append(sql, ", hive_partitioning = false");
    hm_text_append(sql, with_row_number ? ", file_row_number = true)" : ")");
}

size_t hm_duckdb_row_count(const hm_duckdb_table *table) {
    return table->row_count;
}

size_t hm_duckdb_name_count(const hm_duckdb_table *table) {
    return table->name_count;
}

const char *hm_duckdb_name(const hm_duckdb_table *table, size_t index) {
    return table->names[index];
}

const hm_value *hm_duckdb_find(const hm_duckdb_table *table, const char *name) {
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i].name, name) == 0) {
            return &table->columns[i].value;
        }
    }
    return NULL;
}
