// metadata.h — what is known of data that were loaded or saved: the value of the node
// beside them.
//
//     HM_LOAD_FROM(csv, spend, HM_VALUE(path, "spend.csv"))
//     double total(size_t n, const double spend[n]) { ... }
//
// `total.load_data.spend` is a node of this type, which results have and other
// functions take as `const struct hm_metadata *`, under HM_SOURCE.

#ifndef HAMILTON_METADATA_H
#define HAMILTON_METADATA_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// No text in it is NULL.
typedef struct hm_metadata {
    const char *format;  ///< its name: "csv"
    const char *source;  ///< where the data are: a path, a variable, a key
    int64_t bytes;       ///< that they take there; -1: unknown
    int64_t modified;    ///< when they were changed last, in microseconds since the
                         ///< beginning of 1970; -1: unknown
    int64_t time;        ///< when they were loaded or saved, likewise
    int64_t rows;        ///< elements of an array; 1 of one value
    const char *schema;  ///< "spend double, signups int": columns with their types
    const char *content; ///< XXH3 of 128 bits over the bytes, in hexadecimal digits as
                         ///< `xxhsum -H2` prints it; "": unknown
} hm_metadata;

#ifdef __cplusplus
}
#endif

#endif
