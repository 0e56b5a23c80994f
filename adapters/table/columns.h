// columns.h — a table while it is read: which columns the file has, which of them are
// wanted, and the values so far. The readers of all formats put what they find here.

#ifndef HM_ADAPTERS_TABLE_COLUMNS_H
#define HM_ADAPTERS_TABLE_COLUMNS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include <hamilton/table.h>

#include "adapters/table/lines.h"
#include "base/arena.h"
#include "base/json_scan.h"
#include "base/names.h"

// How the cells of a column are kept while the file is read.
typedef enum hm_cells {
    HM_CELLS_OPEN,   // as values, as long as no array is seen
    HM_CELLS_VALUES, // in their final place
    HM_CELLS_TEXT, // as JSON text: they become values at the end, when it is known how
                   // deep their arrays nest
} hm_cells;

// A column that is wanted.
typedef struct hm_table_column {
    const char *name;
    const hm_type *type;
    hm_value value; // once the file is read; its type is NULL if the file lacks the
                    // column

    // While the file is read.
    hm_cells kept;
    void *elements;       // one for each row, if values are kept
    hm_json_slice *texts; // likewise, if text is; text NULL where the cell is missing
    uint8_t *validity;    // beside elements that have no NaN
    atomic_bool has_missing;
} hm_table_column;

// A column of the file.
typedef struct hm_file_column {
    const char *name;
    hm_table_column *column; // NULL if nobody wants it
    size_t last_row;         // in which JSON had a member of this name, from 1
} hm_file_column;

// The columns of a file, in the order in which it tells them.
typedef struct hm_name_list {
    const hm_allocator *allocator;
    hm_file_column *items;
    size_t count;
    size_t capacity;
    hm_names known; // name to index of items
} hm_name_list;

struct hm_table {
    const hm_allocator *allocator;
    hm_arena arena; // all that outlives the reading, the table itself excepted
    size_t row_count;

    hm_table_column *columns;
    size_t column_count;
    hm_names wanted; // name to index of columns

    hm_name_list names;

    // While the file is read.
    size_t row_limit; // no more rows than this are in it
    hm_error *error;  // gets messages without the file's name, or NULL
    uint32_t thread_count;
    size_t part_size; // of text that a thread reads at once, in bytes
    char delimiter;
    bool has_lock;
    uv_mutex_t lock; // of the arena, and of making room for a column
};

// Some rows of the file that one thread reads, with what it needs for itself.
typedef struct hm_part {
    const char *text; // of all parts
    const char *text_end;
    const char *at;   // where the part begins, then its first row
    const char *end;  // a row that begins before it may end behind it
    size_t first_row; // from 0
    size_t row_count;
    hm_lines lines[2];  // of CSV, by whether the part begins within a quoted field
    hm_arena arena;     // for strings
    hm_name_list names; // that these rows have, in JSON
    hm_status status;
    hm_error error;
    bool is_surprised; // failed because a column holds arrays and was not known to
} hm_part;

// Copies what is wanted. allocator is kept. The table must be finished even if this
// fails.
HM_MUST_CHECK hm_status hm_columns_init(hm_table *table, const hm_column *wanted,
        size_t wanted_count, const hm_allocator *allocator, hm_error *error);

void hm_columns_finish(hm_table *table);

void hm_name_list_init(hm_name_list *names, const hm_allocator *allocator);
void hm_name_list_finish(hm_name_list *names);

// Adds a column that the file has; name is kept. *index is its place in the list, whose
// items may move. A name that is known already is HM_DUPLICATE_NAME, without a message,
// and only running out of memory fails otherwise.
HM_MUST_CHECK hm_status hm_name_list_add(
        hm_name_list *names, const hm_table *table, const char *name, size_t *index);

// The file has the column: makes room for row_limit cells, if that is not done yet. Any
// thread.
HM_MUST_CHECK hm_status hm_column_reserve(hm_table *table, hm_table_column *column);

// Forgets what was put, for another way to keep cells.
void hm_columns_reset(hm_table *table, hm_cells kept);

// All row_count rows are there: makes the values.
HM_MUST_CHECK hm_status hm_columns_complete(hm_table *table, size_t row_count);

// One reader for each format: fills a table from the text of a file.
HM_MUST_CHECK hm_status hm_read_delimited(
        hm_table *table, const char *text, size_t length, char delimiter);
HM_MUST_CHECK hm_status hm_read_json(hm_table *table, const char *text, size_t length);
HM_MUST_CHECK hm_status hm_read_json_lines(
        hm_table *table, const char *text, size_t length);

#endif
