// cells.c — see cells.h.

#include "adapters/sqlite/cells.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/calendar.h"
#include "base/element.h"
#include "base/error.h"
#include "base/number.h"
#include "base/utf8.h"

bool hm_sqlite_holds(const hm_type *type) {
    switch (type->kind) {
    case HM_KIND_BOOL:
    case HM_KIND_INT:
    case HM_KIND_UINT:
    case HM_KIND_STRING:
        return true;
    case HM_KIND_FLOAT:
        return type->size <= sizeof(double);
    default:
        return false;
    }
}

static const char *wanted_word(const hm_type *type) {
    return type->kind == HM_KIND_STRING ? "text" : type->name;
}

// "found the text `x`, where int is wanted; ..."
static hm_status fail_found(sqlite3_stmt *statement, int column, const hm_type *type,
        const char *mend, hm_error *error) {
    enum { SHOWN = 40 };
    int found = sqlite3_column_type(statement, column);
    if (found == SQLITE_BLOB) {
        return hm_error_set(error, HM_BAD_DATA, "found a blob, where %s is wanted%s",
                wanted_word(type), mend);
    }
    const char *text = (const char *)sqlite3_column_text(statement, column);
    if (text == NULL) {
        return hm_error_no_memory(error);
    }
    int length = (int)strnlen(text, SHOWN);
    bool is_whole = text[length] == '\0' && hm_utf8_is(text, (size_t)length);
    return hm_error_set(error, HM_BAD_DATA, "found %s %.*s%s, where %s is wanted%s",
            found == SQLITE_TEXT ? "the text" : "the number", is_whole ? length : 0,
            text, is_whole ? "" : "(not shown)", wanted_word(type), mend);
}

static const char cast_mend[] = "; a query can CAST it";

static hm_status take_text(sqlite3_stmt *statement, int column, const hm_type *type,
        hm_arena *texts, void *element, hm_error *error) {
    if (sqlite3_column_type(statement, column) != SQLITE_TEXT) {
        return fail_found(statement, column, type, cast_mend, error);
    }
    const char *text = (const char *)sqlite3_column_text(statement, column);
    size_t length = (size_t)sqlite3_column_bytes(statement, column);
    if (text == NULL) {
        return hm_error_no_memory(error);
    }
    if (!hm_utf8_is(text, length)) {
        return hm_error_set(error, HM_BAD_DATA,
                memchr(text, '\0', length) != NULL ? "the text contains a NUL byte"
                                                   : "the text is not UTF-8");
    }
    const char *copy = hm_arena_slice(texts, text, length);
    if (copy == NULL) {
        return hm_error_no_memory(error);
    }
    memcpy(element, &copy, sizeof copy);
    return HM_OK;
}

static bool fits_signed(const hm_type *type, int64_t value) {
    return value >= hm_number_least(type) &&
           (value < 0 || (uint64_t)value <= hm_number_greatest(type));
}

static bool store_integer(const hm_type *type, int64_t value, void *element) {
    if (type->kind == HM_KIND_BOOL) {
        memcpy(element, &(bool){value == 1}, sizeof(bool));
        return value == 0 || value == 1;
    }
    if (type->kind == HM_KIND_FLOAT) {
        double number = (double)value;
        float narrow = (float)value;
        bool is_float = type->size == sizeof(float);
        memcpy(element, is_float ? (const void *)&narrow : &number, type->size);
        double stored = is_float ? (double)narrow : number;
        return stored < 0x1p63 && (int64_t)stored == value;
    }
    if (!fits_signed(type, value)) {
        return false;
    }
    hm_element_store(element, type->size, (uint64_t)value);
    return true;
}

static bool store_real(const hm_type *type, double value, void *element) {
    if (type->kind == HM_KIND_FLOAT) {
        float narrow = (float)value;
        bool is_float = type->size == sizeof(float);
        memcpy(element, is_float ? (const void *)&narrow : &value, type->size);
        return !is_float || !isinf(narrow) || isinf(value);
    }
    bool is_whole = value >= -0x1p63 && value < 0x1p63 && value == trunc(value);
    return type->time_unit == HM_TIME_NONE && is_whole &&
           store_integer(type, (int64_t)value, element);
}

static hm_status take_number(sqlite3_stmt *statement, int column, const hm_type *type,
        void *element, hm_error *error) {
    int found = sqlite3_column_type(statement, column);
    bool fits =
            found == SQLITE_INTEGER
                    ? store_integer(
                              type, sqlite3_column_int64(statement, column), element)
                    : found == SQLITE_FLOAT &&
                              store_real(type, sqlite3_column_double(statement, column),
                                      element);
    if (fits) {
        return HM_OK;
    }
    bool is_number = found == SQLITE_INTEGER || found == SQLITE_FLOAT;
    return fail_found(statement, column, type,
            is_number ? ", which does not hold it" : cast_mend, error);
}

static hm_status take_time(sqlite3_stmt *statement, int column, const hm_type *type,
        void *element, hm_error *error) {
    if (sqlite3_column_type(statement, column) != SQLITE_TEXT) {
        return take_number(statement, column, type, element, error);
    }
    const char *text = (const char *)sqlite3_column_text(statement, column);
    size_t length = (size_t)sqlite3_column_bytes(statement, column);
    int64_t time;
    if (text == NULL) {
        return hm_error_no_memory(error);
    }
    hm_time_fit fit = hm_time_read(type->time_unit, text, length, &time);
    if (fit != HM_TIME_FITS) {
        return fail_found(statement, column, type, "", error);
    }
    memcpy(element, &time, sizeof time);
    return HM_OK;
}

hm_status hm_sqlite_take(sqlite3_stmt *statement, int column, const hm_type *type,
        hm_arena *texts, void *element, hm_error *error) {
    return type->kind == HM_KIND_STRING
                   ? take_text(statement, column, type, texts, element, error)
           : type->time_unit != HM_TIME_NONE
                   ? take_time(statement, column, type, element, error)
                   : take_number(statement, column, type, element, error);
}

const char *hm_sqlite_declared(const hm_type *type) {
    return type->kind == HM_KIND_FLOAT ? "REAL"
           : type->kind == HM_KIND_STRING || type->time_unit != HM_TIME_NONE
                   ? "TEXT"
                   : "INTEGER";
}

static hm_status bind_text(
        sqlite3_stmt *statement, int parameter, const char *text, hm_error *error) {
    if (text == NULL) {
        sqlite3_bind_null(statement, parameter);
        return HM_OK;
    }
    size_t length = strlen(text);
    if (!hm_utf8_is(text, length)) {
        return hm_error_set(error, HM_BAD_DATA, "the text is not UTF-8");
    }
    // It fails only for what is too long.
    return sqlite3_bind_text64(statement, parameter, text, length, SQLITE_STATIC,
                   SQLITE_UTF8) == SQLITE_OK
                   ? HM_OK
                   : hm_error_set(error, HM_BAD_DATA,
                             "the text is longer than SQLite takes");
}

static hm_status bind_integer(sqlite3_stmt *statement, int parameter,
        const hm_type *type, const void *element, hm_error *error) {
    if (type->kind == HM_KIND_INT) {
        sqlite3_bind_int64(statement, parameter, hm_element_int(type, element));
        return HM_OK;
    }
    uint64_t value = hm_element_uint(type, element);
    if (value > INT64_MAX) {
        return hm_error_set(error, HM_BAD_DATA,
                "%llu is larger than any integer of SQLite", (unsigned long long)value);
    }
    sqlite3_bind_int64(statement, parameter, (int64_t)value);
    return HM_OK;
}

static void bind_real(sqlite3_stmt *statement, int parameter, const hm_type *type,
        const void *element) {
    double number;
    if (type->size == sizeof(float)) {
        float narrow;
        memcpy(&narrow, element, sizeof narrow);
        number = (double)narrow;
    } else {
        memcpy(&number, element, sizeof number);
    }
    sqlite3_bind_double(statement, parameter, number); // NaN becomes NULL
}

static void bind_time(sqlite3_stmt *statement, int parameter, const hm_type *type,
        const void *element) {
    char text[HM_NUMBER_SIZE];
    int64_t time;
    memcpy(&time, element, sizeof time);
    size_t length = hm_time_write(type->time_unit, time, text);
    sqlite3_bind_text(statement, parameter, text, (int)length, SQLITE_TRANSIENT);
}

hm_status hm_sqlite_bind(sqlite3_stmt *statement, int parameter, const hm_type *type,
        const void *element, hm_error *error) {
    if (element == NULL) {
        sqlite3_bind_null(statement, parameter);
        return HM_OK;
    }
    if (type->time_unit != HM_TIME_NONE) {
        bind_time(statement, parameter, type, element);
        return HM_OK;
    }
    switch (type->kind) {
    case HM_KIND_FLOAT:
        bind_real(statement, parameter, type, element);
        return HM_OK;
    case HM_KIND_STRING: {
        const char *text;
        memcpy(&text, element, sizeof text);
        return bind_text(statement, parameter, text, error);
    }
    default:
        return bind_integer(statement, parameter, type, element, error);
    }
}
