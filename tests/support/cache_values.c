// cache_values.c — see cache_values.h.

#include "tests/support/cache_values.h"

#include <check.h>
#include <stdlib.h>

#include "base/allocator.h"
#include "base/arena.h"
#include "base/canonical.h"
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
    hm_hash content;
    ck_assert_int_eq(hm_content_of(&form, value, &content, NULL), HM_OK);
    return content;
}

bool hm_test_same(hm_value a, hm_value b) {
    hm_hash x = hm_test_content(&a);
    hm_hash y = hm_test_content(&b);
    return hm_hash_equal(&x, &y);
}

void hm_test_packing(const hm_value *value) {
    unsigned char *bytes;
    size_t size;
    ck_assert_int_eq(
            hm_pack(hm_allocator_default(), value, &bytes, &size, NULL), HM_OK);
    hm_form form = hm_form_of(value->type, value->depth, value->by_reference);
    hm_arena arena;
    hm_arena_init(&arena, hm_allocator_default());
    hm_objects objects = {0};
    hm_value back;
    ck_assert_int_eq(hm_unpack(&form, bytes, size, &arena, &objects, &back), HM_OK);
    hm_hash x = hm_test_content(value);
    hm_hash y = hm_test_content(&back);
    ck_assert(hm_hash_equal(&x, &y));
    if (size > 0) {
        ck_assert_int_eq(hm_unpack(&form, bytes, size - 1, &arena, &objects, &back),
                HM_BAD_DATA);
    }
    hm_objects_finish(&objects);
    hm_arena_finish(&arena);
    hm_deallocate(hm_allocator_default(), bytes, size, HM_CANONICAL_ALIGNMENT);
}
