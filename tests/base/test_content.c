// What a value is: its content changes with all that a function could tell apart, and
// with nothing else; and its packed bytes are read back as the same value.

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocator.h"
#include "base/arena.h"
#include "base/canonical.h"
#include "base/content.h"
#include "base/pack.h"
#include "tests/support/cache_values.h"
#include "tests/support/suite.h"

typedef struct inner {
    double x;
    const char *text;
} inner;

typedef struct padded {
    char flag; // seven bytes of padding behind it
    double number;
    inner inside[2];
    unsigned low : 3;
    int high : 7;
} padded;

static const hm_field inner_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(inner, x)},
        {.name = "text", .type = &hm_type_string, .offset = offsetof(inner, text)},
};

static const hm_type inner_type = {.name = "struct inner",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(inner),
        .alignment = _Alignof(inner),
        .fields = inner_fields,
        .field_count = 2};

static const hm_field padded_fields[] = {
        {.name = "flag", .type = &hm_type_char, .offset = offsetof(padded, flag)},
        {.name = "number", .type = &hm_type_double, .offset = offsetof(padded, number)},
        {.name = "inside",
                .type = &inner_type,
                .offset = offsetof(padded, inside),
                .length = 2},
        {.name = "low",
                .type = &hm_type_uint,
                .offset = offsetof(padded, inside) + sizeof(inner[2]),
                .bit_width = 3},
        {.name = "high",
                .type = &hm_type_int,
                .offset = offsetof(padded, inside) + sizeof(inner[2]),
                .bit_offset = 3,
                .bit_width = 7},
};

static const hm_type padded_type = {.name = "struct padded",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(padded),
        .alignment = _Alignof(padded),
        .fields = padded_fields,
        .field_count = 5};

static hm_value many(const hm_type *type, const void *data, size_t length) {
    return hm_value_many(type, data, length);
}

START_TEST(numbers_and_texts_that_look_alike_differ) {
    ck_assert(!hm_test_same(hm_value_int(1), hm_value_string("1")));
    ck_assert(!hm_test_same(hm_value_int(1), hm_value_int64(1)));
    ck_assert(!hm_test_same(hm_value_int(1), hm_value_bool(true)));
    ck_assert(!hm_test_same(hm_value_int64(0), hm_value_double(0)));
    ck_assert(!hm_test_same(hm_value_string(""), hm_value_string(NULL)));
    ck_assert(hm_test_same(hm_value_string("x"), hm_value_string("x")));
    int64_t seconds = 5;
    ck_assert(!hm_test_same(hm_value_one(&hm_type_time_s, &seconds),
            hm_value_one(&hm_type_time_ms, &seconds)));
    ck_assert(
            !hm_test_same(hm_value_one(&hm_type_time_s, &seconds), hm_value_int64(5)));
}
END_TEST

START_TEST(floating_numbers_are_their_bits) {
    ck_assert(!hm_test_same(hm_value_double(0.0), hm_value_double(-0.0)));
    ck_assert(hm_test_same(hm_value_double(NAN), hm_value_double(NAN)));
    double quiet = NAN;
    double other = NAN;
    ((unsigned char *)&other)[0] ^= 1;
    ck_assert(!hm_test_same(hm_value_double(quiet), hm_value_double(other)));
    unsigned char a[sizeof(long double)];
    unsigned char b[sizeof(long double)];
    memset(a, 0x00, sizeof a);
    memset(b, 0xFF, sizeof b);
    long double third = 1.0L / 3;
    memcpy(a, &third, LDBL_MANT_DIG == 64 ? 10 : sizeof third);
    memcpy(b, &third, LDBL_MANT_DIG == 64 ? 10 : sizeof third);
    ck_assert(hm_test_same(hm_value_one(&hm_type_longdouble, a),
            hm_value_one(&hm_type_longdouble, b)));
    ck_assert(hm_test_same(
            many(&hm_type_longdouble, a, 1), many(&hm_type_longdouble, b, 1)));
}
END_TEST

START_TEST(one_value_and_an_array_of_it_differ) {
    double number = 3;
    hm_array inner_array = {.data = &number, .length = 1};
    hm_value nested = {.type = &hm_type_double,
            .depth = 2,
            .many = {.data = &inner_array, .length = 1}};
    ck_assert(!hm_test_same(hm_value_double(3), many(&hm_type_double, &number, 1)));
    ck_assert(!hm_test_same(many(&hm_type_double, &number, 1), nested));
    hm_test_packing(&nested);
}
END_TEST

START_TEST(types_with_equal_fields_differ) {
    double point[2] = {1, 2};
    ck_assert(!hm_test_same(
            hm_value_one(&hm_test_point, point), hm_value_one(&hm_test_vector, point)));
    ck_assert(!hm_test_same(
            many(&hm_test_point, point, 1), many(&hm_test_vector, point, 1)));
    ck_assert(!hm_test_same(
            many(&hm_test_point, point, 1), many(&hm_type_double, point, 2)));
}
END_TEST

START_TEST(borders_between_texts_and_between_arrays_count) {
    const char *a[] = {"ab", "c", ""};
    const char *b[] = {"a", "bc", ""};
    const char *c[] = {"ab", "", "c"};
    ck_assert(!hm_test_same(many(&hm_type_string, a, 3), many(&hm_type_string, b, 3)));
    ck_assert(!hm_test_same(many(&hm_type_string, a, 3), many(&hm_type_string, c, 3)));
    ck_assert(!hm_test_same(many(&hm_type_string, a, 2), many(&hm_type_string, a, 3)));
    double numbers[3] = {1, 2, 3};
    hm_array left[] = {{numbers, 1, NULL}, {numbers + 1, 2, NULL}, {NULL, 0, NULL}};
    hm_array right[] = {{numbers, 2, NULL}, {numbers + 2, 1, NULL}, {NULL, 0, NULL}};
    hm_array late[] = {{NULL, 0, NULL}, {numbers, 1, NULL}, {numbers + 1, 2, NULL}};
    hm_value nested = {.type = &hm_type_double, .depth = 2, .many = {left, 3, NULL}};
    hm_value other = nested;
    other.many.data = right;
    ck_assert(!hm_test_same(nested, other));
    other.many.data = late;
    ck_assert(!hm_test_same(nested, other));
    hm_test_packing(&nested);
    hm_test_packing(&other);
}
END_TEST

START_TEST(deep_nesting_is_told_apart) {
    double number = 1;
    hm_array levels[8];
    hm_value values[8];
    for (uint32_t depth = 1; depth <= 8; depth++) {
        levels[depth - 1] = (hm_array){
                .data = depth == 1 ? (void *)&number : (void *)&levels[depth - 2],
                .length = 1};
        values[depth - 1] = (hm_value){
                .type = &hm_type_double, .depth = depth, .many = levels[depth - 1]};
        hm_test_packing(&values[depth - 1]);
        for (uint32_t other = 0; other + 1 < depth; other++) {
            ck_assert(!hm_test_same(values[depth - 1], values[other]));
        }
    }
    hm_hash before = hm_test_content(&values[7]);
    number = 2;
    hm_hash after = hm_test_content(&values[7]);
    ck_assert(!hm_hash_equal(&before, &after));
}
END_TEST

START_TEST(what_lies_under_a_missing_element_does_not_matter) {
    int a[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    int b[10] = {0, 1, 2, 77, 4, 5, 6, 7, 8, 9};
    uint8_t some[2] = {0xF7, 0x03};
    uint8_t tail[2] = {0xF7, 0xFF}; // bits behind the last element
    uint8_t all[2] = {0xFF, 0x03};
    hm_value x = many(&hm_type_int, a, 10);
    hm_value y = many(&hm_type_int, b, 10);
    ck_assert(!hm_test_same(x, y));
    x.many.validity = some;
    y.many.validity = tail;
    ck_assert(hm_test_same(x, y));
    hm_test_packing(&x);
    hm_value plain = many(&hm_type_int, a, 10);
    ck_assert(!hm_test_same(plain, x));
    plain.many.validity = all; // as if there were no bitmap
    ck_assert(hm_test_same(plain, many(&hm_type_int, a, 10)));
    // Zero and missing differ.
    a[3] = 0;
    ck_assert(!hm_test_same(many(&hm_type_int, a, 10), x));
    const char *texts[] = {"a", NULL, "c"};
    const char *others[] = {"a", "anything", "c"};
    uint8_t bits = 5;
    hm_value s = many(&hm_type_string, texts, 3);
    hm_value t = many(&hm_type_string, others, 3);
    ck_assert(!hm_test_same(s, t));
    s.many.validity = &bits;
    t.many.validity = &bits;
    ck_assert(hm_test_same(s, t));
    hm_test_packing(&t);
}
END_TEST

static padded make_padded(int fill) {
    padded object;
    memset(&object, fill, sizeof object);
    object.flag = 'f';
    object.number = 2.5;
    object.inside[0] = (inner){1, "one"};
    object.inside[1] = (inner){2, "two"};
    object.low = 5;
    object.high = -33;
    return object;
}

START_TEST(padding_is_never_part_of_a_value) {
    padded a = make_padded(0x00);
    padded b = make_padded(0xFF);
    ck_assert(hm_test_same(
            hm_value_one(&padded_type, &a), hm_value_one(&padded_type, &b)));
    ck_assert(hm_test_same(many(&padded_type, &a, 1), many(&padded_type, &b, 1)));
    hm_test_packing(&(hm_value){
            .type = &padded_type, .depth = 1, .many = {.data = &a, .length = 1}});
    hm_value one = hm_value_one(&padded_type, &a);
    hm_test_packing(&one);
    b.high = -32;
    ck_assert(!hm_test_same(one, hm_value_one(&padded_type, &b)));
    b = make_padded(0);
    b.low = 4;
    ck_assert(!hm_test_same(one, hm_value_one(&padded_type, &b)));
    b = make_padded(0);
    b.inside[1].text = "tw0";
    ck_assert(!hm_test_same(one, hm_value_one(&padded_type, &b)));
    b = make_padded(0);
    char copy[] = "two";
    b.inside[1].text = copy; // equal text elsewhere
    ck_assert(hm_test_same(one, hm_value_one(&padded_type, &b)));
}
END_TEST

START_TEST(objects_by_reference_may_be_none) {
    double a[2] = {1, 2};
    double b[2] = {1, 3};
    const void *both[] = {a, b};
    const void *first[] = {a, NULL};
    hm_value x = many(&hm_test_point, both, 2);
    hm_value y = many(&hm_test_point, first, 2);
    x.by_reference = y.by_reference = true;
    ck_assert(!hm_test_same(x, y));
    hm_test_packing(&x);
    hm_test_packing(&y);
    hm_value none = hm_value_object(&hm_test_point, NULL);
    hm_value some = hm_value_object(&hm_test_point, a);
    ck_assert(!hm_test_same(none, some));
    hm_test_packing(&none);
    hm_test_packing(&some);
}
END_TEST

START_TEST(what_cannot_be_written_is_said) {
    static const hm_type model = {.name = "struct model", .kind = HM_KIND_OPAQUE};
    static const hm_field fields[] = {
            {.name = "x", .type = &hm_type_double, .offset = 0},
            {.name = "model", .type = &model, .offset = 8},
    };
    static const hm_type holder = {.name = "struct holder",
            .kind = HM_KIND_STRUCT,
            .size = 16,
            .alignment = 8,
            .fields = fields,
            .field_count = 2};
    static const hm_type nobody = {
            .name = "struct nobody", .kind = HM_KIND_STRUCT, .size = 4, .alignment = 4};
    hm_type owner = padded_type;
    owner.destroy = free;
    ck_assert_ptr_eq(hm_canonical_obstacle(&owner, HM_CANONICAL_TO_HASH), &owner);
    ck_assert_ptr_eq(hm_canonical_obstacle(&model, HM_CANONICAL_TO_HASH), &model);
    ck_assert_ptr_eq(hm_canonical_obstacle(&holder, HM_CANONICAL_TO_HASH), &model);
    ck_assert_ptr_eq(hm_canonical_obstacle(&nobody, HM_CANONICAL_TO_HASH), &nobody);
    ck_assert_ptr_null(hm_canonical_obstacle(&padded_type, HM_CANONICAL_TO_HASH));
    ck_assert_ptr_null(hm_canonical_obstacle(&hm_type_string, HM_CANONICAL_TO_HASH));
}
END_TEST

// A large column is hashed in parts where it is; where that is does not matter.
START_TEST(a_column_is_the_same_wherever_it_lies) {
    enum { COUNT = 100003 };
    double *a = malloc((COUNT + 8) * sizeof *a);
    for (size_t i = 0; i < COUNT; i++) {
        a[i] = (double)i * 0.5;
    }
    hm_hash first = hm_test_content(
            &(hm_value){.type = &hm_type_double, .depth = 1, .many = {a, COUNT, NULL}});
    memmove(a + 3, a, COUNT * sizeof *a);
    hm_value moved = many(&hm_type_double, a + 3, COUNT);
    hm_hash second = hm_test_content(&moved);
    ck_assert(hm_hash_equal(&first, &second));
    hm_test_packing(&moved);
    uint8_t *bits = malloc(COUNT / 8 + 1);
    memset(bits, 0xFF, COUNT / 8 + 1);
    moved.many.validity = bits;
    second = hm_test_content(&moved);
    ck_assert(hm_hash_equal(&first, &second));
    bits[COUNT / 8] ^= 1;
    second = hm_test_content(&moved);
    ck_assert(!hm_hash_equal(&first, &second));
    hm_test_packing(&moved);
    for (size_t i = 0; i < COUNT; i += 977) { // wherever one element changes
        a[3 + i] = -a[3 + i] - 1;
        hm_hash now = hm_test_content(&moved);
        ck_assert(!hm_hash_equal(&now, &second));
        second = now;
    }
    free(bits);
    free(a);
}
END_TEST

static uint64_t state = 0x9E3779B97F4A7C15u;

static uint32_t draw(uint32_t limit) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % limit;
}

// Bytes that anybody may have written: refused, or read as some value, without a read
// outside of them, which the sanitizer would see.
START_TEST(any_bytes_are_read_or_refused) {
    hm_form forms[] = {hm_form_of(&hm_type_double, 1, false),
            hm_form_of(&hm_type_string, 1, false), hm_form_of(&hm_type_long, 2, false),
            hm_form_of(&padded_type, 0, false), hm_form_of(&padded_type, 1, true),
            hm_form_of(&hm_type_string, 2, false)};
    padded object = make_padded(0);
    double numbers[3] = {1, 2, 3};
    const char *texts[] = {"a", "bc", NULL};
    hm_array arrays[] = {{numbers, 2, NULL}, {numbers, 3, NULL}};
    hm_array text_arrays[] = {{texts, 2, NULL}, {texts, 3, NULL}};
    void *objects[] = {&object, NULL};
    uint8_t bits = 2;
    hm_value values[] = {many(&hm_type_double, numbers, 3),
            many(&hm_type_string, texts, 3),
            {.type = &hm_type_long, .depth = 2, .many = {arrays, 2, &bits}},
            hm_value_one(&padded_type, &object),
            {.type = &padded_type,
                    .depth = 1,
                    .many = {objects, 2, NULL},
                    .by_reference = true},
            {.type = &hm_type_string, .depth = 2, .many = {text_arrays, 2, NULL}}};
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        size_t size;
        unsigned char *bytes;
        ck_assert_int_eq(
                hm_pack(hm_allocator_default(), &values[k], &bytes, &size, NULL),
                HM_OK);
        for (size_t i = 0; i < size * 8; i++) {
            for (uint32_t more = 0; more < 4; more++) {
                // Exactly as long, so that what lies behind is not ours.
                unsigned char *exact = aligned_alloc(64, (size + 63) / 64 * 64);
                memcpy(exact, bytes, size);
                exact[i / 8] ^= (unsigned char)(1u << i % 8);
                if (more > 0) {
                    exact[draw((uint32_t)size)] = (unsigned char)draw(256);
                }
                hm_arena arena;
                hm_arena_init(&arena, hm_allocator_default());
                hm_objects none = {0};
                hm_value back;
                hm_status status =
                        hm_unpack(&forms[k], exact, size, &arena, &none, &back);
                ck_assert(status == HM_OK || status == HM_BAD_DATA);
                if (status == HM_OK) {
                    (void)hm_test_content(&back);
                }
                hm_arena_finish(&arena);
                free(exact);
            }
        }
        hm_deallocate(hm_allocator_default(), bytes, size, HM_CANONICAL_ALIGNMENT);
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("base/content");
    TCase *tests = tcase_create("contents");
    tcase_set_timeout(tests, 600);
    tcase_add_test(tests, numbers_and_texts_that_look_alike_differ);
    tcase_add_test(tests, floating_numbers_are_their_bits);
    tcase_add_test(tests, one_value_and_an_array_of_it_differ);
    tcase_add_test(tests, types_with_equal_fields_differ);
    tcase_add_test(tests, borders_between_texts_and_between_arrays_count);
    tcase_add_test(tests, deep_nesting_is_told_apart);
    tcase_add_test(tests, what_lies_under_a_missing_element_does_not_matter);
    tcase_add_test(tests, padding_is_never_part_of_a_value);
    tcase_add_test(tests, objects_by_reference_may_be_none);
    tcase_add_test(tests, what_cannot_be_written_is_said);
    tcase_add_test(tests, a_column_is_the_same_wherever_it_lies);
    tcase_add_test(tests, any_bytes_are_read_or_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
