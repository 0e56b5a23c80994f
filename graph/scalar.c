// scalar.c — see scalar.h.

#include "graph/scalar.h"

#include <float.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/error.h"

// Reads an integer of any size as 64 bits; what does not fit becomes a real.
static void read_integer(const hm_type *type, const void *data, hm_scalar *scalar) {
    uint64_t bits = 0;
    memcpy(&bits, data, type->size); // little-endian, as all processors we build for
    unsigned unused = 64 - 8 * type->size;
    scalar->kind = HM_SCALAR_INT;
    if (type->kind == HM_KIND_INT) {
        scalar->integer = (int64_t)(bits << unused) >> unused;
        scalar->real = (double)scalar->integer;
    } else {
        scalar->integer = (int64_t)bits;
        scalar->real = (double)bits;
        if (bits > INT64_MAX) {
            scalar->kind = HM_SCALAR_REAL;
        }
    }
}

static void read_real(const hm_type *type, const void *data, hm_scalar *scalar) {
    scalar->kind = HM_SCALAR_REAL;
    if (type->size == sizeof(float)) {
        float value;
        memcpy(&value, data, sizeof value);
        scalar->kind = HM_SCALAR_FLOAT;
        scalar->real = (double)value;
    } else if (type->size == sizeof(double)) {
        memcpy(&scalar->real, data, sizeof scalar->real);
    } else {
        long double value;
        memcpy(&value, data, sizeof value);
        scalar->real = (double)value;
    }
}

static hm_status read_text(const char *text, hm_arena *arena, hm_scalar *scalar) {
    scalar->kind = text != NULL ? HM_SCALAR_TEXT : HM_SCALAR_NONE;
    scalar->text = text != NULL ? hm_arena_text(arena, text) : NULL;
    return text != NULL && scalar->text == NULL ? HM_NO_MEMORY : HM_OK;
}

static hm_status read_typed(const hm_value *value, hm_arena *arena, hm_scalar *scalar) {
    if (value->depth > 0) {
        return HM_OK;
    }
    const hm_type *type = value->type;
    const void *data = hm_value_data(value);
    switch (type->kind) {
    case HM_KIND_BOOL: {
        bool truth;
        memcpy(&truth, data, sizeof truth);
        *scalar = (hm_scalar){.kind = HM_SCALAR_BOOL, .integer = truth};
        return HM_OK;
    }
    case HM_KIND_INT:
    case HM_KIND_UINT:
        read_integer(type, data, scalar);
        return HM_OK;
    case HM_KIND_FLOAT:
        read_real(type, data, scalar);
        return HM_OK;
    case HM_KIND_STRING: {
        const char *text;
        memcpy(&text, data, sizeof text);
        return read_text(text, arena, scalar);
    }
    case HM_KIND_STRUCT:
    case HM_KIND_OPAQUE:
    case HM_KIND_JSON:
        return HM_OK;
    }
    return HM_OK;
}

// Reads JSON text as one value of a type.
static hm_status read_as(const char *text, const hm_type *type, hm_arena *arena,
        hm_scalar *scalar, hm_error *error) {
    hm_value value;
    HM_TRY(hm_json_read(text, type, arena->allocator, &value, error));
    hm_status status = read_typed(&value, arena, scalar);
    hm_value_release(&value);
    return status;
}

static hm_status read_json(
        const char *text, hm_arena *arena, hm_scalar *scalar, hm_error *error) {
    text += strspn(text, " \t\r\n");
    switch (*text) {
    case '[':
    case '{':
    case 'n': // it means nothing to a condition, but must be JSON
        return read_as(text, &hm_type_json, arena, scalar, error);
    case '"':
        return read_as(text, &hm_type_string, arena, scalar, error);
    case 't':
    case 'f':
        return read_as(text, &hm_type_bool, arena, scalar, error);
    default: {
        hm_status status = read_as(text, &hm_type_longlong, arena, scalar, error);
        if (status == HM_OK || status == HM_NO_MEMORY) {
            return status;
        }
        return read_as(text, &hm_type_double, arena, scalar, error);
    }
    }
}

hm_status hm_scalar_read(
        const hm_value *value, hm_arena *arena, hm_scalar *scalar, hm_error *error) {
    *scalar = (hm_scalar){.kind = HM_SCALAR_NONE};
    if (value->type->kind != HM_KIND_JSON) {
        return read_typed(value, arena, scalar);
    }
    const char *text;
    memcpy(&text, hm_value_data(value), sizeof text);
    return read_json(text, arena, scalar, error);
}

// Exact: 2^53 + 1 is not 2^53, although it becomes it as a double.
static bool integer_equals_real(int64_t integer, double real) {
    return real >= -0x1p63 && real < 0x1p63 && (int64_t)real == integer &&
           (double)(int64_t)real == real;
}

static bool equals_integer(const hm_scalar *scalar, const hm_argument *literal) {
    switch (scalar->kind) {
    case HM_SCALAR_INT:
        return scalar->integer == literal->integer;
    case HM_SCALAR_REAL:
    case HM_SCALAR_FLOAT:
        return integer_equals_real(literal->integer, scalar->real);
    default:
        return false;
    }
}

static bool equals_real(const hm_scalar *scalar, const hm_argument *literal) {
    switch (scalar->kind) {
    case HM_SCALAR_INT:
        return integer_equals_real(scalar->integer, literal->real);
    case HM_SCALAR_REAL:
        return scalar->real == literal->real;
    case HM_SCALAR_FLOAT:
        // Out of range, the conversion would be undefined.
        return literal->real >= -(double)FLT_MAX && literal->real <= (double)FLT_MAX &&
               scalar->real == (double)(float)literal->real;
    default:
        return false;
    }
}

bool hm_scalar_equals(const hm_scalar *scalar, const hm_argument *literal) {
    switch (literal->kind) {
    case HM_ARGUMENT_INT:
        return equals_integer(scalar, literal);
    case HM_ARGUMENT_REAL:
        return equals_real(scalar, literal);
    case HM_ARGUMENT_BOOL:
        return scalar->kind == HM_SCALAR_BOOL && scalar->integer == literal->integer;
    case HM_ARGUMENT_STRING:
    case HM_ARGUMENT_NAME:
        return scalar->kind == HM_SCALAR_TEXT &&
               strcmp(scalar->text, literal->text) == 0;
    case HM_ARGUMENT_CALL:
        return false;
    }
    return false;
}
