// grid.c — see grid.h.

#include "cli/grid.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/terminal.h"

enum { GAP = 2 }; // blanks between columns

// What would move the cursor is shown as its escape, so that a row is one line.
static const char *printable(hm_session *session, const char *cell) {
    size_t special = 0;
    for (const char *at = cell; *at != '\0'; at++) {
        special += (unsigned char)*at < 0x20 || *at == 0x7f;
    }
    if (special == 0) {
        return cell;
    }
    size_t size = strlen(cell) + special * 3 + 1;
    char *copy = hm_arena_take(&session->arena, size, 1);
    if (copy == NULL) {
        return NULL;
    }
    char *end = copy;
    for (const char *at = cell; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte == '\n' || byte == '\t') {
            *end++ = '\\';
            *end++ = byte == '\n' ? 'n' : 't';
        } else if (byte < 0x20 || byte == 0x7f) {
            end += snprintf(end, 5, "\\x%02x", byte);
        } else {
            *end++ = *at;
        }
    }
    *end = '\0';
    return copy;
}

hm_status hm_grid_add(hm_session *session, hm_grid *grid, const char *cell) {
    if (cell == NULL) {
        return hm_session_no_memory(session);
    }
    if (grid->cell_count == grid->capacity) {
        size_t capacity = grid->capacity == 0 ? 64 : grid->capacity * 2;
        const char **cells = hm_arena_array(&session->arena, capacity, sizeof *cells);
        if (cells == NULL) {
            return hm_session_no_memory(session);
        }
        if (grid->cell_count > 0) {
            memcpy(cells, grid->cells, grid->cell_count * sizeof *cells);
        }
        grid->cells = cells;
        grid->capacity = capacity;
    }
    grid->cells[grid->cell_count++] = cell;
    return HM_OK;
}

// The width that each column needs.
static size_t *measure(hm_session *session, const hm_grid *grid) {
    size_t *widths =
            hm_arena_array(&session->arena, grid->column_count, sizeof *widths);
    for (size_t c = 0; widths != NULL && c < grid->column_count; c++) {
        widths[c] = grid->hide_titles ? 0 : hm_terminal_width(grid->columns[c].title);
    }
    for (size_t i = 0; widths != NULL && i < grid->cell_count; i++) {
        size_t width = hm_terminal_width(grid->cells[i]);
        size_t *most = &widths[i % grid->column_count];
        *most = width > *most ? width : *most;
    }
    return widths;
}

// A cell in its column, shortened if it is wider. *blanks is how many are due before
// what comes next, so that no row ends with them.
static void print_cell(const char *cell, size_t width, hm_align align, size_t *blanks) {
    size_t needed;
    size_t bytes = hm_terminal_fit(cell, width, &needed);
    const char *mark = "";
    if (cell[bytes] != '\0') {
        bytes = hm_terminal_fit(cell, width - 1, &needed);
        needed++;
        mark = "…";
    }
    size_t padding = needed < width ? width - needed : 0;
    *blanks += align == HM_ALIGN_RIGHT ? padding : 0;
    if (needed > 0) {
        printf("%*s%.*s%s", (int)*blanks, "", (int)bytes, cell, mark);
        *blanks = 0;
    }
    *blanks += GAP + (align == HM_ALIGN_LEFT ? padding : 0);
}

// The columns from `first` to before `end`, after the leading one.
static void print_block(const hm_grid *grid, const size_t *widths, size_t first,
        size_t end, const hm_terminal *terminal) {
    size_t row_count = grid->cell_count / grid->column_count;
    for (size_t r = 0; r <= row_count; r++) {
        if (r == 0 && grid->hide_titles) {
            continue;
        }
        bool is_bold = r == 0 && terminal->has_colour;
        size_t blanks = 0;
        fputs(is_bold ? "\033[1m" : "", stdout);
        for (size_t c = 0; c < end; c = c == 0 ? first : c + 1) {
            const char *cell = r == 0 ? grid->columns[c].title
                                      : grid->cells[(r - 1) * grid->column_count + c];
            print_cell(cell, widths[c], grid->columns[c].align, &blanks);
        }
        fputs(is_bold ? "\033[0m\n" : "\n", stdout);
    }
}

// How many of the columns from `first` on go beside the leading one: the end of the
// block. Its last column is shortened if the block is still too wide.
static size_t fit_columns(
        const hm_grid *grid, size_t *widths, size_t first, size_t limit) {
    enum { NARROWEST = 8 };
    size_t width = widths[0];
    size_t end = first;
    while (end < grid->column_count &&
            (width + GAP + widths[end] <= limit ||
                    (grid->keep_together && width + GAP + NARROWEST <= limit) ||
                    (!grid->keep_together && end == first))) {
        width += GAP + widths[end++];
    }
    size_t *last = &widths[end > first ? end - 1 : 0];
    if (width > limit) {
        size_t others = width - *last;
        *last = others + NARROWEST <= limit ? limit - others : NARROWEST;
    }
    return end;
}

hm_status hm_grid_print(hm_session *session, const hm_grid *grid) {
    hm_terminal terminal = hm_terminal_of(stdout);
    for (size_t i = 0; i < grid->cell_count; i++) {
        grid->cells[i] = printable(session, grid->cells[i]);
        if (grid->cells[i] == NULL) {
            return hm_session_no_memory(session);
        }
    }
    size_t *widths = measure(session, grid);
    if (widths == NULL) {
        return hm_session_no_memory(session);
    }
    size_t first = 1;
    do {
        size_t end = fit_columns(grid, widths, first, terminal.width);
        if (first > 1) {
            fputs("\n", stdout);
        }
        print_block(grid, widths, first, end, &terminal);
        first = grid->keep_together ? grid->column_count : end;
    } while (first < grid->column_count);
    return HM_OK;
}

static void print_csv_cell(const char *cell, char end) {
    if (strpbrk(cell, ",\"\r\n") == NULL) {
        printf("%s%c", cell, end);
        return;
    }
    putchar('"');
    for (const char *at = cell; *at != '\0'; at++) {
        if (*at == '"') {
            putchar('"');
        }
        putchar(*at);
    }
    printf("\"%c", end);
}

hm_status hm_grid_print_csv(hm_session *session, const hm_grid *grid) {
    (void)session;
    for (size_t c = 0; c < grid->column_count; c++) {
        print_csv_cell(
                grid->columns[c].title, c + 1 == grid->column_count ? '\n' : ',');
    }
    for (size_t i = 0; i < grid->cell_count; i++) {
        print_csv_cell(grid->cells[i], (i + 1) % grid->column_count == 0 ? '\n' : ',');
    }
    return HM_OK;
}
