// duckdb.h — columns from Parquet files and SQL, and to Parquet files and tables: a
// component of its own, libhamilton_duckdb, since it needs DuckDB. Only programs that
// link it have these functions.
//
//     const hm_column columns[] = {{"delay", &hm_type_double}};
//     hm_duckdb_options options = HM_DUCKDB_OPTIONS_INIT;
//     options.path = "flights.parquet";
//     options.columns = columns;
//     options.column_count = 1;
//     hm_duckdb_table *table;
//     if (hm_duckdb_read(&options, &table, &error) == HM_OK) {
//         const hm_value *delay = hm_duckdb_find(table, "delay");
//         ...
//         hm_duckdb_table_destroy(table);
//     }
//
// What DuckDB's types become, where the wanted type is
//
//     an integer     whole numbers that it holds exactly, decimals without a scale
//     floating       whole numbers that it holds exactly; floats and doubles as what is
//                    nearest and finite; decimals by way of a double
//     either         also times of day, in microseconds
//     a time         dates and timestamps of any unit, each of which it holds exactly,
//                    in UTC; whole numbers, which count its unit
//     bool           booleans, and whole numbers that are 0 or 1
//     a string       text, enums, UUIDs; dates and times as 2001-12-31 08:15:00
//     a struct       structs with a member for each of its fields; others are passed
//                    over
//
// A list becomes an array, a list of lists an array of arrays. All else is refused,
// with a message that names the column, what was found and what was wanted.
//
// A missing value is NaN for floating types. For others it is marked in the column's
// validity bitmap, which is there only if something is missing; in its place are zeros,
// "" or an empty array. A member of a struct has no mark: missing, it is an error, but
// for NaN and "".

#ifndef HAMILTON_DUCKDB_H
#define HAMILTON_DUCKDB_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/data_format.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/table.h>
#include <hamilton/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_duckdb_options {
    size_t struct_size;

    /// What is read, one of the two: a Parquet file, or what one SQL statement answers.
    const char *path;
    const char *sql;

    /// A DuckDB file that sql is asked of, opened for reading only. NULL means a
    /// database in memory, from which SQL reads data files by their names.
    const char *database;

    /// Only these are read; wanting one that is not there is no error. Borrowed.
    const hm_column *columns;
    size_t column_count;

    /// How many threads DuckDB has while it reads; 0 means one for each processor.
    uint32_t thread_count;

    const hm_allocator *allocator; ///< Of the columns. Kept. NULL means the default
} hm_duckdb_options;

#define HM_DUCKDB_OPTIONS_INIT                                                         \
    { .struct_size = sizeof(hm_duckdb_options) }

/// Columns that were read. It never changes: any thread may read it.
typedef struct hm_duckdb_table hm_duckdb_table;

/// Reads the columns that are wanted and no others. Their data are aligned to 64 bytes,
/// but for those of inner arrays. HM_IO if the file cannot be opened;
/// HM_TYPE_MISMATCH if a column cannot become what is wanted; HM_BAD_DATA for a value
/// that cannot, which names row (from 1) and column, for what is no Parquet file, and
/// for SQL that DuckDB refuses, with its words; HM_DUPLICATE_NAME if two columns have
/// one name. Nothing is downloaded. Any thread. The caller destroys *table.
HM_API HM_MUST_CHECK hm_status hm_duckdb_read(
        const hm_duckdb_options *options, hm_duckdb_table **table, hm_error *error);

/// Accepts NULL.
HM_API void hm_duckdb_table_destroy(hm_duckdb_table *table);

HM_API size_t hm_duckdb_row_count(const hm_duckdb_table *table);

/// All names that there are, in their order.
HM_API size_t hm_duckdb_name_count(const hm_duckdb_table *table);
HM_API const char *hm_duckdb_name(const hm_duckdb_table *table, size_t index);

/// The values of a column that was wanted, or NULL if there is none. Borrowed until the
/// table is destroyed.
HM_API const hm_value *hm_duckdb_find(const hm_duckdb_table *table, const char *name);

/// Writes arrays of equal length as a Parquet file, compressed by zstd, that
/// hm_duckdb_read() reads back to the same bits: numbers as what they are, times as
/// dates and timestamps, strings, structs, arrays of arrays as lists. An element that
/// is missing, or a string or object that is NULL, becomes NULL; NaN stays NaN. long
/// double, JSON, and what is only known by pointer are HM_TYPE_MISMATCH; a text that is
/// not UTF-8 and a time that DuckDB does not hold are HM_BAD_DATA, with row and column.
/// The file appears whole or not at all and keeps its permissions. HM_LENGTH_MISMATCH,
/// HM_SHAPE_MISMATCH (one value is no column) and HM_DUPLICATE_NAME (letters of either
/// case are one to DuckDB) name the columns. thread_count is as in hm_duckdb_options.
/// Any thread.
HM_API HM_MUST_CHECK hm_status hm_duckdb_write(const char *path,
        const hm_binding *columns, size_t column_count, uint32_t thread_count,
        hm_error *error);

typedef enum hm_duckdb_mode {
    HM_DUCKDB_CREATE,  ///< a new table; one that is there is refused
    HM_DUCKDB_REPLACE, ///< it takes the place of one that is there
    HM_DUCKDB_APPEND,  ///< rows behind those of a table that is there, into its columns
                       ///< of the same names; others get their defaults
} hm_duckdb_mode;

struct _duckdb_connection; // what duckdb_connection of <duckdb.h> points at

typedef struct hm_duckdb_write_options {
    size_t struct_size;

    /// Where the table is, one of the two: a DuckDB file, which is made if it is not
    /// there, or a connection of the caller's, borrowed, on which nothing else goes on.
    /// Of a file that the program itself has open it is the connection.
    const char *database;
    struct _duckdb_connection *connection;

    const char *table; ///< its name, of any characters
    hm_duckdb_mode mode;
    uint32_t thread_count; ///< of a file, as in hm_duckdb_options
} hm_duckdb_write_options;

#define HM_DUCKDB_WRITE_OPTIONS_INIT                                                   \
    { .struct_size = sizeof(hm_duckdb_write_options) }

/// Writes arrays of equal length as a table of a DuckDB database. What elements become,
/// and what is refused, is as for hm_duckdb_write(); a table that is appended to may
/// have other types, if DuckDB casts every value. All is one transaction: the table is
/// whole, or what was there before. On a connection with a transaction under way it is
/// part of that, which the caller commits, or rolls back after a failure. HM_IO if the
/// file cannot be opened, as while another process has it; HM_BAD_DATA with DuckDB's
/// words for what it refuses; HM_UNKNOWN_NAME if a table that is appended to lacks a
/// column. Any thread.
HM_API HM_MUST_CHECK hm_status hm_duckdb_write_table(
        const hm_duckdb_write_options *options, const hm_binding *columns,
        size_t column_count, hm_error *error);

/// The formats that DuckDB makes possible, for hm_driver_options.formats; both of
/// tables. Their parameters are texts:
///
///     parquet  path: of the file
///     duckdb   to load: a query, which a database (file) may be given for; or a table
///              of a database. To save: database, table, and mode: `replace`, which is
///              what is done without it, `create` or `append`, see hm_duckdb_mode
///
/// Static. Any thread.
HM_API const hm_data_format *const *hm_duckdb_formats(size_t *count);

#ifdef __cplusplus
}
#endif

#endif
