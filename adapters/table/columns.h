// columns.h — a table while it is read: which columns the file has, which of them are
// wanted, and the values so far. The readers of all formats put what they find here.

#ifndef HM_ADAPTERS_TABLE_COLUMNS_H
#define HM_ADAPTERS_TABLE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/table.h>

#include "base/arena.h"
#include "base/json_scan.h"
#include "base/names.h"

// A column that is wanted.
typedef struct hm_table_column {
    const char *name;
    const hm_type *type;
    hm_value value; // once the file is read; its type is NULL if the file lacks the
                    // column

    // While the file is read, a column holds either values, as many as there may be
    // rows, or the JSON text of each cell: objects and arrays become values at the end,
    // when their depth is known.
    void *elements;
    hm_json_slice *cells; // text NULL where the cell is missing
    bool has_values;      // some cell so far was not missing
} hm_table_column;

// A column of the file.
typedef struct hm_file_column {
    const char *name;
    hm_table_column *column; // NULL if nobody wants it
    size_t last_row;         // in which JSON had a member of this name, from 1
} hm_file_column;

struct hm_table {
    const hm_allocator *allocator;
    hm_arena arena; // all that outlives the reading, the table itself excepted
    size_t row_count;

    hm_table_column *columns;
    size_t column_count;
    hm_names wanted; // name to index of columns

    hm_file_column *names;
    size_t name_count;
    size_t name_capacity;
    hm_names known; // name to index of names

    // While the file is read.
    size_t row_limit; // no more rows than this can follow
    hm_error *error;  // gets messages without the file's name
};

// Copies what is wanted. allocator is kept.
HM_MUST_CHECK hm_status hm_columns_init(hm_table *table, const hm_column *wanted,
        size_t wanted_count, const hm_allocator *allocator, hm_error *error);

void hm_columns_finish(hm_table *table);

// Adds a column that the file has; name belongs to the arena. *index is its place in
// names, which may move. A name that is known already is HM_DUPLICATE_NAME, without a
// message.
HM_MUST_CHECK hm_status hm_columns_add(
        hm_table *table, const char *name, size_t *index);

// Puts the text of a field of a CSV file at a row, from 0. text is borrowed until
// hm_columns_complete(), but for strings, which are copied.
HM_MUST_CHECK hm_status hm_column_put_field(hm_table *table, hm_table_column *column,
        size_t row, const char *text, size_t length);

// Puts checked JSON, borrowed until hm_columns_complete().
HM_MUST_CHECK hm_status hm_column_put_json(
        hm_table *table, hm_table_column *column, size_t row, hm_json_slice text);

// The value of a column as a whole, which may be a single one, from checked JSON.
HM_MUST_CHECK hm_status hm_column_set_json(
        hm_table *table, hm_table_column *column, hm_json_slice text);

// All row_count rows are there: makes the values.
HM_MUST_CHECK hm_status hm_columns_complete(hm_table *table, size_t row_count);

// One reader for each format: fills a table from the text of a file.
HM_MUST_CHECK hm_status hm_read_delimited(
        hm_table *table, const char *text, size_t length, char delimiter);
HM_MUST_CHECK hm_status hm_read_json(hm_table *table, const char *text, size_t length);
HM_MUST_CHECK hm_status hm_read_json_lines(
        hm_table *table, const char *text, size_t length);

#endif
