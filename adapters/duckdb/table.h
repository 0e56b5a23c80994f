// table.h — columns while they are read out of DuckDB, and afterwards.

#ifndef HM_ADAPTERS_DUCKDB_TABLE_H
#define HM_ADAPTERS_DUCKDB_TABLE_H

#include <stdatomic.h>
#include <stddef.h>

#include <hamilton/duckdb.h>

#include "adapters/duckdb/conversion.h"
#include "adapters/duckdb/database.h"
#include "adapters/duckdb/take.h"
#include "base/arena.h"
#include "base/text.h"

// A column that is wanted and was found.
typedef struct hm_duckdb_column {
    const char *name;
    size_t source; // its place among all that were found
    hm_conversion conversion;
    hm_value value; // once all is read

    void *elements;
    size_t element_bytes;
    _Atomic(unsigned char) *bits; // see hm_place
    atomic_bool has_missing;
} hm_duckdb_column;

// A taker belongs to the table, since texts and inner arrays lie in its arena.
typedef struct hm_table_taker {
    hm_taker taker;
    struct hm_table_taker *next;      // of all
    struct hm_table_taker *next_idle; // of those that no thread has
} hm_table_taker;

struct hm_duckdb_table {
    const hm_allocator *allocator;
    hm_arena arena;
    size_t row_count;

    const char **names; // of all columns that were found
    size_t name_count;
    bool has_row_number; // one of them has the name of DuckDB's own

    hm_duckdb_column *columns;
    size_t column_count;
    hm_table_taker *takers;

    // The fault of the lowest row, and there of the first column.
    hm_status fault;
    size_t fault_row;
    size_t fault_column;
    char fault_message[256];
};

// Gives each column memory for row_count elements.
HM_MUST_CHECK hm_status hm_duckdb_table_allocate(
        hm_duckdb_table *table, size_t row_count, hm_error *error);

// A taker that is new, or NULL. One thread at a time.
hm_table_taker *hm_duckdb_table_add_taker(hm_duckdb_table *table);

// Takes count rows of a chunk into a column, from vector row `from` to table row `row`.
// False if it cannot; the caller then notes it with hm_duckdb_table_note.
bool hm_duckdb_table_take(hm_duckdb_table *table, hm_taker *taker, size_t column,
        duckdb_vector vector, size_t from, size_t count, size_t row, size_t *fault_row);

// Keeps the fault that a taker tells of, unless there is one that comes before it. One
// thread at a time.
void hm_duckdb_table_note(
        hm_duckdb_table *table, const hm_taker *taker, size_t row, size_t column);

// The fault that was noted, with row and column.
hm_status hm_duckdb_table_fault(const hm_duckdb_table *table, hm_error *error);

// Appends the column as SQL wants it: by its place, as text if it is to be that.
void hm_duckdb_column_select(hm_text *sql, const hm_duckdb_column *column);

// Appends AS t(c0, c1, ...): a name for each of the columns.
void hm_duckdb_table_rename(hm_text *sql, const hm_duckdb_table *table);

// Two ways to fill the columns of a table, whose names, conversions and memory are
// there already or, with the second, not yet the memory:

// A Parquet file, by all of DuckDB's threads at once: each takes what it has decoded
// to where its rows belong. No list may be among the columns.
HM_MUST_CHECK hm_status hm_duckdb_scan(hm_duckdb_table *table,
        const hm_database *database, const char *path, hm_error *error);

// What a source, as it stands after FROM, answers.
HM_MUST_CHECK hm_status hm_duckdb_fetch(hm_duckdb_table *table,
        const hm_database *database, const char *source, hm_error *error);

// Appends read_parquet(...) of a file, with the rows' numbers as its last column if
// they are wanted.
void hm_duckdb_parquet(hm_text *sql, const char *path, bool with_row_number);

#endif
