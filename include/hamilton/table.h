// table.h — columns from and to data files: CSV, TSV, JSON and newline-delimited JSON.
//
//     hm_table_options options = HM_TABLE_OPTIONS_INIT;
//     options.path = "spend.csv";
//     options.columns = columns; // {"spend", &hm_type_double}, ...
//     options.column_count = column_count;
//     hm_table *table;
//     if (hm_table_read(&options, &table, &error) == HM_OK) {
//         const hm_value *spend = hm_table_find(table, "spend");
//         ...
//         hm_table_destroy(table);
//     }
//
// What the formats mean:
//
//     csv, tsv  RFC 4180: a header, quoted fields, LF, CRLF or CR, empty lines and a
//               UTF-8 mark passed over; the fields of a csv may be separated by
//               semicolons or tabs instead, which a header without commas tells
//     json      an array of objects, one a row; or one object, whose arrays become
//               columns and whose other members become single values
//     ndjson    one object a line; .jsonl is the same
//
// A missing value is an empty field or one of the words nan, na, n/a, null and none in
// any case; in JSON null or a member that is not there. It is NaN for floating types;
// for others the array's validity says that it is missing, and the element is zeros, ""
// for strings. Text of strings is taken as it is, words included; a field is missing
// there if it is nothing at all, while "" in quotes is an empty string.
//
// Times are numbers or text in ISO 8601, see HM_TIME_TYPE_LIST in <hamilton/type.h>.
//
// Where a cell is a struct or an array itself, a csv field holds its JSON text. A
// column of numbers whose first value is a JSON array is read as arrays; those that are
// missing are marked, whatever their elements are.

#ifndef HAMILTON_TABLE_H
#define HAMILTON_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/type.h>
#include <hamilton/value.h>
#include <hamilton/write.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum hm_format {
    HM_FORMAT_BY_SUFFIX, ///< of the path; standard input is CSV unless it begins as
                         ///< JSON
    HM_FORMAT_CSV,
    HM_FORMAT_TSV,
    HM_FORMAT_JSON,
    HM_FORMAT_NDJSON,
} hm_format;

/// Sets *format, if it is HM_FORMAT_BY_SUFFIX, to what the path says, in any case of
/// letters. HM_BAD_ARGUMENT if it says nothing that is known. Any thread.
HM_API HM_MUST_CHECK hm_status hm_format_of_path(
        const char *path, hm_format *format, hm_error *error);

/// A column that somebody wants, and as what.
typedef struct hm_column {
    const char *name;
    const hm_type *type;
} hm_column;

typedef struct hm_table_options {
    size_t struct_size;
    const char *path; ///< "-" is standard input
    hm_format format;

    /// Only these are read; wanting one that the file lacks is no error. Borrowed.
    const hm_column *columns;
    size_t column_count;

    const hm_allocator *allocator; ///< Kept. NULL means the default

    /// How many threads read at most, the caller included; 0 is as many as there are
    /// processors. A file of less than a megabyte, and JSON that is not on lines, are
    /// read by the caller alone. What comes out does not depend on it.
    uint32_t thread_count;
} hm_table_options;

#define HM_TABLE_OPTIONS_INIT                                                          \
    { .struct_size = sizeof(hm_table_options) }

/// The columns of a file. It never changes: any thread may read it.
typedef struct hm_table hm_table;

/// Reads the columns that are wanted; a number must fit its type as for hm_json_read().
/// HM_IO if the file cannot be read; HM_BAD_DATA names row (from 1, the header not
/// counted) and column, and for what is no JSON line and column; HM_DUPLICATE_NAME if
/// two columns have one name. Any thread. The caller destroys *table.
HM_API HM_MUST_CHECK hm_status hm_table_read(
        const hm_table_options *options, hm_table **table, hm_error *error);

/// Accepts NULL.
HM_API void hm_table_destroy(hm_table *table);

/// Of one JSON object: the length of its longest array that was wanted.
HM_API size_t hm_table_row_count(const hm_table *table);

/// All names that the file has, in its order.
HM_API size_t hm_table_name_count(const hm_table *table);
HM_API const char *hm_table_name(const hm_table *table, size_t index);

/// The values of a column that was wanted, or NULL if the file lacks it. Borrowed until
/// the table is destroyed.
HM_API const hm_value *hm_table_find(const hm_table *table, const char *name);

/// Writes arrays of equal length as one table that hm_table_read() reads back to the
/// same bits; in JSON infinities become null, and a table of no rows loses its names.
/// In a CSV file of one column, of strings, a missing one reads back as empty. The
/// format follows the path's suffix unless it is given. The file appears whole or not
/// at all; it keeps its permissions. HM_BAD_DATA names row and column of text
/// that is no UTF-8. HM_LENGTH_MISMATCH, HM_SHAPE_MISMATCH (one value is no column) and
/// HM_DUPLICATE_NAME name the columns. Any thread.
HM_API HM_MUST_CHECK hm_status hm_table_write(const char *path, hm_format format,
        const hm_binding *columns, size_t column_count, hm_error *error);

/// Writes the same text piece by piece. The format must be given.
HM_API HM_MUST_CHECK hm_status hm_table_print(hm_format format,
        const hm_binding *columns, size_t column_count, hm_write *write, void *to,
        hm_error *error);

#ifdef __cplusplus
}
#endif

#endif
