// data_format.h — formats of HM_LOAD_FROM and HM_SAVE_TO: what data are read from and
// written to, as nodes of a dataflow. docs/writing-formats.md is the guide.
//
//     static hm_status load(
//             void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
//         const char *key = hm_argument_string(&wanted->arguments[0]);
//         ...
//         loaded->values[0] = hm_value_one(wanted->columns[0].type, owner->data);
//         loaded->owner = owner;
//         loaded->release = free_owner;
//         loaded->facts.source = key;
//         return HM_OK;
//     }
//
//     static const hm_format_parameter parameters[] = {
//             {"key", &hm_type_string, true, "of the entry"}};
//     const hm_data_format shelf = {.struct_size = sizeof(hm_data_format),
//             .name = "shelf", .parameters = parameters, .parameter_count = 1,
//             .load = load};
//     static const hm_data_format *const formats[] = {&shelf};
//     options.formats = formats; // of hm_driver_options
//     options.format_count = 1;
//
// A format handles values or tables, or both:
//
//     a value   is what the parameter or node is: one, or an array. `load`, `save`
//     a table   has columns of one length, each of which is an array. `load_columns`,
//               `save_columns`. A parameter that is one value is then mapped over its
//               column, one that is a struct has its fields in columns of their names
//
// HM_LOAD_FROM and HM_SAVE_TO handle a value if the format can, unless HM_VALUE(column,
// "name") asks for one column of a table. What the format is asked for has been
// checked: a driver is not created if a parameter is missing, unknown or of another
// type, nor if a format does not accept a type.
//
// The functions of a format are called on any thread, several at a time.

#ifndef HAMILTON_DATA_FORMAT_H
#define HAMILTON_DATA_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/driver.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/table.h>
#include <hamilton/type.h>
#include <hamilton/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/// So many parameters a format has at most.
#define HM_FORMAT_PARAMETERS 16

/// What HM_VALUE or HM_SOURCE gives a format.
typedef struct hm_format_parameter {
    const char *name;    ///< not "column", which is everybody's
    const hm_type *type; ///< string, bool, long or double: hm_type_<word>
    bool is_required;
    const char *meaning; ///< for messages: "of the file"
} hm_format_parameter;

/// Room for a content and its NUL.
#define HM_CONTENT_SIZE 33

/// What the metadata node tells of the data, see <hamilton/metadata.h>. The format
/// fills in what it knows; all is unknown before.
typedef struct hm_data_facts {
    const char *source;            ///< borrowed until the format's function returns,
                                   ///< or until `release`; NULL: the first argument
    int64_t bytes;                 ///< -1: unknown
    int64_t modified;              ///< microseconds since 1970; -1: unknown
    char content[HM_CONTENT_SIZE]; ///< "": unknown
} hm_data_facts;

/// What is to be loaded. Borrowed.
typedef struct hm_load {
    const hm_value *arguments; ///< one value for each of the format's parameters; of
                               ///< one that was not given the type is NULL

    /// Columns by name and type. Of a value there is one, which has the name of what it
    /// is for.
    const hm_column *columns;
    size_t column_count;
    bool is_array; ///< it is to be an array, or several; else one value
    bool is_told;  ///< somebody needs the metadata: else the content of the facts,
                   ///< which has its cost, is for nobody

    const hm_allocator *allocator; ///< of the driver
    uint32_t thread_count;         ///< that may be used, the caller included
} hm_load;

/// What was loaded.
typedef struct hm_loaded {
    /// One for each column wanted: to be filled in with arrays of one length, or with
    /// the one value, of the types that are wanted. An element may be missing as in
    /// <hamilton/table.h>. They have no release of their own.
    hm_value *values;

    /// What the values point into, and how that ends once nobody needs them any more.
    /// On any thread.
    void *owner;
    void (*release)(void *owner);

    hm_data_facts facts;
} hm_loaded;

/// What is to be saved. Borrowed.
typedef struct hm_save {
    const hm_value *arguments; ///< as in hm_load
    const hm_binding *values;  ///< of `save_columns` arrays of one length
    size_t value_count;        ///< at least 1
    const hm_allocator *allocator;
    uint32_t thread_count;
} hm_save;

/// Which way data go.
typedef enum hm_data_way {
    HM_DATA_LOADED,
    HM_DATA_SAVED,
} hm_data_way;

struct hm_data_format {
    size_t struct_size;  ///< sizeof(hm_data_format); lets functions be added later
    const char *name;    ///< as HM_LOAD_FROM calls it: a name as C has them. Kept
    const char *version; ///< part of the code version of what is loaded, or NULL
    void *self;          ///< what functions get first. Kept

    const hm_format_parameter *parameters; ///< Kept
    size_t parameter_count;

    /// Whether values, or elements of arrays, of a type can be loaded or saved; if not,
    /// *why becomes a sentence about it: "it reads text and numbers". NULL: all can
    /// that are not only known by pointer. Of a struct whose fields become columns it
    /// is asked about each field. While a driver is created.
    bool (*accepts)(void *self, hm_data_way way, const hm_type *type, bool is_array,
            const char **why);

    /// Each may be NULL. A message names the place, as in "spend.csv: row 3, column
    /// `spend`: ..."; at most 1000 bytes are told. If it fails, `loaded` is not looked
    /// at. What a save function is interrupted in must leave the old data whole.
    hm_status (*load)(
            void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error);
    hm_status (*load_columns)(
            void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error);
    hm_status (*save)(
            void *self, const hm_save *given, hm_data_facts *facts, hm_error *error);
    hm_status (*save_columns)(
            void *self, const hm_save *given, hm_data_facts *facts, hm_error *error);
};

/// The formats that every driver has, after its own: csv, tsv, ndjson, json, raw and
/// environment. Static.
HM_API const hm_data_format *const *hm_data_formats(size_t *count);

/// An argument, as a format's function has it: NULL, or what is said instead, if it was
/// not given.
HM_API const char *hm_argument_string(const hm_value *argument);
HM_API bool hm_argument_bool(const hm_value *argument, bool otherwise);
HM_API int64_t hm_argument_int64(const hm_value *argument, int64_t otherwise);
HM_API double hm_argument_double(const hm_value *argument, double otherwise);

/// Fills in what is known of a file: bytes, modified and, by reading it, content, if
/// that is wanted. path becomes the source: borrowed. HM_IO if it cannot be looked at.
/// Any thread.
HM_API HM_MUST_CHECK hm_status hm_data_facts_of_file(
        const char *path, bool with_content, hm_data_facts *facts, hm_error *error);

#ifdef __cplusplus
}
#endif

#endif
