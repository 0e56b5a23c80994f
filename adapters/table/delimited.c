// delimited.c — CSV and TSV as RFC 4180 has them.
//
// The text is cut into parts. In one pass over them lines are counted, in another one
// their fields are read; both times threads share the parts. A part does not know
// whether it begins within a quoted field before those before it are counted, so where
// it has quotes its lines are counted for either case.
//
// Where the RFC is silent: LF, CRLF and a lone CR all end a line; empty lines are
// passed over; a quote within an unquoted field is an ordinary character. What is no
// CSV (a field too many, a quote that is not closed, something behind a closing quote)
// is an error that names the row, since guessing would shift values between columns
// unseen.

#include <stdint.h>
#include <string.h>

#include "adapters/table/cells.h"
#include "adapters/table/columns.h"
#include "adapters/table/lines.h"
#include "adapters/table/parts.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/number.h"
#include "base/utf8.h"

typedef struct reader {
    hm_table *table;
    hm_error *error;
    hm_arena *arena;
    const char *at;
    const char *end; // of the whole text
    char delimiter;
    bool in_header;
    size_t row; // from 0, the header not counted
} reader;

typedef struct field {
    const char *text; // between the quotes, if there are any
    size_t length;
    bool is_quoted;
    bool has_escapes; // doubled quotes
} field;

static bool is_line_end(char c) {
    return c == '\n' || c == '\r';
}

static void pass_line_end(reader *csv) {
    if (csv->at < csv->end) {
        bool is_pair =
                csv->end - csv->at > 1 && csv->at[0] == '\r' && csv->at[1] == '\n';
        csv->at += is_pair ? 2 : 1;
    }
}

static void pass_empty_lines(reader *csv) {
    while (csv->at < csv->end && is_line_end(*csv->at)) {
        csv->at++;
    }
}

static bool ends_field(const reader *csv, const char *at) {
    return at == csv->end || *at == csv->delimiter || is_line_end(*at);
}

// A fault in the line that is read: "row 3: ...".
static hm_status fail(const reader *csv, const char *message) {
    return csv->in_header
                   ? hm_error_set(csv->error, HM_BAD_DATA, "the header: %s", message)
                   : hm_error_set(csv->error, HM_BAD_DATA, "row %zu: %s", csv->row + 1,
                             message);
}

static hm_status next_quoted(reader *csv, field *found) {
    const char *first = csv->at + 1;
    *found = (field){.text = first, .is_quoted = true};
    const char *at = first;
    for (;; at += 2) {
        at = memchr(at, '"', (size_t)(csv->end - at));
        if (at == NULL) {
            return fail(csv, "a quoted field is not closed");
        }
        if (at + 1 == csv->end || at[1] != '"') {
            break;
        }
        found->has_escapes = true;
    }
    found->length = (size_t)(at - first);
    csv->at = at + 1;
    if (!ends_field(csv, csv->at)) {
        return fail(csv, "after a closing quote the field must end; a quote within a "
                         "quoted field is doubled");
    }
    return HM_OK;
}

// Whether one of eight bytes is c: subtracting one then borrows from a highest bit that
// was not set.
static bool have_byte(uint64_t bytes, char c) {
    uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t zero = bytes ^ (ones * (unsigned char)c);
    return ((zero - ones) & ~zero & (ones << 7)) != 0;
}

static const char *field_end(const reader *csv, const char *at) {
    for (; csv->end - at >= 8; at += 8) {
        uint64_t bytes;
        memcpy(&bytes, at, sizeof bytes);
        if (have_byte(bytes, csv->delimiter) || have_byte(bytes, '\n') ||
                have_byte(bytes, '\r')) {
            break;
        }
    }
    while (!ends_field(csv, at)) {
        at++;
    }
    return at;
}

// Takes the field at `at`, which then stands on what ended it.
static hm_status next_field(reader *csv, field *found) {
    if (csv->at < csv->end && *csv->at == '"') {
        return next_quoted(csv, found);
    }
    const char *at = field_end(csv, csv->at);
    *found = (field){.text = csv->at, .length = (size_t)(at - csv->at)};
    csv->at = at;
    return HM_OK;
}

// Passes the delimiter, if there is another field in the line.
static bool pass_delimiter(reader *csv) {
    if (csv->at == csv->end || *csv->at != csv->delimiter) {
        return false;
    }
    csv->at++;
    return true;
}

// The field's text without doubled quotes: itself, or a copy in the arena.
static hm_status unescape(reader *csv, field *found) {
    if (!found->has_escapes) {
        return HM_OK;
    }
    char *copy = hm_arena_take(csv->arena, found->length, 1);
    if (copy == NULL) {
        return hm_error_no_memory(csv->error);
    }
    char *to = copy;
    for (size_t i = 0; i < found->length; i++) {
        *to++ = found->text[i];
        i += found->text[i] == '"';
    }
    *found = (field){.text = copy, .length = (size_t)(to - copy), .is_quoted = true};
    return HM_OK;
}

static hm_status read_name(reader *csv) {
    hm_table *table = csv->table;
    field found;
    HM_TRY(next_field(csv, &found));
    HM_TRY(unescape(csv, &found));
    if (!hm_utf8_is(found.text, found.length)) {
        return hm_error_set(table->error, HM_BAD_DATA,
                "the name of column %zu is not UTF-8 text", table->names.count + 1);
    }
    const char *name = hm_arena_slice(&table->arena, found.text, found.length);
    if (name == NULL) {
        return hm_error_no_memory(table->error);
    }
    size_t index;
    hm_status status = hm_name_list_add(&table->names, table, name, &index);
    if (status == HM_DUPLICATE_NAME) {
        return hm_error_set(table->error, HM_DUPLICATE_NAME,
                "two columns have the name `%s`", name);
    }
    return status == HM_OK ? HM_OK : hm_error_no_memory(table->error);
}

static hm_status read_header(reader *csv) {
    if (csv->at == csv->end) {
        return hm_error_set(csv->table->error, HM_BAD_DATA,
                "it is empty: expected a line with the names of the columns");
    }
    do {
        HM_TRY(read_name(csv));
    } while (pass_delimiter(csv));
    pass_line_end(csv);
    csv->in_header = false;
    return HM_OK;
}

static bool is_number(const hm_type *type) {
    return type->kind == HM_KIND_INT || type->kind == HM_KIND_UINT ||
           type->kind == HM_KIND_FLOAT;
}

// Reads a field that is nothing but a number, as most are.
static bool pass_number(reader *csv, const hm_table_column *column) {
    const hm_type *type = column->type;
    if (column->kept == HM_CELLS_TEXT || !is_number(type)) {
        return false;
    }
    size_t length = hm_number_begin(
            type, csv->at, csv->end, (char *)column->elements + csv->row * type->size);
    if (length == 0 || !ends_field(csv, csv->at + length)) {
        return false;
    }
    csv->at += length;
    return true;
}

static hm_status read_field(reader *csv, hm_part *part, hm_table_column *column) {
    if (column != NULL && pass_number(csv, column)) {
        return HM_OK;
    }
    field found;
    HM_TRY(next_field(csv, &found));
    if (column == NULL) {
        return HM_OK;
    }
    HM_TRY(unescape(csv, &found));
    hm_cell cell = {.column = column, .row = csv->row, .part = part};
    return hm_cell_put_field(&cell, found.text, found.length, found.is_quoted);
}

static hm_status read_row(reader *csv, hm_part *part) {
    const hm_name_list *names = &csv->table->names;
    size_t count = 0;
    do {
        HM_TRY(read_field(
                csv, part, count < names->count ? names->items[count].column : NULL));
        count++;
    } while (pass_delimiter(csv));
    if (count != names->count) {
        return hm_error_set(csv->error, HM_BAD_DATA,
                "row %zu has %zu field%s, but the header has %zu: %s", csv->row + 1,
                count, count == 1 ? "" : "s", names->count,
                count > names->count
                        ? "put a field in quotes that has the separator in it"
                        : "leave a field empty where its value is missing");
    }
    pass_line_end(csv);
    return HM_OK;
}

static hm_status read_rows(hm_table *table, hm_part *part) {
    reader csv = {.table = table,
            .error = &part->error,
            .arena = &part->arena,
            .at = part->at,
            .end = part->text_end,
            .delimiter = table->delimiter,
            .row = part->first_row};
    for (size_t i = 0; i < part->row_count; i++) {
        pass_empty_lines(&csv);
        HM_TRY(read_row(&csv, part));
        csv.row++;
    }
    return HM_OK;
}

// For a part that begins as a line, and for one that begins within a quoted field.
static hm_status find_lines(hm_table *table, hm_part *part) {
    part->lines[0] = hm_lines_find(part->at, part->end, table->delimiter, false);
    part->lines[1] = hm_lines_find(part->at, part->end, table->delimiter, true);
    return HM_OK;
}

static size_t place_rows(hm_parts *parts) {
    bool is_quoted = false;
    for (size_t i = 0; i < parts->count; i++) {
        hm_part *part = &parts->items[i];
        hm_lines lines = part->lines[is_quoted];
        part->at = lines.first;
        part->row_count = lines.count;
        is_quoted = lines.ends_quoted;
    }
    return hm_parts_place(parts);
}

static bool is_open(const hm_table_column *column) {
    return column != NULL && column->kept == HM_CELLS_OPEN &&
           (is_number(column->type) || column->type->kind == HM_KIND_BOOL);
}

// Judges a row's cells; false if it is wrong, which is told when it is read.
static bool judge_row(reader *csv, size_t *open_count) {
    hm_name_list *names = &csv->table->names;
    size_t count = 0;
    *open_count = 0;
    do {
        field found;
        if (next_field(csv, &found) != HM_OK) {
            return false;
        }
        hm_table_column *column =
                count < names->count ? names->items[count].column : NULL;
        if (is_open(column)) {
            column->kept = hm_cell_judge(found.text, found.length);
        }
        *open_count += is_open(column);
        count++;
    } while (pass_delimiter(csv));
    return true;
}

// Looks at rows until it is known of each column of numbers whether it holds arrays, or
// until there were so many.
static void judge_columns(reader csv, size_t row_limit) {
    size_t open_count = 1;
    hm_error ignored;
    csv.error = &ignored;
    for (size_t i = 0; i < row_limit && open_count > 0; i++) {
        pass_empty_lines(&csv);
        if (csv.at == csv.end || !judge_row(&csv, &open_count)) {
            return;
        }
        pass_line_end(&csv);
    }
}

static hm_status reserve_columns(hm_table *table) {
    for (size_t i = 0; i < table->names.count; i++) {
        hm_table_column *column = table->names.items[i].column;
        if (column != NULL && hm_column_reserve(table, column) != HM_OK) {
            return hm_error_no_memory(table->error);
        }
    }
    return HM_OK;
}

// What cannot be a number in a column of its own is kept as text from the beginning.
static void begin_columns(hm_table *table, hm_cells numbers) {
    for (size_t i = 0; i < table->column_count; i++) {
        hm_table_column *column = &table->columns[i];
        hm_kind kind = column->type->kind;
        column->kept = kind == HM_KIND_STRUCT || kind == HM_KIND_JSON ? HM_CELLS_TEXT
                                                                      : numbers;
    }
}

enum { ROWS_JUDGED = 1000 };

// An array may stand behind many rows without any value: then all rows are judged, and
// read anew.
static hm_status read_parts(const reader *csv, hm_parts *parts) {
    hm_table *table = csv->table;
    HM_TRY(hm_parts_do(parts, find_lines));
    table->row_limit = place_rows(parts);
    begin_columns(table, HM_CELLS_OPEN);
    judge_columns(*csv, ROWS_JUDGED);
    HM_TRY(reserve_columns(table));
    hm_status status = hm_parts_do(parts, read_rows);
    if (status == HM_BAD_DATA && hm_parts_are_surprised(parts)) {
        hm_columns_reset(table, HM_CELLS_OPEN);
        begin_columns(table, HM_CELLS_OPEN);
        judge_columns(*csv, SIZE_MAX);
        HM_TRY(reserve_columns(table));
        status = hm_parts_do(parts, read_rows);
    }
    return status;
}

// Where the comma is the decimal mark, semicolons separate the fields of what is called
// CSV, and some programs write tabs. A header without a comma outside quotes tells.
static char find_delimiter(const reader *csv) {
    char found = csv->delimiter;
    bool is_quoted = false;
    for (const char *at = csv->at; at < csv->end && (is_quoted || !is_line_end(*at));
            at++) {
        is_quoted ^= *at == '"';
        if (!is_quoted && *at == csv->delimiter) {
            return csv->delimiter;
        }
        if (!is_quoted && (*at == ';' || (*at == '\t' && found != ';'))) {
            found = *at;
        }
    }
    return found;
}

hm_status hm_read_delimited(
        hm_table *table, const char *text, size_t length, char delimiter) {
    reader csv = {.table = table,
            .error = table->error,
            .arena = &table->arena,
            .at = text,
            .end = text + length,
            .delimiter = delimiter,
            .in_header = true};
    pass_empty_lines(&csv);
    csv.delimiter = delimiter == ',' ? find_delimiter(&csv) : delimiter;
    table->delimiter = csv.delimiter;
    HM_TRY(read_header(&csv));
    hm_parts parts = {0};
    hm_status status = hm_parts_init(&parts, table, csv.at, csv.end);
    if (status == HM_OK) {
        status = read_parts(&csv, &parts);
    }
    hm_parts_finish(&parts);
    return status == HM_OK ? hm_columns_complete(table, table->row_limit) : status;
}
