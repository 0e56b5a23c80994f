// Pairs of random values, one of which differs from the other by at most one thing:
// their contents are equal if and only if they are.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/cache_values.h"
#include "tests/support/suite.h"

static uint64_t state = 0x9E3779B97F4A7C15u;

static uint32_t draw(uint32_t limit) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % limit;
}

// A random value of few elements: texts and arrays of arrays have small alphabets, so
// that moved borders make the same letters.
enum { MOST = 12 };

typedef struct specimen {
    hm_value value;
    int64_t numbers[MOST];
    char letters[MOST][4];
    const char *texts[MOST];
    hm_array arrays[MOST];
    uint8_t validity[2];
} specimen;

static const hm_type *const number_types[] = {&hm_type_long, &hm_type_ulong,
        &hm_type_double, &hm_type_time_s, &hm_type_time_us, &hm_test_point,
        &hm_test_vector};

static void point_into(specimen *made) {
    for (size_t i = 0; i < MOST; i++) {
        made->texts[i] = made->letters[i];
    }
    hm_value *value = &made->value;
    value->many.validity = value->many.validity != NULL ? made->validity : NULL;
    value->many.data = value->depth == 2                ? (void *)made->arrays
                       : value->type == &hm_type_string ? (void *)made->texts
                                                        : (void *)made->numbers;
    size_t at = 0;
    for (size_t i = 0; i < MOST; i++) {
        made->arrays[i].data = made->numbers + at;
        at += made->arrays[i].length;
    }
}

static void make(specimen *made) {
    memset(made, 0, sizeof *made);
    for (size_t i = 0; i < MOST; i++) {
        made->numbers[i] = (int64_t)draw(3);
        for (uint32_t k = draw(3); k > 0; k--) {
            made->letters[i][k - 1] = (char)('a' + draw(2));
        }
        made->arrays[i].length = 0;
    }
    hm_value *value = &made->value;
    value->depth = 1 + draw(2);
    value->many.length = draw(MOST / 2 + 1);
    if (value->depth == 2) {
        value->type = number_types[draw(5)];
        size_t left = MOST;
        for (size_t i = 0; i < MOST; i++) {
            made->arrays[i].length = draw(3) % (left + 1);
            left -= made->arrays[i].length;
        }
    } else {
        uint32_t kind = draw(9);
        value->type = kind < 7 ? number_types[kind] : &hm_type_string;
    }
    made->validity[0] = (uint8_t)draw(256);
    made->validity[1] = (uint8_t)draw(256);
    value->many.validity = draw(2) == 0 ? made->validity : NULL;
    point_into(made);
}

static bool is_there(const specimen *made, size_t i) {
    return made->value.many.validity == NULL || (made->validity[i / 8] >> i % 8 & 1);
}

// Whether two specimens are the same value, told element by element.
static bool equal(const specimen *a, const specimen *b) {
    const hm_value *x = &a->value;
    const hm_value *y = &b->value;
    if (x->type != y->type || x->depth != y->depth ||
            x->many.length != y->many.length) {
        return false;
    }
    size_t words = x->type->size / 8;
    for (size_t i = 0; i < x->many.length; i++) {
        if (is_there(a, i) != is_there(b, i)) {
            return false;
        }
        if (!is_there(a, i)) {
            continue;
        }
        if (x->depth == 2) {
            if (a->arrays[i].length != b->arrays[i].length ||
                    memcmp(a->arrays[i].data, b->arrays[i].data,
                            a->arrays[i].length * 8) != 0) {
                return false;
            }
        } else if (x->type == &hm_type_string) {
            if (strcmp(a->texts[i], b->texts[i]) != 0) {
                return false;
            }
        } else if (memcmp(&a->numbers[i * words], &b->numbers[i * words], words * 8) !=
                   0) {
            return false;
        }
    }
    return true;
}

static void mutate(specimen *made) {
    hm_value *value = &made->value;
    uint32_t at = draw(MOST / 2);
    switch (draw(8)) {
    case 0:
        made->numbers[at] ^= (int64_t)(UINT64_C(1) << draw(64));
        break;
    case 1:
        made->letters[at][0] = made->letters[at][0] == 'a' ? 'b' : 'a';
        break;
    case 2:
        made->validity[0] ^= (uint8_t)(1u << at);
        break;
    case 3:
        value->many.validity = value->many.validity == NULL ? made->validity : NULL;
        break;
    case 4:
        value->many.length = draw(MOST / 2 + 1);
        break;
    case 5:
        if (value->type != &hm_type_string) {
            value->type = number_types[draw(value->depth == 2 ? 5 : 7)];
        }
        break;
    case 6: // a border between two arrays
        if (made->arrays[at].length > 0) {
            made->arrays[at].length--;
            made->arrays[at + 1].length++;
        }
        break;
    default: { // a border between two texts
        size_t length = strlen(made->letters[at]);
        if (length > 0 && strlen(made->letters[at + 1]) < 3) {
            memmove(made->letters[at + 1] + 1, made->letters[at + 1], 3);
            made->letters[at + 1][0] = made->letters[at][length - 1];
            made->letters[at][length - 1] = '\0';
        }
        break;
    }
    }
    point_into(made);
}

START_TEST(contents_are_equal_if_and_only_if_values_are) {
    enum { MILLION = 1000000 };
    size_t pairs = getenv("HM_TEST_LONG") != NULL ? 10 * MILLION : MILLION / 5;
    specimen a;
    specimen b;
    size_t equal_count = 0;
    for (size_t i = 0; i < pairs; i++) {
        make(&a);
        b = a;
        point_into(&b);
        mutate(&b);
        bool is_equal = equal(&a, &b);
        equal_count += is_equal;
        ck_assert_msg(hm_test_same(a.value, b.value) == is_equal, "pair %zu", i);
        if (i % 64 == 0) {
            hm_test_packing(&b.value);
        }
    }
    ck_assert_uint_gt(equal_count, pairs / 20);
    ck_assert_uint_gt(pairs - equal_count, pairs / 5);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/cache_pairs");
    TCase *tests = tcase_create("pairs");
    tcase_set_timeout(tests, 600);
    tcase_add_test(tests, contents_are_equal_if_and_only_if_values_are);
    suite_add_tcase(suite, tests);
    return suite;
}
