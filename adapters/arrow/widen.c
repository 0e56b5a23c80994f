// widen.c — see widen.h. One loop for each pair of types, which the compiler
// vectorises.

#include "adapters/arrow/widen.h"

#include <stdint.h>
#include <string.h>

typedef long double hm_long_double; // a name of one word

#define HM_WIDENING_LIST(X)                                                            \
    X(int8_t, HM_KIND_INT, int16_t, HM_KIND_INT)                                       \
    X(int8_t, HM_KIND_INT, int32_t, HM_KIND_INT)                                       \
    X(int8_t, HM_KIND_INT, int64_t, HM_KIND_INT)                                       \
    X(int16_t, HM_KIND_INT, int32_t, HM_KIND_INT)                                      \
    X(int16_t, HM_KIND_INT, int64_t, HM_KIND_INT)                                      \
    X(int32_t, HM_KIND_INT, int64_t, HM_KIND_INT)                                      \
    X(uint8_t, HM_KIND_UINT, uint16_t, HM_KIND_UINT)                                   \
    X(uint8_t, HM_KIND_UINT, uint32_t, HM_KIND_UINT)                                   \
    X(uint8_t, HM_KIND_UINT, uint64_t, HM_KIND_UINT)                                   \
    X(uint16_t, HM_KIND_UINT, uint32_t, HM_KIND_UINT)                                  \
    X(uint16_t, HM_KIND_UINT, uint64_t, HM_KIND_UINT)                                  \
    X(uint32_t, HM_KIND_UINT, uint64_t, HM_KIND_UINT)                                  \
    X(uint8_t, HM_KIND_UINT, int16_t, HM_KIND_INT)                                     \
    X(uint8_t, HM_KIND_UINT, int32_t, HM_KIND_INT)                                     \
    X(uint8_t, HM_KIND_UINT, int64_t, HM_KIND_INT)                                     \
    X(uint16_t, HM_KIND_UINT, int32_t, HM_KIND_INT)                                    \
    X(uint16_t, HM_KIND_UINT, int64_t, HM_KIND_INT)                                    \
    X(uint32_t, HM_KIND_UINT, int64_t, HM_KIND_INT)                                    \
    X(int8_t, HM_KIND_INT, float, HM_KIND_FLOAT)                                       \
    X(int16_t, HM_KIND_INT, float, HM_KIND_FLOAT)                                      \
    X(uint8_t, HM_KIND_UINT, float, HM_KIND_FLOAT)                                     \
    X(uint16_t, HM_KIND_UINT, float, HM_KIND_FLOAT)                                    \
    X(int8_t, HM_KIND_INT, double, HM_KIND_FLOAT)                                      \
    X(int16_t, HM_KIND_INT, double, HM_KIND_FLOAT)                                     \
    X(int32_t, HM_KIND_INT, double, HM_KIND_FLOAT)                                     \
    X(uint8_t, HM_KIND_UINT, double, HM_KIND_FLOAT)                                    \
    X(uint16_t, HM_KIND_UINT, double, HM_KIND_FLOAT)                                   \
    X(uint32_t, HM_KIND_UINT, double, HM_KIND_FLOAT)                                   \
    X(float, HM_KIND_FLOAT, double, HM_KIND_FLOAT)                                     \
    X(float, HM_KIND_FLOAT, hm_long_double, HM_KIND_FLOAT)                             \
    X(double, HM_KIND_FLOAT, hm_long_double, HM_KIND_FLOAT)

// Each number is copied on its own, since where it comes from may be at any address.
#define X(from_type, from_kind, to_type, to_kind)                                      \
    static void widen_##from_type##_to_##to_type(                                      \
            const void *from, void *to, size_t count) {                                \
        for (size_t i = 0; i < count; i++) {                                           \
            from_type number;                                                          \
            memcpy(&number, (const char *)from + i * sizeof number, sizeof number);    \
            ((to_type *)to)[i] = number;                                               \
        }                                                                              \
    }
HM_WIDENING_LIST(X)
#undef X

typedef struct hm_widening {
    hm_kind from_kind;
    uint32_t from_size;
    hm_kind to_kind;
    uint32_t to_size;
    void (*widen)(const void *from, void *to, size_t count);
} hm_widening;

static const hm_widening widenings[] = {
#define X(from_type, from_kind, to_type, to_kind)                                      \
    {from_kind, sizeof(from_type), to_kind, sizeof(to_type),                           \
            widen_##from_type##_to_##to_type},
        HM_WIDENING_LIST(X)
#undef X
};

static const hm_widening *find(const hm_type *from, const hm_type *to) {
    for (size_t i = 0; i < sizeof widenings / sizeof *widenings; i++) {
        const hm_widening *widening = &widenings[i];
        if (widening->from_kind == from->kind && widening->from_size == from->size &&
                widening->to_kind == to->kind && widening->to_size == to->size) {
            return widening;
        }
    }
    return NULL;
}

bool hm_number_is_same(const hm_type *a, const hm_type *b) {
    return a->kind == b->kind && a->size == b->size;
}

bool hm_number_widens(const hm_type *from, const hm_type *to) {
    return hm_number_is_same(from, to) || find(from, to) != NULL;
}

void hm_number_widen(const hm_type *from_type, const void *from, const hm_type *to_type,
        void *to, size_t count) {
    if (count == 0) {
        return; // and there may be no memory
    }
    if (hm_number_is_same(from_type, to_type)) {
        memcpy(to, from, count * to_type->size);
    } else {
        find(from_type, to_type)->widen(from, to, count);
    }
}
