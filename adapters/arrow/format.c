// format.c — see format.h. The strings are those of the specification of the interface,
// under "Data type description".

#include "adapters/arrow/format.h"

#include <stdint.h>
#include <string.h>

// Numbers of 64 bits have no type in the table: it differs between systems.
typedef struct hm_arrow_named {
    const char *format; // all of it, or what it begins with if that ends in a colon
    const char *word;
    hm_arrow_form form;
    size_t buffer_count;
    const hm_type *stored;
} hm_arrow_named;

static const hm_arrow_named taken[] = {
        {"n", "null", HM_ARROW_NULL, 0, &hm_type_double},
        {"b", "bool", HM_ARROW_BOOL, 2, &hm_type_bool},
        {"c", "int8", HM_ARROW_NUMBER, 2, &hm_type_schar},
        {"C", "uint8", HM_ARROW_NUMBER, 2, &hm_type_uchar},
        {"s", "int16", HM_ARROW_NUMBER, 2, &hm_type_short},
        {"S", "uint16", HM_ARROW_NUMBER, 2, &hm_type_ushort},
        {"i", "int32", HM_ARROW_NUMBER, 2, &hm_type_int},
        {"I", "uint32", HM_ARROW_NUMBER, 2, &hm_type_uint},
        {"l", "int64", HM_ARROW_NUMBER, 2, NULL},
        {"L", "uint64", HM_ARROW_NUMBER, 2, NULL},
        {"f", "float", HM_ARROW_NUMBER, 2, &hm_type_float},
        {"g", "double", HM_ARROW_NUMBER, 2, &hm_type_double},
        {"tdD", "date32", HM_ARROW_NUMBER, 2, &hm_type_int},
        {"tdm", "date64", HM_ARROW_NUMBER, 2, NULL},
        {"tts", "time32 in seconds", HM_ARROW_NUMBER, 2, &hm_type_int},
        {"ttm", "time32 in milliseconds", HM_ARROW_NUMBER, 2, &hm_type_int},
        {"ttu", "time64 in microseconds", HM_ARROW_NUMBER, 2, NULL},
        {"ttn", "time64 in nanoseconds", HM_ARROW_NUMBER, 2, NULL},
        {"tss:", "a timestamp in seconds", HM_ARROW_NUMBER, 2, NULL},
        {"tsm:", "a timestamp in milliseconds", HM_ARROW_NUMBER, 2, NULL},
        {"tsu:", "a timestamp in microseconds", HM_ARROW_NUMBER, 2, NULL},
        {"tsn:", "a timestamp in nanoseconds", HM_ARROW_NUMBER, 2, NULL},
        {"tDs", "a duration in seconds", HM_ARROW_NUMBER, 2, NULL},
        {"tDm", "a duration in milliseconds", HM_ARROW_NUMBER, 2, NULL},
        {"tDu", "a duration in microseconds", HM_ARROW_NUMBER, 2, NULL},
        {"tDn", "a duration in nanoseconds", HM_ARROW_NUMBER, 2, NULL},
        {"u", "utf8", HM_ARROW_TEXT, 3, &hm_type_string},
        {"U", "large utf8", HM_ARROW_LARGE_TEXT, 3, &hm_type_string},
        {"vu", "a utf8 view", HM_ARROW_TEXT_VIEW, 3, &hm_type_string},
        {"+l", "a list", HM_ARROW_LIST, 2, NULL},
        {"+L", "a large list", HM_ARROW_LARGE_LIST, 2, NULL},
        {"+w:", "a fixed-size list", HM_ARROW_FIXED_LIST, 1, NULL},
        {"+s", "a struct", HM_ARROW_STRUCT, 1, NULL},
};

// What dates and timestamps become. Their time zone is only how they are shown.
static const struct {
    const char *format;
    const hm_type *type;
} times[] = {
        {"tdD", &hm_type_time_day},
        {"tdm", &hm_type_time_ms},
        {"tss:", &hm_type_time_s},
        {"tsm:", &hm_type_time_ms},
        {"tsu:", &hm_type_time_us},
        {"tsn:", &hm_type_time_ns},
};

typedef struct hm_arrow_refused {
    const char *format;
    const char *word;
    const char *mend;
} hm_arrow_refused;

static const hm_arrow_refused refused[] = {
        {"e", "a half float", "cast it to float"},
        {"d:", "a decimal", "cast it to double, or to an integer of cents or the like"},
        {"z", "binary", "cast it to utf8"},
        {"Z", "large binary", "cast it to utf8"},
        {"w:", "fixed-size binary", "cast it to utf8"},
        {"vz", "a binary view", "cast it to utf8"},
        {"tiM", "an interval", "cast it to an integer"},
        {"tiD", "an interval", "cast it to an integer"},
        {"tin", "an interval", "cast it to an integer"},
        {"+vl", "a list view", "cast it to a list"},
        {"+vL", "a large list view", "cast it to a list"},
        {"+m", "a map", "make it a list of structs"},
        {"+ud:", "a union", "take its members apart"},
        {"+us:", "a union", "take its members apart"},
        {"+r", "run-end encoded", "decode it"},
};

static bool matches(const char *format, const char *known) {
    size_t length = strlen(known);
    return known[length - 1] == ':' ? strncmp(format, known, length) == 0
                                    : strcmp(format, known) == 0;
}

const hm_type *hm_arrow_int64(void) {
    return sizeof(long) == sizeof(int64_t) ? &hm_type_long : &hm_type_longlong;
}

static const hm_type *uint64_type(void) {
    return sizeof(long) == sizeof(int64_t) ? &hm_type_ulong : &hm_type_ulonglong;
}

// NULL for a span.
static const hm_type *time_type(const char *format) {
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        if (matches(format, times[i].format)) {
            return times[i].type;
        }
    }
    return NULL;
}

// "+w:3" has lists of 3; false if that is no such number.
static bool read_list_length(const char *text, size_t *length) {
    *length = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || *length > INT32_MAX / 10) {
            return false;
        }
        *length = *length * 10 + (size_t)(*at - '0');
    }
    return *text != '\0';
}

static hm_arrow_format describe(const hm_arrow_named *named, const char *format) {
    hm_arrow_format is = {.form = named->form,
            .word = named->word,
            .stored = named->stored,
            .type = named->stored,
            .buffer_count = named->buffer_count};
    if (is.form == HM_ARROW_NUMBER && is.stored == NULL) {
        is.stored = *format == 'L' ? uint64_type() : hm_arrow_int64();
        is.type = is.stored;
    }
    if (*format == 't') {
        const hm_type *time = time_type(format);
        is.type = time != NULL ? time : hm_arrow_int64();
        is.is_span = time == NULL;
    }
    if (is.form == HM_ARROW_FIXED_LIST &&
            !read_list_length(format + strlen(named->format), &is.list_length)) {
        is.form = HM_ARROW_UNKNOWN;
        is.word = "a fixed-size list of no length";
        is.mend = "whoever made the schema has to mend it";
    }
    return is;
}

hm_arrow_format hm_arrow_format_read(const char *format) {
    for (size_t i = 0; format != NULL && i < sizeof taken / sizeof *taken; i++) {
        if (matches(format, taken[i].format)) {
            return describe(&taken[i], format);
        }
    }
    for (size_t i = 0; format != NULL && i < sizeof refused / sizeof *refused; i++) {
        if (matches(format, refused[i].format)) {
            return (hm_arrow_format){.word = refused[i].word, .mend = refused[i].mend};
        }
    }
    return (hm_arrow_format){.word = "of a format that is not known",
            .mend = "cast it to a type that is"};
}
