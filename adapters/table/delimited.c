// delimited.c — CSV and TSV as RFC 4180 has them, in one pass over the text.
//
// Where the RFC is silent: LF, CRLF and a lone CR all end a line; empty lines are
// passed over; a quote within an unquoted field is an ordinary character. What is no
// CSV (a field too many, a quote that is not closed, something behind a closing quote)
// is an error that names the row, since guessing would shift values between columns
// unseen.

#include <string.h>

#include "adapters/table/columns.h"
#include "base/error.h"
#include "base/utf8.h"

typedef struct reader {
    hm_table *table;
    const char *at;
    const char *end;
    char delimiter;
    bool in_header;
    size_t row; // from 0, the header not counted
} reader;

typedef struct field {
    const char *text; // between the quotes, if there are any
    size_t length;
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
    return csv->in_header ? hm_error_set(csv->table->error, HM_BAD_DATA,
                                    "the header: %s", message)
                          : hm_error_set(csv->table->error, HM_BAD_DATA, "row %zu: %s",
                                    csv->row + 1, message);
}

static hm_status next_quoted(reader *csv, field *found) {
    const char *first = csv->at + 1;
    *found = (field){.text = first};
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

// Takes the field at `at`, which then stands on what ended it.
static hm_status next_field(reader *csv, field *found) {
    if (csv->at < csv->end && *csv->at == '"') {
        return next_quoted(csv, found);
    }
    const char *at = csv->at;
    while (!ends_field(csv, at)) {
        at++;
    }
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
    char *copy = hm_arena_take(&csv->table->arena, found->length, 1);
    if (copy == NULL) {
        return hm_error_no_memory(csv->table->error);
    }
    char *to = copy;
    for (size_t i = 0; i < found->length; i++) {
        *to++ = found->text[i];
        i += found->text[i] == '"';
    }
    *found = (field){.text = copy, .length = (size_t)(to - copy)};
    return HM_OK;
}

static hm_status read_name(reader *csv) {
    hm_table *table = csv->table;
    field found;
    HM_TRY(next_field(csv, &found));
    HM_TRY(unescape(csv, &found));
    if (!hm_utf8_is(found.text, found.length)) {
        return hm_error_set(table->error, HM_BAD_DATA,
                "the name of column %zu is not UTF-8 text", table->name_count + 1);
    }
    const char *name = hm_arena_slice(&table->arena, found.text, found.length);
    if (name == NULL) {
        return hm_error_no_memory(table->error);
    }
    size_t index;
    hm_status status = hm_columns_add(table, name, &index);
    if (status == HM_DUPLICATE_NAME) {
        return hm_error_set(table->error, HM_DUPLICATE_NAME,
                "two columns have the name `%s`", name);
    }
    return status;
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

static hm_status read_row(reader *csv) {
    hm_table *table = csv->table;
    size_t count = 0;
    do {
        field found;
        HM_TRY(next_field(csv, &found));
        hm_table_column *column =
                count < table->name_count ? table->names[count].column : NULL;
        if (column != NULL) {
            HM_TRY(unescape(csv, &found));
            HM_TRY(hm_column_put_field(
                    table, column, csv->row, found.text, found.length));
        }
        count++;
    } while (pass_delimiter(csv));
    if (count != table->name_count) {
        return hm_error_set(table->error, HM_BAD_DATA,
                "row %zu has %zu field%s, but the header has %zu", csv->row + 1, count,
                count == 1 ? "" : "s", table->name_count);
    }
    pass_line_end(csv);
    return HM_OK;
}

// No more rows can follow than lines.
static size_t count_lines(const char *at, const char *end) {
    size_t count = 1;
    for (const char *line = at; (line = memchr(line, '\n', (size_t)(end - line)));) {
        count++;
        line++;
    }
    for (const char *line = at; (line = memchr(line, '\r', (size_t)(end - line)));) {
        line++;
        count += line == end || *line != '\n';
    }
    return count;
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
            .at = text,
            .end = text + length,
            .delimiter = delimiter,
            .in_header = true};
    pass_empty_lines(&csv);
    csv.delimiter = delimiter == ',' ? find_delimiter(&csv) : delimiter;
    HM_TRY(read_header(&csv));
    table->row_limit = count_lines(csv.at, csv.end);
    for (;;) {
        pass_empty_lines(&csv);
        if (csv.at == csv.end) {
            break;
        }
        HM_TRY(read_row(&csv));
        csv.row++;
    }
    return hm_columns_complete(table, csv.row);
}
