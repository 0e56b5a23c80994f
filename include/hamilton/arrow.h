// arrow.h — columns from and to other libraries, without a copy: the Arrow C data
// interface and C stream interface, import and export.
//
//     hm_arrow_columns *columns;
//     if (hm_arrow_import(NULL, &schema, &batch, &columns, &error) == HM_OK) {
//         request.inputs = columns->bindings;
//         request.input_count = columns->count;
//         ...
//         hm_arrow_columns_destroy(columns);
//     }
//
// What an Arrow column is here:
//
//     int8 to int64, uint8 to uint64     the integers of that size
//     float, double                      the same
//     date, timestamp                    a time in the schema's unit, or in another
//     that
//                                        is wanted and holds each value exactly; UTC
//     time, duration                     their integers, as int64_t unless something
//                                        else is wanted; the unit is the schema's
//     bool                               bool
//     utf8, large utf8, utf8 view        const char *, NUL-terminated
//     list, large list, fixed-size list  an array of arrays
//     struct                             the struct that is wanted: a field of each of
//                                        its names; others are passed over
//     dictionary                         its values
//     null                               double, all missing
//
// A wanted type may also be wider than the Arrow type, if every value fits: int32 into
// int64_t or double, float into double. What could lose something is refused. Integers
// may become times, whose unit they count; times become no plain numbers.
//
// A missing value is NaN for floating types; others have it in the validity bitmap, and
// "", false or an empty array in its place, or for numbers whatever was there.
// Within structs, where there is no such bitmap, a missing string is "" and a missing
// integer an error.
//
// Numbers and lists are not copied, unless they are widened or change their unit,
// missing floating values must become NaN, several batches become one column, or they
// are not aligned for their type. Validity bitmaps are copied where they do not begin
// at a byte. Text, bools, structs and dictionaries are copied.

#ifndef HAMILTON_ARROW_H
#define HAMILTON_ARROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/table.h>
#include <hamilton/value.h>

#ifdef __cplusplus
extern "C" {
#endif

// The structs of https://arrow.apache.org/docs/format/CDataInterface.html and
// CStreamInterface.html, under the guards that these ask for: a program may have them
// from elsewhere.

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

/// A type. It is gone when release is NULL.
struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

/// The data of an array. It is gone when release is NULL.
struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

/// Arrays of one type, one after the other. It is gone when release is NULL.
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif

typedef struct hm_arrow_import_options {
    size_t struct_size;

    /// Only these are imported, in this order; wanting one that is not there is no
    /// error. A NULL type means the one of the table above. NULL columns means all.
    /// The array is borrowed; types are kept by the values.
    const hm_column *columns;
    size_t column_count;

    const hm_allocator *allocator; ///< Kept. NULL means the default
} hm_arrow_import_options;

#define HM_ARROW_IMPORT_OPTIONS_INIT                                                   \
    { .struct_size = sizeof(hm_arrow_import_options) }

/// Columns that were imported. A value may be moved out of its binding: copy it and set
/// what is left to {0}. Whoever has it releases it, on any thread and in any order,
/// also after the columns are destroyed.
typedef struct hm_arrow_columns {
    hm_binding *bindings; ///< names live as long as this
    size_t count;
    size_t row_count;
} hm_arrow_columns;

/// A record batch, which is an array of structs, as columns. The schema is borrowed. On
/// success the array was moved: its release is NULL, and what it was is called when the
/// last value that shares its memory is released, or at once if none does. On failure
/// it stays the caller's. options may be NULL. HM_TYPE_MISMATCH if a column is not of
/// the type that is wanted; HM_BAD_DATA for a value that cannot be taken, and for what
/// breaks the rules of the interface, as far as can be seen: how long buffers are
/// cannot. Lists and structs are at most 8 deep. HM_DUPLICATE_NAME if two columns that
/// would be imported have one name. Any thread. The caller destroys *columns.
HM_API HM_MUST_CHECK hm_status hm_arrow_import(const hm_arrow_import_options *options,
        const struct ArrowSchema *schema, struct ArrowArray *array,
        hm_arrow_columns **columns, hm_error *error);

/// The same for all that a stream still has: one batch is not copied, several become
/// one. HM_IO if the stream fails, with what it says. The stream is borrowed: the
/// caller releases it, however this ends. Owner only, as the stream is.
HM_API HM_MUST_CHECK hm_status hm_arrow_import_stream(
        const hm_arrow_import_options *options, struct ArrowArrayStream *stream,
        hm_arrow_columns **columns, hm_error *error);

/// The value of a column, or NULL if there is none of that name. Borrowed.
HM_API hm_value *hm_arrow_find(const hm_arrow_columns *columns, const char *name);

/// Releases the values that were not moved out. Accepts NULL.
HM_API void hm_arrow_columns_destroy(hm_arrow_columns *columns);

typedef struct hm_arrow_export_options {
    size_t struct_size;

    /// The values are moved: those of the bindings are {0} after success, and they are
    /// released, on whatever thread, with the last of what was exported. Otherwise they
    /// are borrowed until then.
    bool takes_over;

    /// Floating values that are NaN are missing in Arrow; that costs a bitmap, the
    /// numbers are not copied.
    bool nan_is_missing;

    size_t batch_rows; ///< of a stream; 0 means all rows in one batch

    const hm_allocator *allocator; ///< Kept. NULL means the default
} hm_arrow_export_options;

#define HM_ARROW_EXPORT_OPTIONS_INIT                                                   \
    { .struct_size = sizeof(hm_arrow_export_options) }

/// Arrays of equal length as a record batch. Numbers, times other than days, their
/// validity bitmaps, and lists whose elements follow one another in memory are not
/// copied. A string that is NULL is missing, and so is an object by reference. Some
/// libraries, DuckDB for one, read a byte behind the end of a bitmap: one that is not
/// copied should have some, as Arrow recommends. options may be NULL. schema and array
/// are only written on success; the caller, or whoever it passes them to, calls the
/// release of each. HM_TYPE_MISMATCH for long double and for types that are only known
/// by pointer, HM_BAD_DATA for text that is not UTF-8 and for days that 32 bits do not
/// hold, HM_SHAPE_MISMATCH, HM_LENGTH_MISMATCH and HM_DUPLICATE_NAME as of a table. Any
/// thread.
HM_API HM_MUST_CHECK hm_status hm_arrow_export(const hm_arrow_export_options *options,
        hm_binding *columns, size_t column_count, struct ArrowSchema *schema,
        struct ArrowArray *array, hm_error *error);

/// The same as a stream of batches, which are slices of the whole: they do not cost a
/// copy, and may outlive the stream.
HM_API HM_MUST_CHECK hm_status hm_arrow_export_stream(
        const hm_arrow_export_options *options, hm_binding *columns,
        size_t column_count, struct ArrowArrayStream *stream, hm_error *error);

#ifdef __cplusplus
}
#endif

#endif
