// cells.h — a cell of a table: what a file says in it, put into its column.

#ifndef HM_ADAPTERS_TABLE_CELLS_H
#define HM_ADAPTERS_TABLE_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "adapters/table/columns.h"

// Where a cell is. The part gets messages and owns strings.
typedef struct hm_cell {
    hm_table_column *column; // with room for the row
    size_t row;              // from 0; messages count from 1
    hm_part *part;
} hm_cell;

// Puts the text of a field of a CSV file: borrowed until hm_columns_complete(), but for
// strings, which are copied.
HM_MUST_CHECK hm_status hm_cell_put_field(
        const hm_cell *cell, const char *text, size_t length, bool is_quoted);

// Puts checked JSON, borrowed until hm_columns_complete().
HM_MUST_CHECK hm_status hm_cell_put_json(const hm_cell *cell, hm_json_slice text);

// No value: NaN, or zeros and a mark that it is missing.
void hm_cell_put_missing(hm_table_column *column, size_t row);

// What the first cell with a value says of how a column of numbers is to be kept; open
// if this one has none.
hm_cells hm_cell_judge(const char *text, size_t length);

#endif
