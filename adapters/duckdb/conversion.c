// conversion.c — see conversion.h.

#include "adapters/duckdb/conversion.h"

#include <string.h>

#include "adapters/duckdb/numbers.h"
#include "adapters/duckdb/times.h"
#include "base/calendar.h"
#include "base/error.h"
#include "base/text.h"

typedef enum hm_found {
    HM_FOUND_NOTHING_KNOWN,
    HM_FOUND_BOOL,
    HM_FOUND_NUMBER,
    HM_FOUND_TIME_OF_DAY, // a number to whom wants numbers, text to whom wants text
    HM_FOUND_TIME,        // a time to whom wants times, text to whom wants text
    HM_FOUND_TEXT,
    HM_FOUND_AS_TEXT,
} hm_found;

// What we know of DuckDB's types; `stored` is for numbers.
static const struct {
    duckdb_type type;
    const char *name;
    hm_found found;
    duckdb_type stored;
} known[] = {
        {DUCKDB_TYPE_BOOLEAN, "BOOLEAN", HM_FOUND_BOOL, DUCKDB_TYPE_BOOLEAN},
        {DUCKDB_TYPE_TINYINT, "TINYINT", HM_FOUND_NUMBER, DUCKDB_TYPE_TINYINT},
        {DUCKDB_TYPE_SMALLINT, "SMALLINT", HM_FOUND_NUMBER, DUCKDB_TYPE_SMALLINT},
        {DUCKDB_TYPE_INTEGER, "INTEGER", HM_FOUND_NUMBER, DUCKDB_TYPE_INTEGER},
        {DUCKDB_TYPE_BIGINT, "BIGINT", HM_FOUND_NUMBER, DUCKDB_TYPE_BIGINT},
        {DUCKDB_TYPE_UTINYINT, "UTINYINT", HM_FOUND_NUMBER, DUCKDB_TYPE_UTINYINT},
        {DUCKDB_TYPE_USMALLINT, "USMALLINT", HM_FOUND_NUMBER, DUCKDB_TYPE_USMALLINT},
        {DUCKDB_TYPE_UINTEGER, "UINTEGER", HM_FOUND_NUMBER, DUCKDB_TYPE_UINTEGER},
        {DUCKDB_TYPE_UBIGINT, "UBIGINT", HM_FOUND_NUMBER, DUCKDB_TYPE_UBIGINT},
        {DUCKDB_TYPE_HUGEINT, "HUGEINT", HM_FOUND_NUMBER, DUCKDB_TYPE_HUGEINT},
        {DUCKDB_TYPE_FLOAT, "FLOAT", HM_FOUND_NUMBER, DUCKDB_TYPE_FLOAT},
        {DUCKDB_TYPE_DOUBLE, "DOUBLE", HM_FOUND_NUMBER, DUCKDB_TYPE_DOUBLE},
        {DUCKDB_TYPE_DECIMAL, "DECIMAL", HM_FOUND_NUMBER, DUCKDB_TYPE_INVALID},
        {DUCKDB_TYPE_DATE, "DATE", HM_FOUND_TIME, DUCKDB_TYPE_INTEGER},
        {DUCKDB_TYPE_TIME, "TIME", HM_FOUND_TIME_OF_DAY, DUCKDB_TYPE_BIGINT},
        {DUCKDB_TYPE_TIMESTAMP, "TIMESTAMP", HM_FOUND_TIME, DUCKDB_TYPE_BIGINT},
        {DUCKDB_TYPE_TIMESTAMP_S, "TIMESTAMP_S", HM_FOUND_TIME, DUCKDB_TYPE_BIGINT},
        {DUCKDB_TYPE_TIMESTAMP_MS, "TIMESTAMP_MS", HM_FOUND_TIME, DUCKDB_TYPE_BIGINT},
        {DUCKDB_TYPE_TIMESTAMP_NS, "TIMESTAMP_NS", HM_FOUND_TIME, DUCKDB_TYPE_BIGINT},
        {DUCKDB_TYPE_TIMESTAMP_TZ, "TIMESTAMP WITH TIME ZONE", HM_FOUND_TIME,
                DUCKDB_TYPE_BIGINT},
        {DUCKDB_TYPE_VARCHAR, "VARCHAR", HM_FOUND_TEXT, DUCKDB_TYPE_INVALID},
        {DUCKDB_TYPE_ENUM, "ENUM", HM_FOUND_TEXT, DUCKDB_TYPE_INVALID},
        {DUCKDB_TYPE_UUID, "UUID", HM_FOUND_AS_TEXT, DUCKDB_TYPE_INVALID},
        {DUCKDB_TYPE_UHUGEINT, "UHUGEINT", HM_FOUND_NOTHING_KNOWN, 0},
        {DUCKDB_TYPE_BIGNUM, "BIGNUM", HM_FOUND_NOTHING_KNOWN, 0},
        {DUCKDB_TYPE_INTERVAL, "INTERVAL", HM_FOUND_NOTHING_KNOWN, 0},
        {DUCKDB_TYPE_TIME_TZ, "TIME WITH TIME ZONE", HM_FOUND_NOTHING_KNOWN, 0},
        {DUCKDB_TYPE_TIME_NS, "TIME_NS", HM_FOUND_NOTHING_KNOWN, 0},
        {DUCKDB_TYPE_BLOB, "BLOB", HM_FOUND_NOTHING_KNOWN, 0},
        {DUCKDB_TYPE_BIT, "BIT", HM_FOUND_NOTHING_KNOWN, 0},
        {DUCKDB_TYPE_MAP, "MAP", HM_FOUND_NOTHING_KNOWN, 0},
        {DUCKDB_TYPE_UNION, "UNION", HM_FOUND_NOTHING_KNOWN, 0},
        {DUCKDB_TYPE_STRUCT, "STRUCT", HM_FOUND_NOTHING_KNOWN, 0},
        {DUCKDB_TYPE_LIST, "a list", HM_FOUND_NOTHING_KNOWN, 0},
        {DUCKDB_TYPE_ARRAY, "a list", HM_FOUND_NOTHING_KNOWN, 0},
};

enum { KNOWN_COUNT = sizeof known / sizeof *known };

static size_t known_index(duckdb_type type) {
    size_t i = 0;
    while (i < KNOWN_COUNT && known[i].type != type) {
        i++;
    }
    return i;
}

static hm_status refuse(
        duckdb_logical_type found, const hm_type *wanted, hm_error *error) {
    size_t i = known_index(duckdb_get_type_id(found));
    return hm_error_set(error, HM_TYPE_MISMATCH,
            "found %s, which cannot become %s; read it with SQL that casts it",
            i < KNOWN_COUNT ? known[i].name : "a type of DuckDB that is unknown here",
            wanted->name);
}

static hm_status init_words(
        hm_conversion *conversion, duckdb_logical_type found, hm_arena *arena) {
    uint32_t count = duckdb_enum_dictionary_size(found);
    const char **words = hm_arena_array(arena, count, sizeof *words);
    if (words == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t i = 0; i < count; i++) {
        char *word = duckdb_enum_dictionary_value(found, i);
        words[i] = word != NULL ? hm_arena_text(arena, word) : NULL;
        duckdb_free(word);
        if (words[i] == NULL) {
            return HM_NO_MEMORY;
        }
    }
    conversion->form = HM_FORM_WORD;
    conversion->stored = duckdb_enum_internal_type(found);
    conversion->words = words;
    conversion->word_count = count;
    return HM_OK;
}

static void init_decimal(hm_conversion *conversion, duckdb_logical_type found) {
    conversion->stored = duckdb_decimal_internal_type(found);
    for (uint8_t i = 0; i < duckdb_decimal_scale(found); i++) {
        conversion->divisor *= 10; // exact up to 10^22, and then what is nearest
    }
}

static hm_status init_list(hm_conversion *conversion, duckdb_logical_type found,
        const hm_type *wanted, hm_arena *arena, hm_error *error) {
    bool is_fixed = duckdb_get_type_id(found) == DUCKDB_TYPE_ARRAY;
    conversion->form = HM_FORM_LIST;
    conversion->size = sizeof(hm_array);
    conversion->list_length = is_fixed ? duckdb_array_type_array_size(found) : 0;
    conversion->part_count = 1;
    conversion->parts = hm_arena_array(arena, 1, sizeof *conversion->parts);
    if (conversion->parts == NULL) {
        return hm_error_no_memory(error);
    }
    duckdb_logical_type inner = is_fixed ? duckdb_array_type_child_type(found)
                                         : duckdb_list_type_child_type(found);
    hm_status status =
            hm_conversion_init(conversion->parts, inner, wanted, arena, error);
    duckdb_destroy_logical_type(&inner);
    return status;
}

// The place of the member that a field names, or `count`.
static idx_t find_member(duckdb_logical_type found, idx_t count, const char *name) {
    idx_t member = 0;
    bool is_found = false;
    while (member < count && !is_found) {
        char *other = duckdb_struct_type_child_name(found, member);
        is_found = other != NULL && strcmp(other, name) == 0;
        duckdb_free(other);
        member += is_found ? 0 : 1;
    }
    return member;
}

static hm_status init_field(hm_conversion *part, duckdb_logical_type found,
        const hm_type *wanted, const hm_field *field, hm_arena *arena,
        hm_error *error) {
    if (field->length > 0 || field->bit_width > 0) {
        return hm_error_set(error, HM_TYPE_MISMATCH,
                "field `%s` of %s is %s, which cannot be read from DuckDB", field->name,
                wanted->name, field->length > 0 ? "an array" : "a bit-field");
    }
    idx_t count = duckdb_struct_type_child_count(found);
    idx_t member = find_member(found, count, field->name);
    if (member == count) {
        return hm_error_set(error, HM_TYPE_MISMATCH,
                "found a STRUCT without a member `%s`, which %s has", field->name,
                wanted->name);
    }
    duckdb_logical_type inner = duckdb_struct_type_child_type(found, member);
    hm_error detail;
    hm_status status = hm_conversion_init(part, inner, field->type, arena, &detail);
    if (status == HM_OK && (part->form == HM_FORM_LIST || part->as_text)) {
        status = refuse(inner, field->type, &detail);
    }
    duckdb_destroy_logical_type(&inner);
    part->member = member;
    return status == HM_OK          ? HM_OK
           : status == HM_NO_MEMORY ? hm_error_no_memory(error)
                                    : hm_error_set(error, status, "member `%s`: %s",
                                              field->name, detail.message);
}

static hm_status init_struct(hm_conversion *conversion, duckdb_logical_type found,
        const hm_type *wanted, hm_arena *arena, hm_error *error) {
    conversion->form = HM_FORM_STRUCT;
    conversion->part_count = wanted->field_count;
    conversion->parts =
            hm_arena_array(arena, wanted->field_count, sizeof *conversion->parts);
    if (conversion->parts == NULL) {
        return hm_error_no_memory(error);
    }
    for (size_t i = 0; i < wanted->field_count; i++) {
        HM_TRY(init_field(&conversion->parts[i], found, wanted, &wanted->fields[i],
                arena, error));
    }
    return HM_OK;
}

// Whether a number that is found so can be an element of the type.
static bool fits_kind(const hm_conversion *conversion, const hm_type *wanted) {
    bool is_floating = conversion->stored == DUCKDB_TYPE_FLOAT ||
                       conversion->stored == DUCKDB_TYPE_DOUBLE;
    switch (wanted->kind) {
    case HM_KIND_BOOL:
        return !is_floating && conversion->divisor == 1;
    case HM_KIND_INT:
    case HM_KIND_UINT:
        // A fraction that was rounded might look whole.
        return conversion->divisor == 1 && wanted->size <= sizeof(int64_t);
    default:
        return wanted->kind == HM_KIND_FLOAT;
    }
}

static hm_status init_number(hm_conversion *conversion, duckdb_logical_type found,
        const hm_type *wanted, hm_error *error) {
    if (duckdb_get_type_id(found) == DUCKDB_TYPE_DECIMAL) {
        init_decimal(conversion, found);
    }
    if (!fits_kind(conversion, wanted)) {
        return refuse(found, wanted, error);
    }
    const hm_numbers numbers = {
            .stored = conversion->stored, .divisor = conversion->divisor};
    conversion->form = hm_numbers_are(&numbers, wanted) ? HM_FORM_COPY : HM_FORM_NUMBER;
    return HM_OK;
}

static hm_status init_time(hm_conversion *conversion, duckdb_logical_type found,
        const hm_type *wanted, hm_error *error) {
    conversion->form = HM_FORM_TIME;
    conversion->unit = hm_times_unit(duckdb_get_type_id(found));
    if (wanted->time_unit != HM_TIME_NONE) {
        return HM_OK;
    }
    bool is_number = wanted->kind <= HM_KIND_FLOAT;
    return !is_number ? refuse(found, wanted, error)
                      : hm_error_set(error, HM_TYPE_MISMATCH,
                                "found %s, which is a time and no plain %s; take it as "
                                "HM_TIME(%s) int64_t, or read it with SQL that makes a "
                                "number of it",
                                known[known_index(duckdb_get_type_id(found))].name,
                                wanted->name, hm_time_unit_name(conversion->unit));
}

static hm_status init_plain(hm_conversion *conversion, duckdb_logical_type found,
        const hm_type *wanted, hm_arena *arena, hm_error *error) {
    bool wants_text = wanted->kind == HM_KIND_STRING;
    size_t i = known_index(duckdb_get_type_id(found));
    conversion->stored = i < KNOWN_COUNT ? known[i].stored : DUCKDB_TYPE_INVALID;
    switch (i < KNOWN_COUNT ? known[i].found : HM_FOUND_NOTHING_KNOWN) {
    case HM_FOUND_BOOL:
        conversion->form = HM_FORM_COPY;
        return wanted->kind == HM_KIND_BOOL ? HM_OK : refuse(found, wanted, error);
    case HM_FOUND_NUMBER:
        return init_number(conversion, found, wanted, error);
    case HM_FOUND_TIME_OF_DAY:
        if (!wants_text) {
            return wanted->time_unit == HM_TIME_NONE
                           ? init_number(conversion, found, wanted, error)
                           : refuse(found, wanted, error);
        }
        break;
    case HM_FOUND_TIME:
        if (!wants_text) {
            return init_time(conversion, found, wanted, error);
        }
        break;
    case HM_FOUND_TEXT:
    case HM_FOUND_AS_TEXT:
        break;
    default:
        return refuse(found, wanted, error);
    }
    if (!wants_text) {
        return refuse(found, wanted, error);
    }
    conversion->form = HM_FORM_TEXT;
    conversion->as_text = known[i].found != HM_FOUND_TEXT;
    if (known[i].type == DUCKDB_TYPE_ENUM &&
            init_words(conversion, found, arena) != HM_OK) {
        return hm_error_no_memory(error);
    }
    return HM_OK;
}

hm_status hm_conversion_init(hm_conversion *conversion, duckdb_logical_type found,
        const hm_type *wanted, hm_arena *arena, hm_error *error) {
    *conversion = (hm_conversion){.type = wanted, .size = wanted->size, .divisor = 1};
    duckdb_type id = duckdb_get_type_id(found);
    if (id == DUCKDB_TYPE_LIST || id == DUCKDB_TYPE_ARRAY) {
        HM_TRY(init_list(conversion, found, wanted, arena, error));
        return conversion->parts->as_text ? refuse(found, wanted, error) : HM_OK;
    }
    if (id == DUCKDB_TYPE_STRUCT && wanted->kind == HM_KIND_STRUCT) {
        return init_struct(conversion, found, wanted, arena, error);
    }
    return init_plain(conversion, found, wanted, arena, error);
}

bool hm_conversion_needs_marks(const hm_conversion *conversion) {
    return conversion->form == HM_FORM_LIST || conversion->type->kind != HM_KIND_FLOAT;
}

uint32_t hm_conversion_depth(const hm_conversion *conversion) {
    uint32_t depth = 0;
    for (const hm_conversion *at = conversion; at->form == HM_FORM_LIST;
            at = at->parts) {
        depth++;
    }
    return depth;
}
