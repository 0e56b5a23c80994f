// type.h — what the engine knows of a C type: enough to store, compare, print and
// destroy its values.
//
// Two types are the same if their canonical C names, kinds, sizes and fields are. A
// type that a module describes need not be the same object as another module's.

#ifndef HAMILTON_TYPE_H
#define HAMILTON_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/export.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum hm_kind {
    HM_KIND_BOOL,
    HM_KIND_INT,    ///< signed integers and enums of any size, plain char included
    HM_KIND_UINT,   ///< unsigned integers and enums
    HM_KIND_FLOAT,  ///< float, double and long double, told apart by their size
    HM_KIND_STRING, ///< stored as a const char * to NUL-terminated UTF-8
    HM_KIND_STRUCT, ///< a struct whose fields are known
    HM_KIND_OPAQUE, ///< passed by pointer only, or a field of no other kind
    HM_KIND_JSON,   ///< JSON text (const char *), read as the type that is wanted
} hm_kind;

typedef struct hm_type hm_type;

/// One field of a struct.
typedef struct hm_field {
    const char *name;
    const hm_type *type;
    size_t offset;       ///< in bytes from the start of the struct
    size_t length;       ///< of an array field; 0 for a single value
    uint16_t bit_offset; ///< of a bit-field, in bits from offset
    uint16_t bit_width;  ///< of a bit-field, else 0
} hm_field;

/// What a date or time counts, from the beginning of 1970 in UTC on, leap seconds
/// aside.
typedef enum hm_time_unit {
    HM_TIME_NONE, ///< it is no time
    HM_TIME_DAY,
    HM_TIME_S,
    HM_TIME_MS,
    HM_TIME_US,
    HM_TIME_NS,
} hm_time_unit;

struct hm_type {
    const char *name; ///< canonical, const aside: "double", "struct weather", "bool";
                      ///< of times what hm_type_time_<unit> is called
    hm_kind kind;
    uint32_t size;      ///< bytes of one stored value; 0 if only pointers to it exist
    uint32_t alignment; ///< of one stored value
    const hm_field *fields;
    size_t field_count;

    /// How a value that was given to the engine by pointer ends, or NULL. Any thread.
    void (*destroy)(void *object);

    /// Of a date or time, which is an int64_t; else HM_TIME_NONE.
    hm_time_unit time_unit;

    bool has_hidden; ///< a struct that holds more than its fields, as unnamed unions

    // How a value is kept, and what it is, where its fields do not tell: what
    // HM_WRITES, HM_READS and HM_HASHES say. Each may be NULL. Any thread, on one value
    // several at a time: none changes it. `to` and `from` are a FILE *, whose header
    // would meet nodes that are called as its functions; it is borrowed and may not be
    // closed.

    /// Writes a value. 0 is success.
    int (*write)(const void *object, void *to);

    /// A new value of the bytes that `write` wrote, which `destroy` ends; NULL if they
    /// do not make one.
    void *(*read)(void *from);

    /// Equal for values that functions cannot tell apart, and for no others. Without it
    /// a value is what `write` writes.
    uint64_t (*hash)(const void *object);

    /// Changes when the code of these three does. Nobody uses them without it.
    const char *version;
};

/// The arithmetic types, strings and JSON. Names are hm_type_<word>.
#define HM_TYPE_LIST(X)                                                                \
    X(bool, "bool", bool, HM_KIND_BOOL)                                                \
    X(char, "char", char, HM_KIND_INT)                                                 \
    X(schar, "signed char", signed char, HM_KIND_INT)                                  \
    X(uchar, "unsigned char", unsigned char, HM_KIND_UINT)                             \
    X(short, "short", short, HM_KIND_INT)                                              \
    X(ushort, "unsigned short", unsigned short, HM_KIND_UINT)                          \
    X(int, "int", int, HM_KIND_INT)                                                    \
    X(uint, "unsigned int", unsigned int, HM_KIND_UINT)                                \
    X(long, "long", long, HM_KIND_INT)                                                 \
    X(ulong, "unsigned long", unsigned long, HM_KIND_UINT)                             \
    X(longlong, "long long", long long, HM_KIND_INT)                                   \
    X(ulonglong, "unsigned long long", unsigned long long, HM_KIND_UINT)               \
    X(float, "float", float, HM_KIND_FLOAT)                                            \
    X(double, "double", double, HM_KIND_FLOAT)                                         \
    X(longdouble, "long double", long double, HM_KIND_FLOAT)                           \
    X(string, "const char *", const char *, HM_KIND_STRING)                            \
    X(json, "JSON", const char *, HM_KIND_JSON)

#define X(word, name, type, kind) HM_API extern const hm_type hm_type_##word;
HM_TYPE_LIST(X)
#undef X

/// Dates and times, which HM_TIME(unit) makes of an int64_t. Text that is read as one
/// is a number or ISO 8601, "2024-02-29T12:30:00Z"; it is written as the latter.
#define HM_TIME_TYPE_LIST(X)                                                           \
    X(day, HM_TIME_DAY)                                                                \
    X(s, HM_TIME_S)                                                                    \
    X(ms, HM_TIME_MS)                                                                  \
    X(us, HM_TIME_US)                                                                  \
    X(ns, HM_TIME_NS)

#define X(unit, constant) HM_API extern const hm_type hm_type_time_##unit;
HM_TIME_TYPE_LIST(X)
#undef X

/// Whether two types are the same, fields included. Any thread.
HM_API bool hm_type_equal(const hm_type *a, const hm_type *b);

#ifdef __cplusplus
}
#endif

#endif
