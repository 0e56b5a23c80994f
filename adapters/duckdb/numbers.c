// numbers.c — see numbers.h. Numbers go through a block of either int64_t or double,
// small enough for the first-level cache: twelve types by twelve would be as many loops
// as nobody wants to read, and each loop here is one that the compiler vectorises.

#include "adapters/duckdb/numbers.h"

#include <math.h>
#include <stdio.h>

enum { BLOCK = 512 };

// Integers that are stored as such, but for those that int64_t cannot hold.
#define INTEGERS(X)                                                                    \
    X(TINYINT, int8_t)                                                                 \
    X(SMALLINT, int16_t)                                                               \
    X(INTEGER, int32_t)                                                                \
    X(BIGINT, int64_t)                                                                 \
    X(UTINYINT, uint8_t)                                                               \
    X(USMALLINT, uint16_t)                                                             \
    X(UINTEGER, uint32_t)

#define STORED_INTEGERS(X)                                                             \
    X(int8, int8_t)                                                                    \
    X(int16, int16_t)                                                                  \
    X(int32, int32_t)                                                                  \
    X(int64, int64_t)                                                                  \
    X(uint8, uint8_t)                                                                  \
    X(uint16, uint16_t)                                                                \
    X(uint32, uint32_t)                                                                \
    X(uint64, uint64_t)

#define STORED_FLOATS(X)                                                               \
    X(float, float)                                                                    \
    X(double, double)                                                                  \
    X(long_double, long double)

static bool is_present(const hm_numbers *numbers, size_t i) {
    return numbers->validity == NULL || (numbers->validity[i / 64] >> i % 64 & 1) != 0;
}

static bool is_floating(const hm_numbers *numbers) {
    return numbers->stored == DUCKDB_TYPE_FLOAT ||
           numbers->stored == DUCKDB_TYPE_DOUBLE || numbers->divisor != 1;
}

// The wider of integers, as DuckDB keeps the widest.
static duckdb_hugeint wide_at(const hm_numbers *numbers, size_t i) {
    if (numbers->stored == DUCKDB_TYPE_UBIGINT) {
        return (duckdb_hugeint){.lower = ((const uint64_t *)numbers->data)[i]};
    }
    return ((const duckdb_hugeint *)numbers->data)[i];
}

bool hm_numbers_are(const hm_numbers *numbers, const hm_type *type) {
    static const struct {
        duckdb_type stored;
        hm_kind kind;
        size_t size;
    } same[] = {
            {DUCKDB_TYPE_BOOLEAN, HM_KIND_BOOL, sizeof(bool)},
            {DUCKDB_TYPE_TINYINT, HM_KIND_INT, 1},
            {DUCKDB_TYPE_SMALLINT, HM_KIND_INT, 2},
            {DUCKDB_TYPE_INTEGER, HM_KIND_INT, 4},
            {DUCKDB_TYPE_BIGINT, HM_KIND_INT, 8},
            {DUCKDB_TYPE_UTINYINT, HM_KIND_UINT, 1},
            {DUCKDB_TYPE_USMALLINT, HM_KIND_UINT, 2},
            {DUCKDB_TYPE_UINTEGER, HM_KIND_UINT, 4},
            {DUCKDB_TYPE_UBIGINT, HM_KIND_UINT, 8},
            {DUCKDB_TYPE_FLOAT, HM_KIND_FLOAT, sizeof(float)},
            {DUCKDB_TYPE_DOUBLE, HM_KIND_FLOAT, sizeof(double)},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        if (same[i].stored == numbers->stored && numbers->divisor == 1) {
            return same[i].kind == type->kind && same[i].size == type->size;
        }
    }
    return false;
}

// Each of the following does as many of count numbers as it can.

static size_t load_integers(
        const hm_numbers *numbers, size_t first, size_t count, int64_t *block) {
    switch (numbers->stored) {
#define X(name, ctype)                                                                 \
    case DUCKDB_TYPE_##name:                                                           \
        for (size_t i = 0; i < count; i++) {                                           \
            block[i] = ((const ctype *)numbers->data)[first + i];                      \
        }                                                                              \
        return count;
        INTEGERS(X)
#undef X
    default:
        break;
    }
    for (size_t i = 0; i < count; i++) {
        duckdb_hugeint wide = wide_at(numbers, first + i);
        bool is_negative = wide.upper == -1 && wide.lower > INT64_MAX;
        if (!is_negative && (wide.upper != 0 || wide.lower > INT64_MAX) &&
                is_present(numbers, first + i)) {
            return i;
        }
        block[i] = (int64_t)wide.lower;
    }
    return count;
}

// Of HUGEINT, what uint64_t can hold.
static size_t take_unsigned(
        const hm_numbers *numbers, size_t first, size_t count, uint64_t *elements) {
    for (size_t i = 0; i < count; i++) {
        duckdb_hugeint wide = wide_at(numbers, first + i);
        if (wide.upper != 0 && is_present(numbers, first + i)) {
            return i;
        }
        elements[i] = wide.lower;
    }
    return count;
}

static double float_at(const hm_numbers *numbers, size_t i) {
    switch (numbers->stored) {
    case DUCKDB_TYPE_FLOAT:
        return (double)((const float *)numbers->data)[i];
    case DUCKDB_TYPE_DOUBLE:
        return ((const double *)numbers->data)[i];
#define X(name, ctype)                                                                 \
    case DUCKDB_TYPE_##name:                                                           \
        return (double)((const ctype *)numbers->data)[i] / numbers->divisor;
        INTEGERS(X)
#undef X
    default:
        return duckdb_hugeint_to_double(wide_at(numbers, i)) / numbers->divisor;
    }
}

static size_t load_floats(
        const hm_numbers *numbers, size_t first, size_t count, double *block) {
    bool is_wide = !is_floating(numbers); // and must be exact
    for (size_t i = 0; i < count; i++) {
        block[i] = float_at(numbers, first + i);
        if (is_wide && is_present(numbers, first + i)) {
            duckdb_hugeint wide = wide_at(numbers, first + i);
            duckdb_hugeint back = duckdb_double_to_hugeint(block[i]);
            if (back.lower != wide.lower || back.upper != wide.upper) {
                return i;
            }
        }
    }
    return count;
}

// Integers of the wanted type. The first loop has no way out, so that it is vectorised.
#define X(name, ctype)                                                                 \
    static size_t store_##name(const int64_t *block, size_t count, ctype *elements) {  \
        bool is_wrong = false;                                                         \
        for (size_t i = 0; i < count; i++) {                                           \
            elements[i] = (ctype)block[i];                                             \
            is_wrong |= (int64_t)elements[i] != block[i] ||                            \
                        (elements[i] > 0) != (block[i] > 0);                           \
        }                                                                              \
        size_t right = is_wrong ? 0 : count;                                           \
        while (right < count && (int64_t)elements[right] == block[right] &&            \
                (elements[right] > 0) == (block[right] > 0)) {                         \
            right++;                                                                   \
        }                                                                              \
        return right;                                                                  \
    }
STORED_INTEGERS(X)
#undef X

static size_t store_bools(const int64_t *block, size_t count, bool *elements) {
    for (size_t i = 0; i < count; i++) {
        if (block[i] != 0 && block[i] != 1) {
            return i;
        }
        elements[i] = block[i] != 0;
    }
    return count;
}

// Integers as floating values that are the same.
#define X(name, ctype)                                                                 \
    static size_t store_exact_##name(                                                  \
            const int64_t *block, size_t count, ctype *elements) {                     \
        for (size_t i = 0; i < count; i++) {                                           \
            elements[i] = (ctype)block[i];                                             \
            if (elements[i] >= (ctype)0x1p63 || (int64_t)elements[i] != block[i]) {    \
                return i;                                                              \
            }                                                                          \
        }                                                                              \
        return count;                                                                  \
    }
STORED_FLOATS(X)
#undef X

// Floating values as what is nearest, which must be finite if they are.
#define X(name, ctype)                                                                 \
    static size_t store_nearest_##name(                                                \
            const double *block, size_t count, ctype *elements) {                      \
        for (size_t i = 0; i < count; i++) {                                           \
            elements[i] = (ctype)block[i];                                             \
            if (isinf(elements[i]) && !isinf(block[i])) {                              \
                return i;                                                              \
            }                                                                          \
        }                                                                              \
        return count;                                                                  \
    }
STORED_FLOATS(X)
#undef X

static size_t store_integers(
        const int64_t *block, size_t count, const hm_type *type, void *elements) {
    bool is_signed = type->kind == HM_KIND_INT;
    if (type->kind == HM_KIND_BOOL) {
        return store_bools(block, count, elements);
    }
    switch (type->size) {
    case 1:
        return is_signed ? store_int8(block, count, elements)
                         : store_uint8(block, count, elements);
    case 2:
        return is_signed ? store_int16(block, count, elements)
                         : store_uint16(block, count, elements);
    case 4:
        return is_signed ? store_int32(block, count, elements)
                         : store_uint32(block, count, elements);
    default:
        return is_signed ? store_int64(block, count, elements)
                         : store_uint64(block, count, elements);
    }
}

static size_t store_exact(
        const int64_t *block, size_t count, const hm_type *type, void *elements) {
    return type->size == sizeof(float) ? store_exact_float(block, count, elements)
           : type->size == sizeof(double)
                   ? store_exact_double(block, count, elements)
                   : store_exact_long_double(block, count, elements);
}

static size_t store_nearest(
        const double *block, size_t count, const hm_type *type, void *elements) {
    return type->size == sizeof(float) ? store_nearest_float(block, count, elements)
           : type->size == sizeof(double)
                   ? store_nearest_double(block, count, elements)
                   : store_nearest_long_double(block, count, elements);
}

// Floating values that are whole numbers.
static size_t store_whole(
        const double *block, size_t count, const hm_type *type, void *elements) {
    int64_t whole[BLOCK];
    size_t right = 0;
    while (right < count && block[right] >= -0x1p63 && block[right] < 0x1p63 &&
            trunc(block[right]) == block[right]) {
        whole[right] = (int64_t)block[right];
        right++;
    }
    return store_integers(whole, right, type, elements);
}

// What is missing is zero, which is right for every type.
static size_t take_integers(const hm_numbers *numbers, size_t first, size_t count,
        const hm_type *type, void *elements) {
    int64_t block[BLOCK];
    size_t loaded = load_integers(numbers, first, count, block);
    for (size_t i = 0; numbers->validity != NULL && i < loaded; i++) {
        block[i] = is_present(numbers, first + i) ? block[i] : 0;
    }
    return type->kind == HM_KIND_FLOAT ? store_exact(block, loaded, type, elements)
                                       : store_integers(block, loaded, type, elements);
}

static size_t take_floats(const hm_numbers *numbers, size_t first, size_t count,
        const hm_type *type, void *elements) {
    double block[BLOCK];
    size_t loaded = load_floats(numbers, first, count, block);
    for (size_t i = 0; numbers->validity != NULL && i < loaded; i++) {
        block[i] = is_present(numbers, first + i) ? block[i] : 0;
    }
    return type->kind == HM_KIND_FLOAT ? store_nearest(block, loaded, type, elements)
                                       : store_whole(block, loaded, type, elements);
}

size_t hm_numbers_take(const hm_numbers *numbers, size_t first, size_t count,
        const hm_type *type, void *elements) {
    bool is_wide = numbers->stored == DUCKDB_TYPE_UBIGINT ||
                   numbers->stored == DUCKDB_TYPE_HUGEINT;
    bool by_float = is_floating(numbers) || (is_wide && type->kind == HM_KIND_FLOAT);
    if (is_wide && type->kind == HM_KIND_UINT && type->size == sizeof(uint64_t)) {
        return take_unsigned(numbers, first, count, elements);
    }
    for (size_t done = 0; done < count; done += BLOCK) {
        size_t length = count - done < BLOCK ? count - done : BLOCK;
        char *place = (char *)elements + done * type->size;
        size_t taken =
                by_float ? take_floats(numbers, first + done, length, type, place)
                         : take_integers(numbers, first + done, length, type, place);
        if (taken < length) {
            return done + taken;
        }
    }
    return count;
}

void hm_numbers_show(const hm_numbers *numbers, size_t i, char text[HM_NUMBER_SIZE]) {
    int64_t integer;
    if (is_floating(numbers)) {
        double number = float_at(numbers, i);
        hm_number_format(&hm_type_double, &number, text);
    } else if (load_integers(numbers, i, 1, &integer) == 1) {
        snprintf(text, HM_NUMBER_SIZE, "%lld", (long long)integer);
    } else {
        snprintf(text, HM_NUMBER_SIZE, "%.17g", float_at(numbers, i));
    }
}
