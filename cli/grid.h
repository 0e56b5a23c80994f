// grid.h — a table of texts: printed for the eye, or as CSV.

#ifndef HM_CLI_GRID_H
#define HM_CLI_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/status.h>

#include "cli/session.h"

typedef enum hm_align {
    HM_ALIGN_LEFT,
    HM_ALIGN_RIGHT,
} hm_align;

typedef struct hm_grid_column {
    const char *title; // kept
    hm_align align;
} hm_grid_column;

// Zeroed at first but for columns and column_count. Its memory is the session's.
typedef struct hm_grid {
    const hm_grid_column *columns; // kept
    size_t column_count;
    const char **cells; // row by row
    size_t cell_count;
    size_t capacity;
    bool hide_titles;
    bool keep_together; // a row is one line, whose last cell is shortened where needed
} hm_grid;

// Adds the next cell, kept; rows fill from left to right. NULL, as hm_session_text
// gives it, is memory that ran out.
hm_status hm_grid_add(hm_session *session, hm_grid *grid, const char *cell);

// Prints to standard output, columns aligned. Where they are wider than a terminal, the
// first column is repeated beside as many others as fit at a time.
hm_status hm_grid_print(hm_session *session, const hm_grid *grid);

// Prints to standard output as CSV.
hm_status hm_grid_print_csv(hm_session *session, const hm_grid *grid);

#endif
