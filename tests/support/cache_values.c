// cache_values.c — see cache_values.h.

#include "tests/support/cache_values.h"

#include <check.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/pack.h"

static const hm_field point_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = 0},
        {.name = "y", .type = &hm_type_double, .offset = 8},
};

const hm_type hm_test_point = {.name = "struct point",
        .kind = HM_KIND_STRUCT,
        .size = 16,
        .alignment = 8,
        .fields = point_fields,
        .field_count = 2};

const hm_type hm_test_vector = {.name = "struct vector",
        .kind = HM_KIND_STRUCT,
        .size = 16,
        .alignment = 8,
        .fields = point_fields,
        .field_count = 2};

hm_hash hm_test_content(const hm_value *value) {
    hm_form form = hm_form_of(value->type, value->depth, value->by_reference);
    return hm_content_of(&form, value);
}

bool hm_test_same(hm_value a, hm_value b) {
    hm_hash x = hm_test_content(&a);
    hm_hash y = hm_test_content(&b);
    return hm_hash_equal(&x, &y);
}

void hm_test_packing(const hm_value *value) {
    size_t size = hm_pack_size(value);
    unsigned char *bytes = aligned_alloc(64, (size + 64) / 64 * 64);
    hm_pack_write(value, bytes);
    hm_form form = hm_form_of(value->type, value->depth, value->by_reference);
    hm_arena arena;
    hm_arena_init(&arena, hm_allocator_default());
    hm_value back;
    ck_assert_int_eq(hm_unpack(&form, bytes, size, &arena, &back), HM_OK);
    hm_hash x = hm_test_content(value);
    hm_hash y = hm_test_content(&back);
    ck_assert(hm_hash_equal(&x, &y));
    if (size > 0) {
        ck_assert_int_eq(hm_unpack(&form, bytes, size - 1, &arena, &back), HM_BAD_DATA);
    }
    hm_arena_finish(&arena);
    free(bytes);
}
