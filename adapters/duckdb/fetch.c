// fetch.c — the answer to a query. DuckDB computes it with all its threads and keeps it
// in pieces, whose rows are only known when all are there; then each piece is taken.

#include "adapters/duckdb/table.h"
#include "base/error.h"

// Grows in the arena, at the end of which the pieces themselves are destroyed already.
typedef struct hm_pieces {
    duckdb_data_chunk *items;
    size_t count;
    size_t row_count;
} hm_pieces;

static hm_status collect(
        hm_pieces *pieces, duckdb_result result, hm_arena *arena, hm_error *error) {
    duckdb_data_chunk piece;
    while ((piece = duckdb_fetch_chunk(result)) != NULL) {
        duckdb_data_chunk *items =
                hm_arena_grow(arena, pieces->items, pieces->count, sizeof *items);
        if (items == NULL) {
            duckdb_destroy_data_chunk(&piece);
            return hm_error_no_memory(error);
        }
        pieces->items = items;
        pieces->items[pieces->count++] = piece;
        pieces->row_count += duckdb_data_chunk_get_size(piece);
    }
    const char *words = duckdb_result_error(&result);
    return words == NULL ? HM_OK : hm_database_error(error, words);
}

static hm_status take_pieces(
        hm_duckdb_table *table, const hm_pieces *pieces, hm_error *error) {
    HM_TRY(hm_duckdb_table_allocate(table, pieces->row_count, error));
    hm_table_taker *taker = hm_duckdb_table_add_taker(table);
    if (taker == NULL) {
        return hm_error_no_memory(error);
    }
    size_t row = 0;
    for (size_t p = 0; p < pieces->count && table->fault == HM_OK; p++) {
        size_t count = duckdb_data_chunk_get_size(pieces->items[p]);
        for (size_t i = 0; i < table->column_count; i++) {
            size_t fault_row;
            duckdb_vector vector = duckdb_data_chunk_get_vector(pieces->items[p], i);
            if (!hm_duckdb_table_take(
                        table, &taker->taker, i, vector, 0, count, row, &fault_row)) {
                hm_duckdb_table_note(table, &taker->taker, fault_row, i);
            }
        }
        row += count;
    }
    return table->fault == HM_OK ? HM_OK : hm_duckdb_table_fault(table, error);
}

static hm_status query(hm_duckdb_table *table, const hm_database *database,
        const char *source, duckdb_result *result, hm_error *error) {
    hm_text sql;
    hm_text_init(&sql, table->allocator);
    hm_text_append(&sql, "SELECT ");
    for (size_t i = 0; i < table->column_count; i++) {
        hm_text_append(&sql, i > 0 ? ", " : "");
        hm_duckdb_column_select(&sql, &table->columns[i]);
    }
    hm_text_append(&sql, " FROM ");
    hm_text_append(&sql, source);
    hm_duckdb_table_rename(&sql, table);
    hm_status status =
            sql.failed ? hm_error_no_memory(error)
                       : hm_database_query(database, hm_text_get(&sql), result, error);
    hm_text_finish(&sql);
    return status;
}

hm_status hm_duckdb_fetch(hm_duckdb_table *table, const hm_database *database,
        const char *source, hm_error *error) {
    duckdb_result result;
    HM_TRY(query(table, database, source, &result, error));
    hm_pieces pieces = {0};
    hm_arena arena;
    hm_arena_init(&arena, table->allocator);
    hm_status status = collect(&pieces, result, &arena, error);
    if (status == HM_OK) {
        status = take_pieces(table, &pieces, error);
    }
    for (size_t i = 0; i < pieces.count; i++) {
        duckdb_destroy_data_chunk(&pieces.items[i]);
    }
    hm_arena_finish(&arena);
    duckdb_destroy_result(&result);
    return status;
}
